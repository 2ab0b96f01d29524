"""A person's own browser: plain sockets and cookies, and the identity provider at the other end of them.

Nothing here looks at proxy variables or at what a test patched in an HTTP library: connections are our own.
"""

import socket
from collections.abc import Iterable
from http.client import HTTPException, HTTPResponse
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from urllib.request import Request
from weakref import WeakKeyDictionary

from mock_idp.facts.hosts import CANONICAL, role_of
from mock_idp.visitor.exchange import Answer, Ask, Hop

if TYPE_CHECKING:
    import ssl
    from email.message import Message

    from mock_idp.attach import Attachment
    from mock_idp.runtime.journal import Entry, Journal
    from mock_idp.server import Server

_SECONDS = 20
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"


class IdpSide:
    """The identity provider as a visitor reaches it.

    Args:
        front_url: of the front channel, no trailing slash.
        connect: ``host:port`` of the TLS listener, for who is sent to Microsoft's own names.
        authority_pem: the certificate that signs for those.
        journal: from which a failure quotes what was refused.

    Attributes:
        address: where the last visit ended, as the address bar shows it, with its fragment.
        hops: the way there.
    """

    def __init__(self, front_url: str, connect: str, authority_pem: str, journal: "Journal | None" = None) -> None:
        self.front_url = front_url
        self.address = ""
        self.hops: tuple[Hop, ...] = ()
        self._front = urlsplit(front_url)
        self._connect = connect
        self._authority_pem = authority_pem
        self._journal = journal
        self._context: ssl.SSLContext | None = None
        self._people: WeakKeyDictionary[object, Person] = WeakKeyDictionary()

    @classmethod
    def of(cls, server: "Server | Attachment") -> "IdpSide":
        """That of a running server."""
        there, entra = server.interception, getattr(server, "entra", None)
        return cls(server.front_url, there.connect, there.authority_pem, entra.journal if entra else None)

    def answers(self, url: str) -> bool:
        """Whether a URL is the identity provider's: of an emulated name, or of the front channel."""
        parts = urlsplit(url)
        if role_of(parts.hostname or ""):
            return True
        return parts.netloc in (f"127.0.0.1:{self._front.port}", f"localhost:{self._front.port}")

    def person(self, client: object) -> "Person":
        """Who sits at a client: always the same person, with the same session at the identity provider."""
        if isinstance(client, Person):
            return client
        return self._people.setdefault(client, Person(self))

    def mark(self) -> int:
        """This moment, for :meth:`refusals_since`."""
        return self._journal.mark() if self._journal else 0

    def refusals_since(self, mark: int) -> list["Entry"]:
        """What was refused since then."""
        entries = self._journal.between(mark, None) if self._journal else []
        return [entry for entry in entries if entry.error]

    def open(self, url: str) -> socket.socket:
        """A connection for a URL: Microsoft's names lead to the TLS listener, others where they lead.

        Raises:
            OSError: nobody answers.
        """
        parts = urlsplit(url)
        if not role_of(parts.hostname or ""):
            return socket.create_connection((parts.hostname, parts.port or 80), _SECONDS)
        host, _, port = self._connect.rpartition(":")
        return self._tls().wrap_socket(
            socket.create_connection((host, int(port)), _SECONDS), server_hostname=parts.hostname
        )

    def _tls(self) -> "ssl.SSLContext":
        if self._context is None:
            import ssl  # noqa: PLC0415 - only for Microsoft's own names

            self._context = ssl.create_default_context(cadata=self._authority_pem)
        return self._context


class Reply:
    """An answer over a socket, in the shape that HTTP clients have in common.

    Attributes:
        status_code: HTTP status.
        url: that was asked.
        headers: names in any case.
        text: the body.
    """

    def __init__(self, url: str, response: HTTPResponse) -> None:
        self.url = url
        self.status_code = response.status
        self.headers: Message = response.headers
        self.text = response.read().decode(response.headers.get_content_charset("utf-8"), "replace")


class Person:
    """Somebody with a browser of their own, who can also be the client of a visit.

    Args:
        idp: where Microsoft's names lead.

    Attributes:
        cookies: of all sites.
        accounts: who is signed in at the identity provider in this browser: user principal names, and what was typed.
    """

    def __init__(self, idp: IdpSide) -> None:
        self.accounts: dict[str, str] = {}
        self._idp = idp
        self.cookies = CookieJar()

    def get(self, url: str) -> Reply:
        """GET a URL; a redirect is not followed.

        Raises:
            OSError: nobody answers.
        """
        return self.ask("GET", url)

    def ask(self, method: str, url: str, body: bytes | None = None, headers: Iterable[tuple[str, str]] = ()) -> Reply:
        """Ask for a URL; a redirect is not followed.

        Raises:
            OSError: nobody answers.
        """
        url = quote(url, safe=_AS_IT_IS)
        request, jar_says = Request(url, body, dict(headers), method=method), self._site(url)  # noqa: S310 - no urlopen
        self.cookies.add_cookie_header(jar_says)
        if cookie := jar_says.get_header("Cookie"):
            request.add_header("Cookie", cookie)
        with self._idp.open(url) as connection:
            connection.sendall(_head(request) + (body or b""))
            reply = _read(url, HTTPResponse(connection, method=method), self.cookies, jar_says)
        if self._idp.answers(url) and not self._is_known(url):
            self.accounts.clear()
        return reply

    def answer(self, ask: Ask) -> Answer:
        """What comes of a step of a visit.

        Raises:
            OSError: nobody answers.
        """
        body = None if ask.form is None else ask.form.encode()
        headers = [] if body is None else [("Content-Type", "application/x-www-form-urlencoded")]
        reply = self.ask(ask.method, ask.url, body, headers)
        return Answer(
            status=reply.status_code, url=reply.url, location=reply.headers.get("Location", ""),
            is_html=reply.headers.get_content_subtype() == "html", native=reply, text=lambda: reply.text,
        )  # fmt: skip

    def _site(self, url: str) -> Request:
        """A URL for the cookie jar. All names of the identity provider are one site, as Entra's is one host."""
        parts = urlsplit(url)
        if self._idp.answers(url):
            parts = parts._replace(scheme="https", netloc=CANONICAL)
        return Request(parts.geturl())  # noqa: S310 - no urlopen

    def _is_known(self, url: str) -> bool:
        site = self._site(url)
        self.cookies.add_cookie_header(site)
        return site.has_header("Cookie")


def _read(url: str, response: HTTPResponse, cookies: CookieJar, site: Request) -> Reply:
    with response:
        try:
            response.begin()
            reply = Reply(url, response)
        except HTTPException as error:
            raise ConnectionError(f"no HTTP answer: {type(error).__name__} {error}") from None
        cookies.extract_cookies(response, site)
        return reply


def _head(request: Request) -> bytes:
    parts = urlsplit(request.full_url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    lines = [f"{request.get_method()} {target} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in request.header_items()]
    if request.data is not None:
        lines.append(f"Content-Length: {len(request.data)}")  # type: ignore[arg-type]
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")
