"""What ``.default`` finds in a client's registration (``requiredResourceAccess``) that cannot be had. Facts §4.3, §4E.

Asked at the authorization endpoint alone, in declared tenants: at the token endpoint it is 500011, 650057 or 65001.
"""

from mock_idp.directory.models import Application
from mock_idp.endpoints.scopes import DEFAULT, Asked, Item, bare
from mock_idp.errors import EntraError
from mock_idp.runtime.tenants import DeclaredTenant, LiveTenant


def check_listed(asked: Asked, client: Application, tenant: LiveTenant) -> None:
    """An API that is listed and not in this tenant was either never brought here or is gone.

    Raises:
        EntraError: 650052 or 650054.
    """
    listed = {each.resource_app_id for each in client.required_resources}
    if not listed or not isinstance(tenant, DeclaredTenant):
        return
    for item in asked.items:
        if item.name == DEFAULT and tenant.find_resource(bare(item.identifier)) is None:
            _check_removed(item, client, tenant, listed)


def _check_removed(item: Item, client: Application, tenant: DeclaredTenant, listed: set[str]) -> None:
    identifier, name = bare(item.identifier).lower(), client.display_name
    abroad = tenant.abroad(identifier)
    if abroad and abroad.app_id in listed:
        raise EntraError(
            650052, resource_id=abroad.app_id, resource=abroad.display_name, tenant=tenant.id,
            hint=f"{name} lists permissions of {abroad.display_name} (asked for as '{item}'), which only another "
            f"tenant has: its signInAudience is {abroad.sign_in_audience}.",
        )  # fmt: skip
    if not abroad and identifier in listed:
        raise EntraError(
            650054, name=name,
            hint=f"{name} lists permissions of {identifier}, which is registered in no declared tenant.",
        )  # fmt: skip


def check_permissions(resource: Application, client: Application, tenant: LiveTenant) -> None:
    """Of an API that is listed there is a permission for users, and the API has those that are listed.

    Raises:
        EntraError: 65005 or 650056.
    """
    listed = [each for each in client.required_resources if each.resource_app_id == resource.app_id]
    ids = {permission for each in listed for permission in each.scopes}
    unknown = ids - {scope.id for scope in resource.scopes}
    if unknown and not resource.first_party:  # whose permissions our table does not all have
        raise EntraError(
            65005, hint=f"{client.display_name} lists the permission {min(unknown)} of {resource.display_name}, which "
            "has none with that id.",
        )  # fmt: skip
    if listed and not ids and resource.app_id not in tenant.resources_of(client.app_id):
        raise EntraError(
            650056, resource=resource.display_name, app_id=client.app_id,
            hint=f"{client.display_name} lists app roles of {resource.display_name} and no delegated permission, and "
            "nobody consented to one.",
        )  # fmt: skip
