"""``mock-idp run``: any command with Microsoft's hosts answered locally."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import click

from mock_idp.attach import attached
from mock_idp.cli import _options as options
from mock_idp.intercept.environment import TARGET, check_nearest_dotenv, restored, variables
from mock_idp.runtime.settings import FrontChannel, MultiResourceCode
from mock_idp.server import Options
from mock_idp.state import State

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
"""What shells exit with."""

_FROM_TERMINAL = ("SIGINT", "SIGQUIT")
_PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")


@click.command(
    "run",
    context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False},
    options_metavar="[OPTIONS] --",
)
@options.port
@options.front_channel
@options.multi_resource_code
@options.graph_nonce
@options.offline
@options.directory
@options.state_dir
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="CMD…")
def command(
    *,
    port: int,
    front_channel: FrontChannel,
    multi_resource_code: MultiResourceCode | None,
    graph_nonce: bool | None,
    offline: bool,
    directory: Path | None,
    state_dir: Path | None,
    command: tuple[str, ...],
) -> None:
    """Run a command with Microsoft's hosts answered on this machine.

    Joins the server that runs with the same state directory and directory file, or starts one for the life of the
    command. Signals are passed on, and the exit code is that of the command.

    \b
      mock-idp run -- flask --app webapp run --port 5001
      mock-idp run -- uvicorn api:app --port 8000
      mock-idp run -- pytest

    Sign-in opens at http://127.0.0.1:8029 in any browser. Libraries that build the authorize URL themselves (msal-node,
    MSAL.NET, MSAL.js, Swagger pages) send the browser to Microsoft's real host: open those in `mock-idp browser`.

    What the command asked and got is shown by `mock-idp serve` (or `demo`), when it joins that.

    With MOCK_IDP_TARGET=entra the command runs against the real Entra ID, without any of our variables.
    """  # noqa: D301 - click's \b
    if options.target() == "entra":
        _run_for_real(command)
    state = options.open_state(state_dir)
    chosen = options.wished(
        port=port,
        declared=options.declared(directory, state),
        front_channel=front_channel,
        multi_resource_code=multi_resource_code,
        graph_nonce=graph_nonce,
    )
    raise SystemExit(options.run_loop(_run(state, chosen, command, offline=offline)))


async def _run(state: State, chosen: Options, command: tuple[str, ...], *, offline: bool) -> int:
    async with attached(state, chosen, options.upstream(offline=offline), say=options.say) as server:
        base = restored(os.environ)
        return await child(command, base | variables(server.interception, base, state))


async def child(command: tuple[str, ...], environment: dict[str, str]) -> int:
    """Run a child in the foreground, pass signals on, return its exit code (128 + n when signal n ended it)."""
    early: list[signal.Signals] = []
    pass_on = early.append

    def on_signal(received: signal.Signals) -> None:
        if received.name not in _FROM_TERMINAL or not _has_terminal():  # else the terminal sent it to the child as well
            pass_on(received)

    # before the child starts: what is ignored then (as in `run … &` of a script) would stay ignored in it
    options.on_signals(on_signal, *_passed_on())
    try:
        process = subprocess.Popen([_found(command[0], environment), *command[1:]], env=environment)  # noqa: S603, ASYNC220
    except OSError as error:
        raise _cannot_start(command, error) from error
    pass_on = process.send_signal
    for received in early:
        process.send_signal(received)
    code = await asyncio.get_running_loop().run_in_executor(None, process.wait)
    return 128 - code if code < 0 else code


def _passed_on() -> Sequence[signal.Signals]:
    """Those that this platform has; a hang-up that ``nohup`` had ignored stays ignored."""
    known = [signal.Signals[name] for name in _PASSED_ON if name in signal.Signals.__members__]
    return [each for each in known if each.name != "SIGHUP" or signal.getsignal(each) is not signal.SIG_IGN]


def _has_terminal() -> bool:
    """Whether Ctrl-C reaches the child without us: we are the foreground group of our terminal."""
    if sys.platform == "win32":
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def _found(program: str, environment: Mapping[str, str]) -> str:
    return shutil.which(program, path=environment.get("PATH")) or program


def _cannot_start(command: Sequence[str], error: OSError) -> click.exceptions.Exit:
    reason = (error.strerror or str(error)).lower()
    click.echo(
        f"{click.style('Error:', fg='red')} '{command[0]}' cannot be started.\n"
        f"The command after -- is {' '.join(command)!r}, and the system says: {reason}.\n"
        "Check its spelling, and that its virtual environment is active.",
        err=True,
    )
    return click.exceptions.Exit(_NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_EXECUTABLE)


def _run_for_real(command: Sequence[str]) -> NoReturn:
    """Become the command, as if we had never been there."""
    check_nearest_dotenv(Path.cwd())
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
