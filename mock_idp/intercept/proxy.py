"""The CONNECT proxy: an emulated host is spliced to our TLS listener, any other is tunnelled as before.

RFC 9110 §9.3.6. No open relay: without the token in its URL only the emulated hosts are answered.
"""

import asyncio
import socket
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mock_idp.facts.hosts import role_of
from mock_idp.intercept.environment import bypasses

USER = "mock-idp"
"""The user name in the proxy's URL, by which our own proxy is also recognised in an environment."""

MAX_HEAD_BYTES = 8 * 1024
_HEAD_SECONDS = 20
_CONNECT_SECONDS = 20
_HTTPS = 443


class BadRequest(Exception):  # noqa: N818 - named after the status it becomes
    """The head of a request is no CONNECT that can be followed."""


class Connect(NamedTuple):
    """What a CONNECT asks for.

    Attributes:
        host: in lower case, without brackets.
        token: the password of ``Proxy-Authorization``, or empty.
    """

    host: str
    port: int
    token: str


def parse(head: bytes) -> Connect:
    """Read the head of a CONNECT request, up to and without the empty line.

    Raises:
        BadRequest: with a reason fit for a status line.
    """
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, target, version
        raise BadRequest("this is a proxy for CONNECT over HTTP/1.1")
    if words[0] != "CONNECT":
        raise BadRequest("only CONNECT is proxied; plain http needs no proxy here")
    host, colon, port = words[1].rpartition(":")
    host = host.removeprefix("[").removesuffix("]").lower()
    if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65536:  # noqa: PLR2004
        raise BadRequest("expected CONNECT host:port")
    if not host.isascii() or not all(c.isalnum() or c in ".-_:%" for c in host):
        raise BadRequest("the host name holds a character that none can have")
    return Connect(host, int(port), _token(lines[1:]))


def _token(lines: list[str]) -> str:
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip().lower() == "proxy-authorization" and value.strip()[:6].lower() == "basic ":
            try:
                return b64decode(value.strip()[6:], validate=True).decode().partition(":")[2]
            except (Base64Error, ValueError):
                return ""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """How other hosts were reached before us.

    Attributes:
        proxy: the proxy URL that was set, or empty.
        no_proxy: the NO_PROXY that was set.
        offline: refuse them instead.
    """

    proxy: str = ""
    no_proxy: str = ""
    offline: bool = False


Target = Callable[[], tuple[str, int] | None]


