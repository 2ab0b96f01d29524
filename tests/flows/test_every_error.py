"""Every AADSTS number that something here raises, provoked over the wire by the request that earns it.

A number may stand here several times: once for each place where it appears.
"""

import html
import json
import re
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from acme import (
    ACME_ID,
    ANN,
    API,
    API_URI,
    BOB,
    CLIENT,
    EVE,
    GIL,
    GLOBEX_ID,
    HAL,
    LOU,
    MAX,
    NEO,
    OTHER_URI,
    READ,
    SECRET,
    granted,
)
from assertions import TYPE, Identity, claims_for, unsigned
from earning import BOTH, ENDPOINT, GONE_ID, PAGE, SENT, SPA, SUBJECT, TOOL, World, keys
from harness import LOGIN, WRONG_GUID, hint_of

from mock_idp.directory.default import DIRECTORY as BUILT_IN
from mock_idp.directory.models import (
    Application,
    FederatedCredential,
    MappedClaim,
    PasswordCredential,
    PreAuthorized,
    RedirectUri,
    User,
)
from mock_idp.endpoints.explanations import explanation
from mock_idp.endpoints.unserved import UNSERVED
from mock_idp.facts.errors import ERRORS, PLACES
from mock_idp.facts.errors_elsewhere import ELSEWHERE
from mock_idp.facts.wellknown import NIL_GUID
from mock_idp.tokens.minting import Wish


class Case(NamedTuple):
    """A request, and what it earns.

    Attributes:
        number: of the error.
        place: where it appears, a word of ``PLACES``.
        ask: sends the request.
        error: the OAuth error, where it is not the row's.
        status: likewise.
        suberror: likewise.
        more: further members of the JSON answer.
    """

    number: int
    place: str
    ask: Callable[[World], httpx.Response]
    error: str = ""
    status: int = 0
    suberror: str | None = None
    more: tuple[str, ...] = ()


NOBODY = "nobody.invalid"
LONG = "x" * 33_000
UNSERVED_PAGE = next(row.path for row in UNSERVED if row.page)
UNSERVED_JSON = next(row.path for row in UNSERVED if not row.page)
V1 = f"{LOGIN}/{ACME_ID}/oauth2/token"
DEFAULT = f"openid {API_URI}/.default"
MAPPED = MappedClaim(claim="team", value="blue")
PENDING = {"externalUserState": "PendingAcceptance"}
EXPIRED = PasswordCredential(value=SECRET, ends_at=1)
JUST = {"grant_type": "client_credentials"}


def _old() -> Identity:
    """A key whose certificate has expired."""
    return keys("old", days=1, starts=-2)


def _user_as_client(w: World) -> httpx.Response:
    """A user's token of this server, where an application's would be trusted."""
    issuer = f"{LOGIN}/{ACME_ID}/v2.0"
    w.change(CLIENT, federated_credentials=(
        FederatedCredential(name="i", issuer=issuer, subject=CLIENT.id, audiences=("x",)),
    ))  # fmt: skip
    wish = Wish(tenant=ACME_ID, audience=API_URI, claims={"aud": "x", "sub": CLIENT.id}, version=2)
    return w.asserted(w.entra.mint.user_token(BOB.user_principal_name, wish).text)


def _strictly(w: World) -> httpx.Response:
    """An implicit request for two APIs."""
    w.with_(CLIENT, implicit_access_tokens=True, implicit_id_tokens=True)
    w.entra.configure(w.entra.live.directory, multi_resource_code="strict")
    return w.enter(response_type="token", response_mode="fragment", scope=BOTH)


def _v1_without_resource(w: World) -> httpx.Response:
    with w.idp.browser() as browser:
        asked = {"client_id": CLIENT.app_id, "response_type": "code", "redirect_uri": "http://localhost:5001/callback"}
        page = browser.get(f"/{ACME_ID}/oauth2/authorize", params=asked)
        page = w.idp.submit(browser, page, loginfmt=BOB.mail)
        answer = w.idp.submit(browser, page, passwd="pw")
    code = dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]}
    return w.post({"client_id": CLIENT.app_id, "client_secret": SECRET, **sent}, V1)


def _v1_token_without_resource(w: World) -> httpx.Response:
    asked = {"client_id": CLIENT.app_id, "response_type": "token", "redirect_uri": "http://localhost:5001/callback"}
    w.change(CLIENT, implicit_access_tokens=True)
    with w.idp.browser() as browser:
        return browser.get(f"/{ACME_ID}/oauth2/authorize", params={**asked, "state": "a state"})


