"""Scopes: one token is for one resource; which one, what is echoed, and what MSAL finds again in its cache."""

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
    Idp,
    claims_of,
    error_of,
    redirected,
)

GRAPH_ID = "00000003-0000-0000-c000-000000000000"
OTHER_API = "api://c750c37c-6c67-4211-a9e2-6f035a897cfa"
MSAL = "offline_access openid profile"


def redeemed(idp: Idp, authorized: str, asked: str | None, tenant: str = UNDECLARED, **body):
    client = {} if tenant == CONTOSO.id else {"client_id": ANY_CLIENT}
    return idp.redeem(idp.code(tenant, scope=authorized, **client), tenant, scope=asked, **client, **body)


def own_api_answer(idp, scope: str, token_scope: str | None = None):
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT, scope=scope)
    body = {"client_id": API.app_id, "code": code, "redirect_uri": SPA_REDIRECT, "code_verifier": VERIFIER}
    if token_scope:
        body["scope"] = token_scope
    with idp.client(headers={"Origin": SPA_ORIGIN}) as client:
        return client.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={**body, "grant_type": "authorization_code"})


@pytest.mark.parametrize(
    ("order", "audience"),
    [
        ("User.Read {api}/data.read", GRAPH_ID),
        ("{api}/data.read User.Read", OTHER_API),
        ("openid profile User.Read {api}/data.read {api}/data.write", GRAPH_ID),
        ("openid {api}/data.write {api}/data.read", OTHER_API),
        ("https://graph.microsoft.com/User.Read Mail.Read", "https://graph.microsoft.com"),
        ("{api}/data.read c750c37c-6c67-4211-a9e2-6f035a897cfa/data.write", OTHER_API),
    ],
)
@pytest.mark.parametrize("repeat", [True, False])
def test_with_at_most_one_explicit_resource_the_first_scope_decides(idp, order, audience, repeat):
    scope = order.format(api=OTHER_API)
    tokens = redeemed(idp, scope, scope if repeat else None).json()
    assert claims_of(tokens["access_token"])["aud"] == audience


def test_what_was_dropped_is_noted(idp, journal):
    redeemed(idp, f"User.Read {OTHER_API}/data.read", f"User.Read {OTHER_API}/data.read")
    assert any(f"dropped {OTHER_API}/data.read" in note for note in journal[-1].notes)


@pytest.mark.parametrize(
    "scope", [f"https://graph.microsoft.com/User.Read {OTHER_API}/x", f"{OTHER_API}/x api://orders/y openid"]
)
def test_two_explicit_resources_in_one_redemption_are_refused(idp, scope):
    answer = redeemed(idp, scope, scope)
    assert error_of(answer) == (400, "invalid_request", 28000)
    assert f"contains more than one resource. Scope {scope} is not valid." in answer.json()["error_description"]


def test_after_two_explicit_resources_the_redemption_has_to_name_one(idp):
    both = f"openid https://graph.microsoft.com/User.Read {OTHER_API}/x"
    assert error_of(redeemed(idp, both, None)) == (400, "invalid_request", 28003)
    assert error_of(redeemed(idp, both, "openid profile")) == (400, "invalid_scope", 28002)
    assert claims_of(redeemed(idp, both, f"{OTHER_API}/x").json()["access_token"])["aud"] == OTHER_API


def test_the_strict_setting_refuses_every_mixture(idp, monkeypatch):

    monkeypatch.setattr(idp.entra, "settings", idp.entra.settings._replace(multi_resource_code="strict"))
    scope = f"User.Read {OTHER_API}/x"
    assert error_of(redeemed(idp, scope, scope)) == (400, "invalid_request", 28000)
    assert redeemed(idp, scope, "User.Read").status_code == 200


