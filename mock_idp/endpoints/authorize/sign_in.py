"""Steps that find out who the user is: an existing session, the account picker, or the sign-in page.

Follows ED:v2-protocols-oidc and facts §3.2. Passwords are compared and dropped; they are never kept or logged.
"""

from dataclasses import replace
from hmac import compare_digest

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize.flow import Attempt, Flow, pack
from mock_idp.endpoints.redirect_uris import origin
from mock_idp.errors import EntraError
from mock_idp.exchange import Page
from mock_idp.runtime.journal import printable
from mock_idp.runtime.store import BrowserSession, SignedIn

COOKIE = "ESTSAUTH"
"""Entra's session cookie (facts §3.3)."""

_ALWAYS_ASKS = ("login", "select_account", "create")
_LONGEST_LOGIN = 113
"""Characters that the page's own field takes."""


def load_session(flow: Flow) -> None:
    """The browser's session, if it has a live one."""
    cookie = flow.request.cookies.get(COOKIE, "")
    flow.session = flow.entra.store.session(cookie, flow.entra.clock.now()) if cookie else None


def ask_sign_in(flow: Flow) -> Page | None:
    """Take the page's post, else sign on silently when that is allowed, else show a page."""
    if flow.attempt:
        return _take(flow, flow.attempt)
    if flow.prompt == "none":
        flow.account = _silent(flow)
    elif flow.prompt not in _ALWAYS_ASKS:
        fitting = [account for account in _meant(flow) if _is_fresh(flow, account)]
        flow.account = fitting[0] if len(fitting) == 1 else None
    return None if flow.account else _first_page(flow)


def load_user(flow: Flow) -> Page | None:
    """The account still exists and is enabled."""
    account = flow.account
    if account is None:
        raise RuntimeError("ask_sign_in lets nobody pass without an account")
    flow.user = flow.tenant.user_by_id(account.user_id) or flow.tenant.user(account.user_principal_name)
    flow.entra.journal.about(user=flow.user.user_principal_name)
    if flow.user.account_enabled:
        return None
    if flow.prompt == "none":
        raise _is_disabled(flow, flow.user)
    return _disabled(flow, flow.user)


def _accounts(flow: Flow) -> list[SignedIn]:
    """Who is signed in to the tenant in this browser."""
    return flow.session.in_tenant(flow.tenant.id) if flow.session else []


def _meant(flow: Flow) -> list[SignedIn]:
    """Those of them whom ``login_hint`` and ``sid`` allow."""
    hint, sid, hinted = flow.get("login_hint"), flow.get("sid"), _hinted(flow)
    return [
        account
        for account in _accounts(flow)
        if (not hint or (hinted and hinted.id == account.user_id)) and sid in ("", account.sid)
    ]


def _hinted(flow: Flow) -> User | None:
    """The user whom ``login_hint`` names."""
    try:
        return flow.tenant.user(flow.get("login_hint")) if flow.get("login_hint") else None
    except EntraError:
        return None


def _is_fresh(flow: Flow, account: SignedIn) -> bool:
    """Whether the sign-in is recent enough for ``max_age``, OpenID Connect Core §3.1.2.1; 0 always asks."""
    max_age = flow.get("max_age")
    if not (max_age.isascii() and max_age.isdigit()):
        return True
    return 0 <= flow.entra.clock.now() - account.auth_time < max(int(max_age[:9]), 0)


def _silent(flow: Flow) -> SignedIn:
    """The one account that ``prompt=none`` allows; errors as facts §3.2."""
    meant = _meant(flow)
    if len(meant) > 1:
        raise EntraError(16000, hint=f"{len(meant)} users are signed in; add login_hint to say which.")
    if meant and _is_fresh(flow, meant[0]):
        return meant[0]
    if meant:
        raise EntraError(50058, hint="prompt=none, but the sign-in is older than max_age. Sign in without prompt=none.")
    signed_in = ", ".join(account.user_principal_name for account in _accounts(flow))
    if signed_in:
        asked = flow.get("login_hint") or flow.get("sid")
        raise EntraError(
            160021, hint=f"prompt=none for '{asked}', but signed in here: {signed_in}. Sign in without it."
        )
    raise EntraError(50058, hint="prompt=none, but nobody is signed in here. Sign in once without it.")


def _first_page(flow: Flow) -> Page:
    """The hinted user's password, else the picker or the name."""
    hinted = _hinted(flow)
    if hinted and flow.prompt != "select_account":
        return _password_page(flow, hinted)
    return _name_page(flow, login=flow.get("login_hint"), picker=flow.prompt != "login" and bool(_accounts(flow)))


