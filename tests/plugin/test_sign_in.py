"""``entra.sign_in``: apps that say ``login.microsoftonline.com``, signed in to through each kind of client."""

import asyncio
import secrets
import socket
from contextlib import contextmanager
from threading import Thread
from urllib.parse import parse_qsl, urlencode

import flask
import httpx
import msal
import pytest
import requests
import werkzeug.test
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from mock_idp import UserError
from mock_idp.directory.default import CONTOSO, PASSWORD, WEB_APP, WEB_APP_SECRET
from mock_idp.facts.hosts import NATIVE_CLIENT
from mock_idp.visitor import IdpSide, VisitError, sign_in

AUTHORITY = f"https://login.microsoftonline.com/{CONTOSO.id}"
UNDECLARED = "https://login.microsoftonline.com/7a1c1f5e-0000-4c8b-9b39-5f1d6f0c2e11"
CALLBACK = "http://localhost:5001/callback"
DESK = "de5c0000-0000-4000-8000-00000000de5c"

pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning")


def after(callback):
    """Where signing out leads."""
    return callback.removesuffix("callback")


def flask_app(mode="query", *, callback=CALLBACK, secret=WEB_APP_SECRET, authority=AUTHORITY, **config):
    """MSAL's own flow, a sign-out built by hand."""
    app = flask.Flask(__name__)
    app.config.update(SECRET_KEY="x", TESTING=True, **config)

    def client():
        return msal.ConfidentialClientApplication(WEB_APP.app_id, client_credential=secret, authority=authority)

    @app.get("/login")
    def login():
        asked = {name: flask.request.args[name] for name in flask.request.args}
        flow = client().initiate_auth_code_flow(["User.Read"], redirect_uri=callback, response_mode=mode, **asked)
        flask.session["flow"] = flow
        return flask.redirect(flow["auth_uri"])

    @app.post("/begin")
    def begin():
        return login() if flask.request.form.get("csrf") == "ours" else ("forged", 403)

    @app.route("/callback", methods=["GET", "POST"])
    def back():
        got = client().acquire_token_by_auth_code_flow(flask.session.pop("flow", {}), flask.request.values.to_dict())
        if "error" in got:
            return f"<h1>Could not sign you in</h1><style>p {{}}</style><p>{got['error']}</p>", 400
        flask.session["name"] = got["id_token_claims"]["name"]
        return flask.redirect(flask.url_for("home"))

    @app.get("/")
    def home():
        return f"Hello {flask.session.get('name', 'stranger')}"

    @app.get("/logout")
    def logout():
        flask.session.clear()
        return flask.redirect(f"{AUTHORITY}/oauth2/v2.0/logout?post_logout_redirect_uri={after(callback)}")

    return app


def starlette_app(mode="query", *, callback=CALLBACK, same_site="lax"):
    """A flow written by hand, with the authorize URL on Microsoft's own name."""

    async def login(request):
        request.session["state"] = state = secrets.token_urlsafe()
        asked = {
            "client_id": WEB_APP.app_id, "response_type": "code", "redirect_uri": callback, "scope": "User.Read",
            "state": state, "response_mode": mode,
        }  # fmt: skip
        return RedirectResponse(f"{AUTHORITY}/oauth2/v2.0/authorize?{urlencode(asked)}")

    async def begin(request):
        if dict(parse_qsl((await request.body()).decode())).get("csrf") != "ours":
            return PlainTextResponse("forged", 403)
        return RedirectResponse((await login(request)).headers["Location"], 303)

    async def back(request):
        sent = dict(parse_qsl((await request.body()).decode() or request.url.query))
        if sent.get("state") != request.session.pop("state", None):
            return PlainTextResponse("the state is not ours", 400)
        form = {
            "client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET, "grant_type": "authorization_code",
            "code": sent["code"], "redirect_uri": callback,
        }  # fmt: skip
        async with httpx.AsyncClient() as entra:
            got = (await entra.post(f"{AUTHORITY}/oauth2/v2.0/token", data=form)).json()
            bearer = {"Authorization": f"Bearer {got['access_token']}"}
            me = await entra.get("https://graph.microsoft.com/v1.0/me", headers=bearer)
        request.session["name"] = me.json()["displayName"]
        return RedirectResponse("/", 303)

    async def home(request):
        return PlainTextResponse(f"Hello {request.session.get('name', 'stranger')}")

    async def logout(request):
        request.session.clear()
        return RedirectResponse(f"{AUTHORITY}/oauth2/v2.0/logout?post_logout_redirect_uri={after(callback)}")

    routes = [
        Route("/login", login), Route("/callback", back, methods=["GET", "POST"]), Route("/", home),
        Route("/logout", logout), Route("/begin", begin, methods=["POST"]),
    ]  # fmt: skip
    sessions = Middleware(SessionMiddleware, secret_key="x", same_site=same_site)
    return Starlette(routes=routes, middleware=[sessions])


