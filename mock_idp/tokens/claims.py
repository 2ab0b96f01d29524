"""The claims table: which claim, in which token, under which condition, from where.

Follows ED:access-token-claims-reference and ED:id-token-claims-reference; member order as observed (facts §5.4). A row
whose value is ``None`` leaves its claim out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from mock_idp.directory.models import User
from mock_idp.facts.hosts import CANONICAL
from mock_idp.facts.wellknown import APP_ONLY_ROLE, PLAIN_USER_ROLE
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.sealing import artefact_prefix
from mock_idp.tokens.authorization import Authorization
from mock_idp.tokens.keys import b64url

BACKDATED_SECONDS = 300
"""``iat`` and ``nbf`` lie this far before the time of issue (facts §0.1)."""

_REGION_TAG = b"\x01europewest-dsms"


class Kind(Enum):
    """Kinds of token."""

    ID_V2 = auto()
    ACCESS_V1 = auto()
    ACCESS_V2 = auto()
    GRAPH = auto()
    APP_V1 = auto()
    APP_V2 = auto()
    GRAPH_APP = auto()


@dataclass(frozen=True, slots=True)
class Draft:
    """A token about to be filled.

    Attributes:
        audience: the claim ``aud``.
        issued_at: the claim ``iat``, seconds.
        expires_at: the claim ``exp``, seconds.
        audience_app_id: client id of the application that the token is for.
    """

    kind: Kind
    authorization: Authorization
    audience: str
    audience_app_id: str
    issued_at: int
    expires_at: int
    chance: Chance

    @property
    def user(self) -> User:
        """The user of a user token."""
        if self.authorization.subject is None:
            raise ValueError("an app-only token has no user")
        return self.authorization.subject.user


class Claim(NamedTuple):
    """A row of the table."""

    name: str
    kinds: frozenset[Kind]
    value: Callable[[Draft], Any]
    source: str


USER_ACCESS = frozenset({Kind.ACCESS_V1, Kind.ACCESS_V2, Kind.GRAPH})
APP_ONLY = frozenset({Kind.APP_V1, Kind.APP_V2, Kind.GRAPH_APP})
ACCESS = USER_ACCESS | APP_ONLY
USER = USER_ACCESS | {Kind.ID_V2}
V1_USER = frozenset({Kind.ACCESS_V1, Kind.GRAPH})
V1 = V1_USER | {Kind.APP_V1, Kind.GRAPH_APP}
V2_ACCESS = frozenset({Kind.ACCESS_V2, Kind.APP_V2})
V2_USER = frozenset({Kind.ID_V2, Kind.ACCESS_V2})
GRAPH = frozenset({Kind.GRAPH, Kind.GRAPH_APP})
EVERY = frozenset(Kind)


def issuer(tenant_id: str, *, v1: bool) -> str:
    """``iss`` of a tenant's tokens, in the version asked (facts §5.2)."""
    return f"https://sts.windows.net/{tenant_id}/" if v1 else f"https://{CANONICAL}/{tenant_id}/v2.0"


@lru_cache(maxsize=4096)
def pairwise(tenant_id: str, user_id: str, app_id: str) -> str:
    """``sub``: the same for a user and an application, another for every other application. 43 characters."""
    return b64url(sha256(f"{tenant_id}/{user_id}/{app_id}".encode()).digest())


_rh = lru_cache(maxsize=4096)(artefact_prefix)


def has_profile(draft: Draft) -> bool:
    """Whether ``profile`` was granted; access tokens carry the names anyway."""
    return draft.kind is not Kind.ID_V2 or "profile" in draft.authorization.oidc_scopes


def _profile(read: Callable[[User], str | None]) -> Callable[[Draft], str | None]:
    return lambda d: read(d.user) if has_profile(d) else None


def _principal(d: Draft) -> str:
    """Whose token it is: the user's object id, or that of the client's service principal."""
    a = d.authorization
    return a.subject.user.id if a.subject else a.client.id


def _subject(d: Draft) -> str:
    a = d.authorization
    return pairwise(a.tenant.id, a.subject.user.id, d.audience_app_id) if a.subject else a.client.id


def _id_token_subject(d: Draft) -> dict[str, str]:
    return {"sub": pairwise(d.authorization.tenant.id, d.user.id, d.authorization.client.app_id)}


def _roles(d: Draft) -> list[str] | None:
    return list(d.authorization.tenant.roles(_principal(d), d.audience_app_id)) or None


def _scp(d: Draft) -> str | None:
    a = d.authorization
    # Graph names the OIDC scopes among its own [O]
    oidc = tuple(s for s in a.oidc_scopes if s != "offline_access") if a.resource.is_graph else ()
    return " ".join((*a.scopes, *oidc)) or None


def _email(d: Draft) -> str | None:
    return d.user.mail if "email" in d.authorization.oidc_scopes else None


