"""``mock-idp env``: the variables of ``run``, to eval or for an editor."""

import os
from pathlib import Path

import click

from mock_idp import __version__
from mock_idp.cli import _options as options
from mock_idp.directory.project import Declared
from mock_idp.errors import UserError
from mock_idp.intercept.ca import Authority
from mock_idp.intercept.environment import TARGET, Interception, leftovers, variables
from mock_idp.intercept.render import Format, render
from mock_idp.running import Running, find_running
from mock_idp.state import State


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
@options.directory
@options.state_dir
def command(*, style: Format, unset: bool, directory: Path | None, state_dir: Path | None) -> None:
    """Print the variables that lead a program to the running server.

    \b
      eval "$(mock-idp env)"                    from now on, in this shell
      eval "$(mock-idp env --unset)"            and back, also what was replaced
      mock-idp env --format dotenv > ide.env    for an editor's run configuration

    Never put them into your app's own .env: they would outlive the switch MOCK_IDP_TARGET=entra. With that switch on,
    this prints what --unset prints.
    """  # noqa: D301 - click's \b
    if options.target() == "entra" and not unset:
        options.say(f"{TARGET}=entra: putting everything back as it was before")
        unset = True
    changes = leftovers(os.environ) if unset else _changes(options.open_state(state_dir), directory)
    if changes or style == "json":
        click.echo(render(changes, style))


def _changes(state: State, directory: Path | None) -> dict[str, str]:
    declared = options.declared(directory, state)
    running = find_running(state)
    if running is None:
        raise UserError(
            "There is no server to point these variables at.",
            f"None runs with the state directory {state.path}.",
            "Start one in another terminal: mock-idp serve. Or let one live as long as a command: mock-idp run -- CMD",
        )
    if not running.is_joinable(declared.key):
        _warn(running, declared, asked=directory is not None)
    interception = Interception(
        proxy_url=running.proxy_url,
        connect=f"127.0.0.1:{running.tls_port}",
        authority_pem=Authority.load(state).certificate_pem,
    )
    return variables(interception, os.environ, state)


def _warn(running: Running, declared: Declared, *, asked: bool) -> None:
    """Tell of a server that serves something else; refuse it where somebody named what it is to serve."""
    serves = f"serves {running.directory_file or 'another directory'}, of version {running.version}"
    wanted = f"not {declared.path or 'the built-in directory'}, of version {__version__}"
    if asked:
        raise UserError(
            "There is no server with that directory to point these variables at.",
            f"Process {running.pid} {serves}, {wanted}.",
            f"Restart it with the directory: mock-idp serve --directory {declared.path}",
        )
    options.say(f"process {running.pid} {serves}, {wanted}")
