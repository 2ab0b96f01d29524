"""The claims table: which claim, in which token, under which condition, from where.

Follows ED:access-token-claims-reference, ED:id-token-claims-reference and ED:optional-claims-reference; member order as
observed (facts §5.4). The manifest that counts is that of the app the token is for (facts §5.5). A row whose value is
``None`` leaves its claim out; of several rows for one claim the first that gives a value wins.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from mock_idp.directory.models import OptionalClaim
from mock_idp.facts.hosts import CANONICAL
from mock_idp.facts.wellknown import APP_ONLY_ROLE
from mock_idp.runtime.sealing import artefact_prefix
from mock_idp.runtime.tenants import external_name, home_name
from mock_idp.tokens import group_claims
from mock_idp.tokens.drafts import (
    ACCESS,
    APP_ONLY,
    EVERY,
    GRAPH,
    GRAPH_USER,
    ID,
    USER,
    USER_ACCESS,
    V1,
    V1_APP,
    V1_USER,
    V2_ACCESS,
    V2_USER,
    Draft,
    Kind,
)
from mock_idp.tokens.keys import b64url
from mock_idp.tokens.login_hint import login_hint

BACKDATED_SECONDS = 300
"""``iat`` and ``nbf`` lie this far before the time of issue (facts §0.1)."""

_REGION_TAG = b"\x01europewest-dsms"
_FIRST = ("aud", "iss", "iat", "nbf", "exp")
_EXTENSION = re.compile(r"extension_[0-9A-Fa-f]{32}_(.+)")
_CODE = re.compile(r"[A-Z]{2}")
_VERIFIED_BY = ("live.com", "mail", "google.com")
"""Identity providers that check an address. ED:optional-claims-reference, ``xms_edov``"""


class Condition(NamedTuple):
    """When a row of the table counts.

    Attributes:
        about: for people.
        holds: whether it does; ``None`` when there is nothing to ask.
        optional: only for apps whose ``optionalClaims`` name the claim.
    """

    about: str
    holds: Callable[[Draft], bool] | None = None
    optional: bool = False


class Claim(NamedTuple):
    """A row of the table; a name that ends in ``*`` stands for any number of claims."""

    name: str
    kinds: frozenset[Kind]
    condition: Condition
    value: Callable[[Draft], Any]
    source: str


def issuer(tenant_id: str, *, v1: bool) -> str:
    """``iss`` of a tenant's tokens, in the version asked (facts §5.2)."""
    return f"https://sts.windows.net/{tenant_id}/" if v1 else f"https://{CANONICAL}/{tenant_id}/v2.0"


@lru_cache(maxsize=4096)
def pairwise(tenant_id: str, user_id: str, app_id: str) -> str:
    """``sub``: the same for a user and an application, another for every other application. 43 characters."""
    return b64url(sha256(f"{tenant_id}/{user_id}/{app_id}".encode()).digest())


_rh = lru_cache(maxsize=4096)(artefact_prefix)


def _has_scope(scope: str) -> Callable[[Draft], bool]:
    return lambda d: scope in d.authorization.oidc_scopes


def _is_guest(d: Draft) -> bool:
    return d.user.user_type == "Guest"


def _has_profile(d: Draft) -> bool:
    return d.kind is not Kind.ID_V2 or "profile" in d.authorization.oidc_scopes


ALWAYS = Condition("always")
OPTIONAL = Condition("an optional claim of the app", optional=True)
OPTIONAL_WITH_PROFILE = Condition("an optional claim of the app; in an id token with `profile`", _has_profile, True)
OPTIONAL_FOR_USERS = Condition(
    "an optional claim of the app, with `include_user_token`",
    lambda d: "include_user_token" in d.properties("idtyp"),
    True,
)
PROFILE = Condition("`profile` was granted", _has_scope("profile"))
EMAIL = Condition("`email` was granted", _has_scope("email"))
GUEST = Condition("the user is a guest", _is_guest)
MEMBER = Condition("the user is no guest", lambda d: not _is_guest(d))
MAX_AGE = Condition("the client asked with `max_age`", lambda d: d.authorization.wants_auth_time)
GROUPS = Condition("`groupMembershipClaims` of the app ask for groups", group_claims.are_asked)
OVERAGE = Condition(f"as `groups`, with more than {group_claims.MOST_IN_A_JWT} of them", group_claims.are_too_many)
DIRECTORY_ROLES = Condition(
    "`groupMembershipClaims` of the app are `DirectoryRole` or `All`",
    lambda d: any(asked in ("DirectoryRole", "All") for asked in d.app.group_membership_claims),
)
CAPABLE = Condition(
    "an optional claim of the app, and the client declared capabilities in `claims`",
    lambda d: bool(d.authorization.capabilities),
    True,
)


