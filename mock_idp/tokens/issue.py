"""Tokens from an :class:`Authorization`; the only caller of the signer.

Follows ED:access-tokens and ED:id-tokens; lifetimes as ED:configurable-token-lifetimes.
"""

import json
from typing import Any, NamedTuple

from mock_idp.directory.models import Application
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.claims import BACKDATED_SECONDS, fill
from mock_idp.tokens.drafts import Draft, Kind
from mock_idp.tokens.header import Header, header_for
from mock_idp.tokens.keys import Keyring, b64url

ID_TOKEN_SECONDS = 3600
APP_TOKEN_SECONDS = 3600
SHORTEST_USER_TOKEN_SECONDS = 3600
USER_TOKEN_SPREAD_SECONDS = 1800
"""A user's access token lives 60 to 90 minutes, drawn by lot. ED:access-tokens"""


class AccessToken(NamedTuple):
    """A signed access token.

    Attributes:
        expires_in: seconds, as the token answer gives them.
        claims: its payload.
    """

    text: str
    expires_in: int
    claims: dict[str, Any]


class Issuer:
    """Fills, signs and hands out tokens.

    Args:
        keys: what signs.
        clock: the one clock.
        chance: the one source of randomness.
    """

    def __init__(self, keys: Keyring, clock: Clock, chance: Chance) -> None:
        self._keys = keys
        self._clock = clock
        self._chance = chance

    def access_token(self, authorization: Authorization) -> AccessToken:
        """Sign an access token, v1.0 or v2.0 as its resource wants (``requestedAccessTokenVersion``)."""
        kind = _access_kind(authorization)
        lifetime = self._lifetime(authorization)
        text, claims = self._issue(kind, authorization, authorization.resource, lifetime)
        return AccessToken(text, lifetime - 1, claims)

    def _lifetime(self, authorization: Authorization) -> int:
        if authorization.expires_in is not None:
            return authorization.expires_in
        if authorization.subject:
            return SHORTEST_USER_TOKEN_SECONDS + self._chance.below(USER_TOKEN_SPREAD_SECONDS)
        return APP_TOKEN_SECONDS

    def id_token(self, authorization: Authorization) -> str:
        """Sign a v2.0 id token for the client."""
        lifetime = ID_TOKEN_SECONDS if authorization.expires_in is None else authorization.expires_in
        text, _ = self._issue(Kind.ID_V2, authorization, authorization.client, lifetime)
        return text

    def _issue(
        self, kind: Kind, authorization: Authorization, app: Application, lifetime: int
    ) -> tuple[str, dict[str, Any]]:
        now = self._clock.now()
        draft = Draft(kind, authorization, app, now - BACKDATED_SECONDS, now + lifetime, self._chance)
        payload = fill(draft)
        return self._signed(header_for(kind, self._keys.kid, self._chance), payload), payload

    def _signed(self, header: Header, payload: dict[str, Any]) -> str:
        """The JWS compact serialization, RFC 7515 §7.1.

        Not a library's: Entra's header order and what Graph's signature covers are part of the fact.
        """
        body = b64url(json.dumps(payload, separators=(",", ":")).encode())
        return f"{header.shown}.{body}.{b64url(self._keys.sign(f'{header.signed}.{body}'.encode()))}"


def _access_kind(authorization: Authorization) -> Kind:
    app_only = authorization.subject is None
    if authorization.resource.is_graph:
        return Kind.GRAPH_APP if app_only else Kind.GRAPH
    version = authorization.version or authorization.resource.requested_access_token_version
    if version == 2:  # noqa: PLR2004 - the manifest's own value
        return Kind.APP_V2 if app_only else Kind.ACCESS_V2
    return Kind.APP_V1 if app_only else Kind.ACCESS_V1
