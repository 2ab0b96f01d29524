"""The journal: who asked what and got what, hints and guesses; never a password, secret, code or token."""

import pytest
from harness import (
    ANY_CLIENT,
    API_SCOPES,
    CONTOSO,
    GRAPH,
    LOGIN,
    REDIRECT,
    UNDECLARED,
    VERIFIER,
    WEB_APP,
    WEB_APP_SECRET,
    Forms,
    query_of,
)

from mock_idp.runtime import journal as journals


def told(journal) -> str:
    return repr(list(journal))


def test_a_sign_in_is_told_step_by_step(idp, journal):
    idp.tokens(scope=f"openid {API_SCOPES}")
    page, post, token = journal
    assert (page.method, page.what, page.status) == ("GET", f"127.0.0.1/{CONTOSO.id}/oauth2/v2.0/authorize", 200)
    assert page.about["client"] == WEB_APP.app_id
    assert page.about["redirect"] == "http://localhost:5001"
    assert page.about["pkce"] == "S256"
    assert (post.method, post.status, post.about["user"]) == ("POST", 302, "rita@contoso.example")
    assert (token.about["grant"], token.about["token_for"]) == ("authorization_code", "Contoso Data API")
    assert token.about["user"] == "rita@contoso.example"
    assert token.what == f"login.microsoftonline.com/{CONTOSO.id}/oauth2/v2.0/token"
    assert (token.error, token.hint, token.notes) == (0, "", [])


@pytest.mark.parametrize("where", ["page", "redirect", "json"])
def test_a_refusal_is_told_with_number_message_and_hint_wherever_it_went(idp, journal, where):
    with idp.browser() as browser:
        if where == "page":
            idp.authorize(browser, redirect_uri="http://localhost:5001/x")
        elif where == "redirect":
            idp.authorize(browser, scope="nosuch")
        else:
            idp.token(grant_type="x")
    entry = journal[-1]
    assert entry.error == {"page": 50011, "redirect": 650053, "json": 70003}[where]
    assert entry.status == {"page": 200, "redirect": 302, "json": 400}[where]
    assert entry.message
    assert entry.hint


def test_passwords_secrets_codes_and_tokens_are_never_told(idp, journal):
    secrets = ["contoso-demo", "my-real-password", WEB_APP_SECRET, "a-wrong-secret", VERIFIER, "a-wrong-verifier"]
    with idp.browser() as browser:
        page = idp.submit(browser, idp.authorize(browser), loginfmt="rita")
        page = idp.submit(browser, page, passwd="my-real-password")
        answer = idp.submit(browser, page, passwd="contoso-demo")
        secrets.append(browser.cookies.get("ESTSAUTH"))
    code = query_of(answer)["code"]
    secrets.append(code)
    idp.redeem(code, client_secret="a-wrong-secret")
    idp.redeem(code, code_verifier="a-wrong-verifier")
    tokens = idp.redeem(code).json()
    idp.redeem(code)
    again = idp.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"], scope="User.Read").json()
    idp.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"] + "x")
    idp.token(grant_type="client_credentials", scope="x", client_assertion=tokens["access_token"])
    secrets += [value for each in (tokens, again) for name, value in each.items() if name.endswith("_token")]
    for token in (again["access_token"], tokens["access_token"], again["access_token"] + "x", "junk-token"):
        with idp.client(headers={"Authorization": f"Bearer {token}"}) as client:
            client.get(f"{GRAPH}/v1.0/me")
    with idp.client(auth=(WEB_APP.app_id, "a-wrong-secret")) as client:
        client.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={"grant_type": "client_credentials"})
    with idp.browser() as browser:
        browser.get(f"/{CONTOSO.id}/oauth2/v2.0/logout", params={"id_token_hint": tokens["id_token"]})
        posted = idp.sign_in(browser, response_mode="form_post")
        secrets.append(Forms(posted.text).found[0][1]["code"])
    text = told(journal)
    assert len(journal) > 15
    for secret in secrets:
        assert secret not in text, secret
        assert secret[-30:] not in text, secret


def test_an_entry_quotes_only_so_much_and_nothing_that_a_terminal_obeys(idp, journal):
    long = "x" * 20_000
    with idp.browser() as browser:
        idp.authorize(browser, redirect_uri=f"https://{long}/\x1b"[:-1], client_id=WEB_APP.app_id)
        idp.authorize(browser, client_id=long)
        idp.authorize(browser, scope=f"openid {long}")
        idp.authorize(browser, prompt="\u202e\u2066" + long)
        browser.get(f"/{long[:900]}%1b%5b31m/x")
        idp.submit(browser, idp.authorize(browser), loginfmt=long)
        browser.get(f"/{CONTOSO.id}/oauth2/v2.0/logout", params={"post_logout_redirect_uri": long})
    idp.token(grant_type=long)
    for entry in journal:
        assert len(repr(entry)) < 4_000
        assert "\x1b" not in "".join([entry.what, entry.message, entry.hint, *entry.notes, *entry.about.values()])
        assert "\u202e" not in entry.hint


def test_an_entry_takes_only_so_many_notes(idp, journal):
    with idp.browser() as browser:
        scope = " ".join(f"api://resource-{n}/read" for n in range(100))
        idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, scope=scope)
    assert len(journal[-1].notes) == journals.MAX_NOTES


def test_the_last_thousand_entries_are_kept(idp):
    assert journals.KEPT == 1_000
    assert idp.entra.journal.entries.maxlen == journals.KEPT


def test_a_sink_that_prints_gets_every_entry(idp, monkeypatch):
    seen = []
    monkeypatch.setattr(idp.entra.journal, "sink", seen.append)
    with idp.browser() as browser:
        browser.get("/_mock/health")
        browser.get("/nowhere")
    assert [entry.status for entry in seen] == [200, 404]


def test_the_redirects_path_and_query_are_not_told(idp, journal):
    with idp.browser() as browser:
        idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, redirect_uri="https://app.example/secret/path?key=1")
    assert journal[-1].about["redirect"] == "https://app.example"
    assert "secret/path" not in told(journal)
    assert REDIRECT not in told(journal)