def _audience(d: Draft) -> str:
    named = d.kind in V1 and "use_guid" not in d.properties("aud")
    return d.authorization.audience if named else d.app.app_id


def _principal(d: Draft) -> str:
    """Whose token it is: the user's object id, or that of the client's service principal."""
    a = d.authorization
    return a.subject.user.id if a.subject else a.client.id


def _subject(d: Draft) -> str:
    a = d.authorization
    return pairwise(a.tenant.id, a.subject.user.id, d.app.app_id) if a.subject else a.client.id


def _id_token_subject(d: Draft) -> dict[str, str]:
    return {"sub": pairwise(d.authorization.tenant.id, d.user.id, d.authorization.client.app_id)}


def _roles(d: Draft) -> list[str] | None:
    a = d.authorization
    if a.roles is not None:
        return list(a.roles) or None
    groups = group_claims.as_roles(d)
    return (list(a.tenant.roles(_principal(d), d.app.app_id)) if groups is None else groups) or None


def _scp(d: Draft) -> str | None:
    a = d.authorization
    # Graph names the OIDC scopes among its own [O]
    oidc = tuple(s for s in a.oidc_scopes if s != "offline_access") if a.resource.is_graph else ()
    return " ".join((*a.scopes, *oidc)) or None


def _upn(d: Draft) -> str | None:
    """A guest's only as the app wants it, with hash marks or without."""
    if not _is_guest(d):
        return d.user.user_principal_name
    properties = d.properties("upn")
    name = external_name(d.user, d.authorization.tenant.domain)
    if "include_externally_authenticated_upn" in properties:
        return name
    return name.replace("#", "_") if "include_externally_authenticated_upn_without_hash" in properties else None


def _unique_name(d: Draft) -> str:
    name = home_name(d.user)
    return f"live.com#{name}" if d.user.identity_provider == "live.com" and _is_guest(d) else name


def _country(value: object) -> str | None:
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def _attribute(name: str) -> Callable[[Draft], Any]:
    return lambda d: d.user.attributes.get(name)


def _is_of_tenant(address: str, d: Draft) -> bool:
    domains = d.authorization.tenant.tenant.domains
    return address.rpartition("@")[2].lower() in [domain.lower() for domain in domains]


def _is_email_verified(d: Draft) -> bool | None:
    """Only beside a claim ``email``."""
    shown = _is_guest(d) or "email" in d.authorization.oidc_scopes or any(each.name == "email" for each in d.optional)
    if not (shown and d.user.mail):
        return None
    return _is_of_tenant(d.user.mail, d) or (_is_guest(d) and d.user.identity_provider in _VERIFIED_BY)


def _verified_primary(d: Draft) -> list[str] | None:
    return [d.user.mail] if d.user.mail and _is_of_tenant(d.user.mail, d) else None


def _verified_secondary(d: Draft) -> list[str] | None:
    others = d.user.attributes.get("otherMails") or ()
    return [mail for mail in others if isinstance(mail, str) and _is_of_tenant(mail, d)] or None


def _user_language(d: Draft) -> str | None:
    return d.user.preferred_language.lower() if d.user.preferred_language else None


def _tenant_language(d: Draft) -> str | None:
    language = d.authorization.tenant.tenant.preferred_language
    return language.partition("-")[0].lower() if language else None


def _login_hint(d: Draft) -> str:
    return login_hint(d.user.id, d.authorization.tenant.id, home_name(d.user))


_AT = "ED:access-token-claims-reference"
_IT = "ED:id-token-claims-reference"
_OC = "ED:optional-claims-reference"
_GROUPS = "ED:optional-claims"
_SEEN = "decoded tokens 2025-02 to 2026-09 [O]"