@contextmanager
def listening(make):
    """An app on a real socket: its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = make_server("127.0.0.1", port, make(f"http://localhost:{port}/callback"), fd=listener.fileno())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://localhost:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Through:
    """A client of one kind, with all of its kind's differences: what it is, where the app is, how to wait."""

    def __init__(self, client, base="", *, wait=lambda given: given, native=object, cookies=None):
        self.client, self.base, self.wait, self.native = client, base, wait, native
        self.cookies = cookies or (lambda: [cookie.name for cookie in client.cookies.jar])

    def sign_in(self, entra, path="/login", **who):
        return self.wait(entra.sign_in(self.client, path if "://" in path else f"{self.base}{path}", **who))

    def visit(self, entra, path):
        return self.wait(entra.visit(self.client, f"{self.base}{path}"))


@contextmanager
def through_flask(mode):
    client = flask_app(mode).test_client()
    yield Through(
        client, native=werkzeug.test.TestResponse, cookies=lambda: [key[2] for key in client._cookies]
    )  # fmt: skip


@contextmanager
def through_starlette(mode):
    with TestClient(starlette_app(mode, same_site="none" if mode == "form_post" else "lax")) as client:
        yield Through(client)


@contextmanager
def through_httpx_wsgi(mode):
    with httpx.Client(transport=httpx.WSGITransport(flask_app(mode)), base_url="http://app") as client:
        yield Through(client, native=httpx.Response)


@contextmanager
def through_httpx_async(mode):
    app = starlette_app(mode, same_site="none" if mode == "form_post" else "lax")
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app", follow_redirects=True)
    yield Through(client, native=httpx.Response, wait=asyncio.run)


@contextmanager
def through_httpx(mode):
    with listening(lambda callback: flask_app(mode, callback=callback)) as url, httpx.Client(base_url=url) as client:
        yield Through(client, native=httpx.Response)


@contextmanager
def through_requests(mode):
    with listening(lambda callback: flask_app(mode, callback=callback)) as url, requests.Session() as client:
        yield Through(
            client, url, native=requests.Response, cookies=lambda: [cookie.name for cookie in client.cookies]
        )  # fmt: skip


KINDS = [
    through_flask, through_starlette, through_httpx_wsgi, through_httpx_async, through_httpx, through_requests,
]  # fmt: skip


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__.removeprefix("through_"))
def kind(request):
    return request.param


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_rita_signs_in(entra, kind, mode):
    with kind(mode) as through:
        page = through.sign_in(entra, user="rita")
        assert (page.status_code, page.text) == (200, "Hello Rita Reader")
        assert isinstance(page, through.native)
        assert through.cookies() == ["session"]
    assert entra.journal.one("authorize").response_mode == mode
    assert entra.journal.one("token").ok


def test_a_client_is_one_person_until_it_signs_out(entra, kind):
    with kind("query") as through:
        for asked in (True, False):
            through.sign_in(entra, user="rita")
            assert bool(entra.journal.all("login")) is asked
            entra.journal.clear()
        assert through.visit(entra, "/logout").text == "Hello stranger"
        through.sign_in(entra, user="walt")
        assert entra.journal.one("login", status=302).user == "walt@contoso.example"


