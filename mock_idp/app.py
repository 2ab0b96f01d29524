"""The URL table, and the only place where an answer or an error becomes HTTP.

One ASGI application answers for Entra's and Graph's names on TLS, and for loopback names on plain http (the front
channel). Paths follow facts §1.1.
"""

import json
import re
import sys
import traceback
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route, Router

from mock_idp import __version__
from mock_idp.endpoints import Entra, discovery, front, graph, logout, token, unserved
from mock_idp.endpoints.authorize import authorize, login
from mock_idp.endpoints.graph import me, userinfo
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Empty, FormPost, Json, Page, Redirect, Request
from mock_idp.facts.hosts import CANONICAL, role_of
from mock_idp.forms import MAX_BODY_BYTES, MAX_QUERY_BYTES, parse
from mock_idp.runtime.clock import stamp
from mock_idp.runtime.journal import Entry, printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.types import Receive, Scope, Send

Endpoint = Callable[[Request, Entra], Answer]


class Url(NamedTuple):
    """A row of the URL table.

    Attributes:
        side: whose host answers: the identity provider's, Graph's, or only the loopback front channel.
        path: with ``{segment}`` for the tenant and ``{tail}`` for what follows.
        endpoint: what answers.
        methods: which HTTP methods it takes; the token endpoint refuses others in its own words.
        errors: how it refuses.
    """

    side: Literal["login", "graph", "front"]
    path: str
    endpoint: Endpoint
    methods: str = "GET OPTIONS"
    errors: Literal["json", "page"] = "json"


URLS = (
    Url("login", "/{segment}/v2.0/.well-known/openid-configuration", discovery.openid_configuration_v2),
    Url("login", "/{segment}/.well-known/openid-configuration", discovery.openid_configuration_v1),
    Url("login", "/{segment}/discovery/v2.0/keys", discovery.keys_v2),
    Url("login", "/{segment}/discovery/keys", discovery.keys_v1),
    Url("login", "/common/discovery/instance", discovery.instance),
    Url("login", "/common/userrealm/{tail:path}", discovery.user_realm),
    Url("login", "/{segment}/oauth2/v2.0/authorize", authorize, "GET POST", "page"),
    Url("login", "/{segment}/login", login, "POST", "page"),
    Url("login", "/{segment}/oauth2/v2.0/token", token.token, "*"),
    Url("login", "/{segment}/oauth2/v2.0/logout", logout.logout, "GET POST", "page"),
    Url("graph", "/v1.0/me", me.me, "GET"),
    Url("graph", "/oidc/userinfo", userinfo.userinfo, "GET POST"),
    Url("graph", "/{tail:path}", graph.not_found, "*"),
    Url("front", "/", front.index, "GET", "page"),
    Url("front", "/_mock/health", front.health, "GET"),
    *(
        Url("login", f"/{{segment}}/{row.path}", unserved.unserved, "*", "page" if row.page else "json")
        for row in unserved.UNSERVED
    ),
    Url("login", "/{tail:path}", front.not_found, "*", "page"),
)

_SIDES = {"login": ("login",), "graph": ("graph",), "front": ("front", "login")}
_FRONT_NAMES = ("127.0.0.1", "localhost")

_ALWAYS = {
    # [O] REC-2023
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "P3P": 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
    "X-XSS-Protection": "0",
}
_BAD_INPUT = (90004, 90015, 9000411, 51000)
"""Numbers that keep their status on a page; Entra shows the others' page with 200 (facts §3.5)."""


class App:
    """The ASGI application.

    Args:
        entra: what its endpoints work with.
    """

    def __init__(self, entra: Entra) -> None:
        self.entra = entra
        self._routers = {
            side: Router([Route(url.path, _Served(url, entra)) for url in URLS if url.side in members])
            for side, members in _SIDES.items()
        }

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """ASGI."""
        if scope["type"] != "http":
            raise RuntimeError(f"only http is served, not {scope['type']}")
        host = _host(scope)
        secure = scope["scheme"] == "https"
        side = role_of(host) if secure else ("front" if host in _FRONT_NAMES else None)
        if side is None:
            await _misdirected(host, secure=secure)(scope, receive, send)
            return
        if side == "graph":
            scope["path"] = re.sub("/{2,}", "/", scope["path"])  # msgraph-sdk asks for /v1.0//me
        await self._routers[side](scope, receive, send)


class _Served:
    """An endpoint behind its row of the URL table: reads the request, writes the answer."""

    def __init__(self, url: Url, entra: Entra) -> None:
        self._url = url
        self._entra = entra

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """ASGI."""
        entra, http = self._entra, HttpRequest(scope, receive)
        entry = Entry(time=entra.clock.now(), method=scope["method"], what=printable(_host(scope) + scope["path"]))
        entra.journal.open(entry)
        request = _bare_request(http, entra)
        try:
            await _read(http, request)
            answer = self._answer(request)
        except EntraError as error:
            entra.journal.refused(error)
            answer = _refusal(error, request, entra, self._url.errors)
        except Exception:  # noqa: BLE001 - a fault of ours must not take the connection down
            traceback.print_exc(file=sys.stderr)
            answer = Json(
                status=500, body={"error": "server_error", "error_description": "mock-idp has a fault; see its log."}
            )
        response = _to_http(answer, request, secure=scope["scheme"] == "https")
        entry.status = response.status_code
        entra.journal.close(entry)
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Answer:
        methods = self._url.methods
        method = "GET" if request.method == "HEAD" else request.method
        if methods != "*" and method not in methods.split():
            return Empty(status=405, headers={"Allow": ", ".join(methods.split())})
        if method == "OPTIONS" and "OPTIONS" in methods:
            return Empty(headers=dict(discovery.CACHED))
        return self._url.endpoint(request, self._entra)


