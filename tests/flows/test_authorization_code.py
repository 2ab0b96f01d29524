"""The authorization code flow, over real sockets and TLS, judged by another JOSE library than the one that signs."""

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from harness import (
    ANY_CLIENT,
    API,
    API_SCOPES,
    CONTOSO,
    GRAPH,
    LOGIN,
    REDIRECT,
    SPA_ORIGIN,
    SPA_REDIRECT,
    UNDECLARED,
    VERIFIER,
    WEB_APP,
    Forms,
    claims_of,
    error_of,
    query_of,
)
from joserfc import jwt
from joserfc.jwk import KeySet

RITA = CONTOSO.users[1]


def test_a_tile_signs_in_with_one_click_and_sends_code_state_and_client_info(idp):
    with idp.browser() as browser:
        answer = idp.click_tile(browser, idp.authorize(browser))
    assert list(query_of(answer)) == ["code", "client_info", "state", "session_state"]
    assert query_of(answer)["state"] == "a state"


def test_both_tokens_verify_with_the_published_keys(idp):
    tokens = idp.tokens()
    with idp.client() as client:
        keys = KeySet.import_key_set(client.get(f"{LOGIN}/{CONTOSO.id}/discovery/v2.0/keys").json())
    access = jwt.decode(tokens["access_token"], keys, algorithms=["RS256"]).claims
    identity = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert access["aud"] == API.app_id
    assert access["scp"] == "data.read data.write"
    assert access["iss"] == identity["iss"] == f"https://login.microsoftonline.com/{CONTOSO.id}/v2.0"
    assert (identity["aud"], identity["nonce"]) == (WEB_APP.app_id, "a nonce")
    assert access["sub"] != identity["sub"]


def test_the_answer_has_entras_members_in_its_order(idp):
    code = idp.code()
    answer = idp.redeem(code, client_info="1", scope=API_SCOPES + " openid profile offline_access").json()
    assert list(answer) == [
        "token_type",
        "scope",
        "expires_in",
        "ext_expires_in",
        "access_token",
        "refresh_token",
        "id_token",
        "client_info",
    ]
    assert answer["token_type"] == "Bearer"
    assert 3599 <= answer["expires_in"] == answer["ext_expires_in"] <= 5399
    assert claims_of(answer["access_token"])["exp"] - claims_of(answer["access_token"])["iat"] - 300 == (
        answer["expires_in"] + 1
    )


def test_without_openid_no_id_token_and_without_offline_access_no_refresh_token(idp):
    answer = idp.redeem(idp.code(scope=API_SCOPES), scope=API_SCOPES).json()
    assert {"id_token", "refresh_token"}.isdisjoint(answer)


def test_client_info_holds_the_users_ids_and_comes_only_when_asked_for(idp):
    with idp.browser() as browser:
        silent = idp.sign_in(browser, client_info=None)
    assert "client_info" not in query_of(silent)
    code = query_of(silent)["code"]
    found = idp.redeem(code, client_info="1").json()["client_info"]
    assert json.loads(base64.urlsafe_b64decode(found + "==")) == {"uid": RITA.id, "utid": CONTOSO.id}
    assert "=" not in found


def test_the_state_comes_back_exactly_as_it_was_sent(idp):
    state = 'eyJpZCI6IjEifQ==|a b+c&d=e"<é\n%41'
    with idp.browser() as browser:
        answer = idp.sign_in(browser, state=state)
    assert query_of(answer)["state"] == state


@pytest.mark.parametrize("sent", [None, ""])
def test_without_a_state_none_comes_back(idp, sent):
    with idp.browser() as browser:
        location = idp.sign_in(browser, state=sent).headers["location"]
    assert ("state=&" in location) == (sent == "")
    assert "session_state=00" in location


def test_query_mode_ends_in_a_hash_as_entras_does(idp):
    with idp.browser() as browser:
        location = idp.sign_in(browser).headers["location"]
    assert location.startswith(f"{REDIRECT}?code=1.A")
    assert location.endswith("#")


def test_fragment_mode_puts_the_members_behind_the_hash(idp):
    with idp.browser() as browser:
        parts = urlsplit(idp.sign_in(browser, response_mode="fragment").headers["location"])
    assert parts.query == ""
    assert list(parse_qs(parts.fragment)) == ["code", "client_info", "state", "session_state"]


