"""The password grant: who may use it, and the number that tells why somebody may not (facts §7.3)."""

import msal
import pytest
from acme import ACME_ID, ANN, API, API_URI, BOB, CLIENT, EVE, GIL, GLOBEX_ID, HAL, LOU, MAX, NEO, granted
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import UsernamePasswordCredential
from harness import ANY_CLIENT, LOGIN, UNDECLARED, claims_of, error_of, header_of

from mock_idp import MockEntra
from mock_idp.directory.models import Application, PasswordCredential
from mock_idp.facts.wellknown import CONSUMERS_TENANT

SCOPE = f"openid profile offline_access {API_URI}/data.read"
TOOL = Application(
    app_id="ac3e0006-0000-4000-8000-0000000000f1",
    id="ac3e0007-0000-4000-8000-0000000000f1",
    display_name="Acme Tool",
    sign_in_audience="AzureADMultipleOrgs",
    fallback_public_client=True,
)


@pytest.fixture
def acme(acme):
    """With a public client that everybody consented to."""
    acme.declare(
        applications=(*acme.tenant.applications, TOOL),
        grants=(granted("data.read", client=TOOL), granted("data.read")),
    )
    return acme


def ask(acme, user: str = BOB.mail, tenant: str = ACME_ID, **body: str | None):
    """As the public client."""
    sent = {"client_id": TOOL.app_id, "client_secret": None, "grant_type": "password", "scope": SCOPE}
    return acme.token(tenant, **{**sent, "username": user, "password": "pw", **body})


def test_the_user_gets_what_a_sign_in_would_have_given(acme):
    answer = ask(acme)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert list(body) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token",
    ]  # fmt: skip
    access, identity = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert (access["aud"], access["scp"], access["oid"], access["azpacr"]) == (API.app_id, "data.read", BOB.id, "0")
    assert (identity["aud"], identity["preferred_username"]) == (TOOL.app_id, BOB.mail)
    assert header_of(body["access_token"])["alg"] == "RS256"


def test_the_refresh_token_needs_no_secret_either(acme):
    token = ask(acme).json()["refresh_token"]
    again = acme.refresh(token, client_id=TOOL.app_id, client_secret=None)
    assert again.status_code == 200, again.text


def test_a_web_app_needs_its_secret_and_so_does_its_refresh_token(acme):
    answer = ask(acme, client_id=CLIENT.app_id, client_secret="acme-secret")
    assert claims_of(answer.json()["access_token"])["azpacr"] == "1"
    refused = acme.refresh(answer.json()["refresh_token"], client_secret=None)
    assert error_of(refused) == (401, "invalid_client", 7000218)


@pytest.mark.parametrize(
    ("asked", "error", "number"),
    [
        ({"password": "wrong"}, "invalid_grant", 50126),
        ({"user": "nobody@acme.example"}, "invalid_grant", 50034),
        ({"user": LOU.mail}, "invalid_grant", 50053),
        ({"user": EVE.mail}, "invalid_grant", 50055),
        ({"user": EVE.mail, "password": "wrong"}, "invalid_grant", 50126),
        ({"user": MAX.mail}, "invalid_grant", 50076),
        ({"user": NEO.mail}, "invalid_grant", 50079),
        ({"user": GIL.mail}, "invalid_grant", 50034),
        ({"user": HAL.mail}, "invalid_grant", 50034),
        ({"scope": f"openid {API_URI}/data.write"}, "invalid_grant", 65001),
        ({"scope": f"{API_URI}/nonsense"}, "invalid_scope", 70011),
        ({"scope": "api://nowhere/x"}, "invalid_resource", 500011),
        ({"scope": f"User.Read {API_URI}/data.read"}, "invalid_grant", 65001),
        ({"user": None}, "invalid_request", 900144),
        ({"password": None}, "invalid_request", 900144),
        ({"scope": None}, "invalid_request", 900144),
        ({"tenant": "common"}, "invalid_request", 9001023),
        ({"tenant": "consumers"}, "invalid_request", 9001023),
        ({"tenant": CONSUMERS_TENANT}, "invalid_request", 9001023),
    ],
)
def test_it_is_refused_with_the_number_that_says_why(acme, asked, error, number):
    answer = ask(acme, **asked)
    assert error_of(answer) == (400, error, number)


@pytest.mark.parametrize(
    ("tenant", "directory"),
    [(ACME_ID, ACME_ID), ("acme.example", "acme.example"), ("organizations", "nowhere.example")],
)
def test_an_unknown_user_is_told_with_the_directory_that_was_asked(acme, tenant, directory):
    told = ask(acme, "nobody@nowhere.example", tenant=tenant).json()["error_description"]
    assert f"does not exist in the {directory} directory. " in told


