"""The web app, driven like a browser drives it; Entra ID, Graph and the API are one transport of requests."""

import base64
import hashlib
import json
import re
import time
import warnings
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from webapp.downstream import HttpSession
from webapp.main import create_app
from webapp.settings import Settings

TENANT = "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
CLIENT = "9b0a4c1e-2f57-4d7a-8f0e-6b1d2c3a4f50"
PREFIX = "api://c750c37c-6c67-4211-a9e2-6f035a897cfa"
LOGIN = f"https://login.microsoftonline.com/{TENANT}"
DISCOVERY = f"{LOGIN}/v2.0/.well-known/openid-configuration"
TOKEN = f"{LOGIN}/oauth2/v2.0/token"
LOGOUT = "https://login.microsoftonline.com/from-discovery/logout"
ME = "https://graph.microsoft.com/v1.0/me"
API = "http://localhost:8000"
CORRELATION_ID = "5d1f6a3e-0b7c-4f0e-9d55-1f6e7f1e2a3b"

AUTHORIZATION_ERROR = {
    "error": "access_denied",
    "error_description": f"AADSTS65004: <b>No</b>. Trace ID: x Correlation ID: {CORRELATION_ID} Timestamp: y",
}


class World(BaseAdapter):
    """Everything at the other end of the wire. `answers` maps a URL to what it answers instead of the usual."""

    def __init__(self):
        super().__init__()
        self.sent = []
        self.answers = {}
        self.authorize = {}  # the query of the authorization request under way
        self.claims = {}  # claims to put over the usual ones of an ID token

    def send(self, request, **options):
        request.options = options
        self.sent.append(request)
        url, _, _ = request.url.partition("?")
        status, body, headers = self.answers.get(url) or getattr(self, self.ROUTES[url])(request)
        if status == "unreachable":
            raise requests.ConnectionError(url)
        return respond(request, status, body, headers)

    def close(self):
        pass

    ROUTES = {  # noqa: RUF012 - a constant
        DISCOVERY: "discovery",
        "https://login.microsoftonline.com/common/discovery/instance": "instances",
        TOKEN: "token",
        ME: "me",
        f"{API}/data/read": "read",
        f"{API}/data/write": "write",
    }

    def discovery(self, _request):
        return ok(
            issuer=f"{LOGIN}/v2.0",
            authorization_endpoint=f"{LOGIN}/oauth2/v2.0/authorize",
            token_endpoint=TOKEN,
            end_session_endpoint=LOGOUT,
        )

    def instances(self, _request):
        return ok(tenant_discovery_endpoint=DISCOVERY, metadata=[])

    def token(self, request):
        form = dict(parse_qsl(request.body))
        scopes = [scope for scope in form["scope"].split() if scope not in {"openid", "profile", "offline_access"}]
        if form["grant_type"] == "authorization_code":
            challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
            assert challenge.decode().rstrip("=") == self.authorize["code_challenge"]
        return ok(
            token_type="Bearer",
            scope=" ".join(scopes),
            expires_in=3600,
            access_token=f"token for {' '.join(scopes)}",
            refresh_token="refresh",
            id_token=self.id_token(),
            client_info=encoded({"uid": "oid", "utid": TENANT}),
        )

    def id_token(self):
        claims = {
            "iss": f"{LOGIN}/v2.0",
            "aud": CLIENT,
            "exp": time.time() + 3600,
            "nonce": self.authorize.get("nonce"),
            "name": "Ada <Lovelace>",
            "preferred_username": "ada@contoso.com",
            "tid": TENANT,
            "oid": "oid",
            "sub": "sub",
            "login_hint": "opaque-hint",
        }
        return ".".join([encoded({"alg": "RS256"}), encoded(claims | self.claims), "c2ln"])

    def me(self, _request):
        return ok(displayName="Ada L.", userPrincipalName="ada@contoso.com", mail="ada.l@contoso.com", jobTitle=None)

    def read(self, _request):
        return ok(data="for <you>")

    def write(self, _request):
        return ok(result="written")

    def to(self, url):
        return [request for request in self.sent if request.url.partition("?")[0] == url]

    def redemptions(self):
        return [dict(parse_qsl(request.body)) for request in self.to(TOKEN)]


def ok(**members):
    return 200, members, {}


