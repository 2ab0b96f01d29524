"""Which tenant serves a request, and whether the client may be used there. Follows ED:v2-protocols and facts §1.2."""

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.runtime.tenants import ALIASES, LiveTenant


def check_tenant(segment: str, entra: Entra) -> None:
    """Refuse a malformed tenant before anything else is looked at.

    Raises:
        EntraError: 900023.
    """
    if segment.lower() not in ALIASES:
        entra.live.tenant(segment)


def find_client(segment: str, client_id: str, entra: Entra) -> tuple[LiveTenant, Application]:
    """The tenant and the app registration; on ``common`` and ``organizations`` the tenant that serves the client.

    Raises:
        EntraError: 700016 or 700038 for an unknown client; 50194 or 9002332 when ``signInAudience`` forbids the alias.
    """
    alias = segment.lower()
    tenant = entra.live.home_of(client_id) if alias in ALIASES else entra.live.tenant(segment)
    client = tenant.client(client_id)
    if alias in ("consumers", CONSUMERS_TENANT):
        raise EntraError(
            9002332, app_id=client.app_id, name=client.display_name,
            hint="Personal accounts are not emulated; use a tenant id, common or organizations.",
        )  # fmt: skip
    if alias in ALIASES and client.sign_in_audience == "AzureADMyOrg":
        raise EntraError(
            50194, app_id=client.app_id, name=client.display_name,
            hint=f"{client.display_name} is a single-tenant app; use the authority of its tenant, {tenant.id}, instead "
            f"of {alias}.",
        )  # fmt: skip
    return tenant, client
