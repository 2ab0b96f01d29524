"""Whether an access token is good: its signature, its times, and that this tenant issued it for this API.

Follows https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#validate-tokens and RFC 8725, section 3.
Nothing that a token says about itself is believed before its signature is verified, apart from the ``kid`` that says
which of the tenant's keys to try; and nothing that was not signed is repeated in an error message.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import jwt

from .bearer import InsufficientScopeError, InvalidTokenError
from .keys import ALGORITHM, SigningKeys
from .settings import Settings

LEEWAY = 60
"""Seconds by which the clocks of the issuer and of this host may differ."""

MAX_LENGTH = 16 * 1024
"""Characters of the longest token worth a look; Entra's own limits on group claims keep real ones below."""

_YEAR_10000 = 253_402_300_800
_jws = jwt.PyJWS(algorithms=[ALGORITHM])


@dataclass(frozen=True)
class Caller:
    """The user a good token speaks for.

    Attributes:
        name: Display name, for people to read: neither unique nor lasting, never decide anything by it.
        scopes: What the client may do on the user's behalf, in short names such as ``data.read``.
    """

    name: str
    scopes: frozenset[str]

    def need(self, scope: str) -> None:
        """Insist on a scope.

        Two kinds of good tokens have no scopes at all: one that an app got for itself (client credentials), and the id
        token of a user who signed in to this API's own registration, whose audience is the same. Both end here, since
        ``scp`` is what makes a token a delegated access token, and Entra puts it in no other.

        Raises:
            InsufficientScopeError: The token does not have it.
        """
        if scope not in self.scopes:
            had = f"The token has {' '.join(sorted(self.scopes))}" if self.scopes else "The token has no scopes"
            raise InsufficientScopeError(f"{had}, this request needs {scope}.", scope=scope)


class _Format(NamedTuple):
    """What goes with an issuer: the version of its tokens, and how they name this API."""

    version: str
    audience: str


class TokenVerifier:
    """Verifies the tokens that one tenant issues for one API, in whichever of the two formats the API is registered.

    v2.0 tokens name the API by its client id and v1.0 tokens by its App ID URI, and nothing of the one is accepted with
    anything of the other. That leaves out one token that Entra does issue: a v1.0 one that was asked for by client id
    (``{client id}/.default``) has that as its audience. Clients of this API ask by its App ID URI.
    """

    def __init__(self, settings: Settings, keys: SigningKeys) -> None:
        self._tenant_id = settings.tenant_id
        self._keys = keys
        self._formats = {
            settings.v2_issuer: _Format("2.0", settings.api_client_id),
            settings.v1_issuer: _Format("1.0", settings.api_app_id_uri),
        }

    async def verify(self, token: str) -> Caller:
        """Verify an access token, a JWS in compact form (RFC 7515, section 7.1).

        Raises:
            InvalidTokenError: It is not good; the message says why.
            IdentityProviderError: Its key is not known and the identity provider did not answer.
        """
        header = _header(token)
        key = await self._keys.find(header["kid"])
        if key is None:
            raise InvalidTokenError("The token is signed with a key that is not one of this tenant's.")
        claims = _signed_claims(token, key, header)
        _check_times(claims)
        self._check_origin(claims)
        return Caller(name=_display_name(claims), scopes=_scopes(claims))

    def _check_origin(self, claims: Mapping[str, Any]) -> None:
        tenant_id, issuer, audience, version = (_text(claims, name) for name in ("tid", "iss", "aud", "ver"))
        if tenant_id != self._tenant_id:
            raise InvalidTokenError(f"The token is from tenant {_brief(tenant_id)}, not from {self._tenant_id}.")
        if issuer not in self._formats:
            raise InvalidTokenError(f"The issuer is {_brief(issuer)}, expected {' or '.join(self._formats)}.")
        expected = self._formats[issuer]
        if version != expected.version:
            raise InvalidTokenError(f"The issuer is that of version {expected.version}, ver is {_brief(version)}.")
        if audience != expected.audience:
            raise InvalidTokenError(
                f"The audience is {_brief(audience)}, expected {expected.audience} in a v{version} token."
            )


def _header(token: str) -> Mapping[str, Any]:
    """Read the header, as far as is needed to try a signature: ``kid`` is a string in what is returned."""
    if len(token) > MAX_LENGTH:
        raise InvalidTokenError(f"The token has more than {MAX_LENGTH} characters.")
    try:
        header = _jws.get_unverified_header(token)
    except (jwt.PyJWTError, RecursionError):
        raise InvalidTokenError("The token is not a signed JWT.") from None
    if header.get("alg") != ALGORITHM:
        raise InvalidTokenError(f"The token is not signed with {ALGORITHM}.")
    if "kid" not in header:
        raise InvalidTokenError("The token does not say which key it is signed with (kid).")
    return header


def _signed_claims(token: str, key: jwt.PyJWK, header: Mapping[str, Any]) -> Mapping[str, Any]:
    """Verify the signature and read what it covers.

    Of PyJWT only the signature is used: its checks of the claims accept times that are strings, and do not tell what
    the wrong value was.
    """
    try:
        claims = json.loads(_jws.decode(token, key, algorithms=[ALGORITHM]))
        json.dumps(claims, ensure_ascii=False).encode()  # half of a surrogate pair is JSON but cannot be sent back
    except jwt.PyJWTError:
        raise InvalidTokenError(_bad_signature(header)) from None
    except (ValueError, RecursionError):
        raise InvalidTokenError("The token's payload is not JSON.") from None
    if not isinstance(claims, dict):
        raise InvalidTokenError("The token's payload is not a JSON object.")
    return claims


def _bad_signature(header: Mapping[str, Any]) -> str:
    hint = " A nonce in the header is the mark of a token for Microsoft Graph." if "nonce" in header else ""
    return f"The signature is wrong.{hint}"


def _check_times(claims: Mapping[str, Any]) -> None:
    """Check the three times (RFC 7519, sections 4.1.4 to 4.1.6); Entra writes them all."""
    now = time.time()
    expiry, starts = _time(claims, "exp"), {name: _time(claims, name) for name in ("nbf", "iat")}
    if expiry <= now - LEEWAY:
        raise InvalidTokenError(f"The token expired at {_stamp(expiry)}.")
    for name, start in starts.items():
        if start > now + LEEWAY:
            raise InvalidTokenError(f"The token is not valid before {_stamp(start)} ({name}).")


def _time(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _YEAR_10000:
        raise InvalidTokenError(f"The claim {name} must be there and be a time in whole seconds.")
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str):
        raise InvalidTokenError(f"The claim {name} must be there and be a string.")
    return value


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Read ``scp``, short names with a space between; a token that has none is no error, see `Caller.need`."""
    return frozenset(_text(claims, "scp").split(" ")) - {""} if "scp" in claims else frozenset()


def _display_name(claims: Mapping[str, Any]) -> str:
    """Take the first there is: ``name`` needs the scope profile, the next is in v2.0 tokens, the last in v1.0 ones."""
    names = (claims.get(claim) for claim in ("name", "preferred_username", "unique_name"))
    return next((name for name in names if isinstance(name, str)), "unknown")


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _brief(value: str) -> str:
    return repr(value[:100])