def refused(status, challenge):
    return status, {"detail": "no"}, {"WWW-Authenticate": challenge}


UNREACHABLE = ("unreachable", None, {})


def respond(request, status, body, headers):
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers)
    response._content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    response.request, response.url = request, request.url
    return response


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.fixture
def world():
    return World()


@pytest.fixture
def make_client(world):
    def make(**changes):
        settings = Settings(TENANT, CLIENT, "secret", PREFIX, **changes)
        http = HttpSession()
        http.mount("https://", world)
        http.mount("http://", world)
        app = create_app(settings, http)
        return app.test_client()

    return make


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def signed_in(client, world):
    sign_in(client, world)
    world.sent.clear()
    return client


def start(client, world, path="/login"):
    """Go to the sign-in page; gives the state to come back with."""
    location = client.get(path).location
    world.authorize = dict(parse_qsl(urlsplit(location).query))
    return world.authorize["state"]


def come_back(client, state, **answer):
    return client.get("/callback", query_string={"state": state, **(answer or {"code": "the-code"})})


def sign_in(client, world, path="/login"):
    return come_back(client, start(client, world, path))


# Signing in


def test_a_visitor_is_invited_to_sign_in_without_any_request_leaving(client, world):
    page = client.get("/")
    assert page.status_code == 200
    assert "Sign in with Microsoft" in page.text
    assert world.sent == []


def test_a_visit_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/").headers


def test_signing_in_asks_for_consent_to_both_resources_with_state_nonce_and_pkce(client):
    location = urlsplit(client.get("/login").location)
    query = {name: values[0] for name, values in parse_qs(location.query).items()}
    assert location.netloc == "login.microsoftonline.com"
    assert set(query["scope"].split()) == {
        "User.Read",
        f"{PREFIX}/data.read",
        f"{PREFIX}/data.write",
        "openid",
        "profile",
        "offline_access",
    }
    assert query["response_type"] == "code"
    assert query["redirect_uri"] == "http://localhost:5001/callback"
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert len(query["state"]) >= 16
    assert re.fullmatch("[0-9a-f]{64}", query["nonce"])  # the hash of a nonce that stays here


def test_signing_in_causes_no_warning(client):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client.get("/login")
    assert caught == []


def test_a_code_is_redeemed_for_one_resource(client, world):
    sign_in(client, world)
    (redemption,) = world.redemptions()
    assert redemption["grant_type"] == "authorization_code"
    assert redemption["code"] == "the-code"
    assert set(redemption["scope"].split()) == {"User.Read", "openid", "profile", "offline_access"}


def test_a_signed_in_person_sees_who_they_are(signed_in):
    page = signed_in.get("/").text
    assert "Hello, Ada &lt;Lovelace&gt;" in page
    for text in ("ada@contoso.com", TENANT, "ada.l@contoso.com", "Sign out"):
        assert text in page


def test_the_profile_is_asked_for_with_the_graph_token(signed_in, world):
    signed_in.get("/")
    (request,) = world.to(ME)
    assert request.headers["Authorization"] == "Bearer token for User.Read"


def test_the_home_page_works_when_graph_does_not(signed_in, world):
    world.answers[ME] = UNREACHABLE
    page = signed_in.get("/")
    assert page.status_code == 200
    assert f"{ME} could not be reached" in page.text


def test_two_tabs_can_sign_in_side_by_side(client, world):
    first = start(client, world)
    first_request = world.authorize
    start(client, world)
    world.authorize = first_request
    assert come_back(client, first).location == "/"


def test_the_discovery_document_is_not_fetched_for_every_request(signed_in, world):
    signed_in.get("/")
    signed_in.get("/api/read")
    assert world.to(DISCOVERY) == []


# Answers that do not belong to a sign-in


def test_a_wrong_state_is_refused(client, world):
    start(client, world)
    page = come_back(client, "another-state")
    assert page.status_code == 400
    assert 'href="/login"' in page.text
    assert world.redemptions() == []


def test_a_forged_answer_does_not_disturb_the_sign_in_under_way(client, world):
    state = start(client, world)
    come_back(client, "another-state")
    assert come_back(client, state).location == "/"


def test_an_answer_works_once(client, world):
    state = start(client, world)
    come_back(client, state)
    assert come_back(client, state).status_code == 400


