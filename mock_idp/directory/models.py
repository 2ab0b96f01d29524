"""The things a directory holds, named as Entra names them.

Follows the user and group resources of Microsoft Graph and ED:reference-microsoft-graph-app-manifest.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from mock_idp.facts.wellknown import GRAPH_APP_ID

Platform = Literal["web", "spa", "publicClient"]
AppKind = Literal["User", "Application"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class User(NamedTuple):
    """A person in a tenant.

    Attributes:
        id: object id, GUID.
        user_principal_name: what is typed to sign in.
        password: what has to be typed; ``None`` when any will do.
        account_enabled: a disabled user is refused with 50057.
        user_type: a guest has its home elsewhere.
        identity_provider: of a guest, the claim ``idp``: the home tenant's v1.0 issuer, or ``live.com``, ``mail``.
        locked: refused with 50053, as after too many wrong passwords.
        password_expired: refused with 50055.
        mfa_required: has to prove a second factor.
        mfa_registered: has a method to prove it with (``isMfaRegistered``); else refused with 50079 until a sign-in on
            the pages registers one. Counts with ``mfa_required`` alone.
        directory_roles: template ids of directory roles, the claim ``wids``.
        claims: members added to this user's tokens, or replaced in them; ``None`` leaves a claim out.
        attributes: further properties of the Graph user resource, by their Graph names.
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
    user_type: Literal["Member", "Guest"] = "Member"
    identity_provider: str | None = None
    locked: bool = False
    password_expired: bool = False
    mfa_required: bool = False
    mfa_registered: bool = True
    directory_roles: tuple[str, ...] = ()
    claims: Mapping[str, Any] = _NOTHING
    attributes: Mapping[str, Any] = _NOTHING


class Group(NamedTuple):
    """A group.

    Attributes:
        id: object id, GUID.
        members: object ids of users, groups and service principals.
        security_enabled: only security groups count for ``groupMembershipClaims = "SecurityGroup"``.
        on_premises_sam_account_name: of a group synchronised from Active Directory.
        on_premises_domain_name: likewise.
        on_premises_net_bios_name: likewise.
    """

    id: str
    display_name: str
    members: tuple[str, ...] = ()
    security_enabled: bool = True
    on_premises_sam_account_name: str | None = None
    on_premises_domain_name: str | None = None
    on_premises_net_bios_name: str | None = None


class PermissionScope(NamedTuple):
    """A delegated permission that an API exposes (``api.oauth2PermissionScopes``).

    Attributes:
        type: who may consent: ``User``, or ``Admin`` for administrators alone.
        enabled: a disabled one cannot be asked for.
    """

    id: str
    value: str
    description: str = ""
    type: Literal["User", "Admin"] = "User"
    enabled: bool = True


class AppRole(NamedTuple):
    """An app role (``appRoles``).

    Attributes:
        value: what the claim ``roles`` says.
        allowed_member_types: who may hold it.
        enabled: a disabled one is in no token.
    """

    id: str
    value: str
    display_name: str = ""
    allowed_member_types: tuple[AppKind, ...] = ("User", "Application")
    enabled: bool = True


class RedirectUri(NamedTuple):
    """A registered redirect URI and the platform that it was registered for."""

    uri: str
    platform: Platform


class PasswordCredential(NamedTuple):
    """A client secret (``passwordCredentials``).

    Attributes:
        value: the secret; ``None`` when only Entra knows it: a downloaded manifest never holds it.
        hint: its first three characters, which a manifest does hold. Without ``value``, any secret that begins so is
            right.
        ends_at: seconds since 1970; ``None`` for never.
    """

    value: str | None = None
    hint: str = ""
    ends_at: int | None = None


class KeyCredential(NamedTuple):
    """A certificate with which a client signs its assertions (``keyCredentials``).

    Attributes:
        certificate: DER, base64.
        ends_at: seconds since 1970; ``None`` for the certificate's own end.
    """

    certificate: str
    ends_at: int | None = None


class FederatedCredential(NamedTuple):
    """Whose tokens are accepted as a client's assertion (``federatedIdentityCredentials``).

    Attributes:
        keys: the issuer's keys, a JWKS; ``None`` to fetch them from the issuer, as Entra does.
    """

    name: str
    issuer: str
    subject: str
    audiences: tuple[str, ...] = ("api://AzureADTokenExchange",)
    keys: Mapping[str, Any] | None = None


class RequiredResource(NamedTuple):
    """Permissions that a client registered for an API (``requiredResourceAccess``).

    Attributes:
        resource_app_id: the API's client id.
        scopes: ids of delegated permissions.
        roles: ids of app roles.
    """

    resource_app_id: str
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class PreAuthorized(NamedTuple):
    """A client that needs no consent for some of an API's permissions (``api.preAuthorizedApplications``).

    Attributes:
        app_id: the client.
        scopes: ids of delegated permissions.
    """

    app_id: str
    scopes: tuple[str, ...]


class OptionalClaim(NamedTuple):
    """An entry of ``optionalClaims``.

    Attributes:
        source: ``user`` for a directory extension, else ``None``.
        additional_properties: such as ``include_user_token``.
    """

    name: str
    source: str | None = None
    essential: bool = False
    additional_properties: tuple[str, ...] = ()


