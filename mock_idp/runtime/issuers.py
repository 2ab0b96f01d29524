"""Keys that other issuers publish: fetched, checked and kept for a while, so that their tokens can be verified.

Follows OpenID Connect Discovery 1.0 §4 and facts §7.5. Only an issuer that somebody declared is asked, never one that a
request names alone. No redirect is followed, and plain http stays on this machine.
"""

import json
import time
from collections.abc import Mapping
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from mock_idp.exchange import NotYet
from mock_idp.runtime.store import Bounded

if TYPE_CHECKING:
    from http.client import HTTPResponse

KEPT_SECONDS = 300
"""How long fetched keys are used without asking again."""

RETRY_SECONDS = 2
"""How long a failure stands, and how often at most an issuer is asked for a key that it did not publish."""

MAX_BYTES = 256 * 1024
"""Of a document; a longer one is refused."""

_SOCKET_SECONDS = 3
_ALL_SECONDS = 6
_ISSUERS = 100
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CONFIGURATION = "/.well-known/openid-configuration"


class Published(NamedTuple):
    """What an issuer publishes.

    Attributes:
        keys: RSA keys for signatures, as JWKs, by ``kid``.
        problem: why there are none, or empty.
        at: when it was fetched, by the monotonic clock.
    """

    keys: Mapping[str, Mapping[str, Any]]
    problem: str
    at: float


class Issuers:
    """Issuers other than ourselves.

    Args:
        offline: ask none that is not on this machine.
    """

    def __init__(self, *, offline: bool = False) -> None:
        self.offline = offline
        self._lock = Lock()
        self._found: Bounded[str, Published] = Bounded(_ISSUERS)
        self._turns: Bounded[str, Lock] = Bounded(_ISSUERS)

    def published(self, issuer: str, kid: str) -> Published:
        """What an issuer publishes, fresh enough to say whether a key is among it.

        Raises:
            NotYet: it has to be fetched first.
        """
        with self._lock:
            found = self._found.get(issuer)
        if found is None or time.monotonic() - found.at > (KEPT_SECONDS if kid in found.keys else RETRY_SECONDS):
            raise NotYet(partial(self._renew, issuer, found))
        return found

    def reset(self) -> None:
        """Forget what was fetched."""
        with self._lock:
            self._found.clear()

    def _renew(self, issuer: str, seen: Published | None) -> None:
        """Fetch in place of what was seen, unless another request did meanwhile: one that hangs is asked once."""
        with self._lock:
            turn = self._turns.get(issuer) or Lock()
            self._turns.put(issuer, turn)
        with turn:
            with self._lock:
                found = self._found.get(issuer)
            if found is None or found is seen:
                self._fetch(issuer)

    def _fetch(self, issuer: str) -> None:
        try:
            keys, problem = self._keys(issuer), ""
        except Exception as error:  # noqa: BLE001 - whatever an issuer, a proxy or a guard of a test's sockets does
            keys, problem = {}, str(error) if isinstance(error, _Refused) else f"{type(error).__name__}: {error}"
        with self._lock:
            self._found.put(issuer, Published(keys, problem, time.monotonic()))

    def _keys(self, issuer: str) -> dict[str, Mapping[str, Any]]:
        until = time.monotonic() + _ALL_SECONDS
        configuration = self._document(issuer.rstrip("/") + _CONFIGURATION, plain=_is_plain(issuer), until=until)
        if configuration.get("issuer") != issuer:
            raise _Refused(f"its configuration is of the issuer {str(configuration.get('issuer'))[:200]!r}")
        address = configuration.get("jwks_uri")
        if not isinstance(address, str):
            raise _Refused("its configuration has no jwks_uri")
        found = usable(self._document(address, plain=_is_plain(issuer), until=until))
        if not found:
            raise _Refused(f"{address} holds no RSA keys for signatures")
        return found

    def _document(self, url: str, *, plain: bool, until: float) -> dict[str, Any]:
        self._check(url, plain=plain)
        with _open(url) as answer:
            if answer.status != 200:  # noqa: PLR2004 - HTTP
                raise _Refused(f"{url} answered {answer.status}")
            raw = _read(answer, url, until)
        found = json.loads(raw)
        if not isinstance(found, dict):
            raise _Refused(f"{url} holds no JSON object")
        return found

    def _check(self, url: str, *, plain: bool) -> None:
        parts = urlsplit(url)
        on_this_machine = parts.hostname in _LOOPBACK
        if not parts.hostname or parts.username is not None or parts.scheme not in ("http", "https"):
            raise _Refused(f"{url[:200]!r} is no https address")
        if parts.scheme == "http" and not (plain and on_this_machine):
            raise _Refused(f"{url[:200]} is plain http, which only an issuer on this machine may use")
        if self.offline and not on_this_machine:
            raise _Refused(f"this server is offline and does not ask {parts.hostname}")


def usable(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The RSA signing keys of a JWKS, by ``kid``.

    Args:
        document: with the member ``keys``, RFC 7517 §5; one without has none.
    """
    listed = document.get("keys")
    return {
        key["kid"]: key
        for key in (listed if isinstance(listed, list | tuple) else ())
        if isinstance(key, Mapping) and key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
        and isinstance(key.get("kid"), str)
    }  # fmt: skip


class _Refused(Exception):  # noqa: N818 - reads as what happened
    """We do not ask, or do not take what came; the text says why."""


def _is_plain(issuer: str) -> bool:
    return issuer.startswith("http://")


def _open(url: str) -> "HTTPResponse":
    from urllib.error import HTTPError  # noqa: PLC0415 - federated credentials only
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener  # noqa: PLC0415 - likewise

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    # without an argument the handler takes the proxy that the environment names
    way = ProxyHandler({}) if urlsplit(url).hostname in _LOOPBACK else ProxyHandler()
    asked = Request(url, headers={"Accept": "application/json", "User-Agent": "mock-idp"})  # noqa: S310 - checked
    try:
        answer: HTTPResponse = build_opener(way, Stay).open(asked, timeout=_SOCKET_SECONDS)
    except HTTPError as error:
        with error:
            raise _Refused(f"{url} answered {error.code}") from None
    return answer


def _read(answer: "HTTPResponse", url: str, until: float) -> bytes:
    raw = b""
    while chunk := answer.read1(MAX_BYTES):
        raw += chunk
        if len(raw) > MAX_BYTES:
            raise _Refused(f"{url} holds more than {MAX_BYTES} bytes")
        if time.monotonic() > until:
            raise _Refused(f"{url} took more than {_ALL_SECONDS} seconds")
    return raw