def test_a_sign_in_begins_with_a_form(entra, kind):
    with kind("query") as through:
        page = through.sign_in(entra, "/begin", user="rita", form={"csrf": "ours"})
        assert (page.status_code, page.text) == (200, "Hello Rita Reader")


def test_who_posted_the_form_already_goes_on_from_where_the_app_sent_them(entra, kind):
    with kind("query") as through:

        async def post():
            return await through.client.post("/begin", data={"csrf": "ours"}, follow_redirects=False)

        if through.wait is asyncio.run:
            began = asyncio.run(post())
        elif kind is through_requests:
            began = through.client.post(f"{through.base}/begin", data={"csrf": "ours"}, allow_redirects=False)
        else:
            began = through.client.post("/begin", data={"csrf": "ours"}, follow_redirects=False)
        page = through.sign_in(entra, began.headers["Location"], user="rita")
        assert (page.status_code, page.text) == (200, "Hello Rita Reader")


def test_another_client_is_another_person(entra):
    app = flask_app()
    assert entra.sign_in(app.test_client(), "/login", user="rita").text == "Hello Rita Reader"
    assert entra.sign_in(app.test_client(), "/login", user="walt").text == "Hello Walt Writer"


def test_two_people_at_one_client_pick_who_they_are(entra):
    client = flask_app().test_client()
    for user in ("rita", "walt", "rita"):
        page = entra.sign_in(client, "/login?prompt=select_account", user=user)
        assert page.text.startswith(f"Hello {user.capitalize()}")
    assert entra.journal.count("login", status=200) == 2  # two passwords; the third time a click was enough


def test_a_guest_signs_in_by_the_name_of_the_home_tenant_and_is_known_again(entra):
    client = flask_app().test_client()
    for _ in range(2):
        assert entra.sign_in(client, "/login", user="gus@fabrikam.example").text.startswith("Hello Gus")
    assert entra.journal.count("login") == 2


def test_a_login_hint_for_somebody_else_is_overruled(entra):
    page = entra.sign_in(flask_app().test_client(), "/login?login_hint=walt@contoso.example", user="rita")
    assert page.text == "Hello Rita Reader"


def test_the_password_is_what_the_page_says_or_what_the_test_says(entra):
    client = flask_app().test_client()
    assert entra.sign_in(client, "/login", user="rita@contoso.example", password=PASSWORD).status_code == 200


def test_anybody_signs_in_to_an_undeclared_tenant(entra):
    page = entra.sign_in(flask_app(authority=UNDECLARED).test_client(), "/login", user="jane.doe@somewhere.example")
    assert page.text == "Hello Jane Doe"


def test_a_second_factor_is_approved(entra):
    page = entra.sign_in(flask_app().test_client(), "/login", user="mia")
    assert page.text.startswith("Hello Mia")
    assert entra.journal.count("login") == 3  # name, password, approval


def test_a_second_factor_is_registered_once_and_approved_from_then_on(entra):
    entra.user("nils", mfa_required=True, mfa_registered=False, tenant="contoso.example")
    for pages in (4, 3, 4):
        with entra.journal.recording() as seen:
            page = entra.sign_in(flask_app().test_client(), "/login", user="nils")
        assert page.text.startswith("Hello Nils")
        assert seen.count("login") == pages  # name, password, then two that register, or the approval
        if pages == 3:
            entra.user("nils", mfaRegistered=False, tenant="contoso.example")


def test_what_was_registered_is_forgotten_by_a_reset(entra):
    for _ in range(2):
        entra.user("nils", mfa_required=True, mfa_registered=False, tenant=UNDECLARED.rpartition("/")[2])
        client = flask_app(authority=UNDECLARED).test_client()
        assert entra.sign_in(client, "/login", user="nils").text.startswith("Hello Nils")
        assert entra.journal.count("login") == 4
        entra.reset()


def test_a_link_to_entra_on_the_apps_page_is_clicked(entra):
    app = flask_app()

    @app.get("/welcome")
    def welcome():
        link = app.view_functions["login"]().location.replace("&", "&amp;")
        return f'<a href="http://[">?</a> <form action="/search"></form> <a href="{link}">Sign in</a>'

    assert entra.sign_in(app.test_client(), "/welcome", user="rita").text == "Hello Rita Reader"