@pytest.mark.parametrize("scope", ["openid", "openid profile", MSAL + " email"])
@pytest.mark.parametrize("tenant", [CONTOSO.id, UNDECLARED])
def test_oidc_scopes_alone_sign_in_and_give_a_graph_token_for_userinfo(idp, tenant, scope):
    answer = redeemed(idp, scope, None, tenant).json()
    assert claims_of(answer["access_token"])["aud"] == GRAPH_ID
    assert "openid" in claims_of(answer["access_token"])["scp"].split()
    assert "id_token" in answer


def test_a_client_without_any_graph_permission_can_still_sign_in(idp):
    answer = own_api_answer(idp, "openid profile")
    assert claims_of(answer.json()["access_token"])["scp"] == "profile openid email"


@pytest.mark.parametrize(
    ("scope", "echo"),
    [
        ("User.Read openid", "User.Read openid"),
        (f"User.Read {MSAL}", "User.Read profile openid email"),
        (f"user.READ {MSAL} email", "User.Read profile openid email"),
        (f"https://graph.microsoft.com/User.Read {MSAL}", "email openid profile https://graph.microsoft.com/User.Read"),
        (
            "https://graph.microsoft.com/.default openid",
            "openid https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default",
        ),
        (f"{API_URI}/data.read {MSAL}", API_SCOPES),
        (f"{API.app_id}/data.write", f"{API.app_id}/data.read {API.app_id}/data.write"),
        (f"{API_URI}/.default", f"{API_SCOPES} {API_URI}/.default"),
    ],
)
def test_the_answers_scope_is_written_as_asked_and_names_all_that_was_granted(idp, scope, echo):
    assert redeemed(idp, scope, scope, CONTOSO.id).json()["scope"] == echo


@pytest.mark.parametrize(
    "scopes",
    [
        ["User.Read"],
        ["https://graph.microsoft.com/User.Read"],
        ["https://graph.microsoft.com/.default"],
        [f"{API_URI}/data.read"],
        [f"{API_URI}/data.write", f"{API_URI}/data.read"],
        [f"{API_URI}/.default"],
        [f"{API.app_id}/.default"],
    ],
)
def test_msal_finds_the_token_in_its_cache_again(idp, scopes):
    """MSAL keeps the scopes of the answer and wants all that it looks for among them, letter for letter."""
    answer = redeemed(idp, " ".join([*scopes, *MSAL.split()]), " ".join([*scopes, *MSAL.split()]), CONTOSO.id)
    assert set(scopes) <= set(answer.json()["scope"].split())


def test_scp_holds_short_names_of_the_resource_alone(idp):
    tokens = idp.tokens(scope=f"openid profile offline_access {API_URI}/data.write")
    assert claims_of(tokens["access_token"])["scp"] == "data.read data.write"


def test_an_unknown_scope_at_the_token_endpoint_is_70011(idp):
    answer = redeemed(idp, f"openid {API_SCOPES}", f"{API_URI}/data.delete", CONTOSO.id)
    assert error_of(answer) == (400, "invalid_scope", 70011)
    assert f"The scope {API_URI}/data.delete is not valid." in answer.json()["error_description"]


@pytest.mark.parametrize(
    ("scope", "expected", "text"),
    [
        (
            "api://nowhere/x",
            (400, "invalid_resource", 500011),
            "The resource principal named api://nowhere was not found",
        ),
        ("not//good", (400, "invalid_scope", 70011), "The scope format is invalid. Scope must be in a valid URI form"),
        (f"{API_URI}/.default User.Read", (400, "invalid_scope", 70011), "can't be combined with resource-specific"),
        ("offline_access", (400, "invalid_scope", 70011), "must include either openid scope or a resource scope."),
        ("Mail.Read", (400, "invalid_grant", 65001), "has not consented to use the application"),
    ],
)
def test_what_is_wrong_with_a_scope_is_told_at_the_token_endpoint(idp, scope, expected, text):
    answer = redeemed(idp, f"openid {API_SCOPES}", scope, CONTOSO.id)
    assert error_of(answer) == expected
    assert text in answer.json()["error_description"]