def _host(scope: "Scope") -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            host: str = value.decode("latin-1").lower()
            return host.rpartition(":")[0] if re.search(r":\d*$", host) else host
    return ""


def _misdirected(host: str, *, secure: bool) -> Response:
    names = "Microsoft's host names" if secure else "127.0.0.1 and localhost"
    text = f"mock-idp: this listener answers for {names}, not for '{printable(host, 80)}'.\n"
    return Response(text, status_code=421, media_type="text/plain")


def _bare_request(http: HttpRequest, entra: Entra) -> Request:
    scope = http.scope
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    parameters = scope.get("path_params", {})
    correlation = headers.get("client-request-id", "")
    usable = correlation.isascii() and correlation.isprintable() and len(correlation) < 64  # noqa: PLR2004 - a GUID
    return Request(
        method=scope["method"],
        base_url=f"{scope['scheme']}://{headers.get('host', '')}",
        path=scope["path"],
        segment=parameters.get("segment", ""),
        tail=parameters.get("tail", ""),
        headers=headers,
        cookies=http.cookies if "cookie" in headers else {},
        trace_id=entra.chance.guid()[:-2] + "00",
        correlation_id=correlation if correlation and usable else entra.chance.guid(),
    )


async def _read(http: HttpRequest, request: Request) -> None:
    raw_query = http.scope["query_string"]
    if len(raw_query) > MAX_QUERY_BYTES:
        raise EntraError(90015, hint=f"The query has {len(raw_query)} bytes; at most {MAX_QUERY_BYTES} are read.")
    request.query = parse(raw_query)
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    body = await _body(http)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        request.form = parse(body)


async def _body(http: HttpRequest) -> bytes:
    announced = http.headers.get("content-length", "0")
    body = b""
    if announced.isdigit() and int(announced[:12]) <= MAX_BODY_BYTES:
        async for chunk in http.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                break
        else:
            return body
    error = EntraError(90004, hint=f"The body has more than {MAX_BODY_BYTES} bytes, which no request here needs.")
    error.status = 413
    raise error


def _refusal(error: EntraError, request: Request, entra: Entra, style: Literal["json", "page"]) -> Answer:
    now = stamp(entra.clock.now())
    if style == "page" or error.number == 900561:  # noqa: PLR2004 - a page at the token endpoint too (facts §1.1)
        return Page(
            template="error.html",
            status=error.status if error.number in _BAD_INPUT else 200,
            values={"error": error, "request": request, "timestamp": now},
        )
    body: dict[str, Any] = {
        "error": error.error,
        "error_description": f"AADSTS{error.number}: {error.message} Trace ID: {request.trace_id} "
        f"Correlation ID: {request.correlation_id} Timestamp: {now}",
        "error_codes": [error.number],
        "timestamp": now,
        "trace_id": request.trace_id,
        "correlation_id": request.correlation_id,
    }
    if error.row.lookup:
        host = request.base_url if request.base_url.startswith("https:") else f"https://{CANONICAL}"
        body["error_uri"] = f"{host}/error?code={error.number}"
    if error.row.suberror:
        body["suberror"] = error.row.suberror
    return Json(status=error.status, body=body, headers={**token.NOT_STORED, **error.headers})


def _to_http(answer: Answer, request: Request, *, secure: bool) -> Response:
    headers = {**_ALWAYS, "x-ms-request-id": request.trace_id, **answer.headers}
    if not secure:
        del headers["Strict-Transport-Security"]
    if "client-request-id" in request.headers:
        headers["client-request-id"] = request.correlation_id
    match answer:
        case Json(body=bytes() as body):
            response = Response(body, answer.status, headers, answer.media_type)
        case Json():
            text = json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False)
            response = Response(text, answer.status, headers, answer.media_type)
        case Page():
            response = _page(answer, headers)
        case FormPost():
            response = _page(_form_post(answer), headers)
        case Redirect():
            response = Response(b"", answer.status, {**headers, "Location": _location(answer.url), **token.NOT_STORED})
        case _:
            response = Response(b"", answer.status, headers)
    for cookie in answer.cookies:
        response.set_cookie(
            cookie.name, cookie.value, max_age=None if cookie.value else 0, path="/", httponly=True,
            secure=secure, samesite="none" if secure else "lax",
        )  # fmt: skip
    return response


def _location(url: str) -> str:
    """A URL as a header may carry it: ASCII, no line breaks."""
    return "".join(c if "!" <= c <= "~" else "".join(f"%{byte:02x}" for byte in c.encode()) for c in url)


def _form_post(answer: FormPost) -> Page:
    return Page(template="form_post.html", values={"url": answer.url, "fields": answer.fields}, form_action=answer.url)


def _page(answer: Page, headers: dict[str, str]) -> Response:
    import secrets  # noqa: PLC0415 - pages only

    nonce = secrets.token_urlsafe(12)
    text = _templates().get_template(answer.template).render(**answer.values, nonce=nonce, version=__version__)
    # after sign-in an app may redirect on, to another of its ports or an https page; Chromium applies form-action there
    action = f"'self' {_source(answer.form_action)} http://localhost:* http://127.0.0.1:* https:"
    headers |= {
        "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        f"form-action {action}; base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        **token.NOT_STORED,
    }
    return Response(text, answer.status, headers, "text/html; charset=utf-8")


def _source(origin: str) -> str:
    """An origin as a CSP source; what could break out of the header is left out."""
    found = re.match(r"[a-z][a-z0-9+.\-]*:(//[A-Za-z0-9.\-\[\]:]+)?", origin, re.IGNORECASE)
    return found[0] if found else ""


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - first page only

    return Environment(loader=PackageLoader("mock_idp", "pages"), autoescape=True, undefined=StrictUndefined)
