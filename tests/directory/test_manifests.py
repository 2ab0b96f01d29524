"""Entra's own JSON, as it is downloaded: each form says the same, and the directory file may add to it."""

import json
import re

import pytest

from mock_idp.directory.ids import derived_guid
from mock_idp.directory.models import (
    Application,
    AppRole,
    OptionalClaim,
    PasswordCredential,
    PermissionScope,
    PreAuthorized,
    RedirectUri,
    RequiredResource,
)
from mock_idp.directory.project import load
from mock_idp.errors import UserError
from mock_idp.facts.microsoft_apis import GRAPH_SCOPES
from mock_idp.facts.wellknown import GRAPH_APP_ID

APP_ID = "0b5e55ed-0000-4000-8000-00000000a001"
OBJECT_ID = "0b5e55ed-0000-4000-8000-00000000a002"
PRINCIPAL_ID = "0b5e55ed-0000-4000-8000-00000000a003"
SCOPE_ID = "0b5e55ed-0000-4000-8000-00000000a004"
ROLE_ID = "0b5e55ed-0000-4000-8000-00000000a005"
TEAMS = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"

TOML = '[[tenants]]\ndomains = ["contoso.example"]\nusers = ["rita"]\n'
CONTOSO = derived_guid("tenant", "contoso.example")

SCOPE = {
    "adminConsentDescription": "Reads orders.", "adminConsentDisplayName": "Read", "id": SCOPE_ID, "isEnabled": True,
    "type": "Admin", "userConsentDescription": None, "userConsentDisplayName": None, "value": "Orders.Read",
}  # fmt: skip
ROLE = {
    "allowedMemberTypes": ["Application"], "description": "Reads all orders.", "displayName": "Readers", "id": ROLE_ID,
    "isEnabled": True, "origin": "Application", "value": "Orders.Read.All",
}  # fmt: skip
SECRET = {
    "customKeyIdentifier": None, "displayName": "laptop", "endDateTime": "2030-01-01T00:00:00.1234567Z", "hint": "abc",
    "keyId": OBJECT_ID, "secretText": None, "startDateTime": "2024-01-01T00:00:00Z",
}  # fmt: skip
CLAIMS = {
    "accessToken": [
        {"additionalProperties": ["include_user_token"], "essential": False, "name": "idtyp", "source": None}
    ],
    "idToken": [{"additionalProperties": [], "essential": False, "name": "email", "source": None}],
    "saml2Token": [],
}
REQUIRED = [
    {"resourceAppId": GRAPH_APP_ID, "resourceAccess": [{"id": GRAPH_SCOPES["User.Read"], "type": "Scope"}]},
]

GRAPH_MANIFEST = {
    "id": OBJECT_ID,
    "deletedDateTime": None,
    "appId": APP_ID,
    "applicationTemplateId": None,
    "createdDateTime": "2026-01-01T00:00:00Z",
    "displayName": "Orders",
    "description": None,
    "groupMembershipClaims": "SecurityGroup",
    "identifierUris": [f"api://{APP_ID}"],
    "isFallbackPublicClient": True,
    "publisherDomain": "contoso.onmicrosoft.com",
    "signInAudience": "AzureADMultipleOrgs",
    "tags": [],
    "api": {
        "acceptMappedClaims": None,
        "knownClientApplications": [TEAMS],
        "requestedAccessTokenVersion": 2,
        "oauth2PermissionScopes": [SCOPE],
        "preAuthorizedApplications": [{"appId": TEAMS, "delegatedPermissionIds": [SCOPE_ID]}],
    },
    "appRoles": [ROLE],
    "keyCredentials": [
        {"customKeyIdentifier": "x", "endDateTime": "2030-01-01T00:00:00Z", "key": None, "usage": "Verify"}
    ],
    "optionalClaims": CLAIMS,
    "passwordCredentials": [SECRET],
    "publicClient": {"redirectUris": ["http://localhost"]},
    "requiredResourceAccess": REQUIRED,
    "web": {
        "homePageUrl": None,
        "logoutUrl": "https://orders.example/out",
        "redirectUris": ["https://orders.example/callback"],
        "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": True},
        "redirectUriSettings": [{"uri": "https://orders.example/callback", "index": None}],
    },
    "spa": {"redirectUris": ["http://localhost:3000/"]},
}

