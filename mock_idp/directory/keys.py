"""Every key of the directory file: its name, type and meaning. The loader, docs/directory.md and messages read these.

Names are those of Microsoft Graph and of the app manifest in its format (ED:reference-microsoft-graph-app-manifest);
``also`` holds what the older manifest format and Azure AD Graph called the same (ED:reference-app-manifest).
"""

from typing import Literal, NamedTuple

Kind = Literal[
    "text",
    "prose",
    "name",
    "names",
    "flag",
    "guid",
    "texts",
    "number",
    "lifetime",
    "moment",
    "free",
    "table",
    "tables",
]
"""``name`` names something else in the file, ``names`` is one or several of them."""


class Key(NamedTuple):
    """A key of a table.

    Attributes:
        name: as Entra names it.
        kind: what its value is.
        about: what it means and what it is when left out, for a person.
        section: what is in it, if it is a table or an array of tables.
        choices: the texts that it may be.
        also: older names, understood in Entra's JSON alone.
    """

    name: str
    kind: Kind
    about: str
    section: "Section | None" = None
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Section(NamedTuple):
    """A kind of table.

    Attributes:
        name: what one of them is called.
        keys: what may be in it.
        short: the key that a bare text in place of the table stands for.
        inert: what Entra has there and nothing here depends on; ignored in JSON, refused with that word in TOML.
    """

    name: str
    keys: tuple[Key, ...]
    short: str = ""
    inert: tuple[str, ...] = ()

    def key(self, name: str) -> Key | None:
        """The key of that name."""
        return next((key for key in self.keys if key.name == name), None)


CLAIMS = Key("claims", "free", "Claims to add to tokens, or to replace in them.")
WITHOUT_CLAIMS = Key("withoutClaims", "texts", "Claims to leave out of tokens.")

USER = Section(
    "user",
    (
        Key("userPrincipalName", "text", "What is typed to sign in. Without a domain it gets the tenant's first one. "
            "A guest's is made from `mail`, as Entra makes it."),
        Key("displayName", "text", "The claim `name`. Left out, it is made from the user principal name."),
        Key("id", "guid", "Object id, the claim `oid`. Left out, it is derived from the user principal name."),
        Key("password", "text", "What has to be typed. Left out, any password is right."),
        Key("givenName", "text", "Left out, the first word of the display name."),
        Key("surname", "text", "Left out, the last word of the display name, if it has two."),
        Key("mail", "text", "Left out, the user principal name. Empty for none."),
        Key("jobTitle", "text", "For Graph."),
        Key("officeLocation", "text", "For Graph."),
        Key("mobilePhone", "text", "For Graph."),
        Key("businessPhones", "texts", "For Graph."),
        Key("preferredLanguage", "text", "For Graph, and the claim `xms_pl`."),
        Key("accountEnabled", "flag", "`false`: refused with AADSTS50057."),
        Key("locked", "flag", "`true`: refused with AADSTS50053, as after too many wrong passwords."),
        Key("passwordExpired", "flag", "`true`: refused with AADSTS50055."),
        Key("mfaRequired", "flag", "`true`: has to prove a second factor."),
        Key("mfaRegistered", "flag", "`false`: has none registered yet, and is asked to on the pages; elsewhere it is "
            "AADSTS50079. Counts with `mfaRequired = true` alone. Left out, `true`."),
        Key("userType", "text", "Left out, `Guest` for whoever has a `homeTenant` or an `identityProvider`, else "
            "`Member`.", choices=("Member", "Guest")),
        Key("homeTenant", "name", "Where a guest is at home, by domain, id or name: makes the claim `idp`."),
        Key("identityProvider", "text", "The claim `idp` itself, for guests without a home tenant: `live.com`, "
            "`google.com`, `mail`."),
        Key("directoryRoles", "names", "Directory roles, by display name or template id: the claim `wids`. A Global "
            "Administrator consents for everybody."),
        Key("attributes", "free", "Further properties of the user, by their Graph names (`country`, `department`, "
            "`onPremisesSamAccountName`, extensions): what optional claims are made of."),
        CLAIMS,
        WITHOUT_CLAIMS,
    ),
    short="userPrincipalName",
    inert=("mailNickname", "passwordProfile", "createdDateTime", "deletedDateTime", "identities", "usageLocation"),
)  # fmt: skip

GROUP = Section(
    "group",
    (
        Key("displayName", "text", "Required."),
        Key("id", "guid", "Object id, in the claim `groups`. Left out, it is derived from the name."),
        Key("members", "names", "Users, groups and applications in it, by name or id."),
        Key("securityEnabled", "flag", "`false` for a group that is no security group. Left out, `true`."),
        Key("onPremisesSamAccountName", "text", "Of a group synchronised from Active Directory, for the claim's other "
            "forms."),
        Key("onPremisesDomainName", "text", "Likewise."),
        Key("onPremisesNetBiosName", "text", "Likewise."),
    ),
    short="displayName",
    inert=("description", "mailEnabled", "mailNickname", "groupTypes", "createdDateTime", "visibility"),
)  # fmt: skip