def _tampered(w: World) -> httpx.Response:
    start, _, signature = w.tokens()["access_token"].rpartition(".")
    return w.on_behalf(f"{start}.{'A' * (len(signature) - 1)}{signature[-1]}")


def _used_twice(w: World) -> httpx.Response:
    code = w.code()
    assert w.trade_code(code).status_code == 200
    return w.trade_code(code)


def _after_revocation(w: World) -> httpx.Response:
    token = w.fresh()
    w.entra.store.revoke(ACME_ID, BOB.id, w.clock.now())
    return w.refresh(token)


def _refreshed_after(w: World, **changed: object) -> httpx.Response:
    token = w.fresh()
    w.change(BOB, **changed)
    return w.refresh(token)


def _refreshed_after_deletion(w: World) -> httpx.Response:
    token = w.fresh()
    w.declare(users=tuple(user for user in w.tenant.users if user.id != BOB.id))
    return w.refresh(token)


def _page_refresh(w: World, days: int) -> httpx.Response:
    token = w.page_code().json()["refresh_token"]
    w.clock.forward(days=days)
    sent = {"grant_type": "refresh_token", "refresh_token": token, "client_id": SPA.app_id}
    return w.post(sent, Origin="http://localhost:8000")


def _device_later(w: World, then: Callable[[World, dict], httpx.Response]) -> httpx.Response:
    code = w.device()
    w.clock.forward(901)
    return then(w, code)


def _device_again(w: World) -> httpx.Response:
    code = w.device()["user_code"]
    w.answer_device(code, confirm="1")
    return w.type_code(code)


def _declined(w: World) -> httpx.Response:
    code = w.device()
    w.answer_device(code["user_code"], cancel="1")
    return w.poll(code["device_code"])


def _later(w: World, artefact: str, seconds: int = 0, days: int = 0) -> str:
    w.clock.forward(seconds, days=days)
    return artefact


def _silently_after(w: World, user: User, thing: User | Application, **changed: object) -> httpx.Response:
    """``prompt=none`` in a browser in which somebody signed in before something changed."""
    with w.browser() as browser:
        w.sign_in(browser, user)
        w.change(thing, **changed)
        return w.open(browser, prompt="none")


def _guest_refreshes(w: World) -> httpx.Response:
    token = w.tokens(GIL)["refresh_token"]
    return w.with_(GIL, account_enabled=False).refresh(token)


def _for_itself(w: World, scope: str | None) -> httpx.Response:
    """A refresh by an app that signed users in to its own API."""
    own = "api://acme/web"
    w.with_(CLIENT, identifier_uris=(own,), scopes=(READ,))
    w.declare(grants=(granted("data.read", client=CLIENT, resource=CLIENT),))
    return w.refresh(w.fresh(scope=f"openid offline_access {own}/data.read"), scope=scope)


def _assigned(w: World) -> httpx.Response:
    token = w.fresh()
    w.change(CLIENT, assignment_required=True)
    return w.refresh(token)


