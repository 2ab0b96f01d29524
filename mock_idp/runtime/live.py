"""Who exists right now: what is declared, and in undeclared tenants whatever was touched.

With nothing declared any tenant, client, user and resource works and is made when first used, with ids derived
from names (uuid5), so that they survive a restart. A declared tenant is strict. Each guess is noted in the journal.

What was touched is kept in bounds, and whatever has gone unused for longest is forgotten. Nobody notices: sessions,
codes and refresh tokens name users and apps, which are made again on their next use, with the same ids.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Protocol
from uuid import uuid5

from mock_idp.directory.models import Application, Directory, PermissionScope, Tenant, User
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import (
    CONSUMERS_TENANT,
    GRAPH_APP_ID,
    GRAPH_SCOPES,
    NAMESPACE,
    NIL_GUID,
    RESOURCES,
    UNDECLARED_TENANT,
)
from mock_idp.runtime.store import Bounded

ALIASES = ("common", "organizations", "consumers")
"""Tenant segments that name no tenant. ED:v2-protocols"""

MAX_TENANTS = 1_000
MAX_THINGS = 10_000
MAX_SCOPES = 100

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LOGIN = re.compile(r"[^\s@<>\"\\]{1,64}(@[^\s@<>\"\\]{1,255})?")


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


@lru_cache(maxsize=MAX_TENANTS)
def _first_party(tenant_id: str) -> dict[str, Application]:
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


def _check_client_id(client_id: str, tenant: str, near: str = "") -> None:
    if client_id == NIL_GUID:
        raise EntraError(700038, app_id=client_id, hint="The nil GUID is a placeholder; set your client id.")
    if not is_guid(client_id):
        raise EntraError(
            700016, app_id=client_id, tenant=tenant,
            hint=f"client_id is '{client_id}'; Entra's client ids are GUIDs (any GUID will do here).{near}",
        )  # fmt: skip


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
            _check_client_id(client_id, self.display_name, f" {self.display_name} knows {known}.")
            raise EntraError(
                700016, app_id=client_id, tenant=self.display_name,
                hint=f"{self.display_name} is declared, therefore strict. It knows {known}. Any other tenant id takes "
                "any client id.",
            )  # fmt: skip
        return app

    def find_resource(self, identifier: str) -> Application | None:
        """See :class:`LiveTenant`."""
        return self._resources.get(identifier.lower()) or _first_party(self.id).get(identifier.lower())

    def user(self, login: str) -> User:
        """See :class:`LiveTenant`."""
        found = self._users.get(_full_name(login, self.domain))
        if found is None:
            names = [user.user_principal_name for user in self.tenant.users]
            from difflib import get_close_matches  # noqa: PLC0415 - mistakes only

            near = get_close_matches(_full_name(login[:200], self.domain), names, n=1) or names[:1]
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


class TouchedTenant:
    """A tenant that nobody declared: whatever is asked for exists."""

    strict = False
    region = "EU"

    def __init__(self, live: "LiveDirectory", tenant_id: str, domain: str) -> None:
        self._live = live
        self.id = tenant_id
        self.domain = domain
        self.display_name = domain

    def people(self) -> Iterable[User]:
        """See :class:`LiveTenant`."""
        return self._people

    @cached_property
    def _people(self) -> list[User]:
        """The default directory's people as members of this tenant, whom any password fits."""
        return [
            replace(person, id=derived_guid(self.id, "user", person.user_principal_name), password=None)
            for person in self._live.directory.tenants[0].users
        ]

    def client(self, client_id: str) -> Application:
        """See :class:`LiveTenant`."""
        client_id = client_id.lower()
        _check_client_id(client_id, self.display_name)
        return self._live.touched_app(self.id, client_id)

    def find_resource(self, identifier: str) -> Application:
        """See :class:`LiveTenant`."""
        found = _first_party(self.id).get(identifier.lower())
        if found:
            return found
        bare = identifier.removeprefix("api://").lower()
        app_id = bare if is_guid(bare) else derived_guid(self.id, "application", identifier.lower())
        return self._live.touched_app(self.id, app_id, identifier)

    def user(self, login: str) -> User:
        """See :class:`LiveTenant`."""
        if not (_LOGIN.fullmatch(login) and login.isprintable()):
            raise EntraError(50034, tenant=self.display_name, hint=f"'{login[:200]}' does not look like a user name.")
        name = login.lower()
        for person in self._people:
            if name in (person.user_principal_name, person.user_principal_name.partition("@")[0]):
                return person
        return self._live.touched_user(self.id, _full_name(login, self.domain))

    def user_by_id(self, user_id: str) -> User | None:
        """See :class:`LiveTenant`."""
        lent = next((person for person in self._people if person.id == user_id), None)
        return lent or self._live.known_user(self.id, user_id)

    def granted_to_all(self, client_id: str, resource_id: str) -> tuple[str, ...]:  # noqa: ARG002 - nobody declared any
        """See :class:`LiveTenant`."""
        return ()

    def resources_of(self, client_id: str) -> tuple[str, ...]:  # noqa: ARG002 - nobody declared any
        """See :class:`LiveTenant`."""
        return ()

    def roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:  # noqa: ARG002 - nobody declared any
        """See :class:`LiveTenant`."""
        return ()


