"""Where the values of claims come from: each source with a sentence, and how it is read.

A source that has nothing for a token gives ``None``, which leaves the claim out. What people declare may be of any
type; what does not fit its claim is left out too.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from mock_idp.directory.ids import is_guid
from mock_idp.facts.hosts import issuer_of
from mock_idp.facts.wellknown import APP_ONLY_ROLE
from mock_idp.runtime.sealing import artefact_prefix
from mock_idp.runtime.tenants import external_name, home_name
from mock_idp.tokens import group_claims
from mock_idp.tokens.conditions import is_guest
from mock_idp.tokens.drafts import ID, V1, V1_ACCESS, Draft
from mock_idp.tokens.keys import b64url
from mock_idp.tokens.login_hint import login_hint
from mock_idp.tokens.mapping import mapped

PROTECTED_SECONDS = 24 * 3600
"""``xms_pftexp`` lies this far behind ``exp`` [O] 2026-05."""

_2016, _2020, _FOUR_YEARS = 1_451_606_400, 1_577_836_800, 126_230_400
_REGIONS = {"EU": b"\x01europewest-dsms"}
_ELSEWHERE = b"\x01uswest3-dsms"
_AIO_OF_USERS = b"\x01\x34\x00\xcb\xff\x1c\x00\x00\x00"
_AIO_OF_APPS = b"\x93\x61\x60\x60"
_EXTENSION = re.compile(r"extension_[0-9A-Fa-f]{32}_(.+)")
_CODE = re.compile(r"[A-Z]{2}")
_VERIFIED_BY = ("live.com", "mail", "google.com")
"""Identity providers that check an address. ED:optional-claims-reference, ``xms_edov``"""


class Value(NamedTuple):
    """A source of values.

    Attributes:
        about: for people.
        read: the value for a token; ``None`` leaves the claim out.
    """

    about: str
    read: Callable[[Draft], Any]


@lru_cache(maxsize=4096)
def pairwise(tenant_id: str, user_id: str, app_id: str) -> str:
    """``sub``: the same for a user and an application, another for every other application. 43 characters."""
    return b64url(sha256(f"{tenant_id}/{user_id}/{app_id}".encode()).digest())


@lru_cache(maxsize=4096)
def _made_at(guid: str, after: int) -> int:
    """When a tenant or an app was made, which nobody declares: always the same for one id, within four years."""
    return after + int.from_bytes(sha256(guid.encode()).digest()[:4], "big") % _FOUR_YEARS


@lru_cache(maxsize=4096)
def _puid(user_id: str) -> str:
    return f"10032{sha256(user_id.encode()).hexdigest()[:11].upper()}"


def _audience(d: Draft) -> str:
    named = d.kind in V1_ACCESS and "use_guid" not in d.properties("aud")
    return d.authorization.audience if named else d.app.app_id


def _principal(d: Draft) -> str:
    a = d.authorization
    return a.subject.user.id if a.subject else a.client.id


def _subject(d: Draft) -> str:
    a = d.authorization
    return pairwise(a.tenant.id, a.subject.user.id, d.app.app_id) if a.subject else a.client.id


def _id_token_subject(d: Draft) -> dict[str, str]:
    return {"sub": pairwise(d.authorization.tenant.id, d.user.id, d.authorization.client.app_id)}


def _aio(d: Draft) -> str:
    """Begins as Entra's compressed counter; 76 characters for users, 52 for applications, 32 for these at Graph."""
    if d.authorization.subject:
        return b64encode(_AIO_OF_USERS + d.chance.octets(48)).decode()
    return b64encode(_AIO_OF_APPS + d.chance.octets(20 if d.app.is_graph else 35)).decode()


def _uti(d: Draft) -> str:
    """The bytes of a GUID, its first three groups turned round."""
    raw = bytes.fromhex((d.authorization.request_id or d.chance.guid()[:-2] + "00").replace("-", ""))
    return b64url(raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:])


def _xms_ftd(d: Draft) -> str:
    return b64url(d.chance.octets(32) + _REGIONS.get(d.authorization.tenant.region, _ELSEWHERE))