def single_page(mode="fragment"):
    """An app that leaves everything to its scripts, and the address it sends people to."""
    app = flask.Flask(__name__)
    asked = {"client_id": WEB_APP.app_id, "response_type": "code", "scope": "openid", "response_mode": mode}
    authorize = f"{UNDECLARED}/oauth2/v2.0/authorize?{urlencode({**asked, 'redirect_uri': 'http://localhost/spa'})}"
    app.add_url_rule("/login", "login", lambda: flask.redirect(authorize))
    app.add_url_rule("/spa", "spa", lambda: flask.request.url)
    return app.test_client(), authorize


def test_a_fragment_stays_in_the_address_bar_and_is_never_sent(entra):
    client, _ = single_page()
    assert entra.sign_in(client, "/login", user="rita").text == "http://localhost/spa"
    assert entra.address.startswith("http://localhost/spa#code=")


def test_an_address_of_entra_is_a_beginning_too(entra):
    client, authorize = single_page()
    assert entra.sign_in(client, authorize, user="rita").text == "http://localhost/spa"


def native_app(entra, **asked):
    """An app with a browser of its own, and the address it opens in it."""
    entra.app("Desk", tenant=CONTOSO.id, app_id=DESK, public_redirect_uris=[NATIVE_CLIENT])
    asked = {"client_id": DESK, "response_type": "code", "scope": "openid", "redirect_uri": NATIVE_CLIENT, **asked}
    return f"{AUTHORITY}/oauth2/v2.0/authorize?{urlencode(asked)}"


@pytest.mark.parametrize("make", [requests.Session, httpx.Client, httpx.AsyncClient, lambda: flask_app().test_client()])
@pytest.mark.parametrize(("mode", "mark"), [("query", "?"), ("fragment", "#")])
def test_an_app_with_a_browser_of_its_own_gets_the_address_that_it_waits_for(entra, make, mode, mark):
    got = entra.sign_in(make(), native_app(entra, response_mode=mode), user="rita")
    page = asyncio.run(got) if asyncio.iscoroutine(got) else got
    assert (page.status_code, page.text.partition("<body>")[2].strip()) == (200, "</body></html>")
    assert page.url.startswith(NATIVE_CLIENT)
    assert entra.address.startswith(f"{NATIVE_CLIENT}{mark}code=")
    assert entra.journal.one("native_client").host == "login.microsoftonline.com"


def test_an_error_in_that_address_is_told(entra):
    told = str(stuck(entra, requests.Session(), native_app(entra, prompt="none"), user="rita"))
    assert told.startswith("Entra sent the browser back with the error login_required; it answered 200: ")
    assert "AADSTS50058" in told


def test_an_app_may_send_to_entra_who_ends_there(entra):
    app = flask.Flask(__name__)
    url = native_app(entra)
    app.add_url_rule("/login", view_func=lambda: flask.redirect(url))
    client = app.test_client()
    entra.sign_in(client, "/login", user="rita")
    assert entra.visit(client, "/login").url.startswith(f"{NATIVE_CLIENT}?code=")