CLAIMS = (
    Claim("aud", EVERY, ALWAYS, _audience, _AT),
    Claim("iss", EVERY, ALWAYS, lambda d: issuer(d.authorization.tenant.id, v1=d.kind in V1), _AT),
    Claim("iat", EVERY, ALWAYS, lambda d: d.issued_at, _AT),
    Claim("nbf", EVERY, ALWAYS, lambda d: d.issued_at, _AT),
    Claim("exp", EVERY, ALWAYS, lambda d: d.expires_at, _AT),
    Claim("_claim_names", EVERY, OVERAGE, group_claims.names, _AT),
    Claim("_claim_sources", EVERY, OVERAGE, group_claims.sources, _AT),
    Claim("acct", GRAPH_USER, ALWAYS, lambda d: int(_is_guest(d)), _SEEN),
    Claim("acct", USER, OPTIONAL, lambda d: int(_is_guest(d)), _OC),
    Claim("acr", V1_USER, ALWAYS, lambda _: "1", _AT),
    Claim("aio", ACCESS, ALWAYS, lambda d: d.chance.text(48), _SEEN),
    Claim("amr", V1_USER, ALWAYS, lambda d: list(d.subject.amr), _AT),
    Claim("app_displayname", GRAPH, ALWAYS, lambda d: d.authorization.client.display_name, _SEEN),
    Claim("appid", V1, ALWAYS, lambda d: d.authorization.client.app_id, _AT),
    Claim("appidacr", V1, ALWAYS, lambda d: d.authorization.client_proof, _AT),
    Claim("auth_time", ID, MAX_AGE, lambda d: d.subject.auth_time, _IT),
    Claim("auth_time", USER, OPTIONAL, lambda d: d.subject.auth_time, _OC),
    Claim("azp", V2_ACCESS, ALWAYS, lambda d: d.authorization.client.app_id, _AT),
    Claim("azpacr", V2_ACCESS, ALWAYS, lambda d: d.authorization.client_proof, _AT),
    Claim("ctry", USER, OPTIONAL, lambda d: _country(d.user.attributes.get("country")), _OC),
    Claim("email", USER, GUEST, lambda d: d.user.mail, _OC),
    Claim("email", ID, EMAIL, lambda d: d.user.mail, "ED:scopes-oidc"),
    Claim("email", USER, OPTIONAL, lambda d: d.user.mail, _OC),
    Claim("extn.*", USER, OPTIONAL, lambda _: None, _GROUPS),
    Claim("family_name", V1_USER, ALWAYS, lambda d: d.user.surname, _AT),
    Claim("family_name", V2_USER, OPTIONAL_WITH_PROFILE, lambda d: d.user.surname, _OC),
    Claim("given_name", V1_USER, ALWAYS, lambda d: d.user.given_name, _AT),
    Claim("given_name", V2_USER, OPTIONAL_WITH_PROFILE, lambda d: d.user.given_name, _OC),
    Claim("groups", EVERY, GROUPS, group_claims.listed, _AT),
    Claim("idp", USER, GUEST, lambda d: d.user.identity_provider, _AT),
    Claim("idp", V1_APP, ALWAYS, lambda d: issuer(d.authorization.tenant.id, v1=True), _SEEN),
    Claim("idtyp", GRAPH, ALWAYS, lambda d: "app" if d.kind is Kind.GRAPH_APP else "user", _SEEN),
    Claim("idtyp", APP_ONLY, OPTIONAL, lambda _: "app", _OC),
    Claim("idtyp", USER_ACCESS, OPTIONAL_FOR_USERS, lambda _: "user", _OC),
    Claim("ipaddr", V1_USER, ALWAYS, lambda _: "127.0.0.1", _AT),
    Claim("ipaddr", V2_USER, OPTIONAL, lambda _: "127.0.0.1", _OC),
    Claim("login_hint", USER, OPTIONAL, _login_hint, _OC),
    Claim("name", USER_ACCESS, ALWAYS, lambda d: d.user.display_name, _AT),
    Claim("name", ID, PROFILE, lambda d: d.user.display_name, _IT),
    Claim("nonce", ID, ALWAYS, lambda d: d.authorization.nonce, _IT),
    Claim("oid", EVERY, ALWAYS, _principal, _AT),
    Claim("onprem_sid", V1_USER, ALWAYS, _attribute("onPremisesSecurityIdentifier"), _OC),
    Claim("onprem_sid", V2_USER, OPTIONAL, _attribute("onPremisesSecurityIdentifier"), _OC),
    Claim("preferred_username", frozenset({Kind.ACCESS_V2}), ALWAYS, lambda d: home_name(d.user), _AT),
    Claim("preferred_username", ID, PROFILE, lambda d: home_name(d.user), _IT),
    Claim("preferred_username", V1_USER, OPTIONAL, lambda d: home_name(d.user), _OC),
    Claim("rh", EVERY, ALWAYS, lambda d: _rh(d.authorization.tenant.id, d.app.app_id), _SEEN),
    Claim("roles", EVERY, ALWAYS, _roles, _AT),
    Claim("scp", USER_ACCESS, ALWAYS, _scp, _AT),
    Claim("sid", USER, ALWAYS, lambda d: d.subject.sid, _SEEN),
    Claim("sub", EVERY, ALWAYS, _subject, _AT),
    Claim("tenant_ctry", EVERY, OPTIONAL, lambda d: _country(d.authorization.tenant.tenant.country), _OC),
    Claim("tenant_region_scope", GRAPH, ALWAYS, lambda d: d.authorization.tenant.region, _SEEN),
    Claim("tenant_region_scope", EVERY, OPTIONAL, lambda d: d.authorization.tenant.region, _OC),
    Claim("tid", EVERY, ALWAYS, lambda d: d.authorization.tenant.id, _AT),
    Claim("unique_name", V1_USER, ALWAYS, _unique_name, _AT),
    Claim("upn", V1_USER, MEMBER, _upn, _AT),
    Claim("upn", USER, OPTIONAL_WITH_PROFILE, _upn, _OC),
    Claim("uti", EVERY, ALWAYS, lambda d: d.chance.text(16), _AT),
    Claim("ver", EVERY, ALWAYS, lambda d: "1.0" if d.kind in V1 else "2.0", _AT),
    Claim("verified_primary_email", USER, OPTIONAL, _verified_primary, _OC),
    Claim("verified_secondary_email", USER, OPTIONAL, _verified_secondary, _OC),
    Claim("wids", frozenset({Kind.GRAPH_APP}), ALWAYS, lambda _: [APP_ONLY_ROLE], _SEEN),
    Claim("wids", GRAPH_USER, ALWAYS, group_claims.directory_roles, _SEEN),
    Claim("wids", USER, DIRECTORY_ROLES, group_claims.directory_roles, _IT),
    Claim("xms_cc", ACCESS, CAPABLE, lambda d: list(d.authorization.capabilities), _OC),
    Claim("xms_edov", USER, OPTIONAL, _is_email_verified, _OC),
    Claim("xms_ftd", ACCESS, ALWAYS, lambda d: b64url(d.chance.octets(32) + _REGION_TAG), _SEEN),
    Claim("xms_pdl", USER, OPTIONAL, _attribute("preferredDataLocation"), _OC),
    Claim("xms_pl", USER, OPTIONAL, _user_language, _OC),
    Claim("xms_st", GRAPH_USER, ALWAYS, _id_token_subject, _SEEN),
    Claim("xms_tpl", EVERY, OPTIONAL, _tenant_language, _OC),
)  # fmt: skip
"""All claims, in the order of the payload."""