CASES = (
    # several users, scopes, resources
    Case(16000, "redirect", lambda w: w.silently(BOB, ANN)),
    Case(160021, "redirect", lambda w: w.silently(BOB, login_hint=ANN.mail)),
    Case(28000, "json", lambda w: w.trade_code(w.code(scope=BOTH), scope=BOTH)),
    Case(28002, "json", lambda w: w.trade_code(w.code(scope=BOTH), scope="openid")),
    Case(28003, "json", lambda w: w.trade_code(w.code(scope=BOTH))),
    Case(28004, "json", lambda w: w.app_token(scope=" ".join(f"s{n}" for n in range(101)))),
    Case(28004, "redirect", lambda w: w.ask(scope=" ".join(f"s{n}" for n in range(101)))),
    Case(700022, "redirect", _strictly),
    # redirect URIs
    Case(50011, "page", lambda w: w.ask(redirect_uri="https://other.example/callback")),
    Case(50011, "json", lambda w: w.trade_code(w.code(), redirect_uri="https://other.example/callback")),
    Case(500112, "json", lambda w: w.with_(CLIENT, redirect_uris=(
        *CLIENT.redirect_uris, RedirectUri(uri="https://two.example/", platform="web"))).trade_code(
            w.code(), redirect_uri="https://two.example/")),
    Case(500117, "page", lambda w: w.ask(redirect_uri="http://app.example/callback")),
    Case(500117, "json", lambda w: w.trade_code(w.code(), redirect_uri="http://app.example/callback")),
    Case(700009, "json", lambda w: w.trade_code(w.code(), redirect_uri=None)),
    Case(900971, "page", lambda w: w.ask(redirect_uri="")),
    Case(900971, "page", lambda w: w.with_(CLIENT, redirect_uris=()).ask()),
    Case(900971, "page", lambda w: w.with_(CLIENT, redirect_uris=()).ask(
        redirect_uri=None, response_type="id_token", response_mode="fragment")),
    # tenants
    Case(50020, "page", lambda w: w.enter(HAL)),
    Case(50020, "json", lambda w: w.refresh(w.fresh(), GLOBEX_ID)),
    Case(50049, "json", lambda w: w.get(
        "/common/discovery/instance?api-version=1.1&authorization_endpoint=https://other.example/t/oauth2/authorize")),
    Case(50059, "json", lambda w: w.app_token(tenant="common")),
    Case(50059, "json", lambda w: w.with_(TOOL, sign_in_audience="AzureADMyOrg").begin_device("organizations")),
    Case(50194, "page", lambda w: w.with_(CLIENT, sign_in_audience="AzureADMyOrg").ask("common")),
    Case(50194, "json", lambda w: w.with_(CLIENT, sign_in_audience="AzureADMyOrg").app_token(tenant="common")),
    Case(500021, "page", lambda w: w.open_page(
        f"/{ACME_ID}/oauth2/v2.0/authorize?client_id={CLIENT.app_id}",
        **{"Restrict-Access-To-Tenants": "contoso.example, fabrikam.example"})),
    Case(500021, "json", lambda w: w.post(
        {**JUST, "client_id": CLIENT.app_id, "client_secret": SECRET, "scope": f"{API_URI}/.default"},
        **{"Restrict-Access-To-Tenants": GLOBEX_ID})),
    Case(500200, "page", lambda w: w.type_name("somebody@outlook.com")),
    Case(700005, "json", lambda w: w.trade_code(w.code(), GLOBEX_ID)),
    Case(90002, "json", lambda w: w.app_token(tenant=NOBODY), "invalid_request"),
    Case(90002, "json", lambda w: w.get(f"/{NOBODY}/v2.0/.well-known/openid-configuration")),
    Case(90002, "page", lambda w: w.ask(NOBODY)),
    Case(900021, "json", lambda w: w.app_token(tenant=NIL_GUID)),
    Case(900021, "json", lambda w: w.get(f"/{NIL_GUID}/v2.0/.well-known/openid-configuration")),
    Case(900021, "page", lambda w: w.ask(NIL_GUID)),
    Case(900023, "json", lambda w: w.app_token(tenant="acme")),
    Case(900023, "page", lambda w: w.ask("acme")),
    Case(9001023, "json", lambda w: w.password(tenant="common")),
    Case(9002332, "page", lambda w: w.ask("consumers")),
    Case(9002332, "json", lambda w: w.app_token(tenant="consumers")),
    Case(9002324, "json", lambda w: w.app_token(client_assertion="x", client_assertion_type=TYPE)),
    Case(9002328, "page", lambda w: w.get("/common/v2.0/adminconsent")),
    Case(9002331, "page", lambda w: w.with_(CLIENT, sign_in_audience="PersonalMicrosoftAccount").ask(tenant="common")),
    Case(9002331, "json", lambda w: w.with_(CLIENT, sign_in_audience="PersonalMicrosoftAccount").app_token(
        tenant="common")),
    Case(9002346, "page", lambda w: w.with_(CLIENT, sign_in_audience="PersonalMicrosoftAccount").ask()),
    Case(9002346, "json", lambda w: w.with_(CLIENT, sign_in_audience="PersonalMicrosoftAccount").app_token()),
    # users
    Case(50014, "page", lambda w: w.with_(GIL, attributes=PENDING).enter(GIL)),
    Case(50014, "redirect", lambda w: _silently_after(w, GIL, GIL, attributes=PENDING)),
    Case(50034, "sign-in", lambda w: w.type_name("bobb@acme.example")),
    Case(50034, "json", lambda w: w.password("bobb@acme.example")),
    Case(500341, "json", _refreshed_after_deletion),
    Case(50053, "sign-in", lambda w: w.type_name(LOU.mail, "pw")),
    Case(50053, "json", lambda w: w.password(LOU.mail)),
    Case(50055, "sign-in", lambda w: w.type_name(EVE.mail, "pw")),
    Case(50055, "json", lambda w: w.password(EVE.mail), more=("password_change_url",)),
    Case(50057, "sign-in", lambda w: w.with_(BOB, account_enabled=False).type_name(BOB.mail, "pw")),
    Case(50057, "json", lambda w: _refreshed_after(w, account_enabled=False)),
    Case(50057, "redirect", lambda w: _silently_after(w, BOB, BOB, account_enabled=False)),
    Case(500571, "page", lambda w: w.with_(GIL, account_enabled=False).enter(GIL)),
    Case(500571, "json", _guest_refreshes),
    Case(500571, "redirect", lambda w: _silently_after(w, GIL, GIL, account_enabled=False)),
    Case(50058, "redirect", lambda w: w.silently()),
    Case(50076, "json", lambda w: w.password(MAX.mail)),
    Case(50076, "redirect", lambda w: w.silently(MAX)),
    Case(50079, "json", lambda w: w.password(NEO.mail)),
    Case(50079, "redirect", lambda w: w.silently(NEO)),
    Case(50105, "page", lambda w: w.with_(CLIENT, assignment_required=True).enter()),
    Case(50105, "json", _assigned),
    Case(50105, "redirect", lambda w: _silently_after(w, BOB, CLIENT, assignment_required=True)),
    Case(501051, "json", lambda w: w.with_(API, assignment_required=True).app_token()),
    Case(50126, "sign-in", lambda w: w.type_name(BOB.mail, "wrong")),
    Case(50126, "json", lambda w: w.password(password="wrong")),
    Case(50173, "json", _after_revocation),
    # PKCE
    Case(50147, "redirect", lambda w: w.ask(code_challenge="short", code_challenge_method="plain")),
    Case(50148, "json", lambda w: w.trade_code(w.code(), code_verifier=None)),
    Case(501481, "json", lambda w: w.trade_code(w.code(), code_verifier="w" * 43)),
    Case(50149, "redirect", lambda w: w.ask(code_challenge_method="S512")),
    Case(501491, "page", lambda w: w.ask(code_challenge="c" * 44)),
    Case(501491, "page", lambda w: w.ask(code_challenge="short")),
    Case(9002325, "redirect", lambda w: w.ask(**PAGE, code_challenge=None, code_challenge_method=None)),
    Case(9002326, "json", lambda w: w.post(
        {**JUST, "client_id": CLIENT.app_id, "client_secret": SECRET, "scope": f"{API_URI}/.default"},
        Origin="http://localhost:3000")),
    Case(9002327, "json", lambda w: w.page_code(origin=None)),
    # consent, permissions
    Case(65001, "json", lambda w: w.password(scope=f"{API_URI}/data.write")),
    Case(65001, "redirect", lambda w: w.silently(BOB, scope=f"{API_URI}/data.write")),
    Case(65004, "json", _declined, "authorization_declined"),
    Case(65004, "redirect", lambda w: w.cancel(scope=f"{API_URI}/data.write")),
    Case(65005, "page", lambda w: w.lists(API.app_id, scopes=(WRONG_GUID,)).ask(scope=DEFAULT)),
    Case(650052, "redirect", lambda w: w.lists(API.app_id, scopes=(READ.id,)).ask(GLOBEX_ID, scope=DEFAULT)),
    Case(650053, "redirect", lambda w: w.ask(scope=f"{API_URI}/data.raed")),
    Case(650054, "redirect", lambda w: w.lists(GONE_ID).ask(scope=f"openid {GONE_ID}/.default")),
    Case(650056, "page", lambda w: w.lists(API.app_id, roles=(API.app_roles[1].id,)).without_grants().ask(
        scope=DEFAULT)),
    Case(650057, "redirect", lambda w: w.without_grants().ask(scope=DEFAULT)),
    Case(650057, "json", lambda w: w.refresh(w.fresh(), scope="https://management.azure.com/.default")),
    Case(90009, "json", lambda w: _for_itself(w, None)),
    Case(90009, "json", lambda w: _for_itself(w, "openid profile offline_access")),
    Case(90009, "json", lambda w: w.with_(API, pre_authorized=(PreAuthorized(app_id=API.app_id, scopes=()),)).on_behalf(
        scope=f"{API_URI}/.default")),
    Case(90094, "page", lambda w: w.enter(scope=f"{API_URI}/data.admin")),
    Case(90094, "redirect", lambda w: w.cancel(scope=f"{API_URI}/data.admin")),
    # resources
    Case(500011, "redirect", lambda w: w.ask(scope="api://nowhere/data.read")),
    Case(500011, "json", lambda w: w.app_token("api://nowhere")),
    Case(500013, "json", _v1_without_resource),
    Case(500013, "redirect", _v1_token_without_resource),
    Case(500014, "redirect", lambda w: w.with_(API, account_enabled=False).ask()),
    Case(500014, "json", lambda w: w.with_(API, account_enabled=False).app_token()),
    Case(901002, "json", lambda w: w.token(**JUST, resource=API_URI)),
    Case(9010010, "redirect", lambda w: w.ask(resource="https://mcp.acme.example/mcp")),
    Case(9010010, "json", lambda w: w.trade_code(w.code(), resource="https://mcp.acme.example/mcp")),
    Case(1002012, "json", lambda w: w.app_token(scope=f"{API_URI}/data.read")),
    Case(70011, "page", lambda w: w.ask(scope="not//a/scope")),
    Case(70011, "redirect", lambda w: w.ask(scope="not//a/scope", prompt="none")),
    Case(70011, "json", lambda w: w.refresh(w.fresh(), scope=f"{API_URI}/data.raed")),
    # authorize's other parameters
    Case(70005, "redirect", lambda w: w.ask(response_type="code token")),
    Case(70007, "redirect", lambda w: w.ask(response_mode="body")),
    Case(700051, "redirect", lambda w: w.ask(response_type="token")),
    Case(700053, "redirect", lambda w: w.with_(CLIENT, implicit_id_tokens=True).ask(
        response_type="id_token", scope="profile", nonce="n")),
    Case(700054, "redirect", lambda w: w.ask(response_type="id_token")),
    Case(90005, "redirect", lambda w: w.ask(sid=WRONG_GUID, login_hint=BOB.mail)),
    Case(90014, "redirect", lambda w: w.with_(CLIENT, implicit_id_tokens=True).ask(
        response_type="id_token", nonce=None)),
    Case(90014, "json", lambda w: w.app_token(scope=None)),
    Case(90023, "page", lambda w: w.ask(prompt="maybe")),
    Case(90023, "page", lambda w: w.ask(prompt="consent select_account")),
    Case(901001, "page", lambda w: w.ask(prompt="admin_consent")),
    Case(90100, "redirect", lambda w: w.ask(claims="access_token")),
    Case(90100, "json", lambda w: w.app_token(claims="access_token")),
    Case(900144, "page", lambda w: w.ask(client_id=None)),
    Case(900144, "page", lambda w: w.ask(scope=None)),
    Case(900144, "page", lambda w: w.ask(scope=None, resource=API_URI)),
    Case(900144, "redirect", lambda w: w.ask(scope=None, prompt="none")),
    # what is no proper request
    Case(900144, "json", lambda w: w.trade_code("code", grant_type=None)),
    Case(900144, "json", lambda w: w.trade_code("code", client_id=None)),
    Case(900144, "json", lambda w: w.token(grant_type="authorization_code")),
    Case(900144, "json", lambda w: w.refresh("", refresh_token=None)),
    Case(900144, "json", lambda w: w.password(username=None)),
    Case(900144, "json", lambda w: w.password(password=None)),
    Case(900144, "json", lambda w: w.password(scope=None)),
    Case(900144, "json", lambda w: w.on_behalf(requested_token_use=None)),
    Case(900144, "json", lambda w: w.asserted("x.y.z", client_assertion_type=None)),
    Case(70003, "json", lambda w: w.token(grant_type="implicit")),
    Case(90004, "json", lambda w: w.post(b"grant_type=%zz")),
    Case(90004, "page", lambda w: w.open_page(f"/{ACME_ID}/oauth2/v2.0/authorize?client_id=%zz"), status=400),
    Case(90015, "json", lambda w: w.get(f"/{ACME_ID}/v2.0/.well-known/openid-configuration?appid={LONG}")),
    Case(90015, "page", lambda w: w.open_page(f"/{ACME_ID}/oauth2/v2.0/authorize?state={LONG}"), status=414),
    Case(900561, "page", lambda w: w.get(f"/{ACME_ID}/oauth2/v2.0/token"), status=200),
    Case(900561, "json", lambda w: w.post({}, f"{LOGIN}/{ACME_ID}/discovery/v2.0/keys"), status=405),
    Case(9000411, "json", lambda w: w.post(b"grant_type=a&grant_type=b")),
    Case(9000411, "page", lambda w: w.open_page(
        f"/{ACME_ID}/oauth2/v2.0/authorize?client_id=a&client_id=b"), status=400),
    Case(51000, "json", lambda w: w.get(f"/{ACME_ID}/{UNSERVED_JSON}")),
    Case(51000, "page", lambda w: w.get(f"/{ACME_ID}/{UNSERVED_PAGE}"), status=404),
    # clients
    Case(700016, "page", lambda w: w.ask(client_id=WRONG_GUID)),
    Case(700016, "json", lambda w: w.app_token(client_id=WRONG_GUID)),
    Case(700038, "page", lambda w: w.ask(client_id=NIL_GUID)),
    Case(700038, "json", lambda w: w.app_token(client_id=NIL_GUID)),
    Case(7000112, "page", lambda w: w.with_(CLIENT, account_enabled=False).ask()),
    Case(7000112, "json", lambda w: w.with_(CLIENT, account_enabled=False).app_token()),
    Case(700025, "json", lambda w: w.page_code(client_secret="any")),
    Case(7000215, "json", lambda w: w.app_token(client_secret="wrong")),
    Case(7000216, "json", lambda w: w.app_token(client_secret=None)),
    Case(7000218, "json", lambda w: w.trade_code(w.code(), client_secret=None)),
    Case(7000229, "json", lambda w: w.app_token(tenant=GLOBEX_ID)),
    Case(7000222, "json", lambda w: w.with_(CLIENT, secrets=(EXPIRED,)).app_token()),
    Case(50146, "json", lambda w: w.with_(API, claims_mapping=(MAPPED,)).app_token()),
    Case(50146, "redirect", lambda w: w.with_(CLIENT, claims_mapping=(MAPPED,), implicit_id_tokens=True).enter(
        response_type="id_token", response_mode="fragment")),
    Case(501461, "redirect", lambda w: w.with_(API, claims_mapping=(MAPPED,), accept_mapped_claims=True).with_(
        CLIENT, implicit_access_tokens=True).enter(response_type="token", response_mode="fragment")),
    Case(501461, "json", lambda w: w.with_(API, claims_mapping=(MAPPED,), accept_mapped_claims=True).app_token()),
    Case(90010, "json", lambda w: w.get(
        f"/{ACME_ID}/openid/userinfo", Authorization=f"Bearer {w.tokens()['access_token']}")),
    # codes and refresh tokens
    Case(54005, "json", _used_twice),
    Case(70000, "json", lambda w: w.trade_code(w.code(), client_id=API.app_id, client_secret="api-secret")),
    Case(70008, "json", lambda w: w.trade_code(_later(w, w.code(), 601))),
    Case(700082, "json", lambda w: w.refresh(_later(w, w.fresh(), days=91))),
    Case(700084, "json", lambda w: _page_refresh(w, days=2)),
    Case(9002313, "json", lambda w: w.trade_code("garbage")),
    Case(9002313, "json", lambda w: w.refresh("garbage")),
    Case(9002313, "json", lambda w: w.post(JUST, Authorization="Basic !!!"), "invalid_request"),
    # on behalf of
    Case(50013, "json", _tampered),
    Case(50027, "json", lambda w: w.on_behalf("no.jwt")),
    Case(500131, "json", lambda w: w.on_behalf(w.tokens(scope=f"openid {OTHER_URI}/other.read")["access_token"])),
    Case(500133, "json", lambda w: w.on_behalf(_later(w, w.tokens()["access_token"], 6000))),
    Case(240002, "json", lambda w: w.on_behalf(w.tokens()["id_token"])),
    Case(7000114, "json", lambda w: w.on_behalf(w.app_token().json()["access_token"])),
    # assertions of the client itself
    Case(50048, "json", lambda w: w.signed(sub=WRONG_GUID)),
    Case(700021, "json", lambda w: w.signed(iss=WRONG_GUID, sub=WRONG_GUID)),
    Case(700023, "json", lambda w: w.signed(aud="https://other.example/token")),
    Case(700024, "json", lambda w: w.signed(exp=int(time.time()) - 10_000, nbf=None)),
    Case(700027, "json", lambda w: w.signed(who=keys("a stranger's"), registered=keys())),
    Case(90011, "json", lambda w: w.asserted(
        "x.y.z", client_assertion_type="urn:ietf:params:oauth:client-assertion-type:saml2-bearer")),
    Case(90014, "json", lambda w: w.signed(jti=None)),
    Case(1000502, "json", lambda w: w.signed({"x5c": [_old().x5c]}, _old())),
    Case(5002723, "json", lambda w: w.signed({"x5t#S256": None})),
    Case(5002727, "json", lambda w: w.signed({"typ": "at+jwt"})),
    Case(5002730, "json", lambda w: w.signed(who=keys("curve", curve=True), by=keys())),
    Case(5002738, "json", lambda w: w.asserted(
        unsigned(claims_for(CLIENT.app_id, ENDPOINT), {"alg": "none", "typ": "JWT", "x5t#S256": keys().x5t_s256}))),
    # assertions of other issuers
    Case(50166, "json", lambda w: w.federated(keys_known=False)),
    Case(700211, "json", lambda w: w.federated(iss="https://other.example")),
    Case(700212, "json", lambda w: w.federated(aud="api://other")),
    Case(700213, "json", lambda w: w.federated(sub=f"{SUBJECT}:other")),
    Case(700229, "json", _user_as_client),
    Case(70023, "json", lambda w: w.federated(iat=None)),
    Case(70025, "json", lambda w: w.foreign()),
    Case(7000272, "json", lambda w: w.federated(kid="another")),
    Case(7002137, "json", lambda w: w.federated(iss="HTTPS://token.actions.githubusercontent.com")),
    Case(7002138, "json", lambda w: w.federated(sub=SUBJECT.upper())),
    # devices
    Case(70016, "json", lambda w: w.poll(w.device()["device_code"])),
    Case(70018, "sign-in", lambda w: w.type_code("WRONGCODE")),
    Case(70019, "sign-in", lambda w: _device_later(w, lambda w, code: w.type_code(code["user_code"]))),
    Case(70020, "json", lambda w: _device_later(w, lambda w, code: w.poll(code["device_code"]))),
    Case(7000014, "json", lambda w: w.poll("DAQABAAEAAAD")),
    Case(90119, "sign-in", lambda w: w.type_code(" ")),
    Case(90120, "sign-in", _device_again),
)  # fmt: skip

STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ"
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def world(idp, clock):
    yield World(idp, clock)
    idp.entra.configure(BUILT_IN, multi_resource_code="entra")


def message(number: int) -> str:
    """A pattern of the row's text, anything in the place of its fields."""
    parts = re.split(r"\{\w+\}", ERRORS[number].message.replace("{{", "\0").replace("}}", "\1"))
    return ".*".join(re.escape(part.replace("\0", "{").replace("\1", "}")) for part in parts)


def check_json(case: Case, answer: httpx.Response) -> None:
    row, body = ERRORS[case.number], answer.json()
    suberror = row.suberror if case.suberror is None else case.suberror
    assert answer.status_code == (case.status or row.status)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store, no-cache"
    assert answer.headers["x-ms-request-id"] == body["trace_id"]
    assert answer.headers["client-request-id"] == SENT
    assert list(body) == [
        "error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id",
        *(["error_uri"] if row.lookup else []), *(["suberror"] if suberror else []), *case.more,
    ]  # fmt: skip
    assert body["error"] == (case.error or row.error)
    assert body["error_codes"] == [case.number]
    assert body["correlation_id"] == SENT
    assert re.fullmatch(GUID, body["trace_id"])
    assert body.get("suberror", "") == suberror
    if row.lookup:
        assert body["error_uri"] == f"{LOGIN}/error?code={case.number}"
    assert re.fullmatch(
        f"AADSTS{case.number}: {message(case.number)} Trace ID: {body['trace_id']} Correlation ID: {SENT} Timestamp: "
        f"{body['timestamp']}", body["error_description"], re.DOTALL,
    )  # fmt: skip
    assert re.fullmatch(STAMP, body["timestamp"])


