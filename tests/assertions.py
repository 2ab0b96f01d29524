"""Client assertions, made with another library than the product's, and issuers whose tokens are taken as such."""

import base64
import hmac
import json
import ssl
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from mock_idp.directory.models import KeyCredential

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Identity:
    """A private key with a self-signed certificate."""

    key: Any
    certificate: x509.Certificate

    @cached_property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @cached_property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @cached_property
    def private_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @cached_property
    def credential(self) -> KeyCredential:
        return KeyCredential(certificate=self.x5c)

    @cached_property
    def x5c(self) -> str:
        return base64.b64encode(self.der).decode()

    @cached_property
    def x5t(self) -> str:
        return b64url(self.certificate.fingerprint(hashes.SHA1()))

    @cached_property
    def x5t_s256(self) -> str:
        return b64url(self.certificate.fingerprint(hashes.SHA256()))

    @cached_property
    def jwk(self) -> dict[str, Any]:
        return {**RSAKey.import_key(self.private_pem).as_dict(private=False), "use": "sig", "kid": self.x5t}

    def sign(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        return signed(claims, header, self.private_pem)


def identity(name: str = "client", *, days: int = 30, starts: int = -1, curve: bool = False) -> Identity:
    """A new one, good from ``starts`` days from now for ``days`` days."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) + timedelta(days=starts)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(key, certificate)


def signed(claims: dict[str, Any], header: dict[str, Any], private_pem: str) -> str:
    """A JWT by joserfc, which is told to make what no good client would."""
    algorithm = header.get("alg", "RS256")
    key = (ECKey if algorithm.startswith("E") else RSAKey).import_key(private_pem)
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jws.serialize_compact(header, json.dumps(claims).encode(), key, registry=registry)


def unsigned(claims: dict[str, Any], header: dict[str, Any]) -> str:
    return f"{b64url(json.dumps(header).encode())}.{b64url(json.dumps(claims).encode())}."


def with_secret(claims: dict[str, Any], header: dict[str, Any], secret: bytes) -> str:
    """HS256: with the certificate as the secret, the oldest trick there is."""
    start = unsigned(claims, header)[:-1]
    return f"{start}.{b64url(hmac.digest(secret, start.encode(), 'sha256'))}"


def claims_for(client_id: str, audience: str, **changed: Any) -> dict[str, Any]:
    """What MSAL writes; ``None`` leaves a member out."""
    now = int(time.time())
    claims = {
        "aud": audience, "iss": client_id, "sub": client_id, "jti": str(uuid.uuid4()), "nbf": now - 5,
        "exp": now + 600, "iat": now, **changed,
    }  # fmt: skip
    return {name: value for name, value in claims.items() if value is not None}


@dataclass
class Issuer:
    """An issuer on this machine, and what it serves: path to body, or to status and location."""

    url: str
    identity: Identity
    served: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, **configuration: Any) -> None:
        self.served["/.well-known/openid-configuration"] = {
            "issuer": self.url, "jwks_uri": f"{self.url}/keys", **configuration,
        }  # fmt: skip
        self.served["/keys"] = {"keys": [self.identity.jwk]}

    def token(self, subject: str = "system:serviceaccount:shop:web", by: Identity | None = None, **changed: Any) -> str:
        """A workload's token."""
        claims = claims_for(subject, "api://AzureADTokenExchange", **{"iss": self.url, **changed})
        header = {"alg": "RS256", "kid": self.identity.x5t}
        return (by or self.identity).sign(claims, header)


@contextmanager
def issuer(key: Identity, *, tls: ssl.SSLContext | None = None) -> Iterator[Issuer]:
    """A running issuer, over plain http or TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append(self.path)
            answer = running.served.get(self.path, (404, ""))
            if isinstance(answer, tuple):
                self.send_response(answer[0])
                self.send_header("Location", answer[1])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        # the handshake is the handler's: whoever connects and says nothing must not stop the server
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None  # a client that does not trust it hangs up
    running = Issuer(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", key)
    running.publish()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
