"""The claims table: which claim, in which token, when, from where, in which form.

Follows ED:access-token-claims-reference, ED:id-token-claims-reference and ED:optional-claims-reference; member order as
observed (facts §5.4). The manifest that counts is that of the app the token is for (facts §5.5). A row whose value is
``None`` leaves its claim out; of several rows for one claim the first that gives a value wins. ``docs/claims.md`` and
``mock-idp list claims`` read the same rows.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from mock_idp.directory.models import Application
from mock_idp.tokens import conditions as when
from mock_idp.tokens import formats as form
from mock_idp.tokens import values as of
from mock_idp.tokens.conditions import ALWAYS, FIRST_PARTY, KNOWN, OPTIONAL, OPTIONAL_NAME, Condition
from mock_idp.tokens.drafts import (
    ACCESS,
    APP_ONLY,
    EVERY,
    FIRST_PARTY_USER,
    GRAPH,
    GRAPH_APP,
    GRAPH_USER,
    ID,
    TOKENS,
    USER,
    USER_ACCESS,
    V1_ACCESS,
    V1_APP,
    V1_USER,
    V2_ACCESS,
    V2_USER,
    Draft,
    Kind,
    described,
)
from mock_idp.tokens.formats import Format
from mock_idp.tokens.values import Value

BACKDATED_SECONDS = 300
"""``iat`` and ``nbf`` lie this far before the time of issue (facts §0.1)."""

_FIRST = ("aud", "iss", "iat", "nbf", "exp")


class Claim(NamedTuple):
    """A row of the table.

    Attributes:
        name: one that ends in ``*`` stands for several claims, and its value is a mapping of them.
        source: the reference.
    """

    name: str
    kinds: frozenset[Kind]
    condition: Condition
    value: Value
    format: Format
    source: str


_AT = "ED:access-token-claims-reference"
_IT = "ED:id-token-claims-reference"
_OC = "ED:optional-claims-reference"
_GROUPS = "ED:optional-claims"
_CM = "ED:reference-claims-mapping-policy-type"
_CONTEXT = "ED:developer-guide-conditional-access-authentication-context"
_SEEN = "decoded tokens 2025-02 to 2026-09 [O]"
_KNOWN = "widely known [K]"
_OURS = "this mock"

CLAIMS = (
    Claim("aud", EVERY, ALWAYS, of.AUDIENCE, form.TEXT, _AT),
    Claim("iss", EVERY, ALWAYS, of.ISSUER, form.ISSUER, _AT),
    Claim("iat", EVERY, ALWAYS, of.BACKDATED, form.SECONDS, _AT),
    Claim("nbf", EVERY, ALWAYS, of.BACKDATED, form.SECONDS, _AT),
    Claim("exp", EVERY, ALWAYS, of.END, form.SECONDS, _AT),
    Claim("_claim_names", EVERY, when.OVERAGE, of.OVERAGE_NAMES, form.NAMES_OBJECT, _AT),
    Claim("_claim_sources", EVERY, when.OVERAGE, of.OVERAGE_SOURCES, form.SOURCES_OBJECT, _AT),
    Claim("acct", GRAPH_USER, ALWAYS, of.ACCOUNT_KIND, form.MEMBER_OR_GUEST, _SEEN),
    Claim("acct", USER, OPTIONAL, of.ACCOUNT_KIND, form.MEMBER_OR_GUEST, _OC),
    Claim("acr", V1_USER - ID, ALWAYS, of.NORMAL, form.LEVEL, _AT),
    Claim("acrs", USER, when.CONTEXT, of.CONTEXTS, form.TEXTS, _CONTEXT),
    Claim("acrs", FIRST_PARTY_USER, when.SECOND_FACTOR, of.FIRST_CONTEXT, form.TEXTS, _SEEN),
    Claim("aio", ACCESS, ALWAYS, of.REUSE, form.BASE64, _SEEN),
    Claim("amr", V1_USER, ALWAYS, of.METHODS, form.TEXTS, _AT),
    Claim("app_displayname", GRAPH, ALWAYS, of.CLIENT_NAME, form.TEXT, _SEEN),
    Claim("appid", V1_ACCESS, ALWAYS, of.CLIENT, form.GUID, _AT),
    Claim("appidacr", V1_ACCESS, ALWAYS, of.CLIENT_PROOF, form.PROOF, _AT),
    Claim("at_hash", ID, when.WITH_TOKEN, of.TOKEN_HASH, form.HALF_HASH, _IT),
    Claim("auth_time", ID, when.MAX_AGE, of.SIGN_IN_TIME, form.SECONDS, _IT),
    Claim("auth_time", USER, OPTIONAL, of.SIGN_IN_TIME, form.SECONDS, _OC),
    Claim("azp", V2_ACCESS, ALWAYS, of.CLIENT, form.GUID, _AT),
    Claim("azpacr", V2_ACCESS, ALWAYS, of.CLIENT_PROOF, form.PROOF, _AT),
    Claim("c_hash", ID, when.WITH_CODE, of.CODE_HASH, form.HALF_HASH, _IT),
    Claim("ctry", USER, OPTIONAL, of.COUNTRY, form.COUNTRY, _OC),
    Claim("deviceid", USER, KNOWN, of.DEVICE, form.GUID, _KNOWN),
    Claim("email", USER, when.GUEST, of.MAIL, form.TEXT, _OC),
    Claim("email", ID, when.EMAIL, of.MAIL, form.TEXT, "ED:scopes-oidc"),
    Claim("email", USER, OPTIONAL, of.MAIL, form.TEXT, _OC),
    Claim("family_name", V1_USER, KNOWN, of.SURNAME, form.TEXT, _AT),
    Claim("family_name", V2_USER, OPTIONAL_NAME, of.SURNAME, form.TEXT, _OC),
    Claim("fwd", USER, OPTIONAL, of.FORWARDED, form.TEXT, _OC),
    Claim("given_name", V1_USER, KNOWN, of.GIVEN_NAME, form.TEXT, _AT),
    Claim("given_name", V2_USER, OPTIONAL_NAME, of.GIVEN_NAME, form.TEXT, _OC),
    Claim("groups", EVERY, when.GROUPS, of.GROUPS, form.TEXTS, _AT),
    Claim("hasgroups", EVERY, when.HAS_GROUPS, of.HAS_GROUPS, form.FLAG, _AT),
    Claim("idp", USER, when.GUEST, of.IDENTITY_PROVIDER, form.TEXT, _AT),
    Claim("idp", V1_APP, ALWAYS, of.OWN_ISSUER, form.ISSUER, _SEEN),
    Claim("idtyp", FIRST_PARTY_USER | V1_APP, FIRST_PARTY, of.USER_OR_APP, form.USER_OR_APP, _SEEN),
    Claim("idtyp", APP_ONLY, OPTIONAL, of.USER_OR_APP, form.USER_OR_APP, _OC),
    Claim("idtyp", USER_ACCESS, when.OPTIONAL_FOR_USERS, of.USER_OR_APP, form.USER_OR_APP, _OC),
    Claim("in_corp", V1_USER, KNOWN, of.IN_CORP, form.TRUE, _AT),
    Claim("in_corp", V2_USER, OPTIONAL, of.IN_CORP, form.TRUE, _OC),
    Claim("ipaddr", V1_USER, ALWAYS, of.ADDRESS, form.TEXT, _AT),
    Claim("ipaddr", V2_USER, OPTIONAL, of.ADDRESS, form.TEXT, _OC),
    Claim("login_hint", USER, OPTIONAL, of.LOGIN_HINT, form.HINT, _OC),
    Claim("name", V1_USER, ALWAYS, of.DISPLAY_NAME, form.TEXT, _AT),
    Claim("name", V2_USER, when.PROFILE, of.DISPLAY_NAME, form.TEXT, _IT),
    Claim("nonce", ID, when.NONCE, of.NONCE, form.TEXT, _IT),
    Claim("oid", EVERY, ALWAYS, of.USER_ID, form.GUID, _AT),
    Claim("onprem_sid", V1_USER, KNOWN, of.ON_PREMISES_SID, form.TEXT, _AT),
    Claim("onprem_sid", V2_USER, OPTIONAL, of.ON_PREMISES_SID, form.TEXT, _OC),
    Claim("platf", GRAPH_USER, ALWAYS, of.PLATFORM, form.DIGITS, _SEEN),
    Claim("preferred_username", V2_USER, when.PROFILE, of.SIGN_IN_NAME, form.TEXT, _IT),
    Claim("preferred_username", V1_USER, OPTIONAL, of.SIGN_IN_NAME, form.TEXT, _OC),
    Claim("puid", FIRST_PARTY_USER, FIRST_PARTY, of.PUID, form.PUID, _SEEN),
    Claim("pwd_exp", V1_USER, KNOWN, of.PASSWORD_END, form.DIGITS, _AT),
    Claim("pwd_exp", V2_USER, OPTIONAL, of.PASSWORD_END, form.DIGITS, _OC),
    Claim("pwd_url", V1_USER, KNOWN, of.PASSWORD_URL, form.TEXT, _AT),
    Claim("pwd_url", V2_USER, OPTIONAL, of.PASSWORD_URL, form.TEXT, _OC),
    Claim("rh", EVERY, ALWAYS, of.REFERENCE, form.REFERENCE, _SEEN),
    Claim("roles", EVERY, when.ROLES, of.ROLES, form.TEXTS, _AT),
    Claim("scp", USER_ACCESS, ALWAYS, of.SCOPES, form.WORDS, _AT),
    Claim("sid", USER_ACCESS | V2_USER, ALWAYS, of.SESSION, form.GUID, _SEEN),
    Claim("sid", USER, OPTIONAL, of.SESSION, form.GUID, _OC),
    Claim("signin_state", GRAPH_USER, KNOWN, of.SIGN_IN_STATE, form.TEXTS, _SEEN),
    Claim("sub", EVERY, ALWAYS, of.PAIRWISE, form.SUBJECT, _AT),
    Claim("tenant_ctry", EVERY, OPTIONAL, of.TENANT_COUNTRY, form.COUNTRY, _OC),
    Claim("tenant_region_scope", GRAPH, ALWAYS, of.TENANT_REGION, form.TEXT, _SEEN),
    Claim("tenant_region_scope", EVERY, OPTIONAL, of.TENANT_REGION, form.TEXT, _OC),
    Claim("tid", EVERY, ALWAYS, of.TENANT, form.GUID, _AT),
    Claim("unique_name", V1_USER, ALWAYS, of.UNIQUE_NAME, form.TEXT, _AT),
    Claim("upn", V1_USER, when.MEMBER, of.PRINCIPAL_NAME, form.TEXT, _AT),
    Claim("upn", USER, OPTIONAL_NAME, of.PRINCIPAL_NAME, form.TEXT, _OC),
    Claim("uti", EVERY, ALWAYS, of.TOKEN_ID, form.TOKEN_ID, _AT),
    Claim("ver", EVERY, ALWAYS, of.VERSION, form.VERSION, _AT),
    Claim("verified_primary_email", USER, OPTIONAL, of.VERIFIED_PRIMARY, form.TEXTS, _OC),
    Claim("verified_secondary_email", USER, OPTIONAL, of.VERIFIED_SECONDARY, form.TEXTS, _OC),
    Claim("vnet", USER, OPTIONAL, of.NETWORK, form.TEXT, _OC),
    Claim("wids", GRAPH_APP, ALWAYS, of.APPLICATION_ROLE, form.GUIDS, _SEEN),
    Claim("wids", FIRST_PARTY_USER, FIRST_PARTY, of.DIRECTORY_ROLES, form.GUIDS, _SEEN),
    Claim("wids", USER, when.DIRECTORY_ROLES, of.DIRECTORY_ROLES, form.GUIDS, _IT),
    Claim("xms_acd", GRAPH, ALWAYS, of.CLIENT_MADE, form.SECONDS, _SEEN),
    Claim("xms_act_fct", FIRST_PARTY_USER | V1_APP, FIRST_PARTY, of.ACTOR_FACETS, form.TWO_NUMBERS, _SEEN),
    Claim("xms_cc", FIRST_PARTY_USER | V1_APP, when.FIRST_PARTY_CAPABLE, of.CAPABILITIES, form.TEXTS, _SEEN),
    Claim("xms_cc", ACCESS, when.CAPABLE, of.CAPABILITIES, form.TEXTS, _OC),
    Claim("xms_edov", USER, OPTIONAL, of.EMAIL_VERIFIED, form.FLAG, _OC),
    Claim("xms_ftd", ACCESS, ALWAYS, of.FINGERPRINT, form.BASE64URL, _SEEN),
    Claim("xms_idrel", FIRST_PARTY_USER | V1_APP, FIRST_PARTY, of.RELATION, form.TWO_NUMBERS, _SEEN),
    Claim("xms_pdl", USER, OPTIONAL, of.DATA_LOCATION, form.TEXT, _OC),
    Claim("xms_pftexp", GRAPH_USER, ALWAYS, of.END_OF_PROTECTION, form.SECONDS, _SEEN),
    Claim("xms_pl", USER, OPTIONAL, of.USER_LANGUAGE, form.LANGUAGE, _OC),
    Claim("xms_rd", V1_APP, FIRST_PARTY, of.TRACE, form.TRACE, _SEEN),
    Claim("xms_st", GRAPH_USER, ALWAYS, of.ID_TOKEN_SUBJECT, form.SUB_OBJECT, _SEEN),
    Claim("xms_sub_fct", FIRST_PARTY_USER | V1_APP, FIRST_PARTY, of.SUBJECT_FACETS, form.TWO_NUMBERS, _SEEN),
    Claim("xms_tcdt", FIRST_PARTY_USER | V1_APP, FIRST_PARTY, of.TENANT_MADE, form.SECONDS, _SEEN),
    Claim("xms_tdbr", GRAPH, when.EUROPE, of.TENANT_REGION, form.TEXT, _SEEN),
    Claim("xms_tnt_fct", GRAPH, ALWAYS, of.TENANT_FACETS, form.TWO_NUMBERS, _SEEN),
    Claim("xms_tpl", EVERY, OPTIONAL, of.TENANT_LANGUAGE, form.LANGUAGE, _OC),
    Claim("ztdid", USER, OPTIONAL, of.ZERO_TOUCH, form.TEXT, _OC),
)  # fmt: skip
"""All claims that have a name of Entra's, in the order of the payload."""