def check_redirect(case: Case, answer: httpx.Response) -> None:
    row = ERRORS[case.number]
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    members = dict(parse_qsl(parts.query or parts.fragment))
    assert list(members) == ["error", "error_description", *(["error_uri"] if row.lookup else []), "state"]
    assert members["error"] == (case.error or row.redirect_error or row.error)
    assert members["state"] == "a state"
    assert members.get("error_uri", "").endswith(f"/error?code={case.number}") == row.lookup
    assert re.fullmatch(
        f"AADSTS{case.number}: {message(case.number)} Trace ID: {GUID} Correlation ID: {SENT} Timestamp: {STAMP}",
        members["error_description"], re.DOTALL,
    )  # fmt: skip


def check_page(case: Case, answer: httpx.Response) -> None:
    text = html.unescape(answer.text)
    assert answer.status_code == (case.status or 200)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store, no-cache"
    told = message(case.number).replace(re.escape("{EUII Hidden}"), r"[a-z]+@[a-z.]+")
    assert re.search(f"<strong>AADSTS{case.number}:</strong> {told}</p>", text, re.DOTALL)
    assert "{EUII Hidden}" not in text
    assert f"<code>{SENT}</code>" in text
    assert re.search(f"<th>Request Id</th><td><code>{answer.headers['x-ms-request-id']}</code>", text)
    assert hint_of(answer)


