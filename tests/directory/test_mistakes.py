"""A mistake in a directory file is told by file, line and key, with what came and the nearest right word."""

from pathlib import Path

import pytest

from mock_idp.directory.project import from_mapping, from_toml, load
from mock_idp.errors import UserError

TENANT = """\
[[tenants]]
domains = ["contoso.example"]
users = ["rita", "walt"]
"""
APPS = f"""{TENANT}
[[tenants.applications]]
displayName = "Orders API"
scopes = ["data.read"]
appRoles = ["Reader", {{ value = "Daemon", allowedMemberTypes = ["Application"] }}]

[[tenants.applications]]
displayName = "Web App"
"""
GUID = "11111111-2222-4333-8444-555555555555"


HERE = "§"
"""Stands before what a message has to name the line of."""


def told(text) -> UserError:
    with pytest.raises(UserError) as error:
        from_toml(text, source="mock-idp.toml", folder=Path("nowhere"))
    assert len(str(error.value).splitlines()) == 3
    return error.value


def with_user(text: str) -> str:
    return TENANT.replace('"rita"', f"{{ {text} }}")


def granted(**changes: str) -> str:
    keys = {"client": '"Web App"', "resource": '"Orders API"', "scopes": '["data.read"]', **changes}
    return f"{APPS}[[tenants.grants]]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items())


def assigned(**changes: str) -> str:
    keys = {"principal": '"rita"', "resource": '"Orders API"', "role": '"Reader"', **changes}
    return f"{APPS}[[tenants.roleAssignments]]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items())


APP = "tenants[0].applications[1]"
NEXT = "tenants[0].applications[2]"
USER = "tenants[0].users[0]"

