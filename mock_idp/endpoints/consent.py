"""What was consented to, what still has to be, and who may. Follows facts §3.8 and §4.3."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mock_idp.directory.models import Application, AppRoleAssignment, ConsentGrant, User
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


class Wish(NamedTuple):
    """Delegated permissions that somebody is to consent to.

    Attributes:
        client: who gets them: the app that asks, or an API that has to ask another one for the user.
        resource: whose they are.
        names: which.
    """

    client: Application
    resource: Application
    names: tuple[str, ...]


def may_consent_for_all(user: User) -> bool:
    """Whether somebody is an administrator who may consent on behalf of the organization."""
    return not CONSENTING_ROLES.isdisjoint(user.directory_roles)


def check_may_consent(user: User, wish: Wish) -> None:
    """Permissions of type ``Admin`` are an administrator's to consent to.

    Raises:
        EntraError: 90094.
    """
    resource = wish.resource
    admin_only = [scope.value for scope in resource.scopes if scope.type == "Admin" and scope.value in wish.names]
    if admin_only and not may_consent_for_all(user):
        raise EntraError(
            90094,
            hint=f"{' '.join(admin_only)} of {resource.display_name} is for administrators to consent to, and "
            f"{user.user_principal_name} is none. Declare a consent grant for {wish.client.display_name}, or sign in "
            "once as somebody with the directory role Global Administrator.",
        )


def wishes_behind(
    entra: Entra, tenant: LiveTenant, client: Application, user: User, api: Application
) -> list[Wish]:  # fmt: skip
    """Consent to an API that knows the client covers what that API needs of others (``knownClientApplications``).

    Asked for by ``.default`` alone, so that the API can act on behalf of the user. ED:v2-oauth2-on-behalf-of-flow
    """
    if client.app_id not in api.known_clients:
        return []
    consents, found = Consents(entra, tenant, api, user), []
    for required in api.required_resources:
        behind = tenant.find_resource(required.resource_app_id)
        if behind is None:
            continue
        held = consents.granted(behind)
        wanted = (scope.value for scope in behind.scopes if scope.enabled and scope.id in required.scopes)
        fresh = tuple(name for name in wanted if name not in held)
        if fresh:
            found.append(Wish(api, behind, fresh))
    return found


def grant_for_all(
    entra: Entra, tenant: LiveTenant, wishes: Sequence[Wish], assignments: Iterable[AppRoleAssignment] = ()
) -> LiveTenant:
    """Grant permissions to the whole tenant, as an administrator does, until a reset.

    Args:
        entra: where it is kept.
        tenant: whose administrator consents.
        wishes: delegated permissions; those granted already are left out.
        assignments: app roles of applications, likewise.

    Returns:
        The tenant as it is from now on.
    """
    wanted: dict[tuple[str, str], dict[str, None]] = {}
    for wish in wishes:
        pair = (wish.client.app_id, wish.resource.app_id)
        held = tenant.granted_to_all(*pair)
        wanted.setdefault(pair, {}).update(dict.fromkeys(name for name in wish.names if name not in held))
    grants = [
        ConsentGrant(client_id=client_id, resource_id=resource_id, scopes=tuple(names))
        for (client_id, resource_id), names in wanted.items() if names
    ]  # fmt: skip
    roles = [each for each in assignments if each not in tenant.tenant.role_assignments]
    if grants or roles:
        entra.live.change(
            tenant,
            lambda there: there.tenant._replace(
                grants=(*there.tenant.grants, *grants),
                role_assignments=(*there.tenant.role_assignments, *roles),
            ),
        )
    return entra.live.tenant(tenant.id)


def nobody_consented(client: Application, resource: Application, names: tuple[str, ...]) -> EntraError:
    """AADSTS65001."""
    what = f"{' '.join(names)} on" if names else "anything of"
    return EntraError(
        65001, app_id=client.app_id, name=client.display_name,
        hint=f"Nobody consented to {what} {resource.display_name} for {client.display_name}. Ask for it at "
        "authorize, so that the user can agree, or declare a consent grant.",
    )  # fmt: skip
