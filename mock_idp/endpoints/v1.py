"""The v1.0 endpoints, told in the words of v2.0: ``resource`` stands for ``{resource}/.default``.

Follows AZ1:v1-protocols-oauth-code and AZ1:v1-protocols-openid-connect-code. What a client may do stands in its app
registration alone; the parameter ``scope`` is ignored, and a sign-in always gives an id token and a refresh token.
"""

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.endpoints.scopes import DEFAULT, Asked, Item, is_identifier
from mock_idp.endpoints.targets import Resolver, Target
from mock_idp.errors import EntraError
from mock_idp.runtime.tenants import ALIASES, LiveTenant

ALWAYS = "openid profile offline_access"
"""The OIDC scopes that v1.0 takes for granted."""


def check_segment(segment: str) -> None:
    """v1.0 knows tenants and ``common``.

    Raises:
        EntraError: 90002.
    """
    alias = segment.lower()
    if alias in ALIASES and alias != "common":
        raise EntraError(
            90002, tenant=segment, error="invalid_request",
            hint=f"v1.0 knows no '{alias}'. Use common or a tenant id, or the v2.0 endpoint.",
        )  # fmt: skip


def scope_of(resource: str, tenant: LiveTenant) -> str:
    """The parameter ``scope`` with which v2.0 would be asked for the same.

    Args:
        resource: the parameter as it came; empty for a sign-in alone.
        tenant: where the resource has to be.

    Raises:
        EntraError: 500011 for what can name no API.
    """
    if not resource:
        return ALWAYS
    if not is_identifier(resource):
        raise EntraError(
            500011, resource=resource[:200], tenant=tenant.display_name,
            hint=f"resource is '{resource[:200]}'; expected the Application ID URI of an API, such as "
            "https://graph.microsoft.com, or its client id.",
        )  # fmt: skip
    return f"{resource}/{DEFAULT} {ALWAYS}"


def registered_targets(tenant: LiveTenant, client: Application, entra: Entra) -> list[Target]:
    """Every permission in the app registration: v1.0 asks for consent to all of them, whatever the resource."""
    items = tuple(Item(each.resource_app_id, DEFAULT) for each in client.required_resources)
    return Resolver(tenant, client, entra, at_authorize=True).targets(Asked("", (), items))


def no_resource() -> EntraError:
    """AADSTS500013."""
    return EntraError(
        500013, hint="No resource came, neither to authorize nor to the token endpoint. Add resource, the Application "
        "ID URI of the API.",
    )  # fmt: skip