def _auth_time(d: Draft) -> int | None:
    a = d.authorization
    return a.subject.auth_time if a.subject and a.wants_auth_time else None


_GIVEN = "ED:access-token-claims-reference"
_SEEN = "decoded tokens 2025-02 to 2026-09 [O]"

CLAIMS = (
    Claim("aud", EVERY, lambda d: d.audience, _GIVEN),
    Claim("iss", EVERY, lambda d: issuer(d.authorization.tenant.id, v1=d.kind in V1), _GIVEN),
    Claim("iat", EVERY, lambda d: d.issued_at, _GIVEN),
    Claim("nbf", EVERY, lambda d: d.issued_at, _GIVEN),
    Claim("exp", EVERY, lambda d: d.expires_at, _GIVEN),
    Claim("acct", frozenset({Kind.GRAPH}), lambda _: 0, _SEEN),
    Claim("acr", V1_USER, lambda _: "1", _GIVEN),
    Claim("aio", ACCESS, lambda d: d.chance.text(48), _SEEN),
    Claim("amr", V1_USER, lambda d: list(d.authorization.subject.amr) if d.authorization.subject else None, _GIVEN),
    Claim("app_displayname", GRAPH, lambda d: d.authorization.client.display_name, _SEEN),
    Claim("appid", V1, lambda d: d.authorization.client.app_id, _GIVEN),
    Claim("appidacr", V1, lambda d: d.authorization.client_proof, _GIVEN),
    Claim("auth_time", frozenset({Kind.ID_V2}), _auth_time, "ED:id-token-claims-reference"),
    Claim("azp", V2_ACCESS, lambda d: d.authorization.client.app_id, _GIVEN),
    Claim("azpacr", V2_ACCESS, lambda d: d.authorization.client_proof, _GIVEN),
    Claim("email", frozenset({Kind.ID_V2}), _email, "ED:scopes-oidc"),
    Claim("family_name", V1_USER, lambda d: d.user.surname, _GIVEN),
    Claim("given_name", V1_USER, lambda d: d.user.given_name, _GIVEN),
    Claim("idp", frozenset({Kind.APP_V1, Kind.GRAPH_APP}), lambda d: issuer(d.authorization.tenant.id, v1=True), _SEEN),
    Claim("idtyp", GRAPH, lambda d: "app" if d.kind is Kind.GRAPH_APP else "user", _SEEN),
    Claim("ipaddr", V1_USER, lambda _: "127.0.0.1", _GIVEN),
    Claim("name", USER, _profile(lambda u: u.display_name), _GIVEN),
    Claim("nonce", frozenset({Kind.ID_V2}), lambda d: d.authorization.nonce, "ED:id-token-claims-reference"),
    Claim("oid", EVERY, _principal, _GIVEN),
    Claim("preferred_username", V2_USER, _profile(lambda u: u.user_principal_name), _GIVEN),
    Claim("rh", EVERY, lambda d: _rh(d.authorization.tenant.id, d.audience_app_id), _SEEN),
    Claim("roles", EVERY, _roles, _GIVEN),
    Claim("scp", USER_ACCESS, _scp, _GIVEN),
    Claim("sid", USER, lambda d: d.authorization.subject.sid if d.authorization.subject else None, _SEEN),
    Claim("sub", EVERY, _subject, _GIVEN),
    Claim("tenant_region_scope", GRAPH, lambda d: d.authorization.tenant.region, _SEEN),
    Claim("tid", EVERY, lambda d: d.authorization.tenant.id, _GIVEN),
    Claim("unique_name", V1_USER, lambda d: d.user.user_principal_name, _GIVEN),
    Claim("upn", V1_USER, lambda d: d.user.user_principal_name, _GIVEN),
    Claim("uti", EVERY, lambda d: d.chance.text(16), _GIVEN),
    Claim("ver", EVERY, lambda d: "1.0" if d.kind in V1 else "2.0", _GIVEN),
    Claim("wids", GRAPH, lambda d: [APP_ONLY_ROLE if d.kind is Kind.GRAPH_APP else PLAIN_USER_ROLE], _SEEN),
    Claim("xms_ftd", ACCESS, lambda d: b64url(d.chance.octets(32) + _REGION_TAG), _SEEN),
    Claim("xms_st", frozenset({Kind.GRAPH}), _id_token_subject, _SEEN),
)  # fmt: skip
"""All claims, in the order of the payload."""

_BY_KIND = {kind: [(row.name, row.value) for row in CLAIMS if kind in row.kinds] for kind in Kind}


def fill(draft: Draft) -> dict[str, Any]:
    """The payload of a token, members in the order that Entra has them."""
    payload = {}
    for name, value in _BY_KIND[draft.kind]:
        found = value(draft)
        if found is not None:
            payload[name] = found
    return payload
