"""``/{tenant}/oauth2/v2.0/devicecode``, its v1.0 twin, and the page where a person types the code that a device shows.

Follows ED:v2-oauth2-device-code and facts §7.1. The page signs people in by the steps of authorize; in place of a
redirect, the device's next poll gets the tokens.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mock_idp.directory.models import Application
from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize import posted
from mock_idp.endpoints.authorize.assignment import check_assignment
from mock_idp.endpoints.authorize.client import check_path, load_client
from mock_idp.endpoints.authorize.consent_page import ask_consent, record_consent
from mock_idp.endpoints.authorize.flow import Flow, Step, unpack, walk
from mock_idp.endpoints.authorize.pages import COOKIE
from mock_idp.endpoints.authorize.parameters import load_scopes
from mock_idp.endpoints.authorize.second_factor import ask_second_factor
from mock_idp.endpoints.authorize.sign_in import ask_sign_in, load_session, load_user
from mock_idp.endpoints.scopes import parse
from mock_idp.endpoints.targets import targets_in_any
from mock_idp.endpoints.tenants import check_tenant, check_tenant_told, find_client, homes
from mock_idp.endpoints.v1 import check_segment, scope_of
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Cookie, Json, Page, Redirect, Request
from mock_idp.facts.headers import NOT_STORED
from mock_idp.forms import required
from mock_idp.runtime.journal import printable
from mock_idp.runtime.store import DEVICE_CODE_SECONDS, DeviceCode
from mock_idp.runtime.tenants import LiveTenant, home_name

INTERVAL_SECONDS = 5
"""How long a device is to wait between two polls. Facts §7.1"""

PATH = "/common/oauth2/deviceauth"
"""Where the page is; ``/device`` leads there."""

REAL_PAGE = "https://login.microsoft.com/device"

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 9
_START = "DAQABAAEAAAD"
_DECLINED = 65004


def devicecode_v2(request: Request, entra: Entra) -> Json:
    """Begin a sign-in for a device that has no browser."""
    check_tenant(request.segment, entra)
    form = request.form
    tenant, client = _load_client(request, form, entra)
    scope = required(form, "scope", "Add scope, for instance 'openid offline_access User.Read'.")
    code = _begin(request, tenant, client, scope, entra)
    return _document(code, _page_url(entra), v1=False)


def devicecode_v1(request: Request, entra: Entra) -> Json:
    """Likewise at the v1.0 endpoint, where ``resource`` says what it is for, and a GET will do."""
    check_segment(request.segment)
    check_tenant(request.segment, entra)
    parameters = {**request.query, **request.form}
    tenant, client = _load_client(request, parameters, entra)
    code = _begin(request, tenant, client, scope_of(parameters.get("resource", ""), tenant), entra)
    return _document(code, _page_url(entra), v1=True)


def _load_client(request: Request, parameters: Mapping[str, str], entra: Entra) -> tuple[LiveTenant, Application]:
    client_id = required(
        parameters, "client_id", "Add client_id, the Application (client) ID of your app registration."
    )
    entra.journal.about(client=client_id)
    check_tenant_told(request.segment, client_id, entra)
    tenant, client = find_client(request.segment, client_id, entra)
    entra.journal.about(client_name=client.display_name)
    return tenant, client


def _begin(request: Request, tenant: LiveTenant, client: Application, scope: str, entra: Entra) -> DeviceCode:
    """Make the codes; what is asked for is checked already (facts §7.1)."""
    entra.journal.about(scope=scope)
    targets_in_any([*homes(request.segment, tenant, entra)] or [tenant], client.app_id, parse(scope), entra)
    code = DeviceCode(
        device_code=_START + entra.chance.text(96),
        user_code="".join(_LETTERS[entra.chance.below(len(_LETTERS))] for _ in range(_LENGTH)),
        segment=request.segment,
        client_id=client.app_id,
        scope=" ".join(scope.split()),  # kept for a while: not the spaces, of which there may be 256 KiB
        issued_at=entra.clock.now(),
    )
    entra.store.wait_for(code)
    entra.journal.issued("device code", {"tid": tenant.id})
    return code


def _document(code: DeviceCode, url: str, *, v1: bool) -> Json:
    """The answer, members in the order served; v1.0 has another name in it, and numbers as text."""
    seconds: tuple[Any, Any] = (DEVICE_CODE_SECONDS, INTERVAL_SECONDS)
    expires_in, interval = map(str, seconds) if v1 else seconds
    body = {
        "user_code": code.user_code,
        "device_code": code.device_code,
        "verification_url" if v1 else "verification_uri": url,
        "expires_in": expires_in,
        "interval": interval,
        "message": f"To sign in, use a web browser to open the page {url} and enter the code {code.user_code} to "
        "authenticate.",
    }
    return Json(body=body, headers=dict(NOT_STORED))


def _page_url(entra: Entra) -> str:
    """Where the person is sent: our front channel, or with ``--front-channel real`` Microsoft's page."""
    return REAL_PAGE if entra.settings.front_channel == "real" else f"{entra.settings.front_url}/device"