OLD_MANIFEST = {
    "id": OBJECT_ID,
    "acceptMappedClaims": None,
    "accessTokenAcceptedVersion": 2,
    "addIns": [],
    "allowPublicClient": True,
    "appId": APP_ID,
    "appRoles": [{**ROLE, "lang": None}],
    "oauth2AllowUrlPathMatching": False,
    "createdDateTime": "2024-01-01T00:00:00Z",
    "groupMembershipClaims": "SecurityGroup",
    "identifierUris": [f"api://{APP_ID}"],
    "informationalUrls": {"termsOfService": None},
    "keyCredentials": [{"endDate": "2030-01-01T00:00:00Z", "value": None, "usage": "Verify"}],
    "knownClientApplications": [TEAMS],
    "logoutUrl": "https://orders.example/out",
    "name": "Orders",
    "oauth2AllowIdTokenImplicitFlow": True,
    "oauth2AllowImplicitFlow": False,
    "oauth2Permissions": [{**SCOPE, "lang": None, "origin": "Application"}],
    "oauth2RequirePostResponse": False,
    "optionalClaims": CLAIMS,
    "orgRestrictions": [],
    "passwordCredentials": [
        {
            "customKeyIdentifier": None,
            "endDate": "2030-01-01T00:00:00Z",
            "keyId": OBJECT_ID,
            "value": None,
            "hint": "abc",
        }
    ],
    "preAuthorizedApplications": [{"appId": TEAMS, "permissionIds": [SCOPE_ID]}],
    "replyUrlsWithType": [
        {"url": "http://localhost:3000/", "type": "spa"},
        {"url": "https://orders.example/callback", "type": "Web"},
        {"url": "http://localhost", "type": "InstalledClient"},
    ],
    "requiredResourceAccess": REQUIRED,
    "signInAudience": "AzureADMultipleOrgs",
    "tokenEncryptionKeyId": None,
}

AZ_AD_APP_SHOW = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#applications/$entity",
    **dict(sorted(GRAPH_MANIFEST.items())),
}

AZ_AD_SP_SHOW = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals/$entity",
    "accountEnabled": False,
    "appDisplayName": "Orders",
    "appId": APP_ID,
    "appOwnerOrganizationId": CONTOSO,
    "appRoleAssignmentRequired": True,
    "appRoles": [ROLE],
    "displayName": "Orders",
    "id": PRINCIPAL_ID,
    "oauth2PermissionScopes": [SCOPE],
    "replyUrls": ["https://orders.example/callback"],
    "servicePrincipalNames": [f"api://{APP_ID}", APP_ID],
    "servicePrincipalType": "Application",
    "signInAudience": "AzureADMultipleOrgs",
}

ORDERS = Application(
    app_id=APP_ID,
    id=derived_guid(CONTOSO, "service principal", APP_ID),
    display_name="Orders",
    identifier_uris=(f"api://{APP_ID}",),
    requested_access_token_version=2,
    sign_in_audience="AzureADMultipleOrgs",
    redirect_uris=(
        RedirectUri(uri="https://orders.example/callback", platform="web"),
        RedirectUri(uri="http://localhost:3000/", platform="spa"),
        RedirectUri(uri="http://localhost", platform="publicClient"),
    ),
    secrets=(PasswordCredential(hint="abc", ends_at=1893456000),),
    scopes=(PermissionScope(id=SCOPE_ID, value="Orders.Read", type="Admin", description="Reads orders."),),
    app_roles=(
        AppRole(id=ROLE_ID, value="Orders.Read.All", display_name="Readers", allowed_member_types=("Application",)),
    ),
    required_resources=(RequiredResource(resource_app_id=GRAPH_APP_ID, scopes=(GRAPH_SCOPES["User.Read"],)),),
    pre_authorized=(PreAuthorized(app_id=TEAMS, scopes=(SCOPE_ID,)),),
    known_clients=(TEAMS,),
    group_membership_claims=("SecurityGroup",),
    id_token_claims=(OptionalClaim(name="email"),),
    access_token_claims=(OptionalClaim(name="idtyp", additional_properties=("include_user_token",)),),
    implicit_id_tokens=True,
    fallback_public_client=True,
    logout_url="https://orders.example/out",
)


@pytest.fixture
def project(tmp_path):
    """Writes a project with manifests in the folder beside the file, and loads it."""

    def made(*documents, toml=TOML, **files):
        (tmp_path / "mock-idp").mkdir(exist_ok=True)
        (tmp_path / "mock-idp.toml").write_text(toml)
        for number, document in enumerate(documents):
            (tmp_path / "mock-idp" / f"{number}.json").write_text(json.dumps(document, indent=2))
        for name, text in files.items():
            path = tmp_path / "mock-idp" / f"{name}.json"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(tmp_path).directory.tenants

    made.folder = tmp_path
    return made


