"""Signing keys and the JWKS that publishes them. Follows ED:signing-key-rollover.

As Entra does, several keys are published and one signs. ``kid`` and ``x5t`` are base64url of the SHA-1 of the DER
certificate; the certificate is self-signed by ``accounts.accesscontrol.windows.net`` (facts §2.3).
"""

import json
from base64 import b64decode, b64encode, urlsafe_b64decode
from binascii import b2a_base64
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from mock_idp.state import real_time

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    from mock_idp.state import State

FILE = "keys.json"
PUBLISHED = 3
SPARE = 2
"""Keys kept ready for a rotation, not published yet."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_LIFETIME = timedelta(days=5 * 365 + 1)
_SUBJECT = "accounts.accesscontrol.windows.net"


def b64url(raw: bytes) -> str:
    """Unpadded base64url, RFC 7515 §2."""
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """What a text in base64url stands for, padded or not; empty for what is none."""
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except ValueError:
        return b""


class Keyring:
    """The keys of a state directory.

    Args:
        document: what :meth:`load` read.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.seal_key = b64decode(document["seal"])
        self._public: dict[str, RSAPublicKey] = {}
        self._private: dict[str, RSAPrivateKey] = {}
        self.reset()

    @classmethod
    def load(cls, state: "State") -> "Keyring":
        """Read the keys of a state directory, making them first where there are none (about a second)."""
        return cls(state.once(FILE, _make, lambda document: {"keys", "spare", "seal"} <= document.keys()))

    def reset(self) -> None:
        """Forget rotations: the keys of the state directory are published, and the first one signs."""
        self._keys: list[dict[str, str]] = list(self._document["keys"])
        self._spare: list[dict[str, str]] = list(self._document["spare"])

    def rotate(self, *, retire: bool = False) -> None:
        """Sign with a key that was never published before (ED:signing-key-rollover).

        Args:
            retire: no longer publish the others, as in an emergency; else the oldest one goes.
        """
        fresh = self._spare.pop(0) if self._spare else _make_key()
        self._keys = [fresh] if retire else [fresh, *self._keys[: PUBLISHED - 1]]

    @property
    def signing(self) -> dict[str, str]:
        """The key that signs."""
        return self._keys[0]

    @property
    def kid(self) -> str:
        """``kid`` of the key that signs."""
        return self.signing["kid"]

    def jwks(self, *, issuer: str | None) -> bytes:
        """The key document, members in the order served.

        Args:
            issuer: the keys' ``issuer`` in a v2.0 document; ``None`` for v1.0, whose keys have neither that nor
                ``cloud_instance_name``.
        """
        v2 = {"cloud_instance_name": "microsoftonline.com", "issuer": issuer} if issuer else {}
        keys = [
            {
                "kty": "RSA",
                "use": "sig",
                "kid": key["kid"],
                "x5t": key["kid"],
                "n": key["n"],
                "e": key["e"],
                "x5c": [key["x5c"]],
                **v2,
            }
            for key in self._keys
        ]
        return json.dumps({"keys": keys}, separators=(",", ":")).encode()

    def sign(self, message: bytes) -> bytes:
        """RS256 over ``message``, RFC 7518 §3.3."""
        return self._private_key().sign(message, *self._rs256)

    def public_key(self, kid: str) -> "RSAPublicKey | None":
        """The published key with this ``kid``."""
        key = next((each for each in self._keys if each["kid"] == kid), None)
        if key is None:
            return None
        if kid not in self._public:
            from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - heavy, first needed here

            public: Any = load_der_x509_certificate(b64decode(key["x5c"])).public_key()
            self._public[kid] = public
        return self._public[kid]

    def _private_key(self) -> "RSAPrivateKey":
        key = self._private.get(self.kid)
        if key is None:
            from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - heavy, first needed here
                load_der_private_key,
            )

            # we wrote the key ourselves; checking it again costs 35 ms
            der = b64decode(self.signing["private"])
            key = cast("RSAPrivateKey", load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True))
            self._private[self.kid] = key
        return key

    @cached_property
    def _rs256(self) -> tuple[Any, Any]:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - heavy

        return PKCS1v15(), SHA256()


def _make() -> dict[str, Any]:
    import secrets  # noqa: PLC0415 - used once in the life of a state directory

    return {
        "keys": [_make_key() for _ in range(PUBLISHED)],
        "spare": [_make_key() for _ in range(SPARE)],
        "seal": b64encode(secrets.token_bytes(32)).decode(),
    }


def _make_key() -> dict[str, str]:
    from cryptography import x509  # noqa: PLC0415 - heavy, used once in the life of a state directory
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _SUBJECT)])
    start = datetime.fromtimestamp(real_time(), UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number() >> 96 | 1)  # 8 bytes, positive
        .not_valid_before(start)
        .not_valid_after(start + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    numbers = key.public_key().public_numbers()
    return {
        "kid": b64url(certificate.fingerprint(hashes.SHA1())),  # noqa: S303 - a name, as Entra derives it
        "n": b64url(numbers.n.to_bytes(256, "big")),
        "e": b64url(numbers.e.to_bytes(3, "big")),
        "x5c": b64encode(der).decode(),
        "private": b64encode(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ).decode(),
    }
