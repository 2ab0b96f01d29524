"""The certificate authority: it may sign for Microsoft's names and nothing else, and strict clients accept it."""

import json
import socket
import ssl
import stat
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import strangers
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from mock_idp.facts.hosts import HOSTS, patterns
from mock_idp.intercept import ca
from mock_idp.intercept.ca import Authority
from mock_idp.state import State


@pytest.fixture(scope="module")
def own_state(tmp_path_factory):
    return State(tmp_path_factory.mktemp("ca") / "state")


@pytest.fixture(scope="module")
def authority(own_state):
    return Authority.load(own_state)


@pytest.fixture(scope="module")
def certificate(authority):
    return x509.load_pem_x509_certificate(authority.certificate_pem.encode())


@pytest.fixture(scope="module")
def stolen(own_state, certificate):
    """What somebody could sign with who stole the key."""
    key = serialization.load_pem_private_key(own_state.read(ca.FILE)["key"].encode(), None)
    return strangers.Issuer(certificate, key)


def shake_hands(server, client, name):
    """A TLS handshake in memory, in which the client gives its view."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    theirs = client.wrap_bio(to_client, to_server, server_hostname=name)
    waiting = [theirs, ours]
    while waiting:
        side = waiting.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(side)
    return theirs


def strict(authority, **changes):
    context = ssl.create_default_context(cadata=authority.certificate_pem)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    for name, value in changes.items():
        setattr(context, name, value)
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("name", [host.name for host in HOSTS] + ["westus2.login.microsoft.com"])
def test_every_emulated_name_verifies_strictly(authority, name, version):
    client = strict(authority, minimum_version=version, maximum_version=version)
    assert shake_hands(authority.server_context(), client, name).version()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_names_no_host_gets_a_certificate_too(authority, version):
    client = strict(authority, minimum_version=version, maximum_version=version, check_hostname=False)
    theirs = shake_hands(authority.server_context(), client, None)
    names = {value for _, value in theirs.getpeercert()["subjectAltName"]}
    assert names == set(patterns())


def test_http_1_1_is_agreed_on(authority):
    client = strict(authority)
    client.set_alpn_protocols(["h2", "http/1.1"])
    assert shake_hands(authority.server_context(), client, HOSTS[0].name).selected_alpn_protocol() == "http/1.1"


def test_a_name_that_is_not_emulated_is_not_in_the_certificate(authority):
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(authority.server_context(), strict(authority), "portal.azure.com")


def rogue(stolen, names, tmp_path, *, ca=False):
    file = tmp_path / "rogue.pem"
    file.write_bytes(strangers.leaf(stolen, *names, ca=ca) + stolen.pem().encode())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


ROGUES = [
    (x509.DNSName("example.org"), "example.org"),
    (x509.DNSName("microsoftonline.com"), "microsoftonline.com"),
    (x509.DNSName("*.microsoft.com"), "portal.microsoft.com"),
    (x509.DNSName("graph.microsoft.com.example.org"), "graph.microsoft.com.example.org"),
    (x509.IPAddress(ip_address("127.0.0.1")), "127.0.0.1"),
    (x509.IPAddress(ip_address("192.0.2.1")), "192.0.2.1"),
    (x509.IPAddress(ip_address("::1")), "::1"),
]


@pytest.mark.parametrize(("name", "host"), ROGUES)
def test_whoever_steals_the_key_cannot_sign_for_other_names_or_addresses(authority, stolen, name, host, tmp_path):
    lax = ssl.create_default_context(cadata=authority.certificate_pem)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"permitted subtree|excluded subtree"):
        shake_hands(rogue(stolen, [name], tmp_path), lax, host)


@pytest.mark.parametrize(("name", "host"), ROGUES)
def test_another_implementation_of_x509_refuses_them_too(certificate, stolen, name, host):
    subject = name if isinstance(name, x509.IPAddress) else x509.DNSName(host)
    leaf = x509.load_pem_x509_certificate(strangers.leaf(stolen, name))
    with pytest.raises(VerificationError):
        PolicyBuilder().store(Store([certificate])).build_server_verifier(subject).verify(leaf, [])


def test_another_implementation_of_x509_accepts_what_we_show(authority, certificate):
    theirs = shake_hands(authority.server_context(), strict(authority), "graph.microsoft.com")
    leaf = x509.load_der_x509_certificate(theirs.getpeercert(True))
    verifier = PolicyBuilder().store(Store([certificate])).build_server_verifier(x509.DNSName("graph.microsoft.com"))
    assert verifier.verify(leaf, []) == [leaf, certificate]


def test_no_authority_can_be_put_below_ours(authority, stolen, tmp_path):
    below = strangers.leaf(stolen, x509.DNSName("graph.microsoft.com"), ca=True)
    key = serialization.load_pem_private_key(below, None)
    middle = strangers.Issuer(x509.load_pem_x509_certificate(below), key)
    file = tmp_path / "chain.pem"
    file.write_bytes(strangers.leaf(middle, x509.DNSName("graph.microsoft.com")) + middle.pem().encode())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with pytest.raises(ssl.SSLCertVerificationError, match="path length"):
        shake_hands(context, ssl.create_default_context(cadata=authority.certificate_pem), "graph.microsoft.com")


def test_the_authority_says_what_it_may(certificate):
    def extension(of):
        return certificate.extensions.get_extension_for_class(of)

    constraints = extension(x509.NameConstraints)
    assert constraints.critical
    assert [subtree.value for subtree in constraints.value.permitted_subtrees] == [host.name for host in HOSTS]
    assert [str(subtree.value) for subtree in constraints.value.excluded_subtrees] == ["0.0.0.0/0", "::/0"]
    assert extension(x509.BasicConstraints).critical
    assert extension(x509.BasicConstraints).value.path_length == 0
    assert extension(x509.KeyUsage).critical
    assert list(extension(x509.ExtendedKeyUsage).value) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    assert "not Microsoft" in certificate.subject.rfc4514_string()


def test_no_leaf_key_stays_on_disk(authority, tmp_path, monkeypatch):
    seen = []
    real = ssl.SSLContext.load_cert_chain

    def load(self, file):
        seen.append(stat.S_IMODE(Path(file).stat().st_mode))
        real(self, file)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load)
    shake_hands(authority.server_context(), strict(authority), HOSTS[0].name)
    assert seen == [0o600]
    assert list(tmp_path.iterdir()) == []


def test_a_leaf_is_used_for_a_week(authority, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(ca, "monotonic", lambda: now[0])
    context, serials = authority.server_context(), []
    for days in (0, 6, 8):
        now[0] = 1000.0 + days * 24 * 3600
        serials.append(shake_hands(context, strict(authority), HOSTS[0].name).getpeercert()["serialNumber"])
    assert serials[0] == serials[1] != serials[2]


def test_an_authority_is_made_once(own_state, authority):
    again = Authority.load(own_state)
    assert again.certificate_pem == authority.certificate_pem
    assert not again.replaces


@pytest.mark.parametrize(
    "change",
    [
        {"hosts": ["login.microsoftonline.com"]},
        {"renew_after": (datetime.now(UTC) - timedelta(seconds=1)).timestamp()},
    ],
)
def test_one_for_other_names_or_near_its_end_is_replaced_and_that_is_known(tmp_path, change):
    state = State(tmp_path / "state")
    first = Authority.load(state)
    assert not first.replaces
    state.write(ca.FILE, {**state.read(ca.FILE), **change})
    second = Authority.load(state)
    assert second.replaces
    assert second.certificate_pem != first.certificate_pem


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"hosts": 1}'])
def test_a_damaged_file_is_replaced(tmp_path, content):
    state = State(tmp_path / "state")
    (state.files / ca.FILE).write_text(content)
    assert "BEGIN CERTIFICATE" in Authority.load(state).certificate_pem


def test_its_key_is_readable_by_its_owner_alone(own_state, authority):
    assert stat.S_IMODE((own_state.files / ca.FILE).stat().st_mode) == 0o600
    assert "PRIVATE" not in authority.certificate_pem
    assert "PRIVATE" in json.dumps(own_state.read(ca.FILE))


def test_the_tls_listener_shows_it_over_a_socket(idp):
    plain = socket.create_connection(("127.0.0.1", idp.server.tls_port), timeout=10)
    with idp.context().wrap_socket(plain, server_hostname="sts.windows.net") as tls:
        assert tls.getpeercert()["subjectAltName"]
