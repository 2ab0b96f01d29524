"""Pages of no protocol: on the front channel who and how we are, an empty one, and one for an unknown address."""

from mock_idp import __version__
from mock_idp.endpoints import Entra
from mock_idp.exchange import Answer, Empty, Json, Page, Request

_MOST = 100
"""How many people and how many apps of a tenant the page shows."""


def index(request: Request, entra: Entra) -> Page:  # noqa: ARG001 - an endpoint's signature
    """The declared tenants with their people and apps."""
    tenants = [live.tenant for live in entra.live.declared]
    return Page(template="index.html", values={"tenants": tenants, "most": _MOST})


def health(request: Request, entra: Entra) -> Json:  # noqa: ARG001 - an endpoint's signature
    """By which `mock-idp run` knows that a server it read of is still this one."""
    return Json(
        body={"product": "mock-idp", "version": __version__, "instance": entra.settings.instance},
        headers={"Cache-Control": "no-store"},
    )


def native_client(request: Request, entra: Entra) -> Page:  # noqa: ARG001 - an endpoint's signature
    """The redirect URI of apps with a browser of their own, which read its address. Follows ED:reply-url."""
    return Page(template="native_client.html")


def not_found(request: Request, entra: Entra) -> Answer:
    """An address that neither Entra's documents nor we know: a page for a browser, nothing for a program (facts §7.10).

    Clients of MCP servers ask for several before they come to the document that there is: RFC 8414 §3.1.
    """
    entra.journal.note("no such address")
    if "text/html" not in request.headers.get("accept", ""):
        return Empty(status=404, headers={"Cache-Control": "private"})
    return Page(template="not_found.html", status=404, values={"path": request.path})
