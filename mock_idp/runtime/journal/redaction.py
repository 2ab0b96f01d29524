"""What of a request may be kept: harmless values as they came, of every other one only how long it was.

Nothing enters the journal but through here, so what a terminal obeys, what never ends and what is secret stays outside.
"""

import re
from collections.abc import Mapping

MENTIONED = 200
"""Characters of a value from outside that an entry shows."""

SCOPES = 1_000
"""Characters of a list of scopes, which ends with a whole one."""

MAX_PARAMETERS = 40
"""How many parameters of a request are kept."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

SHOWN = frozenset(
    {
        # OAuth 2.0, OpenID Connect
        "acr_values", "amr_values", "claims", "claims_locales", "client_assertion_type", "client_id",
        "code_challenge_method", "display", "grant_type", "login_hint", "max_age", "nonce", "post_logout_redirect_uri",
        "prompt", "redirect_uri", "requested_token_use", "resource", "response_mode", "response_type", "scope", "state",
        "ui_locales", "username",
        # Entra's own
        "api-version", "appid", "authorization_endpoint", "client-request-id", "client_info", "dc", "domain_hint",
        "instance_aware", "lc", "mkt", "msafed", "req_cnf", "return-client-request-id", "token_type", "x-client-cpu",
        "x-client-os", "x-client-sku", "x-client-ver",
        # our pages
        "back", "cancel", "confirm", "login", "loginfmt", "tile",
    }
)  # fmt: skip
"""Parameters, in lower case, whose values are kept. What is not here is not shown."""

HIDDEN = frozenset(
    {
        "access_token", "actor_token", "assertion", "client_assertion", "client_secret", "code", "code_challenge",
        "code_verifier", "ctx", "device_code", "id_token", "id_token_hint", "logout_hint", "otc", "passwd", "password",
        "refresh_token", "sid", "subject_token", "token", "user_code",
    }
)  # fmt: skip
"""Parameters whose names are known and whose values are never kept. A plain ``code_challenge`` is the verifier."""

_KNOWN = SHOWN | HIDDEN
_URIS = frozenset({"authorization_endpoint", "post_logout_redirect_uri", "redirect_uri"})
# compiled by re when first needed, which is not at the start
_NAME = r"[A-Za-z][A-Za-z0-9_.-]{0,39}"
_BESIDE_THE_PATH = r"(?s)(?<=//)[^/?#]*@|\?[^#]*|#.*"
_ARTEFACT = r"(?<![A-Za-z0-9_-])(?:eyJ[A-Za-z0-9_-]{8,}|(?:[01]\.A|PAQAB)[A-Za-z0-9_-]{20,})(?:\.[A-Za-z0-9_-]*)*"
"""A JWT, or a code, refresh token or opaque token of Entra's, in a place where it should not be."""


def printable(text: str, limit: int = MENTIONED) -> str:
    """Text from outside as it may be shown: without control characters, and not endless.

    Args:
        text: anything a client sent.
        limit: characters kept.
    """
    shown = text[:limit]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return shown + ELLIPSIS if len(text) > limit else shown


def presentable(text: str, limit: int = MENTIONED) -> str:
    """Printable text in which what looks like a token or a code is only counted."""
    if len(text) <= limit and "eyJ" not in text and ".A" not in text and "PAQAB" not in text and text.isprintable():
        return text  # nearly always; it is asked for each value of each request
    return re.sub(_ARTEFACT, lambda found: counted(found[0]), printable(text, limit))


def scopes(text: str) -> str:
    """A list of scopes, cut after a whole one."""
    if len(text) <= SCOPES:
        return presentable(text, SCOPES)
    return f"{presentable(text[:SCOPES].rpartition(' ')[0], SCOPES)} {ELLIPSIS}".strip()


def split(text: str) -> tuple[str, ...]:
    """The scopes of such a list."""
    return tuple(scope for scope in text.split() if scope != ELLIPSIS)


def counted(value: str) -> str:
    """How long a value is, in its place; blank when it is."""
    return f"({len(value)} character{'s' if len(value) > 1 else ''})" if value else ""


def is_shown(name: str) -> bool:
    """Whether values of a parameter are kept."""
    return name in SHOWN or name.lower() in SHOWN


def kept(name: str, value: str) -> str:
    """What is kept of a parameter's value."""
    if name in HIDDEN or not is_shown(name):
        return counted(value)
    if name == "scope":
        return scopes(value)
    if name in _URIS and ("?" in value or "#" in value or "@" in value):
        value = re.sub(_BESIDE_THE_PATH, _counted_part, value[: 4 * MENTIONED])
    return presentable(value)


def _counted_part(found: re.Match[str]) -> str:
    """Of a user name before a host nothing is kept, of query and fragment their sign and length."""
    part = found[0]
    return "" if part[-1] == "@" and part[0] not in "?#" else part[0] + counted(part[1:])


def parameters(came: Mapping[str, str]) -> dict[str, str]:
    """Parameters as an entry keeps them, in the order sent.

    A name that nobody knows may be a secret that was sent bare, as a body without names: it has to look like a name,
    and to come along with one that is known.
    """
    found: dict[str, str] = {}
    named = not _KNOWN.isdisjoint(came)
    for name, value in came.items():
        if len(found) == MAX_PARAMETERS:
            found[ELLIPSIS] = f"({len(came) - MAX_PARAMETERS} more)"
            break
        is_known = name in _KNOWN or (named and value and re.fullmatch(_NAME, name))
        found[name if is_known else counted(name)] = kept(name, value)
    return found


def library(headers: Mapping[str, str], came: Mapping[str, str]) -> str:
    """Which client library asked, and its version: what it says of itself, else the ``User-Agent``.

    Args:
        headers: names in lower case.
        came: the parameters; MSAL.js sends its name there.
    """
    for source in (headers, came):
        name = source.get("x-client-sku") or source.get("x-client-SKU")
        if name:
            version = source.get("x-client-ver") or source.get("x-client-VER") or ""
            return presentable(f"{name} {version}".strip(), 80)
    return presentable(headers.get("user-agent", ""), 80)
