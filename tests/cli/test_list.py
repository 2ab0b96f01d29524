"""`mock-idp list`: what is declared, for a person and for a program."""

import json

import pytest
import shell

from mock_idp.cli.list_ import LISTS
from mock_idp.directory.default import CONTOSO, FABRIKAM

TOML = """
[[tenants]]
displayName = "Northwind"
domains = ["northwind.example"]
users = [
    "nora",
    { userPrincipalName = "nick", locked = true, mfaRequired = true },
    { userPrincipalName = "nils", mfaRequired = true, mfaRegistered = false },
]
groups = [{ displayName = "Sales", members = ["nora", "Orders"] }]

[[tenants.applications]]
displayName = "Orders"
appId = "11111111-2222-4333-8444-555555555555"
identifierUris = ["api://orders"]
scopes = ["data.read"]
appRoles = ["Reader"]
secrets = ["never-shown"]

[[tenants.roleAssignments]]
principal = "nora"
resource = "Orders"
role = "Reader"
"""


def listed(env, *arguments, **options):
    done = shell.mock_idp("list", *arguments, env=env, **options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "northwind.toml"
    path.write_text(TOML)
    return path


def test_what_is_special_about_a_user_stands_at_the_end(env, file):
    nora, nick, nils = listed(env, "users", "--directory", str(file)).splitlines()[1:]
    assert nora.split()[:3] == ["Northwind", "nora@northwind.example", "Nora"]
    assert nick.endswith("  locked, second factor")
    assert nils.endswith("  second factor to register")


def test_apps_as_a_person_reads_them(env, file):
    heads, row = listed(env, "apps", "--directory", str(file)).splitlines()
    assert heads.split() == ["TENANT", "CLIENT", "ID", "NAME", "IDENTIFIER", "SCOPES", "APP", "ROLES"]
    assert row.split() == [
        "Northwind", "11111111-2222-4333-8444-555555555555", "Orders", "api://orders", "data.read", "Reader",
    ]  # fmt: skip
    assert heads.index("SCOPES") == row.index("data.read")


@pytest.mark.parametrize("what", [name for name, each in LISTS.items() if each.of_directory])
def test_a_program_gets_everything_and_no_secret(env, file, what):
    text = listed(env, what, "--json", "--directory", str(file))
    document = json.loads(text)
    assert list(document) == ["directory_file", what]
    assert document["directory_file"] == str(file)
    assert document[what]
    assert "never-shown" not in text


def test_who_is_in_a_group_and_holds_a_role(env, file):
    nora = json.loads(listed(env, "users", "--json", "--directory", str(file)))["users"][0]
    assert (nora["groups"], nora["accountEnabled"], nora["signInName"]) == (["Sales"], True, "nora@northwind.example")
    assert nora["appRoles"] == [{"appId": "11111111-2222-4333-8444-555555555555", "value": "Reader"}]
    sales = json.loads(listed(env, "groups", "--json", "--directory", str(file)))["groups"][0]
    assert sales["members"] == ["nora@northwind.example", "Orders"]


def test_the_built_in_directory_where_there_is_no_file(env, tmp_path):
    users = json.loads(listed(env, "users", "--json", cwd=tmp_path))
    assert users["directory_file"] is None
    assert len(users["users"]) == len(CONTOSO.users) + len(FABRIKAM.users)
    tenants = json.loads(listed(env, "tenants", "--json", cwd=tmp_path))["tenants"]
    assert (tenants[0]["displayName"], tenants[0]["groups"]) == ("Contoso", 250)


def test_the_file_is_found_from_below_it_and_named_by_a_variable(env, file, tmp_path):
    (tmp_path / "project" / "below").mkdir(parents=True)
    (tmp_path / "project" / "mock-idp.toml").write_text(TOML.replace("orthwind", "ordwind"))
    below = tmp_path / "project" / "below"
    assert "nora@nordwind.example" in listed(env, "users", cwd=below)
    assert "nora@northwind.example" in listed({**env, "MOCK_IDP_DIRECTORY": str(file)}, "users", cwd=below)


def test_a_mistake_in_the_file_is_three_lines(env, tmp_path):
    (tmp_path / "mock-idp.toml").write_text("[[tenants]]\ndomain = 'x'\n")
    done = shell.mock_idp("list", "users", env=env, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Error: mock-idp.toml, line 2: tenants[0].domain is no key of a tenant.",
        "Nearest is domains.",
        "Write domains, or leave it out.",
    ]


@pytest.mark.parametrize("what", [name for name, listing in LISTS.items() if not listing.of_directory])
def test_what_this_version_knows_is_told_beside_a_file_with_a_mistake_too(env, tmp_path, what):
    (tmp_path / "mock-idp.toml").write_text("[[tenants]]\ndomain = 'x'\n")
    assert listed(env, what, cwd=tmp_path)


def test_a_list_that_is_none_is_wrong_usage(env):
    done = shell.mock_idp("list", "people", env=env)
    assert done.returncode == 2
    assert "users" in done.stderr
