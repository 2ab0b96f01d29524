"""Steps that find out who the user is: an existing session, the account picker, or the sign-in page.

Follows ED:v2-protocols-oidc and facts §3.2. Passwords are compared and dropped; they are never kept or logged.
"""

from hmac import compare_digest

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize.flow import Flow, pack
from mock_idp.endpoints.redirect_uris import origin
from mock_idp.errors import EntraError
from mock_idp.exchange import Page
from mock_idp.runtime.journal import printable
from mock_idp.runtime.store import BrowserSession, SignedIn

COOKIE = "ESTSAUTH"
"""Entra's session cookie (facts §3.3)."""

_ALWAYS_ASKS = ("login", "select_account", "create")


def load_session(flow: Flow) -> None:
    """The browser's session, if it has a live one."""
    cookie = flow.request.cookies.get(COOKIE, "")
    flow.session = flow.entra.store.session(cookie, flow.entra.clock.now()) if cookie else None


def ask_sign_in(flow: Flow) -> Page | None:
    """Take the page's post, else sign on silently when that is allowed, else show a page."""
    if flow.attempt:
        return _sign_in(flow)
    accounts = flow.session.in_tenant(flow.tenant.id) if flow.session else []
    hint = flow.get("login_hint").lower()
    hinted = [account for account in accounts if hint in ("", account.user_principal_name)]
    if flow.prompt == "none":
        flow.account = _silent(hinted, hint)
    elif flow.prompt not in _ALWAYS_ASKS and len(hinted) == 1 and _is_fresh(flow, hinted[0]):
        flow.account = hinted[0]
    if flow.account:
        return None
    if flow.prompt in _ALWAYS_ASKS[:1] or not accounts:
        return password_page(flow, hint) if _known(flow, hint) else name_page(flow, login=hint)
    return name_page(flow, accounts=accounts)


def check_user(flow: Flow) -> None:
    """The account still exists and is enabled."""
    account = flow.account
    if account is None:
        raise RuntimeError("ask_sign_in lets nobody pass without an account")
    flow.user = flow.tenant.user_by_id(account.user_id) or flow.tenant.user(account.user_principal_name)
    flow.entra.journal.about(user=flow.user.user_principal_name)
    if not flow.user.account_enabled:
        raise EntraError(50057, hint=f"{flow.user.user_principal_name} is disabled in {flow.tenant.display_name}.")


def name_page(
    flow: Flow, *, login: str = "", accounts: list[SignedIn] | None = None, error: str = "", hint: str = ""
) -> Page:
    """Step one: the user's name; with ``accounts`` the picker."""
    signed_in = {account.user_id for account in accounts or ()}
    return _page(
        flow, step="name", login=login, error=error, hint=hint,
        people=[
            {"name": u.display_name, "login": u.user_principal_name, "enabled": u.account_enabled, "about": u.job_title,
             "signed_in": u.id in signed_in}
            for u in flow.tenant.people()
        ],
        picker=bool(accounts),
    )  # fmt: skip


def password_page(flow: Flow, login: str, *, error: str = "", hint: str = "") -> Page:
    """Step two: the password."""
    user = flow.tenant.user(login)
    return _page(
        flow, step="password", login=user.user_principal_name, error=error, hint=hint, password=user.password,
        any_password=user.password is None,
    )  # fmt: skip


def _page(flow: Flow, **values: object) -> Page:
    return Page(
        template="sign_in.html",
        form_action=origin(flow.redirect_uri),
        values={
            "action": f"/{flow.segment}/login",
            "ctx": pack(flow.parameters),
            "app": flow.client.display_name,
            "tenant": flow.tenant,
            **values,
        },
    )


def _silent(accounts: list[SignedIn], hint: str) -> SignedIn:
    if len(accounts) == 1:
        return accounts[0]
    if accounts:
        raise EntraError(16000, hint=f"{len(accounts)} users are signed in; add login_hint to say which.")
    who = f"'{hint}' is" if hint else "nobody is"
    raise EntraError(50058, hint=f"prompt=none, but {who} not signed in here. Sign in once without it.".replace(
        "nobody is not", "nobody is"
    ))  # fmt: skip


def _is_fresh(flow: Flow, account: SignedIn) -> bool:
    """Whether the sign-in is recent enough for ``max_age``."""
    max_age = flow.get("max_age")
    return not max_age.isdigit() or flow.entra.clock.now() - account.auth_time <= int(max_age[:9])


def _known(flow: Flow, login: str) -> bool:
    try:
        flow.tenant.user(login)
    except EntraError:
        return False
    return True


def _sign_in(flow: Flow) -> Page | None:
    attempt = flow.attempt
    if attempt is None or not attempt.login:
        return name_page(flow, error="Enter a valid email address, phone number, or Skype name.")
    try:
        user = flow.tenant.user(attempt.login)
    except EntraError as refusal:
        flow.entra.journal.refused(refusal)
        shown = printable(attempt.login, 113)
        return name_page(
            flow, login=shown, hint=f"AADSTS50034: {refusal.hint}",
            error="This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin.",
        )  # fmt: skip
    if not attempt.tile:
        if attempt.password is None:
            return password_page(flow, attempt.login)
        if not _fits(user, attempt.password):
            return _wrong_password(flow, user)
    if not user.account_enabled:
        return _disabled(flow, user)
    flow.account = _remember(flow, user)
    return None


def _fits(user: User, password: str) -> bool:
    if user.password is None:
        return bool(password)
    return compare_digest(user.password.encode(), password.encode())


def _wrong_password(flow: Flow, user: User) -> Page:
    refusal = EntraError(50126, hint=f"The password of {user.user_principal_name} is '{user.password}'.")
    flow.entra.journal.refused(refusal)
    return password_page(
        flow, user.user_principal_name, hint=f"AADSTS50126: {refusal.hint}",
        error="Your account or password is incorrect. If you don't remember your password, reset it now.",
    )  # fmt: skip


def _disabled(flow: Flow, user: User) -> Page:
    refusal = EntraError(50057, hint=f"{user.user_principal_name} is disabled in {flow.tenant.display_name}.")
    flow.entra.journal.refused(refusal)
    return name_page(
        flow, login=user.user_principal_name, hint=f"AADSTS50057: {refusal.hint}",
        error="Your account has been locked. Contact your support person to unlock it, then try again.",
    )  # fmt: skip


def _remember(flow: Flow, user: User) -> SignedIn:
    """Start or extend the browser's session. Its id changes at each sign-in, so a planted one is worth nothing."""
    entra, now = flow.entra, flow.entra.clock.now()
    account = SignedIn(
        tenant_id=flow.tenant.id, user_id=user.id, user_principal_name=user.user_principal_name, auth_time=now
    )
    old = flow.session
    if old:
        entra.store.sessions.pop(old.id)
    flow.session = BrowserSession(
        id=entra.chance.text(32),
        session_state=old.session_state if old else entra.chance.session_guid(),
        sid=old.sid if old else entra.chance.session_guid(),
        used_at=now,
        accounts=list(old.accounts) if old else [],
    )
    flow.session.sign_in(account)
    entra.store.sessions.put(flow.session.id, flow.session)
    return account
