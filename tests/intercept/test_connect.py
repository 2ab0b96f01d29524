"""The head of a CONNECT request, as anything may send it."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_idp.intercept.connect import BadRequest, Connect, head, parse

LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)
NAMES = st.lists(LABEL, min_size=1, max_size=5).map(".".join)
PORTS = st.integers(1, 65535)


def parsed(raw):
    """What was asked for, or why it was refused."""
    try:
        return parse(raw), ""
    except BadRequest as refusal:
        return None, str(refusal)


@given(st.binary(max_size=400))
@example(b"CONNECT a:99999999999999999999 HTTP/1.1")
@example(b"CONNECT [::1 HTTP/1.1")
@example(b"CONNECT \xb2:\xb2 HTTP/1.1")
@example(b"\r\n\r\n")
def test_any_bytes_are_read_or_refused(junk):
    asked, refusal = parsed(junk)
    if asked:
        assert 0 < asked.port < 65536
        assert asked.host == asked.host.lower()
    else:
        assert refusal.isprintable()


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_no_target_or_header_can_write_a_line_of_its_own(target, version, header):
    raw = f"CONNECT {target} HTTP/{version}\r\n{header}".encode()
    asked, refusal = parsed(raw)
    assert refusal.isprintable()
    assert set(asked.host if asked else "") <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_:%")


@given(NAMES, PORTS, st.text(max_size=30))
def test_what_is_sent_on_is_what_was_asked(name, port, password):
    raw = head(Connect(name, port, "").target, f"mock-idp:{password}")
    assert parse(raw.removesuffix(b"\r\n\r\n")) == Connect(name, port, password)


@given(st.ip_addresses(), PORTS)
def test_addresses_are_asked_for_as_such(address, port):
    target = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
    asked = parse(f"CONNECT {target} HTTP/1.1".encode())
    assert asked == Connect(str(address), port, "")
    assert asked.target == target


@pytest.mark.parametrize(
    "line",
    [
        "GET http://login.microsoftonline.com/ HTTP/1.1",
        "CONNECT login.microsoftonline.com HTTP/1.1",
        "CONNECT login.microsoftonline.com:0 HTTP/1.1",
        "CONNECT login.microsoftonline.com:65536 HTTP/1.1",
        "CONNECT ::1:443 HTTP/1.1",
        "CONNECT [::1:443 HTTP/1.1",
        "CONNECT https://login.microsoftonline.com:443 HTTP/1.1",
        "CONNECT a:443 HTTP/2",
        "CONNECT  a:443 HTTP/1.1",
        "CONNECT a\tb:443 HTTP/1.1",
        "",
    ],
)
def test_what_is_no_connect_is_refused(line):
    with pytest.raises(BadRequest):
        parse(line.encode())


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Proxy-Authorization: Basic " + base64.b64encode(b"mock-idp:secret").decode(), "secret"),
        ("proxy-authorization:basic " + base64.b64encode(b"x:a:b").decode(), "a:b"),
        ("Proxy-Authorization: Basic !!!", ""),
        ("Proxy-Authorization: Basic " + base64.b64encode(b"\xff\xfe").decode(), ""),
        ("Proxy-Authorization: Bearer secret", ""),
        ("X: y", ""),
    ],
)
def test_the_token_is_the_password_of_proxy_authorization(header, token):
    assert parse(f"CONNECT a:443 HTTP/1.1\r\n{header}".encode()).token == token
