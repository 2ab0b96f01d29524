"""Fills the generated parts of these pages from the code: ``python docs/generate.py``.

A part stands between ``<!-- generated: name -->`` and ``<!-- end: name -->``; what is around it is written by hand.
``tests/docs`` fills the pages again and compares.
"""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click

DOCS = Path(__file__).parent
PACKAGE = DOCS.parent / "mock_idp"
sys.path.insert(0, str(DOCS.parent))  # so that it runs where nothing is installed

from mock_idp.app import URLS  # noqa: E402 - the path comes first
from mock_idp.cli import command_line  # noqa: E402
from mock_idp.directory.default import CONTOSO, FABRIKAM  # noqa: E402
from mock_idp.directory.keys import FILE, SECTIONS, Key, Section  # noqa: E402
from mock_idp.directory.models import Application, Tenant, User  # noqa: E402
from mock_idp.endpoints.explanations import EVIDENCE, plain  # noqa: E402
from mock_idp.endpoints.token.client_auth import METHODS  # noqa: E402
from mock_idp.endpoints.token.grants import grants  # noqa: E402
from mock_idp.endpoints.unserved import UNSERVED  # noqa: E402
from mock_idp.facts.directory_roles import DIRECTORY_ROLES  # noqa: E402
from mock_idp.facts.errors import ERRORS, PLACES, ErrorRow  # noqa: E402
from mock_idp.facts.errors_elsewhere import ELSEWHERE  # noqa: E402
from mock_idp.facts.hosts import CANONICAL, GRAPH, HOSTS, role_of  # noqa: E402
from mock_idp.facts.microsoft_apis import CLIENTS, RESOURCES  # noqa: E402
from mock_idp.intercept import environment  # noqa: E402
from mock_idp.runtime.tenants import home_name  # noqa: E402
from mock_idp.tokens.claims import listed as listed_claims  # noqa: E402

WIDTH = 78
"""Columns of a help text: what a terminal of 80 shows."""

OTHER_VARIABLES = {
    environment.TARGET: ("`run`, `demo`, `pytest`", "The [switch](real-tenant.md): `mock` (the default) or `entra`."),
    "MOCK_IDP_E2E_USER": ("`pytest`", "With `MOCK_IDP_TARGET=entra`: who signs in."),
    "MOCK_IDP_E2E_PASSWORD": ("`pytest`", "With `MOCK_IDP_TARGET=entra`: their password."),
    environment.CONNECT: ("written by `run`, `env`", "Where start-up preloads lead connections. Not for you to set."),
    environment.HOSTS: ("written by `run`, `env`", "The emulated names, for the same. Not for you to set."),
    environment.REPLACED: ("written by `run`, `env`", "What the other variables replaced. Not for you to set."),
}  # fmt: skip
"""Variables that are no option's: who reads or writes each, and what it means."""

_SIDES = {"login": "login", "graph": GRAPH, "front": "front channel"}
_PURPOSE = {
    "mtlsauth.microsoft.com": "The token endpoint for clients with a TLS certificate.",
    "pas.windows.net": "Azure's role-based access control.",
    "graph.windows.net": "Azure AD Graph, which Microsoft Graph replaced.",
}
_KINDS = {
    "text": "text", "prose": "text", "name": "name", "names": "names, or one name", "flag": "`true` or `false`",
    "guid": "GUID", "texts": "array of texts", "number": "1 or 2", "moment": "date and time",
    "free": "table of anything", "lifetime": "seconds, or `hh:mm:ss`",
}  # fmt: skip
_FILES = {
    "directory/starter.toml": "What `mock-idp init` writes.",
    "facts/openid_v1.json": "The v1.0 discovery document as captured, with fields for host and tenant.",
    "facts/openid_v2.json": "The v2.0 discovery document, likewise.",
    "py.typed": "Says that the package is typed.",
}


class Member(NamedTuple):
    """A member of a discovery document that leads somewhere.

    Attributes:
        version: of the document, ``v1.0`` or ``v2.0``.
        name: dotted where it is nested.
        url: with ``{segment}`` for the tenant; a bare host name gets ``https://``.
    """

    version: str
    name: str
    url: str


def discovery_members() -> list[Member]:
    """What the two discovery documents lead to, with ``--front-channel real``."""
    found = []
    for version in ("1", "2"):
        text = (PACKAGE / "facts" / f"openid_v{version}.json").read_text()
        for field in ("{login}", "{front}"):
            text = text.replace(field, f"https://{CANONICAL}")
        text = text.replace("{appid}", "").replace("{issuer}", "{segment}")
        found += [Member(f"v{version}.0", *pair) for pair in _urls(json.loads(text))]
    return found


