"""The running server: one object behind the command line, the fixtures and the control API.

Three listeners on loopback: TLS for Microsoft's names, plain http for browsers (the front channel), the CONNECT proxy.
"""

import asyncio
import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_idp import __version__
from mock_idp.directory.project import BUILT_IN_KEY, Declared, built_in
from mock_idp.errors import UserError
from mock_idp.intercept.ca import Authority
from mock_idp.intercept.door import Door
from mock_idp.intercept.environment import Interception
from mock_idp.intercept.proxy import Proxy
from mock_idp.intercept.upstream import Upstream
from mock_idp.running import CLAIM, FILE, Running, living, remembered
from mock_idp.runtime.settings import FrontChannel, MultiResourceCode, Settings, with_graph_nonce

if TYPE_CHECKING:
    from uvicorn import Server as UvicornServer

    from mock_idp.directory.models import Directory
    from mock_idp.runtime.journal import Journal
    from mock_idp.state import Claim, State

DEFAULT_PORT = 8029
_DRAIN_SECONDS = 1.0
_STOP_SECONDS = 3
_TICK_SECONDS = 0.02

MAX_HEAD_BYTES = 64 * 1024
MAX_PIPELINED = 1_000
"""How many requests of one connection wait for the answer to the one before."""

_HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n"
    b"mock-idp: the request line and headers have more than 64 KiB\n"
)


class Options(NamedTuple):
    """How to start.

    Attributes:
        port: of the front channel; 0 for a free one.
        port_is_wish: take a free port when ``port`` is taken.
        front_channel: see :class:`mock_idp.runtime.settings.Settings`.
        multi_resource_code: likewise; ``None`` for what the directory file says.
        graph_nonce: likewise.
        seed: likewise.
        declared: the directory; ``None`` for the built-in one.
        asked_for: which of these somebody asked for, as they typed it; a server that is joined has its own.
    """

    port: int = DEFAULT_PORT
    port_is_wish: bool = False
    front_channel: FrontChannel = "loopback"
    multi_resource_code: MultiResourceCode | None = None
    graph_nonce: bool | None = None
    seed: int | None = None
    declared: Declared | None = None
    asked_for: tuple[str, ...] = ()

    @property
    def directory_key(self) -> str:
        """Key of the directory that a server of these options serves."""
        return self.declared.key if self.declared else BUILT_IN_KEY


