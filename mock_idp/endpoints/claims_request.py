"""The parameter ``claims``: what a client says of itself and asks for. Follows ED:claims-challenge and facts §7.6."""

import json
import re
from typing import Any, Literal, NamedTuple

from mock_idp.errors import EntraError

MOST = 10
"""How many capabilities and how many authentication contexts are read."""

_CAPABILITY = re.compile("[A-Za-z0-9]{1,20}")
_CONTEXT = re.compile("[cCpP][0-9]{1,2}")


class Wanted(NamedTuple):
    """What is read of the parameter.

    Attributes:
        capabilities: see :func:`capabilities`.
        contexts: authentication contexts for the access token, see :func:`contexts`.
        id_contexts: likewise for the id token.
    """

    capabilities: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    id_contexts: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Wanted":
        """From the parameter."""
        return cls(capabilities(text), contexts(text, "access_token"), contexts(text, "id_token")) if text else NOTHING

    def over(self, before: "Wanted") -> "Wanted":
        """This, and where it says nothing what was asked before, at authorize."""
        return Wanted(*(now or then for now, then in zip(self, before, strict=True)))


NOTHING = Wanted()


def check(text: str) -> None:
    """Refuse what is no JSON object; nothing at all is right too.

    Raises:
        EntraError: 90100.
    """
    try:
        right = not text or isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        right = False
    if not right:
        raise EntraError(90100, parameter="claims", hint=f"claims is '{text[:200]}'; expected a JSON object.")


def capabilities(text: str) -> tuple[str, ...]:
    """What the client can do, as it wrote it: ``{"access_token":{"xms_cc":{"values":["cp1"]}}}`` is ``cp1``.

    Any other text says nothing.
    """
    named = [value for value in _asked(text, "access_token", "xms_cc") if _CAPABILITY.fullmatch(value)]
    found: dict[str, str] = {}
    for value in named:
        found.setdefault(value.upper(), value)
    return tuple(found.values())[:MOST]


def contexts(text: str, token: Literal["access_token", "id_token"]) -> tuple[str, ...]:
    """The authentication contexts asked for: ``{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`` is ``c1``.

    Follows ED:developer-guide-conditional-access-authentication-context.

    Args:
        text: the parameter.
        token: for which token.
    """
    named = [value for value in _asked(text, token, "acrs") if _CONTEXT.fullmatch(value)]
    return tuple(dict.fromkeys(named))[:MOST]


def _asked(text: str, token: str, claim: str) -> list[str]:
    """The values that are asked for of a claim: ``value``, or ``values``."""
    if not text:
        return []
    try:
        wish: Any = json.loads(text)[token][claim]
        found = wish["values"] if "values" in wish else [wish["value"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [value for value in found if isinstance(value, str)] if isinstance(found, list) else []
