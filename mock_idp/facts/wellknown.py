"""Ids that are the same in every tenant: Microsoft's own resources, Graph's permissions, special tenants.

Sources: microsoftgraph docs ``concepts/includes/permissions-ids.md`` (Jul 2022); rows marked K are widely known.
"""

from typing import NamedTuple
from uuid import UUID

CONSUMERS_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of personal accounts. ED:v2-protocols-oidc"""

NIL_GUID = "00000000-0000-0000-0000-000000000000"

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"

NAMESPACE = UUID("5f0d1e52-1a66-5c0e-9f0e-6d6f636b6964")
"""Ours: what ids made on touch are derived in (uuid5), so that they survive a restart."""

UNDECLARED_TENANT = "6d6f636b-6964-5000-8000-756e6465636c"
"""Ours: the tenant that serves undeclared clients on ``common`` and ``organizations``."""


class Resource(NamedTuple):
    """A first-party API present in every tenant.

    Attributes:
        app_id: GUID.
        name: display name.
        identifier_uris: what a scope may be prefixed with.
        scopes: delegated permissions known without a table of their own.
        source: where this is known from.
    """

    app_id: str
    name: str
    identifier_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    source: str


RESOURCES = (
    Resource(
        GRAPH_APP_ID,
        "Microsoft Graph",
        ("https://graph.microsoft.com", "https://graph.microsoft.com/"),
        (),
        "permissions-ids.md; trailing-slash form K",
    ),
    Resource(
        "00000002-0000-0000-c000-000000000000",
        "Windows Azure Active Directory",
        ("https://graph.windows.net", "https://graph.windows.net/"),
        ("User.Read",),
        "AZ1, K",
    ),
    Resource(
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
        (
            "https://management.azure.com",
            "https://management.azure.com/",
            "https://management.core.windows.net",
            "https://management.core.windows.net/",
        ),
        ("user_impersonation",),
        "K",
    ),
    Resource(
        "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
        "Azure Key Vault",
        ("https://vault.azure.net", "https://vault.azure.net/"),
        ("user_impersonation",),
        "K",
    ),
    Resource(
        "e406a681-f3d4-42a8-90b6-c2b029497af1",
        "Azure Storage",
        ("https://storage.azure.com", "https://storage.azure.com/"),
        ("user_impersonation",),
        "K",
    ),
)

OIDC_SCOPES = ("openid", "profile", "email", "offline_access")
"""Scopes that belong to no resource. ED:scopes-oidc"""

GRAPH_SCOPES = {
    # value: permission id. permissions-ids.md (2022-07); K: profile, Calendars.*, Files.Read, Files.ReadWrite
    "Calendars.Read": "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42",
    "Calendars.ReadWrite": "1ec239c2-d7c9-4623-a91a-a9775856bb36",
    "Chat.Read": "f501c180-9344-439a-bca0-6cbf209fd270",
    "Chat.ReadWrite": "9ff7295e-131b-4d94-90e1-69fde507ac11",
    "Contacts.Read": "ff74d97f-43af-4b68-9f2a-b77ee6968c5d",
    "Directory.AccessAsUser.All": "0e263e50-5827-48a4-b97c-d940288653c7",
    "Directory.Read.All": "06da0dbc-49e2-44d2-8312-53f166ab848a",
    "Directory.ReadWrite.All": "c5366453-9fb0-48a5-a156-24f0c49a4b84",
    "Files.Read": "10465720-29dd-4523-a11a-6a75c743c9d9",
    "Files.Read.All": "df85f4d6-205c-4ac5-a5ea-6bf408dba283",
    "Files.ReadWrite": "5c28f0bf-8a70-41f1-8ab2-9032436ddb65",
    "Files.ReadWrite.All": "863451e7-0667-486c-a5d6-d135439485f0",
    "Group.Read.All": "5f8c59db-677d-491f-a6b8-5f174b11ec1d",
    "Group.ReadWrite.All": "4e46008b-f24c-477d-8fff-7bb4ec7aafe0",
    "GroupMember.Read.All": "bc024368-1153-4739-b217-4326f2e966d0",
    "IMAP.AccessAsUser.All": "652390e4-393a-48de-9484-05f9b1212954",
    "Mail.Read": "570282fd-fa5c-430d-a7fd-fc8dc98a9dca",
    "Mail.ReadWrite": "024d486e-b451-40bb-833d-3e66d98c5c73",
    "Mail.Send": "e383f46e-2787-4529-855e-0e479a3ffac0",
    "MailboxSettings.Read": "87f447af-9fa4-4c32-9dfa-4a57a73d18ce",
    "Organization.Read.All": "4908d5b9-3fb2-4b1e-9336-1888b7937185",
    "POP.AccessAsUser.All": "d7b7f2d9-0f45-4ea1-9d42-e50810c06991",
    "People.Read": "ba47897c-39ec-4d83-8086-ee8256fa737d",
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    "User.Read.All": "a154be20-db9c-4678-8ab7-66f6cc099a59",
    "User.ReadBasic.All": "b340eb25-3456-403f-be2f-af7a0d370277",
    "User.ReadWrite": "b4e74841-8e56-480b-be8b-910348b18b4c",
    "User.ReadWrite.All": "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4",
}

GRAPH_ADMIN_SCOPES = frozenset(
    {
        "Directory.AccessAsUser.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "Group.Read.All",
        "Group.ReadWrite.All",
        "GroupMember.Read.All",
        "Organization.Read.All",
        "User.Read.All",
        "User.ReadWrite.All",
    }
)
"""Those of them that only an administrator may consent to. GD:permissions-reference, K"""

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
"""``wids`` of an ordinary user in Graph tokens [O]."""

APP_ONLY_ROLE = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
"""``wids`` of app-only Graph tokens [O]/[K]."""
