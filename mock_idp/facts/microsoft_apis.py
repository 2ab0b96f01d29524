"""Microsoft's own APIs, which are in every tenant: ids, Application ID URIs, delegated permissions.

Sources: ``permissions-ids.md`` of microsoftgraph's docs (2022-07); MCP: the table ``api-permissions`` of the Azure MCP
server (2026); K: widely known.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from mock_idp.facts.wellknown import AAD_GRAPH_APP_ID, EXCHANGE_APP_ID, EXCHANGE_URI, GRAPH_APP_ID


class Resource(NamedTuple):
    """One of them.

    Attributes:
        app_id: GUID.
        name: display name.
        identifier_uris: what a scope may be prefixed with; each with a slash behind it too.
        scopes: delegated permissions with their ids; an id may be empty, for not known.
        source: where this is known from.
        version: ``requestedAccessTokenVersion``.
        accounts: domains below which an account's own address names the API too: ``https://{account}.{domain}``.
    """

    app_id: str
    name: str
    identifier_uris: tuple[str, ...]
    scopes: Mapping[str, str]
    source: str
    version: Literal[1, 2] | None = None
    accounts: tuple[str, ...] = ()


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

OIDC_PERMISSIONS = {
    "email": "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
}
"""Permissions of Graph by which a registration lists the OIDC scopes; these need no consent of their own here."""

RESOURCES = (
    Resource(GRAPH_APP_ID, "Microsoft Graph", ("https://graph.microsoft.com",), GRAPH_SCOPES, "permissions-ids.md"),
    Resource(
        AAD_GRAPH_APP_ID,
        "Windows Azure Active Directory",
        ("https://graph.windows.net",),
        {"User.Read": "311a71cc-e848-46a1-bdf8-97ff7156d8e6"},
        "AZ1, K",
    ),
    Resource(
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
        ("https://management.azure.com", "https://management.core.windows.net"),
        {"user_impersonation": "41094075-9dad-400e-a0bd-54e686782033"},
        "MCP",
    ),
    Resource(
        "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
        "Azure Key Vault",
        ("https://vault.azure.net",),
        {"user_impersonation": "f53da476-18e3-4152-8e01-aec403e6edc0"},
        "MCP",
    ),
    Resource(
        "e406a681-f3d4-42a8-90b6-c2b029497af1",
        "Azure Storage",
        ("https://storage.azure.com",),
        {"user_impersonation": "03e0da56-190b-40ad-a80c-ea378c433f7f"},
        "MCP",
        accounts=("blob.core.windows.net", "dfs.core.windows.net", "file.core.windows.net", "queue.core.windows.net"),
    ),
    Resource(
        "7d312290-28c8-473c-a0ed-8e53749b6d6d",
        "Microsoft Cognitive Services",
        ("https://cognitiveservices.azure.com",),
        {"user_impersonation": "5f1e8914-a52b-429f-9324-91b92b81adaf"},
        "MCP",
    ),
    Resource(
        "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe",
        "Azure Machine Learning Services",
        ("https://ai.azure.com", "https://ml.azure.com"),
        {"user_impersonation": "1a7925b5-f871-417a-9b8b-303f9f29fa10"},
        "samples of 2025 and 2026 [O]; ml K",
    ),
    Resource(
        "880da380-985e-4198-81b9-e05b1cc53158",
        "Azure Cognitive Search",
        ("https://search.azure.com",),
        {"user_impersonation": "a4165a31-5d9e-4120-bd1e-9d88c66fd3b8"},
        "MCP",
    ),
    Resource(
        "022907d3-0f1b-48f7-badc-1ba6abab6d66",
        "Azure SQL Database",
        ("https://database.windows.net",),
        {"user_impersonation": ""},
        "K",
    ),
    Resource(
        "123cd850-d9df-40bd-94d5-c9f07b7fa203",
        "Azure OSSRDBMS Database",
        ("https://ossrdbms-aad.database.windows.net",),
        {"user_impersonation": "cef99a3a-4cd3-4408-8143-4375d1e38a17"},
        "MCP",
    ),
    Resource(
        "f8202e39-5162-4378-8714-8018bb911e5c",
        "Azure Cosmos DB",
        ("https://cosmos.azure.com",),
        {},
        "MCP",
        accounts=("documents.azure.com",),
    ),
    Resource(
        "80a10ef9-8168-493d-abf9-3297c4ef6e3c",
        "Microsoft.ServiceBus",
        ("https://servicebus.azure.net",),
        {"user_impersonation": "40e16207-c5fd-4916-8ca4-64565f2367ca"},
        "MCP",
    ),
    Resource(
        "80369ed6-5f11-4dd9-bef3-692475845e77",
        "Microsoft.EventHubs",
        ("https://eventhubs.azure.net",),
        {"user_impersonation": "7d388411-3845-4cfc-aa69-33192f4b9735"},
        "MCP",
    ),
    Resource(
        "35ffadb3-7fc1-497e-b61b-381d28e744cc",
        "AzureAppConfiguration",
        ("https://azconfig.io",),
        {
            "KeyValue.Delete": "08eeff12-9b4a-4273-b3d9-ff8a13c32645",
            "KeyValue.Read": "8d17f7f7-030c-4b57-8129-cfb5a16433cd",
            "KeyValue.Write": "77967a14-4f88-4960-84da-e8f71f761ac2",
            "Snapshot.Action": "28bb462a-d940-4cbe-afeb-281756df9af8",
            "Snapshot.Read": "5970d132-a862-421f-9352-8ed18f833d78",
            "Snapshot.Write": "ea601552-5fd3-4792-9dfc-e85be5a6827c",
        },
        "MCP",
        accounts=("azconfig.io",),
    ),
    Resource(
        "76c92352-c057-4cc2-9b1e-f34c32bc58bd",
        "Azure Container Registry",
        ("https://containerregistry.azure.net",),
        {},
        "MCP",
    ),
    Resource(
        "cdad765c-f191-43ba-b9f5-7aef392f811d",
        "Azure SignalR Service Resource Provider",
        ("https://signalr.azure.com",),
        {},
        "MCP",
    ),
    Resource(
        "632ec9eb-fad7-4cbd-993a-e72973ba2acc",
        "Azure Communication Services",
        ("https://communication.azure.com",),
        {},
        "MCP",
    ),
    Resource(
        "2746ea77-4702-4b45-80ca-3c97e680e8b7",
        "Azure Data Explorer",
        ("https://kusto.kusto.windows.net",),
        {"user_impersonation": "00d678f0-da44-4b12-a6d6-c98bcfd1c5fe"},
        "MCP; the URI K",
    ),
    Resource("2ff814a6-3304-4ab8-85cb-cd0e6f879c1d", "AzureDatabricks", (), {"user_impersonation": ""}, "K"),
    Resource(
        "499b84ac-1321-427f-aa17-267ca6975798",
        "Azure DevOps",
        ("https://app.vssps.visualstudio.com",),
        {"user_impersonation": ""},
        "K",
    ),
    Resource(
        "00000009-0000-0000-c000-000000000000",
        "Power BI Service",
        ("https://analysis.windows.net/powerbi/api",),
        {
            "App.Read.All": "",
            "Dashboard.Read.All": "",
            "Dataset.Read.All": "",
            "Dataset.ReadWrite.All": "",
            "Report.Read.All": "",
            "Report.ReadWrite.All": "",
            "Workspace.Read.All": "",
            "Workspace.ReadWrite.All": "",
        },
        "K",
    ),
    Resource(
        "00000002-0000-0ff1-ce00-000000000000",
        "Office 365 Exchange Online",
        ("https://outlook.office365.com", "https://outlook.office.com"),
        {"EWS.AccessAsUser.All": "", "IMAP.AccessAsUser.All": "", "POP.AccessAsUser.All": "", "SMTP.Send": ""},
        "K",
    ),
    Resource(
        EXCHANGE_APP_ID,
        "AAD Token Exchange Endpoint",
        (EXCHANGE_URI,),
        {},
        "tokens of 2025 and 2026 [O]",
        version=2,
    ),
)

CLIENTS = {
    # client id: display name. [C] azure-identity's constants; K: the names, and PowerShell's
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Microsoft Azure CLI",
    "1950a258-227b-4e31-a9cf-717495945fc2": "Microsoft Azure PowerShell",
    "aebc6443-996d-45c2-90f0-388ff96faa56": "Visual Studio Code",
}
"""Microsoft's public clients, which are in every tenant, and need no consent on Microsoft's APIs.

azure-identity asks as the first one where no client id is given: device code, interactive browser.
"""
