"""Steps up to a redirect URI that can be trusted; an error in here is a page (facts §3.5)."""

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.redirect_uris import match, origin
from mock_idp.errors import EntraError
from mock_idp.facts.wellknown import CONSUMERS_TENANT
from mock_idp.runtime.live import ALIASES


def load_tenant(flow: Flow) -> None:
    """The tenant of the path; on ``common`` and ``organizations`` the one that serves the client."""
    client_id = flow.required("client_id", "Add client_id, the Application (client) ID of your app registration.")
    flow.entra.journal.about(client=client_id)
    alias = flow.segment.lower()
    flow.tenant = flow.entra.live.home_of(client_id) if alias in ALIASES else flow.entra.live.tenant(alias)


def load_client(flow: Flow) -> None:
    """The app registration."""
    flow.client = flow.tenant.client(flow.get("client_id"))


def check_sign_in_audience(flow: Flow) -> None:
    """Whether the app may be used on this alias (``signInAudience``)."""
    alias = flow.segment.lower()
    if alias in ("consumers", CONSUMERS_TENANT):
        raise EntraError(
            9002332, app_id=flow.client.app_id, name=flow.client.display_name,
            hint="Personal accounts are not emulated; use a tenant id, common or organizations.",
        )  # fmt: skip
    if alias in ALIASES and flow.client.sign_in_audience == "AzureADMyOrg":
        raise EntraError(
            50194, app_id=flow.client.app_id, name=flow.client.display_name,
            hint=f"{flow.client.display_name} is a single-tenant app; use the authority of its tenant, "
            f"{flow.tenant.id}, instead of {alias}.",
        )  # fmt: skip


def load_redirect_uri(flow: Flow) -> None:
    """The registered redirect URI."""
    uri = flow.required("redirect_uri", "Add redirect_uri, one that is registered for the app.")
    flow.platform = match(flow.client, uri).platform
    flow.redirect_uri = uri
    flow.entra.journal.about(redirect=origin(uri))