def check_sign_in(case: Case, answer: httpx.Response) -> None:
    assert answer.status_code == 200
    assert hint_of(answer).startswith(f"AADSTS{case.number}: ")


CHECKS = {"json": check_json, "redirect": check_redirect, "page": check_page, "sign-in": check_sign_in}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.place}")
def test_the_request_earns_its_number_in_its_place(world, case):
    CHECKS[case.place](case, case.ask(world))
    told = [entry for entry in world.entra.journal.entries if entry.error == case.number]
    assert told, [entry.error for entry in world.entra.journal.entries]
    assert len(told[-1].hint) > 10


def test_at_least_a_hundred_numbers_are_earned_and_each_that_is_raised():
    earned = {case.number for case in CASES}
    assert earned == set(ERRORS)
    assert len(earned) >= 100


def test_the_others_are_listed_with_the_reason_and_are_none_of_those():
    assert not set(ERRORS) & set(ELSEWHERE)
    assert all(row.unearned and row.fix and row.provoke for row in ELSEWHERE.values())
    assert not any(row.unearned for row in ERRORS.values())


def test_where_a_number_appears_is_where_the_requests_found_it():
    found: dict[int, set[str]] = {}
    for case in CASES:
        found.setdefault(case.number, set()).add(case.place)
    told = {number: set(row.where.split()) for number, row in ERRORS.items()}
    assert found == told


