"""How Entra words a refusal, the same in a JSON document and in a redirect. Follows facts §4E."""

from typing import Any

from mock_idp.endpoints.addresses import login_url
from mock_idp.errors import EntraError
from mock_idp.exchange import Request
from mock_idp.runtime.clock import stamp

_PASSWORD_EXPIRED = 50055
_PASSWORD_CHANGE = "https://portal.microsoftonline.com/ChangePassword.aspx"  # noqa: S105 - where it is changed


def description(error: EntraError, request: Request, now: int) -> str:
    """``error_description``: message, ids and time, one space between them (facts §0.2).

    Args:
        error: the refusal.
        request: what was refused.
        now: seconds since 1970.
    """
    return (
        f"AADSTS{error.number}: {error.message} Trace ID: {request.trace_id} "
        f"Correlation ID: {request.correlation_id} Timestamp: {stamp(now)}"
    )


def error_uri(error: EntraError, request: Request) -> str | None:
    """The look-up page, on the host that was asked; ``None`` for numbers without one."""
    return f"{login_url(request)}/error?code={error.number}" if error.row.lookup else None


def document(error: EntraError, request: Request, now: int) -> dict[str, Any]:
    """The JSON body, members in the order served."""
    body: dict[str, Any] = {
        "error": error.error,
        "error_description": description(error, request, now),
        "error_codes": [error.number],
        "timestamp": stamp(now),
        "trace_id": request.trace_id,
        "correlation_id": request.correlation_id,
        "error_uri": error_uri(error, request),
        "suberror": error.suberror,
        "claims": error.claims,
        "password_change_url": _PASSWORD_CHANGE if error.number == _PASSWORD_EXPIRED else None,
    }
    return {name: value for name, value in body.items() if value}
