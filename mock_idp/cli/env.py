"""``mock-idp env``: the variables of ``run``, to eval or for an editor."""

import os
from pathlib import Path

import click

from mock_idp.cli import _options as options
from mock_idp.errors import UserError
from mock_idp.intercept.ca import Authority
from mock_idp.intercept.environment import Format, Interception, leftovers, render, restored, variables
from mock_idp.server import find_running


@click.command("env")
@click.option(
    "--format",
    "style",
    type=click.Choice(["sh", "powershell", "dotenv", "json"]),
    default="powershell" if os.name == "nt" else "sh",
    show_default=True,
    envvar="MOCK_IDP_ENV_FORMAT",
    show_envvar=True,
    help="For a POSIX shell, PowerShell, an editor's env file, or a program.",
)
@click.option("--unset", is_flag=True, help="Instead, put everything back as it was before.")
@options.state_dir
def COMMAND(*, style: Format, unset: bool, state_dir: Path | None) -> None:  # noqa: N802 - what the collection looks for
    """Print the variables that lead a program to the running server.

    \b
      eval "$(mock-idp env)"                    from now on, in this shell
      eval "$(mock-idp env --unset)"            and back, also what was replaced
      mock-idp env --format dotenv > ide.env    for an editor's run configuration

    Never put them into your app's own .env: they would outlive the switch MOCK_IDP_TARGET=entra.
    """
    if unset:
        click.echo(render(leftovers(os.environ), style))
        return
    state = options.open_state(state_dir)
    running = find_running(state)
    if running is None:
        raise UserError(
            "There is no server to point these variables at.",
            f"None runs with the state directory {state.path}.",
            "Start one in another terminal: mock-idp serve. Or let one live as long as your command: mock-idp run -- CMD",
        )
    interception = Interception(
        proxy_url=running.proxy_url,
        connect=f"127.0.0.1:{running.tls_port}",
        authority_pem=Authority.load(state).certificate_pem,
    )
    click.echo(render(variables(interception, restored(os.environ), state), style))