def test_a_disabled_user_is_told_only_after_the_right_password(acme):
    acme.change(BOB, account_enabled=False)
    assert error_of(ask(acme, password="wrong")) == (400, "invalid_grant", 50126)
    assert error_of(ask(acme)) == (400, "invalid_grant", 50057)


def test_missing_consent_and_second_factors_say_so_in_suberror(acme):
    body = ask(acme, scope=f"{API_URI}/data.write").json()
    assert body["suberror"] == "consent_required"
    body = ask(acme, MAX.mail).json()
    assert body["suberror"] == "basic_action"
    assert "claims" not in body  # a password cannot answer a challenge


def test_a_client_that_does_not_allow_public_client_flows_needs_its_secret(acme):
    acme.change(TOOL, fallback_public_client=False)
    answer = ask(acme)
    assert error_of(answer) == (401, "invalid_client", 7000218)


def test_a_client_without_credentials_must_not_send_one(acme):
    assert error_of(ask(acme, client_secret="any")) == (401, "invalid_client", 700025)
    acme.change(TOOL, secrets=(PasswordCredential(value="right"),))
    assert error_of(ask(acme, client_secret="wrong")) == (401, "invalid_client", 7000215)
    assert ask(acme, client_secret="right").status_code == 200


def test_no_page_may_use_it(acme):
    with acme.idp.client() as client:
        data = {"client_id": TOOL.app_id, "grant_type": "password", "scope": SCOPE, "username": BOB.mail}
        answer = client.post(
            f"{LOGIN}/{ACME_ID}/oauth2/v2.0/token", data={**data, "password": "pw"},
            headers={"Origin": "http://localhost:3000"},
        )  # fmt: skip
    assert error_of(answer) == (400, "invalid_request", 9002326)


def test_on_organizations_the_users_own_tenant_answers(acme):
    answer = ask(acme, ANN.mail, "organizations")
    assert claims_of(answer.json()["access_token"])["tid"] == ACME_ID
    answer = ask(acme, HAL.mail, "organizations", scope="openid profile")
    assert claims_of(answer.json()["id_token"])["tid"] == GLOBEX_ID


def test_in_an_undeclared_tenant_any_password_will_do_but_not_none(idp):
    body = {"client_id": ANY_CLIENT, "client_secret": None, "grant_type": "password", "scope": "openid api://x/read"}
    answer = idp.token(UNDECLARED, **body, username="rita", password="whatever")
    assert claims_of(answer.json()["access_token"])["scp"] == "read"
    assert error_of(idp.token(UNDECLARED, **body, username="rita", password="")) == (400, "invalid_request", 900144)


def test_the_journal_knows_the_user_and_not_the_password(acme):
    ask(acme, password="s3cret-in-transit")
    entry = acme.entra.journal.last("token")
    assert (entry.user, entry.grant_type, entry.error) == (BOB.mail, "password", 50126)
    assert "s3cret-in-transit" not in str(entry)
    assert entry.parameters["password"] == "(17 characters)"


class TestClients:
    def test_msal_signs_in_after_asking_for_the_realm(self, entra: MockEntra):
        app = msal.PublicClientApplication(ANY_CLIENT, authority=f"{LOGIN}/{entra.tenant}")
        with pytest.warns(DeprecationWarning, match="deprecated"):
            result = app.acquire_token_by_username_password("rita@contoso.example", "any", ["api://orders/read"])
        assert claims_of(result["access_token"])["scp"] == "read"
        assert entra.journal.one("user_realm").ok
        (account,) = app.get_accounts()
        assert app.acquire_token_silent(["api://orders/read"], account)["token_source"] == "cache"

    def test_azure_identity_does_and_tells_what_is_wrong(self, entra: MockEntra):
        with pytest.warns(DeprecationWarning, match="deprecated"):
            credential = UsernamePasswordCredential(ANY_CLIENT, "rita@contoso.example", "any", tenant_id=entra.tenant)
        with pytest.warns(DeprecationWarning, match="deprecated"):
            assert claims_of(credential.get_token("api://orders/.default").token)["aud"] == "api://orders"
        entra.user("mia", mfa_required=True)
        entra.user("nils", mfa_required=True, mfa_registered=False)
        for name, number in (("mia", 50076), ("nils", 50079)):
            with pytest.warns(DeprecationWarning, match="deprecated"):
                other = UsernamePasswordCredential(ANY_CLIENT, name, "any", tenant_id=entra.tenant)
            with (
                pytest.warns(DeprecationWarning, match="deprecated"),
                pytest.raises(ClientAuthenticationError, match=f"AADSTS{number}"),
            ):
                other.get_token("api://orders/.default")