SCOPE = Section(
    "permission scope",
    (
        Key("value", "text", "What the claim `scp` says. Required."),
        Key("id", "guid", "Left out, it is derived from the value."),
        Key("type", "text", "Who may consent: everybody, or administrators alone. Left out, `User`.",
            choices=("User", "Admin")),
        Key("isEnabled", "flag", "`false`: it cannot be asked for. Left out, `true`."),
        Key("adminConsentDescription", "prose", "What it allows."),
        Key("userConsentDescription", "prose", "The same, for a user who consents."),
    ),
    short="value",
    inert=("adminConsentDisplayName", "userConsentDisplayName", "origin", "lang"),
)  # fmt: skip

APP_ROLE = Section(
    "app role",
    (
        Key("value", "text", "What the claim `roles` says. Required."),
        Key("id", "guid", "Left out, it is derived from the value."),
        Key("displayName", "text", "Left out, the value."),
        Key("allowedMemberTypes", "texts", "Who may hold it. Left out, both.", choices=("User", "Application")),
        Key("isEnabled", "flag", "`false`: it is in no token. Left out, `true`."),
    ),
    short="value",
    inert=("description", "origin", "lang"),
)  # fmt: skip

PASSWORD = Section(
    "client secret",
    (
        Key("secretText", "text", "The secret.", also=("value",)),
        Key("hint", "text", "Its first three characters, which is all that a downloaded manifest holds. Without "
            "`secretText`, any secret that begins so is right."),
        Key("endDateTime", "moment", "When it expires (AADSTS7000222). Left out, never.", also=("endDate",)),
    ),
    short="secretText",
    inert=("displayName", "keyId", "startDateTime", "startDate", "customKeyIdentifier"),
)  # fmt: skip

CERTIFICATE = Section(
    "certificate",
    (
        Key("key", "text", "The certificate: DER, in base64.", also=("value",)),
        Key("file", "text", "A PEM file that holds it instead, relative to this file."),
        Key("endDateTime", "moment", "When it expires. Left out, its own end.", also=("endDate",)),
    ),
    short="file",
    inert=("displayName", "keyId", "startDateTime", "startDate", "customKeyIdentifier", "type", "usage"),
)  # fmt: skip

FEDERATED = Section(
    "federated identity credential",
    (
        Key("issuer", "text", "Whose tokens are accepted. Required."),
        Key("subject", "text", "Their `sub`. Required."),
        Key("name", "text", "Left out, the subject."),
        Key("audiences", "texts", "Their `aud`. Left out, `api://AzureADTokenExchange`."),
        Key("keys", "text", "A JWKS file with the issuer's keys, relative to this file. Left out, they are fetched."),
    ),
    inert=("id", "description"),
)

ACCESS = Section(
    "permission",
    (
        Key("id", "name", "Id or name of the permission. Required."),
        Key("type", "text", "A delegated permission or an app role. Required.", choices=("Scope", "Role")),
    ),
)

REQUIRED_RESOURCE = Section(
    "required resource",
    (
        Key("resourceAppId", "name", "The API, by id or name. Required."),
        Key("resourceAccess", "tables", "What is asked of it, in Entra's form.", ACCESS),
        Key("scopes", "names", "Delegated permissions, by name or id, in short."),
        Key("roles", "names", "App roles, by name or id, in short."),
    ),
)

PRE_AUTHORIZED = Section(
    "pre-authorized application",
    (
        Key("appId", "name", "The client, by id or name. Required."),
        Key("delegatedPermissionIds", "names", "Permissions, by name or id. Left out, all.", also=("permissionIds",)),
    ),
    short="appId",
)

OPTIONAL_CLAIM = Section(
    "optional claim",
    (
        Key("name", "text", "Required."),
        Key("source", "text", "`user` for a directory extension."),
        Key("essential", "flag", "As in Entra: it changes nothing."),
        Key("additionalProperties", "texts", "Such as `include_user_token`, `cloud_displayname`, `emit_as_roles`."),
    ),
    short="name",
)

