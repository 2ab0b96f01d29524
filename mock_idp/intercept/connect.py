"""The head of a CONNECT request, as it comes and as it is sent on. RFC 9110 §9.3.6, RFC 9112 §3.2.3."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import NamedTuple

_TARGET = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.%]+)\]|(?P<name>[0-9A-Za-z._-]+)):(?P<port>[0-9]{1,5})")


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

    @property
    def target(self) -> str:
        """``host:port``, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse(head: bytes) -> Connect:
    """Read the head of a CONNECT request, up to and without the empty line.

    Raises:
        BadRequest: with a reason fit for a status line.
    """
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):  # noqa: PLR2004 - method, target, version
        raise BadRequest("this is a proxy for CONNECT over HTTP/1.1")
    if words[0] != "CONNECT":
        raise BadRequest("only CONNECT is proxied; plain http needs no proxy here")
    target = _TARGET.fullmatch(words[1])
    if target is None or not 0 < int(target["port"]) < 65536:  # noqa: PLR2004 - a TCP port
        raise BadRequest("expected CONNECT host:port")
    return Connect((target["address"] or target["name"]).lower(), int(target["port"]), _token(lines))


def _token(lines: list[str]) -> str:
    for line in lines:
        name, _, value = line.partition(":")
        scheme, _, credentials = value.strip().partition(" ")
        if name.lower() == "proxy-authorization" and scheme.lower() == "basic":
            try:
                return b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
            except (Base64Error, ValueError):
                return ""
    return ""


def head(target: str, credentials: str | None) -> bytes:
    """A CONNECT request for another proxy.

    Args:
        target: ``host:port``.
        credentials: ``user:password`` in the clear, or ``None``.
    """
    authorization = ""
    if credentials is not None:
        authorization = f"Proxy-Authorization: Basic {b64encode(credentials.encode()).decode()}\r\n"
    return f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n".encode()
