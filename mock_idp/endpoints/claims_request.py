"""The parameter ``claims``: what a client says of itself and asks for. Follows ED:claims-challenge and facts §7.6."""

import json

MOST = 10
"""How many capabilities are read."""


def capabilities(text: str) -> tuple[str, ...]:
    """What the client can do, in upper case: ``{"access_token":{"xms_cc":{"values":["cp1"]}}}`` is ``CP1``.

    Any other text says nothing; nothing else in it is read yet.
    """
    if not text:
        return ()
    try:
        found = json.loads(text)["access_token"]["xms_cc"]["values"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    named = [value for value in found if isinstance(value, str)] if isinstance(found, list) else []
    return tuple(dict.fromkeys(value.upper() for value in named if value.isascii() and value.isalnum()))[:MOST]
