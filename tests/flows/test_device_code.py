"""The device code grant: the codes, the page where one is typed, and what polling is told meanwhile (facts §7.1)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin

import msal
import pytest
from acme import ACME_ID, ANN, API, API_URI, BOB, GIL, GLOBEX_ID, HAL, LOU, MAX, NEO, READ, granted
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DeviceCodeCredential
from harness import ANY_CLIENT, CONTOSO, LOGIN, UNDECLARED, WRONG_GUID, Forms, claims_of, error_of, hint_of, shown

from mock_idp import MockEntra
from mock_idp.directory.models import Application, PasswordCredential, RequiredResource
from mock_idp.runtime.store import DeviceCode, Store
from mock_idp.visitor import VisitError

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
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


def begin(idp, tenant: str = ACME_ID, version: str = "/v2.0", **body: str | None):
    """Ask for the codes."""
    sent = {"client_id": TOOL.app_id, "scope": SCOPE, **body}
    with idp.client() as client:
        return client.post(
            f"{LOGIN}/{tenant}/oauth2{version}/devicecode", data={n: v for n, v in sent.items() if v is not None}
        )


def poll(idp, code: dict, tenant: str = ACME_ID, **body: str | None):
    sent = {"client_id": TOOL.app_id, "client_secret": None, "grant_type": GRANT, "device_code": code["device_code"]}
    return idp.token(tenant, **{**sent, **body})


def typed(idp, browser, code: dict):
    """The page after the code was typed."""
    page = browser.get(code["verification_uri"], follow_redirects=True)
    assert Forms(page.text).found[0][1] == {"otc": ""}
    return idp.submit(browser, page, otc=code["user_code"])


def signed_in(idp, browser, code: dict, user=BOB):
    """The page after signing in, which asks whether that was meant."""
    page = idp.submit(browser, typed(idp, browser, code), loginfmt=user.mail)
    return idp.submit(browser, page, passwd="pw")


def approve(idp, code: dict, user=BOB):
    """The whole way to the last page."""
    with idp.browser() as browser:
        return idp.submit(browser, signed_in(idp, browser, code, user), confirm="1")


class TestTheCodes:
    def test_the_answer_is_entras_member_by_member(self, acme):
        body = begin(acme.idp).json()
        uri = f"{acme.idp.front_url}/device"
        assert list(body) == ["user_code", "device_code", "verification_uri", "expires_in", "interval", "message"]
        assert (body["verification_uri"], body["expires_in"], body["interval"]) == (uri, 900, 5)
        assert body["message"] == (
            f"To sign in, use a web browser to open the page {uri} and enter the code {body['user_code']} to "
            "authenticate."
        )
        assert len(body["user_code"]) == 9
        assert body["user_code"].isalnum()
        assert body["user_code"].isupper()
        assert body["device_code"][0].isupper()

    def test_with_the_real_front_channel_it_names_microsofts_page(self, real_front):
        body = begin(real_front, UNDECLARED).json()
        assert body["verification_uri"] == "https://login.microsoft.com/device"
        with real_front.client() as client:
            page = client.get(body["verification_uri"], follow_redirects=True)
        assert page.url == "https://login.microsoft.com/common/oauth2/deviceauth"
        assert 'name="otc"' in page.text

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_v1_has_another_member_and_numbers_as_text(self, acme, method):
        sent = {"client_id": TOOL.app_id, "resource": API_URI}
        with acme.idp.client() as client:
            where = {"params": sent} if method == "GET" else {"data": sent}
            body = client.request(method, f"{LOGIN}/{ACME_ID}/oauth2/devicecode", **where).json()
        assert list(body) == ["user_code", "device_code", "verification_url", "expires_in", "interval", "message"]
        assert (body["expires_in"], body["interval"]) == ("900", "5")

    @pytest.mark.parametrize(
        ("asked", "error", "number"),
        [
            ({"scope": f"{API_URI}/nonsense"}, "invalid_scope", 70011),
            ({"scope": "{}"}, "invalid_scope", 70011),
            ({"scope": "api://nowhere/x"}, "invalid_resource", 500011),
            ({"scope": None}, "invalid_request", 900144),
            ({"client_id": None}, "invalid_request", 900144),
            ({"client_id": WRONG_GUID}, "unauthorized_client", 700016),
            ({"tenant": "not a tenant"}, "invalid_request", 900023),
            ({"tenant": "consumers"}, "invalid_request", 9002332),
        ],
    )
    def test_what_cannot_be_had_is_refused_here_already(self, acme, asked, error, number):
        assert error_of(begin(acme.idp, **asked)) == (400, error, number)

    def test_only_so_many_wait_and_a_reset_forgets_them(self):
        store = Store()
        for number in range(store.device_codes.limit + 5):
            store.wait_for(
                DeviceCode(
                    device_code=f"d{number}", user_code=f"u{number}", segment="x", client_id="x", scope="x", issued_at=0
                )
            )
        assert len(store.device_codes) == len(store.user_codes) == store.device_codes.limit
        assert store.user_codes.get("u0") is None
        store.reset()
        assert len(store.device_codes) == len(store.user_codes) == 0


class TestPolling:
    def test_it_waits_until_somebody_agreed_and_then_works_once(self, acme):
        code = begin(acme.idp).json()
        pending = poll(acme.idp, code)
        assert error_of(pending) == (400, "authorization_pending", 70016)
        assert pending.json()["error_uri"].endswith("/error?code=70016")
        page = approve(acme.idp, code)
        assert "You have signed in to Acme Tool on your device. You may now close this window." in page.text
        body = poll(acme.idp, code).json()
        assert list(body) == [
            "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token",
        ]  # fmt: skip
        access = claims_of(body["access_token"])
        assert (access["aud"], access["scp"], access["oid"], access["azpacr"]) == (API.app_id, "data.read", BOB.id, "0")
        assert error_of(poll(acme.idp, code)) == (400, "invalid_grant", 70000)
        refreshed = acme.refresh(body["refresh_token"], client_id=TOOL.app_id, client_secret=None)
        assert refreshed.status_code == 200, refreshed.text

    def test_two_polls_at_the_same_moment_have_one_winner(self, acme):
        code = begin(acme.idp).json()
        approve(acme.idp, code)
        together = threading.Barrier(4)

        def race(_: int):
            together.wait()
            return poll(acme.idp, code).status_code

        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(race, range(4))) == [200, 400, 400, 400]

    def test_msals_and_v1s_name_for_the_code_will_do(self, acme):
        code = begin(acme.idp).json()
        for names in (("device_code", "code"), ("code",)):
            sent = {"client_id": TOOL.app_id, "client_secret": None, "grant_type": GRANT}
            answer = acme.idp.token(ACME_ID, **{**sent, **dict.fromkeys(names, code["device_code"])})
            assert error_of(answer)[2] == 70016

    def test_cancel_on_the_page_declines(self, acme):
        code = begin(acme.idp).json()
        with acme.idp.browser() as browser:
            page = acme.idp.submit(browser, signed_in(acme.idp, browser, code), cancel="1")
        assert "You have declined" in page.text
        assert error_of(poll(acme.idp, code)) == (400, "authorization_declined", 65004)

    def test_a_code_lives_for_fifteen_minutes(self, acme, clock):
        code = begin(acme.idp).json()
        clock.forward(900)
        assert error_of(poll(acme.idp, code))[2] == 70016
        clock.forward(1)
        assert error_of(poll(acme.idp, code)) == (400, "expired_token", 70020)
        with acme.idp.browser() as browser:
            page = typed(acme.idp, browser, code)
        assert "That code has expired." in page.text
        assert hint_of(page).startswith("AADSTS70019")

    @pytest.mark.parametrize(
        ("asked", "status", "error", "number"),
        [
            ({"device_code": "DAQABAAEAAAD"}, 400, "invalid_grant", 7000014),
            ({"device_code": None}, 400, "invalid_request", 900144),
            ({"client_id": API.app_id}, 401, "invalid_client", 7000218),
            ({"client_secret": "any"}, 401, "invalid_client", 700025),
        ],
    )
    def test_a_wrong_poll_is_refused_with_the_number_that_says_why(self, acme, asked, status, error, number):
        assert error_of(poll(acme.idp, begin(acme.idp).json(), **asked)) == (status, error, number)

    def test_an_unknown_code_has_no_lookup_page(self, acme):
        assert "error_uri" not in poll(acme.idp, begin(acme.idp).json(), device_code="x").json()

    def test_another_client_cannot_use_it(self, acme):
        code = begin(acme.idp).json()
        approve(acme.idp, code)
        thief = acme.token(grant_type=GRANT, device_code=code["device_code"])
        assert error_of(thief) == (400, "invalid_grant", 70000)
        assert poll(acme.idp, code).status_code == 200

    def test_nor_can_another_tenant(self, acme):
        code = begin(acme.idp).json()
        approve(acme.idp, code)
        assert error_of(poll(acme.idp, code, GLOBEX_ID)) == (400, "invalid_grant", 7000014)

    def test_nor_a_page(self, acme):
        code = begin(acme.idp).json()
        with acme.idp.client() as client:
            answer = client.post(
                f"{LOGIN}/{ACME_ID}/oauth2/v2.0/token", headers={"Origin": "http://localhost:3000"},
                data={"client_id": TOOL.app_id, "grant_type": GRANT, "device_code": code["device_code"]},
            )  # fmt: skip
        assert error_of(answer) == (400, "invalid_request", 9002326)

    def test_a_confidential_client_polls_with_its_secret(self, acme):
        acme.change(TOOL, fallback_public_client=False, secrets=(PasswordCredential(value="right"),))
        code = begin(acme.idp).json()
        assert error_of(poll(acme.idp, code)) == (401, "invalid_client", 7000218)
        approve(acme.idp, code)
        body = poll(acme.idp, code, client_secret="right").json()
        assert claims_of(body["access_token"])["azpacr"] == "1"
        refused = acme.refresh(body["refresh_token"], client_id=TOOL.app_id, client_secret=None)
        assert error_of(refused) == (401, "invalid_client", 7000218)

    def test_two_resources_cannot_share_a_token(self, acme):
        scope = f"{API_URI}/data.read https://graph.microsoft.com/User.Read"
        acme.declare(grants=())
        code = begin(acme.idp, scope=scope).json()
        approve(acme.idp, code)
        assert error_of(poll(acme.idp, code)) == (400, "invalid_request", 28000)

    def test_v1_polls_with_its_own_names(self, acme):
        sent = {"client_id": TOOL.app_id, "resource": API_URI}
        wanted = RequiredResource(resource_app_id=API.app_id, scopes=(READ.id,))
        acme.change(TOOL, required_resources=(wanted,))
        with acme.idp.client() as client:
            code = client.post(f"{LOGIN}/{ACME_ID}/oauth2/devicecode", data=sent).json()
            url = f"{LOGIN}/{ACME_ID}/oauth2/token"
            data = {"client_id": TOOL.app_id, "grant_type": "device_code", "code": code["device_code"]}
            assert client.post(url, data=data).json()["error_codes"] == [70016]
            approve(acme.idp, {**code, "verification_uri": code["verification_url"]})
            body = client.post(url, data={**data, "resource": API_URI}).json()
        assert body["resource"] == API_URI
        assert body["expires_in"].isdigit()


class TestThePage:
    def test_a_wrong_code_is_told(self, acme):
        with acme.idp.browser() as browser:
            page = browser.get("/device", follow_redirects=True)
            wrong = acme.idp.submit(browser, page, otc="WRONGCODE")
            assert "That code didn't work. Check the code and try again." in wrong.text.replace("&#39;", "'")
            assert hint_of(wrong).startswith("AADSTS70018")
            assert Forms(wrong.text).found[0][1] == {"otc": "WRONGCODE"}
            assert hint_of(acme.idp.submit(browser, page, otc=" ")).startswith("AADSTS90119")

    def test_so_is_one_that_was_used(self, acme):
        code = begin(acme.idp).json()
        approve(acme.idp, code)
        with acme.idp.browser() as browser:
            assert hint_of(typed(acme.idp, browser, code)).startswith("AADSTS90120")

    @pytest.mark.parametrize("written", [str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
    def test_case_spaces_and_hyphens_do_not_matter(self, acme, written):
        code = begin(acme.idp).json()
        with acme.idp.browser() as browser:
            assert "to continue to" in typed(acme.idp, browser, {**code, "user_code": written(code["user_code"])}).text

    def test_it_asks_whether_this_app_is_meant_also_who_is_signed_in_already(self, acme):
        with acme.idp.browser() as browser:
            first, second = begin(acme.idp).json(), begin(acme.idp).json()
            page = signed_in(acme.idp, browser, first)
            assert "Are you trying to sign in to Acme Tool?" in page.text
            acme.idp.submit(browser, page, confirm="1")
            page = typed(acme.idp, browser, second)
            assert "Are you trying to sign in to Acme Tool?" in page.text
            assert error_of(poll(acme.idp, second))[2] == 70016

    def test_to_say_yes_without_having_signed_in_is_not_enough(self, acme):
        code = begin(acme.idp).json()
        with acme.idp.browser() as browser:
            action, fields, _ = Forms(typed(acme.idp, browser, code).text).found[0]
            forged = browser.post(
                urljoin(acme.idp.front_url, action), data={**fields, "loginfmt": BOB.mail, "confirm": "1"}
            )
        assert "Enter password" in forged.text
        assert error_of(poll(acme.idp, code))[2] == 70016

    def test_a_second_factor_is_asked_for_and_a_yes_is_none(self, acme):
        code = begin(acme.idp).json()
        with acme.idp.browser() as browser:
            page = signed_in(acme.idp, browser, code, MAX)
            assert "Approve sign in request" in page.text
            assert "Approve sign in request" in acme.idp.submit(browser, page, confirm="1").text
            page = acme.idp.submit(browser, page, approve="1")
            acme.idp.submit(browser, page, confirm="1")
        assert poll(acme.idp, code).status_code == 200

    def test_a_second_factor_is_registered_on_the_way(self, acme):
        code = begin(acme.idp).json()
        with acme.idp.browser() as browser:
            page = signed_in(acme.idp, browser, code, NEO)
            assert "More information required" in page.text
            page = acme.idp.submit(browser, page, proofup="1")
            assert "Keep your account secure" in page.text
            page = acme.idp.submit(browser, page, register="1")
            acme.idp.submit(browser, page, confirm="1")
        assert poll(acme.idp, code).status_code == 200

    def test_somebody_who_cannot_sign_in_is_told_and_the_device_waits_on(self, acme):
        code = begin(acme.idp).json()
        with acme.idp.browser() as browser:
            assert hint_of(signed_in(acme.idp, browser, code, LOU)).startswith("AADSTS50053")
        with acme.idp.browser() as browser:
            assert shown(signed_in(acme.idp, browser, code, HAL)) == (200, 50020)
        assert error_of(poll(acme.idp, code))[2] == 70016
        approve(acme.idp, code, GIL)
        assert claims_of(poll(acme.idp, code).json()["access_token"])["oid"] == GIL.id

    @pytest.mark.parametrize("alias", ["common", "organizations"])
    def test_on_an_alias_the_users_own_tenant_issues(self, acme, alias):
        code = begin(acme.idp, alias).json()
        approve(acme.idp, code, ANN)
        assert claims_of(poll(acme.idp, code, alias).json()["access_token"])["tid"] == ACME_ID

    def test_the_journal_shows_neither_code(self, acme):
        code = begin(acme.idp).json()
        approve(acme.idp, code)
        poll(acme.idp, code)
        told = "\n".join(map(str, acme.entra.journal.entries))
        assert code["device_code"] not in told
        assert acme.entra.journal.one("devicecode").issued[0].kind == "device code"
        assert acme.entra.journal.last("token").user == BOB.mail


class TestClients:
    def test_msal_signs_in_while_somebody_types_the_code(self, entra: MockEntra):
        app = msal.PublicClientApplication(ANY_CLIENT, authority=f"{LOGIN}/{entra.tenant}")
        flow = app.initiate_device_flow(["api://orders/read"])
        assert flow["user_code"] in flow["message"]
        entra.approve_device(flow["user_code"], user="walt")
        result = app.acquire_token_by_device_flow(flow)
        assert claims_of(result["access_token"])["upn"].startswith("walt@")
        (account,) = app.get_accounts()
        assert app.acquire_token_silent(["api://orders/read"], account)["token_source"] == "cache"

    def test_msal_tells_that_it_was_declined(self, entra: MockEntra):
        app = msal.PublicClientApplication(ANY_CLIENT, authority=f"{LOGIN}/organizations")
        flow = app.initiate_device_flow(["User.Read"])
        entra.decline_device(flow["user_code"])
        assert app.acquire_token_by_device_flow(flow)["error"] == "authorization_declined"

    def test_azure_identity_shows_the_code_and_waits(self, entra: MockEntra):
        def prompt(uri: str, user_code: str, _expires) -> None:
            assert uri == f"{entra.front_url}/device"
            entra.approve_device(user_code)

        credential = DeviceCodeCredential(ANY_CLIENT, tenant_id=entra.tenant, prompt_callback=prompt)
        assert claims_of(credential.get_token("https://graph.microsoft.com/User.Read").token)["name"] == "Rita Reader"

    @pytest.mark.parametrize(
        "scope", ["https://management.azure.com/.default", "https://graph.microsoft.com/User.Read"]
    )
    def test_azure_identity_without_a_client_id_asks_as_the_azure_cli(self, entra: MockEntra, scope):
        credential = DeviceCodeCredential(
            tenant_id=CONTOSO.id, prompt_callback=lambda _, code, __: entra.approve_device(code, user="rita")
        )
        claims = claims_of(credential.get_token(scope).token)
        assert (claims["appid"], claims["appidacr"]) == ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "0")
        assert len(claims["scp"].split()) < 15  # and not all that Graph has

    def test_azure_identity_tells_that_it_was_declined(self, entra: MockEntra):
        credential = DeviceCodeCredential(
            ANY_CLIENT, tenant_id=entra.tenant, prompt_callback=lambda _, code, __: entra.decline_device(code)
        )
        with pytest.raises(ClientAuthenticationError, match="AADSTS65004"):
            credential.get_token("https://graph.microsoft.com/User.Read")

    def test_a_wrong_code_or_user_stops_the_test_with_the_page_and_the_hint(self, entra: MockEntra):
        with pytest.raises(VisitError, match="AADSTS70018"):
            entra.approve_device("WRONGCODE")
        app = msal.PublicClientApplication(ANY_CLIENT, authority=f"{LOGIN}/{entra.tenant}")
        flow = app.initiate_device_flow(["User.Read"])
        entra.user("locky", locked=True)
        with pytest.raises(VisitError, match="AADSTS50053"):
            entra.approve_device(flow["user_code"], user="locky")
        entra.user("nils", mfa_required=True, mfa_registered=False)
        entra.approve_device(flow["user_code"], user="nils")
        with pytest.raises(VisitError, match="AADSTS90120"):
            entra.approve_device(flow["user_code"])


def test_spaces_in_the_scope_are_not_kept(idp, acme):
    assert begin(idp, scope=f"{SCOPE}{' ' * 200_000}\topenid").status_code == 200
    (kept,) = idp.entra.store.device_codes.values()
    assert kept.scope == f"{SCOPE} openid"
