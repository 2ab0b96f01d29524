"""``/{tenant}/oauth2/v2.0/authorize`` and the sign-in page's post: the browser flow as one table of steps.

Follows ED:v2-oauth2-auth-code-flow and ED:v2-protocols-oidc; the order of checks is facts §4.8. First words promise:
``check_`` raises, ``load_`` fetches, ``ask_`` may show a page, ``record_`` remembers, ``respond_`` answers.
"""

from urllib.parse import urlencode

from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize.client import check_path, load_client, load_redirect_uri
from mock_idp.endpoints.authorize.flow import Attempt, Flow, unpack
from mock_idp.endpoints.authorize.parameters import (
    check_pkce,
    check_prompt,
    check_response_mode,
    check_response_type,
    load_scopes,
)
from mock_idp.endpoints.authorize.respond import respond_code, respond_error
from mock_idp.endpoints.authorize.rules import check_assignment, check_consent, record_consent
from mock_idp.endpoints.authorize.second_factor import ask_second_factor
from mock_idp.endpoints.authorize.sign_in import ask_sign_in, load_session, load_user
from mock_idp.errors import EntraError
from mock_idp.exchange import Answer, Request
from mock_idp.forms import MAX_QUERY_BYTES

STEPS = (
    # an error is a page
    check_path,
    load_client,
    load_redirect_uri,
    # an error goes to the redirect URI
    check_response_mode,
    check_response_type,
    check_pkce,
    load_scopes,
    check_prompt,
    load_session,
    ask_sign_in,
    load_user,
    check_assignment,
    ask_second_factor,
    check_consent,
    record_consent,
    respond_code,
)
"""Each step returns ``None``, or the answer that ends the flow. The response mode comes first of the redirectable
ones, because the others' errors travel in it; a few late errors are a page all the same (``ErrorRow.page``)."""


def authorize(request: Request, entra: Entra) -> Answer:
    """An authorization request, by GET or POST."""
    return _run(Flow(request=request, entra=entra, parameters=_merged(request), segment=request.segment))


def login(request: Request, entra: Entra) -> Answer:
    """What the sign-in page posts: the original request in ``ctx``, and ``loginfmt`` with ``passwd``, or a tile."""
    form = request.form
    ctx = form.get("ctx")
    if not ctx:
        raise EntraError(900144, parameter="ctx", hint="This address takes the sign-in page's form only.")
    tile = form.get("tile", "")
    attempt = Attempt(
        login=(tile or form.get("loginfmt") or form.get("login") or "").strip(),
        password=form.get("passwd"),
        tile=bool(tile),
        approved="approve" in form,
        back="back" in form,
    )
    return _run(Flow(request=request, entra=entra, parameters=unpack(ctx), segment=request.segment, attempt=attempt))


def _merged(request: Request) -> dict[str, str]:
    """The parameters of query and body together, no longer than a redirect can carry them back."""
    for name in request.query.keys() & request.form.keys():
        raise EntraError(9000411, parameter=name, hint=f"'{name}' came in the query and in the body. Send it once.")
    merged = {**request.query, **request.form}
    if request.form and len(urlencode(merged)) > MAX_QUERY_BYTES:
        raise EntraError(90015, hint=f"The parameters have more than {MAX_QUERY_BYTES} bytes. Send less.")
    return merged


def _run(flow: Flow) -> Answer:
    try:
        for step in STEPS:
            answer = step(flow)
            if answer is not None:
                return answer
    except EntraError as error:
        if not flow.redirect_uri or (error.row.page and flow.prompt != "none"):
            raise
        flow.entra.journal.refused(error, error.redirect_error)
        return respond_error(flow, error)
    raise RuntimeError("the last step answers")
