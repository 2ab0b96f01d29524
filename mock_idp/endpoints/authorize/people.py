"""Who may be meant on the sign-in page: the people of one tenant, or on an alias those of several."""

from itertools import islice
from typing import NamedTuple

from mock_idp.directory.models import User
from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.errors import EntraError
from mock_idp.facts.hosts import issuer_of
from mock_idp.runtime.store import SignedIn
from mock_idp.runtime.tenants import LiveTenant, home_name
from mock_idp.tokens.login_hint import user_of

MOST_TILES = 100
"""How many people a page offers all of."""

TILES_OF_MORE = 15
"""How many of more people it offers, the signed-in ones first; the others type their name."""


_PERSONAL = ("outlook.com", "hotmail.com", "live.com", "msn.com")
"""Domains whose addresses can be no work accounts."""


class Person(NamedTuple):
    """A user with the tenant that the sign-in is for."""

    tenant: LiveTenant
    user: User


class Crowd(NamedTuple):
    """People whom the page offers.

    Attributes:
        tenant: its display name.
        people: those with a tile.
        others: how many have none.
    """

    tenant: str
    people: list[User]
    others: int


def tenants(flow: Flow) -> list[LiveTenant]:
    """For which tenants people may sign in here."""
    return [*flow.homes] or [flow.tenant]


def accounts(flow: Flow) -> list[SignedIn]:
    """Who is signed in to one of them in this browser."""
    if flow.session is None:
        return []
    return [account for tenant in tenants(flow) for account in flow.session.in_tenant(tenant.id)]


def person_of(flow: Flow, account: SignedIn) -> Person:
    """The user with this session, who may have been changed meanwhile.

    Raises:
        EntraError: 50034 when there is no such user any more.
    """
    tenant = next((each for each in tenants(flow) if each.id == account.tenant_id), flow.tenant)
    return Person(tenant, tenant.user_by_id(account.user_id) or tenant.user(account.user_principal_name))


def find(flow: Flow, login: str) -> Person:
    """Who signs in with this name.

    On an alias it is a member of any of the tenants: guests sign in at the tenant that invited them. At a declared
    tenant it may be somebody from another one who is no guest; :func:`check_account` refuses them.

    Raises:
        EntraError: 50034.
    """
    if not flow.homes:
        return _at_tenant(flow, login)
    for home in flow.homes:
        user = home.find_user(login)
        if user and user.user_type == "Member":
            return Person(home, user)
    names = ", ".join(f"{home.nearest(login)} ({home.display_name})" for home in flow.homes[:5])
    raise EntraError(
        50034, tenant=flow.segment,
        hint=f"'{login[:200]}' is a user of none of the declared tenants. Nearest: {names}. A guest signs in at the "
        "tenant that sent the invitation.",
    )  # fmt: skip


def _at_tenant(flow: Flow, login: str) -> Person:
    try:
        return Person(flow.tenant, flow.tenant.user(login))
    except EntraError:
        if flow.tenant.strict and "@" in login:
            for other in flow.entra.live.declared:
                user = other.find_user(login)
                if user and user.user_type == "Member":
                    return Person(other, user)
        raise


def check_account(flow: Flow, person: Person) -> None:
    """The user belongs to a tenant for which people may sign in here.

    Raises:
        EntraError: 50020.
    """
    if all(person.tenant.id != tenant.id for tenant in tenants(flow)):
        raise EntraError(
            50020, idp=issuer_of(person.tenant.id, v1=True), tenant=flow.tenant.display_name,
            app_id=flow.client.app_id, name=flow.client.display_name,
            hint=f"{person.user.user_principal_name} is a user of {person.tenant.display_name} and no guest of "
            f"{flow.tenant.display_name}. Declare a guest there, or use common with a multi-tenant app.",
        ).naming(home_name(person.user))  # fmt: skip


def check_work_account(flow: Flow, login: str) -> None:
    """An unknown name is at least none of a personal account.

    Raises:
        EntraError: 500200.
    """
    domain = login.rpartition("@")[2].lower()
    if domain in _PERSONAL:
        raise EntraError(
            500200, hint=f"{domain} is for personal accounts, and '{login[:200]}' is no guest of "
            f"{flow.tenant.display_name}. Sign in with a work account, or declare a guest.",
        ).naming(login[:200])  # fmt: skip


def hinted(flow: Flow) -> Person | None:
    """The user whom ``login_hint`` names: a name, or the claim ``login_hint`` of an id token."""
    hint = flow.get("login_hint")
    if not hint:
        return None
    if user_id := user_of(hint):
        found = [(tenant, tenant.user_by_id(user_id)) for tenant in tenants(flow)]
        return next((Person(tenant, user) for tenant, user in found if user), None)
    try:
        return find(flow, hint)
    except EntraError:
        return None


def offered(flow: Flow) -> list[Crowd]:
    """Who has a tile: of each tenant the signed-in ones first, then the directory's people."""
    return [_crowd(flow, tenant) for tenant in tenants(flow)]


def _crowd(flow: Flow, tenant: LiveTenant) -> Crowd:
    signed_in = [person_of(flow, a).user for a in accounts(flow) if a.tenant_id == tenant.id]
    ids = {user.id for user in signed_in}
    guests_too = not flow.homes
    everybody = tenant.people()
    there = everybody if guests_too else [user for user in everybody if user.user_type == "Member"]
    most = MOST_TILES if len(there) <= MOST_TILES else TILES_OF_MORE
    people = [*signed_in, *islice((user for user in there if user.id not in ids), max(0, most - len(signed_in)))]
    strangers = sum(1 for user in signed_in if tenant.find_user(user.user_principal_name) is None)
    return Crowd(tenant.display_name, people, max(0, len(there) - len(people) + strangers))