@pytest.mark.parametrize("form", [GRAPH_MANIFEST, OLD_MANIFEST, AZ_AD_APP_SHOW], ids=["graph", "old", "az"])
def test_every_form_says_the_same(project, form):
    assert project(form)[0].applications == (ORDERS,)


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(GRAPH_MANIFEST).encode("utf-8-sig"),
        json.dumps(GRAPH_MANIFEST).encode("utf-16"),
        json.dumps(GRAPH_MANIFEST, indent="\t").replace("\n", "\r\n").encode(),
        b"// downloaded\n" + json.dumps(GRAPH_MANIFEST)[:-1].encode() + b", /* the end */ }\n",
        json.dumps([GRAPH_MANIFEST]).encode(),
        json.dumps({"@odata.context": "x", "value": [GRAPH_MANIFEST]}).encode(),
    ],
    ids=["byte order mark", "PowerShell's UTF-16", "tabs and CRLF", "comments and a last comma", "a list", "a page"],
)
def test_however_it_was_saved(project, written):
    assert project(app=written)[0].applications == (ORDERS,)


def test_what_the_azure_cli_printed_before_it_used_microsoft_graph(project):
    old = {
        "odata.metadata": "https://graph.windows.net/x/$metadata#x/@Element", "objectType": "Application",
        "objectId": OBJECT_ID, "appId": APP_ID, "displayName": "Native", "availableToOtherTenants": True,
        "publicClient": True, "replyUrls": ["http://localhost"], "oauth2AllowImplicitFlow": False,
    }  # fmt: skip
    (app,) = project(old)[0].applications
    assert app.redirect_uris == (RedirectUri(uri="http://localhost", platform="publicClient"),)
    assert (app.display_name, app.sign_in_audience, app.fallback_public_client) == (
        "Native",
        "AzureADMultipleOrgs",
        True,
    )
    (app,) = project({**old, "publicClient": None})[0].applications
    assert app.redirect_uris[0].platform == "web"


def test_a_service_principal_adds_its_settings_to_its_application(project):
    (app,) = project(GRAPH_MANIFEST, AZ_AD_SP_SHOW)[0].applications
    assert (app.id, app.assignment_required, app.account_enabled) == (PRINCIPAL_ID, True, False)
    assert (app.scopes, app.redirect_uris, app.secrets) == (ORDERS.scopes, ORDERS.redirect_uris, ORDERS.secrets)


def test_a_service_principal_alone_is_an_application_too(project):
    graph = {**AZ_AD_SP_SHOW, "appId": GRAPH_APP_ID, "displayName": "Microsoft Graph"}
    (app,) = project([graph, AZ_AD_SP_SHOW])[0].applications
    assert (app.app_id, app.id, app.display_name) == (APP_ID, PRINCIPAL_ID, "Orders")
    assert (app.identifier_uris, app.scopes, app.app_roles) == (ORDERS.identifier_uris, ORDERS.scopes, ORDERS.app_roles)
    assert app.redirect_uris == ORDERS.redirect_uris[:1]


def test_teams_templates_name_apis_and_permissions_by_name(project):
    named = {"resourceAppId": "Microsoft Graph", "resourceAccess": [
        {"id": "User.Read", "type": "Scope"}, {"id": "Nobody.Knows", "type": "Scope"},
    ]}  # fmt: skip
    (app,) = project({**OLD_MANIFEST, "requiredResourceAccess": [named]})[0].applications
    assert app.required_resources == ORDERS.required_resources


@pytest.mark.parametrize("named", ['displayName = "ORDERS"', f'appId = "{APP_ID}"'])
def test_the_directory_file_adds_what_a_manifest_cannot_hold(project, named):
    toml = f"""{TOML}
[[tenants.applications]]
{named}
secrets = ["abc-the-secret"]
claims = {{ tier = "gold" }}
scopes = ["Orders.Write"]
redirectUris = ["http://localhost:5000/callback"]
servicePrincipal.appRoleAssignmentRequired = true
requestedAccessTokenVersion = 1

[[tenants.grants]]
client = "Orders"
resource = "Orders"
scopes = ["Orders.Read", "Orders.Write"]
"""
    (app,) = project(GRAPH_MANIFEST, toml=toml)[0].applications
    assert app.secrets == (PasswordCredential(value="abc-the-secret"),)  # its hint is not needed any more
    assert app.claims == {"tier": "gold"}
    assert [scope.value for scope in app.scopes] == ["Orders.Read", "Orders.Write"]
    assert {redirect.uri for redirect in app.redirect_uris} >= {
        "https://orders.example/callback", "http://localhost:5000/callback",
    }  # fmt: skip
    assert (app.assignment_required, app.requested_access_token_version) == (True, 1)
    assert (app.app_id, app.app_roles, app.logout_url) == (APP_ID, ORDERS.app_roles, ORDERS.logout_url)


