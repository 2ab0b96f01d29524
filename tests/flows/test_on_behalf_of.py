"""On-behalf-of: an API trades the token it was called with for one of the next API (facts §7.2)."""

import json
from base64 import urlsafe_b64encode

import msal
import pytest
from acme import ACME_ID, ANN, API, API_URI, BOB, CLIENT, GLOBEX_ID, OTHER, OTHER_URI, READ, given, granted
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import OnBehalfOfCredential
from harness import ANY_CLIENT, LOGIN, UNDECLARED, WRONG_GUID, claims_of, error_of
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from mock_idp import MockEntra
from mock_idp.directory.models import AppRole, PasswordCredential, PermissionScope, PreAuthorized, RequiredResource
from mock_idp.tokens.minting import Wish

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SECRET = "api-secret"
NEXT = f"{OTHER_URI}/other.read"
WISH = Wish(tenant=UNDECLARED, audience=f"api://{ANY_CLIENT}", scopes=["read"])


@pytest.fixture
def acme(acme):
    """The API in the middle has a secret and the users' consent to the one behind it."""
    acme.declare(grants=(granted("data.read"), granted("other.read", client=API, resource=OTHER)))
    acme.change(API, secrets=(PasswordCredential(value=SECRET),))
    return acme


def called_with(acme, user=BOB, **parameters: str | None) -> str:
    """The access token with which the API is called."""
    return acme.tokens(user, **parameters)["access_token"]


def trade(acme, assertion: str | None, tenant: str = ACME_ID, **body: str | None):
    sent = {
        "client_id": API.app_id, "client_secret": SECRET, "grant_type": GRANT, "assertion": assertion,
        "scope": NEXT, "requested_token_use": "on_behalf_of", **body,
    }  # fmt: skip
    return acme.token(tenant, **sent)


def test_the_next_token_is_the_users_for_the_next_api_by_the_one_in_the_middle(acme):
    role = AppRole(id="ac3e0008-0000-4000-8000-0000000000aa", value="Reader")
    acme.change(OTHER, app_roles=(role,), requested_access_token_version=2)
    acme.declare(role_assignments=(given(BOB, OTHER, "Reader"),))
    answer = trade(acme, called_with(acme), scope=f"openid profile offline_access {NEXT}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert list(body) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token",
    ]  # fmt: skip
    access = claims_of(body["access_token"])
    assert (access["aud"], access["scp"], access["roles"]) == (OTHER.app_id, "other.read", ["Reader"])
    assert (access["oid"], access["azp"], access["azpacr"]) == (BOB.id, API.app_id, "1")
    assert claims_of(body["id_token"])["aud"] == API.app_id


def test_without_offline_access_no_refresh_token_and_with_it_one_that_needs_the_secret(acme):
    assert "refresh_token" not in trade(acme, called_with(acme)).json()
    token = trade(acme, called_with(acme), scope=f"offline_access {NEXT}").json()["refresh_token"]
    assert acme.refresh(token, client_id=API.app_id, client_secret=SECRET).status_code == 200
    assert error_of(acme.refresh(token, client_id=API.app_id, client_secret=None))[2] == 7000218


def test_a_v1_token_that_names_the_api_by_its_uri_will_do(acme):
    acme.change(API, requested_access_token_version=1)
    token = called_with(acme)
    assert claims_of(token)["aud"] == API_URI
    assert trade(acme, token).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "error", "number"),
    [
        ({"requested_token_use": None}, 400, "invalid_request", 900144),
        ({"requested_token_use": "something"}, 400, "invalid_request", 9002313),
        ({"assertion": None}, 400, "invalid_request", 900144),
        ({"scope": None}, 400, "invalid_request", 900144),
        ({"assertion": "no.jwt"}, 400, "invalid_request", 50027),
        ({"assertion": "Bearer x.y.z"}, 400, "invalid_request", 50027),
        ({"client_secret": None}, 401, "invalid_client", 7000218),
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"scope": f"{OTHER_URI}/nonsense"}, 400, "invalid_scope", 70011),
        ({"scope": "api://nowhere/x"}, 400, "invalid_resource", 500011),
        ({"scope": f"{NEXT} https://graph.microsoft.com/User.Read"}, 400, "invalid_request", 28000),
        ({"scope": f"{API_URI}/.default"}, 400, "invalid_request", 90009),
        ({"scope": "User.Read"}, 400, "invalid_grant", 65001),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:saml2"}, 404, "invalid_request", 51000),
    ],
)
def test_it_is_refused_with_the_number_that_says_why(acme, asked, status, error, number):
    if number == 90009:
        wanted = RequiredResource(resource_app_id=API.app_id, scopes=(READ.id,))
        acme.change(API, required_resources=(wanted,))
    sent = {"assertion": called_with(acme), **asked}
    assert error_of(trade(acme, **sent)) == (status, error, number)


