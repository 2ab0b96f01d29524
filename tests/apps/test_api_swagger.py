"""The Swagger page: all of it comes from the API itself, and its Authorize button signs in at the tenant."""

import re

import pytest
from starlette.testclient import TestClient

from api.main import create_app
from api.settings import Settings

TENANT_ID = "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
APP_ID_URI = "api://c750c37c-6c67-4211-a9e2-6f035a897cfa"
SCOPES = {f"{APP_ID_URI}/data.read": "Read the data", f"{APP_ID_URI}/data.write": "Write the data"}


@pytest.fixture
def page(api):
    return api.get("/docs").text


@pytest.mark.parametrize("path", ["/docs", "/docs/oauth2-redirect"])
def test_no_page_names_another_host(api, path):
    answer = api.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert not re.search(r"(?:https?:)?//[\w.-]+\.\w", re.sub(r"// .*", "", answer.text))


def test_every_file_of_the_page_is_served(api, page):
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert [api.get(path).status_code for path in files] == [200, 200, 200]
    assert all(path.startswith("/docs/assets/") for path in files)


def test_the_stylesheet_loads_nothing_from_elsewhere(api):
    assert not re.search(r"@import|url\((?![\"']?data:)", api.get("/docs/assets/swagger-ui.css").text)


def test_the_document_is_not_sent_to_the_validator_on_the_internet(page):
    assert '"validatorUrl": null' in page


def test_the_page_signs_in_with_pkce_as_its_own_client(page):
    assert '"clientId": "0d8e0b0e-9a3f-4a43-8bd8-3f6a5b0f1c22"' in page
    assert '"usePkceWithAuthorizationCodeGrant": true' in page
    assert "window.location.origin + '/docs/oauth2-redirect'" in page
    assert all(f'"{scope}"' in page for scope in SCOPES)


def test_without_a_client_the_page_asks_for_one(tenant):
    settings = Settings(TENANT_ID, APP_ID_URI.removeprefix("api://"), APP_ID_URI)
    page = TestClient(create_app(settings, tenant.client())).get("/docs").text
    assert '"clientId": ""' in page
    assert '"usePkceWithAuthorizationCodeGrant": true' in page


def test_behind_a_prefix_every_address_has_it(api_settings, tenant):
    app = create_app(api_settings, tenant.client())
    page = TestClient(app, root_path="/prefix").get("/docs").text
    assert page.count("/prefix/docs/assets/") == 3
    assert "url: '/prefix/openapi.json'" in page
    assert "'/prefix/docs/oauth2-redirect'" in page


def test_the_scheme_is_the_tenants_authorization_code_flow(api):
    schemes = api.get("/openapi.json").json()["components"]["securitySchemes"]
    base = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0"
    flow = {"authorizationUrl": f"{base}/authorize", "tokenUrl": f"{base}/token", "scopes": SCOPES}
    assert schemes == {"Entra": {"type": "oauth2", "flows": {"authorizationCode": flow}}}


@pytest.mark.parametrize(("method", "name"), [("get", "read"), ("post", "write")])
def test_each_route_shows_its_scope_by_the_name_the_scheme_has(api, method, name):
    operation = api.get("/openapi.json").json()["paths"][f"/data/{name}"][method]
    assert operation["security"] == [{"Entra": [f"{APP_ID_URI}/data.{name}"]}]
    assert {"200", "401", "403", "503"} <= set(operation["responses"])


def test_the_document_is_of_a_version_the_page_can_show(api):
    document = api.get("/openapi.json")
    assert document.json()["openapi"].startswith("3.0.")
    assert '"null"' not in document.text


def test_there_is_no_other_documentation_page(api):
    assert api.get("/redoc").status_code == 404
