"""This very process, with Microsoft's hosts answered by a server: for tests whose app runs where pytest does.

Names are led to the server by :mod:`mock_idp.intercept.mapping`, and :mod:`mock_idp.intercept.trust` makes TLS clients
believe it. Proxies that are set in the shell, which cannot know the server, are passed by; libraries that stand in for
the network are told by :mod:`mock_idp.intercept.neighbours`. Everything is put back at the end.
"""

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from urllib.request import getproxies

from mock_idp.facts.hosts import patterns
from mock_idp.intercept import mapping, neighbours
from mock_idp.intercept.door import Door
from mock_idp.intercept.environment import NO_PROXY_VARIABLES, Interception, no_proxy_of, restored, variables
from mock_idp.intercept.no_proxy import entries
from mock_idp.intercept.trust import Trust
from mock_idp.state import State

_FRONT_CHANNEL = "127.0.0.1"

_open: "list[InProcess]" = []
"""The innermost last: it is the one in force."""


class InProcess:
    """The way from this process to a server.

    It can be opened and closed for each test: what is slow is kept. One that is opened while another one is takes its
    place until it is closed.

    Args:
        interception: where child processes are led.
        state: where the CA bundle of child processes is written.
        door: makes the listener to which this process is led, when it is first needed.
    """

    def __init__(self, interception: Interception, state: State, door: Callable[[], Door]) -> None:
        self._interception = interception
        self._state = state
        self._make_door = door
        self._before: dict[str, str | None] = {}
        self._set: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        """Whether this process is led to the server, or will be again when an inner way is closed."""
        return self in _open

    @property
    def astray(self) -> list[str]:
        """Emulated names of which a connection that had ended elsewhere was refused since the way was opened."""
        return self._trust.astray

    def open(self) -> None:
        """Lead this process to the server."""
        if self.is_open:
            return
        self._set = _past_proxies(os.environ)
        self._before = {name: os.environ.get(name) for name in self._set}
        os.environ.update(self._set)
        self._door.open()
        _open.append(self)
        self._lead()

    def close(self, *, keep_connections: bool = False) -> None:
        """Put everything back, but for variables that somebody changed meanwhile.

        Args:
            keep_connections: leave those to :meth:`hang_up`; it is to be called before anything happens that may be
                meant for the real hosts.
        """
        if not self.is_open:
            return
        _open.remove(self)
        mapping.uninstall()
        neighbours.settle()
        if _open:
            _open[-1]._lead()  # noqa: SLF001 - of the same class
        if not keep_connections:
            self.hang_up()
        for name, value in self._before.items():
            if os.environ.get(name) == self._set[name]:
                _put(name, value)
        self._before = {}

    def hang_up(self) -> None:
        """Cut off clients that were led here, unless this process is still led here."""
        if not self.is_open and "_door" in vars(self):
            self._door.shut()

    def keep(self) -> None:
        """Lead this process to the server again if somebody, putting back what they had found, ended that."""
        if _open and _open[-1] is self and not mapping.is_intact():
            self._lead()

    def environment(self) -> dict[str, str]:
        """The whole environment in which a child process of this one reaches the server."""
        base = {**os.environ}
        for way in _open:
            for name, value in way._before.items():  # noqa: SLF001 - of the same class
                if base.get(name) == way._set[name]:  # noqa: SLF001
                    base.pop(name)
                    base |= {} if value is None else {name: value}
        return {**restored(base), **variables(self._interception, base, self._state)}

    def _lead(self) -> None:
        mapping.install(self._door.host, self._door.port, patterns())
        self._trust.install()
        neighbours.install()

    @cached_property
    def _door(self) -> Door:
        return self._make_door()

    @cached_property
    def _trust(self) -> Trust:
        return Trust(self._interception.authority_pem, patterns())


def _put(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value


def _past_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """What to set so that proxies are passed by on the way to us: nothing where none is set."""
    there = entries(no_proxy_of(environment))
    if there == ["*"] or not {*getproxies()} - {"no"}:  # beside others, not every client takes the star for all hosts
        return {}
    ours = (_FRONT_CHANNEL, *(name.removeprefix("*") for name in patterns()))
    return dict.fromkeys(NO_PROXY_VARIABLES, ",".join(dict.fromkeys([*there, *ours])))
