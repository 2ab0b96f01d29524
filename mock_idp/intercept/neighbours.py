"""Other libraries that stand in for the network in a test: what they do not answer for emulated names comes to us.

What a test registered with them for such a name is theirs, and wins. Each is fitted when its module is imported.
"""

import re
import socket
import sys
from typing import Any

from mock_idp.facts.hosts import patterns, role_of
from mock_idp.intercept import mapping

_GUARD = "pytest_socket"


def install() -> None:
    """Tell them, until :func:`mock_idp.intercept.mapping.uninstall`."""
    mapping.when_imported("responses", _tell_responses)
    mapping.when_imported("respx.mocks", _tell_respx)
    mapping.when_imported("vcr.cassette", _tell_vcr)


def settle() -> None:
    """Take pytest-socket's guard away where we, putting back what we had found, brought it back after its time."""
    guard: Any = sys.modules.get(_GUARD)
    if guard and not are_sockets_disabled():
        guard.enable_socket()


def are_sockets_disabled() -> bool:
    """Whether pytest-socket forbids to make sockets at present."""
    return socket.socket.__module__ == _GUARD


def _tell_responses(responses: Any) -> None:
    mapping.replace(responses.RequestsMock, "passthru_prefixes", lambda _: _PassedOn())


class _PassedOn:
    """An attribute of a mock: what begins like one of these, and is not registered, is passed on."""

    def __get__(self, mock: Any, _: Any = None) -> Any:
        return self if mock is None else (*vars(mock).get("passthru_prefixes", ()), _EMULATED)

    def __set__(self, mock: Any, value: Any) -> None:
        vars(mock)["passthru_prefixes"] = tuple(prefix for prefix in value if prefix is not _EMULATED)


_NAMES = "|".join(re.escape(name).replace(r"\*", "[^./:?#]+") for name in patterns())
_EMULATED = re.compile(f"https://({_NAMES})(:443)?(?![^/?#])", re.IGNORECASE)


def _tell_respx(mocks: Any) -> None:
    def passed_on(error: Exception, request: Any) -> Exception:
        if role_of(request.url.host) is None:
            return error
        passed: Exception = mocks.PassThrough(str(error), request=request, origin=None)
        return passed

    def handler_by(real: Any) -> Any:
        def handler(cls: Any, request: Any) -> Any:
            try:
                return real.__func__(cls, request)
            except mocks.AllMockedAssertionError as error:
                raise passed_on(error, request) from None

        return classmethod(handler)

    def async_handler_by(real: Any) -> Any:
        async def async_handler(cls: Any, request: Any) -> Any:
            try:
                return await real.__func__(cls, request)
            except mocks.AllMockedAssertionError as error:
                raise passed_on(error, request) from None

        return classmethod(async_handler)

    mapping.replace(mocks.Mocker, "handler", handler_by)
    mapping.replace(mocks.Mocker, "async_handler", async_handler_by)


def _tell_vcr(cassette: Any) -> None:
    """A recorded answer would be one of another day, with another key: neither recorded nor played back."""

    def unless_emulated(real: Any) -> Any:
        def method(self: Any, request: Any, *args: Any) -> Any:
            return None if role_of(request.host or "") else real(self, request, *args)

        return method

    for name in ("filter_request", "can_play_response_for", "append"):
        mapping.replace(cassette.Cassette, name, unless_emulated)