MISTAKES = {
    "keys that are not known": [
        ("§tenats = []", "tenats", "Write tenants"),
        (f"\n# x\n{TENANT}§dominas = []", "tenants[0].dominas", "Write domains"),
        (with_user('userPrincipalName = "r", §acountEnabled = false'), f"{USER}.acountEnabled", "Write accountEnabled"),
        (f'{APPS}\n§secret = "x"', f"{APP}.secret", "Write secrets"),
        (f"{APPS}§accessTokenAcceptedVersion = 2", f"{APP}.accessTokenAcceptedVersion", "Write requestedAccessTokenV"),
        (f"{APPS}§tags = []", f"{APP}.tags", "nothing here depends on it"),
        (f'{APPS}§"identifier uris" = []', f"{APP}.'identifier uris'", "Write identifierUris"),
        (f'{APPS}[tenants.applications.web]\n§redirectUri = ["x"]', f"{APP}.web.redirectUri", "Write redirectUris"),
        (f'{APPS}§web.redirectUri = ["x"]', f"{APP}.web.redirectUri", "Write redirectUris"),
        (f"{APPS}optionalClaims = {{ §idtoken = [] }}", f"{APP}.optionalClaims.idtoken", "Write idToken"),
        (f"{APPS}[[tenants.applications.appRoles]]\n§vlaue = 1", f"{APP}.appRoles[0].vlaue", "Write value"),
        (f"{APPS}§x = 1", f"{APP}.x", "Its keys are acceptMappedClaims, api, appId, "),
    ],
    "values of the wrong type": [
        ("§tenants = 3", "tenants", "The number 3 came; expected an array of tables"),
        ('§[tenants]\ndisplayName = "x"', "tenants", "in double brackets: [[tenants]]"),
        ('[[tenants]]\ndomains = ["a.example"]\n[§tenants.users]\nid = "x"', "tenants[0].users", "[[tenants.users]]"),
        (f'{TENANT}groups = [\n"x",\n§4]', "tenants[0].groups[1]", "expected a table that is a group"),
        (with_user('userPrincipalName = "r", §accountEnabled = "false"'), f"{USER}.accountEnabled", "without quotes"),
        (with_user('userPrincipalName = "r", §id = "123"'), f"{USER}.id", "'123' came; expected a GUID"),
        (with_user('userPrincipalName = "r", §id = "${{ID}}"'), f"{USER}.id", "Fill the placeholder in"),
        (with_user('userPrincipalName = "r", §claims = { a = 2030-01-01 }'), f"{USER}.claims", "no dates"),
        (with_user('userPrincipalName = "r", §displayName = """a\n\nb"""'), f"{USER}.displayName", "'a\\n\\nb' came"),
        (f'{APPS}§redirectUris = "http://x"', f"{APP}.redirectUris", 'Write redirectUris = ["http://x"]'),
        (f"{APPS}§tokenLifetime = 599", f"{APP}.tokenLifetime", "The number 599 came; expected seconds from 600"),
        (f'{APPS}§tokenLifetime = "1.00:00:01"', f"{APP}.tokenLifetime", "'1.00:00:01' came; expected seconds"),
        (f"{APPS}§requestedAccessTokenVersion = 3", f"{APP}.requestedAccessTokenVersion", "expected 1 or 2"),
        (f'{APPS}passwordCredentials = [\n\n{{ secretText = "a", §endDateTime = "soon" }}\n]',
         f"{APP}.passwordCredentials[0].endDateTime", "'soon' came; expected a date and time"),
    ],
    "values that are no choice": [
        (with_user('userPrincipalName = "r", §userType = "gast"'), f"{USER}.userType", "it may be Member or Guest"),
        (f'{APPS}§groupMembershipClaims = "All, Security"', f"{APP}.groupMembershipClaims", 'Write "SecurityGroup"'),
        (f'{APPS}claimsMapping = [{{ §jwtClaimType = "upn", value = "x" }}]', f"{APP}.claimsMapping[0].jwtClaimType",
         "cannot be mapped"),
        ('§multi_resource_code = "strickt"', "multi_resource_code", 'Write "strict"'),
    ],
    "what is missing": [
        ("§[[tenants]]", "tenants[0]", 'Add domains = ["contoso.example"]'),
        (with_user('displayName = "R"').replace("{", "§{"), USER, "Add userPrincipalName"),
        (f"{APPS}§[[tenants.applications]]\nsecrets = []", NEXT, "Add displayName"),
        (granted(scopes="[]").replace("[[tenants.grants", "§[[tenants.grants"), "tenants[0].grants[0]", "Add scopes"),
        (f"{APPS}passwordCredentials = [§{{}}]", f"{APP}.passwordCredentials[0]", "Add secretText"),
        (f'{APPS}keyCredentials = [§{{ endDateTime = "2030-01-01" }}]', f"{APP}.keyCredentials[0]", "Add key"),
        (f'{APPS}claimsMapping = [§{{ jwtClaimType = "a" }}]', f"{APP}.claimsMapping[0]", "Add id"),
        (f"{APPS}optionalClaims.idToken = [\n§{{}}]", f"{APP}.optionalClaims.idToken[0]", "Add name"),
    ],
    "names that nothing has": [
        (granted(client='"Web Ap"').replace("client", "§client"), "tenants[0].grants[0].client", 'Write "Web App"'),
        (granted(resource='"Microsoft Graf"').replace("resource", "§resource"), "tenants[0].grants[0].resource",
         'Write "Microsoft Graph"'),
        (granted(scopes='[\n§"data.raed"]'), "tenants[0].grants[0].scopes[0]", "no permission of Orders API"),
        (granted(user='"ritta"').replace("user =", "§user ="), "tenants[0].grants[0].user", 'Write "rita"'),
        (granted(client=f'"{GUID}"').replace("client", "§client"), "tenants[0].grants[0].client", GUID),
        (assigned(principal='[\n"walt",\n§"Rita R"]'), "tenants[0].roleAssignments[0].principal[1]", 'Write "rita"'),
        (assigned(role='"Raeder"').replace("role =", "§role ="), "tenants[0].roleAssignments[0].role",
         'Write "Reader"'),
        (granted(resource='"Microsoft Graph"', scopes='§"AuditLog.Raed.All"'),
         "tenants[0].grants[0].scopes", "Write AuditLog.Read.All"),
        (assigned(resource='"Microsoft Graph"', role='"User.Raed.All"').replace("role =", "§role ="),
         "tenants[0].roleAssignments[0].role", "Write User.Read.All"),
        (assigned(resource='"Azure SQL Database"', role='"app_impersonation"').replace("role =", "§role ="),
         "tenants[0].roleAssignments[0].role", "Leave it out"),
        (f'{TENANT}[[tenants.groups]]\ndisplayName = "x"\nmembers = [§"rota"]', "tenants[0].groups[0].members[0]",
         'Write "rita"'),
        (with_user('userPrincipalName = "r", §homeTenant = "Contosso"'), f"{USER}.homeTenant", 'Write "Contoso"'),
        (with_user('userPrincipalName = "r", directoryRoles = [§"Global Admin"]'), f"{USER}.directoryRoles[0]",
         'Write "Global Administrator"'),
        (f'§tenant = "Contosso"\n{TENANT}', "tenant", 'Write "Contoso"'),
        (f'{APPS}preAuthorizedApplications = [\n§"Wep App"]', f"{APP}.preAuthorizedApplications[0]", 'Write "Web App"'),
        (f'{APPS}[[tenants.applications.requiredResourceAccess]]\nresourceAppId = "Orders API"\nscopes = [§"data.rea"]',
         f"{APP}.requiredResourceAccess[0].scopes[0]", 'Write "data.read"'),
        (f'{APPS}requiredResourceAccess = [{{ resourceAppId = "{GUID}", scopes = [§"a"] }}]',
         f"{APP}.requiredResourceAccess[0].scopes[0]", "Write the permission's id"),
    ],
    "what is there twice": [
        (f'{TENANT}§[[tenants]]\ndomains = ["contoso.EXAMPLE"]', "tenants[1]", "belongs to Contoso already"),
        (TENANT.replace('"rita", "walt"', '"walt", §"WALT"'), "tenants[0].users[1]", "belongs to Walt already"),
        ((f'{APPS}identifierUris = ["api://a"]\n[[tenants.applications]]\ndisplayName = "C"\n'
         '§identifierUris = ["api://A"]'), f"{NEXT}.identifierUris", "belongs to 'Web App' already"),
        (f'{APPS}appId = "{GUID}"\n[[tenants.applications]]\ndisplayName = "C"\n§appId = "{GUID}"', f"{NEXT}.appId",
         "belongs to 'Web App' already"),
        (f'{APPS}§[[tenants.applications]]\ndisplayName = "web app"', NEXT, "another name, or an appId"),
        (f'{APPS}scopes = ["a",\n§"A"]', f"{APP}.scopes[1]", "is a permission scope already"),
        (f'{APPS}appRoles = [\n"a",\n{{ §value = "a" }}]', f"{APP}.appRoles[1].value", "is an app role already"),
        (f'{TENANT}[[tenants.groups]]\ndisplayName = "x"\n[[tenants.groups]]\n§displayName = "X"',
         "tenants[0].groups[1].displayName", "'x' has it already"),
    ],
    "what Entra would not take": [
        (TENANT.replace('"rita"', '§"rita@fabrikam.example"'), USER, "Contoso owns contoso.example"),
        (TENANT.replace('"rita"', '§"ri ta"'), USER, "is no user name"),
        ('[[tenants]]\ndomains = [§"x"]', "tenants[0].domains[0]", "is no domain"),
        (f'{APPS}redirectUris = [§"/callback"]', f"{APP}.redirectUris[0]", 'Write "http://localhost:5000/callback"'),
        (f'{APPS}redirectUris = [§"localhost:5000/cb"]', f"{APP}.redirectUris[0]", 'Write "http://localhost:5000/cb"'),
        (f'{APPS}identifierUris = [§"orders"]', f"{APP}.identifierUris[0]", 'Write "api://orders"'),
        (assigned(role='"Daemon"').replace("principal", "§principal"), "tenants[0].roleAssignments[0].principal",
         "Daemon is for Application; Rita counts as User"),
    ],
    "files that are not there": [
        (f'{TENANT}manifests = [§"entra/*.json"]', "tenants[0].manifests[0]", "nowhere has none of that name"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "key", "says"), [mistake for mistakes in MISTAKES.values() for mistake in mistakes])
def test_a_mistake_is_told_by_line_and_key_with_what_to_write(text, key, says):
    line = text.partition(HERE)[0].count("\n") + 1
    error = told(text.replace(HERE, ""))
    assert error.what.startswith(f"mock-idp.toml, line {line}: {key} "), error
    assert says in str(error)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[[tenants]]\ndomains = [", "line 2, at the end"),
        ("a = 1\na = 2\n", "line 2, column 6"),
        ("[[tenants]]\ndomains = contoso", "line 2, column 11"),
        ("[[tenants]\n", "line 1, column 10"),
        ("x\n", "line 1, column 2"),
        ("a = " + "[" * 5000, ""),
        ("a = " + "9" * 5000, ""),
    ],
)
def test_what_is_not_toml_is_told_by_line_and_column(text, place):
    error = told(text)
    assert error.what.startswith(f"mock-idp.toml, {place}: this is not TOML." if place else "mock-idp.toml")


