"""Microsoft's own APIs as app registrations of a tenant, from :mod:`mock_idp.facts.microsoft_apis`."""

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import Application, PermissionScope
from mock_idp.facts.microsoft_apis import GRAPH_ADMIN_SCOPES, RESOURCES


def microsofts(tenant_id: str = "") -> tuple[Application, ...]:
    """All of them, with the service principals that they have in a tenant."""
    return tuple(
        Application(
            app_id=row.app_id,
            id=derived_guid(tenant_id, "service principal", row.app_id),
            display_name=row.name,
            identifier_uris=tuple(each for uri in row.identifier_uris for each in (uri, f"{uri}/")),
            scopes=tuple(
                PermissionScope(
                    id=guid or derived_guid(row.app_id, "scope", value),
                    value=value,
                    type="Admin" if value in GRAPH_ADMIN_SCOPES else "User",
                )
                for value, guid in row.scopes.items()
            ),
            requested_access_token_version=row.version,
            first_party=True,
        )
        for row in RESOURCES
    )
