"""What only the loopback front channel shows: who we are, and that we are well; and the page for an unknown address."""

from mock_idp import __version__
from mock_idp.endpoints import Entra
from mock_idp.exchange import Answer, Json, Page, Request

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


def not_found(request: Request, entra: Entra) -> Answer:
    """An address that neither Entra's documents nor we know."""
    entra.journal.note("no such address")
    return Page(template="not_found.html", status=404, values={"path": request.path})
