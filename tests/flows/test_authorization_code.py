"""The authorization code flow, over real sockets and TLS, judged by another JOSE library than the one that signs."""

import pytest
from harness import (
    API,
    API_SCOPES,
    ANY_CLIENT,
    CONTOSO,
    GRAPH,
    LOGIN,
    UNDECLARED,
    WEB_APP,
    claims_of,
    query_of,
)
from joserfc import jwt
from joserfc.jwk import KeySet


def test_a_tile_signs_in_with_one_click_and_sends_code_state_and_client_info(idp):
    with idp.browser() as browser:
        answer = idp.click_tile(browser, idp.authorize(browser))
    assert list(query_of(answer)) == ["code", "client_info", "state", "session_state"]
    assert query_of(answer)["state"] == "a state"


def test_name_then_password_signs_in_through_entras_own_field_names(idp):
    with idp.browser() as browser:
        name = idp.authorize(browser)
        assert 'id="i0116"' in name.text
        password = idp.submit(browser, name, loginfmt="rita@contoso.example")
        assert 'id="i0118"' in password.text
        answer = idp.submit(browser, password, passwd="contoso-demo")
    assert query_of(answer)["code"]


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


def test_iat_and_nbf_lie_five_minutes_back_and_an_id_token_lives_an_hour(idp):
    identity = claims_of(idp.tokens()["id_token"])
    assert identity["iat"] == identity["nbf"]
    assert identity["exp"] - identity["iat"] == 3900


@pytest.mark.parametrize("order", ["User.Read {api}", "{api} User.Read"])
def test_with_one_explicit_resource_the_first_scope_decides_the_token(idp, order):
    api = "api://c750c37c-6c67-4211-a9e2-6f035a897cfa/data.read"
    scope = f"openid profile offline_access {order.format(api=api)}"
    code = idp.code(UNDECLARED, client_id=ANY_CLIENT, scope=scope)
    tokens = idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT, scope=scope).json()
    expected = "00000003-0000-0000-c000-000000000000" if order.startswith("User") else api.rpartition("/")[0]
    assert claims_of(tokens["access_token"])["aud"] == expected


def test_the_refresh_token_fetches_another_resources_token_and_graph_knows_the_user(idp):
    scope = f"openid profile offline_access User.Read {API_SCOPES}"
    first = idp.redeem(idp.code(scope=scope), scope=API_SCOPES).json()
    second = idp.token(grant_type="refresh_token", refresh_token=first["refresh_token"], scope="User.Read").json()
    with idp.client(headers={"Authorization": f"Bearer {second['access_token']}"}) as client:
        me = client.get(f"{GRAPH}/v1.0/me").json()
    assert me["userPrincipalName"] == "rita@contoso.example"
