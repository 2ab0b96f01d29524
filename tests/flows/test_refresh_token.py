"""Refresh tokens: bound to user and client, ninety days, any resource that was consented to, good after a restart."""

import pytest
from harness import (
    ANY_CLIENT,
    API,
    API_SCOPES,
    API_URI,
    CONTOSO,
    LOGIN,
    SPA_ORIGIN,
    SPA_REDIRECT,
    UNDECLARED,
    VERIFIER,
    WEB_APP,
    claims_of,
    error_of,
)

GRAPH_ID = "00000003-0000-0000-c000-000000000000"
DAY = 24 * 3600


def refresh(idp, refresh_token: str, tenant: str = CONTOSO.id, **body):
    return idp.token(tenant, grant_type="refresh_token", refresh_token=refresh_token, **body)


@pytest.fixture
def refresh_token(idp) -> str:
    return idp.tokens()["refresh_token"]


def spa_token(idp, **body):
    sent = {"client_id": API.app_id, "redirect_uri": SPA_REDIRECT, **body}
    with idp.client(headers={"Origin": SPA_ORIGIN}) as client:
        return client.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data=sent)


def spa_refresh_token(idp) -> str:
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT)
    answer = spa_token(idp, grant_type="authorization_code", code=code, code_verifier=VERIFIER)
    return answer.json()["refresh_token"]


def test_each_use_gives_fresh_tokens_and_a_fresh_refresh_token_and_does_not_revoke_the_old_one(idp, refresh_token):
    first, second = refresh(idp, refresh_token).json(), refresh(idp, refresh_token).json()
    assert list(first) == [
        "token_type",
        "scope",
        "expires_in",
        "ext_expires_in",
        "access_token",
        "refresh_token",
        "id_token",
    ]
    assert len({refresh_token, first["refresh_token"], second["refresh_token"]}) == 3
    assert first["access_token"] != second["access_token"]


def test_it_fetches_a_token_for_another_resource(idp, refresh_token):
    answer = refresh(idp, refresh_token, scope="User.Read offline_access openid profile").json()
    assert claims_of(answer["access_token"])["aud"] == GRAPH_ID
    assert answer["scope"] == "User.Read profile openid email"


def test_without_a_scope_it_is_for_what_was_signed_in_for(idp, refresh_token):
    answer = refresh(idp, refresh_token).json()
    assert claims_of(answer["access_token"])["aud"] == API.app_id
    assert answer["scope"] == API_SCOPES


def test_with_oidc_scopes_alone_likewise(idp, refresh_token):
    answer = refresh(idp, refresh_token, scope="openid").json()
    assert claims_of(answer["access_token"])["aud"] == API.app_id
    assert "id_token" in answer


def test_of_two_resources_the_first_one_counts_however_they_are_written(idp, refresh_token, journal):
    scope = f"https://graph.microsoft.com/User.Read {API_URI}/data.read"
    answer = refresh(idp, refresh_token, scope=scope).json()
    assert claims_of(answer["access_token"])["aud"] == "https://graph.microsoft.com"
    assert any("first one" in note for note in journal[-1].notes)


def test_the_id_token_of_a_refresh_repeats_the_nonce_however_often_and_has_no_auth_time(idp):
    first = idp.redeem(idp.code(nonce="n1", max_age="100000")).json()
    second = refresh(idp, first["refresh_token"]).json()
    third = refresh(idp, second["refresh_token"]).json()
    assert "auth_time" in claims_of(first["id_token"])
    for later in (second, third):
        claims = claims_of(later["id_token"])
        assert (claims["nonce"], claims["sid"]) == ("n1", claims_of(first["id_token"])["sid"])
        assert "auth_time" not in claims


def test_it_lives_ninety_days_from_its_last_renewal(idp, clock, refresh_token):
    clock.forward(days=90)
    renewed = refresh(idp, refresh_token).json()["refresh_token"]
    clock.forward(1)
    answer = refresh(idp, refresh_token)
    assert error_of(answer) == (400, "invalid_grant", 700082)
    assert answer.json()["suberror"] == "bad_token"
    assert list(answer.json())[-2:] == ["error_uri", "suberror"]
    assert "was inactive for 90.00:00:00." in answer.json()["error_description"]
    assert refresh(idp, renewed).status_code == 200


def test_a_single_page_apps_ends_a_day_after_the_sign_in_however_often_it_is_renewed(idp, clock):
    first = spa_refresh_token(idp)
    clock.forward(DAY - 1)
    answer = spa_token(idp, grant_type="refresh_token", refresh_token=first, scope=API_SCOPES)
    renewed = answer.json()["refresh_token"]
    clock.forward(2)
    answer = spa_token(idp, grant_type="refresh_token", refresh_token=renewed, scope=API_SCOPES)
    assert error_of(answer) == (400, "invalid_grant", 700084)
    assert answer.json()["suberror"] == "bad_token"
    assert "fixed, limited lifetime of 1.00:00:00" in answer.json()["error_description"]


