"""The CA bundle: what was trusted before, and our authority."""

import os
import ssl
import time

import pytest

from mock_idp.intercept.bundle import CA_VARIABLES, is_bundle, write_bundle
from mock_idp.state import State


def certificate(text):
    return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"


OURS = certificate("OURS")


@pytest.fixture
def kept(tmp_path):
    return State(tmp_path / "state")


def test_whatever_variable_named_it_it_is_still_trusted(kept, tmp_path):
    base = {}
    for name in (*CA_VARIABLES, "SSL_CERT_DIR"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.pem").write_text(f"a comment\n{certificate(name)}")
        base[name] = str(folder if name == "SSL_CERT_DIR" else folder / "a.pem")
    text = write_bundle(base, OURS, kept).read_text()
    assert all(certificate(name) in text for name in (*base, "OURS"))


def test_a_folder_counts_for_the_files_in_it_each_once(kept, tmp_path):
    folder = tmp_path / "certs"
    folder.mkdir()
    for name in ("a.pem", "b.crt", "README"):
        (folder / name).write_text(certificate(name.replace(".", "")))
    (folder / "12345678.0").symlink_to("a.pem")
    text = write_bundle({"REQUESTS_CA_BUNDLE": str(folder)}, OURS, kept).read_text()
    assert (text.count("apem"), text.count("bcrt"), text.count("README")) == (1, 1, 0)


def test_it_can_be_loaded_and_holds_the_public_authorities(kept, idp):
    path = write_bundle({}, idp.server.authority.certificate_pem, kept)
    trusted = ssl.create_default_context(cafile=path).get_ca_certs()
    assert any("mock-idp" in str(certificate["subject"]) for certificate in trusted)
    assert len(trusted) > 50


@pytest.mark.parametrize("value", ["/missing.pem", "/proc/self/mem", "relative\0"])
def test_what_cannot_be_read_is_left_out(kept, value):
    assert "OURS" in write_bundle({"SSL_CERT_FILE": value, "SSL_CERT_DIR": "/missing:"}, OURS, kept).read_text()


def test_the_same_content_is_written_once(kept):
    first = write_bundle({}, OURS, kept)
    os.utime(first, (1, 1))
    assert write_bundle({}, OURS, kept) == first
    assert first.stat().st_mtime > time.time() - 60  # in use, so not to be removed
    assert is_bundle(str(first))


def test_bundles_that_nobody_used_for_a_month_are_removed(kept):
    old, recent = write_bundle({}, OURS, kept), write_bundle({}, certificate("RECENT"), kept)
    os.utime(old, (1, 1))
    new = write_bundle({}, certificate("NEW"), kept)
    assert set(kept.files.glob("mock-idp-bundle-*")) == {recent, new}
