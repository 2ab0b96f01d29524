"""The two services called in the person's name: our API, and Microsoft Graph.

How a refusal reads is RFC 6750 section 3; Graph's profile is https://learn.microsoft.com/graph/api/user-get.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
from requests.auth import AuthBase
from werkzeug.datastructures import WWWAuthenticate

from .errors import SignInRequiredError, VisibleError

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAPH_ME = "https://graph.microsoft.com/v1.0/me"
TIMEOUT = 5.0


class Operation(NamedTuple):
    """Something the API can do, and the scope it takes."""

    method: str
    path: str
    scope: str


READ = Operation("GET", "/data/read", "data.read")
WRITE = Operation("POST", "/data/write", "data.write")


@dataclass(frozen=True)
class AccessToken:
    """A bearer token and the scopes it was granted for, as the token response named them."""

    value: str = field(repr=False)
    scopes: tuple[str, ...]


class Answer(NamedTuple):
    """What a service answered.

    Attributes:
        method: HTTP method of the request.
        url: Where the request went.
        status: HTTP status.
        milliseconds: From sending the request to having read the whole answer.
        body: The decoded JSON, or the text if it was none.
        challenge: The `WWW-Authenticate` header's parameters.
    """

    method: str
    url: str
    status: int
    milliseconds: float
    body: Any
    challenge: Mapping[str, str | None]

    @property
    def ok(self) -> bool:
        """Whether the service did what it was asked to."""
        return 200 <= self.status < 300  # noqa: PLR2004 - these are HTTP's numbers


class HttpSession(requests.Session):
    """Connections to all the services, shared by all people: it waits a limited time, and keeps no cookies."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, as `requests.Session.request` does, for at most `TIMEOUT` seconds of silence."""
        kwargs.setdefault("timeout", TIMEOUT)
        return super().request(*args, **kwargs)


class Api:
    """Our API, the resource server behind `API_BASE_URL`."""

    def __init__(self, base_url: str, http: requests.Session) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = http

    def perform(self, operation: Operation, token: AccessToken) -> Answer:
        """Ask the API for an operation.

        Raises:
            SignInRequiredError: The API does not accept the token at all.
            VisibleError: The API cannot be reached (502), lacks a scope (403), or failed in another way (502).
        """
        answer = _call(self._http, operation.method, self._base_url + operation.path, token)
        if answer.status == requests.codes.unauthorized:
            raise SignInRequiredError(_refused(answer))
        if answer.status == requests.codes.forbidden:
            raise _forbidden(operation, token, answer)
        if not answer.ok:
            raise VisibleError(502, "The API could not do it", f"{answer.url} answered {answer.status}.")
        return answer


class Graph:
    """Microsoft Graph, as far as we need it."""

    def __init__(self, http: requests.Session) -> None:
        self._http = http

    def me(self, token: AccessToken) -> dict[str, Any]:
        """The signed-in person's profile; takes the scope `User.Read`.

        Raises:
            VisibleError: Graph cannot be reached, or did not answer with a profile (502).
        """
        answer = _call(self._http, "GET", GRAPH_ME, token)
        if not answer.ok or not isinstance(answer.body, dict):
            raise VisibleError(502, "Microsoft Graph did not answer with a profile", f"It answered {answer.status}.")
        return answer.body


class _Bearer(AuthBase):
    """RFC 6750 section 2.1. Being requests' own kind of authentication, no entry of `~/.netrc` replaces it."""

    def __init__(self, token: AccessToken) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.value}"
        return request


def _call(http: requests.Session, method: str, url: str, token: AccessToken) -> Answer:
    started = perf_counter()
    try:
        # a redirect is not followed: the token is meant for this address
        response = http.request(method, url, auth=_Bearer(token), allow_redirects=False)
    except OSError as failure:  # requests' exceptions, and what it says about a CA bundle that is not there
        raise VisibleError(502, f"{url} could not be reached", hint="Try again in a moment.") from failure
    milliseconds = (perf_counter() - started) * 1000
    challenge = WWWAuthenticate.from_header(response.headers.get("WWW-Authenticate"))
    parameters = challenge.parameters if challenge else {}
    return Answer(method, url, response.status_code, milliseconds, _body(response), parameters)


def _body(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text


def _refused(answer: Answer) -> VisibleError:
    return VisibleError(
        502,
        "The API does not accept our access tokens",
        f"{answer.url} answered {answer.status} to a token that was issued a moment ago.",
        hint="Whoever runs the API should check the audience and the issuer it expects, and its clock.",
        code=answer.challenge.get("error") or "",
    )


def _forbidden(operation: Operation, token: AccessToken, answer: Answer) -> VisibleError:
    wanted = answer.challenge.get("scope") or operation.scope
    return VisibleError(
        403,
        "The API did not allow it",
        f"It takes the scope {wanted}. The access token was granted for: {' '.join(token.scopes) or 'nothing'}.",
        hint=f"Ask an administrator to grant this application the permission {wanted}, then sign in again.",
        code=answer.challenge.get("error") or "",
    )
