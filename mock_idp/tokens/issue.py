"""Tokens from an :class:`Authorization`; the only caller of the signer.

Follows ED:access-tokens and ED:id-tokens; lifetimes as ED:configurable-token-lifetimes.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from mock_idp.directory.models import Application
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.clock import Clock
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.claims import BACKDATED_SECONDS, fill
from mock_idp.tokens.drafts import Draft, Kind
from mock_idp.tokens.header import Header, encoded, header_for
from mock_idp.tokens.keys import Keyring, b64url
from mock_idp.tokens.mapping import check_accepted

ID_TOKEN_SECONDS = 3600
APP_TOKEN_SECONDS = 3600
SHORTEST_USER_TOKEN_SECONDS = 3600
USER_TOKEN_SPREAD_SECONDS = 1800
"""A user's access token lives 60 to 90 minutes, drawn by lot. ED:access-tokens"""

CAE_APP_TOKEN_SECONDS = 24 * 3600
SHORTEST_CAE_TOKEN_SECONDS = 20 * 3600
CAE_TOKEN_SPREAD_SECONDS = 8 * 3600
"""20 to 28 hours where an API can revoke at once, and the client said that it can take it. Facts §5.6"""

_CAE = "CP1"

_ID_KINDS = {1: Kind.ID_V1, 2: Kind.ID_V2}


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
        graph_nonce: whether Graph tokens have their ``nonce`` right now, see :mod:`mock_idp.tokens.header`.
    """

    def __init__(
        self, keys: Keyring, clock: Clock, chance: Chance, *, graph_nonce: Callable[[], bool] = lambda: True
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._chance = chance
        self._graph_nonce = graph_nonce

    def access_token(self, authorization: Authorization) -> AccessToken:
        """Sign an access token, v1.0 or v2.0 as its resource wants (``requestedAccessTokenVersion``).

        Raises:
            EntraError: 50146 or 501461, see :mod:`mock_idp.tokens.mapping`.
        """
        check_accepted(authorization.resource, authorization.audience, authorization.tenant)
        kind = _access_kind(authorization)
        lifetime = self._lifetime(authorization)
        text, claims = self._issue(kind, authorization, authorization.resource, lifetime)
        return AccessToken(text, lifetime - 1, claims)

    def _lifetime(self, authorization: Authorization) -> int:
        set_by_policy = _set_lifetime(authorization, authorization.resource)
        if set_by_policy is not None:
            return set_by_policy
        long = authorization.resource.is_graph and any(each.upper() == _CAE for each in authorization.capabilities)
        if authorization.subject is None:
            return CAE_APP_TOKEN_SECONDS if long else APP_TOKEN_SECONDS
        if long:
            return SHORTEST_CAE_TOKEN_SECONDS + self._chance.below(CAE_TOKEN_SPREAD_SECONDS)
        return SHORTEST_USER_TOKEN_SECONDS + self._chance.below(USER_TOKEN_SPREAD_SECONDS)

    def id_token(self, authorization: Authorization, version: Literal[1, 2] = 2) -> str:
        """Sign an id token for the client; the endpoint that was asked decides its version.

        Raises:
            EntraError: 50146 or 501461, see :mod:`mock_idp.tokens.mapping`.
        """
        check_accepted(authorization.client, authorization.client.app_id, authorization.tenant)
        set_by_policy = _set_lifetime(authorization, authorization.client)
        lifetime = ID_TOKEN_SECONDS if set_by_policy is None else set_by_policy
        text, _ = self._issue(_ID_KINDS[version], authorization, authorization.client, lifetime)
        return text

    def _issue(
        self, kind: Kind, authorization: Authorization, app: Application, lifetime: int
    ) -> tuple[str, dict[str, Any]]:
        now = self._clock.now()
        draft = Draft(kind, authorization, app, now - BACKDATED_SECONDS, now + lifetime, self._chance, [])
        payload = fill(draft)
        header = header_for(kind, self._keys.kid, self._chance, graph_nonce=self._graph_nonce())
        return self._signed(header, payload), payload

    def _signed(self, header: Header, payload: dict[str, Any]) -> str:
        """The JWS compact serialization, RFC 7515 §7.1.

        Not a library's: Entra's header order and what Graph's signature covers are part of the fact.
        """
        body = b64url(encoded(payload).encode())
        return f"{header.shown}.{body}.{b64url(self._keys.sign(f'{header.signed}.{body}'.encode()))}"


def _set_lifetime(authorization: Authorization, app: Application) -> int | None:
    """What a test wished, else what the policy of the app that the token is for says; ``None`` for the usual one."""
    return app.token_lifetime if authorization.expires_in is None else authorization.expires_in


def _access_kind(authorization: Authorization) -> Kind:
    app_only = authorization.subject is None
    if authorization.resource.is_graph:
        return Kind.GRAPH_APP if app_only else Kind.GRAPH
    version = authorization.version or authorization.resource.requested_access_token_version
    if version == 2:  # noqa: PLR2004 - the manifest's own value
        return Kind.APP_V2 if app_only else Kind.ACCESS_V2
    return Kind.APP_V1 if app_only else Kind.ACCESS_V1
