"""``/{tenant}/oauth2/v2.0/logout``: ends the browser's session. Follows ED:v2-protocols-oidc and facts §7.7."""

from urllib.parse import quote_plus, urlsplit

from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize.sign_in import COOKIE
from mock_idp.endpoints.redirect_uris import LOOPBACK, fits, origin
from mock_idp.exchange import Answer, Cookie, Page, Redirect, Request
from mock_idp.runtime.live import ALIASES, DeclaredTenant

_GONE = (Cookie(name=COOKIE, value=""),)


def logout(request: Request, entra: Entra) -> Answer:
    """Sign out; go on to ``post_logout_redirect_uri`` when it is a registered redirect URI, else say so on a page."""
    entra.store.sessions.pop(request.cookies.get(COOKIE, ""))
    parameters = {**request.query, **request.form}
    uri = parameters.get("post_logout_redirect_uri", "")
    if not uri:
        return Page(template="signed_out.html", cookies=_GONE)
    entra.journal.about(redirect=origin(uri))
    if not _is_registered(request.segment, uri, entra):
        hint = f"post_logout_redirect_uri '{uri}' is no registered redirect URI, so it was ignored, as Entra does."
        entra.journal.note(hint)
        return Page(template="signed_out.html", values={"hint": hint}, cookies=_GONE)
    if state := parameters.get("state"):
        uri += f"{'&' if urlsplit(uri).query else '?'}state={quote_plus(state)}"
    return Redirect(url=uri, cookies=_GONE)


def _is_registered(segment: str, uri: str, entra: Entra) -> bool:
    """Whether an app of the tenant registered it; in an undeclared tenant, whether it leads to this machine or https."""
    if segment.lower() in ALIASES:
        declared = entra.live.declared
    else:
        tenant = entra.live.tenant(segment)
        if not isinstance(tenant, DeclaredTenant):
            return _leads_somewhere_safe(uri)
        declared = [tenant]
    return any(
        fits(registered.uri, uri)
        for tenant in declared
        for app in tenant.tenant.applications
        for registered in app.redirect_uris
    ) or (segment.lower() in ALIASES and _leads_somewhere_safe(uri))


def _leads_somewhere_safe(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return uri.isprintable() and (
        (parts.scheme == "http" and parts.hostname in LOOPBACK) or (parts.scheme == "https" and bool(parts.hostname))
    )