def test_an_answer_in_another_browser_is_refused(client, world):
    state = start(client, world)
    assert come_back(client.application.test_client(), state).status_code == 400


@pytest.mark.parametrize("query", ["", "?state=", "?code=x", "?error=access_denied&error_description=pay+here"])
def test_an_answer_out_of_nowhere_is_refused_and_not_repeated(client, query):
    page = client.get(f"/callback{query}")
    assert page.status_code == 400
    assert "pay here" not in page.text


def test_an_answer_without_a_code_is_refused(client, world):
    assert come_back(client, start(client, world), session_state="x").status_code == 400


def test_an_id_token_with_another_nonce_is_refused(client, world):
    world.claims = {"nonce": "another"}
    assert sign_in(client, world).status_code == 400
    assert "Sign out" not in client.get("/").text


@pytest.mark.parametrize(
    "claims", [{"aud": "another-app"}, {"iss": "https://login.microsoftonline.com/other/v2.0"}, {"exp": 1}]
)
def test_an_id_token_for_somebody_else_signs_nobody_in(client, world, claims):
    world.claims = claims
    assert sign_in(client, world).status_code == 502
    assert "Sign out" not in client.get("/").text


def test_an_error_from_the_sign_in_page_is_shown_and_escaped(client, world):
    page = come_back(client, start(client, world), **AUTHORIZATION_ERROR)
    assert page.status_code == 400
    assert "access_denied" in page.text
    assert "AADSTS65004: &lt;b&gt;No&lt;/b&gt;." in page.text
    assert f"<code>{CORRELATION_ID}</code>" in page.text


def test_an_error_of_the_token_endpoint_is_shown(client, world):
    error = {"error": "invalid_client", "error_description": "AADSTS7000215: bad", "correlation_id": CORRELATION_ID}
    world.answers[TOKEN] = (401, error, {})
    page = sign_in(client, world)
    assert page.status_code == 502
    for text in ("invalid_client", "AADSTS7000215: bad", CORRELATION_ID):
        assert text in page.text


@pytest.mark.parametrize("answer", [UNREACHABLE, (503, "", {}), (200, "<html>", {})])
@pytest.mark.parametrize("url", [DISCOVERY, TOKEN])
def test_an_identity_provider_out_of_order_is_a_bad_gateway(client, world, url, answer):
    world.answers[url] = answer
    page = client.get("/login") if url == DISCOVERY else sign_in(client, world)
    assert page.status_code == 502


def test_an_unknown_tenant_is_a_bad_gateway(client, world):
    world.answers[DISCOVERY] = (400, {"error": "invalid_tenant"}, {})
    page = client.get("/login")
    assert page.status_code == 502
    assert "does not know this tenant" in page.text


# Where a sign-in comes back to


@pytest.mark.parametrize("path", ["/", "/api/read", "/api/write"])
def test_a_sign_in_comes_back_to_the_page_that_wanted_it(client, world, path):
    assert sign_in(client, world, f"/login?next={path}").location == path


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/logout", "api/read"]
)
def test_a_sign_in_comes_back_to_no_other_place(client, world, target):
    assert sign_in(client, world, f"/login?next={target}").location == "/"


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/read"), ("GET", "/api/write"), ("POST", "/api/write")])
def test_a_visitor_who_wants_data_is_sent_to_sign_in(client, method, path):
    answer = client.open(path, method=method)
    assert answer.status_code == 303
    assert answer.location == f"/login?next={path}"


# The session


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client):
    cookie = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_secure_behind_https(make_client):
    client = make_client(redirect_uri="https://app.example/callback")
    assert "Secure" in client.get("/login", base_url="https://app.example").headers["Set-Cookie"]


def test_tokens_stay_on_the_server(client, world):
    sign_in(client, world)
    page = client.get("/api/read")
    assert "token for" not in str(page.headers) + page.text + client.get_cookie("webapp_session").value


def test_signing_in_changes_the_session_id(client, world):
    state = start(client, world)
    before = client.get_cookie("webapp_session").value
    come_back(client, state)
    after = client.get_cookie("webapp_session").value
    assert before != after
    client.set_cookie("webapp_session", before)
    assert "Sign out" not in client.get("/").text


def test_a_planted_session_id_is_not_adopted(client, world):
    client.set_cookie("webapp_session", "planted")
    start(client, world)
    assert client.get_cookie("webapp_session").value != "planted"


