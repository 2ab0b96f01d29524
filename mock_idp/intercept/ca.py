"""Our certificate authority and the leaf that the TLS listener shows.

The authority may sign for the emulated names and nothing else: name constraints permit those DNS names and exclude all
IP addresses (a DNS-only constraint leaves IP certificates open). RFC 5280 §4.2.1.10. Python 3.13 verifies strictly:
authority key identifier on the leaf, critical key usage on the authority.
"""

import os
import re
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from tempfile import mkstemp
from time import monotonic
from typing import TYPE_CHECKING, Any

from mock_idp.facts.hosts import HOSTS, patterns
from mock_idp.state import real_time

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Name

    from mock_idp.state import State

FILE = "ca.json"
_AUTHORITY_LIFETIME = timedelta(days=3 * 365)
_LEAF_LIFETIME = timedelta(days=30)
_BACKDATED = timedelta(days=1)
_RENEW_BEFORE = timedelta(days=31)
_LEAF_USED_SECONDS = 7 * 24 * 3600
_NAME = "mock-idp test CA"


def mark(authority_pem: str) -> bytes:
    """What the bytes of an authority's certificate, and of those that it issued, hold and no others: its name.

    Args:
        authority_pem: an authority of ours.
    """
    named = re.search(rb"%b [0-9a-f]{8}" % _NAME.encode(), ssl.PEM_cert_to_DER_cert(authority_pem))
    return named[0] if named else b""


class Authority:
    """The certificate authority of a state directory.

    Args:
        document: what :meth:`load` read.
        replaces: whether it takes the place of another one, which programs that run already go on trusting.
    """

    def __init__(self, document: dict[str, Any], *, replaces: bool = False) -> None:
        self.certificate_pem: str = document["certificate"]
        self.spki_sha256: str = document["spki"]
        self.replaces = replaces
        self._key_pem: str = document["key"]

    @classmethod
    def load(cls, state: "State") -> "Authority":
        """Read the authority, making it first where there is none or where it does not cover the emulated names."""
        before = state.read(FILE)
        document = state.once(FILE, _make, _still_good)
        return cls(document, replaces=before not in (None, document))

    def server_context(self) -> ssl.SSLContext:
        """A TLS context for the emulated names that costs nothing until the first client connects.

        The leaf is signed on the first handshake, so at start neither the certificate machinery nor a key is needed,
        and again after a week, so that a long-lived server shows a valid one.
        """
        lazy = _empty_context()
        real: tuple[float, ssl.SSLContext] | None = None

        def on_hello(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
            nonlocal real
            if real is None or monotonic() > real[0] + _LEAF_USED_SECONDS:
                real = monotonic(), self._context_with_leaf()
            connection.context = real[1]

        lazy.sni_callback = on_hello
        lazy.set_alpn_protocols(["http/1.1"])
        return lazy

    def _context_with_leaf(self) -> ssl.SSLContext:
        context = _empty_context()
        context.set_alpn_protocols(["http/1.1"])
        # ssl reads files only; this one is the owner's and gone as soon as it is loaded
        handle, name = mkstemp(prefix="mock-idp-", suffix=".pem")
        try:
            with os.fdopen(handle, "w") as file:
                file.write(self._leaf_pem() + self.certificate_pem)
            context.load_cert_chain(name)
        finally:
            Path(name).unlink()
        return context

    def _leaf_pem(self) -> str:
        from cryptography import x509  # noqa: PLC0415 - heavy, first handshake only
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
        from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415

        authority_key: Any = serialization.load_pem_private_key(self._key_pem.encode(), None)
        authority = x509.load_pem_x509_certificate(self.certificate_pem.encode())
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOSTS[0].name)])
        names = x509.SubjectAlternativeName([x509.DNSName(pattern) for pattern in patterns()])
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        leaf = (
            _builder(name, authority.subject, key, _LEAF_LIFETIME)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(names, critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
            .sign(authority_key, hashes.SHA256())
        )
        pem: str = leaf.public_bytes(serialization.Encoding.PEM).decode()
        return _pem(key) + pem


def _empty_context() -> ssl.SSLContext:
    """A server's context of the class that Python has: truststore puts one for clients in its place."""
    kind: Any = next((kind for kind in ssl.SSLContext.__mro__ if kind.__module__ == "ssl"), ssl.SSLContext)
    if kind is not ssl.SSLContext:  # a loop that was imported since takes no other for one
        kind = type("SSLContext", (kind,), {"__class__": property(lambda _: ssl.SSLContext)})
    context: ssl.SSLContext = kind(ssl.PROTOCOL_TLS_SERVER)
    return context


def _still_good(document: dict[str, Any]) -> bool:
    whole = document.keys() >= {"hosts", "renew_after", "certificate", "spki", "key"}
    return whole and document["hosts"] == list(patterns()) and document["renew_after"] > real_time()


def _make() -> dict[str, Any]:
    from base64 import b64encode  # noqa: PLC0415 - once in the life of a state directory
    from hashlib import sha256  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "mock-idp, not Microsoft"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{_NAME} {os.urandom(4).hex()}"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    constraints = x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(host.name) for host in HOSTS],
        excluded_subtrees=[x509.IPAddress(ip_network("0.0.0.0/0")), x509.IPAddress(ip_network("::/0"))],
    )
    certificate = (
        _builder(name, name, key, _AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(constraints, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "hosts": list(patterns()),
        "renew_after": (certificate.not_valid_after_utc - _RENEW_BEFORE).timestamp(),
        "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "spki": b64encode(sha256(spki).digest()).decode(),
        "key": _pem(key),
    }


def _builder(subject: "Name", issuer: "Name", key: "EllipticCurvePrivateKey", lifetime: timedelta) -> Any:
    from cryptography import x509  # noqa: PLC0415 - heavy

    start = datetime.fromtimestamp(real_time(), UTC) - _BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _pem(key: "EllipticCurvePrivateKey") -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - heavy

    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
