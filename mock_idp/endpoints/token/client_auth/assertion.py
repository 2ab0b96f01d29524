"""What every ``client_assertion`` has to be, whoever signed it: a JWT that says for whom it is and until when.

Follows RFC 7523 §3, ED:certificate-credentials and facts §7.4. Whether it is the client's own or another issuer's is
told by its ``iss``: an issuer is a URL, a client is not.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_idp.errors import EntraError
from mock_idp.runtime.clock import LAST, long_stamp, stamp
from mock_idp.state import real_time
from mock_idp.tokens.compact import Compact, Malformed, read

if TYPE_CHECKING:
    from mock_idp.endpoints.token.call import Call

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

KEY_NAMES = ("x5t", "x5t#S256", "kid")
"""Members of the header that name a key."""

AHEAD_SECONDS = 300
"""How far the client's clock may be ahead of ours; an assertion that ended is refused at once."""

_TYPES = ("JWT", "http://openid.net/specs/jwt/1.0")


class Assertion(NamedTuple):
    """A client assertion, taken apart and not verified.

    Attributes:
        compact: the JWT.
        issuer: ``iss``.
        subject: ``sub``.
        audiences: ``aud``.
    """

    compact: Compact
    issuer: str
    subject: str
    audiences: tuple[str, ...]

    @property
    def is_federated(self) -> bool:
        """Whether another issuer made it, and not the client itself."""
        return self.issuer.lower().startswith(("https://", "http://"))

    @property
    def header(self) -> Mapping[str, Any]:
        """The JOSE header."""
        return self.compact.header


def read_assertion(call: "Call") -> Assertion | None:
    """The assertion that came, or ``None``.

    Raises:
        EntraError: 900144 or 90011 for its type; 50027 when it is no JWT; 90014 when a member is missing; 5002723 when
            nothing names the key, 5002727 for the header's ``typ``.
    """
    text, kind = call.get("client_assertion"), call.get("client_assertion_type")
    if not text and not kind:
        return None
    for name, value in (("client_assertion", text), ("client_assertion_type", kind)):
        if not value:
            raise EntraError(900144, parameter=name, hint=f"Only one of the two came: add {name} (type: {TYPE}).")
    if kind != TYPE:
        raise EntraError(90011, hint=f"client_assertion_type is '{kind[:200]}'; expected {TYPE}.")
    try:
        compact = read(text, padded=True)
    except Malformed as error:
        raise malformed(f"client_assertion ({len(text)} characters) is no JWT: {error}.") from None
    _check_header(compact.header)
    return Assertion(
        compact=compact,
        issuer=required_text(compact.claims, "iss"),
        subject=required_text(compact.claims, "sub"),
        audiences=_audiences(compact.claims),
    )


def malformed(hint: str) -> EntraError:
    """AADSTS50027."""
    return EntraError(50027, hint=hint)


def required_text(claims: Mapping[str, Any], name: str) -> str:
    """A member that has to be there, a text.

    Raises:
        EntraError: 90014 or 50027.
    """
    value = claims.get(name)
    if value is None or value == "":
        raise EntraError(90014, field=name, hint=f"The payload of client_assertion has no {name}; add it.")
    if not isinstance(value, str):
        raise malformed(f"{name} of client_assertion is {type(value).__name__}; expected a text.")
    return value


def check_times(call: "Call", assertion: Assertion) -> None:
    """``exp`` is to come and ``nbf`` is not; how long it lives is the client's affair (facts §7.4).

    Raises:
        EntraError: 700024, or 50027 for times that are none.
    """
    claims, now = assertion.compact.claims, call.entra.clock.now()
    starts, ends = seconds(claims, "nbf"), seconds(claims, "exp")
    if starts - AHEAD_SECONDS <= now < ends:
        return
    what = "has no exp" if not ends else f"ended at {stamp(ends)}" if ends <= now else f"starts at {stamp(starts)}"
    apart = now - int(real_time())
    moved = f" This server's clock was moved by {apart} seconds; the client's has to go with it." if apart else ""
    raise EntraError(
        700024, now=long_stamp(now), starts=long_stamp(starts), ends=long_stamp(ends),
        hint=f"It is {stamp(now)} here, and the assertion {what}. Make a new one for each request.{moved}",
    )  # fmt: skip


def _check_header(header: Mapping[str, Any]) -> None:
    kind = header.get("typ", _TYPES[0])
    if kind not in _TYPES:
        raise EntraError(5002727, hint=f"typ of the assertion's header is {str(kind)[:60]!r}; write JWT.")
    if not any(header.get(name) for name in KEY_NAMES):
        raise EntraError(
            5002723, hint="The assertion's header names no key: add x5t#S256 (or x5t), the certificate's thumbprint in "
            "base64url; another issuer's token needs kid.",
        )  # fmt: skip
    for name in ("alg", *KEY_NAMES):
        if not isinstance(header.get(name, ""), str):
            raise malformed(f"{name} of the assertion's header is {type(header[name]).__name__}; expected a text.")


def _audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    found = claims.get("aud")
    if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
        return tuple(found)
    return (required_text(claims, "aud"),)


def seconds(claims: Mapping[str, Any], name: str) -> int:
    """A time, cut to those that can be told; one that is missing counts as 1970.

    Raises:
        EntraError: 50027 when it is no number.
    """
    value = claims.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise malformed(f"{name} of client_assertion is {type(value).__name__}; expected seconds since 1970.")
    return int(min(max(value, 0), LAST))
