"""Names and ids that are the same in every tenant, and those of our own tenants.

What Microsoft's own APIs are called stands in :mod:`mock_idp.facts.microsoft_apis`.
"""

from uuid import UUID

from mock_idp.facts.hosts import GRAPH_URI

CONSUMERS_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of personal accounts. ED:v2-protocols-oidc"""

NIL_GUID = "00000000-0000-0000-0000-000000000000"

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
GRAPH_AUDIENCES = (GRAPH_URI, f"{GRAPH_URI}/", GRAPH_APP_ID)
"""``aud`` of tokens for Microsoft Graph: the API as it was asked for. Facts §5.2"""

AAD_GRAPH_APP_ID = "00000002-0000-0000-c000-000000000000"
"""Azure AD Graph, which Microsoft Graph replaced."""

EXCHANGE_APP_ID = "fb60f99c-7a34-4190-8149-302f77469936"
EXCHANGE_URI = "api://AzureADTokenExchange"
"""What a token is for that proves a client. Entra's own name it by its id, and credentials by its URI (facts §7.5)."""

NAMESPACE = UUID("5f0d1e52-1a66-5c0e-9f0e-6d6f636b6964")
"""Ours: what ids made on touch are derived in (uuid5), so that they survive a restart."""

UNDECLARED_TENANT = "6d6f636b-6964-5000-8000-756e6465636c"
"""Ours: the tenant that serves undeclared clients on ``common`` and ``organizations``."""

OIDC_SCOPES = ("openid", "profile", "email", "offline_access")
"""Scopes that belong to no resource. ED:scopes-oidc"""

USER_READ_SCOPES = frozenset(
    {
        "User.Read",
        "User.ReadWrite",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "Directory.AccessAsUser.All",
    }
)
"""Any of these delegated permissions allows ``GET /me``. GD:user-get"""

PLAIN_USER_ROLE = "b79fbf4d-3ef9-4689-8143-76b194e85509"
"""``wids`` of a member of the tenant in Graph tokens [O]."""

GUEST_ROLE = "13bd1c72-6f4a-4dcf-985f-18d3b80f208a"
"""``wids`` of a guest, in its place (facts §5)."""

APP_ONLY_ROLE = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
"""``wids`` of app-only Graph tokens [O]/[K]."""
