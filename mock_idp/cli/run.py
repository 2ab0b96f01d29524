"""``mock-idp run``: any command with Microsoft's hosts answered locally."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click

from mock_idp.cli import _options as options
from mock_idp.intercept.environment import TARGET, check_dotenv, restored, variables
from mock_idp.runtime.settings import FrontChannel
from mock_idp.server import Options, attached
from mock_idp.state import State

_NOT_FOUND = 127
"""What shells exit with."""


@click.command(
    "run",
    context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False},
    options_metavar="[OPTIONS] --",
)
@options.port
@options.front_channel
@options.offline
@options.state_dir
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="CMD…")
def COMMAND(  # noqa: N802 - what the collection looks for
    *, port: int, front_channel: FrontChannel, offline: bool, state_dir: Path | None, command: tuple[str, ...]
) -> None:
    """Run a command with Microsoft's hosts answered on this machine.

    Joins the server that runs with the same state directory, or starts one for the command's life. Signals are passed on,
    and the exit code is the command's.

    \b
      mock-idp run -- flask --app webapp run --port 5001
      mock-idp run -- uvicorn api:app --port 8000
      mock-idp run -- pytest

    Sign-in opens at http://127.0.0.1:8029 in any browser. Libraries that build the authorize URL themselves (msal-node,
    MSAL.NET, MSAL.js, Swagger pages) send the browser to Microsoft's real host: open those in `mock-idp browser`.

    With MOCK_IDP_TARGET=entra the command runs against the real Entra ID, without any of our variables.
    """
    if options.target() == "entra":
        _run_for_real(command)
    state = options.open_state(state_dir)
    wish = click.get_current_context().get_parameter_source("port") is click.core.ParameterSource.DEFAULT
    chosen = Options(port=port, port_is_wish=wish, front_channel=front_channel)
    raise SystemExit(options.run_loop(_run(state, chosen, command, offline=offline)))


async def _run(state: State, chosen: Options, command: tuple[str, ...], *, offline: bool) -> int:
    async with attached(state, chosen, options.upstream(offline=offline), say=options.say) as (interception, _):
        base = restored(os.environ)
        return await child(command, base | variables(interception, base, state))


async def child(command: tuple[str, ...], environment: dict[str, str]) -> int:
    """Run a child in the foreground, pass signals on, return its exit code (128 + n when signal n ended it)."""
    shared = _shares_terminal()
    early: list[signal.Signals] = []
    pass_on = early.append

    def on_signal(received: signal.Signals) -> None:
        if received != signal.SIGINT or not shared:  # else the terminal sent it to the child as well
            pass_on(received)

    # before the child starts: what is ignored then (as in `run … &` of a script) would stay ignored in it
    passed = [*options.STOPPING] + ([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])
    options.on_signals(on_signal, *passed)
    try:
        process = subprocess.Popen([_found(command[0], environment), *command[1:]], env=environment)  # noqa: S603, ASYNC220
    except OSError as error:
        raise _cannot_start(command, error) from error
    pass_on = process.send_signal
    for received in early:
        process.send_signal(received)
    code = await asyncio.get_running_loop().run_in_executor(None, process.wait)
    return 128 - code if code < 0 else code


def _shares_terminal() -> bool:
    """Whether Ctrl-C reaches the child without us: we are the terminal's foreground group."""
    try:
        return os.name == "nt" or (sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp())
    except (OSError, ValueError, AttributeError):
        return False


def _found(program: str, environment: dict[str, str]) -> str:
    return shutil.which(program, path=environment.get("PATH")) or program


def _cannot_start(command: tuple[str, ...], error: OSError) -> click.exceptions.Exit:
    reason = (error.strerror or str(error)).lower()
    click.echo(
        f"{click.style('Error:', fg='red')} '{command[0]}' cannot be started.\n"
        f"The command after -- is {' '.join(command)!r}, and the system says: {reason}.\n"
        "Check its spelling, and that its virtual environment is active.",
        err=True,
    )
    return click.exceptions.Exit(_NOT_FOUND)


def _run_for_real(command: tuple[str, ...]) -> NoReturn:
    """Become the command, as if we had never been there."""
    check_dotenv(Path(".env"))
    environment = restored(os.environ)
    options.say(f"{TARGET}=entra: this runs against the real Entra ID, with none of our variables set")
    program = _found(command[0], environment)
    try:
        if os.name == "posix":
            os.execvpe(program, list(command), environment)  # noqa: S606 - what was asked for
        code = subprocess.run([program, *command[1:]], env=environment, check=False).returncode  # noqa: S603
    except OSError as error:
        raise _cannot_start(command, error) from error
    raise SystemExit(code)
