"""Steps that find out who the user is: an existing session, the account picker, or the sign-in page.

Follows ED:v2-protocols-oidc and facts §3.2. Passwords are compared and dropped; they are never kept or logged.
"""

from dataclasses import replace

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize import pages
from mock_idp.endpoints.authorize.flow import Attempt, Flow
from mock_idp.endpoints.authorize.people import (
    Person,
    accounts,
    check_account,
    check_work_account,
    find,
    hinted,
    person_of,
)
from mock_idp.endpoints.guests import check_redeemed, disabled
from mock_idp.endpoints.passwords import fits
from mock_idp.endpoints.targets import Resolver
from mock_idp.endpoints.tenants import check_restrictions, find_client
from mock_idp.errors import EntraError
from mock_idp.exchange import Page
from mock_idp.runtime.store import BrowserSession, SignedIn
from mock_idp.runtime.tenants import LiveTenant, home_name

_ALWAYS_ASKS = ("login", "select_account", "create")


def load_session(flow: Flow) -> None:
    """The browser's session, if it has a live one."""
    cookie = flow.request.cookies.get(pages.COOKIE, "")
    flow.session = flow.entra.store.session(cookie, flow.entra.clock.now()) if cookie else None


def ask_sign_in(flow: Flow) -> Page | None:
    """Take the page's post, else sign on silently when that is allowed, else show a page."""
    if flow.attempt:
        return _take(flow, flow.attempt)
    if flow.prompt == "none":
        fitting = [_silent(flow)]
    elif flow.prompt in _ALWAYS_ASKS:
        fitting = []
    else:
        fitting = [account for account in _meant(flow) if _is_fresh(flow, account)]
    if len(fitting) != 1:
        return _first_page(flow)
    flow.account = fitting[0]
    return None


def load_user(flow: Flow) -> Page | None:
    """The account still exists and is enabled; on an alias its tenant serves the rest."""
    tenant, flow.user = person_of(flow, flow.account)
    flow.entra.journal.about(user=flow.user.user_principal_name)
    if not flow.user.account_enabled:
        return _tell_disabled(flow, flow.user)
    check_redeemed(flow.user)
    if tenant.id != flow.tenant.id:
        _enter(flow, tenant)
    return None


def _enter(flow: Flow, tenant: LiveTenant) -> None:
    """Go on in the tenant where the user is at home."""
    check_restrictions(flow.request, tenant)
    flow.tenant, flow.client = find_client(tenant.id, flow.client.app_id, flow.entra)
    flow.targets = Resolver(flow.tenant, flow.client, flow.entra, at_authorize=not flow.for_tenant).targets(flow.asked)


def _meant(flow: Flow) -> list[SignedIn]:
    """The accounts that ``login_hint`` and ``sid`` allow."""
    hint, sid, person = flow.get("login_hint"), flow.get("sid"), hinted(flow)
    return [
        account
        for account in accounts(flow)
        if (not hint or (person and person.user.id == account.user_id)) and sid in ("", account.sid)
    ]


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
    signed_in = ", ".join(account.user_principal_name for account in accounts(flow))
    if signed_in:
        asked = flow.get("login_hint") or flow.get("sid")
        raise EntraError(
            160021, hint=f"prompt=none for '{asked}', but signed in here: {signed_in}. Sign in without it."
        )
    raise EntraError(50058, hint="prompt=none, but nobody is signed in here. Sign in once without it.")


def _first_page(flow: Flow) -> Page:
    """The hinted user's password, else the picker or the name."""
    person = hinted(flow)
    if person and flow.prompt != "select_account":
        return pages.password_page(flow, person.user)
    return pages.name_page(flow, login=flow.get("login_hint"), picker=flow.prompt != "login" and bool(accounts(flow)))


def _take(flow: Flow, attempt: Attempt) -> Page | None:
    """What the page posted: the way back, a second factor, or a tile, or a name with or without a password."""
    if attempt.back:
        return pages.name_page(flow, picker=bool(accounts(flow)))
    if not attempt.login:
        return pages.name_page(flow, error="Enter a valid email address, phone number, or Skype name.")
    try:
        person = find(flow, attempt.login)
    except EntraError as refusal:
        check_work_account(flow, attempt.login)
        return pages.unknown_user(flow, attempt.login, refusal)
    if attempt.returning:
        return _take_approval(flow, person.user)
    return _sign_in(flow, attempt, person)


def _take_approval(flow: Flow, user: User) -> Page | None:
    """The password came before, into the browser's session."""
    account = next((account for account in accounts(flow) if account.user_id == user.id), None)
    if account is None:
        return pages.password_page(flow, user)
    flow.account = account
    return None


def _sign_in(flow: Flow, attempt: Attempt, person: Person) -> Page | None:
    """A tile needs no password, a name does."""
    user = person.user
    if not attempt.tile and attempt.password is None:
        return pages.password_page(flow, user)
    if user.locked:
        return pages.locked(flow, user)
    if not attempt.tile and not fits(user, attempt.password or ""):
        return pages.wrong_password(flow, user)
    check_account(flow, person)
    if not user.account_enabled:
        return _tell_disabled(flow, user)
    if user.password_expired:
        return pages.password_expired(flow, user)
    flow.account = (_picked(flow, user) if attempt.tile else None) or _remember(flow, person)
    return None


def _picked(flow: Flow, user: User) -> SignedIn | None:
    """A signed-in user who was picked need not sign in again, unless the app demands it."""
    if flow.prompt == "login":
        return None
    return next((a for a in accounts(flow) if a.user_id == user.id and _is_fresh(flow, a)), None)


def _remember(flow: Flow, person: Person) -> SignedIn:
    """Start or extend the browser's session. Its id changes at each sign-in, so a planted one is worth nothing."""
    entra, now, old, user = flow.entra, flow.entra.clock.now(), flow.session, person.user
    before = next((account for account in accounts(flow) if account.user_id == user.id), None)
    account = SignedIn(
        tenant_id=person.tenant.id, user_id=user.id, user_principal_name=user.user_principal_name,
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


def _tell_disabled(flow: Flow, user: User) -> Page:
    """On the sign-in page; of a guest, who signed in at home, on a page of its own.

    Raises:
        EntraError: 50057 with ``prompt=none``, where no page may be shown, or 500571.
    """
    refusal = disabled(
        user, f"{home_name(user)} is disabled in {flow.tenant.display_name}. Sign in as somebody else."
    )  # fmt: skip
    if refusal.row.page or flow.prompt == "none":
        raise refusal
    return pages.disabled(flow, refusal, user)
