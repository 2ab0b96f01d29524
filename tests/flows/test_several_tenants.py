"""Several declared tenants: whose token it is on common, apps of another tenant, and guests (facts §1.2 and §6)."""

import base64
import json

import pytest
from acme import (
    ACME_ID,
    API,
    API_URI,
    BOB,
    CLIENT,
    DIRECTORY,
    GIL,
    GIL_AT_HOME,
    GLOBEX,
    GLOBEX_ID,
    GLOBEX_ISSUER,
    HAL,
    LIV,
    OTHER,
    OTHER_URI,
    given,
    granted,
)
from harness import GRAPH, REDIRECT, UNDECLARED, Forms, claims_of, error_of, hint_of, query_of, redirected, shown

from mock_idp.directory.models import Directory
from mock_idp.facts.directory_roles import GLOBAL_ADMINISTRATOR

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
ALIASES = pytest.mark.parametrize("alias", ["common", "organizations", "COMMON"])


def client_info(answer: dict) -> dict:
    """What the answer says of the user's home."""
    return json.loads(base64.urlsafe_b64decode(answer["client_info"] + "=="))


def tiles(page) -> list[str]:
    return [value for _, _, found in Forms(page.text).found for name, value in found if name == "tile"]


@ALIASES
def test_on_an_alias_the_token_is_of_the_tenant_where_the_user_is_at_home(acme, alias):
    for user, tenant in ((BOB, ACME_ID), (HAL, GLOBEX_ID)):
        tokens = acme.tokens(user, alias, scope="openid profile offline_access User.Read")
        access, identity = claims_of(tokens["access_token"]), claims_of(tokens["id_token"])
        assert (access["tid"], access["oid"], identity["tid"]) == (tenant, user.id, tenant)
        assert identity["iss"] == f"https://login.microsoftonline.com/{tenant}/v2.0"
        for place in (alias, tenant):
            again = acme.refresh(tokens["refresh_token"], place)
            assert claims_of(again.json()["access_token"])["tid"] == tenant


@ALIASES
def test_the_page_offers_the_members_of_every_declared_tenant(acme, alias):
    with acme.browser() as browser:
        page = acme.open(browser, alias)
        assert tiles(page)[-2:] == [GIL_AT_HOME.mail, HAL.mail]
        assert LIV.mail not in tiles(page)
        assert "People of Acme" in page.text
        assert "People of Globex" in page.text
        refused = acme.idp.submit(browser, page, loginfmt="haal@globex.example")
        assert "hal@globex.example (Globex)" in hint_of(refused)
        assert "AADSTS50034" in acme.idp.submit(browser, page, loginfmt=LIV.mail).text


def test_a_session_of_one_tenant_signs_on_at_an_alias_and_at_its_own_authority(acme):
    with acme.browser() as browser:
        acme.sign_in(browser, HAL, "common", scope="openid User.Read")
        for tenant in ("common", GLOBEX_ID):
            answer = acme.open(browser, tenant, scope="openid User.Read", prompt="none")
            assert claims_of(acme.redeem(answer, tenant).json()["access_token"])["oid"] == HAL.id
        assert redirected(acme.open(browser, ACME_ID, prompt="none")) == ("login_required", 50058)


def test_a_code_is_redeemed_where_it_was_issued_or_at_the_alias(acme):
    with acme.browser() as browser:
        answer = acme.sign_in(browser, HAL, "common", scope="openid User.Read")
        assert error_of(acme.redeem(answer, ACME_ID)) == (400, "invalid_grant", 700005)
        assert acme.redeem(answer, "organizations").status_code == 200


def test_a_resource_has_to_let_itself_be_used_in_the_users_tenant(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, HAL, "common", scope=f"openid {API_URI}/data.read")
    assert redirected(page) == ("invalid_resource", 500011)
    assert "registered in another tenant, with signInAudience AzureADMyOrg" in acme.entra.journal.entries[-1].hint
    access = claims_of(acme.tokens(HAL, "common", scope=f"openid {OTHER_URI}/other.read")["access_token"])
    assert (access["tid"], access["aud"], access["scp"]) == (GLOBEX_ID, OTHER_URI, "other.read")


