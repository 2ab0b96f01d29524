"""What a directory file says is what the directory holds."""

from pathlib import Path

import pytest

import mock_idp.directory
from mock_idp.directory.ids import derived_guid
from mock_idp.directory.keys import SECTIONS
from mock_idp.directory.models import (
    AppRole,
    AppRoleAssignment,
    ConsentGrant,
    FederatedCredential,
    KeyCredential,
    MappedClaim,
    OptionalClaim,
    PasswordCredential,
    PermissionScope,
    PreAuthorized,
    RedirectUri,
    RequiredResource,
)
from mock_idp.directory.project import from_mapping, from_toml
from mock_idp.facts.directory_roles import DIRECTORY_ROLES
from mock_idp.facts.microsoft_apis import GRAPH_SCOPES, OIDC_PERMISSIONS
from mock_idp.facts.wellknown import GRAPH_APP_ID

APP_ID, SP_ID = "11111111-2222-4333-8444-555555555555", "66666666-2222-4333-8444-555555555555"
CONTOSO = derived_guid("tenant", "contoso.example")
MINE = derived_guid(CONTOSO, "application", "mine")
TEAMS = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
SCREEN = """
[[tenants]]
domains = ["contoso.example"]
users = ["ada", "rita", { userPrincipalName = "walt", locked = true }]

[[tenants.applications]]
displayName = "Orders API"
identifierUris = ["api://orders"]
scopes = ["data.read", "data.write"]
"""


def tenant(text):
    return from_toml(text, source="it", folder=Path("nowhere")).directory.tenants[0]


def user(text):
    return tenant(f'[[tenants]]\ndisplayName = "Contoso"\n[[tenants.users]]\n{text}').users[0]


def app(text, others=""):
    head = '[[tenants]]\ndomains = ["contoso.example"]\nusers = ["rita"]\n'
    return tenant(f'{head}{others}[[tenants.applications]]\ndisplayName = "Mine"\n{text}').applications[-1]


def test_the_short_form_says_all_that_is_needed():
    contoso = tenant(SCREEN)
    assert (contoso.display_name, contoso.id) == ("Contoso", derived_guid("tenant", "contoso.example"))
    assert [each.user_principal_name for each in contoso.users] == [
        f"{n}@contoso.example" for n in ("ada", "rita", "walt")
    ]
    rita, walt = contoso.users[1:]
    assert (rita.display_name, rita.given_name, rita.mail, rita.password) == (
        "Rita",
        "Rita",
        "rita@contoso.example",
        None,
    )
    assert rita.id == derived_guid(contoso.id, "user", "rita@contoso.example")
    assert (rita.locked, walt.locked) == (False, True)
    (orders,) = contoso.applications
    assert [scope.value for scope in orders.scopes] == ["data.read", "data.write"]
    assert orders.app_id == derived_guid(contoso.id, "application", "orders api")
    assert orders.requested_access_token_version is None


def test_the_same_from_a_mapping():
    orders = {"displayName": "Orders API", "identifierUris": ["api://orders"], "scopes": ["data.read", "data.write"]}
    people = ["ada", "rita", {"userPrincipalName": "walt", "locked": True}]
    mapping = {"tenants": [{"domains": ["contoso.example"], "users": people, "applications": [orders]}]}
    assert from_mapping(mapping).directory.tenants[0] == tenant(SCREEN)


def test_the_same_from_a_pyproject_toml(tmp_path):
    from mock_idp.directory.project import find

    (tmp_path / "pyproject.toml").write_text(SCREEN.replace("[[", "[[tool.mock-idp."))
    assert find(tmp_path).directory.tenants[0] == tenant(SCREEN)


def test_a_tenant_says_where_it_is():
    contoso = tenant(
        '[[tenants]]\ndisplayName = "Contoso AG"\nregion = "NA"\ncountryLetterCode = "CH"\npreferredLanguage = "de"'
    )
    assert (contoso.domains, contoso.region, contoso.country, contoso.preferred_language) == (
        ("contoso-ag.example",), "NA", "CH", "de",
    )  # fmt: skip