def test_form_post_mode_is_a_page_that_posts_itself_and_has_a_button_without_scripts(idp):
    with idp.browser() as browser:
        page = idp.sign_in(browser, response_mode="form_post")
    action, fields, _ = Forms(page.text).found[0]
    assert (page.status_code, action) == (200, REDIRECT)
    assert list(fields) == ["code", "client_info", "state", "session_state"]
    assert "<title>Working...</title>" in page.text
    assert 'name="hiddenform"' in page.text
    assert "<noscript>" in page.text
    assert idp.redeem(fields["code"]).status_code == 200


def test_authorize_takes_a_posted_form_too(idp):
    with idp.browser() as browser:
        parameters = {"client_id": WEB_APP.app_id, "response_type": "code", "redirect_uri": REDIRECT, "scope": "openid"}
        page = browser.post(f"/{CONTOSO.id}/oauth2/v2.0/authorize", data=parameters)
        assert query_of(idp.click_tile(browser, page))["code"]


@pytest.mark.parametrize("method", ["plain", None])
def test_a_plain_challenge_is_compared_as_it_is_and_plain_is_the_default(idp, method):
    code = idp.code(code_challenge=VERIFIER, code_challenge_method=method)
    assert idp.redeem(code).status_code == 200


def test_a_wrong_verifier_is_refused_and_the_code_stays_good(idp):
    code = idp.code()
    assert error_of(idp.redeem(code, code_verifier="w" * 43)) == (400, "invalid_grant", 501481)
    assert idp.redeem(code).status_code == 200


def test_a_missing_verifier_is_refused(idp):
    assert error_of(idp.redeem(idp.code(), code_verifier=None)) == (400, "invalid_grant", 50148)


def test_a_verifier_that_was_never_announced_is_noted_and_not_checked(idp, journal):
    code = idp.code(code_challenge=None, code_challenge_method=None)
    assert idp.redeem(code, code_verifier="anything").status_code == 200
    assert any("no code_challenge" in note for note in journal[-1].notes)


def test_a_code_works_once(idp):
    code = idp.code()
    assert idp.redeem(code).status_code == 200
    assert error_of(idp.redeem(code)) == (400, "invalid_grant", 54005)


def test_a_code_lives_ten_minutes(idp, clock):
    code, other = idp.code(), idp.code()
    clock.forward(600)
    assert idp.redeem(code).status_code == 200
    clock.forward(1)
    assert error_of(idp.redeem(other)) == (400, "invalid_grant", 70008)


@pytest.mark.parametrize("code", ["garbage", "1.AAAA.AgABBAIAAAB", "ü", "1.A.AgABBAIAAAB" + "A" * 5000])
def test_garbage_is_no_code(idp, code):
    assert error_of(idp.redeem(code)) == (400, "invalid_grant", 9002313)


def test_a_changed_code_is_no_code(idp):
    code = idp.code()
    changed = code[:-20] + ("A" if code[-20] != "A" else "B") + code[-19:]
    for each in (changed, code + "!", code[:-1], code.upper()):
        assert error_of(idp.redeem(each)) == (400, "invalid_grant", 9002313), each


def test_a_refresh_token_is_no_code_and_a_code_no_refresh_token(idp):
    refresh_token, code = idp.tokens()["refresh_token"], idp.code()
    assert error_of(idp.redeem(refresh_token)) == (400, "invalid_grant", 9002313)
    refused = idp.token(grant_type="refresh_token", refresh_token=code)
    assert error_of(refused) == (400, "invalid_grant", 9002313)
    assert "suberror" not in refused.json()


def test_a_code_of_another_client_is_refused(idp):
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT)
    assert error_of(idp.redeem(code, redirect_uri=SPA_REDIRECT)) == (400, "invalid_grant", 70000)
    own = idp.redeem(idp.code(), client_id=API.app_id, client_secret=None)
    assert error_of(own) == (400, "invalid_grant", 70000)


def test_a_code_of_another_tenant_is_refused(idp):
    code = idp.code(UNDECLARED, client_id=ANY_CLIENT)
    other = "7a1c1f5e-0000-4c8b-9b39-5f1d6f0c2e12"
    assert error_of(idp.redeem(code, other, client_id=ANY_CLIENT)) == (400, "invalid_grant", 700005)
    assert idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT).status_code == 200


def test_another_registered_redirect_uri_than_at_authorize_is_500112(idp):
    answer = idp.redeem(idp.code(), redirect_uri="http://localhost:5001/")
    assert error_of(answer) == (400, "invalid_client", 500112)
    assert "error_uri" not in answer.json()
    assert f"does not match the reply address '{REDIRECT}'" in answer.json()["error_description"]


def test_an_unregistered_redirect_uri_at_token_is_50011(idp):
    answer = idp.redeem(idp.code(), redirect_uri="http://localhost:5001/elsewhere")
    assert error_of(answer) == (400, "invalid_client", 50011)