@pytest.mark.parametrize("row", ELSEWHERE.values(), ids=lambda row: str(row.number))
def test_a_row_that_nothing_earns_is_well_formed(row):
    assert row.evidence in "ODKI"
    assert set(row.where.split()) <= set(PLACES)
    assert row.where
    assert 400 <= row.status < 600
    assert row.error == row.error.lower()
    assert row.message.endswith((".", "TenantLifecycle", "'}'."))
    assert not row.provoke.endswith(".")
    assert row.fix.endswith(".")
    assert json.dumps(explanation("AADSTS", row.number).facts())


class TestHintsForMcp:
    """What clients of MCP servers run into says which resource was named where."""

    def hint(self, world) -> str:
        return world.entra.journal.entries[-1].hint

    def test_9010010_tells_both_names_and_whether_the_resource_is_known(self, world):
        world.ask(resource="https://mcp.acme.example/mcp")
        assert self.hint(world).startswith(
            "resource is 'https://mcp.acme.example/mcp', which names no API in Acme; scope names Acme Data "
            "('api://acme/data/data.read')."
        )
        assert "protected-resource metadata" in self.hint(world)
        assert "{application ID URI}" not in self.hint(world)
        world.ask(resource=OTHER_URI)
        assert "resource is 'api://acme/other', which is Acme Other;" in self.hint(world)

    def test_9010010_of_a_slash_too_much_says_so(self, world):
        world.ask(resource=f"{API_URI}/")
        assert "The slash at the end is too much" in self.hint(world)

    def test_9010010_of_a_name_without_an_api_says_first_that_it_was_taken_for_graphs(self, world):
        world.ask(scope="data.read offline_access", resource=API_URI)
        assert self.hint(world).startswith(
            "resource is 'api://acme/data', which is Acme Data; scope names Microsoft Graph ('data.read'). "
            "A name without an API before it is Microsoft Graph's: is {application ID URI}/data.read meant?"
        )
        world.ask(scope="User.Read Mcp.Read", resource=API_URI)
        assert "is {application ID URI}/Mcp.Read meant?" in self.hint(world)
        world.ask(scope="User.Read", resource=API_URI)
        assert "{application ID URI}" not in self.hint(world)

    def test_28000_tells_each_api_with_its_scopes(self, world):
        world.trade_code(world.code(scope=BOTH), scope=BOTH)
        for named in ("Acme Data by 'api://acme/data/data.read'", "Acme Other by 'api://acme/other/other.read'"):
            assert named in self.hint(world)

    def test_650053_of_a_name_without_an_api_says_that_it_was_taken_for_graphs(self, world):
        world.ask(scope="mcp_read")
        assert "is Microsoft Graph's" in self.hint(world)
        assert "{application ID URI}/mcp_read" in self.hint(world)


def test_every_row_says_what_to_change():
    for number, row in ERRORS.items():
        assert len(row.fix) > 15, number
        assert row.fix.endswith("."), number
        assert json.dumps(explanation("AADSTS", number).facts())
