"""Tokens from an :class:`Authorization`; the only caller of the signer.

Follows ED:access-tokens and ED:id-tokens; lifetimes as ED:configurable-token-lifetimes.
"""

import json
from typing import Any, NamedTuple

from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.claims import BACKDATED_SECONDS, Draft, Kind, fill
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
    """

    text: str
    expires_in: int


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
        resource = authorization.resource
        v2 = resource.requested_access_token_version == 2  # noqa: PLR2004 - the manifest's own value
        lifetime = APP_TOKEN_SECONDS
        if authorization.subject:
            lifetime = SHORTEST_USER_TOKEN_SECONDS + self._chance.below(USER_TOKEN_SPREAD_SECONDS)
        audience = resource.app_id if v2 else authorization.audience
        return AccessToken(self._issue(kind, authorization, audience, resource.app_id, lifetime), lifetime - 1)

    def id_token(self, authorization: Authorization) -> str:
        """Sign a v2.0 id token for the client."""
        client_id = authorization.client.app_id
        return self._issue(Kind.ID_V2, authorization, client_id, client_id, ID_TOKEN_SECONDS)

    def _issue(self, kind: Kind, authorization: Authorization, audience: str, app_id: str, lifetime: int) -> str:
        now = self._clock.now()
        draft = Draft(kind, authorization, audience, app_id, now - BACKDATED_SECONDS, now + lifetime, self._chance)
        return self._signed(header_for(kind, self._keys.kid, self._chance), fill(draft))

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
    if authorization.resource.requested_access_token_version == 2:  # noqa: PLR2004 - the manifest's own value
        return Kind.APP_V2 if app_only else Kind.ACCESS_V2
    return Kind.APP_V1 if app_only else Kind.ACCESS_V1
