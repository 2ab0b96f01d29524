"""What protects a person's browser session: a cookie that says nothing, strict headers, no requests from elsewhere.

The session itself stays on the server, because it holds tokens. Flask's secret key signs cookies and tokens that leave
the server; nothing of ours does, so none is needed.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cachelib import FileSystemCache, SimpleCache
from flask import request
from flask_session import Session  # type: ignore[import-untyped]

from .errors import VisibleError

if TYPE_CHECKING:
    from cachelib.base import BaseCache
    from flask import Flask, Response

    from .settings import Settings

SESSION_LIFETIME = timedelta(hours=8)
MAX_SESSIONS = 5000

# No `form-action`: browsers hold it against redirects too, and the form that signs out is redirected to the identity
# provider, from there to whatever service the tenant is federated with, and back.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def protect(app: Flask, settings: Settings) -> None:
    """Give `app` server-side sessions, its response headers, and its refusal of cross-site requests."""
    app.config.update(
        SESSION_TYPE="cachelib",
        SESSION_CACHELIB=_session_store(settings.session_dir),
        SESSION_PERMANENT=False,  # the cookie goes when the browser does
        SESSION_REFRESH_EACH_REQUEST=False,  # a slow request must not bring back a session that was signed out
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        SESSION_COOKIE_NAME="webapp_session",  # cookies do not know ports: other programs on localhost use `session`
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # the redirect back from the identity provider still carries it
        SESSION_COOKIE_SECURE=settings.is_https,
    )
    Session(app)
    app.before_request(_refuse_cross_site)
    app.after_request(_set_headers)


def _session_store(directory: str) -> BaseCache:
    if not directory:
        return SimpleCache(threshold=MAX_SESSIONS)
    path = Path(directory).expanduser()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return FileSystemCache(str(path), threshold=MAX_SESSIONS)


def _refuse_cross_site() -> None:
    """Let nobody else's page make a signed-in browser change something.

    `SameSite=Lax` alone would let http://localhost:8000 post to http://localhost:5001: the site is the same. Browsers
    say where a request comes from, see https://web.dev/articles/fetch-metadata and RFC 6454 section 7; a request that
    says nothing comes from a program, which has no session to abuse.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        ours = origin is None or urlsplit(origin).netloc == request.host
    if not ours:
        raise VisibleError(403, "That request came from another site", hint="Start again from our pages.")


def _set_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # not `no-referrer`: it would make browsers post our own forms with `Origin: null`
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
