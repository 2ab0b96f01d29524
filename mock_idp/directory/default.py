"""The built-in directory: Contoso with its people, the demo's two applications and a command-line client; and Fabrikam.

Both are declared, therefore strict: an unknown client, a wrong secret or an unregistered redirect URI is refused. What
the applications ask for is consented to.
"""

from mock_idp.directory.models import (
    Application,
    AppRole,
    AppRoleAssignment,
    ConsentGrant,
    Directory,
    Group,
    PasswordCredential,
    PermissionScope,
    RedirectUri,
    Tenant,
    User,
)
from mock_idp.facts.directory_roles import GLOBAL_ADMINISTRATOR
from mock_idp.facts.hosts import issuer_of
from mock_idp.facts.wellknown import GRAPH_APP_ID

PASSWORD = "contoso-demo"  # noqa: S105 - shown on the sign-in page
"""What all people of both tenants type."""

DOMAIN = "contoso.example"
FABRIKAM_DOMAIN = "fabrikam.example"

CONTOSO_ID = "c0705070-7e4a-4000-8000-0000c0705070"
FABRIKAM_ID = "fab21ca0-7e4a-4000-8000-0000fab21ca0"

GROUPS_OF_OLGA = 250
"""More than a token can list."""

_ADA = "0a1b2c3d-0001-4a00-9a00-c0ffee000001"
_RITA = "0a1b2c3d-0002-4a00-9a00-c0ffee000002"
_WALT = "0a1b2c3d-0003-4a00-9a00-c0ffee000003"
_DORA = "0a1b2c3d-0004-4a00-9a00-c0ffee000004"
_OLGA = "0a1b2c3d-0005-4a00-9a00-c0ffee000005"
_GUS = "0a1b2c3d-0006-4a00-9a00-c0ffee000006"
_MIA = "0a1b2c3d-0007-4a00-9a00-c0ffee000007"


def _person(oid: str, given_name: str, surname: str, job_title: str, domain: str = DOMAIN) -> User:
    name = f"{given_name.lower()}@{domain}"
    return User(
        id=oid,
        user_principal_name=name,
        display_name=f"{given_name} {surname}",
        given_name=given_name,
        surname=surname,
        mail=name,
        job_title=job_title,
        office_location="12/1110",
        business_phones=("+1 412 555 0109",),
        preferred_language="en-US",
        password=PASSWORD,
    )


_GUS_AT_HOME = _person("fab21ca0-0001-4a00-9a00-c0ffee000011", "Gus", "Guest", "Auditor", FABRIKAM_DOMAIN)

API = Application(
    app_id="a91c0de0-0000-4000-8000-00000000a900",
    id="a91c0de0-5e1f-4000-8000-00000000a901",
    display_name="Contoso Data API",
    identifier_uris=("api://a91c0de0-0000-4000-8000-00000000a900",),
    requested_access_token_version=2,
    # its Swagger page signs in as a single-page application
    redirect_uris=(RedirectUri(uri="http://localhost:8000/docs/oauth2-redirect", platform="spa"),),
    scopes=(
        PermissionScope(id="a91c0de0-5c09-4000-8000-000000000001", value="data.read", description="Read the data"),
        PermissionScope(id="a91c0de0-5c09-4000-8000-000000000002", value="data.write", description="Change the data"),
    ),
    app_roles=(
        AppRole(id="a91c0de0-401e-4000-8000-000000000001", value="Data.Reader", display_name="Readers"),
        AppRole(id="a91c0de0-401e-4000-8000-000000000002", value="Data.Writer", display_name="Writers"),
    ),
    group_membership_claims=("SecurityGroup",),
)
"""The demo's resource server."""

WEB_APP_SECRET = "contoso-web-app-secret"  # noqa: S105 - the demo's, works nowhere else
WEB_APP = Application(
    app_id="3eb0a990-0000-4000-8000-000000003eb0",
    id="3eb0a990-5e1f-4000-8000-000000003eb1",
    display_name="Contoso Web App",
    redirect_uris=(
        RedirectUri(uri="http://localhost:5001/callback", platform="web"),
        RedirectUri(uri="http://localhost:5001/", platform="web"),  # where sign-out returns to
    ),
    secrets=(PasswordCredential(value=WEB_APP_SECRET),),
    group_membership_claims=("SecurityGroup",),
)
"""The demo's client."""

