"""What a tenant is to endpoints; the tenant that was declared; and Microsoft's own APIs, which are in every tenant."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

from mock_idp.directory.ids import derived_guid, is_guid
from mock_idp.directory.microsofts import microsofts, microsofts_clients
from mock_idp.directory.models import Application, Group, Tenant, User
from mock_idp.errors import EntraError
from mock_idp.facts.microsoft_apis import RESOURCES
from mock_idp.facts.wellknown import NIL_GUID
from mock_idp.runtime.store import Bounded

ALIASES = ("common", "organizations", "consumers")
"""Tenant segments that name no tenant. ED:v2-protocols"""

MULTI_TENANT = ("AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount")
"""Values of ``signInAudience`` with which an app works in other tenants than its own. Facts §9"""

_KEPT_TENANTS = 1_000
_KEPT_ANSWERS = 20_000
"""Of how many principals a tenant remembers groups, and roles on a resource."""

_SHOWN = 8
"""How many names a hint lists."""


class LiveTenant(Protocol):
    """A tenant as endpoints see it."""

    id: str
    display_name: str
    domain: str
    region: str
    strict: bool

    @property
    def tenant(self) -> Tenant:
        """What is declared in it."""

    def people(self) -> Sequence[User]:
        """Whom the sign-in page offers."""

    def client(self, client_id: str) -> Application:
        """The app registration with this client id; 700016 or 700038 when there is none."""

    def find_resource(self, identifier: str) -> Application | None:
        """The API that a scope prefix names."""

    def user(self, login: str, *, directory: str = "") -> User:
        """The user who signs in with this name; 50034, with the directory as it was asked for, when there is none."""

    def find_user(self, login: str) -> User | None:
        """Likewise, ``None`` when there is none."""

    def user_by_id(self, user_id: str) -> User | None:
        """The user with this object id."""

    def granted_to_all(self, client_id: str, resource_id: str) -> tuple[str, ...]:
        """Delegated permissions that an administrator consented to for everybody."""

    def granted_to_user(self, client_id: str, resource_id: str, user_id: str) -> tuple[str, ...]:
        """Delegated permissions that one user was declared to have consented to."""

    def resources_of(self, client_id: str) -> tuple[str, ...]:
        """Client ids of the APIs on which a client has such permissions."""

    def roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:
        """App roles of a resource that a user or service principal holds, itself or as a direct member of a group."""

    def is_assigned(self, principal_id: str, resource_id: str) -> bool:
        """Whether a user or service principal was assigned to a resource, with a role or without."""

    def groups_of(self, principal_id: str) -> tuple[Group, ...]:
        """The groups that somebody is a member of, directly or through other groups; direct ones first."""

    def assigned_groups(self, principal_id: str, resource_id: str) -> tuple[Group, ...]:
        """Those of the groups that somebody is a direct member of which were assigned to a resource."""


@lru_cache(maxsize=_KEPT_TENANTS)
def first_party(tenant_id: str) -> dict[str, Application]:
    """Microsoft's APIs in a tenant, by client id and by identifier URI, in lower case."""
    found: dict[str, Application] = {}
    for app in microsofts(tenant_id):
        found |= {name.lower(): app for name in (app.app_id, *app.identifier_uris)}
    return found


@lru_cache(maxsize=_KEPT_TENANTS)
def first_party_clients(tenant_id: str) -> dict[str, Application]:
    """Microsoft's public clients in a tenant, by client id."""
    return {client.app_id: client for client in microsofts_clients(tenant_id)}


_ACCOUNT = re.compile(r"https://[a-z0-9-]+\.([a-z.]+)/?")
_OF_ACCOUNTS = {domain: row.app_id for row in RESOURCES for domain in row.accounts}


def first_party_of(tenant_id: str, identifier: str) -> Application | None:
    """One of Microsoft's APIs, also by the address of a single account: ``https://shop.documents.azure.com``.

    Args:
        tenant_id: GUID.
        identifier: client id or URI, in lower case.
    """
    known = first_party(tenant_id)
    if found := known.get(identifier):
        return found
    account = _ACCOUNT.fullmatch(identifier)
    return known.get(_OF_ACCOUNTS.get(account[1], "")) if account else None