def test_the_oidc_scopes_may_be_listed_among_graphs_permissions_and_need_no_grant():
    contoso = tenant("""
        [[tenants]]
        domains = ["contoso.example"]
        [[tenants.applications]]
        displayName = "Shop"
        requiredResourceAccess = [{ resourceAppId = "Microsoft Graph", scopes = ["User.Read", "openid", "profile"] }]
        [[tenants.grants]]
        client = "Shop"
        resource = "Microsoft Graph"
        scopes = "User.Read openid profile email offline_access"
    """)
    (shop,) = contoso.applications
    assert shop.required_resources[0].scopes == (
        GRAPH_SCOPES["User.Read"], OIDC_PERMISSIONS["openid"], OIDC_PERMISSIONS["profile"],
    )  # fmt: skip
    assert contoso.grants[0].scopes == ("User.Read",)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ('userPrincipalName = "rita.reader"', "display_name", "Rita Reader"),
        ('userPrincipalName = "rita.reader"', "surname", "Reader"),
        ('userPrincipalName = "Rita@Contoso.example"', "user_principal_name", "Rita@Contoso.example"),
        ('userPrincipalName = "rita"\ndisplayName = "Rita R. Reader"', "given_name", "Rita"),
        ('userPrincipalName = "rita"\ndisplayName = "Rita R. Reader"', "surname", "Reader"),
        ('userPrincipalName = "rita"\nmail = ""', "mail", None),
        ('userPrincipalName = "rita"\npassword = "p"', "password", "p"),
        ('userPrincipalName = "rita"\naccountEnabled = false', "account_enabled", False),
        ('userPrincipalName = "rita"\npasswordExpired = true', "password_expired", True),
        ('userPrincipalName = "rita"\nmfaRequired = true', "mfa_required", True),
        ('userPrincipalName = "rita"\nmfaRequired = true', "mfa_registered", True),
        ('userPrincipalName = "rita"\nmfaRegistered = false', "mfa_registered", False),
        (f'userPrincipalName = "rita"\nid = "{APP_ID.upper()}"', "id", APP_ID),
        ('userPrincipalName = "rita"\nbusinessPhones = ["1"]', "business_phones", ("1",)),
        ('userPrincipalName = "rita"\nattributes.country = "CH"', "attributes", {"country": "CH"}),
        ('userPrincipalName = "r"\nclaims = { a = [1] }\nwithoutClaims = ["b"]', "claims", {"a": [1], "b": None}),
        (
            f'userPrincipalName = "ada"\ndirectoryRoles = ["global administrator", "{APP_ID}"]', "directory_roles",
            (DIRECTORY_ROLES["Global Administrator"], APP_ID),
        ),
        ('mail = "gus@fabrikam.example"\nhomeTenant = "fabrikam.example"', "user_type", "Guest"),
        (
            'mail = "gus@fabrikam.example"\nhomeTenant = "fabrikam.example"', "identity_provider",
            f"https://sts.windows.net/{derived_guid('tenant', 'fabrikam.example')}/",
        ),
        (
            'mail = "gus@fabrikam.example"\nhomeTenant = "fabrikam.example"', "user_principal_name",
            "gus_fabrikam.example#EXT#@contoso.example",
        ),
        (
            f'userPrincipalName = "gus"\nhomeTenant = "{APP_ID}"', "identity_provider",
            f"https://sts.windows.net/{APP_ID}/",
        ),
        ('mail = "gus@outlook.com"\nidentityProvider = "live.com"', "identity_provider", "live.com"),
        ('userPrincipalName = "g"\nhomeTenant = "contoso"\nuserType = "member"', "user_type", "Member"),
    ],
)  # fmt: skip
def test_a_user(text, field, value):
    assert getattr(user(text), field) == value


