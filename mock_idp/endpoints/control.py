"""``/_mock/…`` on the loopback front channel: what commands and tests ask of the server, and no client of Entra does.

Whatever sends an ``Origin`` is a web page, which has no business here; names other than loopback never get here.
"""

import json
from typing import Any

from mock_idp.endpoints import Entra
from mock_idp.errors import UserError
from mock_idp.exchange import Json, Request
from mock_idp.facts.headers import NOT_STORED
from mock_idp.tokens.minting import Wish

_LISTS = ("scopes", "roles", "groups")
_TEXTS = ("tenant", "audience", "client", "version")


def mint(request: Request, entra: Entra) -> Json:
    """``POST /_mock/token``: a token without a flow.

    The form has ``name``, ``app`` (``1`` when an app is meant) and the fields of
    :class:`mock_idp.tokens.minting.Wish`; lists are JSON, and ``claims`` is a JSON object.
    """
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        return _refused(403, "A web page may not ask for this.", "A browser sent the request.", "Use mock-idp token.")
    form = request.form
    try:
        wish = wish_of(form)
        token = entra.mint.any_token(form.get("name", ""), wish, app=form.get("app") == "1")
    except UserError as mistake:
        return _refused(400, mistake.what, mistake.why, mistake.fix)
    entra.journal.about(user=form.get("name", ""), token_for=str(token.claims.get("aud")))
    return Json(
        body={"access_token": token.text, "token_type": "Bearer", "expires_in": token.expires_in},
        headers=dict(NOT_STORED),
    )


def form_of(wish: Wish) -> dict[str, str]:
    """A wish as the form that :func:`wish_of` reads."""
    texts = {name: str(getattr(wish, name)) for name in _TEXTS if getattr(wish, name) is not None}
    lists = {name: json.dumps(list(getattr(wish, name))) for name in _LISTS if getattr(wish, name) is not None}
    expires_in = {"expires_in": str(wish.expires_in)} if wish.expires_in is not None else {}
    return {**texts, **lists, **expires_in, "claims": json.dumps(dict(wish.claims))}


def wish_of(form: Any) -> Wish:
    """What a form wishes for.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return Wish(
            tenant=form["tenant"],
            audience=form.get("audience"),
            client=form.get("client"),
            version=form.get("version"),
            expires_in=int(form["expires_in"]) if "expires_in" in form else None,
            claims=dict(_read(form.get("claims", "{}"))),
            **{name: [str(each) for each in _read(form[name])] for name in _LISTS if name in form},
        )
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise UserError(
            "The form cannot be read.", f"{type(error).__name__}: {error}.", "Ask by `mock-idp token`."
        ) from None


def _read(text: str) -> Any:
    found = json.loads(text)
    json.dumps(found, ensure_ascii=False).encode()  # \ud800 is half a character, which no answer can repeat
    return found


def _refused(status: int, what: str, why: str, fix: str) -> Json:
    return Json(status=status, body={"error": {"what": what, "why": why, "fix": fix}}, headers=dict(NOT_STORED))
