"""The journal: who asked what and got what, hints and guesses; never a password, secret, code or token."""

import json

import msal
import pytest
import requests
from harness import (
    ANY_CLIENT,
    API,
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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_idp.app import URLS
from mock_idp.runtime import journal as journals
from mock_idp.runtime.journal import Entry


def told(journal) -> str:
    """All that can be read of entries, whichever way."""
    attributes = [name for name in dir(Entry) if not name.startswith("_")]
    return "\n".join([repr(list(journal)), *(str([getattr(e, name) for name in attributes]) + str(e) for e in journal)])


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


def test_an_entry_answers_what_a_test_asks(idp):
    asked = f"openid offline_access {API_SCOPES}"
    idp.tokens(scope=asked, prompt="select_account", login_hint="rita@contoso.example")
    authorize, login, token = idp.entra.journal
    assert [entry.endpoint for entry in (authorize, login, token)] == ["authorize", "login", "token"]
    assert (authorize.host, authorize.tenant) == ("127.0.0.1", CONTOSO.id)
    assert (authorize.state, authorize.nonce, authorize.prompt) == ("a state", "a nonce", "select_account")
    assert (authorize.response_type, authorize.response_mode) == ("code", None)
    assert (authorize.redirect_uri, authorize.login_hint) == (REDIRECT, "rita@contoso.example")
    assert authorize.library.startswith("python-httpx/")
    for entry in (authorize, login, token):
        assert (entry.ok, entry.pkce, entry.scopes) == (True, "S256", tuple(asked.split()))
        assert (entry.client_id, entry.client) == (WEB_APP.app_id, WEB_APP.display_name)
    assert (authorize.user, login.user, token.user) == (None, "rita@contoso.example", "rita@contoso.example")
    assert (authorize.grant_type, token.grant_type) == (None, "authorization_code")
    assert token.parameters["client_secret"] == f"({len(WEB_APP_SECRET)} characters)"


def test_what_was_issued_is_told_but_not_the_thing_itself(idp):
    idp.tokens(scope=f"openid offline_access {API_SCOPES}")
    idp.token(grant_type="client_credentials", scope="https://graph.microsoft.com/.default")
    login, users, apps = list(idp.entra.journal)[1:]
    assert [(issued.kind, issued.user) for issued in login.issued] == [("authorization code", "rita@contoso.example")]
    access, id_token, refresh_token = users.issued
    assert (access.kind, id_token.kind, refresh_token.kind) == ("access token v2.0", "id token", "refresh token")
    assert (access.audience, access.scopes, access.tenant) == (API.app_id, ("data.read", "data.write"), CONTOSO.id)
    assert (access.user, id_token.audience) == ("rita@contoso.example", WEB_APP.app_id)
    assert 3600 <= access.expires - users.time <= 5400
    assert (users.access_token, users.audience, users.granted) == (access, API.app_id, access.scopes)
    assert [(issued.kind, issued.user, issued.scopes) for issued in apps.issued] == [("access token v1.0", "", ())]
    assert apps.user is None


def test_pkce_is_told_of_a_token_request_only_when_it_was_used(idp):
    challenge = {"code_challenge": None, "code_challenge_method": None}
    idp.redeem(idp.code(**challenge), code_verifier=None)
    idp.redeem(idp.code(**challenge))
    idp.redeem(idp.code(code_challenge=VERIFIER, code_challenge_method="plain"))
    without, unannounced, plain = idp.entra.journal.all("token")
    assert (without.pkce, unannounced.pkce, plain.pkce) == (None, None, "plain")
    assert any("no code_challenge" in note for note in unannounced.notes)
    assert [entry.pkce for entry in idp.entra.journal.all("authorize")] == [None, None, "plain"]


def test_scopes_are_those_of_the_sign_in_where_a_request_names_none(idp):
    tokens = idp.tokens(scope=f"openid offline_access {API_SCOPES}")
    idp.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    refresh = idp.entra.journal.one("token", grant_type="refresh_token")
    assert "scope" not in refresh.parameters
    assert refresh.scopes == ("openid", "offline_access", *API_SCOPES.split())


@pytest.mark.parametrize(
    ("headers", "parameters", "expected"),
    [
        ({"x-client-sku": "MSAL.Python", "x-client-ver": "1.39.0"}, {}, "MSAL.Python 1.39.0"),
        (
            {"user-agent": "a browser"},
            {"x-client-SKU": "msal.js.browser", "x-client-VER": "4.1"},
            "msal.js.browser 4.1",
        ),
        ({"user-agent": "curl/8.1"}, {}, "curl/8.1"),
    ],
)
def test_the_client_library_is_told(idp, headers, parameters, expected):
    with idp.client(headers=headers) as client:
        client.post(f"{LOGIN}/{CONTOSO.id}/oauth2/v2.0/token", data={"grant_type": "x", **parameters})
    assert idp.entra.journal.one("token").library == expected


def test_every_address_has_a_name_in_the_protocols_words(idp):
    names = {url.name for url in URLS}
    wanted = "token authorize login openid_configuration keys instance user_realm logout me userinfo"
    assert set(wanted.split()) <= names
    assert all(name.isidentifier() for name in names)
    assert set(idp.entra.journal.endpoints) == names


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
    assert not entry.ok
    wanted = {"page": "invalid_client", "redirect": "invalid_client", "json": "unsupported_grant_type"}
    assert entry.oauth_error == wanted[where]
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
    for misplaced in (tokens["access_token"], tokens["refresh_token"], code):
        idp.token(grant_type=misplaced)
        idp.token(grant_type="client_credentials", client_id=misplaced)
        idp.token(grant_type="client_credentials", scope=misplaced)
        with idp.browser() as browser:
            idp.authorize(browser, scope=misplaced, login_hint=misplaced)
            idp.authorize(browser, redirect_uri=misplaced, state=misplaced)
            browser.get(f"/{misplaced}")
    text = told(journal) + idp.entra.journal.text()
    assert len(journal) > 30
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


def test_of_a_redirect_uris_query_only_the_length_is_told(idp):
    with idp.browser() as browser:
        idp.authorize(browser, UNDECLARED, client_id=ANY_CLIENT, redirect_uri="https://app.example/callback?key=s3cr3t")
    entry = idp.entra.journal.one("authorize", redirect_uri="https://app.example/callback?key=s3cr3t")
    assert entry.redirect_uri == "https://app.example/callback?(10 characters)"
    assert entry.about["redirect"] == "https://app.example"
    assert "s3cr3t" not in told([entry])


SECRETS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=60).map("s3cr3t{}".format)
"""Each with the mark by which a part of it is found too."""

