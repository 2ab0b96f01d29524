"""Microsoft's own APIs and clients as app registrations of a tenant, from :mod:`mock_idp.facts.microsoft_apis`."""

from functools import cache

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import Application, AppRole, PermissionScope, PreAuthorized, RedirectUri
from mock_idp.facts.microsoft_apis import CLIENTS, RESOURCES, Resource


def microsofts(tenant_id: str = "") -> tuple[Application, ...]:
    """All APIs, with the service principals that they have in a tenant."""
    return tuple(_in_tenant(api, tenant_id) for api in _apis())


def microsofts_clients(tenant_id: str) -> tuple[Application, ...]:
    """Public clients, likewise."""
    return tuple(_in_tenant(client, tenant_id) for client in _clients())


def _in_tenant(app: Application, tenant_id: str) -> Application:
    return app._replace(id=derived_guid(tenant_id, "service principal", app.app_id))


@cache
def _apis() -> tuple[Application, ...]:
    return tuple(_api(row) for row in RESOURCES)


@cache
def _clients() -> tuple[Application, ...]:
    return tuple(
        Application(
            app_id=row.app_id,
            id="",
            display_name=row.name,
            sign_in_audience="AzureADMultipleOrgs",
            redirect_uris=(RedirectUri("http://localhost", "publicClient"),),
            fallback_public_client=True,
        )
        for row in CLIENTS
    )


def _api(row: Resource) -> Application:
    return Application(
        app_id=row.app_id,
        id="",
        display_name=row.name,
        identifier_uris=tuple(each for uri in row.identifier_uris for each in (uri, f"{uri}/")),
        scopes=tuple(
            PermissionScope(id=guid, value=value, type="Admin" if value in row.admin_scopes else "User")
            for value, guid in row.scopes.items()
        ),
        app_roles=tuple(
            AppRole(id=guid, value=value, allowed_member_types=("Application",))
            for value, guid in row.app_roles.items()
        ),
        pre_authorized=tuple(
            PreAuthorized(client.app_id, tuple(row.scopes[name] for name in client.scopes.get(row.app_id, row.scopes)))
            for client in CLIENTS
        ),
        requested_access_token_version=row.version,
        first_party=True,
    )
