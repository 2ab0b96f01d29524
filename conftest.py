"""The end-to-end fixtures, for the mock and, with ``MOCK_IDP_TARGET=entra``, for the real Entra ID.

On the real one only tests marked ``e2e`` can run; the others are skipped with that reason. The user's name and password
come from ``MOCK_IDP_E2E_USER`` and ``MOCK_IDP_E2E_PASSWORD``; the account must be exempt from MFA.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_idp.directory.default import CONTOSO, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Page

TARGET = os.environ.get("MOCK_IDP_TARGET") or "mock"
USER_VARIABLE, PASSWORD_VARIABLE = "MOCK_IDP_E2E_USER", "MOCK_IDP_E2E_PASSWORD"
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; refuse a switch that says neither."""
    config.addinivalue_line("markers", "e2e: drives the two applications in a real browser; runs on real Entra too")
    config.addinivalue_line("markers", "network: needs package indexes; run by .ci/run")
    if TARGET not in ("mock", "entra"):
        raise pytest.UsageError(f"MOCK_IDP_TARGET is '{TARGET}'; it may be mock or entra")
    if TARGET == "entra":
        missing = [name for name in (USER_VARIABLE, PASSWORD_VARIABLE) if not os.environ.get(name)]
        if missing:
            raise pytest.UsageError(f"MOCK_IDP_TARGET=entra needs an account: set {' and '.join(missing)}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On real Entra, skip what cannot run there."""
    if TARGET == "entra":
        only_here = pytest.mark.skip(reason="MOCK_IDP_TARGET=entra: only tests marked e2e can run on the real Entra ID")
        for item in items:
            if item.get_closest_marker("e2e") is None:
                item.add_marker(only_here)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The two applications, running.

    Attributes:
        user: who signs in.
        password: what they type.
    """

    webapp_url: str
    api_url: str
    user: str
    password: str


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """``mock-idp demo``: against the mock with ports of its own, against Entra with those that are registered."""
    ports = ["--port", "0", "--api-port", "0", "--webapp-port", "0"] if TARGET == "mock" else []
    environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(tmp_path_factory.mktemp("demo") / "state")}
    told = tmp_path_factory.mktemp("demo") / "stderr.txt"
    with told.open("w") as stderr:
        demo = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "mock_idp", "demo", "--json", "--verbose", *ports],
            stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment, cwd=Path(__file__).parent,
        )  # fmt: skip
    try:
        line = demo.stdout.readline() if demo.stdout else ""
        if not line:
            pytest.fail(f"the demo did not start:\n{told.read_text()[-4000:]}")
        found = json.loads(line)
        yield Stack(
            webapp_url=found["webapp"],
            api_url=found["api"],
            user=os.environ[USER_VARIABLE] if TARGET == "entra" else CONTOSO.users[1].user_principal_name,
            password=os.environ[PASSWORD_VARIABLE] if TARGET == "entra" else PASSWORD,
        )
    finally:
        demo.terminate()
        demo.wait(30)
        if demo.stdout:
            demo.stdout.close()


@pytest.fixture(scope="module")
def browser_type() -> "Iterator[BrowserType]":
    """What starts Chromium. Not for the session: as long as it is open, other tests could run no event loop."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy

    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """The system's Chromium."""
    import needs  # type: ignore[import-not-found]  # noqa: PLC0415 - of tests/

    found: str = needs.chromium()
    return found


@pytest.fixture(scope="module")
def chromium(browser_type: "BrowserType", chromium_program: str) -> "Iterator[Browser]":
    """An ordinary Chromium, in which nothing is trusted or configured."""
    browser = browser_type.launch(executable_path=chromium_program, args=_CHROMIUM)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: "Browser") -> "Iterator[Page]":
    """A page of a browser that knows nothing yet."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()