class LiveDirectory:
    """All tenants, declared and touched.

    Args:
        directory: the declared ones.
        note: where guesses are told.
    """

    def __init__(self, directory: Directory, *, note: Callable[[str], None]) -> None:
        self.directory = directory
        self._note = note
        self._declared: dict[str, DeclaredTenant] = {}
        for tenant in directory.tenants:
            live = DeclaredTenant(tenant)
            self._declared.update(dict.fromkeys((tenant.id, *tenant.domains), live))
        self.reset()

    def reset(self) -> None:
        """Forget what was touched."""
        self._tenants: Bounded[str, TouchedTenant] = Bounded(MAX_TENANTS)
        self._apps: Bounded[tuple[str, str], Application] = Bounded(MAX_THINGS)
        self._users: Bounded[tuple[str, str], User] = Bounded(MAX_THINGS)

    @property
    def declared(self) -> list[DeclaredTenant]:
        """The declared tenants, in order."""
        return [self._declared[tenant.id] for tenant in self.directory.tenants]

    def tenant(self, segment: str) -> LiveTenant:
        """The tenant that a GUID or a domain names.

        Raises:
            EntraError: 900023 when ``segment`` is neither.
        """
        name = segment.lower()
        declared = self._declared.get(name)
        if declared:
            return declared
        if is_guid(name):
            return self._tenants.get(name) or self._touch_tenant(name, f"{name[:8]}.example")
        if not is_domain(name):
            raise EntraError(
                900023, tenant=segment,
                hint=f"The path names the tenant '{segment}'; expected a tenant id (GUID), a domain, or one of "
                f"{', '.join(ALIASES)}.",
            )  # fmt: skip
        tenant_id = derived_guid("tenant", name)
        touched = self._tenants.get(tenant_id)
        return touched if touched and touched.domain == name else self._touch_tenant(tenant_id, name)

    def home_of(self, client_id: str) -> LiveTenant:
        """The tenant that serves a client on ``common`` and ``organizations``.

        It is the declared client's own, else the documented undeclared one.
        """
        for tenant in self.declared:
            if any(app.app_id == client_id.lower() for app in tenant.tenant.applications):
                return tenant
        return self.tenant(UNDECLARED_TENANT)

    def _touch_tenant(self, tenant_id: str, domain: str) -> TouchedTenant:
        if tenant_id == CONSUMERS_TENANT:
            domain = "outlook.com"
        tenant = TouchedTenant(self, tenant_id, domain)
        gone = self._tenants.put(tenant_id, tenant)
        self._note(f"tenant {domain} ({tenant_id}) is declared nowhere: any client, secret, user and scope works in it")
        if gone:
            self._note(f"more than {self._tenants.limit} undeclared tenants: forgot {gone}")
        return tenant

    def touched_app(self, tenant_id: str, app_id: str, identifier: str = "") -> Application:
        """The app registration made on touch, like a fresh one in the portal: v1.0 access tokens."""
        app = self._apps.get((tenant_id, app_id))
        if app and (not identifier or identifier in app.identifier_uris or identifier == app_id):
            return app
        if app is None:
            app = Application(
                app_id=app_id,
                id=derived_guid(tenant_id, "service principal", app_id),
                display_name=f"app {app_id[:8]}",
                sign_in_audience="AzureADMultipleOrgs",
                touched=True,
            )
            self._note(f"{'resource ' + identifier if identifier else 'client ' + app_id} was made on first use")
        if identifier and identifier != app_id:
            app = replace(app, identifier_uris=(*app.identifier_uris, identifier)[-10:])
        gone = self._apps.put((tenant_id, app_id), app)
        if gone:
            self._note(f"more than {self._apps.limit} undeclared apps: forgot {gone[1]}")
        return app

    def touch_scope(self, tenant_id: str, app_id: str, name: str) -> None:
        """Expose a permission that was asked of a resource made on touch; at most :data:`MAX_SCOPES` are kept."""
        app = self._apps.get((tenant_id, app_id))
        if app and not app.exposes(name):
            scope = PermissionScope(id=derived_guid(tenant_id, "scope", app_id, name), value=name)
            self._apps.put((tenant_id, app_id), replace(app, scopes=(*app.scopes, scope)[-MAX_SCOPES:]))
            self._note(f"scope {name} of {app_id} was made on first use")

    def touched_user(self, tenant_id: str, name: str) -> User:
        """The user made on touch.

        Args:
            tenant_id: whose member.
            name: the full user principal name, in lower case.
        """
        user_id = derived_guid(tenant_id, "user", name)
        known = self._users.get((tenant_id, user_id))
        if known:
            return known
        user = _invented_user(user_id, name)
        gone = self._users.put((tenant_id, user_id), user)
        self._note(f"user {name} was made on first use; any password is right")
        if gone:
            self._note(f"more than {self._users.limit} undeclared users: forgot {gone[1]}")
        return user

    def known_user(self, tenant_id: str, user_id: str) -> User | None:
        """A touched user by object id."""
        return self._users.get((tenant_id, user_id))


def _full_name(login: str, domain: str) -> str:
    login = login.strip().lower()
    return login if "@" in login else f"{login}@{domain}"


def _invented_user(user_id: str, name: str) -> User:
    words = [word.capitalize() for word in re.split(r"[._-]+", name.partition("@")[0]) if word]
    return User(
        id=user_id,
        user_principal_name=name,
        display_name=" ".join(words) or name,
        given_name=words[0] if words else None,
        surname=words[-1] if len(words) > 1 else None,
        mail=name,
    )
