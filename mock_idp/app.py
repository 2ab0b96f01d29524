"""The URL table, and how an error becomes an answer.

One ASGI application answers for Entra's and Graph's names on TLS, and for loopback names on plain http (the front
channel). Paths follow facts §1.1.
"""

import asyncio
import re
import sys
import traceback
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route, Router

from mock_idp.endpoints import Entra
from mock_idp.endpoints.refusals import document
from mock_idp.endpoints.unserved import UNSERVED
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Empty, Json, NotYet, Page, Request
from mock_idp.facts.headers import NOT_STORED, PREFLIGHT, Side
from mock_idp.facts.hosts import role_of
from mock_idp.runtime.clock import stamp
from mock_idp.runtime.journal import Entry, presentable, printable
from mock_idp.wire import Host, host_of, read_head, read_parameters, respond

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request, Entra], Answer]

_VERSION = re.compile(r"_v\d+$")


class Url(NamedTuple):
    """A row of the URL table.

    Attributes:
        side: whose host answers: the identity provider's, Graph's, or only the loopback front channel.
        path: with ``{segment}`` for the tenant and ``{tail}`` for what follows.
        endpoint: what answers, as ``module:function`` below :mod:`mock_idp.endpoints`; imported when first asked.
        methods: which HTTP methods it takes; ``*`` leaves that to the endpoint.
        errors: how it refuses.
    """

    side: Side
    path: str
    endpoint: str
    methods: str = "GET OPTIONS"
    errors: Literal["json", "page", "graph"] = "json"

    @property
    def name(self) -> str:
        """The endpoint in the protocol's words, as the journal has it: both versions of the keys are ``keys``."""
        return _VERSION.sub("", self.endpoint.partition(":")[2])

    def load(self) -> Endpoint:
        """The endpoint itself."""
        module, _, function = self.endpoint.partition(":")
        found: Endpoint = getattr(import_module(f"mock_idp.endpoints.{module}"), function)
        return found


URLS = (
    # the one asked most comes first
    Url("login", "/{segment}/oauth2/v2.0/token", "token:token", "*"),
    Url("login", "/{segment}/oauth2/token", "token:token_v1", "*"),
    Url("login", "/{segment}/v2.0/.well-known/openid-configuration", "discovery:openid_configuration_v2"),
    Url("login", "/{segment}/.well-known/openid-configuration", "discovery:openid_configuration_v1"),
    Url("login", "/{segment}/discovery/v2.0/keys", "discovery:keys_v2"),
    Url("login", "/{segment}/discovery/keys", "discovery:keys_v1"),
    Url("login", "/common/discovery/instance", "discovery:instance"),
    Url("login", "/common/userrealm", "discovery:user_realm"),
    Url("login", "/common/userrealm/{tail:path}", "discovery:user_realm"),
    Url("login", "/{segment}/oauth2/v2.0/authorize", "authorize:authorize", "GET POST", "page"),
    Url("login", "/{segment}/oauth2/authorize", "authorize:authorize_v1", "GET POST", "page"),
    Url("login", "/{segment}/login", "authorize:login", "POST", "page"),
    Url("login", "/{segment}/oauth2/v2.0/logout", "logout:logout", "GET POST", "page"),
    Url("login", "/{segment}/oauth2/logout", "logout:logout", "GET POST", "page"),
    Url("login", "/{segment}/oauth2/v2.0/devicecode", "device:devicecode_v2", "POST"),
    Url("login", "/{segment}/oauth2/devicecode", "device:devicecode_v1", "GET POST"),
    Url("login", "/device", "device:device", "GET", "page"),
    Url("login", "/common/oauth2/deviceauth", "device:deviceauth", "GET POST", "page"),
    Url("login", "/{segment}/v2.0/adminconsent", "admin_consent:adminconsent_v2", "GET POST", "page"),
    Url("login", "/{segment}/adminconsent", "admin_consent:adminconsent_v1", "GET POST", "page"),
    Url("login", "/{segment}/openid/userinfo", "userinfo:userinfo_v1", "GET POST OPTIONS"),
    Url("login", "/common/oauth2/nativeclient", "front:native_client", "GET", "page"),
    Url("login", "/error", "lookup:error", "GET", "page"),
    Url("graph", "/v1.0/me", "graph.me:me", "GET OPTIONS", "graph"),
    Url("graph", "/oidc/userinfo", "graph.userinfo:userinfo", "GET POST OPTIONS", "graph"),
    Url("graph", "/{tail:path}", "graph:not_found", "*", "graph"),
    Url("front", "/", "front:index", "GET", "page"),
    Url("front", "/_mock/health", "front:health", "GET"),
    Url("front", "/_mock/token", "control:mint", "POST"),
    *(
        Url("login", f"/{{segment}}/{row.path}", "unserved:unserved", "*", "page" if row.page else "json")
        for row in UNSERVED
    ),
    Url("login", "/{tail:path}", "front:not_found", "*", "page"),
)

_SERVED_BY: dict[Side, tuple[Side, ...]] = {"login": ("login",), "graph": ("graph",), "front": ("front", "login")}
_HOST = "mock_idp.host"
"""Where the ASGI scope carries the host that was asked."""

_FETCHES = 3
"""How often at most an endpoint is asked again after it lacked something."""

_FRONT_NAMES = ("127.0.0.1", "localhost")