def _take(flow: Flow, attempt: Attempt) -> Page | None:
    """What the page posted: the way back, or a tile, or a name with or without a password."""
    if attempt.back:
        return _name_page(flow, picker=bool(_accounts(flow)))
    if not attempt.login:
        return _name_page(flow, error="Enter a valid email address, phone number, or Skype name.")
    try:
        user = flow.tenant.user(attempt.login)
    except EntraError as refusal:
        return _unknown_user(flow, attempt.login, refusal)
    return _sign_in(flow, attempt, user)


def _sign_in(flow: Flow, attempt: Attempt, user: User) -> Page | None:
    """A tile needs no password, a name does."""
    if not attempt.tile and attempt.password is None:
        return _password_page(flow, user)
    if not attempt.tile and not _fits(user, attempt.password or ""):
        return _wrong_password(flow, user)
    if not user.account_enabled:
        return _disabled(flow, user)
    flow.account = (_picked(flow, user) if attempt.tile else None) or _remember(flow, user)
    return None


def _fits(user: User, password: str) -> bool:
    if user.password is None:
        return bool(password)
    return compare_digest(user.password.encode(), password.encode())


def _picked(flow: Flow, user: User) -> SignedIn | None:
    """A signed-in user who was picked need not sign in again, unless the app demands it."""
    if flow.prompt == "login":
        return None
    return next((a for a in _accounts(flow) if a.user_id == user.id and _is_fresh(flow, a)), None)


def _remember(flow: Flow, user: User) -> SignedIn:
    """Start or extend the browser's session. Its id changes at each sign-in, so a planted one is worth nothing."""
    entra, now, old = flow.entra, flow.entra.clock.now(), flow.session
    before = next((account for account in _accounts(flow) if account.user_id == user.id), None)
    account = SignedIn(
        tenant_id=flow.tenant.id, user_id=user.id, user_principal_name=user.user_principal_name,
        sid=before.sid if before else entra.chance.session_guid(), auth_time=now,
    )  # fmt: skip
    if old:
        entra.store.sessions.pop(old.id)
        flow.session = replace(old, id=entra.chance.text(32), used_at=now)
    else:
        flow.session = BrowserSession(id=entra.chance.text(32), session_state=entra.chance.session_guid(), used_at=now)
    flow.session.sign_in(account)
    entra.store.sessions.put(flow.session.id, flow.session)
    return account


def _name_page(flow: Flow, *, login: str = "", picker: bool = False, error: str = "", hint: str = "") -> Page:
    """Step one: the user's name; as ``picker`` it asks which of the signed-in ones."""
    signed_in = {account.user_id for account in _accounts(flow)}
    return _page(
        flow, step="name", login=printable(login, _LONGEST_LOGIN), error=error, hint=hint,
        people=[
            {"name": u.display_name, "login": u.user_principal_name, "enabled": u.account_enabled, "about": u.job_title,
             "signed_in": u.id in signed_in}
            for u in _offered(flow)
        ],
        picker=picker,
    )  # fmt: skip


def _offered(flow: Flow) -> list[User]:
    """Who has a tile: the signed-in ones first, then the directory's people."""
    signed_in = [flow.tenant.user(account.user_principal_name) for account in _accounts(flow)]
    ids = {user.id for user in signed_in}
    return signed_in + [user for user in flow.tenant.people() if user.id not in ids]


def _password_page(flow: Flow, user: User, *, error: str = "", hint: str = "") -> Page:
    """Step two: the password."""
    return _page(flow, step="password", login=user.user_principal_name, error=error, hint=hint, password=user.password)


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


def _unknown_user(flow: Flow, login: str, refusal: EntraError) -> Page:
    flow.entra.journal.refused(refusal)
    return _name_page(
        flow, login=login, hint=f"AADSTS50034: {refusal.hint}",
        error="This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin.",
    )  # fmt: skip


def _wrong_password(flow: Flow, user: User) -> Page:
    expected = "the page shows the right one" if user.password else "any will do, but not none"
    refusal = EntraError(50126, hint=f"That is not the password of {user.user_principal_name}; {expected}.")
    flow.entra.journal.refused(refusal)
    return _password_page(
        flow, user, hint=f"AADSTS50126: {refusal.hint}",
        error="Your account or password is incorrect. If you don't remember your password, reset it now.",
    )  # fmt: skip


def _disabled(flow: Flow, user: User) -> Page:
    refusal = _is_disabled(flow, user)
    flow.entra.journal.refused(refusal)
    return _name_page(
        flow, login=user.user_principal_name, hint=f"AADSTS50057: {refusal.hint}",
        error="Your account has been locked. Contact your support person to unlock it, then try again.",
    )  # fmt: skip


def _is_disabled(flow: Flow, user: User) -> EntraError:
    return EntraError(
        50057, hint=f"{user.user_principal_name} is disabled in {flow.tenant.display_name}. Sign in as somebody else."
    )
