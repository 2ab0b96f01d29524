"""The API, asked with tokens in hand: signed like Entra's, so that the API's own checks are what is tested."""

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from api.settings import Settings

CLIENT_ID = "0f1d8c52-93c1-4a5e-8a5b-7f0f7a1c2b3d"
API = f"api://{CLIENT_ID}"


@pytest.fixture
def client(entra):
    """The API, configured as ever."""
    with TestClient(create_app(Settings(entra.tenant, CLIENT_ID, API))) as client:
        yield client


@pytest.mark.parametrize("version", [1, 2])
def test_a_reader_may_read(entra, client, version):
    token = entra.token("rita", audience=API, scopes=["data.read"], version=version)
    assert client.get("/data/read", headers=token.header).json()["name"] == "Rita Reader"


def test_a_reader_may_not_write(entra, client):
    token = entra.token("rita", audience=API, scopes=["data.read"])
    answer = client.post("/data/write", headers=token.header)
    assert answer.status_code == 403
    assert 'scope="data.write"' in answer.headers["www-authenticate"]


def test_nobody_reads_without_a_token(client):
    assert client.get("/data/read").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"expires_in": -120}, "expired"),
        ({"audience": "https://graph.microsoft.com"}, "signature"),  # Graph's tokens cannot be verified by others
        ({"audience": "api://another-api"}, "audience"),
        ({"tenant": "another.example"}, "tenant"),
        ({"claims": {"iss": "https://evil.example"}}, "issuer"),
        ({"claims": {"exp": None}}, "exp"),
    ],
)
def test_a_token_for_something_else_is_refused(entra, client, wrong, reason):
    token = entra.token("rita", **{"audience": API, "scopes": ["data.read"], **wrong})
    answer = client.get("/data/read", headers=token.header)
    assert answer.status_code == 401
    assert reason in answer.json()["detail"]


def test_a_daemon_may_not_act_for_a_user(entra, client):
    token = entra.app_token(audience=API, roles=["data.read"])
    assert client.get("/data/read", headers=token.header).status_code == 403


def test_keys_are_fetched_once_and_again_after_a_rotation(entra, client):
    def read():
        return client.get("/data/read", headers=entra.token("rita", audience=API, scopes=["data.read"]).header)

    assert read().status_code == read().status_code == 200
    assert entra.journal.count("keys") == 1
    entra.rotate_keys()
    assert read().status_code == 200
    assert entra.journal.count("keys") == 2
