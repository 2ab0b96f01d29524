"""The sign-in page in each of its states; what went wrong stands in Entra's words, and the hint in ours."""

from typing import Any

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.authorize.people import accounts, offered
from mock_idp.endpoints.redirect_uris import origin
from mock_idp.errors import EntraError
from mock_idp.exchange import Cookie, Page
from mock_idp.runtime.journal import printable
from mock_idp.runtime.tenants import home_name

COOKIE = "ESTSAUTH"
"""Entra's session cookie (facts §3.3)."""

_LONGEST_LOGIN = 113
"""Characters that the page's own field takes."""

_NAMED_TENANTS = 3


def name_page(flow: Flow, *, login: str = "", picker: bool = False, error: str = "", hint: str = "") -> Page:
    """Step one: the user's name; as ``picker`` it asks which of the signed-in ones."""
    signed_in = {account.user_id for account in accounts(flow)}
    return _page(
        flow, step="name", login=printable(login, _LONGEST_LOGIN), error=error, hint=hint, picker=picker,
        crowds=[
            {"tenant": crowd.tenant, "others": crowd.others, "people": [_tile(u, signed_in) for u in crowd.people]}
            for crowd in offered(flow)
        ],
    )  # fmt: skip


def _tile(user: User, signed_in: set[str]) -> dict[str, Any]:
    return {
        "name": user.display_name,
        "login": home_name(user),
        "off": not user.account_enabled or user.locked,
        "tag": "signed in" if user.id in signed_in else _trouble(user) or user.job_title or "",
    }


def _trouble(user: User) -> str:
    if not user.account_enabled:
        return "disabled"
    if user.locked:
        return "locked"
    return "password expired" if user.password_expired else ""


def password_page(flow: Flow, user: User, *, error: str = "", hint: str = "") -> Page:
    """Step two: the password."""
    return _page(flow, step="password", login=home_name(user), error=error, hint=hint, password=user.password)


def second_factor_page(flow: Flow, user: User) -> Page:
    """Step three, for whoever needs it: a click stands for the telephone."""
    return _after_password(flow, user, "second factor")


def more_information_page(flow: Flow, user: User) -> Page:
    """Step three for whoever has no second factor yet: it says so, and leads to :func:`registration_page`."""
    return _after_password(flow, user, "more information")


def registration_page(flow: Flow, user: User) -> Page:
    """Where a second factor is registered; a click stands for it, and proves it too."""
    return _after_password(flow, user, "registration")


def _after_password(flow: Flow, user: User, step: str) -> Page:
    """A page that comes with the browser's new session."""
    page = _page(flow, step=step, login=home_name(user))
    if flow.session:
        page.cookies = (Cookie(name=COOKIE, value=flow.session.id),)
    return page


def unknown_user(flow: Flow, login: str, refusal: EntraError) -> Page:
    """Nobody has this name."""
    flow.entra.journal.refused(refusal)
    return name_page(
        flow, login=login, hint=f"AADSTS50034: {refusal.hint}",
        error="This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin.",
    )  # fmt: skip


def wrong_password(flow: Flow, user: User) -> Page:
    """The name again needs no typing."""
    expected = "the page shows the right one" if user.password else "any will do, but not none"
    refusal = EntraError(50126, hint=f"That is not the password of {home_name(user)}; {expected}.")
    flow.entra.journal.refused(refusal)
    return password_page(
        flow, user, hint=f"AADSTS50126: {refusal.hint}",
        error="Your account or password is incorrect. If you don't remember your password, reset it now.",
    )  # fmt: skip


def locked(flow: Flow, user: User) -> Page:
    """Whatever the password, for the time being."""
    refusal = EntraError(50053, hint=f"{home_name(user)} is declared locked. Sign in as somebody else.")
    flow.entra.journal.refused(refusal)
    return name_page(
        flow, login=home_name(user), hint=f"AADSTS50053: {refusal.hint}",
        error="Your account is temporarily locked to prevent unauthorized use. Try again later, and if you still have "
        "trouble, contact your admin.",
    )  # fmt: skip


def password_expired(flow: Flow, user: User) -> Page:
    """Entra asks for a new password here; ours cannot be changed."""
    refusal = EntraError(
        50055, hint=f"The password of {home_name(user)} is declared expired, and it cannot be changed here. Sign in as "
        "somebody else.",
    )  # fmt: skip
    flow.entra.journal.refused(refusal)
    return _page(
        flow, step="password expired", login=home_name(user), hint=f"AADSTS50055: {refusal.hint}",
        error="You need to update your password because this is the first time you are signing in, or because your "
        "password has expired.",
    )  # fmt: skip


def disabled(flow: Flow, refusal: EntraError, user: User) -> Page:
    """The account is there, but must not be used."""
    flow.entra.journal.refused(refusal)
    return name_page(
        flow, login=home_name(user), hint=f"AADSTS50057: {refusal.hint}",
        error="Your account has been locked. Contact your support person to unlock it, then try again.",
    )  # fmt: skip


def _page(flow: Flow, **values: object) -> Page:
    names = [home.display_name for home in flow.homes[:_NAMED_TENANTS]] or [flow.tenant.display_name]
    return Page(
        template="sign_in.html",
        form_action=origin(flow.redirect_uri),
        values={
            "action": flow.action or f"/{flow.segment}/login",
            "ctx": flow.ctx,
            "app": flow.client.display_name,
            "brand": ", ".join(names),
            "error": "",
            "hint": "",
            **values,
        },
    )
