"""How other hosts are reached through our proxy: as they were before us."""

import asyncio
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from mock_idp.intercept.connect import Connect, head
from mock_idp.intercept.no_proxy import LOOPBACK, bypasses

MAX_HEAD_BYTES = 8 * 1024
_SECONDS = 20
_PORTS = {"http": 80, "https": 443}

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Unreachable(Exception):  # noqa: N818 - what the host is
    """A host cannot be reached; the text says why, and is fit for a status line."""


class Upstream(NamedTuple):
    """The way to other hosts.

    Attributes:
        proxy: the proxy URL that was set, or empty.
        no_proxy: the NO_PROXY that was set.
        offline: refuse them instead, loopback excepted.
    """

    proxy: str = ""
    no_proxy: str = ""
    offline: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str], *, offline: bool) -> "Upstream":
        """What an environment says, in the order in which curl and Python look."""
        names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        proxies = [environment[name] for name in names if environment.get(name)]
        no_proxy = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
        return cls(proxy=proxies[0] if proxies else "", no_proxy=no_proxy, offline=offline)

    def forbids(self, asked: Connect) -> bool:
        """Whether it may not be reached at all."""
        return self.offline and asked.host not in LOOPBACK

    async def reach(self, asked: Connect) -> Stream:
        """Connect to a host, through the proxy that was set unless NO_PROXY excepts it.

        Raises:
            Unreachable: directly or through that proxy.
        """
        direct = not self.proxy or asked.host in LOOPBACK or bypasses(self.no_proxy, asked.host, asked.port)
        through = "" if direct else " through the proxy that was set before"
        try:
            async with asyncio.timeout(_SECONDS):
                return await (asyncio.open_connection(asked.host, asked.port) if direct else self._through(asked))
        except Unreachable:
            raise
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise Unreachable(f"{asked.host} cannot be reached{through} ({type(error).__name__})") from error

    async def _through(self, asked: Connect) -> Stream:
        parts = urlsplit(self.proxy if "://" in self.proxy else f"http://{self.proxy}")
        if parts.scheme not in _PORTS or not parts.hostname:
            raise Unreachable(
                f"{asked.host} cannot be reached, as the proxy that was set before is no http or https URL"
            )
        secure = True if parts.scheme == "https" else None
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port or _PORTS[parts.scheme], ssl=secure, limit=MAX_HEAD_BYTES
        )
        writer.write(head(asked.target, _credentials(parts)))
        try:
            status = _status(await reader.readuntil(b"\r\n\r\n"))
        except BaseException:
            writer.close()
            raise
        if not status.startswith("2"):
            writer.close()
            raise Unreachable(f"the proxy that was set before refused {asked.host} ({status})")
        return reader, writer


def _credentials(parts: SplitResult) -> str | None:
    return f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None


def _status(answer: bytes) -> str:
    """Status code and reason of an answer, in characters that a status line may hold."""
    line = answer.decode("latin-1").partition("\r\n")[0].partition(" ")[2]
    return re.sub(r"[^ -~]", "", line)[:200]