class Server:
    """The identity provider with its listeners.

    Args:
        state: where keys, CA and the note of this server are kept.
        options: how to start.
        upstream: how other hosts are reached through the proxy.
        journal: where exchanges are written; a silent one by default.
        registered: whether other commands may find and join this server.
    """

    def __init__(
        self, state: "State", options: Options, upstream: Upstream, *, journal: "Journal | None" = None,
        registered: bool = False,
    ) -> None:  # fmt: skip
        import secrets  # noqa: PLC0415 - not needed by whoever only looks for a server

        self._state = state
        self._options = options
        self._offline = upstream.offline
        self._journal = journal
        self._registered = registered
        self._last = remembered(state) if registered else None
        self._instance = secrets.token_hex(8)
        self._token = self._last.proxy_token if self._last else secrets.token_urlsafe(24)
        self._listeners: list[UvicornServer] = []
        self._claim: Claim | None = None
        self.authority = Authority.load(state)
        self._tls = self.authority.server_context()
        self.proxy = Proxy(lambda: ("127.0.0.1", self.tls_port), self._token, upstream)
        self.front_url = ""
        self.tls_port = 0

    @property
    def interception(self) -> Interception:
        """How a child reaches this server."""
        return Interception(
            proxy_url=self.proxy.url,
            connect=f"127.0.0.1:{self.tls_port}",
            authority_pem=self.authority.certificate_pem,
        )

    @property
    def declared(self) -> Declared:
        """The directory, and where it came from."""
        return self._options.declared or built_in()

    @property
    def directory(self) -> "Directory":
        """What is declared."""
        return self.declared.directory

    async def start(self) -> None:
        """Bind and answer.

        Raises:
            UserError: the port is taken, or another server is registered with this state directory.
        """
        self._loop = asyncio.get_running_loop()
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        if self._registered:
            self._claim = await self._claimed()
        with ExitStack() as unused:
            front = unused.enter_context(self._front_socket())
            tls = unused.enter_context(_listen(self._last.tls_port if self._last else 0, wish=True))
            self.front_url = f"http://127.0.0.1:{front.getsockname()[1]}"
            self.tls_port = tls.getsockname()[1]
            self._app = self._make_app()
            await self._answer(front, None)
            await self._answer(tls, self._tls)
            unused.pop_all()
        await self.proxy.start(self._last.proxy_port if self._last else 0)
        if self._registered:
            self._state.write(FILE, self.running._asdict())

    async def _claimed(self) -> "Claim":
        """Become the one server of this state directory. One that is just stopping is waited for."""
        deadline = time.monotonic() + _STOP_SECONDS
        while (claim := self._state.claim(CLAIM)) is None:
            running = living(self._state)
            if running or time.monotonic() > deadline:
                raise UserError(
                    "An identity provider runs already with this state directory.",
                    f"It is process {running.pid}, at {running.front_url}."
                    if running
                    else f"A process holds {self._state.path} and does not answer.",
                    "Use it (`mock-idp run -- CMD` joins it), stop it, or start another one: --port 0 --state-dir DIR.",
                )
            await asyncio.sleep(_TICK_SECONDS)
        return claim

    @property
    def running(self) -> Running:
        """What other commands are told."""
        return Running(
            pid=os.getpid(),
            version=__version__,
            instance=self._instance,
            directory=self.declared.key,
            directory_file=str(self.declared.path or ""),
            front_url=self.front_url,
            front_channel=self._options.front_channel,
            tls_port=self.tls_port,
            proxy_port=self.proxy.port,
            proxy_token=self._token,
            proxy_url=self.proxy.url,
        )

    async def stop(self) -> None:
        """Close everything. What the state directory remembers stays: the next server takes the same ports if free."""
        await self.proxy.stop()
        for listener in self._listeners:
            for server in listener.servers:
                server.close()
        for connection in self._connections:
            connection.shutdown()
        waited = 0.0
        while waited < _DRAIN_SECONDS and any(map(_is_busy, self._connections)):
            await asyncio.sleep(_TICK_SECONDS)
            waited += _TICK_SECONDS
        # a pooled connection that nobody reads never answers TLS's goodbye; left open, it may keep uvloop from closing
        for connection in self._connections:
            connection.transport.abort()
        await asyncio.sleep(0)
        if self._claim:
            self._claim.release()
            self._claim = None

    @property
    def _connections(self) -> list[Any]:
        """Those that clients have open, whether used or not."""
        return [each for listener in self._listeners for each in listener.server_state.connections]

    def _make_app(self) -> Callable[..., object]:
        from mock_idp.app import App  # noqa: PLC0415 - not needed by whoever only joins
        from mock_idp.endpoints import Entra  # noqa: PLC0415
        from mock_idp.runtime import Runtime  # noqa: PLC0415
        from mock_idp.tokens.keys import Keyring  # noqa: PLC0415

        chosen = self._options
        settings = Settings(
            front_url=self.front_url,
            front_channel=self._options.front_channel,
            multi_resource_code=chosen.multi_resource_code or self.declared.settings.multi_resource_code or "entra",
            graph_nonce=with_graph_nonce(chosen.graph_nonce, self.declared.settings.graph_nonce),
            offline=self._offline,
            instance=self._instance,
            seed=self._options.seed,
        )
        self.entra = Entra(Runtime(self.directory, settings, self._journal), Keyring.load(self._state))
        return App(self.entra)

    async def _answer(
        self,
        listening: socket.socket,
        tls: ssl.SSLContext | None,
        is_open: Callable[[], bool] = lambda: True,
    ) -> "UvicornServer":
        from uvicorn import Config  # noqa: PLC0415 - not needed by whoever only joins
        from uvicorn import Server as UvicornServer  # noqa: PLC0415

        config = Config(
            self._app, interface="asgi3", http=bounded_protocol(is_open), ws="none", lifespan="off", log_config=None,
            access_log=False, server_header=False, date_header=False, proxy_headers=False, timeout_keep_alive=75,
        )  # fmt: skip
        config.load()
        config.ssl = tls
        listener = UvicornServer(config)
        listener.lifespan = config.lifespan_class(config)
        await listener.startup(sockets=[listening])
        self._listeners.append(listener)
        return listener

    def door(self) -> Door:
        """Answer on one more TLS listener. To be called by another thread of the process that runs the server."""
        with _real_sockets():
            return asyncio.run_coroutine_threadsafe(self._door(), self._loop).result()

    async def _door(self) -> Door:
        listening = _listen(0, wish=False)
        host, port = listening.getsockname()
        door = Door(host, port, self._loop)
        listener = await self._answer(listening, self._tls, lambda: door.is_open)
        door.connections = listener.server_state.connections
        return door

    def _front_socket(self) -> socket.socket:
        port = self._options.port
        try:
            return _listen(port, wish=self._options.port_is_wish)
        except OSError as error:
            raise UserError(
                f"The front channel cannot listen on 127.0.0.1:{port}.",
                f"{(error.strerror or str(error)).rstrip('.')}: another program, or another mock-idp with its own "
                "state directory, holds the port.",
                "Take a free one: --port 0 (or MOCK_IDP_PORT=0), or stop the other program.",
            ) from error