def check_client_id(client_id: str, tenant: str, known: str = "Any GUID will do here.") -> None:
    """Refuse what can be no client id anywhere.

    Args:
        client_id: as it came.
        tenant: display name of the tenant.
        known: what is right in this tenant, for the hint.

    Raises:
        EntraError: 700038 or 700016.
    """
    if client_id == NIL_GUID:
        raise EntraError(700038, app_id=client_id, hint="The nil GUID is a placeholder; set your client id.")
    if not is_guid(client_id):
        raise EntraError(
            700016, app_id=client_id, tenant=tenant,
            hint=f"client_id is '{client_id}'; Entra's client ids are GUIDs. {known}",
        )  # fmt: skip


def home_name(user: User) -> str:
    """The name that a person signs in with: a guest's is that of the home tenant."""
    if user.user_type == "Member":
        return user.user_principal_name
    if user.mail:
        return user.mail
    local, external, _ = user.user_principal_name.partition("#EXT#")
    name, _, domain = local.rpartition("_")
    return f"{name}@{domain}" if external else user.user_principal_name


def external_name(user: User, domain: str) -> str:
    """A guest's user principal name in the inviting tenant: ``gus_fabrikam.example#EXT#@contoso.example``."""
    if "#EXT#" in user.user_principal_name:
        return user.user_principal_name
    return f"{home_name(user).replace('@', '_')}#EXT#@{domain}"


def full_name(login: str, domain: str) -> str:
    """A name as it was typed, with the tenant's domain when it has none."""
    login = login.strip().lower()
    return login if "@" in login else f"{login}@{domain}"


