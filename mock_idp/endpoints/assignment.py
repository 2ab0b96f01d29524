"""Apps that only those may use who were assigned to them (``appRoleAssignmentRequired``). Follows facts §4E, §9."""

from collections.abc import Iterable

from mock_idp.directory.models import Application, User
from mock_idp.errors import EntraError
from mock_idp.runtime.tenants import LiveTenant


def check_assigned(tenant: LiveTenant, user: User, apps: Iterable[Application]) -> None:
    """A user has to be assigned to each of the apps that demand it, directly or as a direct member of a group.

    Raises:
        EntraError: 50105.
    """
    for app in apps:
        if app.assignment_required and not tenant.is_assigned(user.id, app.app_id):
            raise EntraError(
                50105, name=app.display_name, app_id=app.app_id,
                hint=f"{app.display_name} has appRoleAssignmentRequired, and {user.user_principal_name} holds none of "
                f"its roles.{_nested(tenant, user, app)} Assign one, or the default access.",
            ).naming(user.user_principal_name)  # fmt: skip


def _nested(tenant: LiveTenant, user: User, app: Application) -> str:
    """What surprises people: membership through another group does not count."""
    assigned = {each.principal_id for each in tenant.tenant.role_assignments if each.resource_id == app.app_id}
    through = [group.display_name for group in tenant.groups_of(user.id) if group.id in assigned]
    if not through:
        return ""
    return f" The group {through[0]} does, but only its direct members count, and this one is a member of a member."


def check_client_assigned(tenant: LiveTenant, client: Application, resource: Application) -> None:
    """Likewise for an application that acts for itself.

    Raises:
        EntraError: 501051.
    """
    if resource.assignment_required and not tenant.is_assigned(client.id, resource.app_id):
        raise EntraError(
            501051, app_id=client.app_id, name=client.display_name, resource_id=resource.app_id,
            resource=resource.display_name,
            hint=f"{resource.display_name} has appRoleAssignmentRequired; assign one of its app roles to "
            f"{client.display_name}.",
        )  # fmt: skip
