"""Microsoft Graph: the bearer check, its errors, and one module a resource. Follows GD:concepts/errors, facts §8."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError
from mock_idp.exchange import Json, Request
from mock_idp.facts.headers import GRAPH_CORS
from mock_idp.facts.hosts import CANONICAL
from mock_idp.facts.wellknown import GRAPH_APP_ID, GRAPH_AUDIENCES
from mock_idp.tokens.verify import TokenRefused

_CHALLENGE = (
    f'Bearer realm="", authorization_uri="https://{CANONICAL}/common/oauth2/authorize", client_id="{GRAPH_APP_ID}"'
)

GraphEndpoint = Callable[[Request, Entra, dict[str, Any]], Json]


class GraphError(Exception):
    """A refusal in Graph's shape (facts §8.2).

    Args:
        status: HTTP status.
        code: Graph's error code.
        message: Graph's words.
        hint: ours, for the journal.
    """

    def __init__(self, status: int, code: str, message: str, hint: str) -> None:
        self.status, self.code, self.message, self.hint = status, code, message, hint
        super().__init__(f"{code}: {message}")


def with_bearer(resource: GraphEndpoint) -> Callable[[Request, Entra], Json]:
    """Let a resource be read only with a good Graph token; its claims are handed on."""

    def endpoint(request: Request, entra: Entra) -> Json:
        try:
            claims = _bearer(request, entra)
            answer = resource(request, entra, claims)
        except GraphError as error:
            return _refused(error, request, entra)
        answer.headers |= _headers(request)
        return answer

    return endpoint


def _headers(request: Request) -> dict[str, str]:
    """What every answer of Graph carries (facts §8.1); any page may read it, since it has to bring a token."""
    ids = {"request-id": request.trace_id, "client-request-id": _called(request)}
    return {**ids, **GRAPH_CORS} if "origin" in request.headers else ids


def _called(request: Request) -> str:
    """What the client called its request, else Graph's own name for it [O] 2024-08."""
    return request.correlation_id if "client-request-id" in request.headers else request.trace_id


def _bearer(request: Request, entra: Entra) -> dict[str, Any]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise GraphError(
            401, "InvalidAuthenticationToken", "Access token is empty.", "Send Authorization: Bearer {token}."
        )
    try:
        claims = entra.verifier.claims(token.strip(), GRAPH_AUDIENCES)
    except TokenRefused as refusal:
        raise GraphError(401, "InvalidAuthenticationToken", refusal.message, refusal.hint) from None
    entra.journal.about(user=str(claims.get("upn", "")), client=str(claims.get("appid", "")))
    return claims


def require_scope(claims: dict[str, Any], allowed: frozenset[str]) -> None:
    """One of the delegated permissions has to be in the token.

    Raises:
        GraphError: 403.
    """
    held = str(claims.get("scp", "")).split()
    if not allowed & set(held):
        raise GraphError(
            403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.",
            f"The token's scp is '{' '.join(held)}'; this needs one of {', '.join(sorted(allowed))}.",
        )  # fmt: skip


def _refused(error: GraphError, request: Request, entra: Entra) -> Json:
    entra.journal.note(f"{error.code}: {error.message} {error.hint}")
    now = datetime.fromtimestamp(entra.clock.now(), UTC)
    return Json(
        status=error.status,
        body={
            "error": {
                "code": error.code,
                "message": error.message,
                "innerError": {
                    "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
                    "request-id": request.trace_id,
                    "client-request-id": _called(request),
                },
            }
        },
        headers=_headers(request) | ({"WWW-Authenticate": _CHALLENGE} if error.status == 401 else {}),  # noqa: PLR2004
    )


def not_found(request: Request, entra: Entra) -> Json:
    """Any path that is not served."""
    parts = [part for part in request.path.split("/")[2:] if part]
    unknown = parts[1:] if request.path.lower().startswith("/v1.0/me/") else parts
    segment = next(iter(unknown), request.path)
    error = GraphError(
        400, "BadRequest", f"Resource not found for the segment '{segment}'.",
        "Graph has more than is served here; docs/not-served.md lists what is.",
    )  # fmt: skip
    return _refused(error, request, entra)


def refusal(error: EntraError, request: Request, entra: Entra) -> Json:
    """What :mod:`mock_idp.app` found wrong with a request, in Graph's shape [I]."""
    message = error.message
    if error.number == 900561:  # noqa: PLR2004 - a wrong HTTP method
        message = "Specified HTTP method is not allowed for the request target."
    answer = _refused(GraphError(error.status, "BadRequest", message, error.hint), request, entra)
    answer.headers |= error.headers
    return answer