def device(request: Request, entra: Entra) -> Redirect:  # noqa: ARG001 - an endpoint's signature
    """The short address that a device shows leads to the page."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    return Redirect(url=f"{request.base_url}{PATH}{query}")


def deviceauth(request: Request, entra: Entra) -> Answer:
    """The page: which code, who signs in, whether that is meant; then the device may have its tokens."""
    form = request.form
    if request.method != "POST":
        return _code_page(request.query.get("otc", ""))
    carried = unpack(form["ctx"]) if form.get("ctx") else {}
    typed = carried.get("otc") or form.get("otc", "")
    try:
        code = _find(typed, entra)
    except EntraError as refusal:
        entra.journal.refused(refusal)
        return _code_page(typed, refusal)
    parameters = {**carried, "otc": code.user_code, "client_id": code.client_id, "scope": code.scope}
    flow = Flow(
        request=request, entra=entra, parameters=parameters, segment=code.segment, action=PATH,
        attempt=posted(form) if carried else None,
    )  # fmt: skip
    return _sign_in(flow, code)


def _find(typed: str, entra: Entra) -> DeviceCode:
    """The device code that a person means; case, spaces and hyphens do not matter.

    Raises:
        EntraError: 90119, 70018, 70019 or 90120.
    """
    user_code = "".join(character for character in typed.upper() if character.isalnum())
    if not user_code:
        raise EntraError(90119, hint="Type the code that your device shows.")
    code = entra.store.user_codes.get(user_code)
    if code is None:
        raise EntraError(
            70018, hint=f"No device waits for the code '{printable(typed, 20)}'. Codes do not outlive a restart.",
        )  # fmt: skip
    if code.expired(entra.clock.now()):
        minutes = DEVICE_CODE_SECONDS // 60
        raise EntraError(70019, hint=f"The code is more than {minutes} minutes old. Begin anew on the device.")
    if code.state != "pending":
        raise EntraError(90120, hint=f"The code was {code.state} already. Begin anew on the device.")
    return code


def _sign_in(flow: Flow, code: DeviceCode) -> Answer:
    try:
        answer = walk(flow, STEPS)
    except EntraError as error:
        if error.number != _DECLINED:
            raise
        flow.entra.journal.refused(error)
        code.state = "declined"
        return _page(flow, "declined")
    if answer is not None:
        return answer
    code.approve(flow.account)
    return _page(flow, "done")


def ask_confirmation(flow: Flow) -> Page | None:
    """Whether the person began this at all: the code may be somebody else's.

    Raises:
        EntraError: 65004.
    """
    user, form = flow.user, flow.request.form
    if flow.get("confirmed") == user.id:
        return None
    if "cancel" in form:
        raise EntraError(65004, hint=f"{home_name(user)} pressed Cancel.")
    if "confirm" not in form:
        return _page(flow, "confirm", login=home_name(user))
    flow.parameters = {**flow.parameters, "confirmed": user.id}
    return None


STEPS: tuple[Step, ...] = (
    check_path,
    load_client,
    load_scopes,
    load_session,
    ask_sign_in,
    load_user,
    check_assignment,
    ask_second_factor,
    ask_confirmation,
    ask_consent,
    record_consent,
)
"""Those of authorize, in its order, less what is about a redirect URI; an error is a page."""


def _code_page(typed: str, refusal: EntraError | None = None) -> Page:
    error = ""
    if refusal:
        error = _TOLD.get(refusal.number, "That code didn't work. Check the code and try again.")
    hint = f"AADSTS{refusal.number}: {refusal.hint}" if refusal else ""
    shown = printable(typed, _LONGEST) if typed else ""
    values = {"step": "code", "action": PATH, "typed": shown, "error": error, "hint": hint}
    return Page(template="device.html", values=values)


_LONGEST = 18
_TOLD = {
    70019: "That code has expired. Go back to your device, and get a new one.",
    90119: "Enter the code displayed on your app or device.",
    90120: "That code was used already. Go back to your device, and get a new one.",
}


def _page(flow: Flow, step: str, **values: str) -> Page:
    cookies = (Cookie(name=COOKIE, value=flow.session.id),) if flow.session else ()
    shown = {"step": step, "action": PATH, "ctx": flow.ctx, "app": flow.client.display_name, "hint": "", **values}
    return Page(template="device.html", values=shown, cookies=cookies)
