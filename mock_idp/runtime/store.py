"""What happens while running: browser sessions, codes, consents. In bounds, and gone with a reset."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """A mapping that forgets the entry unused for longest when it is full.

    Args:
        limit: entries kept.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._items: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, which thereby counts as used; ``None`` when there is none."""
        value = self._items.get(key)
        if value is not None:
            self._items.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> K | None:
        """Keep ``value``; the key that had to go for it is returned."""
        self._items[key] = value
        self._items.move_to_end(key)
        if len(self._items) > self.limit:
            return self._items.popitem(last=False)[0]
        return None

    def pop(self, key: K) -> V | None:
        """Forget ``key``."""
        return self._items.pop(key, None)

    def values(self) -> list[V]:
        """All values, the one unused for longest first."""
        return list(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def clear(self) -> None:
        """Forget all."""
        self._items.clear()


class SignedIn(NamedTuple):
    """A user with a session in a browser.

    Attributes:
        sid: GUID of the claim ``sid``; a later sign-in of the same user in this browser keeps it.
        auth_time: when the user signed in, seconds.
        amr: how, as the claim ``amr`` says it.
    """

    tenant_id: str
    user_id: str
    user_principal_name: str
    sid: str
    auth_time: int
    amr: tuple[str, ...] = ("pwd",)


class Entered(NamedTuple):
    """An app that somebody in a browser was signed in to.

    Attributes:
        tenant_id: whose tokens it got.
        app_id: its client id.
        sid: the claim ``sid`` of those tokens.
    """

    tenant_id: str
    app_id: str
    sid: str


@dataclass(slots=True, kw_only=True)
class BrowserSession:
    """One browser's sign-ins; the cookie holds ``id``.

    Attributes:
        session_state: GUID that all apps in this browser get at authorize.
        used_at: seconds; a session lapses 24 hours after its last use.
        accounts: who is signed in, at most :data:`MAX_ACCOUNTS`.
        visited: origins of undeclared apps that were signed in to, at most :data:`MAX_VISITED`.
        entered: registered apps that were signed in to, at most :data:`MAX_ENTERED`.
    """

    id: str
    session_state: str
    used_at: int
    accounts: list[SignedIn] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    entered: list[Entered] = field(default_factory=list)

    def in_tenant(self, tenant_id: str) -> list[SignedIn]:
        """The users who are signed in to this tenant."""
        return [account for account in self.accounts if account.tenant_id == tenant_id]

    def sign_in(self, account: SignedIn) -> None:
        """Add a user, or renew the sign-in of one."""
        self.accounts = [a for a in self.accounts if (a.tenant_id, a.user_id) != (account.tenant_id, account.user_id)]
        self.accounts = [*self.accounts, account][-MAX_ACCOUNTS:]

    def visit(self, origin: str) -> None:
        """Remember the origin of an app that has no registered redirect URIs; sign-out may lead back to it."""
        self.visited = [*(each for each in self.visited if each != origin), origin][-MAX_VISITED:]

    def enter(self, app: Entered) -> None:
        """Remember a registered app; sign-out tells it."""
        self.entered = [*(each for each in self.entered if each != app), app][-MAX_ENTERED:]


@dataclass(slots=True, kw_only=True)
class DeviceCode:
    """A sign-in that a device without a browser began, and somebody finishes in one.

    Attributes:
        device_code: what the device polls with.
        user_code: what the person types, in upper case.
        segment: the tenant segment of the path at which the device asked.
        client_id: of the app on the device.
        scope: what it asked for.
        issued_at: seconds; it lives :data:`DEVICE_CODE_SECONDS`.
        account: who signed in for it, once somebody did and agreed.
    """

    device_code: str
    user_code: str
    segment: str
    client_id: str
    scope: str
    issued_at: int
    state: Literal["pending", "approved", "declined", "redeemed"] = "pending"
    account: SignedIn | None = None

    def expired(self, now: int) -> bool:
        """Whether its time is over."""
        return now - self.issued_at > DEVICE_CODE_SECONDS

    def approve(self, account: SignedIn) -> None:
        """Somebody signed in and agreed."""
        self.state, self.account = "approved", account

    def redeem(self) -> bool:
        """Use it up; ``False`` when nobody agreed yet, or when it was used before."""
        approved = self.state == "approved"
        if approved:
            self.state = "redeemed"
        return approved


MAX_ACCOUNTS = 20
MAX_VISITED = 20
MAX_ENTERED = 50
MAX_CONSENTED = 200
"""Scopes of one resource that one user's consent to one client holds; the oldest go first."""

SESSION_SECONDS = 24 * 3600
"""The session cookie's life, sliding. Facts §5.6."""

