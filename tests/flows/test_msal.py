"""MSAL itself, unchanged, as the judge of what it gets: metadata, PKCE and nonce, client_info, its token cache."""

from urllib.parse import parse_qs, urlsplit

import msal
import pytest
import requests
from harness import (
    ANY_CLIENT,
    API,
    API_SCOPES,
    API_URI,
    CONTOSO,
    LOGIN,
    REDIRECT,
    UNDECLARED,
    WEB_APP,
    Forms,
    claims_of,
)

RITA = CONTOSO.users[1]


class Counting(requests.Session):
    """A session that leads to our server and counts what goes through it."""

    def __init__(self, idp, bundle: str) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = bundle
        self.proxies = {"https": f"http://127.0.0.1:{idp.server.proxy.port}"}
        self.asked: list[str] = []

    def send(self, request, **options):
        self.asked.append(f"{request.method} {urlsplit(request.url).path}")
        return super().send(request, **options)


@pytest.fixture
def session(idp, tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text(idp.server.authority.certificate_pem)
    with Counting(idp, str(bundle)) as session:
        yield session


def client(session, authority: str = CONTOSO.id, client_id: str = WEB_APP.app_id):
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=WEB_APP.secrets[0].value,
        authority=f"{LOGIN}/{authority}",
        http_client=session,
    )


def sign_in(idp, app, scopes: list[str], **options) -> dict:
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=REDIRECT, response_mode="form_post", **options)
    asked = urlsplit(flow["auth_uri"])
    assert f"{asked.scheme}://{asked.netloc}" == idp.front_url
    with idp.browser() as browser:
        answer = idp.click_tile(browser, browser.get(flow["auth_uri"]))
    return app.acquire_token_by_auth_code_flow(flow, posted(answer))


def posted(page) -> dict[str, str]:
    """What the browser posts to the application."""
    return Forms(page.text).found[0][1]


@pytest.mark.parametrize("authority", [CONTOSO.id, "contoso.example"])
def test_it_signs_in_and_knows_the_account(idp, session, authority):
    app = client(session, authority)
    tokens = sign_in(idp, app, [f"{API_URI}/data.read"])
    assert tokens["id_token_claims"]["preferred_username"] == "rita@contoso.example"
    (account,) = app.get_accounts()
    assert account["home_account_id"] == f"{RITA.id}.{CONTOSO.id}"
    assert account["local_account_id"] == RITA.id
    assert account["environment"] == "login.microsoftonline.com"


def test_it_finds_every_granted_scope_in_its_cache(idp, session):
    app = client(session)
    sign_in(idp, app, [f"{API_URI}/data.read"])
    (account,) = app.get_accounts()
    session.asked.clear()
    for scopes in ([f"{API_URI}/data.read"], [f"{API_URI}/data.write"], API_SCOPES.split()):
        assert app.acquire_token_silent(scopes, account)["token_source"] == "cache"
    assert session.asked == []


def test_it_gets_another_resources_token_by_refreshing_once(idp, session):
    app = client(session)
    sign_in(idp, app, ["User.Read", *API_SCOPES.split()])
    (account,) = app.get_accounts()
    api = app.acquire_token_silent([f"{API_URI}/data.read"], account)
    assert claims_of(api["access_token"])["aud"] == API.app_id
    assert api["token_source"] == "identity_provider"
    assert app.acquire_token_silent([f"{API_URI}/data.write"], account)["token_source"] == "cache"
    assert app.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"


def test_it_is_content_with_auth_time(idp, session):
    tokens = sign_in(idp, client(session), ["User.Read"], max_age=600)
    assert isinstance(tokens["id_token_claims"]["auth_time"], int)


def test_it_gets_application_tokens_and_keeps_them(idp, session):
    app = client(session)
    first = app.acquire_token_for_client([f"{API_URI}/.default"])
    second = app.acquire_token_for_client([f"{API_URI}/.default"])
    assert (first["token_source"], second["token_source"]) == ("identity_provider", "cache")


def test_it_reports_a_refusal_with_entras_number(idp, session):
    app = msal.ConfidentialClientApplication(
        WEB_APP.app_id, client_credential="wrong", authority=f"{LOGIN}/{CONTOSO.id}", http_client=session
    )
    answer = app.acquire_token_for_client([f"{API_URI}/.default"])
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [7000215])


def test_it_passes_a_refused_sign_in_on(idp, session):
    app = client(session)
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT, response_mode="form_post", prompt="none")
    with idp.browser() as browser:
        answer = app.acquire_token_by_auth_code_flow(flow, posted(browser.get(flow["auth_uri"])))
    assert answer["error"] == "login_required"
    assert answer["error_description"].startswith("AADSTS50058: ")


@pytest.mark.parametrize("authority", [UNDECLARED, "common", "organizations", "northwind.example"])
def test_undeclared_it_works_with_any_client(idp, session, authority):
    app = client(session, authority, ANY_CLIENT)
    tokens = sign_in(idp, app, ["api://orders/read"])
    assert claims_of(tokens["access_token"])["scp"] == "read"
    assert app.acquire_token_silent(["api://orders/read"], app.get_accounts()[0])["token_source"] == "cache"


def test_an_empty_cache_asks_instance_discovery_and_is_content(idp, session):
    assert client(session).get_accounts() == []
    assert "GET /common/discovery/instance" in session.asked


def test_its_sign_out_address_is_ours(idp, session):
    with idp.client() as reader:
        document = reader.get(f"{LOGIN}/{CONTOSO.id}/v2.0/.well-known/openid-configuration").json()
    with idp.browser() as browser:
        url = f"{document['end_session_endpoint']}?post_logout_redirect_uri=http://localhost:5001/"
        assert browser.get(url).headers["location"] == "http://localhost:5001/"
    assert parse_qs(urlsplit(url).query)["post_logout_redirect_uri"] == ["http://localhost:5001/"]
