"""One application under several names: aliases, regions, Graph, loopback; and who is turned away."""

import pytest
from harness import (
    CONTOSO,
    GRAPH,
    LOGIN,
    REDIRECT,
    VERIFIER,
    WEB_APP,
    WEB_APP_SECRET,
    claims_of,
    error_of,
    query_of,
    redirected,
)

ALIASES = [
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
    "westus2.login.microsoft.com",
    "westeurope.login.microsoft.com",
]
TOKEN = f"/{CONTOSO.id}/oauth2/v2.0/token"


@pytest.mark.parametrize("host", ALIASES)
def test_a_document_names_the_host_that_was_asked_but_always_the_same_issuer(real_front, host):
    with real_front.client() as client:
        found = client.get(f"https://{host}/{CONTOSO.id}/v2.0/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"https://{host}{TOKEN}"
    assert found["jwks_uri"].startswith(f"https://{host}/")
    assert found["authorization_endpoint"].startswith(f"https://{host}/")
    assert found["issuer"] == f"https://login.microsoftonline.com/{CONTOSO.id}/v2.0"
    assert found["cloud_instance_name"] == "microsoftonline.com"


@pytest.mark.parametrize("host", ALIASES)
def test_tokens_from_every_alias_have_the_same_issuer(idp, host):
    code = idp.code()
    body = {
        "grant_type": "authorization_code",
        "client_id": WEB_APP.app_id,
        "client_secret": WEB_APP_SECRET,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    with idp.client() as client:
        answer = client.post(f"https://{host}{TOKEN}?allowestsrnonmsi=true", data=body).json()
    assert claims_of(answer["id_token"])["iss"] == f"https://login.microsoftonline.com/{CONTOSO.id}/v2.0"


@pytest.mark.parametrize("host", ALIASES)
def test_error_uri_follows_the_host_that_was_asked_and_is_served(idp, host):
    with idp.client() as client:
        uri = client.post(f"https://{host}{TOKEN}", data={}).json()["error_uri"]
        assert uri == f"https://{host}/error?code=900144"
        page = client.get(uri)
    assert page.status_code == 200
    assert "AADSTS900144" in page.text
    assert "leave out a required parameter" in page.text


@pytest.mark.parametrize("code", ["", "x", "1", "²", "99999999999999999999999"])
def test_the_lookup_page_says_when_it_knows_no_such_number(idp, code):
    with idp.client() as client:
        assert client.get(f"{LOGIN}/error", params={"code": code}).status_code == 404


def test_on_the_front_channel_error_uri_names_microsofts_page(idp):
    with idp.browser() as browser:
        assert browser.post(TOKEN, data={}).json()["error_uri"] == f"{LOGIN}/error?code=900144"


def test_a_redirects_error_uri_follows_the_host_too(idp):
    with idp.client(base_url="https://login.windows.net") as browser:
        answer = idp.authorize(browser, scope="nosuch")
    assert redirected(answer)[1] == 650053
    assert query_of(answer)["error_uri"] == "https://login.windows.net/error?code=650053"


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("LOGIN.MicrosoftOnline.COM", "login.microsoftonline.com"),
        ("login.microsoftonline.com:443", "login.microsoftonline.com"),
        ("login.microsoftonline.com:", "login.microsoftonline.com"),
        ("login.microsoftonline.com.", "login.microsoftonline.com"),
        ("login.microsoftonline.com:8443", "login.microsoftonline.com:8443"),
    ],
)
def test_the_host_header_is_put_in_its_usual_form(idp, header, named):
    with idp.client() as client:
        found = client.get(f"{LOGIN}/common/v2.0/.well-known/openid-configuration", headers={"Host": header}).json()
    assert found["token_endpoint"] == f"https://{named}/common/oauth2/v2.0/token"


