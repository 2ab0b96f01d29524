"""A directory from its checked tables: tenants with their people, groups, applications, grants and assignments."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mock_idp.directory.applications import application, linked, twins
from mock_idp.directory.groups import Principals, groups
from mock_idp.directory.ids import derived_guid, is_domain
from mock_idp.directory.joining import gathered
from mock_idp.directory.models import (
    AppKind,
    Application,
    AppRole,
    AppRoleAssignment,
    ConsentGrant,
    Directory,
    Group,
    Tenant,
    User,
)
from mock_idp.directory.names import (
    Names,
    first_party,
    names_of_applications,
    names_of_groups,
    names_of_users,
    role_named,
    scope_named,
)
from mock_idp.directory.people import people
from mock_idp.directory.reading import Table
from mock_idp.directory.source import Place
from mock_idp.directory.words import listed, shown
from mock_idp.facts.wellknown import OIDC_SCOPES

if TYPE_CHECKING:
    from mock_idp.directory.manifests import Manifest


class _Draft(NamedTuple):
    """A tenant on its way.

    Attributes:
        tenant: what is known so far.
        table: what was written.
        apps: the tables of its applications, in the same order.
    """

    tenant: Tenant
    table: Table
    apps: list[Table]


def directory(tables: Sequence[Table], downloaded: "Sequence[Sequence[Manifest]]", folder: Path | None) -> Directory:
    """The directory that was written.

    Args:
        tables: the tenants.
        downloaded: the manifests of each.
        folder: what paths are relative to.

    Raises:
        UserError: something is missing, is there twice, or is called wrongly.
    """
    drafts = [_bare(table) for table in tables]
    _check_apart(drafts)
    homes = [draft.tenant for draft in drafts]
    drafts = [
        draft._replace(tenant=draft.tenant._replace(users=people(draft.table.tables("users"), draft.tenant, homes)))
        for draft in drafts
    ]
    drafts = [_with_applications(draft, mine, folder) for draft, mine in zip(drafts, downloaded, strict=True)]
    twins([pair for draft in drafts for pair in zip(draft.tenant.applications, draft.apps, strict=True)])
    microsofts = first_party()
    everybodys = _everybodys(drafts)
    return Directory(tenants=tuple(_linked(draft, everybodys, microsofts) for draft in drafts))


def _bare(table: Table) -> _Draft:
    name, domains = table.get("displayName"), table.texts("domains")
    if not (name or domains):
        raise table.place.mistake("has no name.", "A tenant needs domains or a displayName.",
                                  'Add domains = ["contoso.example"].')  # fmt: skip
    for domain, place in domains:
        if not is_domain(domain):
            raise place.mistake("is no domain.", f"{shown(domain)} came.", 'Write one such as "contoso.example".')
    owned = tuple(domain.lower() for domain, _ in domains) or (f"{_slug(str(name))}.example",)
    tenant = Tenant(
        id=table.get("id") or derived_guid("tenant", owned[0]),
        display_name=name or owned[0].partition(".")[0].capitalize(),
        domains=owned,
        region=table.get("region") or "EU",
        country=table.get("countryLetterCode") or None,
        preferred_language=table.get("preferredLanguage") or None,
    )
    return _Draft(tenant, table, [])


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "tenant"


def _check_apart(drafts: Iterable[_Draft]) -> None:
    """Refuse tenants that share an id or a domain."""
    owners: dict[str, str] = {}
    for tenant, table, _ in drafts:
        for key, name in [("id", tenant.id), *(("domains", domain) for domain in tenant.domains)]:
            if name in owners:
                raise (table.at(key) if key in table else table.place).mistake(
                    f"has {'an id' if key == 'id' else 'a domain'} that is another tenant's.",
                    f"{shown(name)} belongs to {owners[name]} already.", "Give each tenant its own.",
                )  # fmt: skip
        owners.update(dict.fromkeys((tenant.id, *tenant.domains), tenant.display_name))


def _with_applications(draft: _Draft, downloaded: "Sequence[Manifest]", folder: Path | None) -> _Draft:
    apps = gathered(draft.table.tables("applications"), downloaded)
    made = tuple(application(draft.tenant.id, table, folder) for table in apps)
    return draft._replace(tenant=draft.tenant._replace(applications=made), apps=apps)


def _everybodys(drafts: Iterable[_Draft]) -> list[Application]:
    return [app for draft in drafts for app in draft.tenant.applications]


def _linked(draft: _Draft, everybodys: Sequence[Application], microsofts: Names[Application]) -> Tenant:
    """The tenant with what names others: its own applications first, then Microsoft's and other tenants'."""
    own = names_of_applications(draft.tenant.applications)
    others = _Others(microsofts, names_of_applications(everybodys))
    apps = tuple(
        linked(app, table, own, others) for app, table in zip(draft.tenant.applications, draft.apps, strict=True)
    )
    users, table = names_of_users(draft.tenant), draft.table
    found = groups(table.tables("groups"), draft.tenant, users, own)
    principals = Principals(users, names_of_groups(found), own)
    return draft.tenant._replace(
        applications=apps,
        groups=found,
        grants=tuple(_grant(each, own, others, users) for each in table.tables("grants")),
        role_assignments=tuple(
            assignment
            for each in table.tables("roleAssignments")
            for assignment in _assignments(each, own, others, principals)
        ),
    )


class _Others(Names[Application]):
    """Applications that are not the tenant's own."""

    def __init__(self, *names: Names[Application]) -> None:
        super().__init__("application")
        self._names = names

    def find(self, name: str) -> Sequence[Application]:
        """See :class:`Names`."""
        return next(filter(None, (names.find(name) for names in self._names)), ())

    def called(self) -> list[str]:
        """See :class:`Names`."""
        return [name for names in self._names for name in names.called()]


