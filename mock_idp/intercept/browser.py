"""The browser profile in which Microsoft's hosts are ours: which program, and with which options.

Chromium's own switches do it: a proxy for https, and one public key whose certificates are accepted although no store
trusts them. https://peter.sh/experiments/chromium-command-line-switches/
"""

import json
import os
import shutil
import sys
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

from mock_idp.errors import UserError
from mock_idp.facts.hosts import patterns

_PREFERENCES = {"profile": {"block_third_party_cookies": False, "cookie_controls_mode": 0}}
"""A hidden frame of an app's page that renews a token finds the session only with its cookie, a third party's there."""

_NOBODY = "127.0.0.1:9"
"""Refuses at once: the port of the discard service, which nothing serves."""

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


def _pac(proxy: str) -> str:
    """Where each address is looked for, as a URL: ours at the proxy, and any other https nowhere.

    The proxy would ask for a password, and a page that loads a style sheet from elsewhere would wait for a person.
    """
    hosts = json.dumps(patterns())
    script = f"""function FindProxyForURL(url, host) {{
      if (url.substring(0, 6) != "https:") return "DIRECT";
      var ours = {hosts};
      for (var i = 0; i < ours.length; i++) if (shExpMatch(host, ours[i])) return "PROXY {proxy}";
      return host == "localhost" || shExpMatch(host, "127.*") ? "DIRECT" : "PROXY {_NOBODY}";
    }}"""
    return f"data:application/x-ns-proxy-autoconfig;base64,{b64encode(script.encode()).decode()}"


def prepare(profile: Path) -> None:
    """Write the settings of a profile that no option sets.

    Args:
        profile: an empty directory, in which no browser was started yet.
    """
    folder = profile / "Default"
    folder.mkdir(parents=True)
    (folder / "Preferences").write_text(json.dumps(_PREFERENCES))


def arguments(proxy_url: str, spki_sha256: str, profile: str, *, headless: bool) -> list[str]:
    """The options that make a profile ours.

    Args:
        proxy_url: of the CONNECT proxy; its token is left out, so that only the emulated hosts are answered.
        spki_sha256: base64 SHA-256 of the authority's public key.
        profile: a directory, empty but for what :func:`prepare` wrote.
        headless: without a window.
    """
    proxy = urlsplit(proxy_url)
    found = [
        f"--user-data-dir={profile}",
        f"--proxy-pac-url={_pac(f'{proxy.hostname}:{proxy.port}')}",
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
