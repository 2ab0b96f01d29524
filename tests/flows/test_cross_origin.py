"""Single-page apps: who may redeem across origins, and who may read the answer (facts §3.6)."""

import pytest
from harness import (
    ANY_CLIENT,
    API,
    API_SCOPES,
    API_URI,
    CONTOSO,
    LOGIN,
    REDIRECT,
    SPA_ORIGIN,
    SPA_REDIRECT,
    UNDECLARED,
    VERIFIER,
    WEB_APP,
    WEB_APP_SECRET,
    error_of,
)

ALLOW = "access-control-allow-origin"


def redeem(idp, tenant: str = CONTOSO.id, origin: str | None = SPA_ORIGIN, **body):
    sent = {
        "grant_type": "authorization_code",
        "client_id": API.app_id,
        "redirect_uri": SPA_REDIRECT,
        "code_verifier": VERIFIER,
        **body,
    }
    with idp.client(headers={"Origin": origin} if origin else {}) as client:
        return client.post(f"{LOGIN}/{tenant}/oauth2/v2.0/token", data=sent)


def spa_code(idp) -> str:
    return idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT, scope=f"openid {API_SCOPES}")


def preflight(idp, origin: str | None, path: str = f"/{CONTOSO.id}/oauth2/v2.0/token", **headers: str):
    with idp.client(headers={"Origin": origin} if origin else {}) as client:
        return client.options(f"{LOGIN}{path}", headers={"Access-Control-Request-Method": "POST", **headers})


@pytest.mark.parametrize("origin", [SPA_ORIGIN, "http://localhost:3000", "http://localhost"])
def test_a_registered_single_page_app_may_read_its_tokens_on_any_loopback_port(idp, origin):
    answer = redeem(idp, code=spa_code(idp), origin=origin)
    assert answer.status_code == 200
    assert answer.headers[ALLOW] == origin
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost.evil.example:8000",
        "https://localhost:8000",
        "http://127.0.0.1:8000",
        "http://localhost:8000/",
        "http://localhost:8000@evil.example",
    ],
)
def test_no_other_site_may_read_them(idp, origin):
    answer = redeem(idp, code=spa_code(idp), origin=origin)
    if origin != "http://localhost:8000/":  # no browser sends this
        assert ALLOW not in answer.headers
    assert ALLOW not in preflight(idp, "https://evil.example").headers


def test_a_single_page_apps_code_needs_an_origin(idp):
    answer = redeem(idp, code=spa_code(idp), origin=None)
    assert error_of(answer) == (400, "invalid_request", 9002327)
    assert "may only be redeemed via cross-origin requests." in answer.json()["error_description"]


def test_a_web_apps_code_must_not_come_across_origins_and_the_page_cannot_even_read_why(idp):
    answer = redeem(idp, code=idp.code(), redirect_uri=REDIRECT, client_id=WEB_APP.app_id, client_secret=WEB_APP_SECRET)
    assert error_of(answer) == (400, "invalid_request", 9002326)
    assert f"Request origin: '{SPA_ORIGIN}'." in answer.json()["error_description"]
    assert ALLOW not in answer.headers


def test_a_single_page_app_can_read_its_refusals(idp):
    wrong = redeem(idp, code="garbage")
    assert error_of(wrong) == (400, "invalid_grant", 9002313)
    assert wrong.headers[ALLOW] == SPA_ORIGIN
    assert "x-ms-request-id" in wrong.headers["access-control-expose-headers"].split(",")
    assert wrong.headers["access-control-allow-methods"] == "POST, OPTIONS"
    for early in ({"grant_type": "x"}, {"client_id": "x"}):
        answer = redeem(idp, code="garbage", **early)
        assert answer.status_code == 400
        assert answer.headers[ALLOW] == SPA_ORIGIN
        assert ALLOW not in redeem(idp, code="garbage", origin="https://evil.example", **early).headers


def test_the_preflight_is_answered_for_registered_single_page_apps_and_loopback(idp):
    answer = preflight(idp, SPA_ORIGIN, **{"Access-Control-Request-Headers": "x-client-sku,content-type"})
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers[ALLOW] == SPA_ORIGIN
    assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "x-client-sku,content-type"
    assert answer.headers["access-control-max-age"] == "86400"
    assert ALLOW in preflight(idp, "http://127.0.0.1:3000").headers


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://[", "http://localhost/x"])
def test_the_preflight_of_anybody_else_permits_nothing(idp, origin):
    answer = preflight(idp, origin)
    assert answer.status_code == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("origin", "may_read"),
    [
        ("http://localhost:3000", True),
        ("https://localhost:3000", True),
        ("http://127.0.0.1:3000", True),
        ("http://[::1]:3000", True),
        ("https://app.example", False),
        ("null", False),
    ],
)
def test_in_an_undeclared_tenant_loopback_origins_may_read(idp, origin, may_read):
    code = idp.code(UNDECLARED, client_id=ANY_CLIENT)
    answer = redeem(idp, UNDECLARED, origin, code=code, client_id=ANY_CLIENT, redirect_uri=REDIRECT)
    assert answer.status_code == 200
    assert (answer.headers.get(ALLOW) == origin) == may_read


def test_discovery_and_keys_may_be_read_from_anywhere(idp):
    with idp.client(headers={"Origin": "https://evil.example"}) as client:
        for path in ("common/v2.0/.well-known/openid-configuration", "common/discovery/v2.0/keys"):
            assert client.get(f"{LOGIN}/{path}").headers[ALLOW] == "*"
            answer = client.options(f"{LOGIN}/{path}")
            assert (answer.status_code, answer.headers[ALLOW]) == (204, "*")


def test_pages_may_be_read_from_nowhere(idp):
    with idp.client(headers={"Origin": SPA_ORIGIN}) as client:
        for path in (f"{CONTOSO.id}/oauth2/v2.0/authorize", f"{CONTOSO.id}/oauth2/v2.0/logout", "nowhere"):
            assert ALLOW not in client.get(f"{LOGIN}/{path}").headers


def test_the_demos_swagger_page_is_such_an_app():
    assert API_URI.endswith(API.app_id)
    assert API.redirect_uris[0].platform == "spa"
