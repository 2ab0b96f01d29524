"""What a tenant is to endpoints; the tenant that was declared; and Microsoft's own APIs, which are in every tenant."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol
from uuid import uuid5

from mock_idp.directory.models import Application, PermissionScope, Tenant, User
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import GRAPH_APP_ID, GRAPH_SCOPES, NAMESPACE, NIL_GUID, RESOURCES

ALIASES = ("common", "organizations", "consumers")
"""Tenant segments that name no tenant. ED:v2-protocols"""

_KEPT_TENANTS = 1_000

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@lru_cache(maxsize=4096)
def derived_guid(*names: str) -> str:
    """The GUID that these names always get."""
    return str(uuid5(NAMESPACE, "/".join(names)))


def is_guid(text: str) -> bool:
    """Whether ``text`` is a GUID in its usual form, in any case."""
    return _GUID.fullmatch(text.lower()) is not None


def is_domain(text: str) -> bool:
    """Whether ``text`` is a domain name that a tenant could own, in any case."""
    return _DOMAIN.fullmatch(text.lower()) is not None


class LiveTenant(Protocol):
    """A tenant as endpoints see it."""

    id: str
    display_name: str
    domain: str
    region: str
    strict: bool

    def people(self) -> Iterable[User]:
        """Whom the sign-in page offers."""

    def client(self, client_id: str) -> Application:
        """The app registration with this client id; 700016 or 700038 when there is none."""

    def find_resource(self, identifier: str) -> Application | None:
        """The API that a scope prefix names."""

    def user(self, login: str) -> User:
        """The user who signs in with this name; 50034 when there is none."""

    def user_by_id(self, user_id: str) -> User | None:
        """The user with this object id."""

    def granted_to_all(self, client_id: str, resource_id: str) -> tuple[str, ...]:
        """Delegated permissions that an administrator consented to for everybody."""

    def resources_of(self, client_id: str) -> tuple[str, ...]:
        """Client ids of the APIs on which a client has such permissions."""

    def roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:
        """App roles of a resource that a user or service principal holds."""


@lru_cache(maxsize=_KEPT_TENANTS)
def first_party(tenant_id: str) -> dict[str, Application]:
    """Microsoft's APIs in a tenant, by client id and by identifier URI."""
    found: dict[str, Application] = {}
    for row in RESOURCES:
        scopes = GRAPH_SCOPES if row.app_id == GRAPH_APP_ID else dict.fromkeys(row.scopes, NIL_GUID)
        app = Application(
            app_id=row.app_id,
            id=derived_guid(tenant_id, "service principal", row.app_id),
            display_name=row.name,
            identifier_uris=row.identifier_uris,
            scopes=tuple(PermissionScope(id=guid, value=value) for value, guid in scopes.items()),
            first_party=True,
        )
        found.update(dict.fromkeys((row.app_id, *row.identifier_uris), app))
    return found


def check_client_id(client_id: str, tenant: str, near: str = "") -> None:
    """Refuse what can be no client id anywhere.

    Raises:
        EntraError: 700038 or 700016.
    """
    if client_id == NIL_GUID:
        raise EntraError(700038, app_id=client_id, hint="The nil GUID is a placeholder; set your client id.")
    if not is_guid(client_id):
        raise EntraError(
            700016, app_id=client_id, tenant=tenant,
            hint=f"client_id is '{client_id}'; Entra's client ids are GUIDs (any GUID will do here).{near}",
        )  # fmt: skip


def full_name(login: str, domain: str) -> str:
    """A name as it was typed, with the tenant's domain when it has none."""
    login = login.strip().lower()
    return login if "@" in login else f"{login}@{domain}"


class DeclaredTenant:
    """A tenant in which only what was declared exists."""

    strict = True

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.id = tenant.id
        self.display_name = tenant.display_name
        self.domain = tenant.domains[0]
        self.region = tenant.region
        self._users = {user.user_principal_name.lower(): user for user in tenant.users}
        self._users_by_id = {user.id: user for user in tenant.users}
        self._apps = {app.app_id: app for app in tenant.applications}
        self._resources = dict(self._apps)
        for app in tenant.applications:
            self._resources.update(dict.fromkeys((uri.lower() for uri in app.identifier_uris), app))

    def people(self) -> Iterable[User]:
        """See :class:`LiveTenant`."""
        return self.tenant.users

    def client(self, client_id: str) -> Application:
        """See :class:`LiveTenant`."""
        app = self._apps.get(client_id.lower())
        if app is None:
            known = ", ".join(f"{a.app_id} ({a.display_name})" for a in self.tenant.applications)
            check_client_id(client_id, self.display_name, f" {self.display_name} knows {known}.")
            raise EntraError(
                700016, app_id=client_id, tenant=self.display_name,
                hint=f"{self.display_name} is declared, therefore strict. It knows {known}. Any other tenant id takes "
                "any client id.",
            )  # fmt: skip
        return app

    def find_resource(self, identifier: str) -> Application | None:
        """See :class:`LiveTenant`."""
        return self._resources.get(identifier.lower()) or first_party(self.id).get(identifier.lower())

    def user(self, login: str) -> User:
        """See :class:`LiveTenant`."""
        found = self._users.get(full_name(login, self.domain))
        if found is None:
            names = [user.user_principal_name for user in self.tenant.users]
            from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

            near = get_close_matches(full_name(login[:200], self.domain), names, n=1) or names[:1]
            raise EntraError(
                50034, tenant=self.display_name,
                hint=f"'{login[:200]}' is not a user of {self.display_name}. Nearest: {', '.join(near)}.",
            )  # fmt: skip
        return found

    def user_by_id(self, user_id: str) -> User | None:
        """See :class:`LiveTenant`."""
        return self._users_by_id.get(user_id)

    def granted_to_all(self, client_id: str, resource_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return tuple(
            scope
            for grant in self.tenant.grants
            if (grant.client_id, grant.resource_id) == (client_id, resource_id)
            for scope in grant.scopes
        )

    def resources_of(self, client_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return tuple(grant.resource_id for grant in self.tenant.grants if grant.client_id == client_id)

    def roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return tuple(
            assignment.value
            for assignment in self.tenant.role_assignments
            if (assignment.principal_id, assignment.resource_id) == (principal_id, resource_id)
        )