Row = tuple[str, Callable[[Draft], bool] | None, Callable[[Draft], Any]]


@lru_cache(maxsize=1024)
def _rows(kind: Kind, optional: tuple[OptionalClaim, ...]) -> tuple[Row, ...]:
    """The rows that can count for a kind of token and an app that registered these optional claims."""
    asked = {claim.name for claim in optional}
    rows = [
        (row.name, row.condition.holds, row.value)
        for row in CLAIMS
        if kind in row.kinds and (row.name in asked or not row.condition.optional)
    ]
    extensions = [_extension(name) for name in asked if kind in USER and _EXTENSION.fullmatch(name)]
    return tuple(sorted([*rows, *extensions], key=lambda row: _place(row[0])) if extensions else rows)


def _extension(name: str) -> Row:
    """A directory extension: ``extension_{client id without dashes}_{name}`` is the claim ``extn.{name}``."""
    return f"extn.{name.split('_', 2)[2]}", None, _attribute(name)


def _place(name: str) -> tuple[int, str]:
    """Where a claim stands in the payload."""
    return (_FIRST.index(name), "") if name in _FIRST else (len(_FIRST), name)


def fill(draft: Draft) -> dict[str, Any]:
    """The payload of a token, members in the order that Entra has them."""
    payload: dict[str, Any] = {}
    for name, holds, value in _rows(draft.kind, draft.optional):
        if name in payload or (holds is not None and not holds(draft)):
            continue
        found = value(draft)
        if found is not None:
            payload[name] = found
    return _with_extras(draft, payload)


def _with_extras(draft: Draft, payload: dict[str, Any]) -> dict[str, Any]:
    """What was declared for this user and this app besides, and what a test wants, last of all."""
    subject, app, wanted = draft.authorization.subject, draft.app.claims, draft.authorization.claims
    user: Mapping[str, Any] = subject.user.claims if subject else {}
    if not (user or app or wanted):
        return payload
    merged = {**payload, **user, **app, **wanted}
    return {name: merged[name] for name in sorted(merged, key=_place) if merged[name] is not None}