def _roles(d: Draft) -> list[str] | None:
    a = d.authorization
    if a.roles is not None:
        return list(a.roles) or None
    groups = group_claims.as_roles(d)
    return (list(a.tenant.roles(_principal(d), d.app.app_id)) if groups is None else groups) or None


def _scp(d: Draft) -> str | None:
    a = d.authorization
    return " ".join((*a.scopes, *a.oidc_at_graph)) or None


def _contexts(d: Draft) -> list[str]:
    a = d.authorization
    return list(a.id_contexts if d.kind in ID else a.contexts)


def _upn(d: Draft) -> str | None:
    if not is_guest(d):
        return d.user.user_principal_name
    properties = d.properties("upn")
    name = external_name(d.user, d.authorization.tenant.domain)
    if "include_externally_authenticated_upn" in properties:
        return name
    return name.replace("#", "_") if "include_externally_authenticated_upn_without_hash" in properties else None


def _unique_name(d: Draft) -> str:
    name = home_name(d.user)
    return f"live.com#{name}" if d.user.identity_provider == "live.com" and is_guest(d) else name


def _country(value: object) -> str | None:
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def _is_of_tenant(address: str, d: Draft) -> bool:
    domains = d.authorization.tenant.tenant.domains
    return address.rpartition("@")[2].lower() in [domain.lower() for domain in domains]


def _is_email_verified(d: Draft) -> bool | None:
    """Only beside a claim ``email``."""
    scope = d.kind in ID and "email" in d.authorization.oidc_scopes
    if not (d.user.mail and (is_guest(d) or scope or any(each.name == "email" for each in d.optional))):
        return None
    return _is_of_tenant(d.user.mail, d) or (is_guest(d) and d.user.identity_provider in _VERIFIED_BY)


def _verified_primary(d: Draft) -> list[str] | None:
    return [d.user.mail] if d.user.mail and _is_of_tenant(d.user.mail, d) else None


def _verified_secondary(d: Draft) -> list[str] | None:
    others = d.user.attributes.get("otherMails")
    if not isinstance(others, list | tuple):
        return None
    return [mail for mail in others if isinstance(mail, str) and _is_of_tenant(mail, d)] or None


def _tenant_language(d: Draft) -> str | None:
    language = d.authorization.tenant.tenant.preferred_language
    return language.partition("-")[0].lower() or None if language else None


def _attribute(name: str) -> Value:
    """A user's attribute, if it is text."""
    return Value(f"the user's attribute `{name}`", lambda d: _text(d.user.attributes.get(name)))


def _text(value: object) -> str | None:
    """A declared value as text; ``true`` for a flag that is set."""
    if isinstance(value, bool):
        return "true" if value else None
    return str(value) or None if isinstance(value, str | int) else None


def _flag(name: str) -> Value:
    return Value(
        f"`true`, if the user's attribute `{name}` is", lambda d: "true" if _text(d.user.attributes.get(name)) == "true"
        else None,
    )  # fmt: skip


def _digits(name: str) -> Value:
    def read(d: Draft) -> str | None:
        text = _text(d.user.attributes.get(name))
        return text if text and text.isascii() and text.isdigit() else None

    return Value(f"the user's attribute `{name}`, a number", read)


def _guid(name: str) -> Value:
    def read(d: Draft) -> str | None:
        value = d.user.attributes.get(name)
        return value if isinstance(value, str) and is_guid(value) else None

    return Value(f"the user's attribute `{name}`", read)


def _texts(name: str) -> Value:
    def read(d: Draft) -> list[str] | None:
        found = d.user.attributes.get(name)
        texts = found if isinstance(found, list | tuple) else ()
        return [each for each in texts if isinstance(each, str)] or None

    return Value(f"the user's attribute `{name}`", read)


def _extensions(d: Draft) -> Mapping[str, Any]:
    """Directory extensions among the optional claims: ``extension_{client id}_{name}`` is the claim ``extn.{name}``."""
    found = {each.name: _EXTENSION.fullmatch(each.name) for each in d.optional}
    attributes = d.user.attributes
    return {f"extn.{match[1]}": attributes[name] for name, match in found.items() if match and name in attributes}


