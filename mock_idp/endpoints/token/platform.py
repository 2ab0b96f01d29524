"""Which platform may redeem from where: the Origin rule and CORS. Follows facts §3.6.

CORS is answered for the origins of registered single-page apps only, in an undeclared tenant for loopback origins only:
any other website could else fetch tokens from a mock that runs beside its visitor's browser.
"""

from urllib.parse import urlsplit

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.endpoints.redirect_uris import LOOPBACK, fits, is_spa_origin, spa_origins
from mock_idp.endpoints.token.call import Call
from mock_idp.errors import EntraError
from mock_idp.exchange import Empty, Request
from mock_idp.facts.headers import TOKEN_CORS

_LOOPBACK_ORIGIN_HOSTS = (*LOOPBACK, "::1")


def check_origin(call: Call, platform: str) -> None:
    """A single-page app's artefact is redeemed across origins, any other's is not.

    Args:
        call: the request.
        platform: of the redirect URI that the artefact was asked with.

    Raises:
        EntraError: 9002326 or 9002327.
    """
    if call.client.touched:  # its platform is unknown; a loopback origin passes for a single-page app's
        return
    if platform == "spa" and not call.origin:
        raise EntraError(
            9002327,
            hint="The redirect URI is registered for a single-page app, whose codes only its page redeems: the request "
            "needs an Origin header. Register the URI for the platform Web if a server redeems it.",
        )
    if platform != "spa" and call.origin:
        raise not_cross_origin(
            call,
            f"The redirect URI is registered for the platform {platform}; a page that redeems codes itself needs it "
            "registered as Single-page application.",
        )


def not_cross_origin(call: Call, hint: str) -> EntraError:
    """AADSTS9002326."""
    return EntraError(9002326, origin=call.origin, hint=f"Origin is '{call.origin}'. {hint}")


def cors_headers(origin: str, client: Application | None, entra: Entra) -> dict[str, str]:
    """The headers that let a page read the answer, or none.

    Args:
        origin: the ``Origin`` header.
        client: who is asking; ``None`` for a preflight, which does not say.
        entra: whose directory counts.
    """
    if not origin:
        return {}
    if client is None:
        allowed = _is_loopback(origin) or any(is_spa_origin(origin, tenant) for tenant in entra.live.declared)
    else:
        allowed = _is_loopback(origin) if client.touched else _is_spa_of(origin, client)
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin", **TOKEN_CORS} if allowed else {}


def preflight(request: Request, entra: Entra) -> Empty:
    """Answer OPTIONS."""
    headers = cors_headers(request.headers.get("origin", ""), None, entra)
    if headers:
        asked = request.headers.get("access-control-request-headers")
        if asked:
            headers["Access-Control-Allow-Headers"] = asked
        headers["Access-Control-Max-Age"] = "86400"
    return Empty(headers=headers)


def _is_spa_of(origin: str, application: Application) -> bool:
    return any(fits(registered, origin) for registered in spa_origins(application))


def _is_loopback(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK_ORIGIN_HOSTS and not parts.path
