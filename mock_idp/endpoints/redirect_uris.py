"""Matching of redirect URIs. Follows ED:reply-url and facts §3.4: exact, but for loopback ports and wildcards."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from mock_idp.directory.models import Application, Platform, RedirectUri
from mock_idp.errors import EntraError
from mock_idp.facts.hosts import NATIVE_CLIENT
from mock_idp.runtime.tenants import DeclaredTenant

LOOPBACK = ("localhost", "127.0.0.1")
"""Hosts whose port is not compared; ``[::1]`` is not one of them."""

_IPV6 = "::1"

TEST_HOST = "testserver"
"""Where Starlette's and Django's test clients say that an app is. No network knows it; Entra would not register it."""

_LOOPBACK_PORT = re.compile(r"\A(http://(?:localhost|127\.0\.0\.1)):\d{1,5}(?=[/?]|\Z)")
_WITH_WILDCARD = re.compile(r"(https?://)(\*\.)?([^/*]+)(/[^*]*)?(\*)?")
"""A registration with ``*`` in place of the names before a domain, or of the end of a path."""

_WITHOUT_PATH = re.compile(r"https?://[^/?#]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-\[\]_a-z~]+")
"""What a URI may consist of; no space, quote or backslash, which browsers read in other ways than we do. RFC 3986"""

_LONGEST = 256
"""Characters that a registration may have. ED:reply-url"""

_KEPT_TENANTS = 16
"""Of how many tenants the registered redirect URIs are kept at hand."""

_NEVER = ("javascript", "data", "vbscript", "file", "filesystem", "blob", "about")


def match(application: Application, uri: str) -> RedirectUri:
    """The registration that a redirect URI fits; of several the one that is spelled alike.

    Raises:
        EntraError: 50011; 500117 for plain http; 900971 when none is registered.
    """
    if application.touched:
        return RedirectUri(uri=uri, platform=_platform_of(application, uri))
    personal = "Personal" in application.sign_in_audience  # such an app cannot register wildcards
    fitting = [
        registered
        for registered in application.redirect_uris
        if fits(registered.uri, uri) and not (personal and "*" in registered.uri)
    ]
    if fitting:
        return next((registered for registered in fitting if registered.uri == uri), fitting[0])
    if not application.redirect_uris:
        raise none_registered(application, f"'{uri}' came")
    _check_scheme(uri)
    known = ", ".join(r.uri for r in application.redirect_uris)
    raise _mismatch(
        application,
        uri,
        f"'{uri}' came; registered for {application.display_name}: {known}. {_difference(application, uri)}",
    )


def none_registered(application: Application, came: str) -> EntraError:
    """AADSTS900971; whether one was sent does not matter (facts §4E)."""
    return EntraError(
        900971, hint=f"{came}, and {application.display_name} has no redirect URI registered. Register one "
        "(redirectUris).",
    )  # fmt: skip


def fits(registered: str, uri: str) -> bool:
    """Whether a requested URI matches a registered one."""
    came = _compared(uri)
    if "*" in registered and (pattern := _pattern(registered)):
        return bool(pattern.fullmatch(came)) and _split(uri) is not None
    return _compared(registered) == came


@lru_cache(maxsize=256)
def _pattern(registered: str) -> re.Pattern[str] | None:
    """What a registration with a wildcard fits; ``None`` when the sign stands where it means nothing."""
    found = _WITH_WILDCARD.fullmatch(_compared(registered))
    if not found:
        return None
    scheme, names, host, path, rest = found.groups()
    return re.compile(
        re.escape(scheme) + (r"(?:[A-Za-z0-9-]+\.)+" if names else "") + re.escape(host + (path or "/"))
        + (r"[^#]*" if rest else "")
    )  # fmt: skip


@lru_cache(maxsize=256)
def _compared(uri: str) -> str:
    """The URI without the port of a loopback name, and with the ``/`` that a missing path stands for."""
    return with_path(_LOOPBACK_PORT.sub(r"\1", uri))


def origin(uri: str) -> str:
    """Scheme, host and port of an http(s) URI, the bare scheme of another; empty for what is no URI."""
    parts = _split(uri)
    if parts is None:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


@lru_cache(maxsize=_KEPT_TENANTS)
def _registered(tenant: DeclaredTenant) -> frozenset[str]:
    return frozenset(_compared(r.uri) for app in tenant.tenant.applications for r in app.redirect_uris)


@lru_cache(maxsize=_KEPT_TENANTS)
def _wildcards(tenant: DeclaredTenant) -> tuple[RedirectUri, ...]:
    return tuple(r for app in tenant.tenant.applications for r in app.redirect_uris if "*" in r.uri)


@lru_cache(maxsize=_KEPT_TENANTS)
def _spa_origins(tenant: DeclaredTenant) -> frozenset[str]:
    uris = (r.uri for app in tenant.tenant.applications for r in app.redirect_uris if r.platform == "spa")
    return frozenset(_compared(origin(uri)) for uri in uris)


def is_registered(uri: str, tenant: DeclaredTenant) -> bool:
    """Whether any app of a tenant registered a URI."""
    return _compared(uri) in _registered(tenant) or any(fits(each.uri, uri) for each in _wildcards(tenant))


def is_spa_origin(name: str, tenant: DeclaredTenant) -> bool:
    """Whether single pages of any app of a tenant live at an origin."""
    wild = (origin(each.uri) for each in _wildcards(tenant) if each.platform == "spa")
    return _compared(name) in _spa_origins(tenant) or any(fits(each, name) for each in wild)


def spa_origins(application: Application) -> set[str]:
    """Where an application's single pages live."""
    return {origin(r.uri) for r in application.redirect_uris if r.platform == "spa"}


