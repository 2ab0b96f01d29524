"""``/{tenant}/oauth2/v2.0/logout``: ends the browser's session. Follows ED:v2-protocols-oidc and facts §7.7."""

from urllib.parse import quote_plus

from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize.pages import COOKIE
from mock_idp.endpoints.redirect_uris import is_loopback, is_registered, origin, with_query
from mock_idp.endpoints.tenants import check_tenant
from mock_idp.exchange import Answer, Cookie, Page, Redirect, Request
from mock_idp.runtime.store import BrowserSession
from mock_idp.runtime.tenants import ALIASES, DeclaredTenant

_GONE = (Cookie(name=COOKIE, value=""),)


def logout(request: Request, entra: Entra) -> Answer:
    """Sign out; go on to ``post_logout_redirect_uri`` when it is a registered redirect URI, else say so on a page."""
    check_tenant(request.segment, entra)
    session = entra.store.sessions.pop(request.cookies.get(COOKIE, ""))
    parameters = {**request.query, **request.form}
    uri = parameters.get("post_logout_redirect_uri", "")
    if not uri:
        return Page(template="signed_out.html", cookies=_GONE)
    entra.journal.about(redirect=origin(uri))
    if not _may_follow(request.segment, uri, session, entra):
        hint = f"post_logout_redirect_uri '{uri}' is no registered redirect URI, so it was ignored, as Entra does."
        entra.journal.note(hint)
        return Page(template="signed_out.html", values={"hint": hint}, cookies=_GONE)
    if state := parameters.get("state"):
        uri = with_query(uri, f"state={quote_plus(state)}")
    return Redirect(url=uri, cookies=_GONE)


def _may_follow(segment: str, uri: str, session: BrowserSession | None, entra: Entra) -> bool:
    """Whether an app of the tenant registered the URI.

    Undeclared apps have registered nothing: from them a loopback address is followed, and any other only to an origin
    that this browser was signed in to. So the address bar's host never leads to just anywhere.
    """
    tenant = None if segment.lower() in ALIASES else entra.live.tenant(segment)
    declared = entra.live.declared if tenant is None else [tenant] if isinstance(tenant, DeclaredTenant) else []
    if any(is_registered(uri, each) for each in declared):
        return True
    may_be_undeclared = tenant is None or not tenant.strict
    visited = session.visited if session else []
    return may_be_undeclared and "#" not in uri and (is_loopback(uri) or origin(uri) in visited)
