"""What passes through :mod:`mock_idp.app`: a request in, and the plain values that endpoints answer with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(slots=True, kw_only=True)
class Request:
    """An HTTP request, read once and checked.

    Attributes:
        method: in upper case.
        base_url: scheme and host that were asked, in lower case, the scheme's own port left out
            (``https://login.windows.net``).
        path: decoded path.
        segment: the tenant segment of the path, or empty.
        tail: what a route's remaining path parameter holds, or empty.
        query: parameters of the query string, each once.
        form: parameters of an urlencoded body, each once; empty when there is no such body.
        headers: names in lower case.
        cookies: name to value.
        trace_id: GUID of this exchange, ``x-ms-request-id``.
        correlation_id: what the client called it, else a GUID.
    """

    method: str
    base_url: str
    path: str
    segment: str = ""
    tail: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    trace_id: str = ""
    correlation_id: str = ""


class Cookie(NamedTuple):
    """A cookie to set; an empty value removes it. ``Secure`` and ``SameSite`` follow the listener."""

    name: str
    value: str


@dataclass(slots=True, kw_only=True)
class Answer:
    """What every answer may carry."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cookies: Sequence[Cookie] = ()


@dataclass(slots=True, kw_only=True)
class Json(Answer):
    """A JSON document, members in the order served; ``bytes`` are sent as they are."""

    body: Mapping[str, Any] | bytes
    media_type: str = "application/json; charset=utf-8"


@dataclass(slots=True, kw_only=True)
class Page(Answer):
    """An HTML page.

    Attributes:
        template: file name in :mod:`mock_idp.pages`.
        values: what the template shows.
        form_action: an origin, besides our own, to which the page's form may lead (CSP ``form-action``).
        frames: URLs that the page loads in frames (CSP ``frame-src``).
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    form_action: str = ""
    frames: Sequence[str] = ()


@dataclass(slots=True, kw_only=True)
class Redirect(Answer):
    """A redirect to ``url``."""

    url: str
    status: int = 302


@dataclass(slots=True, kw_only=True)
class FormPost(Answer):
    """OAuth 2.0 Form Post Response Mode: a page that posts ``fields`` to ``url``."""

    url: str
    fields: Sequence[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Empty(Answer):
    """No body."""

    status: int = 204


class NotYet(Exception):  # noqa: N818 - reads as what happened
    """An endpoint lacks what takes time to get. :mod:`mock_idp.app` gets it, and asks the endpoint once more.

    So endpoints stay plain functions that wait for nothing, and the loop answers others meanwhile.

    Args:
        get: called in a thread of its own; raises nothing, and leaves what it got where the endpoint looks for it.
    """

    def __init__(self, get: Callable[[], None]) -> None:
        self.get = get
        super().__init__("what was asked for is still to come")