def test_the_way_to_entra_passes_by_proxies(entra, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client, _ = single_page()
    assert entra.sign_in(client, "/login", user="rita").status_code == 200


@pytest.mark.parametrize("root", ["/", "/app"])
def test_an_app_below_a_root_is_asked_there(entra, root):
    app = flask_app(callback="http://localhost:5001/app/callback", authority=UNDECLARED, APPLICATION_ROOT=root)
    if root == "/":  # somebody else puts it there
        app.wsgi_app = DispatcherMiddleware(lambda *_: 1 / 0, {"/app": app.wsgi_app})
    page = entra.sign_in(app.test_client(), "/login" if root == "/app" else "/app/login", user="rita")
    assert page.text == "Hello Rita Reader"


def test_an_app_with_a_server_name_keeps_it(entra):
    app = flask_app(SERVER_NAME="app.example:8443", PREFERRED_URL_SCHEME="https", SESSION_COOKIE_SECURE=True)
    page = entra.sign_in(app.test_client(), "/login", user="rita")
    assert (page.text, page.request.url) == ("Hello Rita Reader", "https://app.example:8443/")


def test_a_whole_url_says_where_an_app_in_this_process_is(entra):
    client = werkzeug.test.Client(flask_app(SESSION_COOKIE_DOMAIN="shop.example"))
    page = entra.sign_in(client, "https://shop.example/login", user="rita")
    assert (page.text, page.request.url) == ("Hello Rita Reader", "https://shop.example/")


def test_an_app_that_insists_on_https_is_asked_so(entra):
    app = flask_app(SESSION_COOKIE_SECURE=True)

    @app.before_request
    def insist():
        if not flask.request.is_secure:
            return flask.redirect(flask.request.url.replace("http://", "https://"))
        return None

    page = entra.sign_in(app.test_client(), "/login", user="rita")
    assert (page.text, page.request.url) == ("Hello Rita Reader", "https://localhost/")


def test_options_of_the_client_are_left_alone(entra):
    with TestClient(starlette_app()) as client:
        entra.sign_in(client, "/login", user="rita")
        assert (client.follow_redirects, str(client.base_url)) == (True, "http://testserver")


def consenting():
    """An app that asks for consent, since its scope was granted to nobody."""
    app = flask.Flask(__name__)

    @app.get("/login")
    def login():
        asked = {"client_id": WEB_APP.app_id, "response_type": "code", "redirect_uri": CALLBACK, "scope": "Mail.Read"}
        return flask.redirect(f"{AUTHORITY}/oauth2/v2.0/authorize?{urlencode(asked)}")

    @app.get("/callback")
    def back():
        return flask.request.args.get("error", "welcome"), 403 if "error" in flask.request.args else 200

    return app.test_client()


def test_who_signs_in_accepts_what_is_asked_for_and_may_decline_it(entra):
    declined = entra.sign_in(consenting(), "/login", user="rita", consent=False)
    assert (declined.status_code, declined.text) == (403, "access_denied")
    assert entra.sign_in(consenting(), "/login", user="rita").text == "welcome"


def test_what_is_not_asked_for_cannot_be_declined(entra):
    told = str(stuck(entra, flask_app().test_client(), user="rita", consent=False))
    assert "Entra asked for no consent, so it could not be declined" in told


def test_what_only_an_administrator_grants_is_told_with_its_number(entra):
    client = flask.Flask(__name__)

    @client.get("/login")
    def login():
        asked = {"client_id": WEB_APP.app_id, "response_type": "code", "redirect_uri": CALLBACK,
                 "scope": "User.Read.All"}  # fmt: skip
        return flask.redirect(f"{AUTHORITY}/oauth2/v2.0/authorize?{urlencode(asked)}")

    told = str(stuck(entra, client.test_client(), user="rita"))
    assert "AADSTS90094: The grant requires admin permission." in told
    assert "hint: User.Read.All of Microsoft Graph is for administrators to consent to" in told


# where a person would be stuck


def stuck(entra, client, path="/login", **who):
    """The failure of a sign-in; nothing of our own is in the traceback that pytest shows."""
    with pytest.raises(VisitError) as failure:
        entra.sign_in(client, path, **who)
    shown = failure.traceback.filter(failure)
    assert [entry.path.name for entry in shown if "mock_idp" in entry.path.parts] == []
    return failure.value


@pytest.mark.parametrize(
    ("who", "number", "page", "hint"),
    [
        ({"user": "rita", "password": "wrong"}, 50126, "password is incorrect", "not the password of rita@contoso.ex"),
        ({"user": "ritta"}, 50034, "This username may be incorrect", "Nearest: rita@contoso.example"),
        ({"user": "dora"}, 50057, "has been locked", "dora@contoso.example is disabled in Contoso"),
    ],
)
def test_a_refusal_of_the_sign_in_page_is_quoted_with_number_and_hint(entra, who, number, page, hint):
    told = str(stuck(entra, flask_app().test_client(), **who))
    assert [part for part in (f"AADSTS{number}", page, hint) if part not in told] == []
    assert "302 GET  http://localhost/login\n" in told
    assert f"200 POST {entra.front_url}/{CONTOSO.id}/login" in told


def test_an_error_page_is_quoted_with_number_and_hint(entra):
    told = str(stuck(entra, flask_app(callback="http://localhost:5001/auth").test_client(), user="rita"))
    assert "AADSTS50011: The redirect URI 'http://localhost:5001/auth'" in told
    assert "hint: 'http://localhost:5001/auth' came; registered for Contoso Web App:" in told


def test_a_test_clients_own_name_cannot_be_registered_and_another_one_is_given(entra):
    with TestClient(starlette_app(callback="http://testserver/callback")) as client:
        assert 'TestClient(app, base_url="http://localhost")' in str(stuck(entra, client, user="rita"))


def test_what_the_token_endpoint_refused_is_told_though_the_app_keeps_it_to_itself(entra):
    failure = stuck(entra, flask_app(secret="wrong").test_client(), user="rita")
    told = str(failure)
    assert told.startswith("back from Entra, it answered 400: Could not sign you in invalid_client\n")
    assert "with AADSTS7000215: Invalid client secret provided" in told
    assert "hint: The secret (5 characters) is not one of Contoso Web App's" in told
    assert "?" not in "".join(hop.url for hop in failure.hops)
    assert failure.response.status_code == 400


def test_an_error_that_entra_sends_to_the_app_is_told_however_the_app_takes_it(entra):
    app = flask_app()
    app.view_functions["back"] = lambda: "All is well!"
    told = str(stuck(entra, app.test_client(), "/login?prompt=none", user="rita"))
    assert "Entra sent the browser back with the error login_required; it answered 200: All is well!" in told
    assert "AADSTS50058" in told
    assert "hint: prompt=none, but nobody is signed in here" in told


def test_an_app_that_fails_is_quoted(entra):
    app = flask_app()
    app.config["PROPAGATE_EXCEPTIONS"] = app.testing = False
    app.view_functions["home"] = lambda: 1 / 0
    failure = stuck(entra, app.test_client(), user="rita")
    assert "back from Entra, it answered 500: Internal Server Error" in str(failure)
    assert failure.where == "http://localhost:5001/"


def test_an_exception_of_the_app_is_its_own_with_the_way_to_it_as_a_note(entra):
    app = flask_app()
    app.view_functions["home"] = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError) as failure:
        entra.sign_in(app.test_client(), "/login", user="rita")
    assert "302 GET  http://localhost:5001/callback\n  then GET http://localhost:5001/" in failure.value.__notes__[0]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "the app never sent the browser to Entra; it answered 200: Hello stranger\n  if it knows this client"),
        ("/sign-in", "the app never sent the browser to Entra; it answered 404: Not Found"),
    ],
)
def test_an_app_that_never_asks_entra_is_quoted(entra, path, says):
    assert str(stuck(entra, flask_app().test_client(), path, user="rita")).startswith(says)


