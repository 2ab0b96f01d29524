"""Guests: people whose account is in another tenant. Follows facts §6."""

from typing import NamedTuple

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import User
from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError
from mock_idp.facts.hosts import STS
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.runtime.tenants import DeclaredTenant, LiveTenant, home_name

_ISSUER = f"https://{STS}/"


class Home(NamedTuple):
    """Where an account is, and its object id there; what ``client_info`` says."""

    tenant_id: str
    user_id: str


def home_of(user: User, tenant: LiveTenant, entra: Entra) -> Home:
    """The home of a user of ``tenant``: for a guest another tenant, if the identity provider is one."""
    if user.user_type == "Member":
        return Home(tenant.id, user.id)
    provider, name = user.identity_provider or "", home_name(user).lower()
    if provider == "live.com":
        return Home(CONSUMERS_TENANT, "00000000-0000-0000-" + derived_guid(CONSUMERS_TENANT, "user", name)[19:])
    if not provider.startswith(_ISSUER):
        return Home(tenant.id, user.id)
    home_id = provider.removeprefix(_ISSUER).strip("/").lower()
    home = next((each for each in entra.live.declared if each.id == home_id), None)
    account = home.find_user(name) if home else None
    return Home(home_id, account.id if account else derived_guid(home_id, "user", name))


def account_in(there: LiveTenant, user: User, tenant: LiveTenant, entra: Entra) -> User | None:
    """The account that a user of ``tenant`` has in another tenant, at home or as a guest."""
    home = home_of(user, tenant, entra)
    if there.id == home.tenant_id:
        return there.user_by_id(home.user_id)
    guest = there.find_user(home_name(user)) if isinstance(there, DeclaredTenant) else None
    return guest if guest and home_of(guest, there, entra) == home else None


def disabled(user: User, hint: str) -> EntraError:
    """AADSTS50057, and of a guest 500571: the account at home may be in order."""
    if user.user_type == "Guest":
        return EntraError(500571, hint=f"{hint} It is a guest here; the account at home does not matter.")
    return EntraError(50057, hint=hint)


def check_redeemed(user: User) -> None:
    """A guest has accepted the invitation, as Graph's property ``externalUserState`` tells.

    Raises:
        EntraError: 50014.
    """
    if user.attributes and user.attributes.get("externalUserState") == "PendingAcceptance":
        raise EntraError(
            50014, hint=f"{user.user_principal_name} is declared with externalUserState = PendingAcceptance: the "
            "invitation was not accepted yet.",
        )  # fmt: skip