def test_a_single_page_apps_needs_an_origin_and_a_web_apps_must_not_have_one(idp, refresh_token):
    answer = refresh(idp, spa_refresh_token(idp), client_id=API.app_id, client_secret=None)
    assert error_of(answer) == (400, "invalid_request", 9002327)
    with idp.client(headers={"Origin": SPA_ORIGIN}) as client:
        body = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": WEB_APP.app_id}
        answer = client.post(
            f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={**body, "client_secret": WEB_APP.secrets[0].value}
        )
    assert error_of(answer) == (400, "invalid_request", 9002326)
    assert f"Request origin: '{SPA_ORIGIN}'." in answer.json()["error_description"]


@pytest.mark.parametrize("garbage", ["x", "1.A.AgABAwEAAAD", "0.AAAA.AgABAAAAAAD", "AgABAwEAAAD" + "A" * 200, "ü"])
def test_garbage_is_no_refresh_token(idp, garbage):
    answer = refresh(idp, garbage)
    assert error_of(answer) == (400, "invalid_grant", 9002313)
    assert "suberror" not in answer.json()


def test_none_at_all_is_a_missing_parameter(idp):
    assert error_of(refresh(idp, "")) == (400, "invalid_request", 900144)


def test_a_web_apps_needs_its_secret(idp, refresh_token):
    assert error_of(refresh(idp, refresh_token, client_secret=None)) == (401, "invalid_client", 7000218)
    assert error_of(refresh(idp, refresh_token, client_secret="x")) == (401, "invalid_client", 7000215)


def test_another_client_cannot_use_it(idp):
    assert error_of(refresh(idp, spa_refresh_token(idp))) == (400, "invalid_grant", 70000)
    other = "22222222-2222-4333-8444-555555555555"
    code = idp.code(UNDECLARED, client_id=ANY_CLIENT)
    token = idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT).json()["refresh_token"]
    assert error_of(refresh(idp, token, UNDECLARED, client_id=other)) == (400, "invalid_grant", 70000)
    assert refresh(idp, token, UNDECLARED, client_id=ANY_CLIENT).status_code == 200


def test_at_another_tenant_its_user_has_no_account(idp):
    code = idp.code(UNDECLARED, client_id=ANY_CLIENT)
    token = idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT).json()["refresh_token"]
    answer = refresh(idp, token, "northwind.example", client_id=ANY_CLIENT)
    assert error_of(answer) == (400, "invalid_grant", 50020)
    assert (
        f"from identity provider 'https://sts.windows.net/{UNDECLARED}/' does not exist"
        in (answer.json()["error_description"])
    )
    assert "{EUII Hidden}" in answer.json()["error_description"]


def test_it_works_after_a_restart_with_what_was_consented_to(idp):
    scope = f"openid profile offline_access Mail.Read {API_URI}/data.read"
    token = idp.redeem(idp.code(scope=scope), scope=API_SCOPES + " offline_access").json()["refresh_token"]
    idp.entra.runtime.reset()
    answer = refresh(idp, token, scope="Mail.Read").json()
    assert "Mail.Read" in claims_of(answer["access_token"])["scp"].split()


def test_consent_for_a_resource_that_came_later_is_remembered_by_the_renewed_token(idp, refresh_token):
    idp.code(scope="openid Mail.Read")
    renewed = refresh(idp, refresh_token, scope="Mail.Read").json()["refresh_token"]
    idp.entra.runtime.reset()
    assert refresh(idp, renewed, scope="Mail.Read").status_code == 200


def test_what_nobody_consented_to_needs_an_interactive_request(idp, refresh_token):
    answer = refresh(idp, refresh_token, scope="Mail.Read")
    assert error_of(answer) == (400, "invalid_grant", 65001)
    assert answer.json()["suberror"] == "consent_required"
    assert (
        f"use the application with ID '{WEB_APP.app_id}' named 'Contoso Web App'."
        in (answer.json()["error_description"])
    )


def test_a_user_who_was_disabled_since_is_refused(idp, refresh_token, monkeypatch):

    rita = CONTOSO.users[1]
    monkeypatch.setitem(
        idp.entra.live.declared[0]._users, rita.user_principal_name, rita._replace(account_enabled=False)
    )
    assert error_of(refresh(idp, refresh_token)) == (400, "invalid_grant", 50057)


def test_an_app_that_refreshes_without_scope_for_its_own_api_is_refused_as_by_entra(idp):
    token = spa_refresh_token(idp)
    answer = spa_token(idp, grant_type="refresh_token", refresh_token=token)
    assert error_of(answer) == (400, "invalid_request", 90009)
    assert spa_token(idp, grant_type="refresh_token", refresh_token=token, scope=API_SCOPES).status_code == 200


def test_it_does_not_grow_however_many_resources_it_is_used_for(idp):
    code = idp.code(UNDECLARED, client_id=ANY_CLIENT)
    token = idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT).json()["refresh_token"]
    sizes = []
    for number in range(60):
        answer = refresh(idp, token, UNDECLARED, client_id=ANY_CLIENT, scope=f"api://resource-{number}/read")
        token = answer.json()["refresh_token"]
        sizes.append(len(token))
    assert max(sizes[30:]) - min(sizes[30:]) < 50