@pytest.mark.parametrize(
    ("path", "who", "says"),
    [
        ("/begin", {}, "it answered 405: Method Not Allowed"),
        ("/begin", {"form": {"csrf": "theirs"}}, "it answered 403: forged"),
        ("/confirm", {}, "it answered 200: Sign in with Microsoft?"),
    ],
)
def test_a_form_that_is_missing_is_asked_for(entra, path, who, says):
    app = flask_app()
    app.add_url_rule("/confirm", view_func=lambda: '<form method="post">Sign in with Microsoft?</form>')
    told = str(stuck(entra, app.test_client(), path, user="rita", **who))
    assert told.startswith(f"the app never sent the browser to Entra; {says}")
    assert ("sign_in(…, form={…})" in told) is not bool(who)


@pytest.mark.parametrize(
    ("elsewhere", "says"),
    [
        ("https://accounts.example.com/authorize", "accounts.example.com is no name of Entra ID's"),
        ("https://login.microsoftonline.us/common/oauth2/v2.0/authorize", "a national cloud, which is not emulated"),
    ],
)
def test_an_app_that_goes_elsewhere_is_told_so(entra, elsewhere, says):
    app = flask.Flask(__name__)
    app.add_url_rule("/login", view_func=lambda: flask.redirect(elsewhere))
    assert says in str(stuck(entra, app.test_client(), user="rita"))


