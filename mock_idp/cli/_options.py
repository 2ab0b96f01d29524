"""Options that several commands share, and how commands speak."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from mock_idp.directory.project import ENVIRONMENT_VARIABLE as DIRECTORY
from mock_idp.directory.project import FILE_NAME, PYPROJECT, Declared, built_in, find, load
from mock_idp.errors import UserError
from mock_idp.intercept.environment import TARGET, restored
from mock_idp.intercept.upstream import Upstream
from mock_idp.runtime.settings import FrontChannel, MultiResourceCode
from mock_idp.server import DEFAULT_PORT, Options
from mock_idp.state import ENVIRONMENT_VARIABLE, State, default_path

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

STOPPING = (signal.SIGINT, signal.SIGTERM)

state_dir = click.option(
    "--state-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar=ENVIRONMENT_VARIABLE,
    show_envvar=True,
    help="Where keys and the certificate authority are kept.  [default: your platform's state directory]",
)


def port_option(flag: str, default: int, variable: str, about: str) -> Callable[[Decorated], Decorated]:
    """An option that is a TCP port, 0 for a free one."""
    ports = click.IntRange(0, 65535)
    return click.option(
        flag, type=ports, default=default, envvar=variable, show_envvar=True, show_default=True, help=about
    )


port = port_option(
    "--port",
    DEFAULT_PORT,
    "MOCK_IDP_PORT",
    "Port of the front channel, which browsers open on 127.0.0.1; 0 takes a free one.",
)
multi_resource_code = click.option(
    "--multi-resource-code",
    type=click.Choice(["entra", "strict"]),
    envvar="MOCK_IDP_MULTI_RESOURCE_CODE",
    show_envvar=True,
    help="A code redeemed for scopes of two resources: as Entra was seen to do, or always refused with 28000.  "
    "[default: what the directory file says, else entra]",
)
graph_nonce = click.option(
    "--graph-nonce/--no-graph-nonce",
    default=None,
    envvar="MOCK_IDP_GRAPH_NONCE",
    show_envvar=True,
    help="Give Graph tokens the header nonce with which nobody but Graph can verify them, as Entra does, or none.  "
    "[default: what the directory file says, else with it]",
)
directory = click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar=DIRECTORY,
    show_envvar=True,
    help=f"Who and what is declared.  [default: {FILE_NAME}, or [tool.mock-idp] in {PYPROJECT}, here or in a folder "
    "above; else the built-in directory]",
)
front_channel = click.option(
    "--front-channel",
    type=click.Choice(["loopback", "real"]),
    default="loopback",
    envvar="MOCK_IDP_FRONT_CHANNEL",
    show_envvar=True,
    show_default=True,
    help="What discovery tells browsers to open: our loopback address, or Microsoft's names (then sign in inside "
    "`mock-idp browser`).",
)
offline = click.option(
    "--offline",
    is_flag=True,
    envvar="MOCK_IDP_OFFLINE",
    show_envvar=True,
    help="Refuse every host that is not emulated, instead of passing it on.",
)


def open_state(path: Path | None) -> State:
    """The state directory that was named, else the default one."""
    return State(path or default_path())


def declared(path: Path | None, state: State | None = None) -> Declared:
    """The directory that was named, else the project's own, else the built-in one.

    Args:
        path: what was named.
        state: where a large one is kept as it was read.

    Raises:
        UserError: the file cannot be read as a directory.
    """
    if path:
        return load(path, state)
    try:
        return find(Path(), state)
    except OSError:  # the current directory is gone
        return built_in()


def colour() -> bool | None:
    """``False`` when nobody wants colours (https://no-color.org), else whatever suits the terminal."""
    return False if os.environ.get("NO_COLOR") else None


def say(text: str) -> None:
    """Tell the story, on stderr."""
    # the context, which has the colour too, is not there in other threads
    click.echo(f"{click.style('mock-idp', fg='cyan')} {text}", err=True, color=colour())


def wished(
    *,
    port: int,
    declared: Declared | None = None,
    front_channel: FrontChannel = "loopback",
    multi_resource_code: MultiResourceCode | None = None,
    graph_nonce: bool | None = None,
) -> Options:
    """How to start a server if none is joined; a port that nobody asked for is a wish."""
    source, sources = click.get_current_context().get_parameter_source, click.core.ParameterSource
    names = {
        name: f"--{name.replace('_', '-')}" for name in ("port", "front_channel", "multi_resource_code", "graph_nonce")
    }
    return Options(
        port=port,
        port_is_wish=source("port") is sources.DEFAULT,
        front_channel=front_channel,
        multi_resource_code=multi_resource_code,
        graph_nonce=graph_nonce,
        declared=declared,
        asked_for=tuple(name for parameter, name in names.items() if source(parameter) is sources.COMMANDLINE),
    )


def upstream(*, offline: bool) -> Upstream:
    """How other hosts were reached before us."""
    return Upstream.of(restored(os.environ), offline=offline)


def target() -> Literal["mock", "entra"]:
    """The switch.

    Raises:
        UserError: it is set to something else.
    """
    value = os.environ.get(TARGET, "mock") or "mock"
    if value == "mock":
        return "mock"
    if value == "entra":
        return "entra"
    raise UserError(
        f"{TARGET} cannot be followed.",
        f"It is '{value}'; it may be mock or entra.",
        f"Set {TARGET}=mock, or unset it.",
    )


def run_loop(main: Coroutine[Any, Any, int]) -> int:
    """Run ``main`` on the fastest loop there is."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main)


def on_signals(handler: Callable[[signal.Signals], None], *signals: signal.Signals) -> None:
    """Call ``handler`` in the loop when a signal comes, also where SIGINT was inherited as ignored (``serve &``)."""
    loop = asyncio.get_running_loop()
    for each in signals:
        try:
            loop.add_signal_handler(each, handler, each)
        except NotImplementedError:  # Windows
            with suppress(ValueError):
                signal.signal(each, lambda number, _: loop.call_soon_threadsafe(handler, signal.Signals(number)))