def _listen(port: int, *, wish: bool) -> socket.socket:
    """Bind a loopback port; with ``wish``, a free one when it is taken."""
    # asyncio sets TCP_NODELAY only where the protocol was named; without it a keep-alive request takes 44 ms
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Windows: SO_REUSEADDR would let two servers share a port, and without the other option a thief could
    option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    listening.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(2048)  # now, so that a taken port shows here
    except OSError:
        listening.close()
        if wish and port:
            return _listen(0, wish=False)
        raise
    listening.setblocking(False)
    return listening


def _is_busy(connection: Any) -> bool:
    """Whether a request on it is being answered."""
    return connection.cycle is not None and not connection.cycle.response_complete


@contextmanager
def in_thread(server: Server) -> Iterator[Server]:
    """Run a server in a thread of its own, for a test process.

    Raises:
        UserError: the server cannot start.
    """
    with _real_sockets():
        loop = _new_loop()
        thread = threading.Thread(target=loop.run_forever, name="mock-idp", daemon=True)
        thread.start()
    try:
        with _real_sockets():
            asyncio.run_coroutine_threadsafe(server.start(), loop).result()
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _new_loop() -> asyncio.AbstractEventLoop:
    """Where there is uvloop, it: what tests do to sockets and clocks of Python does not reach it."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


@contextmanager
def _real_sockets() -> Iterator[None]:
    """Let a server start in a test for which a guard took the place of sockets: it asks nobody but itself."""
    guard = socket.socket
    real: Any = next((kind for kind in guard.__mro__ if kind.__module__ == "socket"), guard)
    socket.socket = real  # type: ignore[misc]
    try:
        yield
    finally:
        socket.socket = guard  # type: ignore[misc]


def bounded_protocol(is_open: Callable[[], bool] = lambda: True) -> "type[asyncio.Protocol]":
    """Uvicorn's HTTP protocol, with an end to what a client may send ahead (uvicorn's own has none).

    A head ends at :data:`MAX_HEAD_BYTES`, and a client that reads no answers loses its connection at
    :data:`MAX_PIPELINED` requests. Trailers are dropped: they are no headers (RFC 9110 §6.5.1).

    Args:
        is_open: whether whoever connects is answered.
    """
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol  # noqa: PLC0415 - not needed to join

    class Bounded(HttpToolsProtocol):
        head_bytes = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if not is_open():
                transport.abort()

        def data_received(self, data: bytes) -> None:
            self.head_bytes += len(data)
            super().data_received(data)
            if self.head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_HEAD_TOO_LARGE)
                self.transport.close()

        def on_header(self, name: bytes, value: bytes) -> None:
            if self.head_bytes >= 0:  # else it stands behind a body
                super().on_header(name, value)

        def on_headers_complete(self) -> None:
            self.head_bytes = -sys.maxsize  # the body is bounded where it is read
            super().on_headers_complete()
            if len(self.pipeline) > MAX_PIPELINED:
                self.transport.abort()

        def on_message_complete(self) -> None:
            self.head_bytes = 0
            super().on_message_complete()

    return Bounded
