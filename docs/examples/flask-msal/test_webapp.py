"""Signing in to the web app, and what it asked for on the way."""

import pytest


def test_rita_signs_in(entra, client):
    page = entra.sign_in(client, "/login", user="rita")
    assert "Rita Reader" in page.text


def test_the_sign_in_is_a_careful_one(entra, client):
    entra.sign_in(client, "/login", user="rita")
    asked = entra.journal.one("authorize")
    assert asked.pkce == "S256"
    assert asked.state
    assert asked.nonce
    assert {"User.Read", "api://orders/data.read", "api://orders/data.write"} <= set(asked.scopes)
    assert entra.journal.one("token").grant_type == "authorization_code"


def test_the_api_answers_in_her_name(entra, client):
    page = entra.sign_in(client, "/api/read", user="rita")
    assert "Hello Rita Reader, here is the data." in page.text


def test_the_second_call_takes_the_token_from_the_cache(entra, client):
    entra.sign_in(client, "/api/read", user="rita")
    entra.journal.one("token", grant_type="refresh_token")
    with entra.journal.recording() as seen:
        assert client.get("/api/read").status_code == 200
    seen.none("token")


def test_who_was_signed_out_everywhere_has_to_sign_in_again(entra, client):
    entra.sign_in(client, "/login", user="rita")
    entra.revoke("rita")
    assert client.get("/api/read").location == "/login?next=/api/read"
    assert entra.journal.last("token").error == 50173
    assert "here is the data" in entra.sign_in(client, "/api/read", user="rita").text


def test_a_disabled_account_stays_outside(entra, client):
    with pytest.raises(AssertionError, match="AADSTS50057"):
        entra.sign_in(client, "/login", user="dora")
    assert "Sign in" in client.get("/").text
