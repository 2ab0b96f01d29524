"""An access token in a test's hand."""

from typing import Any


class Token:
    """A signed access token.

    Its ``repr`` shows what is in it and not the token itself, so that a failing test does not print one.

    Attributes:
        claims: the payload.
        expires_in: seconds, as a token answer would give them.
    """

    __slots__ = ("_text", "claims", "expires_in")

    def __init__(self, text: str, claims: dict[str, Any], expires_in: int) -> None:
        self._text = text
        self.claims = claims
        self.expires_in = expires_in

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        shown = {
            name: self.claims[name]
            for name in ("aud", "ver", "scp", "roles", "oid", "appid", "azp")
            if name in self.claims
        }
        return f"<Token {shown}>"

    @property
    def header(self) -> dict[str, str]:
        """The HTTP header that presents it, RFC 6750 §2.1: ``{"Authorization": "Bearer …"}``."""
        return {"Authorization": f"Bearer {self._text}"}