MAPPED_CLAIM = Section(
    "mapped claim",
    (
        Key("jwtClaimType", "text", "The name of the claim. Required."),
        Key("source", "text", "Whose property it is; `audience` is the application that the token is for. Left out, "
            "`user`.", choices=("user", "application", "resource", "audience", "company")),
        Key("id", "text", "The property, by the name that claims mapping has for it: `department`, `employeeid`, "
            "`extensionattribute1`; of an application `displayname` or `objectid`, of a company `tenantcountry`."),
        Key("extensionId", "text", "A directory extension of the user in its place: `extension_{client id}_{name}`."),
        Key("value", "text", "A constant in their place."),
    ),
)  # fmt: skip

OPTIONAL_CLAIMS = Section(
    "set of optional claims",
    (
        Key("idToken", "tables", "In id tokens for this application.", OPTIONAL_CLAIM),
        Key("accessToken", "tables", "In access tokens for this application, as an API.", OPTIONAL_CLAIM),
    ),
    inert=("saml2Token",),
)

SERVICE_PRINCIPAL = Section(
    "service principal",
    (
        Key("id", "guid", "Object id, `oid` and `sub` of app-only tokens. Left out, it is derived from the client id."),
        Key("appRoleAssignmentRequired", "flag", "`true`: AADSTS50105 for whoever holds no role."),
        Key("accountEnabled", "flag", "`false`: AADSTS7000112."),
    ),
)

REDIRECT_URIS = Key("redirectUris", "texts", "Redirect URIs.")

IMPLICIT = Section(
    "set of implicit grant settings",
    (
        Key("enableIdTokenIssuance", "flag", "Id tokens from the authorization endpoint."),
        Key("enableAccessTokenIssuance", "flag", "Access tokens from the authorization endpoint."),
    ),
)

LOGOUT_URL = Key("logoutUrl", "text", "Front-channel logout URL: asked in a hidden frame, with `sid`, at sign-out.")

WEB = Section(
    "web platform",
    (REDIRECT_URIS, LOGOUT_URL, Key("implicitGrantSettings", "table", "The implicit flow.", IMPLICIT)),
    inert=("homePageUrl", "redirectUriSettings"),
)
SPA = Section("single-page platform", (REDIRECT_URIS,))
PUBLIC_CLIENT = Section("mobile and desktop platform", (REDIRECT_URIS,))

_OF_AN_API = (
    Key("requestedAccessTokenVersion", "number", "Version of access tokens for it. Left out, 1, as for a fresh "
        "registration.", also=("accessTokenAcceptedVersion",)),
    Key("oauth2PermissionScopes", "tables", "Delegated permissions that it exposes.", SCOPE,
        also=("oauth2Permissions",)),
    Key("preAuthorizedApplications", "tables", "Clients that need no consent.", PRE_AUTHORIZED),
    Key("knownClientApplications", "names", "Clients whose consent includes this API's, by id or name."),
    Key("acceptMappedClaims", "flag", "Claims mapping without a signing key of its own."),
)  # fmt: skip

API = Section("set of API settings", _OF_AN_API)

APPLICATION = Section(
    "application",
    (
        Key("displayName", "text", "What the rest of the file calls it. Required, unless `appId` is there.",
            also=("name",)),
        Key("appId", "guid", "The client id. Left out, it is derived from the name."),
        Key("identifierUris", "texts", "Application ID URIs. Left out, `api://` and the client id for one that exposes "
            "scopes or app roles."),
        Key("signInAudience", "text", "Whose accounts may sign in. Left out, `AzureADMyOrg`. A multi-tenant app gets "
            "tokens for itself in another declared tenant once it was added there (else AADSTS7000229): by a sign-in, "
            "by an administrator's consent, or by a grant or role assignment of that tenant.",
            choices=("AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount",
                     "PersonalMicrosoftAccount")),
        Key("secrets", "texts", "Client secrets that never expire, in short."),
        Key("redirectUris", "texts", "Redirect URIs of the platform Web, in short."),
        Key("web", "table", "The platform Web.", WEB),
        Key("spa", "table", "The platform single-page application.", SPA),
        Key("publicClient", "table", "The platform mobile and desktop.", PUBLIC_CLIENT),
        Key("isFallbackPublicClient", "flag", '"Allow public client flows".', also=("allowPublicClient",)),
        Key("scopes", "texts", "Delegated permissions that it exposes, in short."),
        Key("api", "table", "Entra's place for the next five, which may also stand here.", API),
        *_OF_AN_API,
        Key("appRoles", "tables", "App roles.", APP_ROLE),
        Key("requiredResourceAccess", "tables", "API permissions: what `.default` asks for.", REQUIRED_RESOURCE),
        Key("optionalClaims", "table", "Optional claims.", OPTIONAL_CLAIMS),
        Key("claimsMapping", "tables", "Claims that it names itself, in tokens that are for it: `ClaimsSchema` of a "
            "claims mapping policy. Needs `acceptMappedClaims`, else AADSTS50146.", MAPPED_CLAIM),
        Key("tokenLifetime", "lifetime", "How long access and id tokens live that are for it: seconds, or a time span "
            "as in a token lifetime policy, `01:30:00`. Left out, as usual."),
        Key("groupMembershipClaims", "names", "Which groups are in tokens. Left out, none.",
            choices=("None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All")),
        Key("passwordCredentials", "tables", "Client secrets in Entra's form.", PASSWORD),
        Key("keyCredentials", "tables", "Certificates that sign the client's assertions.", CERTIFICATE),
        Key("federatedIdentityCredentials", "tables", "Whose tokens are accepted as the client's assertion.",
            FEDERATED),
        Key("servicePrincipal", "table", "Settings of the enterprise application.", SERVICE_PRINCIPAL),
        CLAIMS,
        WITHOUT_CLAIMS,
    ),
    short="displayName",
    inert=(
        "id", "addIns", "applicationTemplateId", "certification", "createdDateTime", "createdByAppId",
        "defaultRedirectUri", "deletedDateTime", "description", "disabledByMicrosoftStatus", "info",
        "isDeviceOnlyAuthSupported", "isDisabled", "isManagementRestricted", "nativeAuthenticationApisEnabled", "notes",
        "oauth2RequirePostResponse", "orgRestrictions", "owners", "parentalControlSettings", "publisherDomain",
        "requestSignatureVerification", "samlMetadataUrl", "serviceManagementReference",
        "servicePrincipalLockConfiguration", "tags", "tokenEncryptionKeyId", "uniqueName", "verifiedPublisher",
    ),
)  # fmt: skip