class TestTheAssertion:
    def test_an_id_token_is_none(self, acme):
        tokens = acme.tokens()
        assert error_of(trade(acme, tokens["id_token"])) == (400, "invalid_request", 240002)

    def test_nor_is_an_applications_own_token(self, acme):
        token = acme.app_token().json()["access_token"]
        answer = trade(acme, token)
        assert error_of(answer) == (400, "unauthorized_client", 7000114)
        assert "client_credentials" in acme.entra.journal.last("token").hint

    def test_one_for_another_api_is_refused_and_both_are_named(self, acme):
        token = called_with(acme, scope=f"openid {NEXT}")
        answer = trade(acme, token)
        assert error_of(answer) == (400, "invalid_grant", 500131)
        audience = claims_of(token)["aud"]
        assert f"audience in the assertion was '{audience}'" in answer.json()["error_description"]
        assert f"App ID '{API.app_id}'(Acme Data)" in answer.json()["error_description"]

    def test_graphs_too(self, acme):
        token = called_with(acme, scope="User.Read")
        assert error_of(trade(acme, token)) == (400, "invalid_grant", 500131)

    def test_an_expired_one_is_told_with_both_times(self, acme, clock):
        token = called_with(acme)
        clock.forward(6000)
        answer = trade(acme, token)
        assert error_of(answer) == (400, "invalid_grant", 500133)
        assert ", expiry time of assertion 20" in answer.json()["error_description"]

    def test_after_a_rotation_it_is_good_until_the_key_is_retired(self, acme):
        token = called_with(acme)
        try:
            acme.entra.keys.rotate()
            assert trade(acme, token).status_code == 200
            acme.entra.keys.rotate(retire=True)
            answer = trade(acme, token)
        finally:
            acme.entra.keys.reset()
        assert error_of(answer) == (400, "invalid_grant", 50013)
        assert "Reason - The key was not found., Thumbprint of key used by client: '" in answer.text

    def test_without_a_signature_it_is_nothing(self, acme):
        _, payload, signature = called_with(acme).split(".")
        for header in ({"alg": "none", "typ": "JWT"}, {"alg": "HS256", "kid": acme.entra.keys.kid}):
            encoded = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
            for end in ("", signature):
                assert error_of(trade(acme, f"{encoded}.{payload}.{end}"))[2] == 50013

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @drawn(st.data())
    def test_no_changed_token_is_ever_taken(self, idp, data):
        minted = idp.entra.mint.user_token("rita", WISH).text
        position = data.draw(st.integers(0, len(minted) - 1))
        other = data.draw(st.sampled_from("AQgw_-.=0 \n"))
        changed = minted[:position] + other + minted[position + 1 :]
        if changed == minted:
            return
        answer = idp.token(
            UNDECLARED, client_id=ANY_CLIENT, client_secret="x", grant_type=GRANT, assertion=changed,
            scope="api://next/read", requested_token_use="on_behalf_of",
        )  # fmt: skip
        assert error_of(answer)[2] in (50013, 50027, 90004, 900144)

    def test_no_page_may_trade_it(self, acme):
        sent = {"client_id": API.app_id, "client_secret": SECRET, "grant_type": GRANT, "assertion": called_with(acme)}
        with acme.idp.client() as client:
            answer = client.post(
                f"{LOGIN}/{ACME_ID}/oauth2/v2.0/token", headers={"Origin": "http://localhost:3000"},
                data={**sent, "scope": NEXT, "requested_token_use": "on_behalf_of"},
            )  # fmt: skip
        assert error_of(answer) == (400, "invalid_request", 9002326)


