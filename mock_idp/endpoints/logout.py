"""``/{tenant}/oauth2/v2.0/logout``: ends the browser's session. Follows ED:v2-protocols-oidc and facts §7.7."""

from collections.abc import Iterator
from urllib.parse import quote_plus, urldefrag

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize.pages import COOKIE
from mock_idp.endpoints.redirect_uris import is_loopback, is_registered, origin, with_query
from mock_idp.endpoints.tenants import check_tenant
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Cookie, Page, Redirect, Request
from mock_idp.runtime.store import BrowserSession
from mock_idp.runtime.tenants import ALIASES, DeclaredTenant

_GONE = (Cookie(name=COOKIE, value=""),)
_FRAMED = ("http://", "https://")


def logout(request: Request, entra: Entra) -> Answer:
    """Sign out; go on to ``post_logout_redirect_uri`` when it is a registered redirect URI, else say so on a page.

    Apps of the session that registered a ``logoutUrl`` are told by frames of a page, which then goes on by itself.
    """
    check_tenant(request.segment, entra)
    session = entra.store.sessions.pop(request.cookies.get(COOKIE, ""))
    frames = _frames(session, entra) if session else []
    parameters = {**request.query, **request.form}
    uri = parameters.get("post_logout_redirect_uri", "")
    if not uri:
        return _signed_out(frames)
    entra.journal.about(redirect=origin(uri))
    if not _may_follow(request.segment, uri, session, entra):
        hint = f"post_logout_redirect_uri '{uri}' is no registered redirect URI, so it was ignored, as Entra does."
        entra.journal.note(hint)
        return _signed_out(frames, hint=hint)
    if state := parameters.get("state"):
        uri = with_query(uri, f"state={quote_plus(state)}")
    return _signed_out(frames, onward=uri) if frames else Redirect(url=uri, cookies=_GONE)


def _signed_out(frames: list[str], **values: str) -> Page:
    return Page(template="signed_out.html", values=values, frames=frames, cookies=_GONE)


def _frames(session: BrowserSession, entra: Entra) -> list[str]:
    """What tells the session's apps: ``logoutUrl`` with the ``sid`` of the tokens that the app got, and no ``iss``."""
    frames = []
    for app, sid in _entered(session, entra):
        url = urldefrag(app.logout_url or "")[0]
        if url.lower().startswith(_FRAMED) and origin(url):
            frames.append(with_query(url, f"sid={sid}"))
            entra.journal.note(f"{app.display_name} is told in a hidden frame: {url} with sid")
    return frames


def _entered(session: BrowserSession, entra: Entra) -> Iterator[tuple[Application, str]]:
    """Apps that somebody was signed in to who still is, with the ``sid``."""
    sids = {account.sid for account in session.accounts}
    for entered in session.entered:
        try:
            app = entra.live.tenant(entered.tenant_id).client(entered.app_id)
        except EntraError:
            continue  # its registration is gone
        if entered.sid in sids:
            yield app, entered.sid


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