def test_sessions_can_be_shared_through_a_directory(make_client, world, tmp_path):
    first, second = make_client(session_dir=str(tmp_path)), make_client(session_dir=str(tmp_path))
    sign_in(first, world)
    second.set_cookie("webapp_session", first.get_cookie("webapp_session").value)
    assert "Sign out" in second.get("/").text


# Calling the API


def test_reading_shows_what_the_api_answered(signed_in, world):
    page = signed_in.get("/api/read")
    assert page.status_code == 200
    assert "for &lt;you&gt;" in page.text
    assert f"{PREFIX}/data.read" in page.text
    assert re.search(r"\d+ ms", page.text)
    (request,) = world.to(f"{API}/data/read")
    assert request.method == "GET"
    assert request.headers["Authorization"] == f"Bearer token for {PREFIX}/data.read"


def test_writing_posts_to_the_api(signed_in, world):
    page = signed_in.post("/api/write")
    assert page.status_code == 200
    assert "written" in page.text
    (request,) = world.to(f"{API}/data/write")
    assert request.method == "POST"
    assert request.headers["Authorization"] == f"Bearer token for {PREFIX}/data.write"


def test_getting_the_write_page_writes_nothing(signed_in, world):
    page = signed_in.get("/api/write")
    assert 'action="/api/write" method="post"' in page.text
    assert world.sent == []


def test_the_api_token_comes_from_the_refresh_token_once(signed_in, world):
    signed_in.get("/api/read")
    signed_in.get("/api/read")
    (redemption,) = world.redemptions()
    assert redemption["grant_type"] == "refresh_token"
    assert set(redemption["scope"].split()) == {f"{PREFIX}/data.read", "openid", "profile", "offline_access"}


def test_an_answer_that_is_no_json_is_shown_as_it_is(signed_in, world):
    world.answers[f"{API}/data/read"] = (200, "plain <text>", {})
    assert "plain &lt;text&gt;" in signed_in.get("/api/read").text


@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required", "consent_required"])
def test_a_refresh_that_needs_the_person_sends_them_to_sign_in(signed_in, world, error):
    world.answers[TOKEN] = (400, {"error": error, "error_description": "AADSTS65001: consent"}, {})
    assert signed_in.get("/api/read").location == "/login?next=/api/read"


def test_a_claims_challenge_is_passed_on_to_the_sign_in(signed_in, world):
    challenge = '{"access_token":{"c1":{}}}'
    world.answers[TOKEN] = (400, {"error": "interaction_required", "claims": challenge}, {})
    signed_in.get("/api/read")
    start(signed_in, world, "/login?next=/api/read")
    assert json.loads(world.authorize["claims"]) == {"access_token": {"c1": {}}}


def test_signing_in_again_suggests_the_same_account(signed_in, world):
    start(signed_in, world)
    assert world.authorize["login_hint"] == "opaque-hint"


def test_a_sign_in_that_did_not_help_ends_in_a_page_and_not_in_a_loop(signed_in, world):
    sign_in(signed_in, world, "/login?next=/api/read")
    world.answers[TOKEN] = (400, {"error": "consent_required", "error_description": "AADSTS65001: consent"}, {})
    page = signed_in.get("/api/read")
    assert page.status_code == 403
    assert "AADSTS65001: consent" in page.text


def test_another_refusal_of_the_refresh_is_a_page(signed_in, world):
    world.answers[TOKEN] = (400, {"error": "invalid_scope", "error_description": "AADSTS70011: scope"}, {})
    page = signed_in.get("/api/read")
    assert page.status_code == 502
    assert "AADSTS70011: scope" in page.text


def test_a_refused_token_is_dropped_and_the_person_signs_in_again_once(signed_in, world):
    world.answers[f"{API}/data/read"] = refused(401, 'Bearer error="invalid_token"')
    assert signed_in.get("/api/read").location == "/login?next=/api/read"
    assert sign_in(signed_in, world, "/login?next=/api/read").location == "/api/read"
    page = signed_in.get("/api/read")
    assert page.status_code == 502
    assert "invalid_token" in page.text
    assert len([each for each in world.redemptions() if each["grant_type"] == "refresh_token"]) == 2
    # later, when the API has recovered and fails again, they may try again
    del world.answers[f"{API}/data/read"]
    assert signed_in.get("/api/read").status_code == 200
    world.answers[f"{API}/data/read"] = refused(401, "Bearer")
    assert signed_in.get("/api/read").status_code == 303


