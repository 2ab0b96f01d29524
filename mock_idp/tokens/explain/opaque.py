"""What a text is that is no JWT, as far as its looks tell. Follows facts §4.7 and §5.2."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

Opener = Callable[[str, str], dict[str, Any] | None]
"""Unseals a ``code``, ``refresh_token`` or ``userinfo_token`` of this mock; ``None`` for what is none."""


class Look(NamedTuple):
    """How something looks.

    Attributes:
        pattern: of the whole text.
        what: what it is then.
        fix: what to send in its place.
    """

    pattern: re.Pattern[str]
    what: str
    fix: str


_ACCESS = "Send the member access_token of the token endpoint's answer."

_OURS = {
    "refresh_token": ("a refresh token", _ACCESS),
    "code": ("an authorization code", "Redeem it at the token endpoint, and send the access_token."),
    "userinfo_token": (
        "a token for the v1.0 userinfo endpoint",
        "Sign in with resource (v1.0), or a scope of the API (v2.0), and send that access_token.",
    ),
}

_LOOKS = (
    Look(
        re.compile(r"Ew[A-Z][A-Za-z0-9+/=%_-]{40,}"),
        "the opaque ticket that a personal Microsoft account gets for Microsoft's own APIs, not a JWT",
        "Ask for a scope of your own API; that token is a JWT, also for personal accounts.",
    ),
    Look(
        re.compile(r"M\.[A-Z]\w+[.!*].+", re.DOTALL),
        "an authorization code or refresh token of a personal Microsoft account, not an access token",
        _ACCESS,
    ),
    Look(
        re.compile(r"[01]\.A[A-Za-z0-9_-]+\.Ag[A-Za-z0-9_-]+"),
        "a refresh token or an authorization code of Entra's, which only its token endpoint can read",
        _ACCESS,
    ),
    Look(
        re.compile(r"[01]\.A[A-Za-z0-9_.-]+"),
        "a refresh token or an authorization code of Entra's, or the claim rh",
        _ACCESS,
    ),
    Look(
        re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}"),
        "a JWT that is encrypted (five parts), which Entra sends only to APIs that registered a key for it",
        "Decrypt it first, or take the key out of the registration.",
    ),
    Look(
        re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
        "a GUID: an id of something, and no token",
        _ACCESS,
    ),
    Look(re.compile(r"(<|PD94|PHNhbW|PEFzc2Vyd).+", re.DOTALL), "XML, such as a SAML assertion", _ACCESS),
    Look(re.compile(r"ey[A-Za-z0-9_-]+\.?"), "the first part of a JWT: the rest was lost, perhaps at a dot", _ACCESS),
)


def of_ours(text: str, opened: Opener) -> tuple[str, str] | None:
    """What an artefact of this mock is, and what to send in its place."""
    for kind, (name, fix) in _OURS.items():
        content = opened(kind, text)
        if content:
            return (
                f"{name} of this mock, issued to client {content['client']} for {content['user']}: no API takes it",
                fix,
            )
    return None


def looks_like(text: str) -> tuple[str, str]:
    """What a text seems to be, and what to send in its place."""
    for look in _LOOKS:
        if look.pattern.fullmatch(text):
            return look.what, look.fix
    return "nothing that Entra hands out", _ACCESS
