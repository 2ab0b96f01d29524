"""The CONNECT proxy: an emulated host is spliced to our TLS listener, any other is tunnelled as before.

RFC 9110 §9.3.6. No open relay: without the token in its URL only the emulated hosts are answered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hmac import compare_digest

from mock_idp.facts.hosts import role_of
from mock_idp.intercept.connect import BadRequest, Connect, parse
from mock_idp.intercept.environment import PROXY_USER
from mock_idp.intercept.upstream import MAX_HEAD_BYTES, Stream, Unreachable, Upstream

GONE = (
    "the server has stopped; start it again with 'mock-idp serve', or leave its environment with 'mock-idp env --unset'"
)

_HEAD_SECONDS = 20
_HTTPS = 443
_CHUNK_BYTES = 64 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"

Target = Callable[[], tuple[str, int]]
"""Where the TLS listener is right now."""


class Proxy:
    """A CONNECT proxy on loopback, with a relay beside it for clients that know no proxy.

    Args:
        target: where emulated hosts are answered.
        token: what must come as password before any other host is answered.
        upstream: how those hosts are reached.
        on_gone: told, once, when ``target`` no longer answers.
    """

    def __init__(
        self, target: Target, token: str, upstream: Upstream, on_gone: Callable[[str], None] = lambda _: None
    ) -> None:
        self._target = target
        self._token = token
        self._upstream = upstream
        self._on_gone = on_gone
        self._is_gone = False
        self._servers: list[asyncio.Server] = []
        self._served: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._is_stopped = False
        self.port = 0
        self.relay_port = 0

    @property
    def url(self) -> str:
        """What HTTPS_PROXY is set to."""
        return f"http://{PROXY_USER}:{self._token}@127.0.0.1:{self.port}"

    async def start(self, port: int = 0, relay_port: int | None = None) -> None:
        """Listen.

        Args:
            port: of the proxy; a free one when it is 0 or taken.
            relay_port: of the relay, which splices whatever comes to the TLS listener; ``None`` for no relay.
        """
        self.port = await self._listen(self._serve_connect, port)
        if relay_port is not None:
            self.relay_port = await self._listen(self._serve_relay, relay_port)

    async def _listen(self, serve: Callable[[Stream], Awaitable[None]], port: int) -> int:
        def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._is_stopped:  # it was accepted just before
                writer.transport.abort()
                return
            task = asyncio.ensure_future(_until_closed(serve, (reader, writer)))
            self._served[task] = writer
            task.add_done_callback(self._served.pop)

        try:
            server = await asyncio.start_server(on_connection, "127.0.0.1", port, limit=MAX_HEAD_BYTES)
        except OSError:
            if not port:
                raise
            return await self._listen(serve, 0)
        self._servers.append(server)
        listening: int = server.sockets[0].getsockname()[1]
        return listening

    async def stop(self) -> None:
        """Close listeners and connections."""
        self._is_stopped = True
        for server in self._servers:
            server.close()
        served = dict(self._served)
        for task, writer in served.items():
            task.cancel()
            writer.transport.abort()  # a task that has not begun yet will not
        await asyncio.gather(*served, return_exceptions=True)

    async def _serve_relay(self, near: Stream) -> None:
        ours = await self._reach_ours()
        if ours:
            await _join(near, ours)

    async def _serve_connect(self, near: Stream) -> None:
        reader, writer = near
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                asked = parse((await reader.readuntil(b"\r\n\r\n"))[:-4])
        except asyncio.LimitOverrunError:
            await _refuse(writer, 431, f"a request head of more than {MAX_HEAD_BYTES} bytes")
        except BadRequest as error:
            await _refuse(writer, 400, str(error))
        else:
            await self._answer(asked, near)

    async def _answer(self, asked: Connect, near: Stream) -> None:
        _, writer = near
        if role_of(asked.host):
            await self._emulate(asked, near)
        elif not compare_digest(asked.token.encode(), self._token.encode()):
            await _refuse(writer, 407, "only Microsoft's hosts are answered without the proxy's password")
        elif self._upstream.forbids(asked):
            await _refuse(writer, 403, f"{asked.host} is not emulated and --offline forbids the rest")
        else:
            await self._tunnel(asked, near)

    async def _emulate(self, asked: Connect, near: Stream) -> None:
        _, writer = near
        if asked.port != _HTTPS:
            await _refuse(writer, 502, f"{asked.host} is emulated on port 443 only, not {asked.port}")
            return
        ours = await self._reach_ours()
        if ours is None:
            await _refuse(writer, 502, GONE)
            return
        await _join(near, ours, _ESTABLISHED)

    async def _reach_ours(self) -> Stream | None:
        try:
            ours = await asyncio.open_connection(*self._target())
        except OSError:
            if not self._is_gone:
                self._on_gone(GONE)
            self._is_gone = True
            return None
        self._is_gone = False
        return ours

    async def _tunnel(self, asked: Connect, near: Stream) -> None:
        _, writer = near
        try:
            theirs = await self._upstream.reach(asked)
        except Unreachable as error:
            await _refuse(writer, 502, str(error))
            return
        await _join(near, theirs, _ESTABLISHED)


async def _until_closed(serve: Callable[[Stream], Awaitable[None]], near: Stream) -> None:
    """A client that goes away is no event."""
    try:
        with suppress(OSError, EOFError, TimeoutError):
            await serve(near)
    finally:
        near[1].close()


async def _refuse(writer: asyncio.StreamWriter, status: int, why: str) -> None:
    """Clients show the reason phrase, so it names us and says what to do."""
    reason = f"mock-idp: {why}"
    authenticate = 'Proxy-Authenticate: Basic realm="mock-idp"\r\n' if status == 407 else ""  # noqa: PLR2004 - HTTP
    head = f"Content-Type: text/plain\r\nContent-Length: {len(reason) + 1}\r\nConnection: close\r\n{authenticate}\r\n"
    writer.write(f"HTTP/1.1 {status} {reason}\r\n{head}{reason}\n".encode("ascii", "replace"))
    await writer.drain()


async def _join(near: Stream, far: Stream, greeting: bytes = b"") -> None:
    """Greet the client, who may be gone before it hears, and pass bytes both ways."""
    try:
        near[1].write(greeting)
        await near[1].drain()
        await _splice(near, far)
    finally:
        far[1].close()


async def _splice(near: Stream, far: Stream) -> None:
    """Pass bytes both ways until both sides have said all; when one breaks off, break off the other.

    Both loops set TCP_NODELAY on both ends; without it a keep-alive request waits 44 ms for a delayed acknowledgement.
    """
    pumps = [asyncio.ensure_future(_pump(*way)) for way in ((near[0], far[1]), (far[0], near[1]))]
    try:
        await asyncio.gather(*pumps)
    except (OSError, asyncio.CancelledError) as error:
        for _, end in (near, far):
            end.transport.abort()
        if not isinstance(error, OSError):
            raise
    finally:
        for pump in pumps:
            pump.cancel()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK_BYTES):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    else:  # TLS to a proxy knows no half-closing
        writer.close()
