"""Certificates with which clients sign their assertions, as far as we read them."""

import re
from base64 import b64decode
from functools import lru_cache
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_KEPT = 512
_PEM = r"(?s)-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----"


class Certificate(NamedTuple):
    """A certificate.

    Attributes:
        sha1: thumbprint of the DER, ``x5t``.
        sha256: likewise, ``x5t#S256``.
        key: its public key; ``None`` when that is no RSA key.
        starts: seconds since 1970.
        ends: likewise.
        subject: RFC 4514.
    """

    sha1: bytes
    sha256: bytes
    key: "RSAPublicKey | None"
    starts: int
    ends: int
    subject: str


@lru_cache(maxsize=_KEPT)
def load(encoded: str) -> Certificate | None:
    """A certificate, DER in base64, with line breaks or not (MSAL Python sends them); ``None`` when it is none."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - heavy, first needed here
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - likewise

    try:
        der = b64decode("".join(encoded.split()), validate=True)
        found = load_der_x509_certificate(der)
        key = found.public_key()
        return Certificate(
            sha1=sha1(der, usedforsecurity=False).digest(),
            sha256=sha256(der).digest(),
            key=key if isinstance(key, RSAPublicKey) else None,
            starts=int(found.not_valid_before_utc.timestamp()),
            ends=int(found.not_valid_after_utc.timestamp()),
            subject=found.subject.rfc4514_string(),  # read only when it is asked for, and refused only then
        )
    except Exception:  # noqa: BLE001 - cryptography has no one error for what it cannot read
        return None


def from_pem(text: str) -> str:
    """The first certificate of a PEM text, as DER in base64; empty when there is none."""
    found = re.search(_PEM, text)
    return "".join(found[1].split()) if found else ""
