"""Who is meant by a name in the file: look-ups by everything a thing is called, and what is said of an unknown name.

Names are compared without case. An id or a full name wins over a short one; a short name that means several things is
refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from mock_idp.directory.ids import is_guid
from mock_idp.directory.microsofts import microsofts
from mock_idp.directory.models import Application, Group, PermissionScope, Tenant, User
from mock_idp.directory.source import Place
from mock_idp.directory.words import listed, nearest, shown
from mock_idp.errors import UserError
from mock_idp.facts.microsoft_apis import OIDC_PERMISSIONS

Thing = TypeVar("Thing")


class Names(Generic[Thing]):
    """Things of a kind by their names.

    Args:
        kind: what one of them is called.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._full: dict[str, Thing] = {}
        self._short: dict[str, list[Thing]] = {}
        self._called: list[str] = []

    def add(self, thing: Thing, called: str, full: Iterable[str], short: Iterable[str] = ()) -> None:
        """Add a thing.

        Args:
            thing: the thing.
            called: what a message calls it.
            full: names that are its own.
            short: names that others may have too.
        """
        self._called.append(called)
        self._full.update({name.casefold(): thing for name in full})
        for name in dict.fromkeys(each.casefold() for each in short if each):
            self._short.setdefault(name, []).append(thing)

    def find(self, name: str) -> Sequence[Thing]:
        """What is called so: nothing, one, or several things of the same short name."""
        folded = name.strip().casefold()
        return [self._full[folded]] if folded in self._full else self._short.get(folded, ())

    def one(self, name: str, place: Place, others: "Names[Thing] | None" = None) -> Thing:
        """The thing of that name.

        Args:
            name: as it was written.
            place: where.
            others: where it may be found instead.

        Raises:
            UserError: there is none, or several.
        """
        found = self.find(name) or (others.find(name) if others else ())
        if len(found) == 1:
            return found[0]
        if found:
            raise place.mistake(
                f"is the name of {len(found)} {self.kind}s.",
                f"{shown(name)} came.",
                "Write the id of the one you mean.",
            )
        raise unknown(self.kind, name, place, self._called, others.called() if others else ())

    def called(self) -> list[str]:
        """What a message calls them."""
        return self._called


def unknown(kind: str, name: str, place: Place, known: Sequence[str], also: Sequence[str] = ()) -> UserError:
    """What is said of a name that nothing has; names in ``also`` are known, but not told unless one is nearest."""
    near = nearest(name, [*known, *also])
    there = f"known: {listed(known)}" if known else f"there is no {kind} at all"
    return place.mistake(
        f"names no {kind}.",
        f"{shown(name)} came; {there}.{f' Nearest is {near}.' if near else ''}",
        f'Write "{near}", or declare {shown(name)}.' if near else f"Declare {shown(name)}, or leave it out.",
    )


def names_of_users(tenant: Tenant) -> Names[User]:
    """The people of a tenant, by id, user principal name, and in short: without domain, by mail, by display name."""
    found: Names[User] = Names("user")
    home = tenant.domains[0].casefold()
    for user in tenant.users:
        local, _, domain = user.user_principal_name.partition("@")
        full = [user.id, user.user_principal_name]
        short = [local, user.display_name, user.mail or ""]
        if "#ext#" in local.casefold():
            short.append((user.mail or "").partition("@")[0])
        elif domain.casefold() == home:
            full.append(local)
        found.add(user, local if domain.casefold() == home else user.user_principal_name, full, short)
    return found


def names_of_groups(groups: Iterable[Group]) -> Names[Group]:
    """Groups by id and display name."""
    found: Names[Group] = Names("group")
    for group in groups:
        found.add(group, group.display_name, [group.id], [group.display_name])
    return found


def names_of_applications(applications: Iterable[Application]) -> Names[Application]:
    """Applications by client id, service principal's id, identifier URI and display name."""
    found: Names[Application] = Names("application")
    for app in applications:
        found.add(app, app.display_name, [app.app_id, app.id, *app.identifier_uris], [app.display_name])
    return found


def first_party() -> Names[Application]:
    """Microsoft's own APIs, which are in every tenant."""
    return names_of_applications(microsofts())


def permissions(api: Application) -> Iterator[PermissionScope]:
    """The delegated permissions that a registration can list; of Graph the OIDC scopes too."""
    yield from api.scopes
    if api.is_graph:
        yield from (PermissionScope(id=guid, value=value) for value, guid in OIDC_PERMISSIONS.items())


def scope_named(api: Application, name: str, place: Place) -> PermissionScope:
    """The delegated permission of an API, by name, id, or full form with the API's identifier before it.

    Raises:
        UserError: the API has none of that name.
    """
    bare = (
        name.rpartition("/")[2]
        if name.casefold().startswith(tuple(u.casefold() for u in api.identifier_uris))
        else name
    )
    for scope in permissions(api):
        if bare.casefold() in (scope.value.casefold(), scope.id):
            return scope
    raise _unknown_of(api, "permission", name, place, [scope.value for scope in api.scopes])


def role_named(api: Application, name: str, place: Place) -> str:
    """The value of an API's app role, by value, id or display name.

    Raises:
        UserError: the API has none of that name.
    """
    for role in api.app_roles:
        if name.casefold() in (role.value.casefold(), role.id, role.display_name.casefold()):
            return role.value
    raise _unknown_of(api, "app role", name, place, [role.value for role in api.app_roles])


def _unknown_of(api: Application, kind: str, name: str, place: Place, known: Sequence[str]) -> UserError:
    """To Microsoft's own APIs nobody can add anything."""
    if not api.first_party:
        return unknown(f"{kind} of {api.display_name}", name, place, known)
    near = nearest(name, known)
    return place.mistake(
        f"names no {kind} of {api.display_name}.",
        f"{shown(name)} came{f'; nearest is {near}' if near else ''}.",
        f"{f'Write {near}' if near else 'Leave it out'}: what Microsoft's own APIs have is a table here.",
    )


def app_id_named(name: str, place: Place, own: Names[Application], others: Names[Application]) -> str:
    """The client id of an application; a GUID may be one that is declared nowhere, such as Teams'.

    Raises:
        UserError: it is no GUID, and nothing is called so.
    """
    if is_guid(name) and not own.find(name) and not others.find(name):
        return name.lower()
    return own.one(name, place, others).app_id