@pytest.mark.parametrize(
    "header",
    [
        "127.0.0.1",
        "localhost",
        "evil.example",
        "graph.windows.net",
        "a.b.login.microsoft.com",
        "evil.login.microsoftonline.com",
        "login.microsoftonline.com.evil.example",
        "login.microsoftonline.com@evil.example",
        "login.microsoftonline.com:443x",
        "login.microsoftonline.com/evil",
        "",
    ],
)
def test_on_tls_only_microsofts_names_are_answered(idp, header):
    with idp.client() as client:
        answer = client.get(f"{LOGIN}/common/v2.0/.well-known/openid-configuration", headers={"Host": header})
    assert answer.status_code == 421
    assert f"answers for Microsoft's host names, not for '{header}'." in answer.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_on_plain_http_loopback_names_are_answered(idp, name):
    port = idp.front_url.rpartition(":")[2]
    with idp.browser() as browser:
        assert browser.get("/_mock/health", headers={"Host": f"{name}:{port}"}).status_code == 200


@pytest.mark.parametrize(
    "header", ["login.microsoftonline.com", "graph.microsoft.com", "rebound.example", "[::1]", "127.0.0.2", ""]
)
def test_on_plain_http_no_other_name_is_answered(idp, header):
    with idp.browser() as browser:
        answer = browser.get("/_mock/health", headers={"Host": header})
    assert answer.status_code == 421
    assert "127.0.0.1 and localhost" in answer.text


def test_of_two_host_headers_the_first_counts_for_everything(idp):
    answer = idp.raw(
        b"GET /common/v2.0/.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"
        b"Connection: close\r\n\r\n"
    )
    assert b"evil" not in answer
    answer = idp.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 4")


def test_our_own_pages_are_on_the_front_channel_only(idp):
    with idp.client() as client, idp.browser() as browser:
        assert "mock-idp" in browser.get("/").text
        assert browser.get("/_mock/health").json()["product"] == "mock-idp"
        assert client.get(f"{LOGIN}/").status_code == 404
        assert client.get(f"{LOGIN}/_mock/health").status_code == 404


def test_graphs_paths_are_under_graphs_name_only_and_entras_under_entras(idp):
    with idp.client() as client, idp.browser() as browser:
        assert client.get(f"{LOGIN}/v1.0/me").status_code == 404
        assert browser.get("/v1.0/me").status_code == 404
        answer = client.get(f"{GRAPH}/common/v2.0/.well-known/openid-configuration")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "BadRequest"


def test_an_unknown_address_is_a_page_that_shows_it_without_markup(idp, journal):
    with idp.browser() as browser:
        page = browser.get("/a/%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.status_code == 404
    assert "<script>" not in page.text
    assert journal[-1].status == 404


def test_on_plain_http_no_strict_transport_security_is_announced(idp):
    with idp.browser() as browser:
        for path in ("/common/v2.0/.well-known/openid-configuration", "/", TOKEN):
            assert "strict-transport-security" not in browser.get(path).headers


def test_a_refusal_at_the_tenants_alias_host_keeps_its_shape(idp):
    with idp.client() as client:
        answer = client.post(f"https://sts.windows.net/{CONTOSO.id}/oauth2/v2.0/token", data={"grant_type": "x"})
    assert error_of(answer) == (400, "unsupported_grant_type", 70003)


@pytest.mark.parametrize(
    "path",
    [
        f"/.well-known/oauth-authorization-server/{CONTOSO.id}/v2.0",
        f"/.well-known/openid-configuration/{CONTOSO.id}/v2.0",
        f"/{CONTOSO.id}/v2.0/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server",
        "/register",
    ],
)
def test_what_mcp_clients_ask_for_and_entra_has_not_is_404_and_empty_but_a_page_for_a_browser(idp, path):
    with idp.client() as client:
        answer = client.get(f"{LOGIN}{path}", headers={"Accept": "application/json"})
        shown = client.get(f"{LOGIN}{path}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["cache-control"] == "private"
    assert "access-control-allow-origin" not in answer.headers
    assert shown.status_code == 404
    assert "There is nothing here" in shown.text