def test_an_app_of_another_tenant_has_a_service_principal_of_its_own_there(acme):
    acme.entra.store.add(GLOBEX_ID, CLIENT.app_id)
    at_home = claims_of(acme.app_token(OTHER_URI).json()["access_token"])
    abroad = claims_of(acme.app_token(OTHER_URI, tenant=GLOBEX_ID).json()["access_token"])
    assert (at_home["tid"], at_home["oid"]) == (ACME_ID, CLIENT.id)
    assert abroad["tid"] == GLOBEX_ID
    assert abroad["oid"] == abroad["sub"] != CLIENT.id
    assert claims_of(acme.app_token(OTHER_URI, tenant=GLOBEX_ID).json()["access_token"])["oid"] == abroad["oid"]
    assert claims_of(acme.tokens(HAL, GLOBEX_ID, scope="openid")["access_token"])["tid"] == GLOBEX_ID


class TestWhatAddsAnAppToAnotherTenant:
    """Until then it has no service principal there, and gets no token for itself."""

    @pytest.fixture
    def refused(self, acme):
        assert error_of(self.asks(acme)) == (401, "invalid_client", 7000229)
        hint = acme.entra.journal.entries[-1].hint
        for way in (f"/{GLOBEX_ID}/v2.0/adminconsent", "sign in", "grant", "role assignment", "entra.consent"):
            assert way in hint
        return acme

    def globex(self, acme, **fields):
        acme.entra.live.use(Directory(tenants=(acme.tenant, GLOBEX._replace(**fields))))

    def asks(self, acme):
        return acme.app_token(OTHER_URI, tenant=GLOBEX_ID)

    def test_a_sign_in_of_anybody_there(self, refused):
        refused.tokens(HAL, GLOBEX_ID, scope="openid")
        assert self.asks(refused).status_code == 200
        refused.entra.store.reset()
        assert error_of(self.asks(refused)) == (401, "invalid_client", 7000229)

    def test_an_administrators_consent(self, refused):
        self.globex(refused, users=(HAL._replace(directory_roles=(GLOBAL_ADMINISTRATOR,)),))
        asked = {"client_id": CLIENT.app_id, "redirect_uri": REDIRECT, "scope": f"{OTHER_URI}/other.read"}
        with refused.browser() as browser:
            page = browser.get(f"/{GLOBEX_ID}/v2.0/adminconsent", params=asked)
            page = refused.idp.submit(browser, page, loginfmt=HAL.mail)
            answer = refused.idp.submit(browser, page, passwd="pw")  # and agrees
        assert query_of(answer)["admin_consent"] == "True"
        assert self.asks(refused).status_code == 200

    def test_a_grant_that_is_declared_there(self, refused):
        self.globex(refused, grants=(granted("other.read", resource=OTHER),))
        assert self.asks(refused).status_code == 200

    def test_an_assignment_to_it_that_is_declared_there(self, refused):
        self.globex(refused, role_assignments=(given(HAL, CLIENT, "Member"),))
        assert self.asks(refused).status_code == 200

    def test_a_registration_there(self, refused):
        self.globex(refused, applications=(CLIENT,))
        assert self.asks(refused).status_code == 200

    def test_an_undeclared_tenant_takes_it_at_once(self, acme):
        assert acme.app_token(OTHER_URI, tenant=UNDECLARED, client_id=CLIENT.app_id).status_code == 200


def test_a_single_tenant_app_is_unknown_in_other_tenants(acme):
    acme.change(CLIENT, sign_in_audience="AzureADMyOrg")
    assert error_of(acme.app_token(tenant=GLOBEX_ID)) == (400, "unauthorized_client", 700016)
    assert "is registered in another tenant, with signInAudience AzureADMyOrg" in acme.entra.journal.entries[-1].hint
    with acme.browser() as browser:
        assert shown(acme.open(browser, GLOBEX_ID)) == (200, 700016)
        assert shown(acme.open(browser, "common")) == (200, 50194)


def test_an_app_for_personal_accounts_alone_is_served_nowhere(acme):
    acme.change(CLIENT, sign_in_audience="PersonalMicrosoftAccount")
    assert error_of(acme.app_token()) == (400, "invalid_request", 9002346)
    with acme.browser() as browser:
        assert shown(acme.open(browser, "common")) == (200, 9002331)
        assert shown(acme.open(browser, "organizations")) == (200, 9002346)


def test_somebody_from_another_tenant_has_to_be_invited(acme):
    with acme.browser() as browser:
        page = acme.sign_in(browser, HAL)
        assert shown(page) == (200, 50020)
        assert f"from identity provider &#39;{GLOBEX_ISSUER}&#39; does not exist in tenant &#39;Acme&#39;" in page.text
        assert "hal@globex.example is a user of Globex and no guest of Acme" in hint_of(page)
        password = acme.idp.submit(browser, acme.open(browser), loginfmt=HAL.mail)
        assert "AADSTS50126" in acme.idp.submit(browser, password, passwd="wrong").text


