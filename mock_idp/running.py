"""The running server as other commands know it: what it left in the state directory, and whether it is still there."""

import http.client
import json
import time
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from mock_idp import __version__
from mock_idp.runtime.settings import FrontChannel

if TYPE_CHECKING:
    from mock_idp.state import State

FILE = "server.json"

CLAIM = "serve"
"""Held for as long as a registered server lives, so that there is one for a state directory."""

_START_SECONDS = 5
_HEALTH_SECONDS = 2
_TICK_SECONDS = 0.02


class Running(NamedTuple):
    """A server as the state directory remembers it.

    Attributes:
        directory: key of what it serves; a command with another directory must not join it.
        directory_file: where that was read, or empty.
        proxy_url: with its token.
    """

    pid: int
    version: str
    instance: str
    directory: str
    directory_file: str
    front_url: str
    front_channel: FrontChannel
    tls_port: int
    proxy_port: int
    proxy_token: str
    proxy_url: str

    def is_joinable(self, directory: str) -> bool:
        """Whether this version, with the directory of this key, may join it."""
        return (self.version, self.directory) == (__version__, directory)


def remembered(state: "State") -> Running | None:
    """What the last server wrote, whether it still runs or not."""
    document = state.read(FILE)
    expected = {name: int if kind is int else str for name, kind in Running.__annotations__.items()}
    if document is None or {name: type(value) for name, value in document.items()} != expected:
        return None
    return Running(**document)


def find_running(state: "State") -> Running | None:
    """The server that runs with this state directory. One that just starts is waited for."""
    deadline = time.monotonic() + _START_SECONDS
    while not (found := living(state)) and state.is_claimed(CLAIM) and time.monotonic() < deadline:
        time.sleep(_TICK_SECONDS)
    return found


def living(state: "State") -> Running | None:
    """The server that is remembered, asked for a sign of life."""
    found = remembered(state)
    return found if found and _is_alive(found) else None


def _is_alive(server: Running) -> bool:
    try:
        parts = urlsplit(server.front_url)
        with closing(
            http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_HEALTH_SECONDS)
        ) as connection:
            connection.request("GET", "/_mock/health")
            instance = json.loads(connection.getresponse().read(4096)).get("instance")
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        return False
    return bool(instance == server.instance)
