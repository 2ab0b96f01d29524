"""``/error?code=…``: the page that ``error_uri`` names. Follows ED:reference-error-codes."""

from mock_idp.endpoints import Entra
from mock_idp.exchange import Page, Request

_LONGEST = 40


def error(request: Request, entra: Entra) -> Page:  # noqa: ARG001 - an endpoint's signature
    """What a number means, which request earns it here, and what to change."""
    from mock_idp.endpoints.explanations import DOCUMENTATION, codes_in, explanation, nearest  # noqa: PLC0415 - seldom

    code = request.query.get("code", "")[:_LONGEST]
    named = codes_in(code) if code.isascii() else []
    found = explanation(*named[0]) if named else None
    near = nearest(named[0][1]) if named and not found else []
    return Page(
        template="lookup.html",
        status=200 if found else 404,
        values={"code": code, "found": found, "near": near, "documentation": DOCUMENTATION},
    )