def test_a_guest_signs_in_with_the_name_from_home_and_is_a_guest_in_the_token(acme):
    acme.change(API, requested_access_token_version=1)
    scope = f"openid profile offline_access {API_URI}/data.read"
    with acme.browser() as browser:
        answer = acme.sign_in(browser, GIL, scope=scope, client_info="1")
        tokens = acme.redeem(answer, client_info="1").json()
    access, identity = claims_of(tokens["access_token"]), claims_of(tokens["id_token"])
    assert (access["tid"], access["oid"], access["idp"]) == (ACME_ID, GIL.id, GLOBEX_ISSUER)
    assert (access["unique_name"], access["email"]) == ("gil@globex.example", "gil@globex.example")
    assert "upn" not in access
    assert (identity["idp"], identity["preferred_username"]) == (GLOBEX_ISSUER, "gil@globex.example")
    home = {"uid": GIL_AT_HOME.id, "utid": GLOBEX_ID}
    assert client_info(tokens) == client_info(query_of(answer)) == home


def test_a_guests_short_name_is_enough(acme):
    with acme.browser() as browser:
        page = acme.idp.submit(browser, acme.open(browser), loginfmt="gil")
    assert 'value="gil@globex.example"' in page.text


def test_a_personal_account_is_a_guest_with_a_prefix(acme):
    acme.change(API, requested_access_token_version=1)
    tokens = acme.tokens(LIV)
    claims = claims_of(tokens["access_token"])
    assert (claims["idp"], claims["unique_name"]) == ("live.com", "live.com#liv@outlook.example")
    answer = acme.refresh(tokens["refresh_token"], client_info="1").json()
    assert client_info(answer)["utid"] == CONSUMERS
    assert client_info(answer)["uid"].startswith("00000000-0000-0000-")


def test_a_refresh_token_is_good_where_its_user_is_a_guest_and_back(acme):
    token = acme.tokens(GIL_AT_HOME, "common", scope="openid offline_access User.Read")["refresh_token"]
    guest = acme.refresh(token, ACME_ID, scope="User.Read")
    assert error_of(guest) == (400, "invalid_grant", 65001)  # consent is each tenant's own
    acme.tokens(GIL, scope="openid User.Read")
    guest = acme.refresh(token, ACME_ID, scope="User.Read").json()
    assert (claims_of(guest["access_token"])["oid"], claims_of(guest["access_token"])["tid"]) == (GIL.id, ACME_ID)
    home = acme.refresh(guest["refresh_token"], GLOBEX_ID).json()
    assert claims_of(home["access_token"])["oid"] == GIL_AT_HOME.id
    hals = acme.tokens(HAL, "common", scope="openid offline_access User.Read")["refresh_token"]
    assert error_of(acme.refresh(hals, ACME_ID)) == (400, "invalid_grant", 50020)
    assert error_of(acme.refresh(hals, UNDECLARED)) == (400, "invalid_grant", 50020)


def test_graph_knows_a_guest_and_says_when_a_user_is_gone(acme):
    token = acme.tokens(GIL, scope="openid User.Read")["access_token"]
    with acme.idp.client(headers={"Authorization": f"Bearer {token}"}) as client:
        assert client.get(f"{GRAPH}/v1.0/me").json()["mail"] == "gil@globex.example"
        acme.declare(users=(BOB,))
        gone = client.get(f"{GRAPH}/v1.0/me")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "Request_ResourceNotFound")


def test_an_undeclared_tenant_takes_guests_for_its_members(acme):
    with acme.browser() as browser:
        page = acme.open(browser, UNDECLARED)
        answer = acme.idp.click_tile(browser, page, GIL.mail)
        tokens = acme.redeem(answer, UNDECLARED).json()
    claims = claims_of(tokens["access_token"])
    assert (claims["tid"], claims["upn"]) == (UNDECLARED, "gil@globex.example")
    assert "idp" not in claims


def test_what_one_tenant_registers_while_running_another_finds_at_once(acme):
    acme.entra.store.add(GLOBEX_ID, CLIENT.app_id)
    acme.change(OTHER, sign_in_audience="AzureADMyOrg")
    assert error_of(acme.app_token(OTHER_URI, tenant=GLOBEX_ID)) == (400, "invalid_resource", 500011)
    acme.entra.live.use(DIRECTORY)
    assert acme.app_token(OTHER_URI, tenant=GLOBEX_ID).status_code == 200
