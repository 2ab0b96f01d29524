"""Applications as they were written, in TOML and in Entra's JSON, made into app registrations.

In two steps: first what stands for itself, then what names other applications, once all of them are known.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mock_idp.directory.credentials import certificates, federated, secrets
from mock_idp.directory.ids import derived_guid, is_guid
from mock_idp.directory.models import (
    Application,
    AppRole,
    MappedClaim,
    OptionalClaim,
    PermissionScope,
    Platform,
    PreAuthorized,
    RedirectUri,
    RequiredResource,
)
from mock_idp.directory.names import Names, app_id_named, role_named, scope_named, unknown
from mock_idp.directory.reading import Table
from mock_idp.directory.source import Place
from mock_idp.directory.words import a, shown

_URI = r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)\S+"
_PLATFORMS: tuple[Platform, ...] = ("web", "spa", "publicClient")


def application(tenant_id: str, table: Table, folder: Path | None) -> Application:
    """An app registration without what it says of others.

    Args:
        tenant_id: whose.
        table: what was written.
        folder: what paths are relative to; ``None`` when there is none.

    Raises:
        UserError: something is missing, or is there twice.
    """
    name = table.get("displayName") or (f"app {table['appId'][:8]}" if "appId" in table else "")
    name = name or table.required("displayName", "application")
    app_id = table.get("appId") or derived_guid(tenant_id, "application", name.lower())
    scopes = _scopes(tenant_id, app_id, table)
    roles = _roles(tenant_id, app_id, table)
    uris = [text if "/" in text else _uri(text, place, "api://") for text, place in table.texts("identifierUris")]
    if not uris and table.place.source.strict and "identifierUris" not in table and (scopes or roles):
        uris = [f"api://{app_id}"]
    web, principal = table.table("web"), table.table("servicePrincipal")
    implicit, claims = web.table("implicitGrantSettings"), table.table("optionalClaims")
    version = _of_api(table, "requestedAccessTokenVersion")
    return Application(
        app_id=app_id,
        id=principal.get("id") or derived_guid(tenant_id, "service principal", app_id),
        display_name=name,
        identifier_uris=tuple(dict.fromkeys(uris)),
        requested_access_token_version=2 if version == 2 else 1 if version == 1 else None,  # noqa: PLR2004
        sign_in_audience=table.get("signInAudience") or "AzureADMyOrg",
        redirect_uris=_redirect_uris(table),
        secrets=secrets(table),
        certificates=tuple(certificates(table, folder)),
        federated_credentials=tuple(federated(each, folder) for each in table.tables("federatedIdentityCredentials")),
        scopes=scopes,
        app_roles=roles,
        accept_mapped_claims=bool(_of_api(table, "acceptMappedClaims")),
        claims_mapping=tuple(map(_mapped_claim, table.tables("claimsMapping"))),
        token_lifetime=table.get("tokenLifetime"),
        group_membership_claims=tuple(
            name for name in dict.fromkeys(table.get("groupMembershipClaims", ())) if name != "None"
        ),
        id_token_claims=_optional_claims(claims, "idToken"),
        access_token_claims=_optional_claims(claims, "accessToken"),
        implicit_access_tokens=implicit.get("enableAccessTokenIssuance", False),
        implicit_id_tokens=implicit.get("enableIdTokenIssuance", False),
        fallback_public_client=table.get("isFallbackPublicClient", False),
        logout_url=web.get("logoutUrl") or None,
        assignment_required=principal.get("appRoleAssignmentRequired", False),
        account_enabled=principal.get("accountEnabled", True),
        claims=table.get("claims", {}) | dict.fromkeys(table.get("withoutClaims", ())),
    )


def linked(app: Application, table: Table, own: Names[Application], others: Names[Application]) -> Application:
    """The app registration with what it says of others.

    Raises:
        UserError: a name is nothing's.
    """
    known = [*table.texts("knownClientApplications"), *table.table("api").texts("knownClientApplications")]
    authorized = table.tables("preAuthorizedApplications") + table.table("api").tables("preAuthorizedApplications")
    required = [_required(each, own, others) for each in table.tables("requiredResourceAccess")]
    return app._replace(
        known_clients=tuple(app_id_named(name, place, own, others) for name, place in known),
        pre_authorized=tuple(_pre_authorized(app, each, own, others) for each in authorized),
        required_resources=tuple(filter(None, required)),
    )


def _of_api(table: Table, key: str) -> object:
    """A setting of the API, which Entra has in ``api``."""
    return table[key] if key in table else table.table("api").get(key)


def _uri(text: str, place: Place, scheme: str) -> str:
    if place.source.strict and not re.fullmatch(_URI, text):
        raise place.mistake(
            "is no URI.", f"{shown(text)} came; expected one with a scheme, such as {scheme}.",
            f'Write "{scheme}{text.lstrip("/")}".',
        )  # fmt: skip
    return text


def _redirect_uris(table: Table) -> tuple[RedirectUri, ...]:
    texts = [("web", *each) for each in table.texts("redirectUris")]
    texts += [(platform, *each) for platform in _PLATFORMS for each in table.table(platform).texts("redirectUris")]
    found = {}
    for platform, text, place in texts:
        uri = _uri(text, place, "http://localhost:5000/" if text.startswith("/") else "http://")
        found[platform, uri] = RedirectUri(uri=uri, platform=platform)  # type: ignore[arg-type]
    return tuple(found.values())


def _apart(kind: str, tables: Iterable[Table]) -> list[Table]:
    """Permissions or roles by their values; one that the directory file has too is the file's.

    Raises:
        UserError: one is there twice in the same file.
    """
    found: dict[str, Table] = {}
    for table in tables:
        if not table.get("value"):  # Entra lets one be without
            if "id" not in table:
                table.required("value", kind)
            continue
        value = table["value"]
        other = found.get(value.casefold())
        if other and other.place.source is table.place.source:
            raise table.at("value").mistake(
                "is there twice.", f"{shown(value)} is {a(kind)} already.", "Take one of them out."
            )
        found[value.casefold()] = table
    return list(found.values())


def _scopes(tenant_id: str, app_id: str, table: Table) -> tuple[PermissionScope, ...]:
    short = []
    for text, place in table.texts("scopes"):
        short.append(Table(place))
        short[-1]["value"] = text
        short[-1].places["value"] = place
    long = table.table("api").tables("oauth2PermissionScopes") + table.tables("oauth2PermissionScopes")
    return tuple(
        PermissionScope(
            id=each.get("id") or derived_guid(tenant_id, "scope", app_id, each["value"]),
            value=each["value"],
            description=each.get("adminConsentDescription") or each.get("userConsentDescription") or "",
            type="Admin" if each.get("type") == "Admin" else "User",
            enabled=each.get("isEnabled", True),
        )
        for each in _apart("permission scope", long + short)
    )


def _roles(tenant_id: str, app_id: str, table: Table) -> tuple[AppRole, ...]:
    return tuple(
        AppRole(
            id=each.get("id") or derived_guid(tenant_id, "app role", app_id, each["value"]),
            value=each["value"],
            display_name=each.get("displayName") or each["value"],
            allowed_member_types=each.get("allowedMemberTypes") or ("User", "Application"),
            enabled=each.get("isEnabled", True),
        )
        for each in _apart("app role", table.tables("appRoles"))
    )


def _optional_claims(table: Table, key: str) -> tuple[OptionalClaim, ...]:
    return tuple(
        OptionalClaim(
            name=each.required("name", "optional claim"),
            source=each.get("source") or None,
            essential=each.get("essential", False),
            additional_properties=each.get("additionalProperties", ()),
        )
        for each in table.tables(key)
    )


def _mapped_claim(table: Table) -> MappedClaim:
    from mock_idp.facts.restricted_claims import is_restricted  # noqa: PLC0415 - few files have any

    name = table.required("jwtClaimType", "mapped claim")
    if is_restricted(name):
        raise table.at("jwtClaimType").mistake(
            "is a claim of Entra's own.", f"{shown(name)} came; claims of the restricted set cannot be mapped.",
            "Choose another name.",
        )  # fmt: skip
    if "value" in table:
        return MappedClaim(claim=name, value=table["value"])
    wanted = table.get("extensionId") or table.required("id", "mapped claim")
    return MappedClaim(claim=name, source=table.get("source") or "user", id=wanted)


def _pre_authorized(
    app: Application, table: Table, own: Names[Application], others: Names[Application]
) -> PreAuthorized:
    client = table.required("appId", "pre-authorized application")
    names = table.texts("delegatedPermissionIds")
    if "delegatedPermissionIds" not in table:
        ids = tuple(scope.id for scope in app.scopes)
    else:
        ids = tuple(_permission(name, place, app) for name, place in names)
    return PreAuthorized(app_id=app_id_named(client, table.at("appId"), own, others), scopes=ids)


def _permission(name: str, place: Place, api: Application | None) -> str:
    """A delegated permission's id; a GUID that the API does not have is one that this mock does not know."""
    if is_guid(name):
        return name.lower()
    if api is None:
        raise place.mistake("names nothing.", f"The API is not declared, so {shown(name)} cannot be found.",
                            "Write the permission's id.")  # fmt: skip
    return scope_named(api, name, place).id if place.source.strict or api.exposes(name) else ""


