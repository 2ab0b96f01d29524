"""Fixtures: one server a worker, and a clean one for each test."""

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import strangers
from harness import Idp
from hypothesis import settings
from proxies import Recorder

from mock_idp.intercept.upstream import Upstream
from mock_idp.server import Options, Server, in_thread
from mock_idp.state import State

settings.register_profile("ours", deadline=None)  # the machine may be busy
settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers of these tests."""
    config.addinivalue_line("markers", "leaves_open: its clients, as others wrote them, do not close all they opened")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Do not fail a test for what others leave open."""
    if item.get_closest_marker("leaves_open"):
        for warning in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
            item.add_marker(pytest.mark.filterwarnings(f"ignore::{warning}"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Nor a later one, in which it would be noticed."""
    if item.get_closest_marker("leaves_open"):
        gc.collect()


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> State:
    """A state directory, shared by all workers: making keys takes a second."""
    base = tmp_path_factory.getbasetemp()
    return State((base if worker_id == "master" else base.parent) / "state")


@pytest.fixture(scope="session")
def entra_directory(state: State) -> Iterator[None]:
    """For the plugin's own fixtures: evaluated before their server starts, which is when the state directory counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCK_IDP_STATE_DIR", str(state.path))
        patch.delenv("MOCK_IDP_TARGET", raising=False)
        yield None


@pytest.fixture(scope="session")
def running_server(state: State):
    with in_thread(Server(state, Options(port=0), Upstream(offline=True))) as server:
        yield Idp(server)


@pytest.fixture
def idp(running_server: Idp) -> Idp:
    """A server in which nothing has happened yet."""
    running_server.entra.runtime.reset()
    return running_server


@pytest.fixture
def real_front(state: State):
    """A server whose discovery names Microsoft's hosts for browsers too."""
    with in_thread(Server(state, Options(port=0, front_channel="real"), Upstream(offline=True))) as server:
        yield Idp(server)


class Clock:
    """The server's clock, which a test sets."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def now(self) -> int:
        return self.seconds

    def forward(self, seconds: int = 0, *, days: int = 0) -> None:
        self.seconds += seconds + days * 24 * 3600


@pytest.fixture
def clock(idp: Idp, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time stands still until the test moves it."""
    clock = Clock(int(time.time()))
    monkeypatch.setattr(idp.entra.clock, "now", clock.now)
    return clock


@pytest.fixture
def journal(idp: Idp):
    """The entries of what this test asks."""
    return idp.entra.journal.entries


@pytest.fixture(scope="session")
def recorder() -> Iterator[Recorder]:
    """A living proxy, as a shell may have one set; it notes what it is asked for."""
    with Recorder() as proxy:
        yield proxy


@pytest.fixture(scope="session")
def other_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate authority that has nothing to do with us."""
    file = tmp_path_factory.mktemp("ca") / "other.pem"
    file.write_text(strangers.authority().pem())
    return file