def test_a_redirect_to_what_is_no_url_is_told(entra):
    app = Starlette(routes=[Route("/login", lambda _: RedirectResponse("http://localhost:port/callback?code=1"))])
    told = str(stuck(entra, TestClient(app), user="rita"))
    assert told.startswith("it redirects to 'http://localhost:port/callback', which is no URL")


def test_a_circle_is_told(entra):
    app = flask_app()
    app.view_functions["home"] = lambda: flask.redirect("/login")
    told = str(stuck(entra, app.test_client(), user="rita")).partition("\n")[0]
    assert told.startswith("it goes round in circles: http://localhost:5001/")
    assert told.count(" -> ") == 4


def test_somebody_else_who_is_signed_in_is_not_taken_for_the_user(entra):
    client = flask_app().test_client()
    entra.sign_in(client, "/login", user="rita")
    told = str(stuck(entra, client, user="walt"))
    assert "Entra asked nothing, since rita@contoso.example is signed in there, so walt was not" in told


def test_a_visit_signs_nobody_in(entra):
    client = flask_app().test_client()
    with pytest.raises(VisitError, match="Entra asks who signs in, and no user was named"):
        entra.visit(client, "/login")
    assert entra.visit(client, "/").text == "Hello stranger"


@pytest.mark.parametrize("same_site", ["lax", "strict"])
def test_form_post_comes_without_the_cookies_that_a_browser_would_leave_out(entra, same_site):
    with TestClient(starlette_app("form_post", same_site=same_site)) as client:
        told = str(stuck(entra, client, user="rita"))
        assert told.startswith("back from Entra, it answered 400: the state is not ours")
        assert "the cookie session was left out, as a browser does" in told
        assert [cookie.name for cookie in client.cookies.jar] == ["session"]


def test_flasks_client_leaves_them_out_too(entra):
    client = flask_app("form_post", SESSION_COOKIE_SAMESITE="Lax").test_client()
    with pytest.raises(ValueError, match="state missing") as failure:  # MSAL's own
        entra.sign_in(client, "/login", user="rita")
    assert "the cookie session was left out" in failure.value.__notes__[0]
    assert client.get_cookie("session")


# what is no client, or cannot know where the app is


@pytest.mark.parametrize(
    ("client", "fix"),
    [
        (flask.Flask(__name__), "app.test_client()"),
        (Starlette(), "TestClient(app)"),
        (object(), "Hand over one of those"),
    ],
)
def test_what_is_no_client_is_refused_with_the_list_of_those_that_are(entra, client, fix):
    with pytest.raises(UserError, match=r"requests\.Session") as mistake:
        entra.sign_in(client, "/login")
    assert fix in mistake.value.fix


@pytest.mark.parametrize("make", [requests.Session, httpx.Client])
def test_a_bare_path_is_refused_where_the_client_cannot_know_the_app(entra, make):
    with make() as client, pytest.raises(UserError, match="'/login' is not a whole URL"):
        entra.sign_in(client, "/login", user="rita")


@pytest.fixture
def nowhere():
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def test_an_app_that_is_not_there_is_the_clients_own_error(entra, nowhere):
    with requests.Session() as client, pytest.raises(requests.ConnectionError) as failure:
        entra.sign_in(client, f"{nowhere}/login", user="rita")
    assert f"then GET {nowhere}/login" in failure.value.__notes__[0]


def test_an_identity_provider_that_is_gone_is_told(entra, nowhere):
    app = flask.Flask(__name__)
    app.add_url_rule("/login", view_func=lambda: flask.redirect(f"{nowhere}/common/oauth2/v2.0/authorize"))
    with pytest.raises(VisitError, match=r"no answer: .*refused"):
        sign_in(app.test_client(), "/login", user="rita", idp=IdpSide(nowhere, "127.0.0.1:9", ""))
