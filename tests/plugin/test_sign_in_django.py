"""``entra.sign_in`` through Django's test clients. Needs Django."""

import asyncio
import secrets
import sys
from urllib.parse import parse_qsl, urlencode

import needs
import pytest
import requests

from mock_idp.directory.default import CONTOSO, WEB_APP, WEB_APP_SECRET
from mock_idp.visitor import VisitError

AUTHORITY = f"https://login.microsoftonline.com/{CONTOSO.id}"
CALLBACK = "http://localhost:5001/callback"


@pytest.fixture(scope="module", autouse=True)
def django():
    """Django, configured with an app that writes its flow by hand."""
    try:
        import django
        from django.conf import settings
        from django.urls import path
    except ImportError:
        needs.missing("Django is not installed; run: uv pip install django")
    if not settings.configured:  # once in a process; this fixture may come twice, with other modules' tests in between
        settings.configure(
            SECRET_KEY="x", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver", "localhost"], INSTALLED_APPS=[],
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies", USE_TZ=True,
            SESSION_COOKIE_NAME="session",
            MIDDLEWARE=["django.middleware.security.SecurityMiddleware",
                        "django.contrib.sessions.middleware.SessionMiddleware"],
        )  # fmt: skip
        django.setup()
    pages = {"login": login, "callback": back, "": home, "logout": logout}
    sys.modules[__name__].urlpatterns = [path(name, page) for name, page in pages.items()]
    return django


def _redirect(url):
    from django.http import HttpResponseRedirect

    return HttpResponseRedirect(url)


def login(request):
    request.session["state"] = state = secrets.token_urlsafe()
    asked = {
        "client_id": WEB_APP.app_id, "response_type": "code", "redirect_uri": CALLBACK, "scope": "User.Read",
        "state": state, "response_mode": request.GET.get("mode", "query"),
    }  # fmt: skip
    return _redirect(f"{AUTHORITY}/oauth2/v2.0/authorize?{urlencode(asked)}")


def back(request):
    from django.http import HttpResponse

    sent = dict(parse_qsl(request.META["QUERY_STRING"])) or request.POST.dict()
    if sent.get("state") != request.session.pop("state", None):
        return HttpResponse("the state is not ours", status=400)
    form = {
        "client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET, "grant_type": "authorization_code",
        "code": sent["code"], "redirect_uri": CALLBACK,
    }  # fmt: skip
    got = requests.post(f"{AUTHORITY}/oauth2/v2.0/token", data=form, timeout=20).json()
    bearer = {"Authorization": f"Bearer {got['access_token']}"}
    me = requests.get("https://graph.microsoft.com/v1.0/me", headers=bearer, timeout=20).json()
    request.session["name"] = me["displayName"]
    return _redirect("/")


def home(request):
    from django.http import HttpResponse

    return HttpResponse(f"Hello {request.session.get('name', 'stranger')} at {request.scheme}://{request.get_host()}")


def logout(request):
    request.session.flush()
    return _redirect(f"{AUTHORITY}/oauth2/v2.0/logout?post_logout_redirect_uri=http://localhost:5001/")


@pytest.fixture(params=["Client", "AsyncClient"])
def client(request):
    from django import test

    return getattr(test, request.param)()


def waited(given):
    return asyncio.run(given) if asyncio.iscoroutine(given) else given


def test_rita_signs_in_and_out(entra, client):
    from django.http import HttpResponse

    page = waited(entra.sign_in(client, "/login", user="rita"))
    assert isinstance(page, HttpResponse)
    assert page.content == b"Hello Rita Reader at http://testserver"
    assert list(client.cookies) == ["session"]
    waited(entra.sign_in(client, "/login", user="rita"))
    assert entra.journal.count("login") == 2
    assert waited(entra.visit(client, "/logout")).content.startswith(b"Hello stranger")
    assert waited(entra.sign_in(client, "/login", user="walt")).content.startswith(b"Hello Walt")


def test_form_post_comes_without_djangos_session_cookie_which_is_lax(entra, client):
    with pytest.raises(VisitError, match="it answered 400: the state is not ours\\n  the cookie session was left out"):
        waited(entra.sign_in(client, "/login?mode=form_post", user="rita"))
    assert list(client.cookies) == ["session"]


def test_form_post_brings_its_fields(entra, client, settings_with):
    settings_with(SESSION_COOKIE_SAMESITE="None", SESSION_COOKIE_SECURE=True)
    page = waited(entra.sign_in(client, "/login?mode=form_post", user="rita"))
    assert page.content.startswith(b"Hello Rita")


def test_an_app_that_insists_on_https_is_asked_so(entra, client, settings_with):
    settings_with(SECURE_SSL_REDIRECT=True)
    page = waited(entra.sign_in(client, "/login", user="rita"))
    assert page.content == b"Hello Rita Reader at https://testserver"


def test_a_whole_url_says_where_the_app_is(entra):
    from django.test import Client

    page = entra.sign_in(Client(), "https://localhost:8443/login", user="rita")
    assert page.content == b"Hello Rita Reader at https://localhost:8443"


@pytest.fixture
def settings_with():
    """Change settings for a test."""
    from django.test import override_settings

    changes = []

    def change(**settings):
        changes.append(override_settings(**settings))
        changes[-1].enable()

    yield change
    for each in changes:
        each.disable()
