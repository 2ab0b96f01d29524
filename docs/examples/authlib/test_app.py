"""Signing in without a browser, and what Authlib turns away."""

import pytest

from app import create_app


@pytest.fixture
def client(entra):
    """A browser's worth of the app. In this tenant, any client and any secret will do."""
    app = create_app(entra.tenant, "5b0c9f3e-8a51-4d7e-9f07-3d1c6a7be2d4", "any secret")
    return app.test_client()


def test_rita_signs_in(entra, client):
    page = entra.sign_in(client, "/login", user="rita")
    assert "Hello, Rita Reader" in page.text
    assert entra.journal.one("token").pkce == "S256"


def test_keys_are_fetched_again_after_a_rotation(entra, client):
    entra.sign_in(client, "/login", user="rita")
    entra.rotate_keys()
    page = entra.sign_in(client.application.test_client(), "/login", user="walt")
    assert "Hello, Walt Writer" in page.text
    assert entra.journal.count("keys") == 2


def test_an_answer_to_nothing_is_refused(entra, client):
    assert client.get("/callback?code=a-code&state=a-state").status_code == 401
    entra.journal.none("token")


@pytest.mark.parametrize(
    "claims", [{"iss": "https://evil.example"}, {"aud": "another app"}, {"nonce": "an old one"}, {"exp": 1}]
)
def test_an_id_token_for_something_else_is_refused(entra, client, claims):
    entra.user("rita", claims=claims)
    with pytest.raises(AssertionError, match="it answered 401: Sign-in failed"):
        entra.sign_in(client, "/login", user="rita")
    assert "Hello" not in client.get("/").text
