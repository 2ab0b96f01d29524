"""``mock-idp list``: what there is. One row of :data:`LISTS` a list."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from mock_idp.cli import _options as options
from mock_idp.directory.models import Tenant
from mock_idp.directory.project import Declared, built_in

Row = dict[str, Any]

_SHOWN = 200
"""How many rows of a directory are printed unless all are asked for."""


class Listing(NamedTuple):
    """A list.

    Attributes:
        about: what is in it, for the help text.
        rows: all of it, each row as ``--json`` prints it.
        columns: what a person is shown of a row: heading, and the text below it.
        of_directory: whether it is read from the directory file; else it is what this version knows.
    """

    about: str
    rows: Callable[[Declared], Iterator[Row]]
    columns: tuple[tuple[str, Callable[[Row], str]], ...]
    of_directory: bool = True


def _tenants(declared: Declared) -> Iterator[Row]:
    for tenant in declared.directory.tenants:
        yield {
            "id": tenant.id,
            "displayName": tenant.display_name,
            "domains": list(tenant.domains),
            "users": len(tenant.users),
            "groups": len(tenant.groups),
            "apps": len(tenant.applications),
        }


def _users(declared: Declared) -> Iterator[Row]:
    from mock_idp.facts.directory_roles import DIRECTORY_ROLES  # noqa: PLC0415 - an edge
    from mock_idp.runtime.tenants import home_name  # noqa: PLC0415

    names = {template_id: name for name, template_id in DIRECTORY_ROLES.items()}
    for tenant in declared.directory.tenants:
        groups, roles = _groups_of(tenant), _roles_of(tenant)
        for user in tenant.users:
            yield {
                **_of(tenant),
                "id": user.id,
                "userPrincipalName": user.user_principal_name,
                "signInName": home_name(user),
                "displayName": user.display_name,
                "userType": user.user_type,
                "accountEnabled": user.account_enabled,
                "locked": user.locked,
                "passwordExpired": user.password_expired,
                "mfaRequired": user.mfa_required,
                "mfaRegistered": user.mfa_registered,
                "directoryRoles": [names.get(role, role) for role in user.directory_roles],
                "groups": groups.get(user.id, []),
                "appRoles": roles.get(user.id, []),
            }  # fmt: skip


def _groups_of(tenant: Tenant) -> dict[str, list[str]]:
    """Names of the groups that somebody is in directly."""
    found: dict[str, list[str]] = {}
    for group in tenant.groups:
        for member in group.members:
            found.setdefault(member, []).append(group.display_name)
    return found


def _roles_of(tenant: Tenant) -> dict[str, list[Row]]:
    """App roles that somebody holds directly."""
    found: dict[str, list[Row]] = {}
    for each in tenant.role_assignments:
        found.setdefault(each.principal_id, []).append({"appId": each.resource_id, "value": each.value})
    return found


def _groups(declared: Declared) -> Iterator[Row]:
    for tenant in declared.directory.tenants:
        names = {user.id: user.user_principal_name for user in tenant.users}
        names |= {group.id: group.display_name for group in tenant.groups}
        names |= {app.id: app.display_name for app in tenant.applications}
        for group in tenant.groups:
            yield {
                **_of(tenant),
                "id": group.id,
                "displayName": group.display_name,
                "securityEnabled": group.security_enabled,
                "members": [names[member] for member in group.members],
            }


def _apps(declared: Declared) -> Iterator[Row]:
    for tenant in declared.directory.tenants:
        for app in tenant.applications:
            yield {
                **_of(tenant),
                "appId": app.app_id,
                "displayName": app.display_name,
                "signInAudience": app.sign_in_audience,
                "identifierUris": list(app.identifier_uris),
                "requestedAccessTokenVersion": app.requested_access_token_version,
                "redirectUris": [{"uri": uri.uri, "platform": uri.platform} for uri in app.redirect_uris],
                "scopes": [scope.value for scope in app.scopes],
                "appRoles": [role.value for role in app.app_roles],
                "servicePrincipalId": app.id,
            }


def _grants(_: Declared) -> Iterator[Row]:
    from mock_idp.endpoints.token.grants import grants  # noqa: PLC0415 - an edge

    for name, grant in sorted(grants().items()):
        yield {"grant_type": name, "about": grant.about, "clients": grant.clients, "source": grant.source}


def _errors(_: Declared) -> Iterator[Row]:
    from mock_idp.endpoints.explanations import all_explanations  # noqa: PLC0415 - an edge

    return (found.facts() for found in all_explanations())


def _claims(_: Declared) -> Iterator[Row]:
    from mock_idp.tokens.claims import listed  # noqa: PLC0415 - an edge

    return listed()


def _earned(row: Row) -> str:
    """The request that earns an error here, or why none does."""
    return str(row["provoke"]) if row["earned_here"] else f"(not here: {row['unearned']})"


def _of(tenant: Tenant) -> Row:
    return {"tenant": tenant.display_name, "tenantId": tenant.id}


def _state(row: Row) -> str:
    """What is special about a user, in words."""
    said = {
        "guest": row["userType"] == "Guest",
        "disabled": not row["accountEnabled"],
        "locked": row["locked"],
        "password expired": row["passwordExpired"],
        "second factor": row["mfaRequired"] and row["mfaRegistered"],
        "second factor to register": row["mfaRequired"] and not row["mfaRegistered"],
    }
    return ", ".join([*row["directoryRoles"], *(text for text, is_so in said.items() if is_so)])


def _texts(key: str) -> Callable[[Row], str]:
    return lambda row: " ".join(row[key])


def _text(key: str) -> Callable[[Row], str]:
    return lambda row: str(row[key])


def _plain(key: str) -> Callable[[Row], str]:
    """Text that has Markdown's marks."""
    return lambda row: str(row[key]).replace("`", "")