def test_another_loopback_port_at_token_is_another_redirect_uri(idp):
    answer = idp.redeem(idp.code(), redirect_uri="http://localhost:5002/callback")
    assert error_of(answer) == (400, "invalid_client", 500112)


@pytest.mark.parametrize("parameter", ["code", "client_id", "grant_type"])
def test_a_missing_parameter_is_named(idp, parameter):
    answer = idp.redeem(**{"code": idp.code(), parameter: None})
    assert error_of(answer) == (400, "invalid_request", 900144)
    assert f"the following parameter: '{parameter}'." in answer.json()["error_description"]


@pytest.mark.parametrize("sent", [{"redirect_uri": None}, {"redirect_uri": " "}])
def test_a_redirect_uri_that_is_not_repeated_has_a_number_of_its_own(idp, sent):
    answer = idp.redeem(**{"code": idp.code(), **sent})
    assert error_of(answer) == (400, "invalid_grant", 700009)
    assert "http://localhost:5001/callback" in idp.entra.journal.entries[-1].hint


def test_a_redirect_uri_without_a_path_gets_one_in_query_and_fragment_but_not_in_form_post(idp):
    def go(mode):
        with idp.browser() as browser:
            return idp.sign_in(
                browser, tenant=UNDECLARED, client_id=ANY_CLIENT, redirect_uri="https://app.example", response_mode=mode
            )

    assert go("query").headers["location"].startswith("https://app.example/?code=")
    assert go("fragment").headers["location"].startswith("https://app.example/#code=")
    assert Forms(go("form_post").text).found[0][0] == "https://app.example"


def test_a_redirect_uri_with_a_query_keeps_it(idp):
    with idp.browser() as browser:
        answer = idp.sign_in(
            browser, tenant=UNDECLARED, client_id=ANY_CLIENT, redirect_uri="https://app.example/cb?tenant=1"
        )
    assert answer.headers["location"].startswith("https://app.example/cb?tenant=1&code=")


def test_codes_and_refresh_tokens_begin_with_tenant_and_client_as_entras_do(idp):
    from uuid import UUID

    tokens = idp.tokens()
    for artefact in (idp.code(), tokens["refresh_token"]):
        version, prefix, body = artefact.split(".")
        raw = base64.urlsafe_b64decode(prefix + "==")
        assert (version, len(raw)) == ("1", 40)
        assert UUID(bytes_le=raw[3:19]) == UUID(CONTOSO.id)
        assert UUID(bytes_le=raw[19:35]) == UUID(WEB_APP.app_id)
        assert body.startswith("AgAB")


def test_an_s256_challenge_is_the_hash_of_its_verifier(idp):
    verifier = "a-verifier_with~all.kinds-of-characters-0123456789"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert idp.redeem(idp.code(code_challenge=challenge), code_verifier=verifier).status_code == 200


def test_a_single_page_app_redeems_its_code_across_origins_without_a_secret(idp):
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT, scope=f"openid {API_SCOPES}")
    with idp.client(headers={"Origin": SPA_ORIGIN}) as client:
        body = {"grant_type": "authorization_code", "client_id": API.app_id, "code": code, "redirect_uri": SPA_REDIRECT}
        answer = client.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={**body, "code_verifier": VERIFIER})
    assert claims_of(answer.json()["access_token"])["azpacr"] == "0"


def test_the_graph_token_of_the_same_sign_in_reads_the_users_profile(idp):
    scope = f"openid profile offline_access User.Read {API_SCOPES}"
    first = idp.redeem(idp.code(scope=scope), scope=API_SCOPES).json()
    second = idp.token(grant_type="refresh_token", refresh_token=first["refresh_token"], scope="User.Read").json()
    with idp.client(headers={"Authorization": f"Bearer {second['access_token']}"}) as client:
        me = client.get(f"{GRAPH}/v1.0/me").json()
    assert me["userPrincipalName"] == "rita@contoso.example"


def test_a_user_who_was_disabled_since_gets_no_token(idp, monkeypatch):

    code = idp.code()
    tenant = idp.entra.live.declared[0]
    monkeypatch.setitem(tenant._users, RITA.user_principal_name, RITA._replace(account_enabled=False))
    assert error_of(idp.redeem(code)) == (400, "invalid_grant", 50057)


def test_a_code_redeemed_twice_at_the_same_moment_wins_once(idp):
    code = idp.code()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: idp.redeem(code), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert {answer.json()["error_codes"][0] for answer in answers if answer.status_code == 400} == {54005}
