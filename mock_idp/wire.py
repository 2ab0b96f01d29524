"""Between HTTP and the plain values of :mod:`mock_idp.exchange`: requests are read here and answers written."""

import json
import re
from email.utils import formatdate
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import Response

from mock_idp import __version__
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, FormPost, Json, Page, Redirect, Request
from mock_idp.facts.headers import EVERY, NOT_STORED, Side
from mock_idp.forms import MAX_BODY_BYTES, MAX_QUERY_BYTES, parse
from mock_idp.runtime.chance import Chance

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.types import Receive, Scope


_HOST = re.compile(r"([a-z0-9.-]+?)\.?(?::(\d{0,5}))?")
_OWN_PORT = {"https": "443", "http": "80"}
_MAX_CORRELATION_ID = 64
_FORM = "application/x-www-form-urlencoded"
_encoded = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Host(NamedTuple):
    """What the ``Host`` header names.

    Attributes:
        name: in lower case, without port; empty when the header is missing or cannot be read.
        url: with the scheme, and with a port that is not the scheme's own.
        raw: as it came.
    """

    name: str
    url: str
    raw: str


def host_of(scope: "Scope") -> Host:
    """Read the ``Host`` header; of several the first counts."""
    for name, value in scope["headers"]:
        if name == b"host":
            return _host(value.decode("latin-1"), scope["scheme"])
    return Host("", "", "")


@lru_cache(maxsize=64)
def _host(raw: str, scheme: str) -> Host:
    found = _HOST.fullmatch(raw.lower())
    if not found:
        return Host("", "", raw)
    name, port = found.groups()
    other_port = f":{port}" if port and port != _OWN_PORT[scheme] else ""
    return Host(name, f"{scheme}://{name}{other_port}", raw)


def read_head(scope: "Scope", host: Host, chance: Chance) -> Request:
    """The request without its parameters, so that a refusal of those can be answered."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    parameters = scope.get("path_params", {})
    return Request(
        method=scope["method"],
        base_url=host.url,
        path=scope["path"],
        segment=parameters.get("segment", ""),
        tail=parameters.get("tail", ""),
        headers=headers,
        cookies=cookie_parser(headers["cookie"]) if "cookie" in headers else {},
        trace_id=chance.guid()[:-2] + "00",
        correlation_id=_correlation_id(headers.get("client-request-id", "")) or chance.guid(),
    )


def _correlation_id(named: str) -> str:
    return named if len(named) <= _MAX_CORRELATION_ID and named.isascii() and named.isprintable() else ""


async def read_parameters(raw_query: bytes, receive: "Receive", request: Request) -> None:
    """Fill in the parameters of query and body, each once.

    Raises:
        ClientDisconnect: the client went away before the body was there.
        EntraError: 90015 or 90004 for too much; see also :func:`mock_idp.forms.parse`.
    """
    if len(raw_query) > MAX_QUERY_BYTES:
        raise EntraError(90015, hint=f"The query has {len(raw_query)} bytes; at most {MAX_QUERY_BYTES} are read.")
    request.query = parse(raw_query)
    if request.method not in _WITHOUT_BODY:
        body = await _body(receive, request.headers.get("content-length", "0"))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
            request.form = parse(body)
    if "client-request-id" not in request.headers:  # it may also be a parameter (facts §4E)
        named = request.form.get("client-request-id") or request.query.get("client-request-id", "")
        request.correlation_id = _correlation_id(named) or request.correlation_id


async def _body(receive: "Receive", announced: str) -> bytes:
    body, more = b"", True
    if announced.isdecimal() and int(announced[:12]) <= MAX_BODY_BYTES:
        while more and len(body) <= MAX_BODY_BYTES:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if len(body) <= MAX_BODY_BYTES:
            return body
    error = EntraError(90004, hint=f"The body has more than {MAX_BODY_BYTES} bytes, which no request here needs.")
    error.status = 413
    raise error


def respond(answer: Answer, request: Request, side: Side, now: int) -> Response:
    """Write an answer; ``now`` is its date, seconds since 1970."""
    secure = request.base_url.startswith("https:")
    headers = {**EVERY[side], **answer.headers, "Date": _date(now)}
    if side != "graph":
        headers["x-ms-request-id"] = request.trace_id
    if not secure:
        headers.pop("Strict-Transport-Security", None)
    if "client-request-id" in request.headers:
        headers["client-request-id"] = request.correlation_id
    response = _response(answer, headers)
    for cookie in answer.cookies:
        response.set_cookie(
            cookie.name, cookie.value, max_age=None if cookie.value else 0, path="/", httponly=True,
            secure=secure, samesite="none" if secure else "lax",
        )  # fmt: skip
    return response


@lru_cache(maxsize=2)
def _date(now: int) -> str:
    return formatdate(now, usegmt=True)


def _response(answer: Answer, headers: dict[str, str]) -> Response:
    match answer:
        case Json(body=bytes() as body):
            return Response(body, answer.status, headers, answer.media_type)
        case Json():
            return Response(_encoded(answer.body), answer.status, headers, answer.media_type)
        case Page():
            return _page(answer, headers)
        case FormPost():
            values = {"url": answer.url, "fields": answer.fields}
            return _page(Page(template="form_post.html", values=values, form_action=answer.url), headers)
        case Redirect():
            return Response(b"", answer.status, {**headers, **NOT_STORED, "Location": _location(answer.url)})
        case _:
            return Response(b"", answer.status, headers)


def _location(url: str) -> str:
    """A URL as a header may carry it: ASCII, no line breaks."""
    return re.sub("[^!-~]", lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode()), url)


def _page(answer: Page, headers: dict[str, str]) -> Response:
    import secrets  # noqa: PLC0415 - pages only

    nonce = secrets.token_urlsafe(12)
    values = {**answer.values, "frames": answer.frames, "nonce": nonce, "version": __version__}
    text = _templates().get_template(answer.template).render(values)
    # after sign-in an app may redirect on, to another of its ports or an https page; Chromium applies form-action there
    action = f"'self' {_source(answer.form_action)} http://localhost:* http://127.0.0.1:* https:"
    ours = f"'nonce-{nonce}'"
    framed = " ".join(dict.fromkeys(map(_source, answer.frames)))
    headers |= {
        "Content-Security-Policy": f"default-src 'none'; img-src data:; style-src {ours}; script-src {ours}; "
        f"{f'frame-src {framed}; ' if framed else ''}form-action {action}; base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        **NOT_STORED,
    }
    return Response(text, answer.status, headers, "text/html; charset=utf-8")


def _source(origin: str) -> str:
    """An origin as a CSP source; what could break out of the header is left out."""
    found = re.match(r"[a-z][a-z0-9+.\-]*:(//[A-Za-z0-9.\-\[\]:]+)?", origin, re.IGNORECASE)
    return found[0] if found else ""


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - first page only

    return Environment(
        loader=PackageLoader("mock_idp", "pages"), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