class App:
    """The ASGI application.

    Args:
        entra: what its endpoints work with.
    """

    def __init__(self, entra: Entra) -> None:
        self.entra = entra
        entra.journal.endpoints = sorted({url.name for url in URLS})
        self._routers = {
            side: Router([_route(url, entra) for url in URLS if url.side in members])
            for side, members in _SERVED_BY.items()
        }

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """ASGI."""
        if scope["type"] != "http":
            raise RuntimeError(f"only http is served, not {scope['type']}")
        host = host_of(scope)
        side = _side(host, secure=scope["scheme"] == "https")
        if side is None:
            await _misdirected(host, secure=scope["scheme"] == "https")(scope, receive, send)
            return
        scope["path"] = _bare(scope["path"])
        scope[_HOST] = host
        await self._routers[side](scope, receive, send)


def _route(url: Url, entra: Entra) -> Route:
    """Paths are compared without case (facts §7.10)."""
    route = Route(url.path, _Served(url, entra))
    route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return route


def _bare(path: str) -> str:
    """A path without slashes too many (facts §7.10); ``/v1.0//me`` and ``/v1.0/me/`` are asked of Graph too."""
    return re.sub("/{2,}", "/", path).rstrip("/") or "/" if "//" in path or path.endswith("/") else path


def _side(host: Host, *, secure: bool) -> Side | None:
    """Microsoft's names are answered on TLS only, loopback names on plain http only."""
    if secure:
        return role_of(host.name)
    return "front" if host.name in _FRONT_NAMES else None


def _misdirected(host: Host, *, secure: bool) -> Response:
    names = "Microsoft's host names" if secure else "127.0.0.1 and localhost"
    text = f"mock-idp: this listener answers for {names}, not for '{printable(host.raw, 80)}'.\n"
    return Response(text, status_code=421, media_type="text/plain")


class _Served:
    """An endpoint behind its row of the URL table."""

    def __init__(self, url: Url, entra: Entra) -> None:
        self._url = url
        self._name = url.name
        self._entra = entra
        self._methods = url.methods.split()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """ASGI."""
        entra, host = self._entra, scope[_HOST]
        request = read_head(scope, host, entra.chance)
        entry = self._entry(request, host)
        entra.journal.open(entry)
        try:
            response = await self._response(scope, receive, request, entry.time)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take the connection down
            traceback.print_exc(file=sys.stderr)
            entra.journal.fault(entry, error)
            response = respond(_fault(), request, self._url.side, entry.time)
        entry.status = response.status_code
        entra.journal.close(entry)
        await response(scope, receive, send)

    async def _response(self, scope: "Scope", receive: "Receive", request: Request, now: int) -> Response:
        try:
            await read_parameters(scope["query_string"], receive, request)
            self._entra.journal.received(request)
            return respond(await self._answer(request), request, self._url.side, now)
        except EntraError as error:
            self._entra.journal.refused(error)
            return respond(self._refusal(error, request), request, self._url.side, now)

    def _entry(self, request: Request, host: Host) -> Entry:
        return Entry(
            time=self._entra.clock.now(),
            method=request.method,
            endpoint=self._name,
            host=presentable(host.name),
            path=presentable(request.path),
            tenant=presentable(request.segment),
        )

    async def _answer(self, request: Request) -> Answer:
        method = "GET" if request.method == "HEAD" else request.method
        if "*" not in self._methods and method not in self._methods:
            raise _wrong_method(request.method, self._methods)
        if method == "OPTIONS" and "OPTIONS" in self._methods:
            return Empty(headers=dict(PREFLIGHT[self._url.side]))
        for _ in range(_FETCHES):
            try:
                return self._endpoint(request, self._entra)
            except NotYet as lacking:
                await asyncio.to_thread(lacking.get)
        return self._endpoint(request, self._entra)

    @cached_property
    def _endpoint(self) -> Endpoint:
        return self._url.load()

    def _refusal(self, error: EntraError, request: Request) -> Answer:
        now = self._entra.clock.now()
        opened_by_a_person = error.number == 900561 and request.method in ("GET", "HEAD")  # noqa: PLR2004 - facts §1.1
        if self._url.errors == "graph":
            from mock_idp.endpoints.graph import refusal  # noqa: PLC0415 - Graph only

            return refusal(error, request, self._entra)
        if self._url.errors == "page" or opened_by_a_person:
            values = {"error": error, "request": request, "timestamp": stamp(now)}
            return Page(template="error.html", status=_page_status(error), values=values, headers=error.headers)
        return Json(
            status=error.status,
            body=document(error, request, now),
            headers={**NOT_STORED, **error.headers},
        )


def _wrong_method(method: str, methods: list[str]) -> EntraError:
    allowed = ", ".join(methods)
    error = EntraError(900561, methods=allowed, method=method, hint=f"{method} came; this address takes {allowed}.")
    error.status, error.headers = 405, {"Allow": allowed}
    return error


def _page_status(error: EntraError) -> int:
    """Entra shows its refusals with 200 (facts §3.5); what is no proper request at all keeps its own status."""
    improper = error.status != 400 or error.row.unreadable  # noqa: PLR2004 - HTTP
    return error.status if improper else 200


def _fault() -> Json:
    return Json(status=500, body={"error": "server_error", "error_description": "mock-idp has a fault; see its log."})
