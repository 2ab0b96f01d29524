"""``/adminconsent``: an administrator consents for the whole tenant."""

from urllib.parse import parse_qs, urlsplit

import pytest
from acme import ACME_ID, ADMIN, ANN, API, API_URI, BOB, CLIENT, READ
from harness import ANY_CLIENT, REDIRECT, UNDECLARED, claims_of, query_of, redirected, shown

from mock_idp.directory.models import RequiredResource
from mock_idp.facts.graph_permissions import APP_ROLES
from mock_idp.facts.wellknown import GRAPH_APP_ID

ROBOT = API.app_roles[1]


@pytest.fixture
def listed(acme):
    """The client's registration lists two permissions for users and one for applications."""
    required = RequiredResource(resource_app_id=API.app_id, scopes=(READ.id, ADMIN.id), roles=(ROBOT.id,))
    acme.change(CLIENT, required_resources=(required,))
    return acme


def ask(browser, version="/v2.0", tenant=ACME_ID, **parameters):
    asked = {"client_id": CLIENT.app_id, "redirect_uri": REDIRECT, "state": "a state", **parameters}
    return browser.get(f"/{tenant}{version}/adminconsent", params=asked)


def sign_in(acme, browser, user, page):
    page = acme.idp.send(browser, page, loginfmt=user.mail)
    return acme.idp.send(browser, page, passwd="pw")


def test_v2_grants_what_scope_names_to_everybody(acme):
    with acme.browser() as browser:
        page = sign_in(acme, browser, ANN, ask(browser, scope=f"{API_URI}/data.admin"))
        assert "review for your organization" in page.text
        assert "<code>data.admin</code> of Acme Data" in page.text
        answer = acme.idp.send(browser, page, accept="1")
    assert query_of(answer) == {
        "admin_consent": "True", "tenant": ACME_ID, "scope": f"{API_URI}/data.admin", "state": "a state",
    }  # fmt: skip
    with acme.browser() as browser:
        assert query_of(acme.asked(browser, BOB, scope=f"openid {API_URI}/data.admin"))["code"]


@pytest.mark.parametrize(("version", "asked"), [("", {}), ("/v2.0", {"scope": f"{API_URI}/.default"})])
def test_permissions_of_applications_are_granted_too(listed, version, asked):
    assert "roles" not in claims_of(listed.app_token().json()["access_token"])
    with listed.browser() as browser:
        page = sign_in(listed, browser, ANN, ask(browser, version, **asked))
        assert "Robot of Acme Data" in page.text
        members = query_of(listed.idp.send(browser, page, accept="1"))
    assert members["admin_consent"] == "True"
    assert members.get("scope", "") == (f"{API_URI}/data.read {API_URI}/data.admin {API_URI}/Robot" if version else "")
    assert claims_of(listed.app_token().json()["access_token"])["roles"] == ["Robot"]
    assert listed.access(BOB, scope=f"openid {API_URI}/.default")["scp"] == "data.read data.admin"


def test_an_app_that_only_acts_for_itself_can_be_consented_to(acme):
    acme.change(CLIENT, required_resources=(RequiredResource(resource_app_id=API.app_id, roles=(ROBOT.id,)),))
    with acme.browser() as browser:
        page = sign_in(acme, browser, ANN, ask(browser, tenant="organizations", scope=f"{API_URI}/.default"))
        assert query_of(acme.idp.send(browser, page, accept="1"))["tenant"] == ACME_ID
    assert claims_of(acme.app_token().json()["access_token"])["roles"] == ["Robot"]


def test_permissions_of_graph_for_applications_are_granted_by_the_ids_of_a_manifest(acme):
    roles = tuple(APP_ROLES[name] for name in ("User.Read.All", "Mail.Send"))
    acme.change(CLIENT, required_resources=(RequiredResource(resource_app_id=GRAPH_APP_ID, roles=roles),))
    with acme.browser() as browser:
        page = sign_in(acme, browser, ANN, ask(browser, ""))
        assert "User.Read.All of Microsoft Graph" in page.text
        assert query_of(acme.idp.send(browser, page, accept="1"))["admin_consent"] == "True"
    token = acme.app_token(scope="https://graph.microsoft.com/.default").json()["access_token"]
    assert sorted(claims_of(token)["roles"]) == ["Mail.Send", "User.Read.All"]


def test_without_a_redirect_uri_the_first_one_registered_is_taken(listed):
    with listed.browser() as browser:
        page = browser.get(f"/{ACME_ID}/adminconsent", params={"client_id": CLIENT.app_id})
        answer = listed.idp.send(browser, sign_in(listed, browser, ANN, page), accept="1")
    assert answer.headers["location"].startswith(REDIRECT)


def test_cancel_goes_back_with_the_error(listed):
    with listed.browser() as browser:
        answer = listed.idp.send(browser, sign_in(listed, browser, ANN, ask(browser, "")), cancel="1")
    assert redirected(answer) == ("access_denied", 65004)
    members = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (members["admin_consent"], members["state"]) == (["True"], ["a state"])
    assert "roles" not in claims_of(listed.app_token().json()["access_token"])


def test_whoever_is_no_administrator_is_told_so_and_cannot_accept_all_the_same(listed):
    with listed.browser() as browser:
        page = sign_in(listed, browser, BOB, ask(browser, ""))
        assert shown(page) == (200, 90094)
        assert shown(listed.idp.send(browser, page, accept="1")) == (200, 90094)
        assert redirected(listed.idp.send(browser, page, cancel="1")) == ("access_denied", 90094)


def test_neither_a_scope_that_is_not_there_nor_a_foreign_redirect_uri_goes_back(acme):
    with acme.browser() as browser:
        assert shown(ask(browser, scope=f"{API_URI}/data.raed")) == (200, 70011)
        assert shown(ask(browser)) == (200, 900144)
        elsewhere = ask(browser, scope=f"{API_URI}/data.read", redirect_uri="https://elsewhere.example/")
        assert shown(elsewhere) == (200, 50011)


def test_in_an_undeclared_tenant_anybody_may(idp):
    with idp.browser() as browser:
        page = ask(browser, tenant=UNDECLARED, client_id=ANY_CLIENT, scope="api://orders/read")
        page = idp.click_tile(browser, page)
    assert query_of(page)["admin_consent"] == "True"
