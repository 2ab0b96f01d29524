"""Groups as they were written, and whatever else can be in one or hold a role."""

from collections.abc import Sequence

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import Application, Group, Tenant, User
from mock_idp.directory.names import Names, names_of_groups, unknown
from mock_idp.directory.reading import Table
from mock_idp.directory.source import Place
from mock_idp.directory.words import listed, shown


class Principals:
    """Whatever can hold a role or be in a group."""

    def __init__(self, users: Names[User], groups: Names[Group], apps: Names[Application]) -> None:
        self._kinds: tuple[Names[User] | Names[Group] | Names[Application], ...] = (users, groups, apps)

    def one(self, name: str, place: Place) -> User | Group | Application:
        """The user, group or application of that name.

        Raises:
            UserError: there is none, or several.
        """
        found = [(names.kind, thing) for names in self._kinds for thing in names.find(name)]
        if len(found) == 1:
            return found[0][1]
        if found:
            kinds = listed(f"a {kind}" if kind != "application" else "an application" for kind, _ in found)
            raise place.mistake(
                "is the name of several.", f"{shown(name)} is {kinds}.", "Write the id of the one you mean."
            )
        raise unknown("user, group or application", name, place, [each for n in self._kinds for each in n.called()])


def groups(tables: Sequence[Table], tenant: Tenant, users: Names[User], apps: Names[Application]) -> tuple[Group, ...]:
    """The groups that were written, with their members.

    Raises:
        UserError: something is missing, is there twice, or a member is nothing's name.
    """
    bare = []
    owners: dict[str, str] = {}
    for table in tables:
        name = str(table.required("displayName", "group"))
        group_id = table.get("id") or derived_guid(tenant.id, "group", name.lower())
        if group_id in owners:
            raise (table.at("id") if "id" in table else table.at("displayName")).mistake(
                "is another group's.", f"{shown(owners[group_id])} has it already.", "Give each its own.",
            )  # fmt: skip
        owners[group_id] = name
        bare.append(
            Group(
                id=group_id,
                display_name=name,
                security_enabled=table.get("securityEnabled", True),
                on_premises_sam_account_name=table.get("onPremisesSamAccountName") or None,
                on_premises_domain_name=table.get("onPremisesDomainName") or None,
                on_premises_net_bios_name=table.get("onPremisesNetBiosName") or None,
            )
        )
    principals = Principals(users, names_of_groups(bare), apps)
    return tuple(
        group._replace(members=tuple(dict.fromkeys(principals.one(*each).id for each in table.texts("members"))))
        for group, table in zip(bare, tables, strict=True)
    )