def test_what_the_directory_file_says_again_is_no_mistake(project):
    toml = f'{TOML}[[tenants.applications]]\nappId = "{APP_ID}"\ndisplayName = "Mine"\nscopes = ["orders.read"]\n'
    (app,) = project(GRAPH_MANIFEST, toml=toml)[0].applications
    assert (app.display_name, [scope.value for scope in app.scopes]) == ("Mine", ["orders.read"])


def test_the_folder_may_be_named(project):
    (project.folder / "entra" / "deep").mkdir(parents=True)
    (project.folder / "entra" / "deep" / "app.json").write_text(json.dumps(GRAPH_MANIFEST))
    other = {**GRAPH_MANIFEST, "appId": OBJECT_ID, "displayName": "Other", "identifierUris": []}
    contoso = project(other, toml=f'{TOML}manifests = "entra/**/*.json"\n')[0]
    assert [app.display_name for app in contoso.applications] == ["Orders"]  # and the other folder is not looked into


def test_the_folder_is_called_as_the_file(project, tmp_path):
    project(GRAPH_MANIFEST)
    (tmp_path / "other.toml").write_text(TOML)
    assert load(tmp_path / "other.toml").directory.tenants[0].applications == ()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "app.json").write_text(json.dumps(GRAPH_MANIFEST))
    assert load(tmp_path / "other.toml").directory.tenants[0].applications == (ORDERS,)
    (tmp_path / "mock-idp.toml").unlink()
    (tmp_path / "pyproject.toml").write_text(TOML.replace("[[", "[[tool.mock-idp."))
    assert load(tmp_path).directory.tenants[0].applications == (ORDERS,)


def test_of_several_tenants_one_has_to_name_the_files(project):
    two = f'{TOML}[[tenants]]\ndomains = ["fabrikam.example"]\n'
    with pytest.raises(UserError) as error:
        project(GRAPH_MANIFEST, toml=two)
    assert "which tenant the manifests are of" in error.value.what
    assert 'manifests = "mock-idp/*.json"' in error.value.fix
    contoso, fabrikam = project(GRAPH_MANIFEST, toml=f'{two}manifests = "mock-idp/*.json"\n')
    assert (len(contoso.applications), len(fabrikam.applications)) == (0, 1)


BAD_SCOPE = {**OLD_MANIFEST, "oauth2Permissions": [{**SCOPE, "id": "x"}]}


@pytest.mark.parametrize(
    ("documents", "key", "says"),
    [
        ([{"name": "a package", "version": "1.0.0"}], "", "this is no application of Entra's"),
        ([["x"]], "", "this is no application of Entra's"),
        ([{**GRAPH_MANIFEST, "appId": "x"}], "appId", "is of the wrong type"),
        ([[OLD_MANIFEST, BAD_SCOPE]], "[1].oauth2Permissions[0].id", "is of the wrong type"),
        ([{**GRAPH_MANIFEST, "api": {"oauth2PermissionScopes": 3}}], "api.oauth2PermissionScopes", "wrong type"),
        ([{**OLD_MANIFEST, "replyUrlsWithType": [{"type": "Wep"}]}], "replyUrlsWithType[0]", "is no reply URL"),
        ([{**GRAPH_MANIFEST, "appId": "${{AAD_APP_CLIENT_ID}}"}], "appId", "Fill the placeholder in"),
        ([GRAPH_MANIFEST, OLD_MANIFEST], "", f"0.json holds {APP_ID} too"),
        ([{"signInAudience": "AzureADMyOrg"}], "", "is an application without a name"),
    ],
)
def test_a_mistake_names_the_file_the_line_and_the_key(project, documents, key, says):
    with pytest.raises(UserError) as error:
        project(*documents)
    assert says in str(error.value)
    assert len(str(error.value).splitlines()) == 3
    if key:
        name, line = re.search(r"mock-idp/(\d\.json), line (\d+): " + re.escape(key) + " ", error.value.what).groups()
        told = (project.folder / "mock-idp" / name).read_text().splitlines()[int(line) - 1]
        assert re.split(r"\W+", key)[-1] in told or key.endswith("]")


@pytest.mark.parametrize(("text", "place"), [("{", "line 1, column 2"), ('{"a": 1,\n "b"}', "line 2, column 5")])
def test_what_is_not_json_is_told_by_line_and_column(project, text, place):
    with pytest.raises(UserError, match=rf"broken\.json, {place}: this is not JSON"):
        project(broken=text)
