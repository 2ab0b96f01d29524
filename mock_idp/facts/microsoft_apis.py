"""Microsoft's own APIs, which are in every tenant: ids, Application ID URIs, delegated permissions.

Sources: GX, see :mod:`mock_idp.facts.graph_permissions`; MCP: the table ``api-permissions`` of the Azure MCP server
(2026); RT: the table of ROADtools (2026-01), which asked for each; K: widely known.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from mock_idp.facts.graph_permissions import ADMIN_SCOPES, APP_ROLES, USER_SCOPES
from mock_idp.facts.hosts import GRAPH_URI
from mock_idp.facts.wellknown import AAD_GRAPH_APP_ID, EXCHANGE_APP_ID, EXCHANGE_URI, GRAPH_APP_ID


class Resource(NamedTuple):
    """One of them.

    Attributes:
        app_id: GUID.
        name: display name.
        identifier_uris: what a scope may be prefixed with; each with a slash behind it too.
        scopes: delegated permissions with their ids.
        admin_scopes: those of them that only an administrator may consent to.
        app_roles: application permissions with their ids.
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
    admin_scopes: Collection[str] = ()
    app_roles: Mapping[str, str] = MappingProxyType({})


GRAPH_SCOPES = dict(sorted({**USER_SCOPES, **ADMIN_SCOPES}.items()))

OIDC_PERMISSIONS = {
    "email": "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
}
"""Permissions of Graph by which a registration lists the OIDC scopes; these need no consent of their own here."""

RESOURCES = (
    Resource(
        GRAPH_APP_ID,
        "Microsoft Graph",
        (GRAPH_URI,),
        GRAPH_SCOPES,
        "GX",
        admin_scopes=ADMIN_SCOPES,
        app_roles=APP_ROLES,
    ),
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
        {"user_impersonation": "c39ef2d1-04ce-46dc-8b5f-e9a5c60f0fc9"},
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
        ("https://azconfig.io", "https://appconfig.azure.com"),
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
    Resource(
        "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
        "AzureDatabricks",
        (),
        {"user_impersonation": "739272be-e143-11e8-9f32-f2801f1b9fd1"},
        "K",
    ),
    Resource(
        "499b84ac-1321-427f-aa17-267ca6975798",
        "Azure DevOps",
        ("https://app.vssps.visualstudio.com",),
        {"user_impersonation": "ee69721e-6c3a-468f-a9ec-302d16a4c599"},
        "K",
    ),
    Resource(
        "00000009-0000-0000-c000-000000000000",
        "Power BI Service",
        ("https://analysis.windows.net/powerbi/api",),
        {
            "App.Read.All": "8b01a991-5a5a-47f8-91a2-84d6bfd72c02",
            "Dashboard.Read.All": "2448370f-f988-42cd-909c-6528efd67c1a",
            "Dataset.Read.All": "7f33e027-4039-419b-938e-2f8ca153e68e",
            "Dataset.ReadWrite.All": "322b68b2-0804-416e-86a5-d772c567b6e6",
            "Report.Read.All": "4ae1bf56-f562-4747-b7bc-2fa0874ed46f",
            "Report.ReadWrite.All": "7504609f-c495-4c64-8542-686125a5a36f",
            "Workspace.Read.All": "b2f1b2fa-f35c-407c-979c-a858a808ba85",
            "Workspace.ReadWrite.All": "445002fb-a6f2-4dc1-a81e-4254a111cd29",
        },
        "K",
    ),
    Resource(
        "00000002-0000-0ff1-ce00-000000000000",
        "Office 365 Exchange Online",
        ("https://outlook.office365.com", "https://outlook.office.com"),
        {
            "EWS.AccessAsUser.All": "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5",
            "IMAP.AccessAsUser.All": "195adc35-e27b-454b-a7ed-1ecdffa1c09f",
            "POP.AccessAsUser.All": "fb698133-92fa-453e-a9ed-688e10f2e5ac",
            "SMTP.Send": "76faac2a-0f20-42f1-928a-50de5b9dbe52",
        },
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


class Client(NamedTuple):
    """One of Microsoft's public clients, with the redirect URI ``http://localhost``.

    Attributes:
        app_id: GUID.
        name: display name.
        scopes: what it gets without anybody's consent, by API; of those that are not named here it gets all.
        source: where this is known from.
    """

    app_id: str
    name: str
    scopes: Mapping[str, tuple[str, ...]]
    source: str


_OF_TOOLS = (
    "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AuditLog.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All", "Directory.AccessAsUser.All", "Group.ReadWrite.All", "User.Read.All",
)  # fmt: skip

CLIENTS = (
    Client(
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "Microsoft Azure CLI",
        {GRAPH_APP_ID: (*_OF_TOOLS, "User.ReadWrite.All")},
        "RT",
    ),
    Client("1950a258-227b-4e31-a9cf-717495945fc2", "Microsoft Azure PowerShell", {GRAPH_APP_ID: _OF_TOOLS}, "RT"),
    Client(
        "aebc6443-996d-45c2-90f0-388ff96faa56",
        "Visual Studio Code",
        {GRAPH_APP_ID: ("Mail.Send", "Tasks.ReadWrite", "User.Read", "User.ReadBasic.All")},
        "RT",
    ),
)
"""Those that are in every tenant here. azure-identity asks as the first where it is given no client id."""
