"""What was consented to, what still has to be, and who may. Follows facts §3.8 and §4.3."""

from mock_idp.directory.models import Application, User
from mock_idp.endpoints import Entra
from mock_idp.endpoints.targets import Target
from mock_idp.errors import EntraError
from mock_idp.facts.directory_roles import DIRECTORY_ROLES
from mock_idp.runtime.tenants import LiveTenant

CONSENTING_ROLES = frozenset(
    DIRECTORY_ROLES[name]
    for name in (
        "Global Administrator",
        "Privileged Role Administrator",
        "Application Administrator",
        "Cloud Application Administrator",
    )
)
"""Who may consent to permissions that ask for an administrator. ED:permissions-consent-overview, K"""


class Consents:
    """What a client may do for one user.

    Args:
        entra: where consents are kept.
        tenant: in which tenant.
        client: who asks.
        user: for whom.
    """

    def __init__(self, entra: Entra, tenant: LiveTenant, client: Application, user: User) -> None:
        self._store = entra.store
        self._tenant = tenant
        self._client = client
        self._user = user

    def granted(self, resource: Application) -> tuple[str, ...]:
        """Every delegated permission on a resource (facts §3.8).

        Administrators' consent comes first, then the user's as declared, then what the API lets the client have without
        consent, then what the user consented to here.
        """
        pair = (self._client.app_id, resource.app_id)
        return tuple(
            dict.fromkeys(
                (
                    *self._tenant.granted_to_all(*pair),
                    *self._tenant.granted_to_user(*pair, self._user.id),
                    *pre_authorized(resource, self._client),
                    *self.recorded(resource.app_id),
                )
            )
        )

    def lacking(self, target: Target, *, again: bool = False) -> tuple[str, ...]:
        """The permissions asked for that nobody consented to.

        ``.default`` asks for those of the app registration, unless there is any consent already (facts §4.3).

        Args:
            target: what is asked for.
            again: ``prompt=consent``: ``.default`` asks although there is consent.
        """
        held = self.granted(target.resource)
        if target.default and held and self._tenant.strict and not again:
            return ()
        return tuple(name for name in target.names if name not in held)

    def recorded(self, resource_id: str) -> tuple[str, ...]:
        """What the user consented to here, in the order granted."""
        return self._store.consented(self._tenant.id, self._client.app_id, self._user.id, resource_id)

    def record(self, resource_id: str, names: tuple[str, ...]) -> None:
        """Remember that the user consented."""
        self._store.consent(self._tenant.id, self._client.app_id, self._user.id, resource_id, names)


def pre_authorized(resource: Application, client: Application) -> tuple[str, ...]:
    """What a client may have of an API without consent (``preAuthorizedApplications``)."""
    for each in resource.pre_authorized:
        if each.app_id == client.app_id:
            return tuple(scope.value for scope in resource.scopes if scope.enabled and scope.id in each.scopes)
    return ()


def check_may_consent(user: User, resource: Application, names: tuple[str, ...], client: Application) -> None:
    """Permissions of type ``Admin`` are an administrator's to consent to.

    Raises:
        EntraError: 90094.
    """
    admin_only = [scope.value for scope in resource.scopes if scope.type == "Admin" and scope.value in names]
    if admin_only and CONSENTING_ROLES.isdisjoint(user.directory_roles):
        raise EntraError(
            90094,
            hint=f"{' '.join(admin_only)} of {resource.display_name} is for administrators to consent to, and "
            f"{user.user_principal_name} is none. Declare a consent grant for {client.display_name}, or sign in once "
            "as somebody with the directory role Global Administrator.",
        )


def nobody_consented(client: Application, resource: Application, names: tuple[str, ...]) -> EntraError:
    """AADSTS65001."""
    what = f"{' '.join(names)} on" if names else "anything of"
    return EntraError(
        65001, app_id=client.app_id, name=client.display_name,
        hint=f"Nobody consented to {what} {resource.display_name}. Ask for it at authorize, so that the user can "
        "agree, or declare a consent grant.",
    )  # fmt: skip
