"""TLS connections of this very process to emulated names: they trust our authority, and end at our listener.

Clients make their TLS contexts when they like, often while an app is imported. So trust is given when a context is used
for an emulated name, whenever and from whatever files it was made; no variable has to be set. The other way round, a
connection to an emulated name that ended elsewhere is refused right after the handshake, before anything was sent: it
went through a proxy, or to an address that was looked up in another way than :mod:`mock_idp.intercept.mapping` knows.
"""

import ssl
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

from mock_idp.intercept import mapping
from mock_idp.intercept.ca import mark

ASTRAY = "mock-idp: this connection would have reached the real"
"""How the refusal of a connection to somebody else begins."""

_NAME_IS_ARGUMENT = {"wrap_socket": 4, "wrap_bio": 3}


class Trust:
    """Trust in one authority, for the emulated names.

    Args:
        authority_pem: the authority's certificate.
        patterns: the names, see :func:`mock_idp.intercept.mapping.install`.

    Attributes:
        astray: names of which a connection was refused.
    """

    def __init__(self, authority_pem: str, patterns: Sequence[str]) -> None:
        self._pem = authority_pem
        self._mark = mark(authority_pem)
        self._patterns = patterns
        self.astray: list[str] = []
        self._given: WeakSet[ssl.SSLContext] = WeakSet()

    def install(self) -> None:
        """Begin, until :func:`mock_idp.intercept.mapping.uninstall`."""
        self.astray.clear()
        for name, position in _NAME_IS_ARGUMENT.items():
            for kind in ssl.SSLContext.__mro__:  # truststore puts a class of its own before the one that is there
                if name in vars(kind):
                    mapping.replace(kind, name, self._trusting(position))
        for owner in (ssl.SSLSocket, ssl.SSLObject):
            mapping.replace(owner, "do_handshake", self._ending_here)

    def _trusting(self, position: int) -> Callable[[Any], Any]:
        def wrap_by(real: Any) -> Any:
            def wrap(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> Any:
                name = args[position] if len(args) > position else kwargs.get("server_hostname")
                if self._is_emulated(name) and context not in self._given:
                    context.load_verify_locations(cadata=self._pem)
                    self._given.add(context)
                return real(context, *args, **kwargs)

            return wrap

        return wrap_by

    def _ending_here(self, real: Any) -> Any:
        def do_handshake(connection: Any, *args: Any, **kwargs: Any) -> Any:
            done = real(connection, *args, **kwargs)
            name = connection.server_hostname
            if self._is_emulated(name) and self._mark not in (connection.getpeercert(binary_form=True) or b""):
                self.astray.append(name)
                raise ssl.SSLCertVerificationError(
                    f"{ASTRAY} {name}: it went through a proxy that the client was told of earlier, or to an address "
                    "that it got in its own way; nothing was sent"
                )
            return done

        return do_handshake

    def _is_emulated(self, name: object) -> bool:
        text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
        return isinstance(text, str) and mapping.matches(text.lower().rstrip("."), self._patterns)
