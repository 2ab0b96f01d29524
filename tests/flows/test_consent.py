"""Consent as rules: for everybody, for one user, without asking, by administrators alone (facts §3.8 and §4.3)."""

import pytest
from acme import ADMIN, ANN, API, API_URI, BOB, CLIENT, GONE, OTHER_URI, READ, WRITE, granted
from harness import claims_of, error_of, hint_of, query_of, redirected, shown

from mock_idp.directory.models import PreAuthorized, RequiredResource
from mock_idp.facts.wellknown import GRAPH_APP_ID, GRAPH_SCOPES

BY_NAME = f"openid {API_URI}/data.read"
BY_DEFAULT = f"openid {API_URI}/.default"
AS_ADMIN = f"openid {API_URI}/data.admin"


def scopes(acme, user=BOB, scope=BY_NAME) -> list[str]:
    return acme.access(user, scope=scope)["scp"].split()


def require(acme, *scopes, resource: str = API.app_id) -> None:
    """Register permissions of an API for the client."""
    required = RequiredResource(resource_app_id=resource, scopes=tuple(scope.id for scope in scopes))
    acme.change(CLIENT, required_resources=(required,))


def test_what_is_granted_shows_even_when_less_is_asked(acme):
    acme.declare(grants=(granted("data.write"), granted("data.admin", user=BOB)))
    assert scopes(acme, BOB) == ["data.write", "data.admin", "data.read"]
    assert scopes(acme, ANN) == ["data.write", "data.read"]


def test_a_users_own_grant_is_nobody_elses(acme):
    acme.declare(grants=(granted("data.read", user=ANN),))
    with acme.browser() as browser:
        acme.sign_in(browser, BOB, scope="openid")
        assert redirected(acme.open(browser, scope=BY_NAME, prompt="none")) == ("interaction_required", 65001)
        acme.sign_in(browser, ANN, scope="openid", prompt="login")
        assert query_of(acme.open(browser, scope=BY_NAME, prompt="none", login_hint=ANN.mail))["code"]


def test_an_ordinary_user_cannot_consent_to_what_asks_for_an_administrator(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, BOB, scope=AS_ADMIN)
    assert shown(page) == (200, 90094)
    assert "The grant requires admin permission." in page.text
    assert "data.admin of Acme Data is for administrators to consent to" in hint_of(page)


def test_silently_the_same_is_told_to_the_application(acme):
    with acme.browser() as browser:
        acme.sign_in(browser, BOB)
        assert redirected(acme.open(browser, scope=AS_ADMIN, prompt="none")) == ("interaction_required", 65001)


def test_an_administrator_consents_for_themselves_and_a_declared_grant_for_everybody(acme):
    assert scopes(acme, ANN, AS_ADMIN) == ["data.admin"]
    with acme.browser() as browser:
        assert shown(acme.sign_in(browser, BOB, scope=AS_ADMIN)) == (200, 90094)
    acme.declare(grants=(granted("data.admin"),))
    assert scopes(acme, BOB, AS_ADMIN) == ["data.admin"]


@pytest.mark.parametrize(
    ("scope", "allowed"), [("User.Read", True), ("User.ReadBasic.All", True), ("User.Read.All", False)]
)
def test_graphs_permissions_know_who_may_consent_to_them(acme, scope, allowed):
    with acme.browser() as browser:
        answer = acme.sign_in(browser, BOB, scope=f"openid {scope}")
    assert (answer.status_code == 302) == allowed


def test_nobody_needs_consent_for_what_the_api_lets_the_client_have(acme):
    listed = PreAuthorized(app_id=CLIENT.app_id, scopes=(ADMIN.id, GONE.id))
    acme.change(API, pre_authorized=(listed,))
    with acme.browser() as browser:
        acme.sign_in(browser, BOB, scope="openid")
        answer = acme.open(browser, scope=AS_ADMIN, prompt="none")
    assert claims_of(acme.redeem(answer).json()["access_token"])["scp"] == "data.admin"


def test_a_disabled_scope_does_not_exist(acme):
    with acme.browser() as browser:
        answer = acme.open(browser, scope=f"openid {API_URI}/data.gone")
    assert redirected(answer) == ("invalid_client", 650053)
    assert acme.entra.journal.entries[-1].hint.endswith("It is there, but disabled (isEnabled = false).")
    answer = acme.refresh(acme.tokens()["refresh_token"], scope=f"{API_URI}/data.gone")
    assert error_of(answer) == (400, "invalid_scope", 70011)


def test_default_asks_for_what_is_registered_when_there_is_no_consent(acme):
    require(acme, READ, WRITE)
    assert scopes(acme, BOB, BY_DEFAULT) == ["data.read", "data.write"]


def test_default_asks_for_nothing_when_there_is_some_consent(acme):
    require(acme, READ, WRITE)
    acme.declare(grants=(granted("data.write"),))
    assert scopes(acme, BOB, BY_DEFAULT) == ["data.write"]
    with acme.browser() as browser:
        answer = acme.sign_in(browser, BOB, scope=BY_DEFAULT, prompt="consent")
    assert claims_of(acme.redeem(answer).json()["access_token"])["scp"] == "data.write data.read"


def test_default_of_registered_permissions_asks_for_an_administrator_too(acme):
    require(acme, READ, ADMIN)
    with acme.browser() as browser:
        assert shown(acme.sign_in(browser, BOB, scope=BY_DEFAULT)) == (200, 90094)


def test_default_of_an_api_that_is_not_registered_is_refused(acme):
    with acme.browser() as browser:
        assert redirected(acme.open(browser, scope=BY_DEFAULT)) == ("invalid_resource", 650057)
    require(acme, READ)
    token = acme.tokens(BOB, scope=f"openid offline_access {API_URI}/data.read")["refresh_token"]
    assert error_of(acme.refresh(token, scope=f"{OTHER_URI}/.default")) == (400, "invalid_resource", 650057)


def test_default_without_any_consent_is_told_at_the_token_endpoint(acme):
    token = acme.tokens(BOB, scope="openid offline_access User.Read")["refresh_token"]
    require(acme, READ)
    assert error_of(acme.refresh(token, scope=f"{API_URI}/.default")) == (400, "invalid_grant", 65001)
    require(acme, resource=API.app_id)
    answer = acme.refresh(token, scope=f"{API_URI}/.default")
    assert error_of(answer) == (400, "invalid_grant", 65001)
    assert "consented to anything of Acme Data" in acme.entra.journal.entries[-1].hint


def test_default_of_graph_reads_its_permissions_by_their_ids(acme):
    required = RequiredResource(resource_app_id=GRAPH_APP_ID, scopes=(GRAPH_SCOPES["Mail.Read"],))
    acme.change(CLIENT, required_resources=(required,))
    assert scopes(acme, BOB, "openid https://graph.microsoft.com/.default") == ["Mail.Read", "openid"]


def test_an_app_may_ask_for_itself_without_consent(acme):
    tokens = acme.tokens(BOB, scope=f"openid {CLIENT.app_id}/.default")
    assert claims_of(tokens["access_token"])["aud"] == CLIENT.app_id
    assert "scp" not in claims_of(tokens["access_token"])
