"""The built-in directory: Contoso, its people, and the demo's two applications, already consented.

Contoso is declared, therefore strict: an unknown client, a wrong secret or an unregistered redirect URI is refused.
"""

from mock_idp.directory.models import (
    Application,
    AppRole,
    AppRoleAssignment,
    ConsentGrant,
    Directory,
    PasswordCredential,
    PermissionScope,
    RedirectUri,
    Tenant,
    User,
)
from mock_idp.facts.wellknown import GRAPH_APP_ID

PASSWORD = "contoso-demo"  # noqa: S105 - shown on the sign-in page
"""What all people of Contoso type."""

DOMAIN = "contoso.example"

_ADA = "0a1b2c3d-0001-4a00-9a00-c0ffee000001"
_RITA = "0a1b2c3d-0002-4a00-9a00-c0ffee000002"
_WALT = "0a1b2c3d-0003-4a00-9a00-c0ffee000003"
_DORA = "0a1b2c3d-0004-4a00-9a00-c0ffee000004"


def _person(oid: str, given_name: str, surname: str, job_title: str, *, enabled: bool = True) -> User:
    name = f"{given_name.lower()}@{DOMAIN}"
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
        account_enabled=enabled,
    )


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
)
"""The demo's client."""

CONTOSO = Tenant(
    id="c0705070-7e4a-4000-8000-0000c0705070",
    display_name="Contoso",
    domains=(DOMAIN,),
    users=(
        _person(_ADA, "Ada", "Admin", "Administrator"),
        _person(_RITA, "Rita", "Reader", "Analyst"),
        _person(_WALT, "Walt", "Writer", "Editor"),
        _person(_DORA, "Dora", "Disabled", "Left the company", enabled=False),
    ),
    applications=(API, WEB_APP),
    grants=(
        ConsentGrant(client_id=WEB_APP.app_id, resource_id=API.app_id, scopes=("data.read", "data.write")),
        ConsentGrant(client_id=WEB_APP.app_id, resource_id=GRAPH_APP_ID, scopes=("User.Read",)),
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

DIRECTORY = Directory(tenants=(CONTOSO,))
"""What there is when nobody declares anything."""