class MappedClaim(NamedTuple):
    """An entry of a claims mapping (``ClaimsSchema`` of a claims mapping policy).

    Attributes:
        claim: its name in the token (``JwtClaimType``).
        source: whose property ``id`` is; ``audience`` is the app that the token is for.
        value: a constant, in place of a property.
    """

    claim: str
    source: Literal["user", "application", "resource", "audience", "company"] = "user"
    id: str = ""
    value: str | None = None


class Application(NamedTuple):
    """An app registration with its service principal in one tenant.

    Attributes:
        app_id: the client id.
        id: object id of the service principal, ``oid`` and ``sub`` of app-only tokens.
        identifier_uris: App ID URIs.
        requested_access_token_version: ``None`` or 1 for v1.0 access tokens, 2 for v2.0.
        secrets: client secrets.
        certificates: whose keys may sign its assertions.
        federated_credentials: who else may.
        required_resources: what ``.default`` asks for.
        pre_authorized: clients that need no consent.
        known_clients: clients whose consent includes this API's (``knownClientApplications``).
        accept_mapped_claims: claims mapping without a signing key of its own.
        claims_mapping: claims that it names itself, in tokens that are for it; 50146 without ``accept_mapped_claims``.
        token_lifetime: of access and id tokens that are for it, seconds; ``None`` for the usual one.
        group_membership_claims: of ``SecurityGroup``, ``DirectoryRole``, ``ApplicationGroup``, ``All``.
        id_token_claims: optional claims of id tokens for it.
        access_token_claims: optional claims of access tokens for it.
        implicit_access_tokens: ``enableAccessTokenIssuance``.
        implicit_id_tokens: ``enableIdTokenIssuance``.
        fallback_public_client: ``isFallbackPublicClient``: grants without a redirect URI need no secret.
        logout_url: called when a session ends.
        assignment_required: ``appRoleAssignmentRequired`` of the service principal: 50105 for whoever has no role.
        account_enabled: of the service principal; 7000112 when it is disabled.
        claims: members added to, or replaced in, tokens that are for it; ``None`` leaves a claim out.
        touched: nobody declared it; it was made when first used, and any secret, redirect URI and scope is right.
    """

    app_id: str
    id: str
    display_name: str
    identifier_uris: tuple[str, ...] = ()
    requested_access_token_version: Literal[1, 2] | None = None
    sign_in_audience: str = "AzureADMyOrg"
    redirect_uris: tuple[RedirectUri, ...] = ()
    secrets: tuple[PasswordCredential, ...] = ()
    certificates: tuple[KeyCredential, ...] = ()
    federated_credentials: tuple[FederatedCredential, ...] = ()
    scopes: tuple[PermissionScope, ...] = ()
    app_roles: tuple[AppRole, ...] = ()
    required_resources: tuple[RequiredResource, ...] = ()
    pre_authorized: tuple[PreAuthorized, ...] = ()
    known_clients: tuple[str, ...] = ()
    accept_mapped_claims: bool = False
    claims_mapping: tuple[MappedClaim, ...] = ()
    token_lifetime: int | None = None
    group_membership_claims: tuple[str, ...] = ()
    id_token_claims: tuple[OptionalClaim, ...] = ()
    access_token_claims: tuple[OptionalClaim, ...] = ()
    implicit_access_tokens: bool = False
    implicit_id_tokens: bool = False
    fallback_public_client: bool = False
    logout_url: str | None = None
    assignment_required: bool = False
    account_enabled: bool = True
    claims: Mapping[str, Any] = _NOTHING
    first_party: bool = False
    touched: bool = False

    @property
    def is_graph(self) -> bool:
        """Whether this is Microsoft Graph, whose scopes are written short."""
        return self.first_party and self.app_id == GRAPH_APP_ID

    def exposes(self, scope: str) -> bool:
        """Whether ``scope`` is one of its delegated permissions; names are compared without case (facts §4.3)."""
        wanted = scope.lower()
        return any(each.value.lower() == wanted for each in self.scopes)


class ConsentGrant(NamedTuple):
    """Delegated permissions that were granted to a client (``oauth2PermissionGrants``).

    Attributes:
        client_id: the client's app id.
        resource_id: the API's app id.
        scopes: names of the permissions.
        user_id: object id of the user who consented; ``None`` when an administrator did for everybody.
    """

    client_id: str
    resource_id: str
    scopes: tuple[str, ...]
    user_id: str | None = None


class AppRoleAssignment(NamedTuple):
    """An app role of a resource, held by a user, a group or an application's service principal.

    Attributes:
        principal_id: object id of the holder.
        resource_id: the API's app id.
        value: the role's value; empty for the default access that has no role.
    """

    principal_id: str
    resource_id: str
    value: str


class Tenant(NamedTuple):
    """A declared tenant. What is not in it does not exist.

    Attributes:
        country: two letters (``countryLetterCode``), the optional claim ``tenant_ctry``.
        preferred_language: such as ``en``, the optional claim ``xms_tpl``.
    """

    id: str
    display_name: str
    domains: tuple[str, ...]
    region: str = "EU"
    country: str | None = None
    preferred_language: str | None = None
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    applications: tuple[Application, ...] = ()
    grants: tuple[ConsentGrant, ...] = ()
    role_assignments: tuple[AppRoleAssignment, ...] = ()


class Directory(NamedTuple):
    """All declared tenants; the first one lends its people to undeclared tenants."""

    tenants: tuple[Tenant, ...]
