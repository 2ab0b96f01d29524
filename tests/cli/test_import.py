"""`mock-idp import`: what Entra's JSON says becomes a directory file, and what it does not say is told."""

import json

import pytest
from click.testing import CliRunner

from mock_idp.cli import command_line
from mock_idp.directory.project import load
from mock_idp.errors import UserError

APP_ID = "0b5e55ed-0000-4000-8000-00000000a001"
TENANT_ID = "0b5e55ed-0000-4000-8000-00000000a000"
API = {
    "appId": APP_ID, "displayName": "Orders", "publisherDomain": "contoso.example", "identifierUris": ["api://orders"],
    "api": {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [
        {"id": "0b5e55ed-0000-4000-8000-00000000a004", "value": "Orders.Read", "type": "User", "isEnabled": True,
         "adminConsentDescription": 'Reads\n"orders".'},
    ]},
}  # fmt: skip
WEB = {
    "id": "0b5e55ed-0000-4000-8000-00000000b002", "appId": "0b5e55ed-0000-4000-8000-00000000b001", "name": "Web",
    "replyUrlsWithType": [{"url": "https://web.example/callback", "type": "Web"}],
    "passwordCredentials": [{"hint": "abc", "value": None, "endDate": "2024-01-01T00:00:00Z"}, {"hint": None}],
    "keyCredentials": [{"value": None}],
    "requiredResourceAccess": [
        {"resourceAppId": "00000003-0000-0000-c000-000000000000", "resourceAccess": [
            {"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"},
        ]},
        {"resourceAppId": TENANT_ID, "resourceAccess": [{"id": APP_ID, "type": "Role"}]},
    ],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.json").write_text(json.dumps(API))
    (tmp_path / "web.json").write_text(json.dumps([WEB]))
    return tmp_path


def imported(*arguments):
    done = CliRunner().invoke(command_line, ["import", *arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_the_file_says_what_the_manifests_say(folder):
    done = imported("api.json", "web.json")
    (folder / "imported.toml").write_text(done.stdout)
    (folder / "as-they-are.toml").write_text('[[tenants]]\ndomains = ["contoso.example"]\nmanifests = ["*.json"]\n')
    from_toml, from_json = load(folder / "imported.toml"), load(folder / "as-they-are.toml")
    assert from_toml.directory == from_json.directory
    assert "from api.json and web.json" in done.stdout.splitlines()[0]


def test_what_is_not_in_them_is_told(folder):
    told = imported("api.json", "web.json").stderr.splitlines()
    assert told == [
        'mock-idp no people: fill in users, for instance ["rita"]',
        "mock-idp no consents: users consent as they sign in; for all users add [[tenants.grants]]",
        (
            'mock-idp Web: a secret is not in the manifest; any that begins with "abc" is right until you put it into '
            "secrets"
        ),
        "mock-idp Web: a secret has expired: AADSTS7000222, until you put a present one into secrets",
        "mock-idp Web: nothing is known of 1 of its secrets; put them into secrets",
        'mock-idp Web: a certificate is not in the manifest; add keyCredentials = [{ file = "certificate.pem" }]',
        f"mock-idp Web: asks for permissions of {TENANT_ID}; declare that API if your app calls it",
    ]


@pytest.mark.parametrize(
    ("asked", "tenant_id", "domains"),
    [
        (["--tenant", TENANT_ID.upper()], TENANT_ID, ("contoso.example",)),
        (["--tenant", "fabrikam.example"], None, ("fabrikam.example",)),
        ([], None, ("contoso.example",)),
    ],
)
def test_the_tenant(folder, asked, tenant_id, domains):
    imported("api.json", "-o", "mock-idp.toml", *asked)
    (tenant,) = load(folder).directory.tenants
    assert tenant.domains == domains
    assert tenant_id in (None, tenant.id)


def test_a_domain_that_nobody_told_is_said_to_be_made_up(folder):
    done = imported("web.json")
    assert "contoso.example stands for the tenant's domain" in done.stderr


def test_a_file_that_is_there_is_not_written_over_without_a_word(folder):
    (folder / "mock-idp.toml").write_text("mine")
    with pytest.raises(UserError, match="was not written"):
        imported("api.json", "-o", "mock-idp.toml")
    assert imported("api.json", "-o", "mock-idp.toml", "--force").stderr.startswith("mock-idp wrote mock-idp.toml\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.json"], "No such file"),
        (["api.json", "--tenant", "Contoso"], "an id (GUID) or a domain"),
        (["empty.json"], "hold no application"),
        (["odd.json"], "redirectUris[0] is no URI"),
    ],
)
def test_mistakes_are_three_lines(folder, arguments, says):
    (folder / "empty.json").write_text("[]")
    (folder / "odd.json").write_text('{"displayName": "x", "web": {"redirectUris": ["no-uri"]}}')
    with pytest.raises(UserError) as error:
        imported(*arguments)
    assert says in str(error.value)
    assert len(str(error.value).splitlines()) == 3


def test_without_a_file_it_is_wrong_usage(folder):
    assert imported().exit_code == 2