class TestConsent:
    def test_the_api_in_the_middle_needs_it_itself(self, acme):
        acme.declare(grants=(granted("data.read"),))
        body = trade(acme, called_with(acme)).json()
        assert (body["error"], body["error_codes"], body["suberror"]) == ("invalid_grant", [65001], "consent_required")
        assert f"'{API.app_id}' named 'Acme Data'" in body["error_description"]
        assert "for Acme Data" in acme.entra.journal.entries[-1].hint  # others may have it

    def test_the_next_api_may_let_it_in_without(self, acme):
        acme.declare(grants=(granted("data.read"),))
        scope = OTHER.scopes[0]
        acme.change(OTHER, pre_authorized=(PreAuthorized(app_id=API.app_id, scopes=(scope.id,)),))
        assert trade(acme, called_with(acme)).status_code == 200

    def test_default_gives_all_that_was_granted(self, acme):
        more = (*OTHER.scopes, PermissionScope(id="ac3e0005-0000-4000-8000-0000000000bb", value="other.write"))
        wanted = RequiredResource(resource_app_id=OTHER.app_id, scopes=tuple(scope.id for scope in more))
        acme.change(OTHER, scopes=more)
        acme.change(API, required_resources=(wanted,))
        acme.declare(grants=(granted("data.read"), granted("other.read", "other.write", client=API, resource=OTHER)))
        body = trade(acme, called_with(acme), scope=f"{OTHER_URI}/.default").json()
        assert claims_of(body["access_token"])["scp"] == "other.read other.write"
        assert body["scope"].endswith(f"{OTHER_URI}/.default")

    @pytest.mark.parametrize("known", [True, False])
    def test_one_consent_is_for_both_when_the_api_knows_the_client(self, acme, known):
        acme.declare(grants=())
        wanted = RequiredResource(resource_app_id=API.app_id, scopes=(READ.id,))
        behind = RequiredResource(resource_app_id=OTHER.app_id, scopes=(OTHER.scopes[0].id,))
        acme.change(CLIENT, required_resources=(wanted,))
        acme.change(API, required_resources=(behind,), known_clients=(CLIENT.app_id,) if known else ())
        answer = trade(acme, called_with(acme, scope=f"openid {API_URI}/.default"), scope=f"{OTHER_URI}/.default")
        if known:
            assert claims_of(answer.json()["access_token"])["scp"] == "other.read"
        else:
            assert error_of(answer) == (400, "invalid_grant", 65001)

    def test_default_of_an_api_that_it_never_registered_is_refused(self, acme):
        acme.declare(grants=(granted("data.read"),))
        assert error_of(trade(acme, called_with(acme), scope=f"{OTHER_URI}/.default")) == (
            400, "invalid_resource", 650057,
        )  # fmt: skip


class TestTheUser:
    def test_one_who_needs_a_second_factor_meanwhile_is_challenged_and_the_challenge_helps(self, acme):
        token = called_with(acme)
        acme.change(BOB, mfa_required=True)
        body = trade(acme, token).json()
        assert (body["error"], body["error_codes"], body["suberror"]) == (
            "interaction_required", [50076], "basic_action",
        )  # fmt: skip
        (policy,) = json.loads(body["claims"])["access_token"]["capolids"]["values"]
        assert len(policy) == 36
        with acme.browser() as browser:  # the app passes the challenge on to authorize
            page = acme.sign_in(browser, BOB, claims=body["claims"])
            assert "Approve sign in request" in page.text
            answer = acme.idp.submit(browser, page, approve="1")
            fresh = acme.redeem(answer, claims=body["claims"]).json()["access_token"]
            assert trade(acme, fresh).status_code == 200

    def test_one_who_never_registered_a_second_factor_is_challenged_too_and_registers_at_authorize(self, acme):
        token = called_with(acme)
        acme.change(BOB, mfa_required=True, mfa_registered=False)
        body = trade(acme, token).json()
        assert (body["error"], body["error_codes"], body["suberror"]) == (
            "interaction_required", [50079], "basic_action",
        )  # fmt: skip
        assert f"you must enroll in multi-factor authentication to access '{OTHER.app_id}'" in body["error_description"]
        with acme.browser() as browser:
            page = acme.sign_in(browser, BOB, claims=body["claims"])
            answer = acme.idp.submit(browser, acme.idp.submit(browser, page, proofup="1"), register="1")
            fresh = acme.redeem(answer, claims=body["claims"]).json()["access_token"]
        assert trade(acme, fresh).status_code == 200
        assert trade(acme, token).json()["error_codes"] == [50076]

    def test_one_who_was_disabled_is_refused(self, acme):
        token = called_with(acme)
        acme.change(BOB, account_enabled=False)
        assert error_of(trade(acme, token)) == (400, "invalid_grant", 50057)

    def test_one_without_an_account_in_the_tenant_asked_is_refused(self, acme):
        acme.change(API, sign_in_audience="AzureADMultipleOrgs")
        answer = trade(acme, called_with(acme), GLOBEX_ID)
        assert error_of(answer) == (400, "invalid_grant", 50020)

    def test_on_common_the_tokens_own_tenant_answers(self, acme):
        acme.change(API, sign_in_audience="AzureADMultipleOrgs")
        body = trade(acme, called_with(acme, ANN), "common").json()
        assert claims_of(body["access_token"])["tid"] == ACME_ID

    def test_the_journal_knows_who_asked_for_whom_and_no_token(self, acme):
        token = called_with(acme)
        trade(acme, token)
        entry = acme.entra.journal.last("token")
        assert (entry.user, entry.about["asked_by"], entry.client) == (BOB.mail, CLIENT.app_id, "Acme Data")
        assert token not in str(entry)


