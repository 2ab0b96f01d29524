"""Who exists right now: what is declared, and in undeclared tenants whatever was touched.

With nothing declared any tenant, client, user and resource works and is made when first used, with ids derived
from names (uuid5), so that they survive a restart. A declared tenant is strict. Each guess is noted in the journal.

What was touched is kept in bounds, and whatever has gone unused for longest is forgotten. Nobody notices: sessions,
codes and refresh tokens name users and apps, which are made again on their next use, with the same ids.
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal, overload

from mock_idp.directory.ids import derived_guid, is_domain, is_guid
from mock_idp.directory.models import Application, Directory, Group, PermissionScope, Tenant, User
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import CONSUMERS_TENANT, NIL_GUID, UNDECLARED_TENANT
from mock_idp.runtime.store import Bounded
from mock_idp.runtime.tenants import (
    ALIASES,
    DeclaredTenant,
    LiveTenant,
    check_client_id,
    full_name,
    home_name,
)

MAX_TENANTS = 1_000
MAX_THINGS = 10_000
MAX_SCOPES = 100

_LOGIN = re.compile(r"[^\s@<>\"\\]{1,64}(@[^\s@<>\"\\]{1,255})?")


class TouchedTenant:
    """A tenant that nobody declared: whatever is asked for exists.

    Attributes:
        added: what a test declared in it all the same.
    """

    strict = False
    region = "EU"

    def __init__(self, live: "LiveDirectory", tenant_id: str, domain: str) -> None:
        self._live = live
        self.id = tenant_id
        self.domain = domain
        self.display_name = domain
        self.added = DeclaredTenant(Tenant(id=tenant_id, display_name=domain, domains=(domain,)))
        self._lent: dict[str, User] = {}

    @property
    def tenant(self) -> Tenant:
        """See :class:`LiveTenant`."""
        return self.added.tenant

    def people(self) -> Sequence[User]:
        """See :class:`LiveTenant`."""
        return _Lent(self.added.people(), self._live.directory.tenants[0].users, self._lend)

    def _lend(self, person: User) -> User:
        """Somebody as a member of this tenant, whom any password fits."""
        name = home_name(person)
        user_id = derived_guid(self.id, "user", name)
        if user_id not in self._lent:
            self._lent[user_id] = person._replace(
                id=user_id, user_principal_name=name, password=None, user_type="Member", identity_provider=None
            )
        return self._lent[user_id]

    def client(self, client_id: str) -> Application:
        """See :class:`LiveTenant`."""
        client_id = client_id.lower()
        check_client_id(client_id, self.display_name)
        added = self.added.find_resource(client_id)
        if added and not added.first_party:
            return added
        return self._live.touched_app(self.id, client_id)

    def find_resource(self, identifier: str) -> Application:
        """See :class:`LiveTenant`."""
        found = self.added.find_resource(identifier)
        if found:
            return found
        bare = identifier.removeprefix("api://").lower()
        app_id = bare if is_guid(bare) else derived_guid(self.id, "application", identifier.lower())
        return self._live.touched_app(self.id, app_id, identifier)

    def user(self, login: str, *, directory: str = "") -> User:
        """See :class:`LiveTenant`."""
        if not (_LOGIN.fullmatch(login) and login.isprintable()):
            raise EntraError(
                50034, tenant=directory or self.id, hint=f"'{login[:200]}' does not look like a user name."
            )
        return self.find_user(login) or self._live.touched_user(self.id, full_name(login, self.domain))

    def find_user(self, login: str) -> User | None:
        """See :class:`LiveTenant`."""
        name = login.lower()
        for person in self.added.people():
            if name in (person.user_principal_name.lower(), person.user_principal_name.lower().partition("@")[0]):
                return person
        lent = self._live.declared[0].find_user(name)
        return self._lend(lent) if lent else None

    def user_by_id(self, user_id: str) -> User | None:
        """See :class:`LiveTenant`."""
        return self.added.user_by_id(user_id) or self._lent.get(user_id) or self._live.known_user(self.id, user_id)

    def granted_to_all(self, client_id: str, resource_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self.added.granted_to_all(client_id, resource_id)

    def resources_of(self, client_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self.added.resources_of(client_id)

    def granted_to_user(self, client_id: str, resource_id: str, user_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self.added.granted_to_user(client_id, resource_id, user_id)

    def roles(self, principal_id: str, resource_id: str) -> tuple[str, ...]:
        """See :class:`LiveTenant`."""
        return self.added.roles(principal_id, resource_id)

    def is_assigned(self, principal_id: str, resource_id: str) -> bool:
        """See :class:`LiveTenant`."""
        return self.added.is_assigned(principal_id, resource_id)

    def groups_of(self, principal_id: str) -> tuple[Group, ...]:
        """See :class:`LiveTenant`."""
        return self.added.groups_of(principal_id)

    def assigned_groups(self, principal_id: str, resource_id: str) -> tuple[Group, ...]:
        """See :class:`LiveTenant`."""
        return self.added.assigned_groups(principal_id, resource_id)


class _Lent(Sequence[User]):
    """The people of an undeclared tenant: its own, and the first declared tenant's, each lent when looked at.

    Args:
        own: those whom a test added.
        others: whom to lend.
        lend: makes one of them a member.
    """

    def __init__(self, own: Sequence[User], others: Sequence[User], lend: Callable[[User], User]) -> None:
        self._own, self._others, self._lend = own, others, lend

    def __len__(self) -> int:
        return len(self._own) + len(self._others)

    @overload
    def __getitem__(self, index: int) -> User: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[User]: ...

    def __getitem__(self, index: int | slice) -> User | Sequence[User]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        own = len(self._own)
        return self._own[index] if index < own else self._lend(self._others[index - own])


class LiveDirectory:
    """All tenants, declared and touched.

    Args:
        directory: the declared ones.
        note: where guesses are told.
        version: of access tokens for resources made on touch; ``None`` for 1, as a fresh registration has.
    """

    def __init__(
        self, directory: Directory, *, note: Callable[[str], None], version: Literal[1, 2] | None = None
    ) -> None:
        self._note = note
        self.declare(directory, version=version)

    def declare(self, directory: Directory, *, version: Literal[1, 2] | None) -> None:
        """Declare another directory, for good."""
        self._first = directory, self._by_name(directory)
        self._version = version
        self.reset()

    def use(self, directory: Directory) -> None:
        """Declare another directory, until the next reset."""
        self.directory, self._declared = directory, self._by_name(directory)
        self._forget()

    def change(self, tenant: LiveTenant, change: Callable[[LiveTenant], Tenant]) -> None:
        """Declare more in a tenant, or something else, until the next reset.

        An undeclared tenant stays permissive. The documented one stands for all of them, those still to come included.

        Args:
            tenant: where.
            change: from a tenant to what is to be declared in it.
        """
        if isinstance(tenant, TouchedTenant):
            for each in self._tenants.values() if tenant.id == UNDECLARED_TENANT else [tenant]:
                each.added = DeclaredTenant(change(each))
            if tenant.id == UNDECLARED_TENANT:
                self._for_all.append(change)
            return
        changed = change(self._declared[tenant.id])
        self.directory = Directory(tenants=tuple(changed if t.id == tenant.id else t for t in self.directory.tenants))
        self._declared = {**self._declared, **self._by_name(Directory(tenants=(changed,)))}

    def meant_by(self, tenant: LiveTenant) -> Sequence[LiveTenant]:
        """The tenants that one stands for: the documented undeclared one for all of its kind, any other for itself."""
        return self._tenants.values() if tenant.id == UNDECLARED_TENANT else [tenant]

    def reset(self) -> None:
        """Forget what was touched, and what was declared while running."""
        self.directory, self._declared = self._first
        self._forget()

    def _forget(self) -> None:
        self._for_all: list[Callable[[LiveTenant], Tenant]] = []
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
            EntraError: 900023 when ``segment`` is neither; 900021 for the nil GUID; 90002 for a name that nobody can
                have.
        """
        name = segment.lower()
        declared = self._declared.get(name)
        if declared:
            return declared
        if name == NIL_GUID:
            raise EntraError(
                900021, tenant=segment, hint="The nil GUID is a placeholder; put the tenant's id into the authority.",
            )  # fmt: skip
        if name.endswith(".invalid"):
            raise EntraError(
                90002, error="invalid_request", tenant=segment,
                hint=f"'{segment}' is nobody's: names below .invalid (RFC 2606) stand for no tenant.",
            )  # fmt: skip
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
            if tenant.registered(client_id.lower()):
                return tenant
        return self.tenant(UNDECLARED_TENANT)

    def registered(self, identifier: str) -> Application | None:
        """The app that a declared tenant registered under a client id or an App ID URI, in lower case."""
        found = (tenant.registered(identifier) for tenant in self.declared)
        return next((app for app in found if app), None)

    def _by_name(self, directory: Directory) -> dict[str, DeclaredTenant]:
        """The declared tenants by id and by domain."""
        found: dict[str, DeclaredTenant] = {}
        for tenant in directory.tenants:
            live = DeclaredTenant(tenant, self.registered)
            found |= dict.fromkeys((tenant.id, *(domain.lower() for domain in tenant.domains)), live)
        return found

    def _touch_tenant(self, tenant_id: str, domain: str) -> TouchedTenant:
        if tenant_id == CONSUMERS_TENANT:
            domain = "outlook.com"
        tenant = TouchedTenant(self, tenant_id, domain)
        for change in self._for_all:
            tenant.added = DeclaredTenant(change(tenant))
        gone = self._tenants.put(tenant_id, tenant)
        self._note(f"tenant {domain} ({tenant_id}) is declared nowhere: any client, secret, user and scope works in it")
        if gone:
            self._note(f"more than {self._tenants.limit} undeclared tenants: forgot {gone}")
        return tenant

    def touched_app(self, tenant_id: str, app_id: str, identifier: str = "") -> Application:
        """The app registration made on touch, like a fresh one in the portal: v1.0 access tokens unless chosen."""
        app = self._apps.get((tenant_id, app_id))
        if app and (not identifier or identifier in app.identifier_uris or identifier == app_id):
            return app
        if app is None:
            app = Application(
                app_id=app_id,
                id=derived_guid(tenant_id, "service principal", app_id),
                display_name=identifier if identifier not in ("", app_id) else f"app {app_id[:8]}",
                requested_access_token_version=self._version,
                sign_in_audience="AzureADMultipleOrgs",
                touched=True,
            )
            self._note(f"{'resource ' + identifier if identifier else 'client ' + app_id} was made on first use")
        if identifier and identifier != app_id:
            app = app._replace(identifier_uris=(*app.identifier_uris, identifier)[-10:])
        gone = self._apps.put((tenant_id, app_id), app)
        if gone:
            self._note(f"more than {self._apps.limit} undeclared apps: forgot {gone[1]}")
        return app

    def touch_scope(self, tenant_id: str, app_id: str, name: str) -> None:
        """Expose a permission that was asked of a resource made on touch; at most :data:`MAX_SCOPES` are kept."""
        app = self._apps.get((tenant_id, app_id))
        if app and not app.exposes(name):
            scope = PermissionScope(id=derived_guid(tenant_id, "scope", app_id, name), value=name)
            self._apps.put((tenant_id, app_id), app._replace(scopes=(*app.scopes, scope)[-MAX_SCOPES:]))
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
