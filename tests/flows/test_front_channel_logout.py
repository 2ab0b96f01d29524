"""Front-channel logout: the page after signing out tells the apps of the session, each in a frame with its ``sid``."""

import re
from html import unescape

import httpx
import pytest
from acme import ACME_ID, ANN, API_URI, BOB, CLIENT, OTHER, SECRET, granted
from harness import REDIRECT, claims_of, hint_of

from mock_idp.directory.models import PasswordCredential, RedirectUri
from mock_idp.runtime.store import MAX_ENTERED, BrowserSession, Entered

OUT = "https://web.acme.example/out"
OTHER_OUT = "http://localhost:7001/bye?by=entra"


@pytest.fixture
def two(acme):
    """Acme with two web apps that registered a ``logoutUrl``."""
    acme.declare(grants=(granted("data.read"), granted("data.read", client=OTHER)))
    acme.change(CLIENT, logout_url=OUT)
    acme.change(
        OTHER, logout_url=OTHER_OUT, redirect_uris=(RedirectUri(uri=REDIRECT, platform="web"),),
        secrets=(PasswordCredential(value=SECRET),),
    )  # fmt: skip
    return acme


def sid_of(acme, answer: httpx.Response, client=CLIENT) -> str:
    """The claim ``sid`` that the app gets."""
    return claims_of(acme.redeem(answer, client_id=client.app_id).json()["id_token"])["sid"]


def sign_out(browser: httpx.Client, **parameters: str) -> httpx.Response:
    return browser.get(f"/{ACME_ID}/oauth2/v2.0/logout", params=parameters)


def frames_of(page: httpx.Response) -> list[str]:
    return [unescape(url) for url in re.findall(r'<iframe[^>]* src="([^"]*)"', page.text)]


def policy_of(page: httpx.Response) -> dict[str, str]:
    """The directives of the Content-Security-Policy."""
    directives = page.headers["content-security-policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


def test_every_app_of_the_session_is_told_its_sid_and_nothing_else(two, journal):
    with two.browser() as browser:
        sid = sid_of(two, two.sign_in(browser))
        assert sid_of(two, two.open(browser, client_id=OTHER.app_id), OTHER) == sid  # single sign-on
        page = sign_out(browser)
    assert page.status_code == 200
    assert "You signed out of your account" in page.text
    assert frames_of(page) == [f"{OUT}?sid={sid}", f"{OTHER_OUT}&sid={sid}"]
    assert policy_of(page)["frame-src"] == "https://web.acme.example http://localhost:7001"
    assert browser.cookies.get("ESTSAUTH") is None
    assert any("Acme Web is told" in note for note in journal[-1].notes)
    assert sid not in str(journal[-1])


def test_an_app_that_nobody_was_signed_in_to_is_not_told_nor_one_twice(two):
    with two.browser() as browser:
        two.sign_in(browser)
        two.open(browser)
        assert [frame.partition("?")[0] for frame in frames_of(sign_out(browser))] == [OUT]
        assert frames_of(sign_out(browser)) == []


def test_two_people_have_each_their_own_sid(two):
    with two.browser() as browser:
        sids = [sid_of(two, two.sign_in(browser, user, prompt="login")) for user in (ANN, BOB)]
        assert frames_of(sign_out(browser)) == [f"{OUT}?sid={sid}" for sid in sids]


def test_with_a_redirect_uri_the_page_tells_the_apps_before_it_goes_on(two):
    with two.browser() as browser:
        two.sign_in(browser)
        page = sign_out(browser, post_logout_redirect_uri=REDIRECT, state="a b")
    assert page.status_code == 200
    assert "location" not in page.headers
    assert len(frames_of(page)) == 1
    assert f'href="{REDIRECT}?state=a+b"' in page.text
    assert f'content="3; url={REDIRECT}?state=a+b"' in page.text
    assert policy_of(page)["script-src"].startswith("'nonce-")


def test_without_a_logout_url_it_redirects_as_ever(acme):
    acme.declare(grants=(granted("data.read"),))
    with acme.browser() as browser:
        acme.sign_in(browser)
        answer = sign_out(browser, post_logout_redirect_uri=REDIRECT)
    assert (answer.status_code, answer.headers["location"]) == (302, REDIRECT)


def test_a_wrong_redirect_uri_is_told_beside_the_frames(two):
    with two.browser() as browser:
        two.sign_in(browser)
        page = sign_out(browser, post_logout_redirect_uri="https://evil.example/")
    assert len(frames_of(page)) == 1
    assert "is no registered redirect URI" in hint_of(page)
    assert "onward" not in page.text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "myapp://out", "https://[bad", "out", "https://a b/"])
def test_what_no_frame_can_load_is_left_out(two, url):
    two.change(CLIENT, logout_url=url)
    with two.browser() as browser:
        two.sign_in(browser)
        page = sign_out(browser)
    assert frames_of(page) == []
    assert "frame-src" not in policy_of(page)


def test_whose_sign_ins_were_revoked_or_whose_app_is_gone_is_not_told(two):
    with two.browser() as browser:
        two.sign_in(browser)
        two.entra.store.revoke(ACME_ID, BOB.id, two.entra.clock.now())
        assert frames_of(sign_out(browser)) == []
    with two.browser() as browser:
        two.sign_in(browser)
        two.declare(applications=tuple(app for app in two.tenant.applications if app.app_id != CLIENT.app_id))
        assert frames_of(sign_out(browser)) == []


def test_a_session_remembers_so_many_apps_and_no_more():
    session = BrowserSession(id="id", session_state="s", used_at=0)
    for number in (*range(MAX_ENTERED + 5), 7):
        session.enter(Entered("tenant", str(number), "sid"))
    assert [entered.app_id for entered in session.entered] == [*map(str, (5, 6, *range(8, MAX_ENTERED + 5))), "7"]


def test_the_api_is_no_app_of_the_session(two):
    two.change(two.tenant.applications[0], logout_url="https://api.acme.example/out")
    with two.browser() as browser:
        two.sign_in(browser, scope=f"openid {API_URI}/data.read")
        assert [frame.partition("?")[0] for frame in frames_of(sign_out(browser))] == [OUT]
