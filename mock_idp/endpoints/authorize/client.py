"""Steps up to a redirect URI that can be trusted; an error in here is a page (facts §3.5)."""

from mock_idp.endpoints.authorize.flow import Flow
from mock_idp.endpoints.redirect_uris import TEST_HOST, fits, match, none_registered, origin
from mock_idp.endpoints.tenants import check_restrictions, check_tenant, find_client, homes
from mock_idp.endpoints.v1 import check_segment
from mock_idp.errors import EntraError
from mock_idp.forms import required
from mock_idp.runtime.tenants import ALIASES


def check_path(flow: Flow) -> None:
    """The path names a tenant, or an alias; v1.0 knows only one of those."""
    if flow.v1:
        check_segment(flow.segment)
    check_tenant(flow.segment, flow.entra)


def load_client(flow: Flow) -> None:
    """The app registration and the tenant that serves it."""
    client_id = required(
        flow.parameters, "client_id", "Add client_id, the Application (client) ID of your app registration."
    )
    flow.entra.journal.about(client=client_id)
    flow.tenant, flow.client = find_client(flow.segment, client_id, flow.entra)
    if flow.segment.lower() not in ALIASES:
        check_restrictions(flow.request, flow.tenant)
    flow.homes = homes(flow.segment, flow.tenant, flow.entra)
    flow.entra.journal.about(client_name=flow.client.display_name)


def load_redirect_uri(flow: Flow) -> None:
    """The registered redirect URI."""
    uri = flow.get("redirect_uri")
    if not uri.strip():
        uri = _default(flow)
    registered = match(flow.client, uri)
    flow.platform, flow.redirect_uri = registered.platform, uri
    flow.entra.journal.about(redirect=origin(uri))
    _note_other_platforms(flow, registered.uri)
    if flow.client.touched and origin(uri).partition("://")[2].partition(":")[0] == TEST_HOST:
        flow.entra.journal.note(
            f"'{uri}' is a test client's address: taken here, but Entra takes http for localhost only"
        )


def _default(flow: Flow) -> str:
    """Where the answer goes when nothing says it: v1.0 and requests for tokens alone may leave ``redirect_uri`` out."""
    optional = flow.v1 or "code" not in flow.get("response_type").split()
    registered = flow.client.redirect_uris
    if flow.client.touched or (registered and not optional):
        raise EntraError(
            900971, hint="redirect_uri is missing or empty; send it, one that is registered for the app. An empty "
            "setting leaves it out.",
        )  # fmt: skip
    if not registered:
        raise none_registered(flow.client, "redirect_uri is missing")
    flow.entra.journal.note(f"no redirect_uri came: taken the first one registered, {registered[0].uri}")
    return registered[0].uri


def _note_other_platforms(flow: Flow, uri: str) -> None:
    """Registrations that differ by a loopback port alone are one to Entra, which takes either (facts §3.4)."""
    if flow.client.touched:
        return
    others = [each for each in flow.client.redirect_uris if each.platform != flow.platform and fits(each.uri, uri)]
    if others:
        flow.entra.journal.note(
            f"'{uri}' ({flow.platform}) and '{others[0].uri}' ({others[0].platform}) differ only by port, which Entra "
            "does not compare: it may take either one's platform"
        )
