"""Fixtures: one server a worker, and a clean one for each test."""

import pytest

from harness import Idp
from mock_idp.intercept.proxy import Upstream
from mock_idp.server import Options, Server, in_thread
from mock_idp.state import State


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> State:
    """A state directory, shared by all workers: making keys takes a second."""
    base = tmp_path_factory.getbasetemp()
    return State((base if worker_id == "master" else base.parent) / "state")


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
