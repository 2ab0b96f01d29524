"""``mock-idp serve``: the identity provider alone."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from mock_idp.attach import RENEWED
from mock_idp.cli import _options as options
from mock_idp.cli._story import show
from mock_idp.directory.models import Tenant, User
from mock_idp.errors import UserError
from mock_idp.running import find_running
from mock_idp.runtime.journal import Journal
from mock_idp.runtime.settings import FrontChannel, MultiResourceCode
from mock_idp.runtime.tenants import home_name
from mock_idp.server import Options, Server
from mock_idp.state import State

_SHOWN = 20
"""How many users and apps of a tenant are introduced."""


@click.command("serve")
@options.port
@options.front_channel
@options.multi_resource_code
@options.graph_nonce
@options.offline
@options.directory
@options.state_dir
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    envvar="MOCK_IDP_JSON",
    show_envvar=True,
    help="Print where it listens as one JSON line, when it does.",
)
@click.option("--quiet", is_flag=True, envvar="MOCK_IDP_QUIET", show_envvar=True, help="Do not print the journal.")
def command(
    *,
    port: int,
    front_channel: FrontChannel,
    multi_resource_code: MultiResourceCode | None,
    graph_nonce: bool | None,
    offline: bool,
    directory: Path | None,
    state_dir: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run the identity provider until Ctrl-C.

    Prints whom to sign in as and, for each request, what was asked, answered and guessed. Other commands with the same
    state directory (`run`, `env`, `browser`) find it and join it.
    """
    state = options.open_state(state_dir)
    declared = options.declared(directory, state)
    running = find_running(state)
    if running:
        raise UserError(
            "An identity provider runs already with this state directory.",
            f"It is process {running.pid}, at {running.front_url}.",
            "Use it (`mock-idp run -- CMD` joins it), stop it, or start another one: --port 0 --state-dir DIR.",
        )
    server = Server(
        state,
        Options(
            port=port,
            front_channel=front_channel,
            multi_resource_code=multi_resource_code,
            graph_nonce=graph_nonce,
            declared=declared,
        ),
        options.upstream(offline=offline),
        journal=Journal(None if quiet else show),
        registered=True,
    )
    raise SystemExit(options.run_loop(_serve(server, state, as_json=as_json)))


async def _serve(server: Server, state: State, *, as_json: bool) -> int:
    await server.start()
    if server.authority.replaces:
        options.say(RENEWED)
    stop = asyncio.Event()
    options.on_signals(lambda _: stop.set(), *options.STOPPING)
    if as_json:
        click.echo(json.dumps(summary(server, state)))
    else:
        _introduce(server, state)
    await stop.wait()
    options.say("stopping")
    await server.stop()
    return 0


def summary(server: Server, state: State) -> dict[str, Any]:
    """Where the server listens and who is in it, for ``--json``."""
    return {
        "front_url": server.front_url,
        "proxy": f"http://127.0.0.1:{server.proxy.port}",
        "tls_port": server.tls_port,
        "state_dir": str(state.path),
        "directory_file": str(server.declared.path) if server.declared.path else None,
        "tenants": [
            {
                "id": tenant.id,
                "domains": list(tenant.domains),
                "users": [home_name(user) for user in tenant.users],
                "apps": [{"name": app.display_name, "client_id": app.app_id} for app in tenant.applications],
            }
            for tenant in server.directory.tenants
        ],
    }


def _introduce(server: Server, state: State) -> None:
    from mock_idp.directory.source import file_name  # noqa: PLC0415 - for a person only

    click.echo(f"{click.style('mock-idp', fg='cyan')} answers for Microsoft Entra ID at {server.front_url}")
    origin = f" in {file_name(server.declared.path)}" if server.declared.path and server.declared.has_tenants else ""
    click.echo(f"\nAny tenant id, client id, secret and user name works. Declared{origin}, therefore strict:")
    for tenant in server.directory.tenants:
        _introduce_tenant(tenant)
    click.echo(f"\nKeys and CA: {state.path}")
    click.echo("Start your app in another terminal:  mock-idp run -- flask run")
    click.echo("Stop with Ctrl-C.\n")


def _introduce_tenant(tenant: Tenant) -> None:
    click.echo(f"\n  {click.style(tenant.display_name, bold=True)}  {tenant.id}  {', '.join(tenant.domains)}")
    for user in tenant.users[:_SHOWN]:
        password = f"password {user.password}" if user.password else "any password"
        click.echo(f"    {home_name(user):24} {user.display_name:18} {password}{remark(user)}")
    for app in tenant.applications[:_SHOWN]:
        prefix = app.identifier_uris[0] if app.identifier_uris else app.app_id
        scopes = " ".join(f"{prefix}/{scope.value}" for scope in app.scopes)
        click.echo(f"    {app.app_id}     {app.display_name}  {scopes}".rstrip())
    for what, things in (("users", tenant.users), ("apps", tenant.applications)):
        if len(things) > _SHOWN:
            click.echo(f"    and {len(things) - _SHOWN:,} more: mock-idp list {what}")


def remark(user: User) -> str:
    """What keeps a user from just signing in, in brackets."""
    remarks = {
        "disabled": not user.account_enabled,
        "locked": user.locked,
        "password expired": user.password_expired,
        "needs a second factor": user.mfa_required and user.mfa_registered,
        "has to register a second factor": user.mfa_required and not user.mfa_registered,
        "guest": user.user_type == "Guest",
    }
    said = ", ".join(text for text, is_so in remarks.items() if is_so)
    return f"  ({said})" if said else ""