def _grant(table: Table, own: Names[Application], others: Names[Application], users: Names[User]) -> ConsentGrant:
    client = own.one(table.required("client", "grant"), table.at("client"), others)
    api = own.one(table.required("resource", "grant"), table.at("resource"), others)
    table.required("scopes", "grant")
    names = [(part, place) for text, place in table.texts("scopes") for part in text.split()]
    scopes = [scope_named(api, name, place).value for name, place in names]
    user = table.get("user")
    return ConsentGrant(
        client_id=client.app_id,
        resource_id=api.app_id,
        scopes=tuple(granted for granted in dict.fromkeys(scopes) if granted not in OIDC_SCOPES),
        user_id=users.one(user, table.at("user")).id if user else None,
    )


def _assignments(
    table: Table, own: Names[Application], others: Names[Application], principals: Principals
) -> list[AppRoleAssignment]:
    table.required("principal", "role assignment")
    api = own.one(table.required("resource", "role assignment"), table.at("resource"), others)
    holders = [(principals.one(name, place), place) for name, place in table.texts("principal")]
    roles = [role_named(api, name, place) for name, place in table.texts("role")]
    for holder, place in holders:
        _check_kind(holder, place, [role for role in api.app_roles if role.value in roles])
    return [
        AppRoleAssignment(principal_id=holder.id, resource_id=api.app_id, value=role)
        for holder, _ in holders
        for role in roles or [""]
    ]


def _check_kind(holder: User | Group | Application, place: Place, roles: Iterable[AppRole]) -> None:
    """Refuse what Entra does not let be assigned."""
    kind: AppKind = "Application" if isinstance(holder, Application) else "User"
    for role in roles:
        if kind not in role.allowed_member_types:
            raise place.mistake(
                "may not hold the role.",
                f"{role.value} is for {listed(role.allowed_member_types)}; {holder.display_name} counts as {kind}.",
                f'Add "{kind}" to the role\'s allowedMemberTypes, or take this assignment out.',
            )
