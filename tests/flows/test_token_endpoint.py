"""What every grant shares: method and content type, the client's proof, the shape of answers and refusals."""

import base64
import re
from datetime import datetime
from urllib.parse import urlencode

import pytest
from harness import (
    ANY_CLIENT,
    API,
    API_SCOPES,
    API_URI,
    CONTOSO,
    LOGIN,
    REDIRECT,
    SPA_REDIRECT,
    UNDECLARED,
    VERIFIER,
    WEB_APP,
    WEB_APP_SECRET,
    WRONG_GUID,
    claims_of,
    error_of,
    shown,
)

from mock_idp.directory.models import PasswordCredential

URL = f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token"
CREDENTIALS = {"grant_type": "client_credentials", "scope": f"{API_URI}/.default"}
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def post(idp, data, url: str = URL, **options):
    with idp.client() as client:
        return client.post(url, data=data, **options)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_that_opens_the_token_endpoint_sees_a_page(idp, method):
    with idp.client() as client:
        page = client.request(method, URL)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    if method == "GET":
        assert shown(page) == (200, 900561)
        assert "only accepts POST requests. Received a GET request." in page.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_any_other_method_is_refused_in_json(idp, method):
    with idp.client() as client:
        answer = client.request(method, URL)
    assert error_of(answer) == (400, "invalid_request", 900561)
    assert f"Received a {method} request." in answer.json()["error_description"]