def test_a_missing_scope_is_explained(signed_in, world):
    world.answers[f"{API}/data/write"] = refused(403, 'Bearer error="insufficient_scope", scope="data.admin"')
    page = signed_in.post("/api/write")
    assert page.status_code == 403
    assert "takes the scope data.admin" in page.text
    assert f"granted for: {PREFIX}/data.write" in page.text


def test_a_refusal_without_explanation_is_explained_by_what_we_asked_for(signed_in, world):
    world.answers[f"{API}/data/write"] = (403, {}, {})
    assert "takes the scope data.write" in signed_in.post("/api/write").text


@pytest.mark.parametrize("answer", [UNREACHABLE, (500, "", {}), (302, "", {"Location": "https://evil.example/"})])
def test_an_api_out_of_order_is_a_bad_gateway_that_names_it(signed_in, world, answer):
    world.answers[f"{API}/data/read"] = answer
    page = signed_in.get("/api/read")
    assert page.status_code == 502
    assert API in page.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:8000"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_our_own_pages_can_write(signed_in, headers, status):
    assert signed_in.post("/api/write", headers=headers).status_code == status


def test_no_service_can_keep_us_waiting_or_hand_out_cookies(signed_in, world):
    world.answers[f"{API}/data/read"] = (200, {}, {"Set-Cookie": "who=ada"})
    signed_in.get("/api/read")
    signed_in.get("/api/read")
    assert all(request.options["timeout"] == 5 for request in world.sent)
    assert all("Cookie" not in request.headers for request in world.sent)


# Signing out


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_signing_out_leaves_here_and_the_identity_provider(signed_in, method):
    location = urlsplit(signed_in.open("/logout", method=method).location)
    assert location._replace(query="").geturl() == LOGOUT
    assert dict(parse_qsl(location.query)) == {
        "post_logout_redirect_uri": "http://localhost:5001/",
        "logout_hint": "opaque-hint",
    }
    assert signed_in.get_cookie("webapp_session") is None
    assert "Sign in with Microsoft" in signed_in.get("/").text


def test_a_copied_cookie_is_worthless_after_signing_out(signed_in):
    cookie = signed_in.get_cookie("webapp_session").value
    signed_in.get("/logout")
    signed_in.set_cookie("webapp_session", cookie)
    assert signed_in.get("/api/read").location == "/login?next=/api/read"


def test_signing_out_without_a_login_hint_goes_without(client, world):
    world.claims = {"login_hint": ""}
    sign_in(client, world)
    assert "logout_hint" not in client.get("/logout").location


def test_the_host_header_cannot_choose_where_to_land_after_signing_out(signed_in):
    location = signed_in.get("/logout", headers={"Host": "evil.example"}).location
    assert "evil" not in location


@pytest.mark.parametrize("answer", [UNREACHABLE, (500, "", {}), ok(issuer="no endpoint")])
def test_signing_out_works_here_when_the_identity_provider_does_not(client, world, answer):
    world.answers[DISCOVERY] = answer
    page = client.get("/logout")
    assert page.status_code == 200
    assert "You are signed out of this application" in page.text


# Pages


@pytest.mark.parametrize("path", ["/", "/api/read", "/api/write", "/nowhere", "/callback"])
def test_pages_are_private_and_self_contained(signed_in, path):
    page = signed_in.get(path)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert re.findall(r'(?:href|src|action)="(?!/|#)', page.text) == []
    assert re.findall(r"<script|<style| style=| on\w+=", page.text) == []


def test_the_style_sheet_loads_nothing_from_elsewhere(client):
    with client.get("/static/style.css") as sheet:
        assert not re.search(r"url\(|@import", sheet.text)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/login", 405)])
def test_a_wrong_address_gets_a_page_too(client, method, path, status):
    page = client.open(path, method=method)
    assert page.status_code == status
    assert page.mimetype == "text/html"
    assert "Back to the start" in page.text


def test_a_wrong_method_is_told_the_right_ones(client):
    assert "GET" in client.post("/login").headers["Allow"]
