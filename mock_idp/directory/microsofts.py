"""Microsoft's own APIs and clients as app registrations of a tenant, from :mod:`mock_idp.facts.microsoft_apis`."""

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import Application, PermissionScope, PreAuthorized, RedirectUri
from mock_idp.facts.microsoft_apis import CLIENTS, GRAPH_ADMIN_SCOPES, RESOURCES, Resource


def microsofts(tenant_id: str = "") -> tuple[Application, ...]:
    """All APIs, with the service principals that they have in a tenant."""
    return tuple(_api(row, tenant_id) for row in RESOURCES)


def microsofts_clients(tenant_id: str) -> dict[str, Application]:
    """Public clients by their ids, likewise."""
    return {
        app_id: Application(
            app_id=app_id,
            id=derived_guid(tenant_id, "service principal", app_id),
            display_name=name,
            sign_in_audience="AzureADMultipleOrgs",
            redirect_uris=(RedirectUri("http://localhost", "publicClient"),),
            fallback_public_client=True,
        )
        for app_id, name in CLIENTS.items()
    }


def _api(row: Resource, tenant_id: str) -> Application:
    scopes = tuple(
        PermissionScope(
            id=guid or derived_guid(row.app_id, "scope", value),
            value=value,
            type="Admin" if value in GRAPH_ADMIN_SCOPES else "User",
        )
        for value, guid in row.scopes.items()
    )
    return Application(
        app_id=row.app_id,
        id=derived_guid(tenant_id, "service principal", row.app_id),
        display_name=row.name,
        identifier_uris=tuple(each for uri in row.identifier_uris for each in (uri, f"{uri}/")),
        scopes=scopes,
        pre_authorized=tuple(PreAuthorized(app_id, tuple(each.id for each in scopes)) for app_id in CLIENTS),
        requested_access_token_version=row.version,
        first_party=True,
    )