def is_extension(name: str) -> bool:
    """Whether an optional claim is a directory extension."""
    return bool(_EXTENSION.fullmatch(name))


def _of_user(d: Draft) -> Mapping[str, Any]:
    subject = d.authorization.subject
    return subject.user.claims if subject else {}


AUDIENCE = Value(
    "the client id of the API, of an id token that of the client; v1.0: the API as it was asked for, unless `use_guid`",
    _audience,
)
ISSUER = Value("the tenant", lambda d: issuer_of(d.authorization.tenant.id, v1=d.kind in V1))
BACKDATED = Value("the time of issue, less 300 seconds", lambda d: d.issued_at)
END = Value("the time of issue, and the lifetime", lambda d: d.expires_at)
END_OF_PROTECTION = Value("`exp`, and a day", lambda d: d.expires_at + PROTECTED_SECONDS)

USER_ID = Value("the object id of the user; without one, of the client's service principal", _principal)
PAIRWISE = Value("made of user and audience; without a user the object id of the client's service principal", _subject)
ID_TOKEN_SUBJECT = Value("`sub` of the client's id tokens for the user", _id_token_subject)
DISPLAY_NAME = Value("the user's `displayName`", lambda d: d.user.display_name)
GIVEN_NAME = Value("the user's `givenName`", lambda d: d.user.given_name)
SURNAME = Value("the user's `surname`", lambda d: d.user.surname)
MAIL = Value("the user's `mail`", lambda d: d.user.mail)
SIGN_IN_NAME = Value("the name that the user signs in with", lambda d: home_name(d.user))
UNIQUE_NAME = Value("the same; `live.com#` before it for a guest with a personal account", _unique_name)
PRINCIPAL_NAME = Value("`userPrincipalName`; a guest's only in the form that the optional claim names", _upn)
ACCOUNT_KIND = Value("the user's `userType`", lambda d: int(is_guest(d)))
IDENTITY_PROVIDER = Value("the guest's home tenant, or `identityProvider`", lambda d: d.user.identity_provider)
OWN_ISSUER = Value("the same as `iss`", lambda d: issuer_of(d.authorization.tenant.id, v1=True))
PUID = Value("made of the user's id", lambda d: _puid(d.user.id))
LOGIN_HINT = Value(
    "made of the user's id, tenant and name",
    lambda d: login_hint(d.user.id, d.authorization.tenant.id, home_name(d.user)),
)
COUNTRY = Value("the user's attribute `country`", lambda d: _country(d.user.attributes.get("country")))
USER_LANGUAGE = Value(
    "the user's `preferredLanguage`",
    lambda d: d.user.preferred_language.lower() if d.user.preferred_language else None,
)
EMAIL_VERIFIED = Value("whether the tenant owns the domain of `mail`, or the guest's provider checks it",
                       _is_email_verified)  # fmt: skip
VERIFIED_PRIMARY = Value("`mail`, if it is of a domain of the tenant", _verified_primary)
VERIFIED_SECONDARY = Value("the user's attribute `otherMails`, those of domains of the tenant", _verified_secondary)
ON_PREMISES_SID = _attribute("onPremisesSecurityIdentifier")
DATA_LOCATION = _attribute("preferredDataLocation")
IN_CORP = _flag("in_corp")
PASSWORD_END = _digits("pwd_exp")
PASSWORD_URL = _attribute("pwd_url")
DEVICE = _guid("deviceid")
FORWARDED = _attribute("fwd")
NETWORK = _attribute("vnet")
ZERO_TOUCH = _attribute("ztdid")
SIGN_IN_STATE = _texts("signin_state")

