"""The public keys the tenant signs with: fetched when first needed, kept for a day, found by ``kid``.

Follows https://learn.microsoft.com/en-us/entra/identity-platform/signing-key-rollover: keys change without notice, so
a ``kid`` that is not known is a reason to fetch again. When that was in vain there is no other try for 30 seconds, so
that nobody can make this API hammer Microsoft's with forged ones. The v2.0 key set has the keys of v1.0 tokens, too.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import jwt

from .settings import Settings

ALGORITHM = "RS256"
RETRY_AFTER = 5
"""Seconds after a failed fetch during which there is no other."""

COOL_DOWN = 30
"""Seconds after a fetch that did not bring the key it was for, during which there is no other."""

LIFETIME = 24 * 60 * 60
"""Seconds for which keys are used without a look whether they have changed."""

_log = logging.getLogger(__name__)


class IdentityProviderError(Exception):
    """The tenant's keys cannot be had now, so nobody can say whether a token is good; the log says why."""

    def __init__(self) -> None:
        super().__init__("The identity provider can't be reached, so the token can't be checked. Try again later.")


class SigningKeys:
    """The signing keys of one tenant. One instance serves all requests of an event loop.

    Args:
        settings: Says which tenant.
        http: Client to fetch with; not closed here.
        clock: Seconds that never go back.
    """

    def __init__(
        self, settings: Settings, http: httpx.AsyncClient, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = settings.v2_issuer
        self._tenant_id = settings.tenant_id
        self._http = http
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._stale_at = -math.inf
        self._next_fetch = -math.inf
        self._reachable = True
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """Look a key up, fetching the tenant's keys first if they are a day old or do not have it.

        When the identity provider is down, a key that was there before still counts: better a day-old key than no API.

        Returns:
            The key, bound to RS256, or None when the tenant publishes none of that name.

        Raises:
            IdentityProviderError: The key is not in the cache and the identity provider did not answer.
        """
        if not self._is_current(kid):
            await self._refresh(kid)
        key = self._keys.get(kid)
        if key is None and not self._reachable:
            raise IdentityProviderError
        return key

    def _is_current(self, kid: str) -> bool:
        return kid in self._keys and self._clock() < self._stale_at

    async def _refresh(self, kid: str) -> None:
        if kid in self._keys and self._lock.locked():
            return  # another request is fetching; the old key does until it is done
        async with self._lock:
            if self._is_current(kid) or self._clock() < self._next_fetch:
                return
            try:
                self._keys = await self._fetch()
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                self._reachable, pause = False, RETRY_AFTER
                _log.warning("cannot fetch the signing keys of %s: %r", self._issuer, error)
            else:
                self._reachable, pause = True, 0 if kid in self._keys else COOL_DOWN
                self._stale_at = self._clock() + LIFETIME
            self._next_fetch = self._clock() + pause

    async def _fetch(self) -> Mapping[str, jwt.PyJWK]:
        """Fetch the discovery document and the key set it names (OpenID Connect Discovery 1.0, section 4)."""
        discovery = await self._get(f"{self._issuer}/.well-known/openid-configuration")
        if discovery.get("issuer") != self._issuer or not isinstance(discovery.get("jwks_uri"), str):
            raise ValueError("the discovery document is not one of this tenant")
        keys = dict(self._usable((await self._get(discovery["jwks_uri"])).get("keys")))
        if not keys:
            raise ValueError("the key set has no usable key")
        return keys

    async def _get(self, url: str) -> dict[str, Any]:
        response = await self._http.get(url)
        document = response.json() if response.status_code == httpx.codes.OK else None
        if not isinstance(document, dict):
            raise ValueError(f"{url} answered {response.status_code} and no JSON object")  # noqa: TRY004
        return document

    def _usable(self, jwks: object) -> Iterator[tuple[str, jwt.PyJWK]]:
        """Build the keys that may sign this tenant's tokens, and leave out the others."""
        for jwk in jwks if isinstance(jwks, list) else []:
            if isinstance(jwk, dict) and isinstance(jwk.get("kid"), str) and self._signs_for_tenant(jwk):
                try:
                    yield jwk["kid"], jwt.PyJWK(jwk, ALGORITHM)
                except jwt.PyJWTError as error:
                    _log.warning("left out the signing key %r: %s", jwk["kid"], error)

    def _signs_for_tenant(self, jwk: Mapping[str, Any]) -> bool:
        """Whether a key is for signatures of this issuer; ``issuer`` is Microsoft's own member, with a template.

        https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens#validate-the-issuer
        """
        issuer = str(jwk.get("issuer", self._issuer)).replace("{tenantid}", self._tenant_id)
        return jwk.get("use", "sig") == "sig" and issuer == self._issuer
