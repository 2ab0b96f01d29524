"""Joining the server that runs with a state directory, or starting one for as long as a command lives."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from mock_idp import __version__
from mock_idp.intercept.ca import Authority
from mock_idp.intercept.environment import Interception
from mock_idp.intercept.proxy import Proxy
from mock_idp.intercept.upstream import Upstream
from mock_idp.running import Running, find_running, remembered
from mock_idp.server import Options, Server

if TYPE_CHECKING:
    from mock_idp.runtime.journal import Journal
    from mock_idp.state import State

RENEWED = (
    "made a new certificate authority: the old one was about to expire, or this version emulates other hosts. "
    "Programs that were started before have to be started again"
)


class Attachment(NamedTuple):
    """A server as a command has it.

    Attributes:
        interception: how a child reaches it.
        front_url: where browsers reach it.
        joined: it was there before, and shows its journal elsewhere.
    """

    interception: Interception
    front_url: str
    joined: bool


@asynccontextmanager
async def attached(  # noqa: PLR0913 - what a command chooses
    state: "State",
    options: Options,
    upstream: Upstream,
    *,
    say: Callable[[str], None],
    journal: "Journal | None" = None,
    registered: bool = False,
) -> AsyncIterator[Attachment]:
    """Join the server that runs with this state directory, else start one for as long as this is open.

    Args:
        state: the state directory.
        options: how to start one.
        upstream: how other hosts are reached.
        say: told what was done, and when a joined server is gone.
        journal: of a server that is started.
        registered: whether other commands may join a server that is started.

    Yields:
        How it is reached.
    """
    running = find_running(state)
    if running and running.is_joinable(options.directory_key):
        say(f"joined the identity provider of process {running.pid} at {running.front_url}")
        if options.asked_for:
            say(f"{' and '.join(options.asked_for)} had no effect: that server was started with its own")
        async with _relay(state, running, upstream, say) as interception:
            yield Attachment(interception=interception, front_url=running.front_url, joined=True)
        return
    if running:
        say(f"process {running.pid} serves {_other(running, options)}, so this command does not join it")
    server = Server(state, options, upstream, journal=journal, registered=registered and not running)
    await server.start()
    if options.port and not server.front_url.endswith(f":{options.port}"):
        say(f"port {options.port} is taken, so the front channel gets a free one")
    say(f"started an identity provider for this command at {server.front_url}")
    if server.authority.replaces:
        say(RENEWED)
    try:
        yield Attachment(interception=server.interception, front_url=server.front_url, joined=False)
    finally:
        await server.stop()


def _other(running: Running, options: Options) -> str:
    """What a server that is not joined serves."""
    if running.version != __version__:
        return f"version {running.version}"
    ours = options.declared.path if options.declared else None
    if running.directory_file == str(ours or ""):
        return f"{ours} as it was before it was changed" if ours else "another directory"
    return f"{running.directory_file or 'the built-in directory'}, not {ours or 'the built-in one'}"


@asynccontextmanager
async def _relay(
    state: "State", running: Running, upstream: Upstream, say: Callable[[str], None]
) -> AsyncIterator[Interception]:
    """A proxy of our own before a joined server, which finds it again after a restart and can say when it is gone."""
    import secrets  # noqa: PLC0415 - not needed by whoever only looks for a server

    def target() -> tuple[str, int]:
        return "127.0.0.1", (remembered(state) or running).tls_port

    proxy = Proxy(target, secrets.token_urlsafe(24), upstream, on_gone=say)
    await proxy.start(relay_port=0)
    try:
        yield Interception(
            proxy_url=proxy.url,
            connect=f"127.0.0.1:{proxy.relay_port}",
            authority_pem=Authority.load(state).certificate_pem,
        )
    finally:
        await proxy.stop()