FAMILIES = (
    Claim("extn.*", USER, when.EXTENSION, of.EXTENSIONS, form.ANYTHING, _GROUPS),
    Claim("*", EVERY, when.MAPPED, of.MAPPED, form.ANYTHING, _CM),
    Claim("*", USER, when.OF_USER, of.USERS_OWN, form.ANYTHING, _OURS),
    Claim("*", EVERY, when.OF_APP, of.APPS_OWN, form.ANYTHING, _OURS),
    Claim("*", EVERY, when.WISHED, of.WISHED, form.ANYTHING, _OURS),
)
"""Claims whose names an app, a directory file or a test chooses. A later one has the last word, and ``None`` takes a
claim out."""

Row = tuple[str, Callable[[Draft], bool] | None, Callable[[Draft], Any]]


class _Plan(NamedTuple):
    """What there is to fill of the tokens of a kind for an app."""

    app: Application
    rows: tuple[Row, ...]
    families: tuple[Callable[[Draft], Any], ...]


_PLANS: dict[tuple[int, Kind], _Plan] = {}
_MOST_PLANS = 4096


def _plan(kind: Kind, app: Application) -> _Plan:
    """Worked out once for each app, which is compared by identity: hashing a registration costs more than filling."""
    key = (id(app), kind)
    known = _PLANS.get(key)
    if known is not None and known.app is app:
        return known
    if len(_PLANS) >= _MOST_PLANS:
        _PLANS.clear()
    optional = app.id_token_claims if kind in ID else app.access_token_claims
    asked = {claim.name for claim in optional}
    rows = [(row.name, row.condition.holds, row.value.read) for row in CLAIMS if _can_count(row, kind, app, asked)]
    chosen = {
        of.EXTENSIONS: kind in USER and any(map(of.is_extension, asked)),
        of.MAPPED: bool(app.claims_mapping),
        of.APPS_OWN: bool(app.claims),
    }
    families = [row.value.read for row in FAMILIES if kind in row.kinds and chosen.get(row.value, True)]
    plan = _Plan(app, tuple(rows), tuple(families))
    _PLANS[key] = plan
    return plan