SESSION = Value("the browser session", lambda d: d.subject.sid)
METHODS = Value("how the user signed in: `pwd`, and `mfa`", lambda d: list(d.subject.amr))
SIGN_IN_TIME = Value("when the user signed in", lambda d: d.subject.auth_time)
ADDRESS = Value("`127.0.0.1`, where everybody is", lambda _: "127.0.0.1")
PLATFORM = Value("always `3`", lambda _: "3")
NORMAL = Value("always `1`", lambda _: "1")
CONTEXTS = Value("those that were asked for: no policy forbids one", _contexts)
FIRST_CONTEXT = Value("always `p1`", lambda _: ["p1"])

CLIENT = Value("the client's id", lambda d: d.authorization.client.app_id)
CLIENT_NAME = Value("the client's `displayName`", lambda d: d.authorization.client.display_name)
CLIENT_PROOF = Value("how the client proved itself", lambda d: d.authorization.client_proof)
CLIENT_MADE = Value(
    "when the client was registered: made of its id", lambda d: _made_at(d.authorization.client.app_id, _2020)
)
CAPABILITIES = Value("as the client wrote them", lambda d: list(d.authorization.capabilities))
NONCE = Value("as it was sent", lambda d: d.authorization.nonce)
CODE_HASH = Value("the left half of the code's SHA-256", lambda d: d.authorization.code_hash)
TOKEN_HASH = Value("the left half of the access token's SHA-256", lambda d: d.authorization.token_hash)

SCOPES = Value("what was consented to on the API; Graph's tokens name `openid profile email` too", _scp)
ROLES = Value("values of the assigned app roles; with `emit_as_roles` groups in their place", _roles)
GROUPS = Value("object ids of the groups, or the names that the optional claim `groups` asks for", group_claims.listed)
HAS_GROUPS = Value("always `true`", lambda _: True)
OVERAGE_NAMES = Value("where groups are found", group_claims.names)
OVERAGE_SOURCES = Value("the address of the list, still on Azure AD Graph", group_claims.sources)
DIRECTORY_ROLES = Value("the user's `directoryRoles`, and the mark that every user has", group_claims.directory_roles)
APPLICATION_ROLE = Value("the mark of applications", lambda _: [APP_ONLY_ROLE])
USER_OR_APP = Value("whether it has a user", lambda d: "user" if d.authorization.subject else "app")

TENANT = Value("the tenant's id", lambda d: d.authorization.tenant.id)
TENANT_COUNTRY = Value("the tenant's `countryLetterCode`", lambda d: _country(d.authorization.tenant.tenant.country))
TENANT_REGION = Value("the tenant's `region`", lambda d: d.authorization.tenant.region)
TENANT_LANGUAGE = Value("the tenant's `preferredLanguage`, its first part", _tenant_language)
TENANT_MADE = Value("when the tenant was made: made of its id", lambda d: _made_at(d.authorization.tenant.id, _2016))

VERSION = Value("the kind of token", lambda d: "1.0" if d.kind in V1 else "2.0")
TOKEN_ID = Value("the answer's `x-ms-request-id`; random without one", _uti)
REUSE = Value("random", _aio)
REFERENCE = Value("tenant and audience", lambda d: artefact_prefix(d.authorization.tenant.id, d.app.app_id))
FINGERPRINT = Value("random, and the region of the tenant", _xms_ftd)
TRACE = Value("random", lambda d: f"0.42LjYB{d.chance.text(54)}")
RELATION = Value("`1 16` for users, `7 28` for applications", lambda d: "1 16" if d.authorization.subject else "7 28")
ACTOR_FACETS = Value("always `3 9`", lambda _: "3 9")
SUBJECT_FACETS = Value("`3 6` for users, `9 3` for applications", lambda d: "3 6" if d.authorization.subject else "9 3")
TENANT_FACETS = Value("always `3 16`", lambda _: "3 16")

EXTENSIONS = Value("the user's attribute of that name", _extensions)
MAPPED = Value("what the app's `claimsMapping` names", mapped)
USERS_OWN = Value("the user's `claims` and `withoutClaims`", _of_user)
APPS_OWN = Value("the app's `claims` and `withoutClaims`", lambda d: d.app.claims)
WISHED = Value("the wish", lambda d: d.authorization.claims)