def test_a_guests_home_may_be_another_declared_tenant():
    text = f'[[tenants]]\ndisplayName = "Fabrikam"\nid = "{APP_ID}"\n[[tenants]]\ndisplayName = "Contoso"\n'
    text += '[[tenants.users]]\nmail = "gus@fabrikam.example"\nhomeTenant = "fabrikam"\n'
    contoso = from_toml(text, source="it", folder=Path()).directory.tenants[1]
    assert contoso.users[0].identity_provider == f"https://sts.windows.net/{APP_ID}/"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (f'appId = "{APP_ID}"', "app_id", APP_ID),
        ('scopes = ["a"]', "identifier_uris", (f"api://{MINE}",)),
        ('scopes = ["a"]\nidentifierUris = []', "identifier_uris", ()),
        ("requestedAccessTokenVersion = 2", "requested_access_token_version", 2),
        ("api.requestedAccessTokenVersion = 2", "requested_access_token_version", 2),
        ("api.acceptMappedClaims = true", "accept_mapped_claims", True),
        ('signInAudience = "azureADMultipleOrgs"', "sign_in_audience", "AzureADMultipleOrgs"),
        ('secrets = ["a", "b"]', "secrets", (PasswordCredential(value="a"), PasswordCredential(value="b"))),
        (
            'passwordCredentials = [{ secretText = "a", endDateTime = 2030-01-01T00:00:00Z }]', "secrets",
            (PasswordCredential(value="a", ends_at=1893456000),),
        ),
        (
            'passwordCredentials = [{ hint = "abc", endDateTime = 2030-01-01 }]', "secrets",
            (PasswordCredential(hint="abc", ends_at=1893456000),),
        ),
        (
            'passwordCredentials = [{ hint = "abc" }]\nsecrets = ["abcdef"]', "secrets",
            (PasswordCredential(value="abcdef"),),
        ),
        ('keyCredentials = [{ key = "QUJD" }]', "certificates", (KeyCredential(certificate="QUJD"),)),
        (
            'federatedIdentityCredentials = [{ issuer = "https://i", subject = "s" }]', "federated_credentials",
            (FederatedCredential(name="s", issuer="https://i", subject="s"),),
        ),
        (
            ('redirectUris = ["http://a"]\nspa.redirectUris = ["http://b"]\n[tenants.applications.publicClient]\n'
            'redirectUris = ["http://c", "urn:ietf:wg:oauth:2.0:oob"]'), "redirect_uris",
            (
                RedirectUri(uri="http://a", platform="web"), RedirectUri(uri="http://b", platform="spa"),
                RedirectUri(uri="http://c", platform="publicClient"),
                RedirectUri(uri="urn:ietf:wg:oauth:2.0:oob", platform="publicClient"),
            ),
        ),
        ('web = { redirectUris = ["http://a"] }', "redirect_uris", (RedirectUri(uri="http://a", platform="web"),)),
        ('web.logoutUrl = "http://a/out"', "logout_url", "http://a/out"),
        ("web.implicitGrantSettings.enableIdTokenIssuance = true", "implicit_id_tokens", True),
        ("web.implicitGrantSettings.enableAccessTokenIssuance = true", "implicit_access_tokens", True),
        ("isFallbackPublicClient = true", "fallback_public_client", True),
        (
            (f'[[tenants.applications.api.oauth2PermissionScopes]]\nvalue = "a"\nid = "{APP_ID}"\ntype = "Admin"\n'
            'isEnabled = false\nadminConsentDescription = """\nmay\nall"""'), "scopes",
            (PermissionScope(id=APP_ID, value="a", type="Admin", enabled=False, description="may\nall"),),
        ),
        (
            f'appRoles = [{{ value = "a", id = "{APP_ID}", allowedMemberTypes = ["Application"], isEnabled = false }}]',
            "app_roles",
            (AppRole(id=APP_ID, value="a", display_name="a", allowed_member_types=("Application",), enabled=False),),
        ),
        (
            'groupMembershipClaims = "SecurityGroup, DirectoryRole"', "group_membership_claims",
            ("SecurityGroup", "DirectoryRole"),
        ),
        ('groupMembershipClaims = ["All"]', "group_membership_claims", ("All",)),
        ('groupMembershipClaims = "None"', "group_membership_claims", ()),
        (
            'optionalClaims.idToken = ["email", { name = "upn", essential = true, additionalProperties = ["x"] }]',
            "id_token_claims",
            (OptionalClaim(name="email"), OptionalClaim(name="upn", essential=True, additional_properties=("x",))),
        ),
        (
            'optionalClaims.accessToken = [{ name = "extension_x", source = "user" }]', "access_token_claims",
            (OptionalClaim(name="extension_x", source="user"),),
        ),
        (
            ('claimsMapping = [{ jwtClaimType = "a", id = "department" }, { jwtClaimType = "b", source = "company", '
            'id = "tenantcountry" }, { jwtClaimType = "c", value = "d" }, { jwtClaimType = "e", extensionId = "f" }]'),
            "claims_mapping",
            (
                MappedClaim(claim="a", id="department"), MappedClaim(claim="b", source="company", id="tenantcountry"),
                MappedClaim(claim="c", value="d"), MappedClaim(claim="e", id="f"),
            ),
        ),
        ("tokenLifetime = 600", "token_lifetime", 600),
        ('tokenLifetime = "01:30:00"', "token_lifetime", 5400),
        ('tokenLifetime = "1.00:00:00"', "token_lifetime", 86_400),
        (f'servicePrincipal.id = "{SP_ID}"', "id", SP_ID),
        ("servicePrincipal.appRoleAssignmentRequired = true", "assignment_required", True),
        ("servicePrincipal.accountEnabled = false", "account_enabled", False),
        ('claims.a = "b"', "claims", {"a": "b"}),
        (f'knownClientApplications = ["{TEAMS}", "mine"]\nappId = "{APP_ID}"', "known_clients", (TEAMS, APP_ID)),
        (
            f'preAuthorizedApplications = ["{TEAMS}"]\nscopes = ["a"]', "pre_authorized",
            (PreAuthorized(app_id=TEAMS, scopes=(derived_guid(CONTOSO, "scope", MINE, "a"),)),),
        ),
        (
            'requiredResourceAccess = [{ resourceAppId = "Microsoft Graph", scopes = ["User.Read"] }]',
            "required_resources",
            (RequiredResource(resource_app_id=GRAPH_APP_ID, scopes=(GRAPH_SCOPES["User.Read"],)),),
        ),
        (
            (f'[[tenants.applications.requiredResourceAccess]]\nresourceAppId = "{GRAPH_APP_ID}"\n'
            f'resourceAccess = [{{ id = "{APP_ID}", type = "Scope" }}, {{ id = "{SP_ID}", type = "Role" }}]'),
            "required_resources",
            (RequiredResource(resource_app_id=GRAPH_APP_ID, scopes=(APP_ID,), roles=(SP_ID,)),),
        ),
    ],
)  # fmt: skip
def test_an_application(text, field, value):
    assert getattr(app(text), field) == value


