"""``/error?code=…``: the page that ``error_uri`` names. Follows ED:reference-error-codes."""

from mock_idp.endpoints import Entra
from mock_idp.exchange import Page, Request
from mock_idp.facts.errors import ERRORS


def error(request: Request, entra: Entra) -> Page:  # noqa: ARG001 - an endpoint's signature
    """What a number means, and which request earns it here."""
    code = request.query.get("code", "")
    row = ERRORS.get(int(code)) if code.isascii() and code.isdigit() and len(code) < 10 else None  # noqa: PLR2004
    return Page(template="lookup.html", status=200 if row else 404, values={"code": code, "row": row})
