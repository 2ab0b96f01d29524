"""What the API offers, to whom, and how a server starts it."""

import importlib
import shutil
import sys
from pathlib import Path

import httpx
import pytest
from uvicorn.importer import import_from_string

import api.main
from api.main import create_app

PACKAGE = Path(api.main.__file__).parent
IDS = {"TENANT_ID": "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11", "API_CLIENT_ID": "c750c37c-6c67-4211-a9e2-6f035a897cfa"}


@pytest.fixture
def send(api, tenant):
    """Send a request by a user with some scopes."""

    def with_scopes(method, path, scp):
        return api.request(method, path, headers={"Authorization": f"Bearer {tenant.token(scp=scp)}"})

    return with_scopes


@pytest.fixture(autouse=True)
def _no_application_is_left_behind(monkeypatch):
    monkeypatch.delitem(vars(api.main), "app", raising=False)
    yield
    vars(api.main).pop("app", None)


def test_a_reader_gets_the_data(send):
    answer = send("GET", "/data/read", "data.read")
    assert answer.status_code == 200
    assert answer.json() == {
        "message": "Hello Ada Lovelace, here is the data.",
        "name": "Ada Lovelace",
        "scopes": ["data.read"],
    }


def test_a_writer_writes(send):
    answer = send("POST", "/data/write", "data.write data.read")
    assert answer.status_code == 200
    assert answer.json() == {
        "result": "The data was written.",
        "name": "Ada Lovelace",
        "scopes": ["data.read", "data.write"],
    }


def test_a_reader_may_not_write(send):
    answer = send("POST", "/data/write", "data.read")
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"].endswith('scope="data.write"')


def test_a_writer_may_not_read(send):
    assert send("GET", "/data/read", "data.write").status_code == 403


@pytest.mark.parametrize(("method", "path"), [("POST", "/data/read"), ("GET", "/data/write")])
def test_each_route_has_one_method(send, method, path):
    assert send(method, path, "data.read data.write").status_code == 405


def test_writing_needs_a_token_even_with_a_body(api):
    assert api.post("/data/write", json={"any": "thing"}).status_code == 401


def test_the_root_leads_to_the_documentation(api):
    answer = api.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "docs")


def test_the_server_says_that_it_lives_without_a_token(api, tenant):
    assert api.get("/healthz").json() == {"status": "ok"}
    assert tenant.fetches == []


def test_no_other_site_may_read_the_answers(send, api):
    assert not [name for name in send("GET", "/data/read", "data.read").headers if name.startswith("access-control")]
    preflight = api.options(
        "/data/read", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"}
    )
    assert preflight.status_code == 405


# starting


def test_uvicorn_finds_the_application(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, value in IDS.items():
        monkeypatch.setenv(name, value)
    app = import_from_string("api.main:app")
    assert app.title == "Data API"
    assert import_from_string("api.main:app") is app


def test_a_missing_setting_ends_the_start_with_one_clear_line(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TENANT_ID", raising=False)
    monkeypatch.setenv("API_CLIENT_ID", IDS["API_CLIENT_ID"])
    with pytest.raises(SystemExit, match=r"^api\.main: set TENANT_ID in the environment or in \.env"):
        import_from_string("api.main:app")


def test_the_module_has_no_other_surprises():
    assert not hasattr(api.main, "application")


def test_the_package_works_under_another_name(monkeypatch, tmp_path, api_settings, tenant):
    shutil.copytree(PACKAGE, tmp_path / "moved_apps" / "api", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(tmp_path)
    moved = importlib.import_module("moved_apps.api.main")
    try:
        assert moved.SigningKeys.__module__ == "moved_apps.api.keys"
        assert moved.create_app(api_settings, tenant.client()).title == "Data API"
    finally:
        for name in [name for name in sys.modules if name.startswith("moved_apps")]:
            del sys.modules[name]


def test_the_default_client_takes_proxy_and_trust_from_the_environment(monkeypatch, api_settings):
    made = []
    monkeypatch.setattr(httpx, "AsyncClient", lambda **options: made.append(options))
    create_app(api_settings)
    assert made == [{"timeout": 5}]  # trust_env is httpx's default


def test_the_client_is_closed_at_shutdown(api_settings, tenant):
    from starlette.testclient import TestClient

    client = tenant.client()
    with TestClient(create_app(api_settings, client)):
        assert not client.is_closed
    assert client.is_closed