_TENANT = ("TENANT", _text("tenant"))

LISTS: dict[str, Listing] = {
    "apps": Listing(
        "App registrations, with what they expose.",
        _apps,
        (_TENANT, ("CLIENT ID", _text("appId")), ("NAME", _text("displayName")),
         ("IDENTIFIER", _texts("identifierUris")), ("SCOPES", _texts("scopes")), ("APP ROLES", _texts("appRoles"))),
    ),
    "claims": Listing(
        "Claims of tokens, with when they are there and where they come from.",
        _claims,
        (("CLAIM", _text("claim")), ("TOKENS", _text("tokens")), ("WHEN", _plain("when")),
         ("TYPE", _text("type")), ("VALUE", _plain("value")), ("SOURCE", _text("source"))),
        of_directory=False,
    ),
    "errors": Listing(
        "AADSTS errors, with what provokes them here.",
        _errors,
        (("NUMBER", _text("number")), ("OAUTH ERROR", _text("error")), ("STATUS", _text("status")),
         ("TEXT", lambda row: "paraphrased" if row["paraphrased"] else row["evidence"]), ("WHAT EARNS IT", _earned)),
        of_directory=False,
    ),
    "grants": Listing(
        "Grants at the token endpoint.",
        _grants,
        (("GRANT TYPE", _text("grant_type")), ("WHAT IT IS", _text("about")),
         ("CLIENTS PROVE THEMSELVES BY", _text("clients")), ("SOURCE", _text("source"))),
        of_directory=False,
    ),
    "groups": Listing(
        "Groups, with who is in them.",
        _groups,
        (_TENANT, ("OBJECT ID", _text("id")), ("NAME", _text("displayName")), ("MEMBERS", _texts("members"))),
    ),
    "tenants": Listing(
        "Tenants, with their domains.",
        _tenants,
        (("TENANT ID", _text("id")), ("NAME", _text("displayName")), ("DOMAINS", _texts("domains")),
         ("USERS", _text("users")), ("GROUPS", _text("groups")), ("APPS", _text("apps"))),
    ),
    "users": Listing(
        "Users, by the name that they sign in with.",
        _users,
        (_TENANT, ("USER", _text("signInName")), ("NAME", _text("displayName")), ("OBJECT ID", _text("id")),
         ("", _state)),
    ),
}  # fmt: skip


@click.command(
    "list",
    short_help=f"Show what there is: {', '.join(LISTS)}.",
    epilog="\b\n" + "\n".join(f"{name:9}{listing.about}" for name, listing in LISTS.items()),
)
@click.option("--json", "as_json", is_flag=True, envvar="MOCK_IDP_JSON", show_envvar=True,
              help="Print everything that is known of each, as one JSON object.")  # fmt: skip
@click.option("--all", "all_rows", is_flag=True, help=f"Print all rows, not only the first {_SHOWN}.")
@options.directory
@click.argument("what", type=click.Choice(list(LISTS)))
def command(*, what: str, as_json: bool, all_rows: bool, directory: Path | None) -> None:
    """Show what there is.

    What is declared is read from the directory file, as `serve` would read it: no server is needed, and none is asked.
    """
    listing = LISTS[what]
    # what this version knows is told whatever the directory file says
    declared = options.declared(directory) if listing.of_directory else built_in()
    rows = list(listing.rows(declared))
    if as_json:
        file = {"directory_file": str(declared.path) if declared.path else None} if listing.of_directory else {}
        click.echo(json.dumps({**file, what: rows}, indent=2, ensure_ascii=False))
        return
    shown = rows if all_rows or not listing.of_directory else rows[:_SHOWN]
    _print(listing, shown)
    if len(rows) > len(shown):
        options.say(f"and {len(rows) - len(shown):,} more: mock-idp list {what} --all")


def _print(listing: Listing, rows: list[Row]) -> None:
    cells = [[text(row) for _, text in listing.columns] for row in rows]
    heads = [heading for heading, _ in listing.columns]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    click.echo(click.style(_line(heads, widths), bold=True))
    for row in cells:
        click.echo(_line(row, widths))


def _line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