GRANT = Section(
    "grant",
    (
        Key("client", "name", "The client, by name or id. Required."),
        Key("resource", "name", "The API, by name, id or identifier URI; `Microsoft Graph` too. Required."),
        Key("scopes", "names", "Permissions of the API. Required."),
        Key("user", "name", "Who consented. Left out, an administrator did for everybody."),
    ),
)

ROLE_ASSIGNMENT = Section(
    "role assignment",
    (
        Key("principal", "names", "Users, groups or applications, by name or id. Required."),
        Key("resource", "name", "The API, by name, id or identifier URI. Required."),
        Key("role", "names", "App roles, by value. Left out, the default access, which is in no token."),
    ),
)

TENANT = Section(
    "tenant",
    (
        Key("displayName", "text", "Left out, it is made from the domain."),
        Key("domains", "names", "Domains of its people, the first one where none is typed. Left out, one below "
            "`.example` made from the name."),
        Key("id", "guid", "Left out, it is derived from the first domain."),
        Key("region", "text", "The claim `tenant_region_scope`. Left out, `EU`."),
        Key("countryLetterCode", "text", "Two letters, for the optional claim `tenant_ctry`."),
        Key("preferredLanguage", "text", "Such as `en`, for the optional claim `xms_tpl`."),
        Key("users", "tables", "Who may sign in.", USER),
        Key("groups", "tables", "Groups.", GROUP),
        Key("applications", "tables", "App registrations.", APPLICATION),
        Key("manifests", "names", "Files of Entra's JSON that hold more applications, relative to this file; `*` "
            "stands for any part of a name."),
        Key("grants", "tables", "Delegated permissions that were consented to.", GRANT),
        Key("roleAssignments", "tables", "Who holds which app role.", ROLE_ASSIGNMENT),
    ),
)  # fmt: skip

FILE = Section(
    "directory file",
    (
        Key("tenant", "name", "The tenant that tests mean when they name none, by domain, id or name. Left out, the "
            "first one."),
        Key("multi_resource_code", "text", "What becomes of a code that is redeemed for two resources, as "
            "`--multi-resource-code` says. Left out, `entra`.", choices=("entra", "strict")),
        Key("graph_nonce", "flag", "`false`: Graph tokens have no header `nonce`, so that anybody can verify them, as "
            "`--no-graph-nonce` says. Left out, they have it."),
        Key("tenants", "tables", "Tenants. Left out, the built-in ones.", TENANT),
    ),
)  # fmt: skip

SECTIONS = (
    # in the order in which a reader meets them
    FILE, TENANT, USER, GROUP, APPLICATION, WEB, IMPLICIT, SPA, PUBLIC_CLIENT, API, SCOPE, PRE_AUTHORIZED, APP_ROLE,
    REQUIRED_RESOURCE, ACCESS, OPTIONAL_CLAIMS, OPTIONAL_CLAIM, MAPPED_CLAIM, PASSWORD, CERTIFICATE, FEDERATED,
    SERVICE_PRINCIPAL, GRANT, ROLE_ASSIGNMENT,
)  # fmt: skip
"""All of them."""