def _urls(document: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _urls(value, f"{prefix}{name}.")
        elif isinstance(value, str) and value.startswith("https://"):
            yield prefix + name, value
        elif isinstance(value, str) and name.endswith(("_host", "graph_host_name")):
            yield prefix + name, f"https://{value}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def commands() -> dict[str, click.Command]:
    """Every command by its full name, the group first."""
    context = click.Context(command_line, info_name="mock-idp")
    names = command_line.list_commands(context)
    found = {name: command_line.get_command(context, name) for name in names}
    return {"mock-idp": command_line} | {f"mock-idp {name}": command for name, command in found.items() if command}


def _help() -> str:
    return "\n\n".join(
        f"## `{name}`\n\n```text\n{_help_of(name, command)}\n```" for name, command in commands().items()
    )


def _help_of(name: str, command: click.Command) -> str:
    group, _, command_name = name.partition(" ")
    context = click.Context(command_line, info_name=group, terminal_width=WIDTH, **command_line.context_settings)
    if command_name:
        settings = {"terminal_width": WIDTH, **command.context_settings}
        context = click.Context(command, context, info_name=command_name, **settings)
    return command.get_help(context)


def _variables() -> str:
    readers: dict[str, list[str]] = {}
    options: dict[str, click.Option] = {}
    for name, command in commands().items():
        for option in command.params:
            if isinstance(option, click.Option) and isinstance(option.envvar, str):
                readers.setdefault(option.envvar, []).append(f"`{name.removeprefix('mock-idp ')}`")
                options[option.envvar] = option
    rows = [
        (f"`{variable}`", f"`{max(option.opts, key=len)}`", ", ".join(readers[variable]), _one_line(option.help or ""))
        for variable, option in sorted(options.items())
    ]
    rows += [(f"`{name}`", "", who, meaning) for name, (who, meaning) in OTHER_VARIABLES.items()]
    return table(("Variable", "Option", "Read by", "Meaning"), rows)


def _one_line(text: str) -> str:
    return " ".join(text.partition("[default:")[0].split())


def raised() -> set[int]:
    """The numbers that the code raises."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name("EntraError"), args=[ast.Constant(int(number)), *_]):
                    found.add(number)
    return found


def _errors() -> str:
    here = raised()
    rows = sorted(ERRORS.values(), key=lambda row: row.number)
    served = [row for row in rows if row.number in here]
    index = table(
        ("Number", "What provokes it"), [(f"[{row.number}](#aadsts{row.number})", row.provoke) for row in served]
    )
    parts = [index, *map(_error, served)]
    return "\n\n".join(parts)


def _other_errors() -> str:
    rows = sorted(ELSEWHERE.values(), key=lambda row: row.number)
    return table(
        ("Number", "OAuth error", "What earns it at Entra", "Why nothing here does", "Text"),
        [(str(r.number), f"`{r.error}`", r.provoke, r.unearned, EVIDENCE[r.evidence]) for r in rows],
    )


def _error(row: ErrorRow) -> str:
    facts = [f"OAuth error `{row.error}`", f"HTTP status {row.status}", EVIDENCE[row.evidence]]
    if row.redirect_error:
        facts.insert(1, f"in a redirect `{row.redirect_error}`")
    if row.v1_error:
        facts.insert(1, f"at the v1.0 token endpoint `{row.v1_error}`")
    if row.page:
        facts.insert(1, "at authorize a page")
    if row.suberror:
        facts.insert(1, f"`suberror` `{row.suberror}`")
    places = ", ".join(PLACES[place] for place in row.where.split())
    told = f"{', '.join(facts)}; {places}. To provoke it: {row.provoke}."
    lines = [f"## AADSTS{row.number}", "", f"> {plain(row.message)}", "", told, "", f"What to change: {row.fix}"]
    return "\n".join(lines)


def _claims() -> str:
    heads = ("Claim", "Tokens", "When", "Type and form", "Where it comes from", "Source")
    rows = [
        (
            f"`{row['claim']}`", row["tokens"], row["when"], ", ".join(filter(None, (row["type"], row["format"]))),
            row["value"], row["source"],
        )
        for row in listed_claims()
    ]  # fmt: skip
    return table(heads, rows)


def _served() -> str:
    rows = [
        (
            f"`{_shown(url.path)}`",
            _SIDES[url.side],
            url.methods.replace("*", "any"),
            f"`endpoints.{url.endpoint.partition(':')[0]}`",
        )
        for url in URLS
        if url.endpoint != "unserved:unserved" and not url.path.startswith("/{tail")
    ]
    return table(("Path", "Host", "Methods", "Answered by"), rows)


def _shown(path: str) -> str:
    """A path template as a reader knows it."""
    return path.replace("{segment}", "{tenant}").replace("{tail:path}", "{user}")


def _hosts() -> str:
    rows = [
        (f"`{host.name}`", "Microsoft Graph" if host.role == "graph" else "login", "yes" if host.subdomains else "no")
        for host in HOSTS
    ]
    return table(("Host", "Answers as", "Also with a region before it"), rows)


def _grants() -> str:
    rows = [(f"`{grant.name}`", grant.about, grant.clients, grant.source) for _, grant in sorted(grants().items())]
    return table(("`grant_type`", "What it is", "Clients prove themselves by", "Source"), rows)


def _methods() -> str:
    rows = [(method.name, method.about, f"`{method.proof}`", method.source) for method in METHODS]
    return table(("Clients prove themselves by", "What comes", "`appidacr`, `azpacr`", "Source"), rows)


def _unserved() -> str:
    rows = [
        (f"`/{{tenant}}/{row.path}`", f"`{row.member}`", row.version, row.what, "a page" if row.page else "JSON")
        for row in UNSERVED
    ]  # fmt: skip
    return table(("Path", "Member", "Document", "What Entra has there", "51000 comes as"), rows)


def _elsewhere() -> str:
    rows = []
    for member in discovery_members():
        host = urlsplit(member.url).hostname or ""
        if role_of(host) is None:
            rows.append((f"`{member.name}`", member.version, f"`{host}`", _PURPOSE[host]))
    return table(("Member", "Document", "Host", "What it is"), rows)


def _contoso() -> str:
    return "\n\n".join((_people(CONTOSO), *map(_application, CONTOSO.applications), _people(FABRIKAM)))


def _people(tenant: Tenant) -> str:
    rows = [
        (f"`{home_name(user)}`", user.display_name, f"`{user.password}`", _remark(user, tenant))
        for user in tenant.users
    ]
    head = (
        f"{tenant.display_name}: tenant id `{tenant.id}`, domain {', '.join(f'`{name}`' for name in tenant.domains)}."
    )
    return f"{head}\n\n{table(('Sign in as', 'Name', 'Password', 'What is special'), rows)}"


def _remark(user: User, tenant: Tenant) -> str:
    names = {guid: name for name, guid in DIRECTORY_ROLES.items()}
    groups = sum(user.id in group.members for group in tenant.groups)
    remarks = [
        *(names[role] for role in user.directory_roles),
        f"in {groups} groups, more than a token can list" if groups else "",
        "a guest, at home in Fabrikam" if user.user_type == "Guest" else "",
        "" if user.account_enabled else "disabled",
        "has to prove a second factor" if user.mfa_required else "",
    ]
    return ", ".join(filter(None, remarks))


def _application(app: Application) -> str:
    version = app.requested_access_token_version
    facts = [("Application (client) ID", f"`{app.app_id}`")]
    facts += [("Client secret", f"`{secret.value}`") for secret in app.secrets]
    facts += [("Application ID URI", f"`{uri}`") for uri in app.identifier_uris]
    facts += [("Scope", f"`{app.identifier_uris[0]}/{scope.value}`") for scope in app.scopes]
    facts += [("`isFallbackPublicClient`", "`true`")] if app.fallback_public_client else []
    facts += [("Redirect URI", f"`{uri.uri}` ({uri.platform})") for uri in app.redirect_uris]
    if app.scopes:
        facts.append(("`requestedAccessTokenVersion`", f"`{version}`" if version else "`null`"))
    return f"{app.display_name}:\n\n" + table(("Setting", "Value"), facts)


def _keys() -> str:
    """Every table of the directory file with its keys."""
    headers = _headers()
    return "\n\n".join(_section(section, headers[section]) for section in SECTIONS)


def _headers() -> dict[Section, str]:
    """How TOML begins each table, the first place that it may stand in."""
    found, waiting = {FILE: ""}, [(FILE, "")]
    while waiting:
        section, prefix = waiting.pop(0)
        for key in section.keys:
            if key.section and key.section not in found:
                path = f"{prefix}{key.name}"
                found[key.section] = f"[[{path}]]" if key.kind == "tables" else f"[{path}]"
                waiting.append((key.section, f"{path}."))
    return found


def _section(section: Section, header: str) -> str:
    heading = f"### {section.name[0].upper()}{section.name[1:]}"
    place = f"`{header}`" if header else "The file itself."
    if section.short:
        place += f". A text in its place is its `{section.short}`."
    rows = [(f"`{key.name}`", _type_of(key), _meaning(key)) for key in section.keys]
    return f"{heading}\n\n{place}\n\n{table(('Key', 'Type', 'Meaning'), rows)}"


def _type_of(key: Key) -> str:
    if key.section:
        link = f"[{key.section.name}](#{re.sub('[^a-z0-9]+', '-', key.section.name.lower())})"
        return f"array of tables: {link}" if key.kind == "tables" else f"table: {link}"
    if key.choices:
        several = key.kind in ("texts", "names")
        return f"{'some' if several else 'one'} of {', '.join(f'`{choice}`' for choice in key.choices)}"
    return _KINDS[key.kind]


def _meaning(key: Key) -> str:
    older = f" Once called {', '.join(f'`{name}`' for name in key.also)}." if key.also else ""
    return f"{key.about}{older}"


def _roles() -> str:
    return table(("Role", "Template id"), [(name, f"`{guid}`") for name, guid in DIRECTORY_ROLES.items()])


def _map() -> str:
    """Every room with what its package says of itself, and a table of its modules."""
    rooms = [PACKAGE, *sorted(path for path in PACKAGE.rglob("*/") if any(path.glob("*.*")) and path.name[0] != "_")]
    return "\n\n".join(filter(None, map(_room, rooms)))


def _room(room: Path) -> str:
    files = sorted(f for f in room.iterdir() if f.is_file() and f.name != "__init__.py" and f.suffix != ".pyc")
    if not files or "_apps" in room.parts:
        return ""
    name = "mock_idp/" if room == PACKAGE else f"{room.relative_to(PACKAGE).as_posix()}/"
    owns = _docstring(room / "__init__.py") if (room / "__init__.py").is_file() else _ROOMS[name]
    paths = [f"`{file.relative_to(PACKAGE).as_posix()}`" for file in files]
    if all(file.suffix == ".html" for file in files):  # the names say it
        return f"### `{name}`\n\n{owns}\n\n{', '.join(paths)}."
    return f"### `{name}`\n\n{owns}\n\n" + table(("File", "What it owns"), zip(paths, map(_about, files), strict=True))


_ROOMS = {"intercept/preload/": "What runs first in a child's own interpreter."}


def _about(file: Path) -> str:
    if file.suffix == ".py":
        return _docstring(file)
    if file.suffix == ".cjs":
        return file.read_text().partition("\n")[0].removeprefix("//").strip()
    return _FILES[file.relative_to(PACKAGE).as_posix()]


def _docstring(file: Path) -> str:
    """The first sentence of a module's docstring, as Markdown."""
    first = (ast.get_docstring(ast.parse(file.read_text())) or "").partition("\n\n")[0]
    sentence = re.split(r"(?<=[.?!])\s+(?=[A-Z])", " ".join(first.split()))[0]
    sentence = re.sub(r" \(facts §[\d.]*\w\)|, facts §[\d.]*\w", "", sentence)  # the page is for finding files
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", sentence).replace("``", "`")


_MOST_SCOPES = 20
"""How many delegated permissions of an API the page names."""


def _microsofts() -> str:
    rows = []
    for row in RESOURCES:
        accounts = [f"https://{{account}}.{domain}" for domain in row.accounts]
        uris = ", ".join(f"`{uri}`" for uri in (*row.identifier_uris, *accounts))
        scopes = ", ".join(f"`{name}`" for name in row.scopes) if len(row.scopes) < _MOST_SCOPES else "all"
        rows.append((row.name, f"`{row.app_id}`", uris, scopes))
    return table(("API", "Client id", "Application ID URIs", "Delegated permissions"), rows)


def _clients() -> str:
    return table(("Client", "Client id"), [(client.name, f"`{client.app_id}`") for client in CLIENTS])


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "architecture.md": {"map": _map},
    "claims.md": {"claims": _claims},
    "commands.md": {"help": _help, "variables": _variables},
    "directory.md": {"keys": _keys, "roles": _roles, "clients": _clients, "microsofts": _microsofts},
    "errors.md": {"errors": _errors, "other errors": _other_errors},
    "getting-started.md": {"contoso": _contoso},
    "not-served.md": {
        "hosts": _hosts,
        "served": _served,
        "grants": _grants,
        "methods": _methods,
        "unserved": _unserved,
        "elsewhere": _elsewhere,
    },
}
"""The generated parts by page and name."""


def filled(page: str) -> str:
    """A page with its generated parts made anew.

    Raises:
        ValueError: a part has no place in the page.
    """
    text = (DOCS / page).read_text()
    for name, make in PARTS[page].items():
        place = re.compile(rf"(<!-- generated: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"{page} has no place for the generated part '{name}'")
        part = f"\n{make()}\n\n"
        text = place.sub(lambda found, part=part: found[1] + part + found[2], text)  # type: ignore[misc]
    return text


def main() -> None:
    """Write the pages."""
    for page in PARTS:
        (DOCS / page).write_text(filled(page))


if __name__ == "__main__":
    main()