def test_an_app_that_asks_default_for_itself_has_to_use_its_guid(idp):
    answer = own_api_answer(idp, f"openid {API_URI}/.default")
    assert error_of(answer) == (400, "invalid_request", 90009)
    assert f"Application '{API.app_id}'({API.app_id}) is requesting" in answer.json()["error_description"]
    assert "error_uri" not in answer.json()
    granted = own_api_answer(idp, f"openid {API.app_id}/.default").json()
    assert claims_of(granted["access_token"])["scp"] == "data.read data.write"
    named = own_api_answer(idp, f"openid {API_URI}/data.read").json()
    assert claims_of(named["access_token"])["aud"] == API.app_id


def test_default_of_an_api_on_which_the_client_has_no_permission_is_650057(idp):
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT, scope="openid User.Read")
    body = {"grant_type": "authorization_code", "client_id": API.app_id, "code": code, "redirect_uri": SPA_REDIRECT}
    with idp.client(headers={"Origin": SPA_ORIGIN}) as client:
        answer = client.post(
            f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token",
            data={**body, "code_verifier": VERIFIER, "scope": "https://graph.microsoft.com/.default"},
        )
    assert error_of(answer) == (400, "invalid_resource", 650057)
    assert f"Client app ID: {API.app_id}(Contoso Data API)." in answer.json()["error_description"]
    assert f"List of valid resources from app registration: {API.app_id}." in answer.json()["error_description"]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("https://graph.microsoft.com/.default", "User.Read"),
        ("https://management.azure.com/.default", "user_impersonation"),
        ("api://orders/.default", "user_impersonation"),
    ],
)
def test_default_in_an_undeclared_tenant_is_the_usual_permission(idp, scope, expected):
    answer = redeemed(idp, f"openid {scope}", scope).json()
    assert expected in claims_of(answer["access_token"])["scp"].split()
    assert scope in answer["scope"].split()


def test_default_in_an_undeclared_tenant_is_all_that_was_ever_asked_of_the_resource(idp):
    redeemed(idp, "openid api://orders/read api://orders/write", None)
    answer = redeemed(idp, "openid api://orders/.default", None).json()
    assert claims_of(answer["access_token"])["scp"] == "read write"


def test_a_resource_whose_identifier_ends_in_a_slash_needs_two(idp):
    answer = redeemed(idp, "openid https://management.core.windows.net//.default", None).json()
    assert claims_of(answer["access_token"])["aud"] == "https://management.core.windows.net/"
    assert answer["scope"].split() == [
        "https://management.core.windows.net//user_impersonation",
        "https://management.core.windows.net//.default",
    ]


def test_a_permission_that_our_table_lacks_is_taken_for_one_of_graphs_and_noted(idp, journal):
    with idp.browser() as browser:
        answer = idp.authorize(browser, scope="openid Brandnew.Read.All")
    assert answer.status_code == 200
    assert any("Brandnew.Read.All is in no table" in note for note in journal[-1].notes)


def test_scope_names_may_hold_what_entra_lets_an_api_define(idp):
    answer = redeemed(idp, "openid api://orders/orders:read api://orders/a_b.c-d", None).json()
    assert claims_of(answer["access_token"])["scp"] == "orders:read a_b.c-d"


def test_more_than_a_hundred_scopes_are_too_many(idp):
    with idp.browser() as browser:
        scope = " ".join(f"api://orders/s{n}" for n in range(101))
        answer = idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, scope=scope)
    assert redirected(answer) == ("invalid_scope", 28004)


def test_the_demos_client_is_consented_for_its_api_and_graph_already(idp):
    with idp.browser() as browser:
        answer = idp.sign_in(browser, scope=f"openid User.Read {API_SCOPES}")
    assert answer.status_code == 302
    assert not any("consented" in note for entry in idp.entra.journal.entries for note in entry.notes)
    assert WEB_APP.app_id in {grant.client_id for grant in CONTOSO.grants}
