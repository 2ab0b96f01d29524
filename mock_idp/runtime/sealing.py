"""Authorization codes, refresh tokens, and tokens for v1.0 userinfo: opaque to clients, self-contained for us.

As with Entra, the artefact holds its own state, encrypted; so a restart loses no sign-in, and a client that keeps
asking for codes costs no memory. The visible prefix embeds tenant and application as Entra's does (facts §4.7).
"""

import json
import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from mock_idp.runtime.chance import Chance

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Kind = Literal["code", "refresh_token", "userinfo_token"]

_BODY_START: dict[Kind, str] = {
    "code": "AgABBAIAAAB",
    "refresh_token": "AgABAwEAAAD{mark}AwDs_wUA9P",
    "userinfo_token": "PAQABAAAAAAA",
}
"""How each begins (facts §4.7); ``mark`` is the same in all of a state directory."""

_LAYOUT: dict[Kind, bytes] = {
    "code": b"code/4",
    "refresh_token": b"refresh_token/3",
    "userinfo_token": b"userinfo_token/1",
}
"""Sealed in: an artefact whose content had other members is none of ours. Count up with each change of members."""

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_NONCE_BYTES = 12
_encoded = json.JSONEncoder(separators=(",", ":")).encode


class Seal:
    """Seals and opens artefacts.

    Args:
        key: 32 secret bytes, the same after a restart.
        chance: where nonces come from.
    """

    def __init__(self, key: bytes, chance: Chance) -> None:
        self._key = key
        self._chance = chance
        self._aead: AESGCM | None = None
        mark = b64encode(sha256(key).digest(), b"-_").decode()[:21]
        self._start = {kind: start.format(mark=mark) for kind, start in _BODY_START.items()}

    def seal(self, kind: Kind, tenant_id: str, app_id: str, content: Mapping[str, Any]) -> str:
        """Make an artefact of ``content``, which must be JSON."""
        nonce = self._chance.octets(_NONCE_BYTES)
        plain = _encoded(content).encode()
        body = urlsafe_b64encode(nonce + self._cipher().encrypt(nonce, plain, _LAYOUT[kind])).rstrip(b"=").decode()
        prefix = "" if kind == "userinfo_token" else artefact_prefix(tenant_id, app_id)
        return prefix + self._start[kind] + body

    def open(self, kind: Kind, artefact: str) -> dict[str, Any] | None:
        """What was sealed, or ``None`` when this is no ``kind`` of ours."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - heavy, first needed here

        _, _, body = artefact.rpartition(".")
        start = self._start[kind]
        if not body.startswith(start) or not _BASE64URL.fullmatch(body):
            return None
        try:
            raw = urlsafe_b64decode(body[len(start) :] + "==")
            plain = self._cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _LAYOUT[kind])
        except (Base64Error, InvalidTag, ValueError):
            return None
        content: dict[str, Any] = json.loads(plain)
        return content

    def _cipher(self) -> "AESGCM":
        if self._aead is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - heavy, first needed here

            self._aead = AESGCM(self._key)
        return self._aead


@lru_cache(maxsize=4096)
def artefact_prefix(tenant_id: str, app_id: str) -> str:
    """The first segment of codes and refresh tokens, and the whole of ``rh``.

    ``1.`` + base64url of 40 bytes + ``.``; layout decoded from 14 samples of 2024-12 to 2026-09 (facts §4.7).
    """
    r = b"\x4b\x00"
    raw = b"\x01" + r + UUID(tenant_id).bytes_le + UUID(app_id).bytes_le + b"\x19\x01\x3f" + r
    return "1." + urlsafe_b64encode(raw).rstrip(b"=").decode() + "."
