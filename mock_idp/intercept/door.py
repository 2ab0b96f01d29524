"""A TLS listener for the very process in which the server runs, that can be shut while the server goes on.

A client that keeps a connection or an address for later must not find us by it once nobody is to be led here any more:
the next test in the same process may be one that is meant for the real Entra ID.
"""

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection


class Connection(Protocol):
    """What a server has for each client."""

    transport: asyncio.Transport


class Door:
    """Such a listener; shut until :meth:`open`.

    Args:
        host: where it listens.
        port: likewise.
        loop: the server's, which runs in another thread.

    Attributes:
        is_open: whether clients are answered.
        connections: those that are open, whether used or not.
    """

    def __init__(self, host: str, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.host = host
        self.port = port
        self.is_open = False
        self.connections: Collection[Connection] = ()
        self._loop = loop

    def open(self) -> None:
        """Answer."""
        self.is_open = True

    def shut(self) -> None:
        """Answer no more, and cut off who is connected."""
        self.is_open = False
        if self.connections:
            asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()

    async def _cut(self) -> None:
        for connection in list(self.connections):
            connection.transport.abort()
