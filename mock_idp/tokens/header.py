"""JOSE headers, in Entra's member order. Follows facts §5.1.

A Graph token's header holds a ``nonce``, and its signature was made over a header in which the nonce is replaced by its
SHA-256: only Graph, which knows the trick, can verify it. Whoever else validates a Graph token fails, as with Entra.
"""

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from mock_idp.runtime.chance import Chance
from mock_idp.tokens.drafts import V1, Kind
from mock_idp.tokens.keys import b64url

encoded = json.JSONEncoder(separators=(",", ":")).encode
"""Compact JSON. :func:`json.dumps` would make an encoder for every token."""


class Header(NamedTuple):
    """A JOSE header, encoded.

    Attributes:
        shown: as the token carries it.
        signed: as the signature covers it.
    """

    shown: str
    signed: str


def header_for(kind: Kind, kid: str, chance: Chance, *, graph_nonce: bool = True) -> Header:
    """The header of a token of this kind; v1.0 tokens carry ``x5t``.

    Args:
        kind: of token.
        kid: names the key that signs.
        chance: where a nonce comes from.
        graph_nonce: Graph tokens have one, as Entra's; without it anybody can verify them.
    """
    if graph_nonce and kind in (Kind.GRAPH, Kind.GRAPH_APP):
        shown = {"typ": "JWT", "nonce": chance.text(32), "alg": "RS256", "x5t": kid, "kid": kid}
        return Header(_encoded(shown), _encoded(as_signed(shown)))
    plain = _plain(kid, with_x5t=kind in V1)
    return Header(plain, plain)


def as_signed(header: dict[str, Any]) -> dict[str, Any]:
    """The header that the signature covers."""
    nonce = header.get("nonce")
    return {**header, "nonce": b64url(sha256(nonce.encode()).digest())} if isinstance(nonce, str) else header


def encode_as_signed(header: dict[str, Any]) -> str:
    """Likewise, encoded."""
    return _encoded(as_signed(header))


@lru_cache(maxsize=64)
def _plain(kid: str, *, with_x5t: bool) -> str:
    return _encoded({"typ": "JWT", "alg": "RS256", **({"x5t": kid} if with_x5t else {}), "kid": kid})


def _encoded(header: dict[str, Any]) -> str:
    return b64url(encoded(header).encode())