def test_a_certificate_may_be_in_a_file(tmp_path):
    (tmp_path / "client.pem").write_text("key\n-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----\n")
    text = '[[tenants]]\ndomains = ["a.example"]\n[[tenants.applications]]\ndisplayName = "x"\n'
    text += 'keyCredentials = ["client.pem"]\n'
    found = from_toml(text, source="it", folder=tmp_path).directory.tenants[0].applications[0]
    assert found.certificates == (KeyCredential(certificate="QUJDREVG"),)


GRAPHS = """
[[tenants.groups]]
displayName = "Staff"
members = ["Editors", "rita", "Orders API"]

[[tenants.groups]]
displayName = "Editors"
members = "walt@contoso.example"
securityEnabled = false
onPremisesSamAccountName = "editors"
"""


def test_groups_hold_users_groups_and_applications_by_name():
    contoso = tenant(SCREEN + GRAPHS)
    staff, editors = contoso.groups
    _, rita, walt = contoso.users
    assert staff.members == (editors.id, rita.id, contoso.applications[0].id)
    assert editors.members == (walt.id,)
    assert (staff.security_enabled, editors.security_enabled) == (True, False)
    assert editors.on_premises_sam_account_name == "editors"
    assert staff.id == derived_guid(contoso.id, "group", "staff")


def test_grants_and_assignments_are_by_name():
    text = (
        SCREEN
        + 'appRoles = ["Reader", "Writer"]\n'
        + GRAPHS
        + """
[[tenants.applications]]
displayName = "Web App"
appId = "11111111-2222-4333-8444-555555555555"

[[tenants.grants]]
client = "web app"
resource = "api://orders"
scopes = ["DATA.READ", "api://orders/data.write"]

[[tenants.grants]]
client = "11111111-2222-4333-8444-555555555555"
resource = "https://graph.microsoft.com"
scopes = "User.Read Mail.Read"
user = "rita"

[[tenants.roleAssignments]]
principal = ["rita", "Editors", "Web App"]
resource = "Orders API"
role = ["reader", "Writer"]

[[tenants.roleAssignments]]
principal = "ada"
resource = "Orders API"
"""
    )
    contoso = tenant(text)
    ada, rita, _ = contoso.users
    orders, web = contoso.applications
    assert contoso.grants == (
        ConsentGrant(client_id=APP_ID, resource_id=orders.app_id, scopes=("data.read", "data.write")),
        ConsentGrant(client_id=APP_ID, resource_id=GRAPH_APP_ID, scopes=("User.Read", "Mail.Read"), user_id=rita.id),
    )
    assert contoso.role_assignments == (
        *(
            AppRoleAssignment(principal_id=holder, resource_id=orders.app_id, value=role)
            for holder in (rita.id, contoso.groups[1].id, web.id) for role in ("Reader", "Writer")
        ),
        AppRoleAssignment(principal_id=ada.id, resource_id=orders.app_id, value=""),
    )  # fmt: skip


def test_a_tenant_may_name_what_another_tenant_registered():
    text = SCREEN + '[[tenants]]\ndisplayName = "Fabrikam"\n[[tenants.applications]]\ndisplayName = "Client"\n'
    text += '[[tenants.grants]]\nclient = "Client"\nresource = "Orders API"\nscopes = ["data.read"]\n'
    contoso, fabrikam = from_toml(text, source="it", folder=Path()).directory.tenants
    assert fabrikam.grants[0].resource_id == contoso.applications[0].app_id


def test_a_full_name_wins_over_a_short_one():
    text = '[[tenants]]\ndomains = ["a.example", "b.example"]\nusers = ["rita@b.example", "rita@a.example"]\n'
    text += 'groups = [{ displayName = "One", members = ["rita", "rita@b.example"] }]\n'
    found = tenant(text)
    assert found.groups[0].members == (found.users[1].id, found.users[0].id)


def test_every_key_is_read_by_something():
    room = Path(mock_idp.directory.__file__).parent
    readers = "".join(path.read_text() for path in room.glob("*.py") if path.name != "keys.py")
    assert [key.name for section in SECTIONS for key in section.keys if f'"{key.name}"' not in readers] == []
