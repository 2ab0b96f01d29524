"""The page that asks for consent, and what comes of it: kept, declined, or an administrator's. Facts §3.8 and §4.3.

Only a declared tenant asks; in others whoever signs in is taken to have agreed.
"""

from collections.abc import Iterable
from typing import Any

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.pages import COOKIE
from mock_idp.endpoints.authorize.respond import respond_error
from mock_idp.endpoints.consent import (
    Consents,
    Wish,
    check_may_consent,
    grant_for_all,
    may_consent_for_all,
    nobody_consented,
    pre_authorized,
    wishes_behind,
)
from mock_idp.endpoints.redirect_uris import origin
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Cookie, Page
from mock_idp.runtime.clock import stamp
from mock_idp.runtime.tenants import home_name

_ALWAYS_ASK = ("consent", "admin_consent")

_OIDC = {
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    "offline_access": "Maintain access to data you have given it access to",
}
"""What the OIDC scopes are called on the page; alone they ask for no consent here."""


def ask_consent(flow: Flow) -> Answer | None:
    """In a declared tenant, what nobody consented to yet the user has to agree to, on a page."""
    if not flow.tenant.strict:
        return None
    user, asked = flow.user, _wishes(flow)
    if not asked and flow.prompt not in _ALWAYS_ASK:
        return None
    if asked and flow.prompt == "none":
        raise nobody_consented(flow.client, asked[0].resource, asked[0].names)
    try:
        _check_administrator(flow, user)
        for wish in asked:
            check_may_consent(user, wish)
    except EntraError as refusal:
        return approval_needed(flow, refusal)
    attempt = flow.attempt
    if attempt and attempt.declined:
        raise EntraError(65004, hint=f"{home_name(user)} pressed Cancel where {flow.client.display_name} asked.")
    if attempt and attempt.accepted:
        return None
    return consent_page(flow, asked or _all(flow), for_all=flow.prompt == "admin_consent")


def record_consent(flow: Flow) -> None:
    """Remember what was asked for as consented."""
    user, attempt, asked = flow.user, flow.attempt, _wishes(flow)
    strict = flow.tenant.strict
    flow.entra.store.add(flow.tenant.id, flow.client.app_id)
    how = f"consented to by {home_name(user)}" if strict else "taken as consented by the user"
    for wish in asked:
        by = "" if wish.client.app_id == flow.client.app_id else f" for {wish.client.display_name}"
        flow.entra.journal.note(f"{wish.resource.display_name}: {' '.join(wish.names)} {how}{by}")
        consents = Consents(flow.entra, flow.tenant, wish.client, user)
        consents.record(wish.resource.app_id, wish.names)
    for_all = (attempt and attempt.for_all) or flow.prompt == "admin_consent"
    if strict and attempt and attempt.accepted and for_all and may_consent_for_all(user):
        flow.entra.journal.note(f"that is consent for everybody in {flow.tenant.display_name}, until a restart")
        flow.tenant = grant_for_all(flow.entra, flow.tenant, [*asked, *_all(flow)])


def _check_administrator(flow: Flow, user: User) -> None:
    if flow.prompt == "admin_consent" and not may_consent_for_all(user):
        raise EntraError(
            90094, hint=f"prompt is admin_consent, and {home_name(user)} is no administrator. Sign in as somebody with "
            "the directory role Global Administrator.",
        )  # fmt: skip


def _wishes(flow: Flow) -> list[Wish]:
    """What nobody consented to yet, or with ``prompt=consent`` what ``.default`` adds to it."""
    user, found = flow.user, []
    consents, again = Consents(flow.entra, flow.tenant, flow.client, user), flow.prompt in _ALWAYS_ASK
    for target in flow.to_consent:
        if fresh := consents.lacking(target, again=again):
            found.append(Wish(flow.client, target.resource, fresh))
            if target.default:
                found += wishes_behind(flow.entra, flow.tenant, flow.client, user, target.resource)
    return found


def _all(flow: Flow) -> list[Wish]:
    """Everything that is asked for, but for what the APIs let the client have without consent."""
    found = []
    for target in flow.to_consent:
        free = pre_authorized(target.resource, flow.client)
        names = tuple(name for name in target.names if name not in free)
        if names:
            found.append(Wish(flow.client, target.resource, names))
    return found


def consent_page(flow: Flow, wishes: Iterable[Wish], *, for_all: bool = False, roles: Iterable[str] = ()) -> Page:
    """What is asked, for whom, and by which app.

    Args:
        flow: the request.
        wishes: delegated permissions.
        for_all: an administrator is asked on behalf of the organization, and nobody for themselves.
        roles: app roles that the app gets for itself.
    """
    user = flow.user
    permissions = [_shown(flow, wish, name) for wish in wishes for name in wish.names]
    permissions += [{"title": role, "name": "", "api": "as the application itself"} for role in roles]
    permissions += [{"title": _OIDC[name], "name": name, "api": ""} for name in flow.asked.oidc if name in _OIDC]
    flow.entra.journal.note(f"the consent page was shown to {home_name(user)}")
    return _page(
        flow, "consent", for_all=for_all, may_tick=may_consent_for_all(user) and not for_all, permissions=permissions
    )  # fmt: skip


def _shown(flow: Flow, wish: Wish, name: str) -> dict[str, str]:
    described = next((scope.description for scope in wish.resource.scopes if scope.value == name), "")
    api = wish.resource.display_name
    other = "" if wish.client.app_id == flow.client.app_id else f", for {wish.client.display_name}"
    return {"title": described or name, "name": name, "api": f"{api}{other}"}


def approval_needed(flow: Flow, refusal: EntraError) -> Answer:
    """The page that sends a person to an administrator; the way back from it leads to the app, with the error."""
    flow.entra.journal.refused(refusal, refusal.redirect_error)
    if flow.attempt and flow.attempt.declined and flow.redirect_uri:
        return respond_error(flow, refusal)
    return _page(
        flow, "approval", error=refusal, hint=refusal.hint, way_back=bool(flow.redirect_uri), request=flow.request,
        timestamp=stamp(flow.entra.clock.now()),
    )  # fmt: skip


def _page(flow: Flow, step: str, **values: Any) -> Page:
    session = flow.session
    return Page(
        template="consent.html",
        form_action=origin(flow.redirect_uri) if flow.redirect_uri else "",
        values={
            "step": step, "action": flow.action or f"/{flow.segment}/login", "ctx": flow.ctx,
            "login": home_name(flow.user), "app": flow.client.display_name, "tenant": flow.tenant.display_name,
            "hint": "", **values,
        },
        cookies=(Cookie(name=COOKIE, value=session.id),) if session else (),
    )  # fmt: skip
