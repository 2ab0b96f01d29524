"""The things a directory holds, named as Entra names them.

Follows the user resource of Microsoft Graph and ED:reference-microsoft-graph-app-manifest.
"""

from dataclasses import dataclass
from typing import Literal

Platform = Literal["web", "spa", "publicClient"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person in a tenant.

    Attributes:
        id: object id, GUID.
        user_principal_name: what is typed to sign in.
        password: what has to be typed; ``None`` when any will do.
        account_enabled: a disabled user is refused with 50057.
    """

    id: str
    user_principal_name: str
    display_name: str
    given_name: str | None = None
    surname: str | None = None
    mail: str | None = None
    job_title: str | None = None
    office_location: str | None = None
    mobile_phone: str | None = None
    business_phones: tuple[str, ...] = ()
    preferred_language: str | None = None
    password: str | None = None
    account_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionScope:
    """A delegated permission that an API exposes (``api.oauth2PermissionScopes``)."""

    id: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRole:
    """An app role (``appRoles``)."""

    id: str
    value: str
    display_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectUri:
    """A registered redirect URI and the platform that it was registered for."""

    uri: str
    platform: Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An app registration with its service principal in one tenant.

    Attributes:
        app_id: the client id.
        id: object id of the service principal, ``oid`` and ``sub`` of app-only tokens.
        identifier_uris: App ID URIs.
        requested_access_token_version: ``None`` or 1 for v1.0 access tokens, 2 for v2.0.
        secrets: client secret values.
        touched: nobody declared it; it was made when first used, and any secret, redirect URI and scope is right.
    """

    app_id: str
    id: str
    display_name: str
    identifier_uris: tuple[str, ...] = ()
    requested_access_token_version: Literal[1, 2] | None = None
    sign_in_audience: str = "AzureADMyOrg"
    redirect_uris: tuple[RedirectUri, ...] = ()
    secrets: tuple[str, ...] = ()
    scopes: tuple[PermissionScope, ...] = ()
    app_roles: tuple[AppRole, ...] = ()
    first_party: bool = False
    touched: bool = False

    @property
    def is_graph(self) -> bool:
        """Whether this is Microsoft Graph, whose scopes are written short."""
        return self.first_party and "https://graph.microsoft.com" in self.identifier_uris

    def exposes(self, scope: str) -> bool:
        """Whether ``scope`` is one of its delegated permissions; names are compared without case (facts §4.3)."""
        wanted = scope.lower()
        return any(each.value.lower() == wanted for each in self.scopes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGrant:
    """Delegated permissions that an administrator granted to a client for everybody (``oauth2PermissionGrants``)."""

    client_id: str
    resource_id: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRoleAssignment:
    """An app role of a resource, held by a user or by an application's service principal."""

    principal_id: str
    resource_id: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A declared tenant. What is not in it does not exist."""

    id: str
    display_name: str
    domains: tuple[str, ...]
    region: str = "EU"
    users: tuple[User, ...] = ()
    applications: tuple[Application, ...] = ()
    grants: tuple[ConsentGrant, ...] = ()
    role_assignments: tuple[AppRoleAssignment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All declared tenants; the first one lends its people to undeclared tenants."""

    tenants: tuple[Tenant, ...]
