"""The page on the directory file: what it shows is understood, and what it promises is what happens."""

import re
from pathlib import Path

import pytest
from harness import CHALLENGE, Idp, error_of, redirected, shown

from mock_idp.directory.keys import SECTIONS
from mock_idp.directory.project import from_toml
from mock_idp.errors import UserError
from mock_idp.intercept.upstream import Upstream
from mock_idp.server import Options, Server, in_thread

CLIENT, SECRET = "11111111-2222-4333-8444-555555555555", "a-secret-for-tests"


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).parents[2] / "docs" / "directory.md").read_text()


@pytest.fixture(scope="module")
def blocks(page) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", page, re.DOTALL)


def load(text):
    return from_toml(text, source="mock-idp.toml", folder=Path("nowhere"))


def test_every_block_is_understood(blocks):
    first, people, applications, _ = blocks
    ada = '[[tenants.users]]\nuserPrincipalName = "ada"\n'
    with_headers = re.sub("^users = .*$", "", first, flags=re.MULTILINE) + ada
    (tenant,) = load(with_headers + people + applications).directory.tenants
    assert len(tenant.applications) == 4
    assert [user.user_type for user in tenant.users].count("Guest") == 1
    assert len(first.splitlines()) < 40  # a tenant with an API, a client and three people fits on a screen


def test_the_mistake_on_the_page_is_told_so(page, blocks):
    first = blocks[0].replace("users", "\nusers").replace("identifierUris", "identifierUri")
    told = re.search(r"```text\nError: (.*?)\n```", page, re.DOTALL)[1]
    with pytest.raises(UserError) as error:
        load(first)
    line = re.search(r"line (\d+)", told)[1]
    assert str(error.value).replace(re.search(r"line \d+", str(error.value))[0], f"line {line}") == told


def test_the_table_of_keys_has_every_key(page):
    reference = page.partition("<!-- generated: keys -->")[2]
    for section in SECTIONS:
        part = reference.partition(f"### {section.name[0].upper()}{section.name[1:]}\n")[2].partition("\n### ")[0]
        assert [key.name for key in section.keys if f"| `{key.name}` |" not in part] == []


@pytest.fixture(scope="module")
def strict(state, blocks):
    options = Options(port=0, declared=load(blocks[0]))
    with in_thread(Server(state, options, Upstream(offline=True))) as server:
        yield Idp(server)


def test_strict_means_what_the_table_says(strict, page):
    def authorize(**parameters):
        asked = {"client_id": CLIENT, "redirect_uri": "http://localhost:5000/callback", "scope": "openid"}
        return strict.authorize(browser, "contoso.example", **{**asked, "code_challenge": CHALLENGE, **parameters})

    def token(**body):
        asked = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}
        return strict.token("contoso.example", **{**asked, "scope": "api://orders/.default", **body})

    with strict.browser() as browser:
        provoked = {
            "a client id that is not there": shown(authorize(client_id=CLIENT.replace("1", "2")))[1],
            "a wrong or an expired secret": error_of(token(client_secret="wrong"))[2],
            "a redirect URI that is not registered": shown(authorize(redirect_uri="http://localhost:1/"))[1],
            "a scope that the API does not expose": redirected(authorize(scope="api://orders/data.delete"))[1],
            "a resource that nobody registered": redirected(authorize(scope="api://nobody/data.read"))[1],
            "a user who is not there": shown(strict.submit(browser, authorize(), loginfmt="nobody"))[1],
        }
        assert token().status_code == 200
    rows = re.findall(r"^\| (a .*?) \| (.*?) \|$", page, re.MULTILINE)
    assert provoked.keys() == dict(rows).keys()
    assert [asked for asked, answer in rows if f"AADSTS{provoked[asked]}" not in answer] == []