CODE_SECONDS = 600
"""An authorization code's life. ED:v2-oauth2-auth-code-flow"""

DEVICE_CODE_SECONDS = 900
"""A device code's life. ED:v2-oauth2-device-code"""

REFRESH_TOKEN_SECONDS = 90 * 24 * 3600
SPA_REFRESH_TOKEN_SECONDS = 24 * 3600
"""ED:refresh-tokens"""


class Store:
    """All that a restart forgets."""

    def __init__(self) -> None:
        self.sessions: Bounded[str, BrowserSession] = Bounded(10_000)
        self.redeemed: Bounded[str, int] = Bounded(100_000)
        self.consents: Bounded[tuple[str, str, str, str], tuple[str, ...]] = Bounded(10_000)
        self.revocations: Bounded[tuple[str, str], tuple[int, int]] = Bounded(10_000)
        self.second_factors: Bounded[tuple[str, str], bool] = Bounded(10_000)
        self.added: Bounded[tuple[str, str], bool] = Bounded(10_000)
        self.device_codes: Bounded[str, DeviceCode] = Bounded(10_000)
        self.user_codes: Bounded[str, DeviceCode] = Bounded(10_000)

    def reset(self) -> None:
        """Forget everything."""
        sign_ins = (self.sessions, self.redeemed, self.consents, self.revocations, self.second_factors)
        for held in (*sign_ins, self.added, self.device_codes, self.user_codes):
            held.clear()

    def wait_for(self, code: DeviceCode) -> None:
        """Let a device poll, and somebody type its user code."""
        self.device_codes.put(code.device_code, code)
        self.user_codes.put(code.user_code, code)

    def signed_in(self, sid: str) -> SignedIn | None:
        """The sign-in that the claim ``sid`` names, while its browser session lives."""
        accounts = (account for session in self.sessions.values() for account in session.accounts)
        return next((account for account in accounts if account.sid == sid), None)

    def revoke(self, tenant_id: str, user_id: str, now: int) -> None:
        """End a user's sign-ins, in browsers and by refresh tokens (GD:user-revokesigninsessions)."""
        self.revocations.put((tenant_id, user_id), (self.revoked(tenant_id, user_id)[0] + 1, now))
        for session in self.sessions.values():
            session.accounts = [a for a in session.accounts if (a.tenant_id, a.user_id) != (tenant_id, user_id)]

    def revoked(self, tenant_id: str, user_id: str) -> tuple[int, int]:
        """How often a user's sign-ins were ended, and when last (seconds); a refresh token holds the number."""
        return self.revocations.get((tenant_id, user_id)) or (0, 0)

    def register_second_factor(self, tenant_id: str, user_id: str) -> None:
        """Remember that a user, declared to have no method for the second factor, registered one."""
        self.second_factors.put((tenant_id, user_id), True)

    def forget_second_factor(self, tenant_id: str, user_id: str) -> None:
        """As if the user had not."""
        self.second_factors.pop((tenant_id, user_id))

    def registered_second_factor(self, tenant_id: str, user_id: str) -> bool:
        """Whether the user did."""
        return self.second_factors.get((tenant_id, user_id)) is not None

    def session(self, session_id: str, now: int) -> BrowserSession | None:
        """The live session that a cookie names."""
        session = self.sessions.get(session_id)
        if session is None:
            return None
        if session.used_at + SESSION_SECONDS <= now:
            self.sessions.pop(session_id)
            return None
        session.used_at = now
        return session

    def redeem(self, code_id: str, now: int) -> bool:
        """Use up a code; ``False`` when it was used before."""
        if self.redeemed.get(code_id) is not None:
            return False
        self.redeemed.put(code_id, now)
        return True

    def consent(self, tenant_id: str, client_id: str, user_id: str, resource_id: str, scopes: tuple[str, ...]) -> None:
        """Remember that a user granted ``scopes``, besides those granted before."""
        key = (tenant_id, client_id, user_id, resource_id)
        held = self.consents.get(key) or ()
        fresh = tuple(scope for scope in dict.fromkeys(scopes) if scope not in held)
        self.consents.put(key, (held + fresh)[-MAX_CONSENTED:])

    def add(self, tenant_id: str, client_id: str) -> None:
        """Remember that somebody signed in to an app, or consented, which adds it to the tenant."""
        self.added.put((tenant_id, client_id), True)

    def is_added(self, tenant_id: str, client_id: str) -> bool:
        """Whether somebody did."""
        return self.added.get((tenant_id, client_id)) is not None

    def consented(self, tenant_id: str, client_id: str, user_id: str, resource_id: str) -> tuple[str, ...]:
        """What a user granted to a client on a resource, in the order granted."""
        return self.consents.get((tenant_id, client_id, user_id, resource_id)) or ()
