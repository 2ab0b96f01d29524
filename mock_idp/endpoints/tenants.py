"""Which tenant serves a request, and whether the client may be used there. Follows ED:v2-protocols and facts §1.2."""

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.errors import EntraError
from mock_idp.exchange import Request
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.runtime.tenants import ALIASES, MULTI_TENANT, DeclaredTenant, LiveTenant


def check_tenant(segment: str, entra: Entra) -> None:
    """Refuse a malformed tenant before anything else is looked at.

    Raises:
        EntraError: 900023.
    """
    if segment.lower() not in ALIASES:
        entra.live.tenant(segment)


def find_client(segment: str, client_id: str, entra: Entra) -> tuple[LiveTenant, Application]:
    """The tenant and the app registration; on ``common`` and ``organizations`` the tenant that serves the client.

    A declared client's is its own; once the user is known, it is the user's, see :func:`homes`.

    Raises:
        EntraError: 700016 or 700038 for an unknown client; 50194, 9002331, 9002332 or 9002346 when
            ``signInAudience`` forbids the segment; 7000112 when the service principal is disabled.
    """
    alias = segment.lower()
    tenant = entra.live.home_of(client_id) if alias in ALIASES else entra.live.tenant(segment)
    client = tenant.client(client_id)
    _check_audience(alias, tenant, client)
    if not client.account_enabled:
        raise EntraError(
            7000112, app_id=client.app_id, name=client.display_name,
            hint=f"The service principal of {client.display_name} is declared with accountEnabled = false.",
        )  # fmt: skip
    return tenant, client


def check_tenant_told(segment: str, client_id: str, entra: Entra) -> None:
    """Nobody is there yet who could tell the tenant of a single-tenant app's device (facts §7.1).

    Raises:
        EntraError: 50059.
    """
    alias = segment.lower()
    if alias not in ("common", "organizations"):
        return
    tenant = entra.live.home_of(client_id)
    client = tenant.client(client_id)
    if client.sign_in_audience == "AzureADMyOrg":
        raise EntraError(
            50059, hint=f"{client.display_name} is a single-tenant app; ask at its tenant, {tenant.id}, instead of "
            f"{alias}.",
        )  # fmt: skip


def check_added(tenant: LiveTenant, client: Application, entra: Entra) -> None:
    """Another tenant's app acts for itself only where it was added, which makes its service principal (facts §9).

    Raises:
        EntraError: 7000229.
    """
    if not isinstance(tenant, DeclaredTenant) or tenant.has_service_principal(client):
        return
    if not entra.store.is_added(tenant.id, client.app_id):
        raise EntraError(
            7000229, app_id=client.app_id, tenant=tenant.id,
            hint=f"{client.display_name} is registered in another tenant and was not added to {tenant.display_name}. "
            f"Let an administrator consent at /{tenant.id}/v2.0/adminconsent, let somebody sign in to it there, or "
            "declare a grant or a role assignment for it in that tenant (in a test: entra.consent).",
        )  # fmt: skip


def check_restrictions(request: Request, tenant: LiveTenant) -> None:
    """A company's proxy may say which tenants its people are to reach. Follows entra-docs, tenant restrictions v1.

    Raises:
        EntraError: 500021.
    """
    permitted = request.headers.get("restrict-access-to-tenants")
    if permitted is None:
        return
    names = {name.strip().lower() for name in permitted.split(",")}
    if names.isdisjoint({tenant.id, *(domain.lower() for domain in (tenant.domain, *tenant.tenant.domains))}):
        raise EntraError(
            500021, tenant=tenant.display_name,
            hint=f"The header Restrict-Access-To-Tenants permits {', '.join(sorted(names))}, and not {tenant.id}.",
        )  # fmt: skip


def _check_audience(alias: str, tenant: LiveTenant, client: Application) -> None:
    app_id, name = client.app_id, client.display_name
    if alias in ("consumers", CONSUMERS_TENANT):
        hint = "Personal accounts are not emulated; use a tenant id, common or organizations."
        raise EntraError(9002332, app_id=app_id, name=name, hint=hint)
    if client.sign_in_audience == "PersonalMicrosoftAccount":
        hint = f"The signInAudience of {name} is PersonalMicrosoftAccount; personal accounts are not emulated."
        if alias == "common":
            raise EntraError(9002331, app_id=app_id, name=name, hint=hint)
        raise EntraError(9002346, app_id=app_id, name=name, hint=hint)
    if alias in ALIASES and client.sign_in_audience not in MULTI_TENANT:
        raise EntraError(
            50194, app_id=app_id, name=name,
            hint=f"{name} is a single-tenant app; use the authority of its tenant, {tenant.id}, instead of {alias}.",
        )  # fmt: skip


def homes(segment: str, tenant: LiveTenant, entra: Entra) -> list[DeclaredTenant]:
    """Whose people sign in to a declared client on ``common`` and ``organizations``, each for the home tenant.

    Empty when the path, or the client that nobody declared, leaves only ``tenant``.
    """
    if segment.lower() not in ALIASES or not isinstance(tenant, DeclaredTenant):
        return []
    return [tenant, *(each for each in entra.live.declared if each is not tenant)]
