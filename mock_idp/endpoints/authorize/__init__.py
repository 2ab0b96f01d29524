"""``/{tenant}/oauth2/v2.0/authorize``, that of v1.0, and the sign-in page's post: one table of steps.

Follows ED:v2-oauth2-auth-code-flow and ED:v2-protocols-oidc; the order of checks is facts §4.8. First words promise:
``check_`` raises, ``load_`` fetches, ``ask_`` may show a page, ``record_`` remembers, ``respond_`` answers.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from mock_idp.endpoints import Entra
from mock_idp.endpoints.authorize.assignment import check_assignment
from mock_idp.endpoints.authorize.client import check_path, load_client, load_redirect_uri
from mock_idp.endpoints.authorize.consent_page import ask_consent, record_consent
from mock_idp.endpoints.authorize.flow import Attempt, Flow, unpack_version, walk
from mock_idp.endpoints.authorize.parameters import (
    check_hints,
    check_implicit,
    check_nonce,
    check_pkce,
    check_prompt,
    check_response_mode,
    check_response_type,
    check_scopes,
    load_scopes,
)
from mock_idp.endpoints.authorize.respond import respond_error, respond_success
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
    check_implicit,
    check_nonce,
    check_pkce,
    load_scopes,
    check_scopes,
    check_prompt,
    check_hints,
    load_session,
    ask_sign_in,
    load_user,
    check_assignment,
    ask_second_factor,
    ask_consent,
    record_consent,
    respond_success,
)
"""Each step returns ``None``, or the answer that ends the flow. The response mode comes first of the redirectable
ones, because the others' errors travel in it; a few late errors are a page all the same (``ErrorRow.page``)."""

_RETURNING = frozenset(("approve", "proofup", "register", "confirm", "accept", "cancel"))
"""Buttons of the pages that come after the password."""


def authorize(request: Request, entra: Entra) -> Answer:
    """An authorization request, by GET or POST."""
    return _run(Flow(request=request, entra=entra, parameters=_merged(request), segment=request.segment))


def authorize_v1(request: Request, entra: Entra) -> Answer:
    """Likewise at the v1.0 endpoint."""
    return _run(Flow(request=request, entra=entra, parameters=_merged(request), segment=request.segment, v1=True))


def login(request: Request, entra: Entra) -> Answer:
    """What the sign-in page posts: the original request in ``ctx``, and ``loginfmt`` with ``passwd``, or a tile."""
    form = request.form
    ctx = form.get("ctx")
    if not ctx:
        raise EntraError(900144, parameter="ctx", hint="This address takes the sign-in page's form only.")
    attempt = posted(form)
    parameters, v1 = unpack_version(ctx)
    flow = Flow(
        request=request, entra=entra, parameters=parameters, segment=request.segment, attempt=attempt, v1=v1
    )  # fmt: skip
    return _run(flow)


def posted(form: Mapping[str, str]) -> Attempt:
    """What one of the pages posted."""
    tile = form.get("tile", "")
    return Attempt(
        login=(tile or form.get("loginfmt") or form.get("login") or "").strip(),
        password=form.get("passwd"),
        tile=bool(tile),
        approved="approve" in form,
        informed="proofup" in form,
        registered="register" in form,
        back="back" in form,
        accepted="accept" in form,
        for_all="organization" in form,
        declined="cancel" in form,
        returning=not _RETURNING.isdisjoint(form),
    )


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
        answer = walk(flow, STEPS)
    except EntraError as error:
        if not flow.redirect_uri or (error.row.page and flow.get("prompt") != "none"):
            raise
        flow.entra.journal.refused(error, error.redirect_error)
        return respond_error(flow, error)
    if answer is None:
        raise RuntimeError("the last step answers")
    return answer