def _can_count(row: Claim, kind: Kind, app: Application, asked: set[str]) -> bool:
    condition = row.condition
    return (
        kind in row.kinds
        and (not condition.optional or row.name in asked)
        and (condition.registered is None or condition.registered(app))
    )


def fill(draft: Draft) -> dict[str, Any]:
    """The payload of a token, members in the order that Entra has them."""
    plan = _plan(draft.kind, draft.app)
    payload: dict[str, Any] = {}
    for name, holds, read in plan.rows:
        if (holds is None or holds(draft)) and name not in payload:
            value = read(draft)
            if value is not None:
                payload[name] = value
    more: dict[str, Any] = {}
    for members in plan.families:
        more.update(members(draft))
    return _in_order({**payload, **more}) if more else payload


def _in_order(members: dict[str, Any]) -> dict[str, Any]:
    return {name: members[name] for name in sorted(members, key=_place) if members[name] is not None}


def _place(name: str) -> tuple[int, str]:
    """Where a claim stands in the payload."""
    return (_FIRST.index(name), "") if name in _FIRST else (len(_FIRST), name)


def listed() -> Iterator[dict[str, Any]]:
    """The table as ``mock-idp list claims --json`` prints it."""
    for row in (*CLAIMS, *FAMILIES):
        yield {
            "claim": row.name,
            "tokens": described(row.kinds),
            "kinds": [
                {"token": token, "version": version} for kind, (token, version) in TOKENS.items() if kind in row.kinds
            ],
            "optional": row.condition.optional,
            "when": row.condition.about,
            "value": row.value.about,
            "type": row.format.type,
            "format": row.format.about,
            "source": row.source,
        }