class Proxy:
    """A CONNECT proxy on loopback, with a relay beside it for clients that know no proxy.

    Args:
        target: where the TLS listener is right now; ``None`` when the server is gone.
        token: what must come as password before any other host is answered.
        upstream: how those hosts are reached.
    """

    def __init__(self, target: Target, token: str, upstream: Upstream) -> None:
        self._target = target
        self._token = token
        self._upstream = upstream
        self._servers: list[asyncio.Server] = []
        self._splices: set[asyncio.Task[None]] = set()
        self.port = 0
        self.relay_port = 0

    @property
    def url(self) -> str:
        """What HTTPS_PROXY is set to."""
        return f"http://{USER}:{self._token}@127.0.0.1:{self.port}"

    async def start(self, port: int = 0, relay_port: int | None = None) -> None:
        """Listen.

        Args:
            port: of the proxy; 0 for a free one.
            relay_port: of the relay, which splices whatever comes to the TLS listener; ``None`` for no relay.
        """
        self.port = await self._listen(self._serve_connect, port)
        if relay_port is not None:
            self.relay_port = await self._listen(self._serve_relay, relay_port)

    async def _listen(self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object], port: int) -> int:
        def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(_quietly(serve(reader, writer), writer))  # type: ignore[arg-type]
            self._splices.add(task)
            task.add_done_callback(self._splices.discard)

        try:
            server = await asyncio.start_server(on_connection, "127.0.0.1", port, limit=MAX_HEAD_BYTES)
        except OSError:
            if not port:
                raise
            server = await asyncio.start_server(on_connection, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        self._servers.append(server)
        listening: int = server.sockets[0].getsockname()[1]
        return listening

    async def stop(self) -> None:
        """Close listeners and connections."""
        for server in self._servers:
            server.close()
        for splice in list(self._splices):
            splice.cancel()
        await asyncio.gather(*self._splices, return_exceptions=True)

    async def _serve_relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = self._target()
        if target:
            await _splice(reader, writer, *await asyncio.open_connection(*target))

    async def _serve_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
            asked = parse(head[:-4])
        except asyncio.LimitOverrunError:
            await _refuse(writer, 431, f"mock-idp: a request head of more than {MAX_HEAD_BYTES} bytes")
            return
        except BadRequest as error:
            await _refuse(writer, 400, f"mock-idp: {error}")
            return
        if role_of(asked.host):
            await self._emulate(asked, reader, writer)
        elif not compare_digest(asked.token.encode(), self._token.encode()):
            await _refuse(writer, 407, "mock-idp: only Microsoft's hosts are answered without the proxy's password")
        elif self._upstream.offline:
            await _refuse(writer, 403, f"mock-idp: {asked.host} is not emulated and --offline forbids the rest")
        else:
            await self._tunnel(asked, reader, writer)

    async def _emulate(self, asked: Connect, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if asked.port != _HTTPS:
            await _refuse(writer, 502, f"mock-idp: {asked.host} is emulated on port 443 only, not {asked.port}")
            return
        target = self._target()
        try:
            ours = await asyncio.open_connection(*target) if target else None
        except OSError:
            ours = None
        if ours is None:
            await _refuse(
                writer, 502, "mock-idp: the server has stopped; start it again with 'mock-idp serve', "
                "or leave its environment with 'mock-idp env --unset'",
            )  # fmt: skip
            return
        await _accept(writer)
        await _splice(reader, writer, *ours)

    async def _tunnel(self, asked: Connect, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            theirs = await asyncio.wait_for(self._reach(asked), _CONNECT_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            await _refuse(writer, 502, f"mock-idp: {asked.host} cannot be reached ({type(error).__name__})")
            return
        await _accept(writer)
        await _splice(reader, writer, *theirs)

    async def _reach(self, asked: Connect) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        proxy = self._upstream.proxy
        if not proxy or bypasses(self._upstream.no_proxy, asked.host):
            return await asyncio.open_connection(asked.host, asked.port)
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        secure = parts.scheme == "https"
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port or (_HTTPS if secure else 80), ssl=secure or None, limit=MAX_HEAD_BYTES
        )
        host = f"[{asked.host}]" if ":" in asked.host else asked.host
        head = f"CONNECT {host}:{asked.port} HTTP/1.1\r\nHost: {host}:{asked.port}\r\n"
        if parts.username:
            credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            head += f"Proxy-Authorization: Basic {b64encode(credentials.encode()).decode()}\r\n"
        writer.write(f"{head}\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if answer.split(b" ", 2)[1:2] != [b"200"]:
            writer.close()
            raise OSError("the proxy refused")
        return reader, writer


async def _quietly(serving: "asyncio.Future[None]", writer: asyncio.StreamWriter) -> None:
    """A client that goes away is no event."""
    try:
        with suppress(OSError, EOFError, TimeoutError):
            await serving
    finally:
        writer.close()


async def _accept(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await writer.drain()


async def _refuse(writer: asyncio.StreamWriter, status: int, reason: str) -> None:
    """Clients show the reason phrase, so it says what to do."""
    authenticate = 'Proxy-Authenticate: Basic realm="mock-idp"\r\n' if status == 407 else ""  # noqa: PLR2004 - HTTP
    body = reason.encode() + b"\n"
    writer.write(
        f"HTTP/1.1 {status} {reason}\r\n{authenticate}Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
    await writer.drain()


async def _splice(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Pass bytes both ways until both sides are done."""
    for end in (writer, far_writer):
        with suppress(OSError):
            # without it a keep-alive request waits 40 ms for a delayed acknowledgement
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
    finally:
        far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(64 * 1024):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