CLI = Application(
    app_id="c11c0de0-0000-4000-8000-00000000c11a",
    id="c11c0de0-5e1f-4000-8000-00000000c11b",
    display_name="Contoso CLI",
    redirect_uris=(RedirectUri(uri="http://localhost", platform="publicClient"),),
    fallback_public_client=True,
)
"""A program without a secret: device code, the loopback redirect, and user name with password."""

CONTOSO = Tenant(
    id=CONTOSO_ID,
    display_name="Contoso",
    domains=(DOMAIN,),
    users=(
        _person(_ADA, "Ada", "Admin", "Administrator")._replace(directory_roles=(GLOBAL_ADMINISTRATOR,)),
        _person(_RITA, "Rita", "Reader", "Analyst"),
        _person(_WALT, "Walt", "Writer", "Editor"),
        _person(_OLGA, "Olga", "Overage", "In 250 groups"),
        _GUS_AT_HOME._replace(
            id=_GUS,
            user_principal_name=f"gus_{FABRIKAM_DOMAIN}#EXT#@{DOMAIN}",
            user_type="Guest",
            identity_provider=issuer_of(FABRIKAM_ID, v1=True),
        ),
        _person(_DORA, "Dora", "Disabled", "Left the company")._replace(account_enabled=False),
        _person(_MIA, "Mia", "Multifactor", "Treasurer")._replace(mfa_required=True),
    ),
    groups=tuple(
        Group(id=f"9a0c0de0-{n:04x}-4000-8000-00000000{n:04x}", display_name=f"Project {n:03}", members=(_OLGA,))
        for n in range(1, GROUPS_OF_OLGA + 1)
    ),
    applications=(API, WEB_APP, CLI),
    grants=(
        ConsentGrant(client_id=WEB_APP.app_id, resource_id=API.app_id, scopes=("data.read", "data.write")),
        ConsentGrant(client_id=WEB_APP.app_id, resource_id=GRAPH_APP_ID, scopes=("User.Read",)),
        ConsentGrant(client_id=CLI.app_id, resource_id=API.app_id, scopes=("data.read", "data.write")),
        ConsentGrant(client_id=CLI.app_id, resource_id=GRAPH_APP_ID, scopes=("User.Read",)),
        ConsentGrant(client_id=API.app_id, resource_id=API.app_id, scopes=("data.read", "data.write")),
    ),
    role_assignments=(
        AppRoleAssignment(principal_id=_ADA, resource_id=API.app_id, value="Data.Reader"),
        AppRoleAssignment(principal_id=_ADA, resource_id=API.app_id, value="Data.Writer"),
        AppRoleAssignment(principal_id=_RITA, resource_id=API.app_id, value="Data.Reader"),
        AppRoleAssignment(principal_id=_WALT, resource_id=API.app_id, value="Data.Reader"),
        AppRoleAssignment(principal_id=_WALT, resource_id=API.app_id, value="Data.Writer"),
    ),
)

FABRIKAM = Tenant(
    id=FABRIKAM_ID,
    display_name="Fabrikam",
    domains=(FABRIKAM_DOMAIN,),
    users=(
        _GUS_AT_HOME,
        _person("fab21ca0-0002-4a00-9a00-c0ffee000012", "Fay", "Founder", "Founder", FABRIKAM_DOMAIN)._replace(
            directory_roles=(GLOBAL_ADMINISTRATOR,),
        ),
        _person("fab21ca0-0003-4a00-9a00-c0ffee000013", "Finn", "Fitter", "Fitter", FABRIKAM_DOMAIN),
    ),
)
"""Where Contoso's guest is at home."""

DIRECTORY = Directory(tenants=(CONTOSO, FABRIKAM))
"""What there is when nobody declares anything."""
