"""The v1.0 userinfo endpoint: the token that a sign-in without a resource brings, and what it opens."""

import httpx
import pytest
from acme import ACME_ID, API_URI, BOB, CLIENT, GIL, GLOBEX_ID, SECRET, granted
from harness import LOGIN, REDIRECT, Forms, claims_of, error_of, query_of

from mock_idp.runtime.journal import presentable
from mock_idp.tokens.explain.opaque import of_ours

USERINFO = f"/{ACME_ID}/openid/userinfo"


class SignIn:
    """Sign-ins at v1.0 with ``openid`` in scope and without ``resource``, as passport-azure-ad does them."""

    def __init__(self, acme) -> None:
        self.acme = acme

    def code(self, user=BOB, tenant: str = ACME_ID, **parameters: str) -> str:
        asked = {
            "client_id": CLIENT.app_id, "response_type": "code", "redirect_uri": REDIRECT, "scope": "openid",
            **parameters,
        }  # fmt: skip
        with self.acme.idp.browser() as browser:
            answer = browser.get(f"/{tenant}/oauth2/authorize", params=asked)
            answer = self.acme.idp.submit(browser, answer, loginfmt=user.mail)
            answer = self.acme.idp.submit(browser, answer, passwd="pw")
            while answer.status_code == 200 and (forms := Forms(answer.text).found):
                action, fields, buttons = forms[0]
                name, value = next(each for each in buttons if each[0])
                answer = browser.post(action, data={**fields, name: value})
        return query_of(answer)["code"]

    def token(self, tenant: str = ACME_ID, **body: str) -> httpx.Response:
        sent = {"client_id": CLIENT.app_id, "client_secret": SECRET, **body}
        with self.acme.idp.client() as client:
            return client.post(f"{LOGIN}/{tenant}/oauth2/token", data=sent)

    def tokens(self, **of_code) -> dict[str, str]:
        answer = self.token(grant_type="authorization_code", code=self.code(**of_code), redirect_uri=REDIRECT)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, token: str | None, method: str = "GET", path: str = USERINFO, **options) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with self.acme.idp.client() as client:
            return client.request(method, f"{LOGIN}{path}", headers=headers | options.pop("headers", {}), **options)


@pytest.fixture
def v1(acme) -> SignIn:
    return SignIn(acme)


def test_a_sign_in_alone_brings_an_opaque_token_for_azure_ad_graph_and_an_id_token(v1):
    tokens = v1.tokens()
    assert list(tokens) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "access_token",
        "refresh_token", "id_token",
    ]  # fmt: skip
    assert (tokens["resource"], tokens["scope"]) == ("00000002-0000-0000-c000-000000000000", "User.Read")
    assert tokens["access_token"].startswith("PAQABAAAAAAA")
    assert "." not in tokens["access_token"]


def test_it_tells_who_signed_in_with_the_sub_of_the_id_token(v1, journal):
    tokens = v1.tokens()
    answer = v1.ask(tokens["access_token"], path="/common/openid/userinfo?schema=openid")
    assert answer.status_code == 200, answer.text
    body, identity = answer.json(), claims_of(tokens["id_token"])
    assert list(body) == [
        "aio", "amr", "family_name", "given_name", "ipaddr", "name", "oid", "sub", "tid", "unique_name",
        "upn", "uti", "ver",
    ]  # fmt: skip
    for name in ("family_name", "given_name", "name", "oid", "sub", "tid", "unique_name", "upn", "ver"):
        assert body[name] == identity[name], name
    assert body["amr"] == '["pwd"]'
    assert answer.headers["cache-control"] == "no-store, no-cache"
    entry = journal[-1]
    assert (entry.endpoint, entry.user, entry.client_id) == ("userinfo", BOB.mail, CLIENT.app_id)


def test_a_guest_has_an_address_and_an_identity_provider_and_no_upn(v1):
    body = v1.ask(v1.tokens(user=GIL)["access_token"]).json()
    assert (body["email"], body["idp"]) == (GIL.mail, f"https://sts.windows.net/{GLOBEX_ID}/")
    assert "upn" not in body


def test_the_token_may_be_posted_in_the_form(v1):
    token = v1.tokens()["access_token"]
    assert v1.ask(token, "POST").json()["oid"] == BOB.id
    assert v1.ask(None, "POST", data={"access_token": token}).json()["oid"] == BOB.id


def test_a_refresh_brings_another_and_may_still_ask_for_an_api(v1):
    v1.acme.declare(grants=(granted("data.read"),))
    first = v1.tokens()
    again = v1.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert again["access_token"] != first["access_token"]
    assert v1.ask(again["access_token"]).json()["oid"] == BOB.id
    api = v1.token(grant_type="refresh_token", refresh_token=first["refresh_token"], resource=API_URI).json()
    assert claims_of(api["access_token"])["scp"] == "data.read"


def challenge_of(answer: httpx.Response) -> str:
    return answer.headers["www-authenticate"]


def test_a_jwt_is_refused_whoever_it_is_for(v1):
    v1.acme.declare(grants=(granted("data.read"),))
    tokens = v1.tokens(resource=API_URI)
    for token in (tokens["access_token"], tokens["id_token"]):
        answer = v1.ask(token)
        assert error_of(answer) == (400, "invalid_request", 90010)
        assert challenge_of(answer) == (
            'Bearer error="invalid_request", '
            'error_description="AADSTS90010: JWT tokens cannot be used with the UserInfo endpoint."'
        )


def test_what_is_missing_unreadable_or_too_old_is_no_good(v1, clock):
    token = v1.tokens()["access_token"]
    refused = {None: 900144, "x": 9002313, f"{token[:-4]}AAAA": 9002313}
    for sent, number in refused.items():
        answer = v1.ask(sent)
        assert (answer.status_code, answer.json()["error_codes"]) == (401, [number])
        assert f"AADSTS{number}: " in challenge_of(answer)
    clock.forward(seconds=5400)
    answer = v1.ask(token)
    assert error_of(answer) == (401, "invalid_token", 500133)


@pytest.mark.parametrize(("user", "number"), [(BOB, 50057), (GIL, 500571)])
def test_a_user_who_was_disabled_since_is_refused(v1, user, number):
    token = v1.tokens(user=user)["access_token"]
    v1.acme.change(user, account_enabled=False)
    assert error_of(v1.ask(token)) == (401, "invalid_token", number)


def test_v1_knows_no_organizations(v1):
    assert error_of(v1.ask("x", path="/organizations/openid/userinfo"))[2] == 90002


def test_any_page_may_ask_since_it_has_to_bring_a_token(v1):
    origin = {"Origin": "http://localhost:3000"}
    for answer in (v1.ask(v1.tokens()["access_token"], headers=origin), v1.ask("x", headers=origin)):
        assert answer.headers["access-control-allow-origin"] == "*"
    preflight = v1.ask(None, "OPTIONS", headers=origin)
    assert preflight.status_code == 204
    assert "authorization" in preflight.headers["access-control-allow-headers"]


def test_the_journal_only_counts_it_and_explain_knows_it(v1):
    token = v1.tokens()["access_token"]
    assert presentable(f"came: {token[:100]}") == "came: (100 characters)"
    what, _ = of_ours(token, v1.acme.entra.seal.open)
    assert what.startswith("a token for the v1.0 userinfo endpoint of this mock")


def test_no_api_takes_it(v1):
    token = v1.tokens()["access_token"]
    with v1.acme.idp.client() as client:
        answer = client.get("https://graph.microsoft.com/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
