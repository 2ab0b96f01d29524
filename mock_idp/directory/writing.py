"""App registrations as TOML, which the loader reads back as the same."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import (
    Application,
    AppRole,
    MappedClaim,
    OptionalClaim,
    PasswordCredential,
    PermissionScope,
    Platform,
)
from mock_idp.directory.names import Names, first_party, permissions

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_WIDTH = 100

Pair = tuple[str, Any]


def value_text(value: object) -> str:
    """A value as TOML writes it, on one line.

    Raises:
        TypeError: TOML has no such value.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escaped(c)) for c in value) + '"'
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
        case Mapping():
            pairs = ", ".join(f"{key_text(name)} = {value_text(member)}" for name, member in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - the first plane


def key_text(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE.fullmatch(name) else value_text(name)


def pair_text(path: str, value: object) -> str:
    """A key, or several with dots between them, and a value; a long array gets a line for each element."""
    text = f"{path} = {value_text(value)}"
    if isinstance(value, list | tuple) and len(text) > _WIDTH:
        return "\n".join([f"{path} = [", *(f"    {value_text(each)}," for each in value), "]"])
    return text


def table_text(header: str, pairs: Iterable[Pair]) -> str:
    """An element of an array of tables."""
    return "\n".join([f"[[{header}]]", *(pair_text(*pair) for pair in pairs)])


def application_text(app: Application, tenant_id: str) -> str:
    """An application of a tenant; ids that are derived anyway are left out, but for the client id."""
    return table_text("tenants.applications", _application(app, tenant_id))


def _application(app: Application, tenant_id: str) -> Iterator[Pair]:
    yield "displayName", app.display_name
    yield "appId", app.app_id
    if app.identifier_uris or app.scopes or app.app_roles:  # one that exposes something would get one
        yield "identifierUris", app.identifier_uris
    derived = derived_guid(tenant_id, "service principal", app.app_id)
    yield from _said(
        {
            "signInAudience": app.sign_in_audience if app.sign_in_audience != "AzureADMyOrg" else None,
            "requestedAccessTokenVersion": app.requested_access_token_version,
            "redirectUris": _redirect_uris(app, "web"),
            "spa.redirectUris": _redirect_uris(app, "spa"),
            "publicClient.redirectUris": _redirect_uris(app, "publicClient"),
            "web.logoutUrl": app.logout_url,
            "web.implicitGrantSettings.enableIdTokenIssuance": app.implicit_id_tokens,
            "web.implicitGrantSettings.enableAccessTokenIssuance": app.implicit_access_tokens,
            **_credentials(app),
            "isFallbackPublicClient": app.fallback_public_client,
            "oauth2PermissionScopes": [_scope(scope) for scope in app.scopes],
            "preAuthorizedApplications": _pre_authorized(app),
            "knownClientApplications": app.known_clients,
            "acceptMappedClaims": app.accept_mapped_claims,
            "claimsMapping": [_mapped(claim) for claim in app.claims_mapping],
            "tokenLifetime": app.token_lifetime,
            "appRoles": [_role(role) for role in app.app_roles],
            "requiredResourceAccess": _required(app),
            "groupMembershipClaims": app.group_membership_claims,
            "optionalClaims.idToken": [_claim(claim) for claim in app.id_token_claims],
            "optionalClaims.accessToken": [_claim(claim) for claim in app.access_token_claims],
            "servicePrincipal.id": app.id if app.id != derived else None,
            "servicePrincipal.appRoleAssignmentRequired": app.assignment_required,
            "claims": {name: value for name, value in app.claims.items() if value is not None},
            "withoutClaims": [name for name, value in app.claims.items() if value is None],
        }
    )
    if not app.account_enabled:
        yield "servicePrincipal.accountEnabled", False


def _said(pairs: Mapping[str, Any]) -> Iterator[Pair]:
    """The pairs that say something."""
    yield from ((name, value) for name, value in pairs.items() if value not in (None, False, (), [], {}, ""))


def _redirect_uris(app: Application, platform: Platform) -> list[str]:
    return [redirect.uri for redirect in app.redirect_uris if redirect.platform == platform]


def _credentials(app: Application) -> dict[str, Any]:
    short = all(secret == PasswordCredential(value=secret.value) for secret in app.secrets)
    return {
        "secrets": [secret.value for secret in app.secrets] if short else None,
        "passwordCredentials": None if short else [
            dict(_said({"secretText": each.value, "hint": each.hint, "endDateTime": _moment(each.ends_at)}))
            for each in app.secrets
        ],
        "keyCredentials": [
            dict(_said({"key": each.certificate, "endDateTime": _moment(each.ends_at)})) for each in app.certificates
        ],
        "federatedIdentityCredentials": [
            {"name": each.name, "issuer": each.issuer, "subject": each.subject, "audiences": each.audiences}
            for each in app.federated_credentials
        ],
    }  # fmt: skip


def _pre_authorized(app: Application) -> list[dict[str, Any]]:
    return [
        {"appId": each.app_id, "delegatedPermissionIds": [_short(app.scopes, guid) for guid in each.scopes]}
        for each in app.pre_authorized
    ]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _scope(scope: PermissionScope) -> dict[str, Any]:
    return {
        "value": scope.value,
        "id": scope.id,
        **({} if scope.type == "User" else {"type": scope.type}),
        **dict(_said({"adminConsentDescription": scope.description})),
        **({} if scope.enabled else {"isEnabled": False}),
    }


def _role(role: AppRole) -> dict[str, Any]:
    both = role.allowed_member_types == ("User", "Application")
    return {
        "value": role.value,
        "id": role.id,
        **({} if role.display_name == role.value else {"displayName": role.display_name}),
        **({} if both else {"allowedMemberTypes": role.allowed_member_types}),
        **({} if role.enabled else {"isEnabled": False}),
    }


def _claim(claim: OptionalClaim) -> Any:
    more = dict(_said({
        "source": claim.source, "essential": claim.essential, "additionalProperties": claim.additional_properties
    }))  # fmt: skip
    return {"name": claim.name, **more} if more else claim.name


def _mapped(claim: MappedClaim) -> dict[str, Any]:
    if claim.value is not None:
        return {"jwtClaimType": claim.claim, "value": claim.value}
    name = "extensionId" if claim.id.startswith("extension_") else "id"
    source = {} if claim.source == "user" else {"source": claim.source}
    return {"jwtClaimType": claim.claim, **source, name: claim.id}


def _required(app: Application) -> list[dict[str, Any]]:
    microsofts: Names[Application] = first_party()
    found = []
    for each in app.required_resources:
        api = next(iter(microsofts.find(each.resource_app_id)), None)
        scopes = [_short(permissions(api) if api else (), guid) for guid in each.scopes]
        name = api.display_name if api else each.resource_app_id
        found.append({"resourceAppId": name, **dict(_said({"scopes": scopes, "roles": each.roles}))})
    return found


def _short(scopes: Iterable[PermissionScope], guid: str) -> str:
    """A permission's name where it says the same as its id, and nothing else."""
    named = [scope.value for scope in scopes if scope.id == guid]
    return named[0] if len(named) == 1 and re.fullmatch(r"[A-Za-z][A-Za-z._]*", named[0]) else guid
