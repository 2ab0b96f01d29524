"""How an app is asked through its own client: one adapter a kind of client, none of which is imported.

A client that has the app in its own process reaches it by any host name, so it is always asked at the app's own origin:
with a redirect to ``http://localhost:5001/callback`` the client's cookies would else be another host's.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import Cookie, CookieJar
from http.cookies import CookieError, SimpleCookie
from typing import Any, ClassVar
from urllib.parse import urlsplit

from mock_idp.errors import UserError
from mock_idp.visitor.exchange import Answer, Ask, SameSite
from mock_idp.visitor.person import Person, Reply

_FORM = "application/x-www-form-urlencoded"
_IN_PROCESS = ("ASGITransport", "WSGITransport", "MockTransport", "_TestClientTransport")


class Adapter(ABC):
    """An app behind a client.

    Args:
        client: a test's client, whose cookies and options are used.
    """

    is_async: ClassVar[bool] = False
    """Whether :meth:`send` gives something to wait for."""

    failures: ClassVar[tuple[type[Exception], ...]] = ()
    """What :meth:`send` raises when nobody answers, where that is to be told as a failed visit."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._origin = ""
        self._asked = ""

    @abstractmethod
    def send(self, ask: Ask) -> Any:
        """Ask the app; no redirect is followed."""

    @abstractmethod
    def read(self, native: Any) -> Answer:
        """Read what came."""

    @abstractmethod
    def leaving_out(self, kinds: Sequence[SameSite]) -> Any:
        """As a context: without cookies of these ``SameSite``; gives their names."""

    def _at_own_origin(self, ask: Ask) -> str:
        """The URL to ask in place of the one that is named. The very first is asked as it was given.

        Where the visit began at Entra, nobody said where the app is, but for the client.
        """
        parts = urlsplit(ask.url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        if self._origin and ask.by_app and path == self._asked and parts.netloc:
            self._origin = f"{parts.scheme}://{parts.netloc}"  # it insists, for instance on https
        self._asked = path
        if self._origin:
            return f"{self._origin}{path}"
        return (ask.by_entra and self._own(path)) or ask.url

    def _own(self, path: str) -> str:
        """A path as the client takes it for its own app's; empty if it cannot."""
        return path

    def _answered_at(self, url: str) -> None:
        """Learn from the first answer where the app is."""
        if not self._origin:
            parts = urlsplit(url)
            self._origin = f"{parts.scheme}://{parts.netloc}"
            self._asked = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


class Werkzeug(Adapter):
    """Flask's and Werkzeug's test client."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self._root = ""
        self._same_site: dict[str, str] = {}

    def send(self, ask: Ask) -> Any:
        """See :class:`Adapter`."""
        __tracebackhide__ = True
        options: dict[str, Any] = {"headers": _headers(ask)}
        url = self._at_own_origin(ask)
        parts = urlsplit(url)
        as_given = not self._origin and (not parts.netloc or _is_a(self._client, "flask"))
        if not as_given:
            root = self._root if f"{parts.path}/".startswith(f"{self._root}/") else ""
            options["base_url"] = f"{parts.scheme}://{parts.netloc}{root}"
            url = parts._replace(scheme="", netloc="", path=parts.path.removeprefix(root) or "/").geturl()
        return self._client.open(url, method=ask.method, data=ask.form, follow_redirects=False, **options)

    def read(self, native: Any) -> Answer:
        """See :class:`Adapter`."""
        self._root = self._root or native.request.environ.get("SCRIPT_NAME", "").rstrip("/")
        self._answered_at(native.request.url)
        for header in native.headers.getlist("Set-Cookie"):
            self._same_site.update({name: morsel["samesite"].lower() for name, morsel in _cookies(header).items()})
        return Answer(
            status=native.status_code, url=native.request.url, location=native.headers.get("Location", ""),
            is_html=_is_html(native.headers.get("Content-Type")), native=native,
            text=lambda: native.get_data().decode("utf-8", "replace"),
        )  # fmt: skip

    @contextmanager
    def leaving_out(self, kinds: Sequence[SameSite]) -> Iterator[list[str]]:
        """See :class:`Adapter`. The client forgets ``SameSite``: known are the cookies of this visit."""
        jar: dict[Any, Any] = getattr(self._client, "_cookies", None) or {}
        taken = {key: cookie for key, cookie in jar.items() if self._same_site.get(cookie.key) in kinds}
        for key in taken:
            del jar[key]
        try:
            yield [cookie.key for cookie in taken.values()]
        finally:
            for key, cookie in taken.items():
                jar.setdefault(key, cookie)


class Httpx(Adapter):
    """``httpx.Client``, and the test client of Starlette and FastAPI, which is one."""

    def send(self, ask: Ask) -> Any:
        """See :class:`Adapter`."""
        __tracebackhide__ = True
        if not self._origin and not str(self._client.base_url):
            _check_whole(ask.url, "httpx.Client(base_url=…)")
        url = self._at_own_origin(ask) if self._is_in_process else ask.url
        return self._client.request(
            ask.method, url, content=ask.form, headers=_headers(ask), follow_redirects=False
        )  # fmt: skip

    def read(self, native: Any) -> Answer:
        """See :class:`Adapter`."""
        self._answered_at(str(native.url))
        return _answer(native)

    def leaving_out(self, kinds: Sequence[SameSite]) -> Any:
        """See :class:`Adapter`."""
        return _without(self._client.cookies.jar, kinds)

    def _own(self, path: str) -> str:
        """See :class:`Adapter`."""
        base = self._client.base_url
        return str(base.join(path)) if str(base) else ""

    @property
    def _is_in_process(self) -> bool:
        """Whether the app is called, not connected to. Httpx says so nowhere; unknown transports connect."""
        transport = getattr(self._client, "_transport", None)
        find = getattr(self._client, "_transport_for_url", None)
        if find and self._origin:
            transport = find(type(self._client.base_url)(self._origin))
        return any(base.__name__ in _IN_PROCESS for base in type(transport).__mro__)


class AsyncHttpx(Httpx):
    """``httpx.AsyncClient``."""

    is_async = True


class Requests(Adapter):
    """``requests.Session``."""

    def send(self, ask: Ask) -> Any:
        """See :class:`Adapter`."""
        __tracebackhide__ = True
        if not hasattr(self._client, "base_url"):  # of requests-toolbelt's session
            _check_whole(ask.url, "the app's whole URL")
        return self._client.request(
            ask.method, ask.url, data=ask.form, headers=_headers(ask), allow_redirects=False
        )  # fmt: skip

    def read(self, native: Any) -> Answer:
        """See :class:`Adapter`."""
        return _answer(native)

    def leaving_out(self, kinds: Sequence[SameSite]) -> Any:
        """See :class:`Adapter`."""
        return _without(self._client.cookies, kinds)


class Django(Adapter):
    """Django's test client."""

    def send(self, ask: Ask) -> Any:
        """See :class:`Adapter`."""
        __tracebackhide__ = True
        parts = urlsplit(self._at_own_origin(ask))
        self._url = f"{parts.scheme or 'http'}://{parts.netloc or self._own_name}{parts.path}"
        path = parts._replace(scheme="", netloc="").geturl()
        options = self._extra(ask.origin, parts.netloc if parts.netloc != self._own_name else "")
        options |= {"secure": parts.scheme == "https", "follow": False}
        if ask.form is None:
            return self._client.get(path, **options)
        return self._client.post(path, data=ask.form, content_type=_FORM, **options)

    def read(self, native: Any) -> Answer:
        """See :class:`Adapter`."""
        self._answered_at(self._url)
        text = b"" if getattr(native, "streaming", False) else native.content
        return Answer(
            status=native.status_code, url=self._url, location=native.get("Location", ""),
            is_html=_is_html(native.get("Content-Type")), native=native,
            text=lambda: text.decode(native.charset, "replace"),
        )  # fmt: skip

    @contextmanager
    def leaving_out(self, kinds: Sequence[SameSite]) -> Iterator[list[str]]:
        """See :class:`Adapter`."""
        jar: SimpleCookie = self._client.cookies
        taken = {name: morsel for name, morsel in jar.items() if morsel["samesite"].lower() in kinds}
        for name in taken:
            del jar[name]
        try:
            yield list(taken)
        finally:
            for name, morsel in taken.items():
                jar.setdefault(name, morsel)

    @property
    def _own_name(self) -> str:
        return str(self._client.defaults.get("HTTP_HOST") or self._client.defaults.get("SERVER_NAME") or "testserver")

    def _extra(self, origin: str, host: str) -> dict[str, Any]:
        named = {"HTTP_ORIGIN": origin, "HTTP_HOST": host}
        return {name: value for name, value in named.items() if value}


class AsyncDjango(Django):
    """Django's asynchronous test client. It asks for ``testserver`` and can be told of no other host."""

    is_async = True

    def _extra(self, origin: str, host: str) -> dict[str, Any]:  # noqa: ARG002 - see above
        return {"headers": {"origin": origin} if origin else {}}


class Own(Adapter):
    """A :class:`Person`, whose browser is also the app's client."""

    failures = (OSError,)

    def send(self, ask: Ask) -> Reply:
        """See :class:`Adapter`."""
        person: Person = self._client
        body = None if ask.form is None else ask.form.encode()
        return person.ask(ask.method, ask.url, body, _headers(ask).items())

    def read(self, native: Any) -> Answer:
        """See :class:`Adapter`."""
        return _answer(native)

    def leaving_out(self, kinds: Sequence[SameSite]) -> Any:
        """See :class:`Adapter`."""
        return _without(self._client.cookies, kinds)


_KINDS: tuple[tuple[str, str, type[Adapter]], ...] = (
    ("werkzeug", "Client", Werkzeug),
    ("httpx", "Client", Httpx),
    ("httpx", "AsyncClient", AsyncHttpx),
    ("httpx2", "Client", Httpx),
    ("httpx2", "AsyncClient", AsyncHttpx),
    ("requests", "Session", Requests),
    ("django", "Client", Django),
    ("django", "AsyncClient", AsyncDjango),
    (__package__, "Person", Own),
)
"""Which package's class is asked how; its subclasses too."""

SUPPORTED = (
    "Flask's and Werkzeug's test client, Starlette's and FastAPI's TestClient, httpx.Client, httpx.AsyncClient, "
    "requests.Session, Django's Client and AsyncClient"
)


def adapter(client: Any) -> Adapter:
    """How to ask an app through its client.

    Raises:
        UserError: the client is of no known kind.
    """
    for base in type(client).__mro__:
        for package, name, kind in _KINDS:
            if base.__name__ == name and f"{base.__module__}.".startswith(f"{package}."):
                return kind(client)
    kind_name = f"{type(client).__module__}.{type(client).__name__}"
    raise UserError(
        f"Nobody can be signed in through {kind_name}.",
        f"It is no client that is known here; known are {SUPPORTED}.",
        _instead(client),
    )


def _instead(client: Any) -> str:
    if callable(getattr(client, "test_client", None)):
        return "That is an app; hand over its client: app.test_client()."
    if _is_a(client, "starlette"):
        return "That is an app; hand over a client of it: TestClient(app)."
    if _is_a(client, "playwright"):
        return "In a real browser, go to the app's page and fill in the sign-in page itself."
    return "Hand over one of those."


def _is_a(thing: object, package: str) -> bool:
    return any(base.__module__.partition(".")[0] == package for base in type(thing).__mro__)


def _check_whole(url: str, instead: str) -> None:
    if not urlsplit(url).netloc:
        raise UserError(
            f"'{url}' is not a whole URL, and the client cannot know the app's.",
            "A bare path is enough for a client that has a base URL, or the app in its own process.",
            f"Write {instead}, for instance http://localhost:5001{url if url.startswith('/') else ''}.",
        )


def _headers(ask: Ask) -> dict[str, str]:
    named = {"Content-Type": _FORM if ask.form is not None else "", "Origin": ask.origin}
    return {name: value for name, value in named.items() if value}


def _answer(native: Any) -> Answer:
    """Of a response as most clients give it."""
    headers: Mapping[str, str] = native.headers
    return Answer(
        status=native.status_code, url=str(native.url), location=headers.get("Location", ""),
        is_html=_is_html(headers.get("Content-Type")), native=native, text=lambda: str(native.text),

    )  # fmt: skip


def _is_html(content_type: str | None) -> bool:
    return "html" in (content_type or "")


def _cookies(header: str) -> SimpleCookie:
    try:
        return SimpleCookie(header)
    except CookieError:
        return SimpleCookie()


@contextmanager
def _without(jar: CookieJar, kinds: Sequence[SameSite]) -> Iterator[list[str]]:
    taken = [cookie for cookie in jar if _same_site(cookie) in kinds]
    for cookie in taken:
        jar.clear(cookie.domain, cookie.path, cookie.name)
    try:
        yield [cookie.name for cookie in taken]
    finally:
        there = {(cookie.domain, cookie.path, cookie.name) for cookie in jar}
        for cookie in taken:
            if (cookie.domain, cookie.path, cookie.name) not in there:
                jar.set_cookie(cookie)


def _same_site(cookie: Cookie) -> str:
    spelled = (cookie.get_nonstandard_attr(name) for name in ("SameSite", "samesite", "Samesite"))
    return next((value.lower() for value in spelled if value), "")
