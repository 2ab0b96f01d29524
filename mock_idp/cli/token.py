"""``mock-idp token``: a signed token on stdout, for curl and for a look."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import click

from mock_idp.cli import _options as options
from mock_idp.directory.project import Declared
from mock_idp.endpoints.control import form_of
from mock_idp.errors import UserError
from mock_idp.running import Running, find_running
from mock_idp.runtime.clock import stamp
from mock_idp.state import State
from mock_idp.tokens.keys import from_b64url
from mock_idp.tokens.minting import Wish

_SECONDS = 10


@click.command("token")
@click.argument("name", metavar="USER_OR_APP")
@click.option(
    "--for", "audience", required=True, metavar="RESOURCE",
    help="The API: App ID URI, client id or display name; https://graph.microsoft.com for Graph.",
)  # fmt: skip
@click.option("--scope", "scopes", multiple=True, help="A delegated permission; again for more.  [default: all]")
@click.option("--role", "roles", multiple=True, help="An app role; again for more.  [default: those assigned]")
@click.option("--group", "groups", multiple=True, help="A group, by name or object id; again for more.")
@click.option("--claim", "claims", multiple=True, metavar="NAME=VALUE", help="A claim to add or replace; JSON or text.")
@click.option("--tenant", envvar="MOCK_IDP_TENANT", show_envvar=True, help="Id, domain or name of the tenant.")
@click.option("--client", help="The app that calls the API for the user: client id or display name.")
@click.option("--version", type=click.Choice(["1", "2"]), help="Of the token.  [default: as the API is registered]")
@click.option("--expires-in", type=int, help="Seconds, also 0 or less for an expired token.")
@click.option("--app", is_flag=True, help="USER_OR_APP is an app, which calls for itself.")
@click.option("--decode", "form", flag_value="decode", help="Show what is in it instead.")
@click.option("--header", "form", flag_value="header", help='Print the whole header, for curl -H "$(…)".')
@click.option("--json", "form", flag_value="json", help="Print token, header and claims as JSON.")
@options.directory
@options.state_dir
def command(
    *,
    name: str,
    audience: str,
    scopes: tuple[str, ...],
    roles: tuple[str, ...],
    groups: tuple[str, ...],
    claims: tuple[str, ...],
    tenant: str | None,
    client: str | None,
    version: str | None,
    expires_in: int | None,
    app: bool,
    form: str | None,
    directory: Path | None,
    state_dir: Path | None,
) -> None:
    """Print an access token for RESOURCE, in the name of a user or an app.

    It comes from the running server, else it is signed with the key of the state directory: whoever takes keys from
    this mock accepts it either way.

    \b
      mock-idp token rita --for api://orders --scope data.read
      curl -H "$(mock-idp token rita --for api://orders --header)" http://localhost:8000/data/read
      mock-idp token "Orders worker" --app --for api://orders --role Orders.Read.All --decode
    """  # noqa: D301 - click's \b
    state = options.open_state(state_dir)
    declared = options.declared(directory, state)
    wish = Wish(
        tenant=tenant or declared.default_tenant,
        audience=audience,
        client=client,
        scopes=scopes or None,
        roles=roles or None,
        groups=groups or None,
        claims=dict(map(_claim, claims)),
        version=version,
        expires_in=expires_in,
    )
    running = find_running(state)
    if running and running.is_joinable(declared.key):
        token = _asked(running, name, wish, app=app)
    else:
        token = _signed(state, declared, name, wish, app=app)
    click.echo(_shown(token, form))


def _claim(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not (equals and name):
        raise click.BadParameter(f"'{text}' is not NAME=VALUE.", param_hint="--claim")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _asked(running: Running, name: str, wish: Wish, *, app: bool) -> str:
    """From the running server."""
    parts = urlsplit(running.front_url)
    body = urlencode({"name": name, "app": "1" if app else "0", **form_of(wish)})
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("POST", "/_mock/token", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        document = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UserError(
            "The running server gave no token.",
            f"It is process {running.pid} at {running.front_url}, and asking it failed: {error}.",
            "Restart it, or stop it: the token is then signed with the key of the state directory.",
        ) from error
    finally:
        connection.close()
    if "access_token" not in document:
        mistake = document.get("error", {})
        raise UserError(*(str(mistake.get(part, document)) for part in ("what", "why", "fix")))
    return str(document["access_token"])


def _signed(state: State, declared: Declared, name: str, wish: Wish, *, app: bool) -> str:
    """With the key of the state directory."""
    from mock_idp.endpoints import Entra  # noqa: PLC0415 - not needed beside a running server
    from mock_idp.runtime import Runtime  # noqa: PLC0415
    from mock_idp.runtime.settings import Settings, with_graph_nonce  # noqa: PLC0415
    from mock_idp.tokens.keys import Keyring  # noqa: PLC0415

    settings = Settings(graph_nonce=with_graph_nonce(declared.settings.graph_nonce))
    entra = Entra(Runtime(declared.directory, settings), Keyring.load(state))
    return entra.mint.any_token(name, wish, app=app).text


def _shown(token: str, form: str | None) -> str:
    if form is None:
        return token
    if form == "header":
        return f"Authorization: Bearer {token}"
    header, payload = (_decoded(part) for part in token.split(".")[:2])
    if form == "json":
        return json.dumps({"access_token": token, "token_type": "Bearer", "header": header, "claims": payload})
    times = [f"{name} {stamp(payload[name])}" for name in ("iat", "nbf", "exp")]
    return "\n".join([json.dumps(header, indent=2), json.dumps(payload, indent=2), f"// {', '.join(times)}"])


def _decoded(part: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(from_b64url(part))
    return document