PLACES = st.sampled_from(
    [
        "access_token", "assertion", "client_assertion", "client_secret", "code", "code_challenge", "code_verifier",
        "ctx", "device_code", "id_token_hint", "logout_hint", "passwd", "password", "refresh_token", "sid", "a_new_one",
        "x-unknown", "CODE", "Client_Secret",
    ]
)  # fmt: skip
ADDRESSES = ["oauth2/v2.0/token", "oauth2/v2.0/authorize", "login", "oauth2/v2.0/logout", "oauth2/v2.0/devicecode"]
GRANTS = ["authorization_code", "refresh_token", "client_credentials", "password", "device_code", "x"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secrets=st.dictionaries(PLACES, SECRETS, min_size=1, max_size=6),
    url=st.builds("/{}/{}".format, st.sampled_from([CONTOSO.id, UNDECLARED, "common"]), st.sampled_from(ADDRESSES)),
    grant=st.sampled_from(GRANTS),
    bare=SECRETS,
)
def test_nothing_that_was_sent_as_a_secret_can_be_read_anywhere(idp, secrets, url, grant, bare):
    idp.entra.runtime.reset()
    known = {"client_id": WEB_APP.app_id, "grant_type": grant, "redirect_uri": REDIRECT, "scope": "openid"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with idp.browser() as browser:
        browser.cookies.set("ESTSAUTH", "s3cr3t-cookie")
        browser.post(url, data={**known, **secrets})
        browser.get(url, params={**known, "response_type": "code", **secrets})
        browser.post(url, content=bare.encode(), headers=form)
        browser.post(url, content=json.dumps({**known, "client_secret": bare}), headers=form)
        browser.post(url, data={**known, "client_id": ""}, auth=(WEB_APP.app_id, "s3cr3t-basic"))
        browser.get(url, headers={"Authorization": "Bearer s3cr3t-bearer"})
    journal = idp.entra.journal
    assert len(journal) == 6
    assert "s3cr3t" not in told(journal) + repr(journal.entries) + journal.text()
    assert journal.faults == []


def test_a_fault_of_ours_is_kept_with_its_traceback_but_not_with_what_its_frames_held(idp, monkeypatch, capfd):
    def faulty(authorization):
        password = authorization.client.secrets  # noqa: F841 - what a frame may hold
        try:
            return {}["a cause"]
        except KeyError as error:
            raise RuntimeError("a fault") from error

    monkeypatch.setattr(idp.entra.issuer, "access_token", faulty)
    idp.token(grant_type="client_credentials", scope="https://graph.microsoft.com/.default")
    [(entry, error)] = idp.entra.journal.faults
    assert entry is idp.entra.journal.one("token", status=500, ok=False)
    assert "RuntimeError" in entry.message
    assert "a fault" in capfd.readouterr().err
    assert (str(error), str(error.__cause__)) == ("a fault", "'a cause'")
    frames = []
    for each in (error, error.__cause__):
        traceback = each.__traceback__
        while traceback:
            frames.append(traceback.tb_frame)
            traceback = traceback.tb_next
    assert frames[-2].f_code.co_name == "faulty"
    assert [dict(frame.f_locals) for frame in frames] == [{}] * len(frames)
    idp.entra.runtime.reset()
    assert idp.entra.journal.faults == []


def test_only_so_many_faults_are_kept(idp, monkeypatch, capfd):
    monkeypatch.setattr(idp.entra.store, "sessions", None)
    with idp.browser() as browser:
        for _ in range(journals.KEPT_FAULTS + 5):
            browser.get(f"/{CONTOSO.id}/oauth2/v2.0/logout")
    assert len(idp.entra.journal.faults) == journals.KEPT_FAULTS
    assert idp.entra.journal.count("logout", status=500) == journals.KEPT_FAULTS + 5


def test_it_can_be_asked_whether_a_second_call_hit_msals_cache(idp, tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_text(idp.server.authority.certificate_pem)
    journal, scopes = idp.entra.journal, ["https://graph.microsoft.com/.default"]
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(bundle)
        session.proxies = {"https": f"http://127.0.0.1:{idp.server.proxy.port}"}
        app = msal.ConfidentialClientApplication(
            WEB_APP.app_id, authority=f"{LOGIN}/{CONTOSO.id}", client_credential=WEB_APP_SECRET, http_client=session
        )
        with journal.recording() as first:
            assert "access_token" in app.acquire_token_for_client(scopes)
        with journal.recording() as second:
            assert "access_token" in app.acquire_token_for_client(scopes)
    assert first.one("token", grant_type="client_credentials").library == f"MSAL.Python {msal.__version__}"
    assert not second.asked("token")
    second.none("token")
    assert journal.count("token") == 1
