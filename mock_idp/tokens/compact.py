"""JWTs that others made, taken apart strictly: RFC 7515 §3.1 and §7.1, RFC 7519 §7.2.

Not a library's reader: those forgive what is written in more than one way (base64url with stray characters or bits, a
member twice), and two readers of such a token may see two tokens.
"""

import json
import re
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn

from mock_idp.tokens.keys import b64url

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Algorithm = Literal["RS256", "PS256"]

_PARTS = r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)"
_PADDED = r"([A-Za-z0-9_-]+={0,2})\.([A-Za-z0-9_-]+={0,2})\.([A-Za-z0-9_-]*={0,2})"


class Malformed(ValueError):  # noqa: N818 - what the text is
    """A text is no JWT; the message says what is wrong with it."""


class Compact(NamedTuple):
    """A JWT, not verified.

    Attributes:
        header: the JOSE header.
        claims: the payload.
        signed: what the signature covers.
        signature: as bytes; empty for an unsecured one.
    """

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def is_signed_by(self, key: "RSAPublicKey", algorithm: Algorithm) -> bool:
        """Whether a key made the signature, RFC 7518 §3.3 and §3.5.

        Args:
            key: whose signature it should be.
            algorithm: which one; never what the header says by itself.
        """
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy, first needed here
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - likewise

        try:
            key.verify(self.signature, self.signed, _padding(algorithm), SHA256())
        except InvalidSignature:
            return False
        return True


def read(text: str, *, padded: bool = False) -> Compact:
    """Take a JWT apart.

    Args:
        text: header, payload and signature.
        padded: whether parts may end in the ``=`` that RFC 7515 leaves out. Those of azure-identity for Python do, in
            its asynchronous ``CertificateCredential`` (1.27), and Entra takes them.

    Raises:
        Malformed: with what is wrong.
    """
    found = re.fullmatch(_PADDED if padded else _PARTS, text)
    if found is None:
        parts = text.count(".") + 1
        raise Malformed(
            f"it has {parts} {'part' if parts == 1 else 'parts'}, or characters that base64url does not have"
        )
    header, claims, signature = found.groups()
    parsed = _object(header, "header")
    if "crit" in parsed:
        raise Malformed("its header has the member crit, which names extensions that nobody here knows")
    signed = f"{header}.{claims}".encode()
    return Compact(parsed, _object(claims, "payload"), signed, _bytes(signature, "signature"))


def _padding(algorithm: Algorithm) -> "AsymmetricPadding":
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - likewise

    return PKCS1v15() if algorithm == "RS256" else PSS(MGF1(SHA256()), SHA256.digest_size)


def _bytes(part: str, name: str) -> bytes:
    try:
        raw = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise Malformed(f"its {name} is no base64url") from None
    bare = part.rstrip("=")
    if len(part) % 4 and bare != part:
        raise Malformed(f"its {name} has the wrong padding")
    if b64url(raw) != bare:
        raise Malformed(f"its {name} is base64url with stray bits at the end")
    return raw


def _object(part: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part, name).decode(), object_pairs_hook=_unique, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()  # \ud800 is half a character, which no answer can repeat
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed(f"its {name} is no JSON") from None
    if not isinstance(found, dict):
        raise Malformed(f"its {name} is no JSON object")
    return found


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise Malformed("a member is there twice")
    return found


def _no_number(constant: str) -> NoReturn:
    raise Malformed(f"{constant} is no JSON")