def test_an_array_that_goes_on_in_another_form_is_told_so():
    error = told(f'{TENANT}\n[[tenants.users]]\nuserPrincipalName = "ada"\n')
    assert error.what == "mock-idp.toml, line 5, column 16: this is not TOML."
    assert (
        error.fix
        == "What was begun with = ends there: write all elements in one array, or each with a header of its own."
    )


def test_a_pyproject_toml_names_its_own_lines_and_keys(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[[tool.mock-idp.tenants]]\ndomain = "x"\n')
    with pytest.raises(UserError, match=r"pyproject\.toml, line 4: tool\.mock-idp\.tenants\[0\]\.domain is no key"):
        load(tmp_path / "pyproject.toml")
    (tmp_path / "pyproject.toml").write_text("[tool.mock-idp.tenants]\nx = 1\n")
    with pytest.raises(UserError, match=r"\[\[tool\.mock-idp\.tenants\]\]"):
        load(tmp_path / "pyproject.toml")


def test_a_mapping_has_keys_and_no_lines():
    with pytest.raises(UserError, match=r"^the dict given: tenants\[0\]\.users\[0\]\.pasword is no key of a user\."):
        from_mapping({"tenants": [{"domains": ["a.example"], "users": [{"pasword": 1}]}]}, source="the dict given")


@pytest.mark.parametrize("value", [3, "x", None, [], object(), {"tenants": [{1: 2}]}, {"tenants": [{"domains": [3]}]}])
def test_a_mapping_may_be_anything_and_is_told_all_the_same(value):
    if value == []:
        value = {"tenants": {}}
    with pytest.raises(UserError):
        from_mapping(value)


def test_a_file_that_is_no_text_is_told_by_its_line(tmp_path):
    (tmp_path / "mock-idp.toml").write_bytes(b"# fine\nname = '\xff\xfe'\n")
    with pytest.raises(UserError, match=r"mock-idp\.toml, line 2: this is no text"):
        load(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_have_a_byte_order_mark(tmp_path, encoding):
    (tmp_path / "mock-idp.toml").write_text(TENANT.replace("rita", "ríta"), encoding=encoding)
    assert load(tmp_path).directory.tenants[0].users[0].user_principal_name == "ríta@contoso.example"


def test_a_name_of_several_things_is_refused():
    error = told(f'{assigned()}\n[[tenants.groups]]\ndisplayName = "rita"\n')
    assert "principal is the name of several" in error.what
    assert "a user and a group" in error.why
