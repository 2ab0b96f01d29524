"""Matching of redirect URIs. Follows ED:reply-url and facts §3.4: exact, but for the port of loopback names."""

from urllib.parse import SplitResult, urlsplit

from mock_idp.directory.models import Application, Platform, RedirectUri
from mock_idp.errors import EntraError

LOOPBACK = ("localhost", "127.0.0.1")
"""Hosts whose port is not compared; ``[::1]`` is not one of them."""

_NEVER = ("javascript", "data", "vbscript", "file", "blob", "about")


def match(application: Application, uri: str) -> RedirectUri:
    """The registration that a redirect URI fits.

    Raises:
        EntraError: 50011.
    """
    if application.touched:
        return RedirectUri(uri=uri, platform=_usable(application, uri))
    for registered in application.redirect_uris:
        if fits(registered.uri, uri):
            return registered
    known = ", ".join(r.uri for r in application.redirect_uris) or "none"
    raise _mismatch(
        application,
        uri,
        f"'{uri}' came; registered for {application.display_name}: {known}. {_difference(application, uri)}",
    )


def fits(registered: str, uri: str) -> bool:
    """Whether a requested URI matches a registered one."""
    if registered == uri:
        return True
    ours, theirs = _split(registered), _split(uri)
    if ours is None or theirs is None:
        return False
    if ours.scheme != "http" or ours.hostname not in LOOPBACK:
        return _with_path(ours) == _with_path(theirs)
    return theirs.username is None and (ours.scheme, ours.hostname, ours.path or "/", ours.query, "") == (
        theirs.scheme,
        theirs.hostname,
        theirs.path or "/",
        theirs.query,
        theirs.fragment,
    )


def origin(uri: str) -> str:
    """Scheme, host and port of an http(s) URI, the bare scheme of another."""
    parts = _split(uri)
    if parts is None:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def spa_origins(application: Application) -> set[str]:
    """Where an application's single pages live."""
    return {origin(r.uri) for r in application.redirect_uris if r.platform == "spa"}


def _usable(application: Application, uri: str) -> Platform:
    parts = _split(uri)
    if parts is None or not parts.scheme or parts.scheme in _NEVER or parts.fragment or not uri.isprintable():
        raise _mismatch(
            application, uri,
            f"'{uri}' came; expected an absolute URI without fragment, such as http://localhost:5001/callback.",
        )  # fmt: skip
    if parts.scheme in ("http", "https") and (not parts.hostname or parts.username is not None):
        raise _mismatch(application, uri, f"'{uri}' came; expected a URI with a host and without a user name.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise _mismatch(application, uri, f"'{uri}' came; Entra registers http only for localhost. Use https.")
    return "web" if parts.scheme in ("http", "https") else "publicClient"


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _with_path(parts: SplitResult) -> SplitResult:
    return parts._replace(path=parts.path or "/")


def _difference(application: Application, uri: str) -> str:
    """The likeliest slip, in words."""
    for registered in application.redirect_uris:
        if registered.uri.rstrip("/") == uri.rstrip("/"):
            return "They differ by a trailing slash."
        if registered.uri.lower() == uri.lower():
            return "They differ by upper and lower case."
        if fits(registered.uri.replace("127.0.0.1", "localhost"), uri.replace("127.0.0.1", "localhost")):
            return "localhost and 127.0.0.1 are two hosts."
    return "Send a registered one, or register this one."


def _mismatch(application: Application, uri: str, hint: str) -> EntraError:
    return EntraError(50011, uri=uri, app_id=application.app_id, hint=hint)
