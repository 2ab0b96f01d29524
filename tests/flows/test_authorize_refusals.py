"""What authorize refuses: with a page before the redirect URI is trusted, by a redirect after (facts §3.5, §4.8)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from harness import (
    ANY_CLIENT,
    API,
    API_URI,
    CHALLENGE,
    CONTOSO,
    REDIRECT,
    SPA_REDIRECT,
    UNDECLARED,
    WRONG_GUID,
    Forms,
    hint_of,
    redirected,
    shown,
)

API_CLIENT = {"client_id": API.app_id, "redirect_uri": SPA_REDIRECT}


def refused(idp, tenant: str = CONTOSO.id, **parameters):
    with idp.browser() as browser:
        return idp.authorize(browser, tenant, **parameters)


@pytest.mark.parametrize(
    ("tenant", "parameters", "number"),
    [
        ("not_a_tenant", {}, 900023),
        ("no-dots", {"client_id": None}, 900023),
        (CONTOSO.id, {"client_id": None}, 900144),
        (CONTOSO.id, {"client_id": ""}, 900144),
        (CONTOSO.id, {"client_id": WRONG_GUID}, 700016),
        (CONTOSO.id, {"client_id": WRONG_GUID, "redirect_uri": "javascript:alert(1)"}, 700016),
        (CONTOSO.id, {"client_id": "my-app"}, 700016),
        (UNDECLARED, {"client_id": "my-app"}, 700016),
        ("common", {"client_id": "my-app"}, 700016),
        (CONTOSO.id, {"client_id": "00000000-0000-0000-0000-000000000000"}, 700038),
        (UNDECLARED, {"client_id": "00000000-0000-0000-0000-000000000000"}, 700038),
        ("common", {}, 50194),
        ("organizations", {}, 50194),
        ("consumers", {}, 9002332),
        ("9188040d-6c67-4c5b-b112-36a304b66dad", {"client_id": ANY_CLIENT}, 9002332),
        (CONTOSO.id, {"redirect_uri": None}, 900971),
        (CONTOSO.id, {"redirect_uri": ""}, 900971),
        (UNDECLARED, {"client_id": ANY_CLIENT, "redirect_uri": None}, 900971),
        (CONTOSO.id, {"redirect_uri": "http://localhost:5001@evil.example/callback"}, 500117),
        (CONTOSO.id, {"redirect_uri": "http://localhost.evil.example:5001/callback"}, 500117),
        (CONTOSO.id, {"redirect_uri": "http://localhost:5001/other"}, 50011),
        (UNDECLARED, {"client_id": ANY_CLIENT, "redirect_uri": "http://app.example/cb"}, 500117),
        (UNDECLARED, {"client_id": ANY_CLIENT, "redirect_uri": "http://[::1]/cb"}, 50011),
        (CONTOSO.id, {"prompt": "always"}, 90023),
        (CONTOSO.id, {"prompt": "login consent"}, 90023),
        (CONTOSO.id, {"code_challenge": "short"}, 501491),
        (CONTOSO.id, {"code_challenge": "a" * 44}, 501491),
        (CONTOSO.id, {"code_challenge": "a" * 43 + "="}, 501491),
        (CONTOSO.id, {"response_type": None}, 900144),
        (CONTOSO.id, {"scope": None}, 900144),
        (CONTOSO.id, {"scope": "  "}, 900144),
        (CONTOSO.id, {"scope": None, "resource": "https://mcp.example.com/mcp"}, 900144),
        (CONTOSO.id, {"scope": "offline_access"}, 70011),
        (CONTOSO.id, {"scope": "openid not//a/scope"}, 70011),
        (CONTOSO.id, {"scope": "openid <script>"}, 70011),
        (CONTOSO.id, {"scope": "User.Read https://graph.microsoft.com/.default"}, 70011),
    ],
)
def test_what_is_wrong_with_the_request_itself_is_told_on_a_page_with_status_200(idp, tenant, parameters, number):
    page = refused(idp, tenant, **parameters)
    assert shown(page) == (200, number)
    assert "having trouble signing you in." in page.text
    assert hint_of(page).startswith("What mock-idp adds: ")
    assert len(hint_of(page)) > 40
    for detail in ("Request Id", "Correlation Id", "Timestamp", "Message"):
        assert f"<th>{detail}</th>" in page.text
    assert page.headers["x-ms-request-id"] in page.text


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:5001/callback/",
        "http://localhost:5001/Callback",
        "https://localhost:5001/callback",
        "http://127.0.0.1:5001/callback",
        "http://[::1]:5001/callback",
        "http://localhost:5001/callback?x=1",
        "http://localhost:5001/callback?",
        "http://localhost:5001/callback#",
        "http://localhost:5001/callback#x",
        " http://localhost:5001/callback",
        "http://localhost:5001/callback ",
        "http://localhost:5001/call\tback",
        "http://localhost:5001/callback\n",
        "http://localhost:/callback",
        "http://localhost:999999/callback",
        "HTTP://LOCALHOST:5001/callback",
        "http://user@localhost:5001/callback",
        "http://evil.example\\@localhost:5001/callback",
        "//localhost:5001/callback",
        "/callback",
        "callback",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://localhost:5001/callback/../callback",
        "http://localhost:5001//callback",
        "http://localhost:5001/%63allback",
        "http://[bad",
        "urn:ietf:wg:oauth:2.0:oob",
    ],
)
def test_a_redirect_uri_that_is_not_the_registered_one_is_never_redirected_to(idp, uri):
    page = refused(idp, redirect_uri=uri)
    assert shown(page) == (200, 50011)
    assert "location" not in page.headers


@pytest.mark.parametrize("port", ["", ":80", ":5001", ":49152", ":65535"])
def test_the_port_of_a_loopback_redirect_uri_is_not_compared(idp, port):
    with idp.browser() as browser:
        answer = idp.sign_in(browser, redirect_uri=f"http://localhost{port}/callback")
    assert answer.headers["location"].startswith(f"http://localhost{port}/callback?code=")


@pytest.mark.parametrize("uri", ["http://localhost:5001", "http://localhost:5001/"])
def test_a_missing_path_stands_for_a_slash(idp, uri):
    with idp.browser() as browser:
        answer = idp.sign_in(browser, redirect_uri=uri)
    assert answer.headers["location"].startswith("http://localhost:5001/?code=")


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "blob:https://x/y",
        "file:///etc/passwd",
        "about:blank",
        "filesystem:http://x/y",
        "https://user@app.example/",
        "https://app.example\\@localhost/",
        "https:app.example",
        "https:///path",
        "https://app.example/#fragment",
        "https://app.example/ x",
        "https://ünï.example/",
        "//app.example/",
        "app",
        "https://app.example/" + "x" * 237,
    ],
)
def test_not_even_an_undeclared_app_may_send_the_browser_just_anywhere(idp, uri):
    page = refused(idp, UNDECLARED, client_id=ANY_CLIENT, redirect_uri=uri)
    assert shown(page) == (200, 50011)


@pytest.mark.parametrize(
    "uri",
    ["https://app.example/cb", "http://127.0.0.1:1/cb", "myapp://auth", "msal11111111://auth", "http://localhost"],
)
def test_an_undeclared_app_may_use_what_entra_could_register(idp, uri):
    with idp.browser() as browser:
        answer = idp.sign_in(browser, tenant=UNDECLARED, client_id=ANY_CLIENT, redirect_uri=uri)
    assert answer.headers["location"].startswith(uri)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("http://localhost:5001/callback/", "trailing slash"),
        ("http://localhost:5001/CALLBACK", "upper and lower case"),
        ("http://127.0.0.1:5001/callback", "two hosts"),
        ("http://localhost:5001/x", "Send a registered one"),
    ],
)
def test_the_hint_names_what_came_what_is_registered_and_the_likeliest_slip(idp, uri, said):
    hint = hint_of(refused(idp, redirect_uri=uri))
    assert uri in hint
    assert REDIRECT in hint
    assert said in hint


@pytest.mark.parametrize(
    ("parameters", "error", "number"),
    [
        ({"response_type": "password"}, "unsupported_response_type", 70005),
        ({"response_type": "code code"}, "unsupported_response_type", 70005),
        ({"response_type": "code token"}, "unsupported_response_type", 70005),
        ({"response_type": "CODE"}, "unsupported_response_type", 70005),
        ({"response_type": "token"}, "unsupported_response_type", 700051),
        ({"response_type": "token id_token"}, "unsupported_response_type", 700051),
        ({"response_type": "id_token"}, "unsupported_response_type", 700054),
        ({"response_type": "id_token code"}, "unsupported_response_type", 700054),
        ({"response_type": "id_token", "response_mode": "query"}, "unsupported_response_mode", 70007),
        ({"response_mode": "web_message"}, "unsupported_response_mode", 70007),
        ({"code_challenge_method": "S512"}, "invalid_request", 50149),
        ({"code_challenge": "short", "code_challenge_method": "plain"}, "invalid_request", 50147),
        ({"code_challenge": "a" * 129, "code_challenge_method": None}, "invalid_request", 50147),
        ({"code_challenge": "ä" * 43}, "invalid_request", 50147),
        ({**API_CLIENT, "code_challenge": None}, "invalid_request", 9002325),
        ({"scope": None, "prompt": "none"}, "invalid_request", 900144),
        ({"scope": "openid not//a/scope", "prompt": "none"}, "invalid_scope", 70011),
        ({"scope": " ".join(f"S{n}.Read" for n in range(101))}, "invalid_scope", 28004),
        ({"scope": f"{API_URI}/data.delete"}, "invalid_client", 650053),
        ({"scope": "nosuch"}, "invalid_client", 650053),
        ({"scope": "api://nowhere/data.read"}, "invalid_resource", 500011),
        ({"scope": f"{WRONG_GUID}/data.read"}, "invalid_resource", 500011),
        ({**API_CLIENT, "scope": "https://graph.microsoft.com/.default"}, "invalid_client", 650057),
        ({"resource": "https://graph.microsoft.com"}, "invalid_target", 9010010),
        ({"resource": "https://mcp.example.com/mcp"}, "invalid_target", 9010010),
        ({"prompt": "none"}, "login_required", 50058),
    ],
)
def test_afterwards_a_refusal_goes_to_the_redirect_uri(idp, parameters, error, number):
    answer = refused(idp, **parameters)
    assert answer.status_code == 302
    assert redirected(answer) == (error, number)
    assert answer.headers["location"].startswith(parameters.get("redirect_uri", REDIRECT))
    assert "state=a+state" in answer.headers["location"]
    assert len(idp.entra.journal.entries[-1].hint) > 20


def test_a_client_id_asked_for_as_a_scope_is_told_with_its_apis_name(idp):
    refused(idp, scope=f"openid {API.app_id}")
    assert f"{API.display_name}: ask for {API_URI}/.default" in idp.entra.journal.entries[-1].hint
    refused(idp, scope="openid nosuch")
    assert "is {application ID URI}/nosuch meant?" in idp.entra.journal.entries[-1].hint


def test_a_refusal_in_a_redirect_has_entras_members_order_and_encoding(idp):
    location = refused(idp, response_type="x").headers["location"]
    members = parse_qs(urlsplit(location).query)
    assert list(members) == ["error", "error_description", "error_uri", "state"]
    assert "error_uri=https%3a%2f%2flogin.microsoftonline.com%2ferror%3fcode%3d70005" in location
    assert "AADSTS70005%3a+The+app+returned" in location
    assert location.endswith("#")
    description = members["error_description"][0]
    for part in (" Trace ID: ", " Correlation ID: ", " Timestamp: "):
        assert part in description
    assert description.endswith("Z")


def test_a_refusal_travels_in_the_response_mode_that_was_asked(idp):
    posted = refused(idp, response_mode="form_post", scope="nosuch")
    assert list(Forms(posted.text).found[0][1]) == ["error", "error_description", "error_uri", "state"]
    fragment = urlsplit(refused(idp, response_mode="fragment", scope="nosuch").headers["location"])
    assert "650053" in fragment.fragment
    assert fragment.query == ""


def test_a_refused_token_goes_to_the_fragment_where_tokens_go(idp):
    parts = urlsplit(refused(idp, response_type="id_token").headers["location"])
    assert "700054" in parts.fragment


@pytest.mark.parametrize("parameter", ["client_id", "state", "redirect_uri", "nonsense"])
def test_a_parameter_that_comes_twice_is_refused_with_a_page(idp, parameter):
    with idp.browser() as browser:
        page = browser.get(f"/{CONTOSO.id}/oauth2/v2.0/authorize?{parameter}=a&{parameter}=b")
    assert shown(page) == (400, 9000411)
    assert f"The parameter &#39;{parameter}&#39; is duplicated." in page.text


def test_a_parameter_in_query_and_body_is_a_duplicate_too(idp):
    with idp.browser() as browser:
        page = browser.post(f"/{CONTOSO.id}/oauth2/v2.0/authorize?state=1", data={"state": "1"})
    assert shown(page) == (400, 9000411)


def test_a_resource_beside_scopes_of_the_same_resource_is_let_pass(idp):
    with idp.browser() as browser:
        assert "code=" in idp.sign_in(browser, resource=API_URI).headers["location"]


def test_the_tenant_may_be_named_by_its_domain_and_in_any_case(idp):
    for tenant in ("contoso.example", "CONTOSO.example", CONTOSO.id.upper()):
        with idp.browser() as browser:
            assert "code=" in idp.sign_in(browser, tenant=tenant).headers["location"]


def test_the_same_loopback_uri_on_two_platforms_takes_the_spelled_one_and_is_noted(idp, monkeypatch, journal):

    from mock_idp.directory.models import RedirectUri

    tenant = idp.entra.live.declared[0]
    both = API._replace(
        redirect_uris=(
            RedirectUri(uri="http://localhost:3000/cb", platform="web"),
            RedirectUri(uri="http://localhost:4000/cb", platform="spa"),
        ),
    )
    monkeypatch.setitem(tenant._apps, API.app_id, both)
    asked = {"client_id": API.app_id, "redirect_uri": "http://localhost:4000/cb"}
    assert redirected(refused(idp, **asked, code_challenge=None)) == ("invalid_request", 9002325)
    refused(idp, **asked, code_challenge=CHALLENGE)
    assert any("differ only by port" in note for note in journal[-1].notes)


def test_a_resource_that_is_not_the_scopes_is_told_before_an_unknown_permission(idp):
    asked = {"scope": "openid email offline_access mcp.invoke", "resource": "https://mcp.example.com"}
    with idp.browser() as browser:
        assert redirected(idp.authorize(browser, **asked)) == ("invalid_target", 9010010)
        assert redirected(idp.authorize(browser, **{**asked, "resource": None})) == ("invalid_client", 650053)