def _role(name: str, place: Place, api: Application | None) -> str:
    if is_guid(name):
        return name.lower()
    for role in api.app_roles if api else ():
        if api and role.value == role_named(api, name, place):
            return role.id
    raise unknown("app role", name, place, [role.value for role in api.app_roles] if api else [])


def _required(table: Table, own: Names[Application], others: Names[Application]) -> RequiredResource | None:
    name = table.required("resourceAppId", "required resource")
    found = own.find(name) or others.find(name)
    if not (found or is_guid(name) or table.place.source.strict):
        return None
    app_id = app_id_named(name, table.at("resourceAppId"), own, others)
    api = found[0] if found else None
    scopes = [_permission(name, place, api) for name, place in table.texts("scopes")]
    roles = [_role(name, place, api) for name, place in table.texts("roles")]
    for each in table.tables("resourceAccess"):
        wanted, place = each.required("id", "permission"), each.at("id")
        if each.required("type", "permission") == "Scope":
            scopes.append(_permission(wanted, place, api))
        elif place.source.strict or is_guid(wanted):
            roles.append(_role(wanted, place, api))
    return RequiredResource(
        resource_app_id=app_id, scopes=tuple(filter(None, dict.fromkeys(scopes))), roles=tuple(dict.fromkeys(roles))
    )


def twins(apps: Sequence[tuple[Application, Table]]) -> None:
    """Refuse what may be one application's alone.

    Raises:
        UserError: a client id or identifier URI is there twice.
    """
    owners: dict[str, Application] = {}
    for app, table in apps:
        for key, value in [("appId", app.app_id), *(("identifierUris", uri) for uri in app.identifier_uris)]:
            owner = owners.setdefault(value.casefold(), app)
            if owner is app:
                continue
            if key not in table:
                raise table.place.mistake(
                    "has the name of another.",
                    f"Two applications are called {shown(app.display_name)}, so both would get the same client id.",
                    "Give one of them another name, or an appId.",
                )
            raise table.at(key).mistake(
                "is another application's.", f"{shown(value)} belongs to {shown(owner.display_name)} already.",
                "Give one of them another.",
            )  # fmt: skip
