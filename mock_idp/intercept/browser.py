"""The browser profile in which Microsoft's hosts are ours: which program, and with which options.

Chromium's own switches do it: a proxy for https, and one public key whose certificates are accepted although no store
trusts them. https://peter.sh/experiments/chromium-command-line-switches/
"""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from mock_idp.errors import UserError

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_PLACES = {
    "darwin": (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}


def find_browser(named: str | None) -> str:
    """The Chromium to start.

    Args:
        named: a program or path that was asked for, or ``None`` for the first that is found.

    Raises:
        UserError: there is none.
    """
    if named:
        found = shutil.which(named)
        if found:
            return found
        raise UserError(
            "The browser cannot be started.",
            f"'{named}' is no program on PATH and no executable file.",
            "Name another one: --program FILE or MOCK_IDP_BROWSER=FILE.",
        )
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    for place in _PLACES.get(sys.platform, ()):
        if Path(place).is_file():
            return place
    raise UserError(
        "There is no browser to start.",
        f"None of {', '.join(_NAMES)} is on PATH; it has to be a Chromium.",
        "Install one (Debian: apt-get install chromium), or name it: --program FILE or MOCK_IDP_BROWSER=FILE.",
    )


def arguments(proxy_url: str, spki_sha256: str, profile: str, *, headless: bool) -> list[str]:
    """The options that make a profile ours.

    Args:
        proxy_url: of the CONNECT proxy; its token is left out, so that only the emulated hosts are answered.
        spki_sha256: base64 SHA-256 of the authority's public key.
        profile: an empty directory.
        headless: without a window.
    """
    proxy = urlsplit(proxy_url)
    found = [
        f"--user-data-dir={profile}",
        f"--proxy-server=https=http://{proxy.hostname}:{proxy.port}",
        f"--ignore-certificate-errors-spki-list={spki_sha256}",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--disable-features=OptimizationHints,MediaRouter",
    ]
    if headless:
        found += ["--headless=new", "--disable-gpu"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        found.append("--no-sandbox")  # Chromium refuses to start as root otherwise
    return found