class TestClients:
    def test_msal_trades_it_and_finds_the_next_one_in_its_cache(self, entra: MockEntra):
        token = entra.token("rita", audience=f"api://{ANY_CLIENT}", scopes=["read"])
        app = msal.ConfidentialClientApplication(
            ANY_CLIENT, client_credential="any", authority=f"{LOGIN}/{entra.tenant}"
        )
        result = app.acquire_token_on_behalf_of(str(token), ["api://next/read"])
        assert claims_of(result["access_token"])["oid"] == token.claims["oid"]
        (account,) = app.get_accounts()
        assert app.acquire_token_silent(["api://next/read"], account)["token_source"] == "cache"

    def test_azure_identity_does_and_tells_what_is_wrong(self, entra: MockEntra):
        token = entra.token("rita", audience=f"api://{ANY_CLIENT}", scopes=["read"])
        credential = OnBehalfOfCredential(
            entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(token)
        )  # fmt: skip
        claims = claims_of(credential.get_token("https://graph.microsoft.com/User.Read").token)
        assert (claims["oid"], claims["appid"]) == (token.claims["oid"], ANY_CLIENT)
        other = entra.token("rita", audience=f"api://{WRONG_GUID}", scopes=["read"])
        with pytest.raises(ClientAuthenticationError, match="AADSTS500131"):
            OnBehalfOfCredential(
                entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(other)
            ).get_token("https://graph.microsoft.com/User.Read")  # fmt: skip

    def test_where_nobody_declared_whose_a_uri_is_it_is_the_clients_and_the_journal_says_so(self, entra: MockEntra):
        credential = OnBehalfOfCredential(
            entra.tenant, ANY_CLIENT, client_secret="any",
            user_assertion=str(entra.token("rita", audience="api://orders", scopes=["read"])),
        )  # fmt: skip
        assert credential.get_token("https://graph.microsoft.com/User.Read").token
        assert any("api://orders is taken for" in note for note in entra.journal.last("token").notes)
        graph = OnBehalfOfCredential(
            entra.tenant, ANY_CLIENT, client_secret="any",
            user_assertion=str(entra.token("rita", audience="https://graph.microsoft.com", scopes=["User.Read"])),
        )  # fmt: skip
        with pytest.raises(ClientAuthenticationError, match="AADSTS500131"):
            graph.get_token("https://graph.microsoft.com/User.Read")

    def test_azure_identity_hands_on_the_challenge(self, entra: MockEntra):
        token = entra.token("mia", audience=f"api://{ANY_CLIENT}", scopes=["read"])
        credential = OnBehalfOfCredential(entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(token))
        with pytest.raises(ClientAuthenticationError, match="AADSTS50076"):
            credential.get_token("https://graph.microsoft.com/User.Read")
        assert entra.journal.last("token").oauth_error == "interaction_required"