def is_loopback(uri: str) -> bool:
    """Whether an http(s) URI leads to this machine."""
    parts = _split(uri)
    return (
        parts is not None
        and parts.scheme in ("http", "https")
        and parts.hostname in LOOPBACK
        and parts.username is None
    )


def with_path(uri: str) -> str:
    """The URI, with ``/`` when it has no path (facts §3.3)."""
    return f"{uri}/" if _WITHOUT_PATH.fullmatch(uri) else uri


def with_query(uri: str, encoded: str) -> str:
    """Add parameters to a URI that has no fragment."""
    return f"{with_path(uri)}{'&' if '?' in uri else '?'}{encoded}"


def _platform_of(application: Application, uri: str) -> Platform:
    """What an undeclared app's redirect URI would be registered for, if it could be."""
    parts = _split(uri)
    if parts is None or parts.scheme in _NEVER or "#" in uri or len(uri) > _LONGEST:
        raise _mismatch(
            application, uri,
            f"'{uri}' came; expected an absolute URI without fragment and of at most {_LONGEST} characters, such as "
            "http://localhost:5001/callback.",
        )  # fmt: skip
    if parts.scheme not in ("http", "https") or uri == NATIVE_CLIENT:
        return "publicClient"
    if not parts.hostname or parts.username is not None:
        raise _mismatch(application, uri, f"'{uri}' came; expected a URI with a host and without a user name.")
    _check_scheme(uri)
    if parts.scheme == "http" and parts.hostname == _IPV6:
        raise _mismatch(application, uri, f"'{uri}' came; Entra registers no IPv6 address. Use localhost.")
    return "web"


def _check_scheme(uri: str) -> None:
    """Plain http leads nowhere but to this machine.

    Raises:
        EntraError: 500117.
    """
    parts = _split(uri)
    if parts is not None and parts.scheme == "http" and parts.hostname not in (*LOOPBACK, _IPV6, TEST_HOST):
        raise EntraError(500117, hint=f"'{uri}' came; Entra takes http only for localhost and 127.0.0.1. Use https.")


def _split(uri: str) -> SplitResult | None:
    if not _URI.fullmatch(uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts


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
