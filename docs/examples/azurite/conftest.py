"""An Azurite for the tests: over https, because only there it takes tokens."""

import datetime as dt
import ipaddress
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

AZURITE = Path(__file__).parent / "node_modules" / ".bin" / "azurite-blob"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A file with a certificate for 127.0.0.1 and its key; nothing but these tests trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Azurite for tests")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, pkcs8, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("azurite") / "azurite.pem"
    file.write_bytes(key.private_bytes(pem, pkcs8, plain) + made.public_bytes(pem))
    return file


@pytest.fixture(scope="session")
def account_url(certificate):
    """Where Azurite's storage account is, for as long as the tests run."""
    command = [AZURITE, "--oauth", "basic", "--cert", certificate, "--key", certificate, "--blobPort", "0"]
    quiet = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    with subprocess.Popen([*command, *quiet], stdout=subprocess.PIPE, text=True) as azurite:
        try:
            said = next(line for line in azurite.stdout if "listens on" in line)
            yield f"{said.split()[-1]}/devstoreaccount1"
        finally:
            azurite.terminate()
