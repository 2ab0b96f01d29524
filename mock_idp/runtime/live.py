"""Who exists right now: what is declared, and in undeclared tenants whatever was touched.

With nothing declared any tenant, client, user and resource works and is made when first used, with ids derived
from names (uuid5), so that they survive a restart. A declared tenant is strict. Each guess is noted in the journal.

What was touched is kept in bounds, and whatever has gone unused for longest is forgotten. Nobody notices: sessions,
codes and refresh tokens name users and apps, which are made again on their next use, with the same ids.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from mock_idp.directory.models import Application, Directory, PermissionScope, User
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import CONSUMERS_TENANT, UNDECLARED_TENANT
from mock_idp.runtime.store import Bounded
from mock_idp.runtime.tenants import (
    ALIASES,
    DeclaredTenant,
    LiveTenant,
    check_client_id,
    derived_guid,
    first_party,
    full_name,
    is_domain,
    is_guid,
)

MAX_TENANTS = 1_000
MAX_THINGS = 10_000
MAX_SCOPES = 100

_LOGIN = re.compile(r"[^\s@<>\"\\]{1,64}(@[^\s@<>\"\\]{1,255})?")


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
        check_client_id(client_id, self.display_name)
        return self._live.touched_app(self.id, client_id)

    def find_resource(self, identifier: str) -> Application:
        """See :class:`LiveTenant`."""
        found = first_party(self.id).get(identifier.lower())
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
        return self._live.touched_user(self.id, full_name(login, self.domain))

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
                display_name=identifier if identifier not in ("", app_id) else f"app {app_id[:8]}",
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