@pytest.mark.parametrize(
    ("tenant", "body", "expected"),
    [
        (CONTOSO.id, {"grant_type": None}, (400, "invalid_request", 900144)),
        (CONTOSO.id, {"grant_type": " "}, (400, "invalid_request", 900144)),
        (CONTOSO.id, {"grant_type": "implicit"}, (400, "unsupported_grant_type", 70003)),
        (CONTOSO.id, {"grant_type": "device_code"}, (400, "invalid_request", 900144)),  # msal-node's name for it
        ("not_a_tenant", {"grant_type": "implicit"}, (400, "unsupported_grant_type", 70003)),
        ("not_a_tenant", {}, (400, "invalid_request", 900023)),
        ("not_a_tenant", {"client_id": None}, (400, "invalid_request", 900023)),
        (CONTOSO.id, {"client_id": None}, (400, "invalid_request", 900144)),
        (CONTOSO.id, {"client_id": WRONG_GUID}, (400, "unauthorized_client", 700016)),
        (CONTOSO.id, {"client_id": "my-app"}, (400, "unauthorized_client", 700016)),
        (UNDECLARED, {"client_id": "my-app"}, (400, "unauthorized_client", 700016)),
        (CONTOSO.id, {"client_id": "00000000-0000-0000-0000-000000000000"}, (400, "unauthorized_client", 700038)),
        ("common", {}, (400, "invalid_request", 50194)),
        ("organizations", {}, (400, "invalid_request", 50194)),
        ("consumers", {}, (400, "invalid_request", 9002332)),
        (CONTOSO.id, {"client_secret": None}, (401, "invalid_client", 7000216)),
        (CONTOSO.id, {"client_secret": ""}, (401, "invalid_client", 7000216)),
        (CONTOSO.id, {"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        (CONTOSO.id, {"client_secret": WEB_APP_SECRET + " "}, (401, "invalid_client", 7000215)),
        (CONTOSO.id, {"client_secret": "ü"}, (401, "invalid_client", 7000215)),
        (CONTOSO.id, {"client_secret": None, "client_assertion": "x.y.z"}, (400, "invalid_request", 900144)),
        (CONTOSO.id, {"client_assertion": "x.y.z"}, (400, "invalid_request", 9002324)),
        (CONTOSO.id, {"client_id": API.app_id, "client_secret": "x"}, (401, "invalid_client", 7000215)),
    ],
)
def test_refusals_come_in_entras_order(idp, tenant, body, expected):
    answer = idp.token(tenant, **{**CREDENTIALS, **body})
    assert error_of(answer) == expected
    assert len(idp.entra.journal.entries[-1].hint) > 20


@pytest.mark.parametrize(("tenant", "right"), [(CONTOSO.id, "Contoso knows "), (UNDECLARED, "Any GUID will do here.")])
def test_a_client_id_that_is_none_is_told_what_the_tenant_takes(idp, tenant, right):
    idp.token(tenant, **{**CREDENTIALS, "client_id": "my-app"})
    hint = idp.entra.journal.entries[-1].hint
    assert right in hint
    assert ("Any GUID" in hint) is (tenant == UNDECLARED)


def test_a_refusal_has_entras_members_order_and_text(idp):
    answer = idp.token(**CREDENTIALS, client_secret="wrong")
    body = answer.json()
    assert list(body) == [
        "error",
        "error_description",
        "error_codes",
        "timestamp",
        "trace_id",
        "correlation_id",
        "error_uri",
    ]
    trace, correlation, timestamp = body["trace_id"], body["correlation_id"], body["timestamp"]
    assert body["error_description"] == (
        "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client "
        f"secret value, not the client secret ID, for a secret added to app '{WEB_APP.app_id}'. "
        f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"
    )
    assert body["error_uri"] == f"{LOGIN}/error?code=7000215"
    assert GUID.fullmatch(trace)
    assert trace.endswith("00")
    assert GUID.fullmatch(correlation)
    assert datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S%z")
    assert answer.headers["x-ms-request-id"] == trace
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store, no-cache"


def test_numbers_without_a_lookup_page_carry_no_error_uri(idp):
    answers = [
        idp.token(grant_type="x"),
        idp.token(client_id="00000000-0000-0000-0000-000000000000", grant_type="client_credentials"),
        idp.redeem(idp.code(), code_verifier="w" * 43),
        idp.redeem(idp.code(), redirect_uri="http://localhost:5001/"),
    ]
    assert [answer.json()["error_codes"][0] for answer in answers] == [70003, 700038, 501481, 500112]
    assert all("error_uri" not in answer.json() for answer in answers)


def test_an_answer_is_kept_by_nobody(idp):
    headers = idp.token(**CREDENTIALS).headers
    assert headers["cache-control"] == "no-store, no-cache"
    assert headers["pragma"] == "no-cache"
    assert headers["expires"] == "-1"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert GUID.fullmatch(headers["x-ms-request-id"])
    assert {"client-request-id", "x-ms-clitelem", "access-control-allow-origin"}.isdisjoint(headers)


def test_the_clients_correlation_id_comes_back(idp):
    sent = "0f0e0d0c-1111-4222-8333-444455556666"
    answer = post(idp, {}, headers={"client-request-id": sent})
    assert answer.json()["correlation_id"] == answer.headers["client-request-id"] == sent
    assert f"Correlation ID: {sent} " in answer.json()["error_description"]
    assert post(idp, {"client-request-id": sent}).json()["correlation_id"] == sent
    assert post(idp, {}, f"{URL}?client-request-id={sent}").json()["correlation_id"] == sent
    assert "client-request-id" not in post(idp, {"client-request-id": sent}).headers


@pytest.mark.parametrize("sent", ["", "x" * 65, "\xe9"])
def test_a_correlation_id_that_cannot_be_one_is_replaced(idp, sent):
    answer = post(idp, {}, headers={"client-request-id": sent.encode("latin-1")})
    assert GUID.fullmatch(answer.json()["correlation_id"])


def test_whoever_sends_telemetry_gets_some(idp):
    headers = {"x-client-current-telemetry": "4|84,1|", "x-client-last-telemetry": "4|0|||"}
    body = {**CREDENTIALS, "client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET}
    assert post(idp, body, headers=headers).headers["x-ms-clitelem"] == "1,0,0,,"
    assert post(idp, {**body, "client_secret": "x"}, headers=headers).headers["x-ms-clitelem"] == "1,7000215,0,,"


def test_technical_parameters_of_the_libraries_are_taken_and_ignored(idp):
    extra = {
        "x-client-SKU": "MSAL.Python",
        "x-client-Ver": "1.39.0",
        "client_info": "1",
        "claims": "{}",
        "nonsense": "",
    }
    answer = idp.token(**CREDENTIALS, **extra)
    assert answer.status_code == 200
    assert "client_info" not in answer.json()


def test_a_secret_may_come_by_basic_instead_of_the_body(idp):
    assert post(idp, CREDENTIALS, headers=basic(WEB_APP.app_id, WEB_APP_SECRET)).status_code == 200
    body = {**CREDENTIALS, "client_id": WEB_APP.app_id}
    assert post(idp, body, headers=basic(WEB_APP.app_id.upper(), WEB_APP_SECRET)).status_code == 200


def test_basic_credentials_are_form_encoded(idp, monkeypatch):

    secret = "a+b c%:ü~"
    app = WEB_APP._replace(secrets=(PasswordCredential(value=secret),))
    monkeypatch.setitem(idp.entra.live.declared[0]._apps, WEB_APP.app_id, app)
    assert post(idp, CREDENTIALS, headers=basic(WEB_APP.app_id, "a%2Bb+c%25%3A%C3%BC~")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (basic(WEB_APP.app_id, "wrong"), {}, (401, "invalid_client", 7000215)),
        (basic(WEB_APP.app_id, ""), {}, (401, "invalid_client", 7000216)),
        (basic(WRONG_GUID, "x"), {}, (400, "unauthorized_client", 700016)),
        (basic(WEB_APP.app_id, WEB_APP_SECRET), {"client_id": API.app_id}, (400, "invalid_request", 9002313)),
        ({"Authorization": "Basic !!!"}, {}, (400, "invalid_request", 9002313)),
        ({"Authorization": "Basic " + base64.b64encode(b"no colon").decode()}, {}, (400, "invalid_request", 9002313)),
        ({"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()}, {}, (400, "invalid_request", 9002313)),
        ({"Authorization": "Basic"}, {}, (400, "invalid_request", 900144)),
        ({"Authorization": "Bearer x"}, {}, (400, "invalid_request", 900144)),
        ({"Authorization": "Basic Og=="}, {}, (400, "invalid_request", 900144)),
    ],
)
def test_what_is_wrong_with_basic_is_told(idp, headers, body, expected):
    assert error_of(post(idp, {**CREDENTIALS, **body}, headers=headers)) == expected


def test_a_web_apps_code_needs_its_secret(idp):
    assert error_of(idp.redeem(idp.code(), client_secret=None)) == (401, "invalid_client", 7000218)
    assert error_of(idp.redeem("garbage", client_secret=None)) == (401, "invalid_client", 7000218)
    assert error_of(idp.redeem(None, client_secret=None, redirect_uri=None)) == (401, "invalid_client", 7000218)


def test_what_cannot_be_a_code_is_told_whatever_the_secret_beside_it(idp):
    assert error_of(idp.redeem("garbage", client_secret="wrong")) == (400, "invalid_grant", 9002313)
    assert error_of(idp.redeem(idp.code(), client_secret="wrong")) == (401, "invalid_client", 7000215)


def test_somebody_elses_code_does_not_save_a_web_app_its_secret(idp):
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT)
    assert error_of(idp.redeem(code, client_secret=None)) == (401, "invalid_client", 7000218)


def test_a_public_client_must_not_send_a_secret(idp):
    code = idp.code(client_id=API.app_id, redirect_uri=SPA_REDIRECT)
    for proof in ({"client_secret": "x"}, {"client_secret": None, "client_assertion": "x"}):
        answer = idp.redeem(code, client_id=API.app_id, redirect_uri=SPA_REDIRECT, **proof)
        assert error_of(answer) == (401, "invalid_client", 700025)


def test_an_undeclared_client_proves_itself_by_any_secret_or_by_pkce(idp):
    def redeem(**body):
        code = idp.code(UNDECLARED, client_id=ANY_CLIENT)
        return idp.redeem(code, UNDECLARED, client_id=ANY_CLIENT, **body)

    assert claims_of(redeem(client_secret="anything").json()["access_token"])["appidacr"] == "1"
    assert claims_of(redeem(client_secret=None).json()["access_token"])["appidacr"] == "0"
    assert error_of(redeem(client_secret=None, code_verifier=None)) == (401, "invalid_client", 7000218)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"grant_type":"client_credentials"}', "application/json"),
        (b"grant_type=client_credentials", "text/plain"),
        (b"grant_type=client_credentials", ""),
        (
            b'--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nx\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_body_that_is_no_form_lacks_grant_type_and_the_hint_says_why(idp, journal, content, content_type):
    answer = post(idp, None, content=content, headers={"Content-Type": content_type})
    assert error_of(answer) == (400, "invalid_request", 900144)
    assert "expected application/x-www-form-urlencoded" in journal[-1].hint
    assert content_type.partition(";")[0] in journal[-1].hint


def test_the_charset_of_a_forms_content_type_does_not_matter(idp):
    body = urlencode({**CREDENTIALS, "client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET})
    for content_type in ("application/x-www-form-urlencoded;charset=utf-8", "Application/X-WWW-Form-URLencoded"):
        answer = post(idp, None, content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 200


@pytest.mark.parametrize("parameter", ["client_id", "scope", "grant_type", "nonsense"])
def test_a_parameter_that_comes_twice_is_refused(idp, parameter):
    answer = post(
        idp, None, content=f"{parameter}=a&{parameter}=a", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert error_of(answer) == (400, "invalid_request", 9000411)
    assert f"The parameter '{parameter}' is duplicated." in answer.json()["error_description"]


def test_parameters_in_the_query_are_no_parameters_of_a_token_request(idp):
    answer = post(idp, {}, f"{URL}?grant_type=client_credentials")
    assert error_of(answer) == (400, "invalid_request", 900144)


def test_a_resource_that_is_not_the_scopes_is_refused_and_the_code_stays_good(idp):
    code = idp.code()
    answer = idp.redeem(code, scope=API_SCOPES, resource="https://graph.microsoft.com")
    assert error_of(answer) == (400, "invalid_target", 9010010)
    assert idp.redeem(code, scope=API_SCOPES, resource=API_URI).status_code == 200


def test_a_resource_instead_of_a_scope_is_v1s_way(idp):
    answer = idp.token(grant_type="client_credentials", resource="https://graph.microsoft.com")
    assert error_of(answer) == (400, "invalid_request", 901002)


def test_the_redirect_uri_of_the_demo_is_the_one_in_the_directory():
    assert WEB_APP.redirect_uris[0].uri == REDIRECT
    assert len(VERIFIER) == 43


@pytest.mark.parametrize("pkce", [True, False])
def test_a_native_apps_code_needs_no_secret_and_no_origin(idp, monkeypatch, pkce):

    from mock_idp.directory.models import RedirectUri

    uri = "http://localhost/native"
    native = API._replace(redirect_uris=(RedirectUri(uri=uri, platform="publicClient"),))
    monkeypatch.setitem(idp.entra.live.declared[0]._apps, API.app_id, native)
    challenge = {} if pkce else {"code_challenge": None, "code_challenge_method": None}
    code = idp.code(client_id=API.app_id, redirect_uri=uri, scope=f"openid {API_SCOPES}", **challenge)
    sent = {"client_id": API.app_id, "redirect_uri": uri, "code_verifier": VERIFIER if pkce else None}
    assert error_of(idp.redeem(code, **sent)) == (401, "invalid_client", 700025)
    body = {"grant_type": "authorization_code", "code": code, **{n: v for n, v in sent.items() if v}}
    assert error_of(post(idp, body, headers={"Origin": "http://localhost"})) == (400, "invalid_request", 9002326)
    assert claims_of(idp.redeem(code, client_secret=None, **sent).json()["access_token"])["azpacr"] == "0"