class DeclaredTenant:
    """A tenant in which only what was declared exists. Its indexes are made when first asked.

    Args:
        tenant: what was declared.
        abroad: finds the app that another declared tenant registered under a client id or an App ID URI.
    """

    strict = True

    def __init__(self, tenant: Tenant, abroad: Callable[[str], Application | None] = lambda _: None) -> None:
        self.tenant = tenant
        self.id = tenant.id
        self.display_name = tenant.display_name
        self.domain = tenant.domains[0]
        self.region = tenant.region
        self._abroad = abroad
        self._visiting: dict[str, tuple[Application, Application]] = {}
        self._memberships: Bounded[str, tuple[Group, ...]] = Bounded(_KEPT_ANSWERS)
        self._roles: Bounded[tuple[str, str], tuple[str, ...]] = Bounded(_KEPT_ANSWERS)

    @cached_property
    def _users(self) -> dict[str, User]:
        return {user.user_principal_name.lower(): user for user in self.tenant.users}

    @cached_property
    def _guests(self) -> dict[str, User]:
        """Guests by the name that they have at home, and by the part of it before the ``@``."""
        found: dict[str, User] = {}
        for user in self.tenant.users:
            if user.user_type == "Guest":
                name = home_name(user).lower()
                found |= {name: user, name.partition("@")[0]: user}
        return found

    @cached_property
    def _users_by_id(self) -> dict[str, User]:
        return {user.id: user for user in self.tenant.users}

    @cached_property
    def _apps(self) -> dict[str, Application]:
        return {app.app_id: app for app in self.tenant.applications}

    @cached_property
    def _resources(self) -> dict[str, Application]:
        found = dict(self._apps)
        for app in self.tenant.applications:
            found.update(dict.fromkeys((uri.lower() for uri in app.identifier_uris), app))
        return found

    @cached_property
    def _service_principals(self) -> frozenset[str]:
        return frozenset(app.id for app in self.tenant.applications)

    @cached_property
    def _grants(self) -> dict[tuple[str, str, str | None], tuple[str, ...]]:
        """Scopes by client, resource and user; ``None`` for everybody."""
        found: dict[tuple[str, str, str | None], tuple[str, ...]] = {}
        for grant in self.tenant.grants:
            key = (grant.client_id, grant.resource_id, grant.user_id)
            found[key] = (*found.get(key, ()), *grant.scopes)
        return found

    @cached_property
    def _granted_resources(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for client_id, resource_id, _ in self._grants:
            found.setdefault(client_id, {})[resource_id] = None
        return {client_id: tuple(resources) for client_id, resources in found.items()}

    @cached_property
    def _added(self) -> frozenset[str]:
        """Client ids and service principals that grants and assignments name."""
        grants = (each for grant in self.tenant.grants for each in (grant.client_id, grant.resource_id))
        assignments = (each for a in self.tenant.role_assignments for each in (a.principal_id, a.resource_id))
        return frozenset((*grants, *assignments))

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {group.id: group for group in self.tenant.groups}

    @cached_property
    def _direct_groups(self) -> dict[str, list[Group]]:
        found: dict[str, list[Group]] = {}
        for group in self.tenant.groups:
            for member in group.members:
                found.setdefault(member, []).append(group)
        return found

    @cached_property
    def _assigned(self) -> dict[tuple[str, str], list[str]]:
        """Roles by holder and resource; an empty one is the default access."""
        found: dict[tuple[str, str], list[str]] = {}
        for each in self.tenant.role_assignments:
            found.setdefault((each.principal_id, each.resource_id), []).append(each.value)
        return found

    @cached_property
    def _assigned_groups(self) -> dict[str, set[str]]:
        """Ids of the groups that were assigned to a resource."""
        found: dict[str, set[str]] = {}
        for holder, resource_id in self._assigned:
            if holder in self._groups:
                found.setdefault(resource_id, set()).add(holder)
        return found

    def people(self) -> Sequence[User]:
        """See :class:`LiveTenant`."""
        return self.tenant.users

    def client(self, client_id: str) -> Application:
        """See :class:`LiveTenant`."""
        app_id = client_id.lower()
        app = self._apps.get(app_id) or first_party_clients(self.id).get(app_id) or self._visitor(app_id)
        if app is None:
            known = some([f"{a.app_id} ({a.display_name})" for a in self.tenant.applications])
            check_client_id(client_id, self.display_name, f"{self.display_name} knows {known}.")
            raise EntraError(
                700016, app_id=client_id, tenant=self.display_name,
                hint=f"{self.display_name} is declared, therefore strict. It knows {known}.{self.elsewhere(app_id)} "
                "An undeclared tenant takes any client id.",
            )  # fmt: skip
        return app

    def has_service_principal(self, client: Application) -> bool:
        """Whether a client was registered here, or what is declared says that it was added: a grant, an assignment."""
        return client.app_id in self._apps or client.app_id in self._added or client.id in self._added

    def abroad(self, identifier: str) -> Application | None:
        """The app that another declared tenant registered under a client id or an App ID URI."""
        return self._abroad(identifier.lower())

    def elsewhere(self, identifier: str) -> str:
        """What to say of an app that only another tenant has; empty when none has it."""
        app = self.abroad(identifier)
        if app is None:
            return ""
        return f" {app.display_name} is registered in another tenant, with signInAudience {app.sign_in_audience}."

    def _visitor(self, identifier: str) -> Application | None:
        """Another tenant's app with the service principal that it has here, if its audience lets it come."""
        app = self._abroad(identifier)
        if app is None or app.sign_in_audience not in MULTI_TENANT:
            return None
        known = self._visiting.get(app.app_id)
        if known is None or known[0] is not app:
            known = (app, app._replace(id=derived_guid(self.id, "service principal", app.app_id)))
            self._visiting[app.app_id] = known
        return known[1]

    def registered(self, identifier: str) -> Application | None:
        """The app that was registered in this tenant with a client id or an App ID URI, in lower case."""
        return self._resources.get(identifier)

    def find_resource(self, identifier: str) -> Application | None:
        """See :class:`LiveTenant`."""
        name = identifier.lower()
        return self._resources.get(name) or first_party_of(self.id, name) or self._visitor(name)

    def find_user(self, login: str) -> User | None:
        """The user who signs in with this name; a guest does with that of the home tenant."""
        name = login.strip().lower()
        for full in [name] if "@" in name else [f"{name}@{domain.lower()}" for domain in self.tenant.domains]:
            if full in self._users:
                return self._users[full]
        return self._guests.get(name)

    def user(self, login: str, *, directory: str = "") -> User:
        """See :class:`LiveTenant`."""
        found = self.find_user(login)
        if found is None:
            raise EntraError(
                50034, tenant=directory or self.id,
                hint=f"'{login[:200]}' is not a user of {self.display_name}. Nearest: {self.nearest(login)}.",
            )  # fmt: skip
        return found

    def nearest(self, login: str) -> str:
        """The user principal name most like a mistyped one; ``nobody`` when the tenant has no users."""
        from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

        names, wanted = list(self._users), full_name(login[:200], self.domain)
        alike = [name for name in names if name[:1] == wanted[:1]] if len(names) > _FEW else names
        return next(iter(get_close_matches(wanted, alike[:_FEW], n=1) or names), "nobody")

    def user_by_id(self, user_id: str) -> User | None:
        """See :class:`LiveTenant`."""
        return self._users_by_id.get(user_id)

    def granted_to_all(self, client_id: str, resource_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self._grants.get((client_id, resource_id, None), ())

    def granted_to_user(self, client_id: str, resource_id: str, user_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self._grants.get((client_id, resource_id, user_id), ())

    def resources_of(self, client_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self._granted_resources.get(client_id, ())

    def roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        pair = (principal_id, resource_id)
        known = self._roles.get(pair)
        if known is None:
            known = self._held_roles(principal_id, resource_id)
            self._roles.put(pair, known)
        return known

    def _held_roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:
        held = list(self._assigned.get((principal_id, resource_id), ()))
        for group in self.assigned_groups(principal_id, resource_id):
            held += self._assigned[group.id, resource_id]
        if not held:
            return ()
        resource = self.find_resource(resource_id)
        if resource is None or resource.first_party:  # whose roles nobody declared
            return tuple(dict.fromkeys(filter(None, held)))
        allowed = self._allowed_roles(resource, principal_id)
        return tuple(dict.fromkeys(value for value in held if value in allowed))

    def _allowed_roles(self, resource: Application, principal_id: str) -> set[str]:
        """The enabled roles of a resource that a principal of this kind may hold."""
        kind = "User" if principal_id in self._users_by_id else "Application"
        is_known = kind == "User" or principal_id in self._service_principals
        return {
            role.value
            for role in resource.app_roles
            if role.enabled and (not is_known or kind in role.allowed_member_types)
        }

    def is_assigned(self, principal_id: str, resource_id: str) -> bool:
        """See :class:`LiveTenant`."""
        return (principal_id, resource_id) in self._assigned or bool(self.assigned_groups(principal_id, resource_id))

    def groups_of(self, principal_id: str) -> tuple[Group, ...]:
        """See :class:`LiveTenant`."""
        known = self._memberships.get(principal_id)
        if known is None:
            known = tuple(self._climb(principal_id))
            self._memberships.put(principal_id, known)
        return known

    def _climb(self, principal_id: str) -> list[Group]:
        """Breadth first; groups that contain each other are met once."""
        found: dict[str, Group] = {}
        waiting = deque(self._direct_groups.get(principal_id, ()))
        while waiting:
            group = waiting.popleft()
            if group.id not in found:
                found[group.id] = group
                waiting += self._direct_groups.get(group.id, ())
        found.pop(principal_id, None)
        return list(found.values())

    def assigned_groups(self, principal_id: str, resource_id: str) -> tuple[Group, ...]:
        """See :class:`LiveTenant`."""
        assigned = self._assigned_groups.get(resource_id)
        if not assigned:
            return ()
        return tuple(group for group in self._direct_groups.get(principal_id, ()) if group.id in assigned)


_FEW = 500
"""Of how many names the nearest is looked for; beyond, only among those with the same first letter."""


def some(names: Sequence[str]) -> str:
    """The first few names, and how many more there are; ``none`` when there are none."""
    shown = ", ".join(names[:_SHOWN]) or "none"
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
