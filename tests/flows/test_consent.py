"""Consent as rules: for everybody, for one user, without asking, by administrators alone (facts §3.8 and §4.3)."""

import re

import pytest
from acme import ADMIN, ANN, API, API_URI, BOB, CLIENT, DIRECTORY, GONE, OLA, OTHER, OTHER_URI, READ, WRITE, granted
from harness import claims_of, error_of, hint_of, query_of, redirected, shown

from mock_idp.directory.models import PreAuthorized, RequiredResource
from mock_idp.facts.microsoft_apis import GRAPH_SCOPES, RESOURCES
from mock_idp.facts.wellknown import GRAPH_APP_ID

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
    ("scope", "allowed"),
    [
        ("User.Read", True),
        ("User.ReadBasic.All", True),
        ("Sites.Read.All", True),
        ("User.Read.All", False),
        ("AuditLog.Read.All", False),
    ],
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
        assert redirected(acme.open(browser, scope=BY_DEFAULT)) == ("invalid_client", 650057)
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


@pytest.mark.parametrize(
    ("name", "guid"),
    [
        ("Azure SQL Database", "c39ef2d1-04ce-46dc-8b5f-e9a5c60f0fc9"),
        ("AzureDatabricks", "739272be-e143-11e8-9f32-f2801f1b9fd1"),
        ("Azure DevOps", "ee69721e-6c3a-468f-a9ec-302d16a4c599"),
        ("Power BI Service", "4ae1bf56-f562-4747-b7bc-2fa0874ed46f"),
        ("Office 365 Exchange Online", "195adc35-e27b-454b-a7ed-1ecdffa1c09f"),
    ],
)
def test_default_of_microsofts_apis_reads_the_ids_that_a_manifest_has(acme, name, guid):
    row = next(row for row in RESOURCES if row.name == name)
    acme.change(CLIENT, required_resources=(RequiredResource(resource_app_id=row.app_id, scopes=(guid,)),))
    wanted = [value for value, known in row.scopes.items() if known == guid]
    assert scopes(acme, BOB, f"openid {row.app_id}/.default") == wanted


def test_default_of_graph_reads_its_permissions_by_their_ids(acme):
    required = RequiredResource(resource_app_id=GRAPH_APP_ID, scopes=(GRAPH_SCOPES["Mail.Read"],))
    acme.change(CLIENT, required_resources=(required,))
    assert scopes(acme, BOB, "openid https://graph.microsoft.com/.default") == ["Mail.Read", "openid"]


def test_an_app_may_ask_for_itself_without_consent(acme):
    tokens = acme.tokens(BOB, scope=f"openid {CLIENT.app_id}/.default")
    assert claims_of(tokens["access_token"])["aud"] == CLIENT.app_id
    assert "scp" not in claims_of(tokens["access_token"])


def permissions(page) -> list[str]:
    """Titles of what the page lists."""
    return re.findall(r"<li><b>(.*?)</b>", page.text)


def test_the_page_says_who_asks_for_what_and_for_whom(acme):
    acme.change(API, scopes=(READ, WRITE._replace(description="Change <all> data")))
    with acme.browser() as browser:
        page = acme.asked(browser, BOB, scope=f"openid profile email offline_access {API_URI}/data.write")
    assert permissions(page) == [
        "Change &lt;all&gt; data", "Sign you in", "View your basic profile", "View your email address",
        "Maintain access to data you have given it access to",
    ]  # fmt: skip
    assert "<code>data.write</code> of Acme Data" in page.text
    assert "<strong>Acme Web</strong>" in page.text
    assert "bob@acme.example" in page.text
    assert "on behalf of your organization" not in page.text


def test_only_what_nobody_consented_to_is_listed_unless_the_prompt_is_consent(acme):
    acme.declare(grants=(granted("data.read"),))
    both = f"openid {API_URI}/data.read {API_URI}/data.write"
    with acme.browser() as browser:
        assert permissions(acme.asked(browser, BOB, scope=both)) == ["data.write", "Sign you in"]
        again = acme.open(browser, scope=BY_NAME, prompt="consent")
        assert permissions(again) == ["data.read", "Sign you in"]
        assert query_of(acme.open(browser, scope=BY_NAME))["code"]


def test_cancel_goes_back_to_the_app_and_keeps_nothing(acme):
    with acme.browser() as browser:
        page = acme.asked(browser, BOB, scope=BY_NAME)
        assert redirected(acme.idp.send(browser, page, cancel="1")) == ("access_denied", 65004)
        assert redirected(acme.open(browser, scope=BY_NAME, prompt="none")) == ("interaction_required", 65001)
        assert permissions(acme.open(browser, scope=BY_NAME)) == ["data.read", "Sign you in"]


def test_accept_counts_for_nobody_who_is_not_signed_in(acme):
    with acme.browser() as browser, acme.browser() as strange:
        page = acme.asked(browser, BOB, scope=BY_NAME)
        answer = acme.idp.send(strange, page, accept="1")
    assert "Enter password" in answer.text


def test_an_administrator_may_consent_for_everybody(acme):
    with acme.browser() as browser:
        page = acme.asked(browser, ANN, scope=AS_ADMIN)
        assert "on behalf of your organization" in page.text
        answer = acme.idp.send(browser, page, accept="1", organization="1")
    assert claims_of(acme.redeem(answer).json()["access_token"])["scp"] == "data.admin"
    with acme.browser() as browser:
        assert query_of(acme.asked(browser, BOB, scope=AS_ADMIN))["code"]
    acme.entra.reset()
    acme.entra.live.use(DIRECTORY)
    with acme.browser() as browser:
        assert shown(acme.asked(browser, BOB, scope=AS_ADMIN)) == (200, 90094)


def test_nobody_else_can_tick_that(acme):
    with acme.browser() as browser:
        page = acme.asked(browser, BOB, scope=BY_NAME)
        assert query_of(acme.idp.send(browser, page, accept="1", organization="1"))["code"]
    with acme.browser() as browser:
        assert permissions(acme.asked(browser, OLA, scope=BY_NAME)) == ["data.read", "Sign you in"]


def test_whoever_needs_an_administrator_can_go_back_to_the_app_or_sign_in_as_one(acme):
    with acme.browser() as browser:
        page = acme.asked(browser, BOB, scope=AS_ADMIN)
        assert "Need admin approval" in page.text
        assert redirected(acme.idp.send(browser, page, cancel="1")) == ("access_denied", 90094)
        assert "Pick an account" in acme.idp.send(browser, page, back="1").text


def test_one_consent_covers_the_api_behind_that_knows_the_client(acme):
    behind = RequiredResource(resource_app_id=OTHER.app_id, scopes=(OTHER.scopes[0].id,))
    require(acme, READ)
    acme.change(API, known_clients=(CLIENT.app_id,), required_resources=(behind,))
    with acme.browser() as browser:
        page = acme.asked(browser, BOB, scope=BY_DEFAULT)
    assert permissions(page) == ["data.read", "other.read", "Sign you in"]
    assert "<code>other.read</code> of Acme Other, for Acme Data" in page.text


def test_the_journal_tells_that_the_page_was_shown_and_what_came_of_it(acme):
    with acme.browser() as browser:
        acme.sign_in(browser, BOB, scope=BY_NAME)
    notes = [note for entry in acme.entra.journal.entries for note in entry.notes]
    assert "the consent page was shown to bob@acme.example" in notes
    assert "Acme Data: data.read consented to by bob@acme.example" in notes
