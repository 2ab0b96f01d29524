"""The CONNECT proxy over real sockets: who is answered, how others are reached, and how connections end."""

import asyncio
import gc
import socket
import ssl
import struct
import threading
from base64 import b64encode
from contextlib import contextmanager, suppress

import needs
import pytest
import strangers
from proxies import Recorder

from mock_idp import server
from mock_idp.intercept.proxy import Proxy
from mock_idp.intercept.upstream import Upstream

TOKEN = "the-token"
AUTHORIZED = f"Proxy-Authorization: Basic {b64encode(f'mock-idp:{TOKEN}'.encode()).decode()}\r\n"


@contextmanager
def running(upstream=None, target=lambda: ("127.0.0.1", 1), on_gone=lambda _: None):
    """A proxy in a thread of its own."""
    proxy = Proxy(target, TOKEN, upstream or Upstream(), on_gone)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(proxy.start(relay_port=0), loop).result(10)
        yield proxy
        asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@contextmanager
def listening(serve, family=socket.AF_INET):
    """A server that hands each connection to a function, in a thread."""
    with socket.create_server(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), family=family) as server:

        def accept():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    serve(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def connect(port, target, headers=AUTHORIZED):
    """Ask for a tunnel: the connection, and status and reason."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\n{headers}\r\n".encode())
    status = b""
    while not status.endswith(b"\r\n\r\n"):
        status += connection.recv(1)
    return connection, status.decode().partition("\r\n")[0].removeprefix("HTTP/1.1 ")


def asked(port, target, headers=AUTHORIZED):
    connection, status = connect(port, target, headers)
    connection.close()
    return status


def received(connection):
    data = b""
    while chunk := connection.recv(65536):
        data += chunk
    return data


def echo_all(connection):
    """Read until the other side has said all, then answer."""
    connection.sendall(received(connection))


def test_microsofts_hosts_are_answered_without_the_token(idp):
    assert asked(idp.server.proxy.port, "login.microsoftonline.com:443", "").startswith("200")


@pytest.mark.parametrize("headers", ["", AUTHORIZED[:-4] + "\r\n", "Proxy-Authorization: Basic x\r\n"])
def test_other_hosts_are_refused_without_the_token(headers):
    with running() as proxy, listening(echo_all) as port:
        status = asked(proxy.port, f"127.0.0.1:{port}", headers)
    assert status.startswith("407 mock-idp: ")


def test_offline_refuses_other_hosts_and_not_loopback():
    with running(Upstream(offline=True, proxy="http://127.0.0.1:1")) as proxy, listening(echo_all) as port:
        assert asked(proxy.port, "example.org:443").startswith("403 mock-idp: example.org is not emulated")
        assert asked(proxy.port, f"127.0.0.1:{port}").startswith("200")


def test_an_emulated_host_is_answered_on_port_443_only(idp):
    assert asked(idp.server.proxy.port, "graph.microsoft.com:8443").startswith("502 mock-idp: graph.microsoft.com is")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET http://example.org/ HTTP/1.1\r\n\r\n", b"400 mock-idp: only CONNECT is proxied"),
        (b"CONNECT nonsense HTTP/1.1\r\n\r\n", b"400 mock-idp: expected CONNECT host:port"),
        (b"CONNECT a:443 HTTP/1.1\r\nX: " + b"x" * 10_000 + b"\r\n\r\n", b"431 mock-idp: a request head of more than"),
        (b"CONNECT a:443 HTTP/1.1\r\nX: " + b"x" * 100_000, b"431 mock-idp: a request head of more than"),
    ],
)
def test_a_bad_head_is_refused_with_a_reason(head, status):
    with running() as proxy, socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
        client.sendall(head)
        assert client.recv(1000).startswith(b"HTTP/1.1 " + status)


def test_a_client_may_have_said_all_before_it_is_answered():
    with running() as proxy, listening(echo_all) as port:
        connection, status = connect(proxy.port, f"127.0.0.1:{port}")
        with connection:
            connection.sendall(b"all of it")
            connection.shutdown(socket.SHUT_WR)
            assert (status[:3], received(connection)) == ("200", b"all of it")


def test_bytes_that_come_with_the_head_are_passed_on():
    with (
        running() as proxy,
        listening(echo_all) as port,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client,
    ):
        client.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n{AUTHORIZED}\r\nat once".encode())
        client.shutdown(socket.SHUT_WR)
        assert received(client).endswith(b"\r\n\r\nat once")


def test_when_the_far_side_breaks_off_the_client_is_told():
    def reset(connection):
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with running() as proxy, listening(reset) as port:
        connection, _ = connect(proxy.port, f"127.0.0.1:{port}")
        with connection:
            connection.sendall(b"x")
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""


def test_stopping_ends_open_tunnels():
    held = threading.Event()
    with listening(lambda _: held.wait(10)) as port:
        with running() as proxy:
            connection, status = connect(proxy.port, f"127.0.0.1:{port}")
        with connection:
            assert (status[:3], connection.recv(1)) == ("200", b"")
        held.set()


@pytest.mark.parametrize("turns", range(8))
def test_stopping_ends_a_connection_at_whatever_moment(turns):
    loop = asyncio.new_event_loop()
    proxy = Proxy(lambda: ("127.0.0.1", 1), TOKEN, Upstream())
    loop.run_until_complete(proxy.start())
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as connection:
        for _ in range(turns):  # one at a time
            loop.call_soon(loop.stop)
            loop.run_forever()
        loop.run_until_complete(proxy.stop())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        gc.collect()  # here what is left open shows
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def test_no_connection_waits_for_a_delayed_acknowledgement(idp):
    def sends_at_once(transport):
        return transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    with idp.client() as client:
        client.get("https://login.microsoftonline.com/common/discovery/keys").raise_for_status()
        assert {bool(sends_at_once(each.transport)) for each in idp.server._connections} == {True}
    with server._listen(
        0, wish=False
    ) as listening_one:  # asyncio looks whether the protocol was named; uvloop does not
        assert listening_one.proto == socket.IPPROTO_TCP
    with running() as proxy, listening(echo_all) as port:
        connection, _ = connect(proxy.port, f"127.0.0.1:{port}")
        with connection:
            (near,) = proxy._served.values()
            assert sends_at_once(near)


def test_ipv6_addresses_are_reached():
    needs.ipv6_loopback()
    with running() as proxy, listening(echo_all, socket.AF_INET6) as port:
        assert asked(proxy.port, f"[::1]:{port}").startswith("200")


def test_a_host_that_cannot_be_reached_is_a_502_that_says_how_it_was_tried():
    with running(Upstream(proxy="http://127.0.0.1:1")) as proxy:
        status = asked(proxy.port, "example.org:443")
    assert status == (
        "502 mock-idp: example.org cannot be reached through the proxy that was set before (ConnectionRefusedError)"
    )


def test_a_proxy_that_was_set_before_is_used_with_its_credentials():
    basic = f"Basic {b64encode(b'ada:p@ss:word').decode()}"
    with (
        listening(echo_all) as port,
        Recorder(("127.0.0.1", port), basic) as company,
        running(Upstream(proxy=f"http://ada:p%40ss%3Aword@{company.address}")) as proxy,
    ):
        connection, status = connect(proxy.port, "example.org:443")
        with connection:
            connection.sendall(b"through")
            connection.shutdown(socket.SHUT_WR)
            assert (status[:3], received(connection)) == ("200", b"through")
    assert company.asked == ["example.org:443"]
    assert "the-token" not in company.heads[0]


def test_what_that_proxy_refuses_is_refused_in_its_words():
    with Recorder() as company, running(Upstream(proxy=company.address)) as proxy:
        status = asked(proxy.port, "example.org:443")
    assert status == "502 mock-idp: the proxy that was set before refused example.org (403 Forbidden by the company)"


@pytest.mark.parametrize("no_proxy", ["127.0.0.0/8", "*", ""])
def test_that_proxy_is_not_asked_for_what_no_proxy_excepts_nor_for_loopback(no_proxy):
    with (
        listening(echo_all) as port,
        Recorder() as company,
        running(Upstream(proxy=company.url, no_proxy=no_proxy)) as proxy,
    ):
        assert asked(proxy.port, f"127.0.0.1:{port}").startswith("200")
    assert company.asked == []


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1080", "http://", "ftp://proxy.test"])
def test_a_proxy_that_is_not_http_is_named_as_the_reason(url):
    with running(Upstream(proxy=url)) as proxy:
        assert "is no http or https URL" in asked(proxy.port, "example.org:443")


def test_a_proxy_may_speak_tls(tmp_path, monkeypatch):
    issuer = strangers.authority()
    (tmp_path / "ca.pem").write_text(issuer.pem())
    (tmp_path / "leaf.pem").write_bytes(strangers.leaf(issuer, strangers.x509.DNSName("localhost")))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "leaf.pem")

    def company(connection):
        with context.wrap_socket(connection, server_side=True) as tls:
            head = tls.recv(4096)
            tls.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + head.split()[1])

    with listening(company) as port, running(Upstream(proxy=f"https://localhost:{port}")) as proxy:
        connection, status = connect(proxy.port, "example.org:443")
        with connection:
            assert (status[:3], received(connection)) == ("200", b"example.org:443")


def test_a_server_that_is_gone_is_told_once_and_found_again():
    told, port = [], [1]
    with running(target=lambda: ("127.0.0.1", port[0]), on_gone=told.append) as proxy:
        for _ in range(2):
            status = asked(proxy.port, "login.microsoftonline.com:443", "")
            assert status.startswith("502 mock-idp: the server has stopped; start it again with 'mock-idp serve'")
            assert "mock-idp env --unset" in status
        with socket.create_connection(("127.0.0.1", proxy.relay_port), timeout=10) as bare:
            assert bare.recv(1) == b""
        assert len(told) == 1
        with listening(echo_all) as port[0]:
            assert asked(proxy.port, "login.microsoftonline.com:443", "").startswith("200")
            with socket.create_connection(("127.0.0.1", proxy.relay_port), timeout=10) as bare:
                bare.sendall(b"relayed")
                bare.shutdown(socket.SHUT_WR)
                assert received(bare) == b"relayed"
        port[0] = 1
        asked(proxy.port, "login.microsoftonline.com:443", "")
    assert len(told) == 2


def test_a_taken_port_is_replaced_by_a_free_one():
    async def start_two():
        first = Proxy(lambda: ("127.0.0.1", 1), TOKEN, Upstream())
        second = Proxy(lambda: ("127.0.0.1", 1), TOKEN, Upstream())
        await first.start()
        await second.start(first.port)
        await first.stop()
        await second.stop()
        return first.port, second.port

    first, second = asyncio.run(start_two())
    assert second not in (0, first)


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({"HTTPS_PROXY": "http://a", "https_proxy": "http://b"}, "http://b"),
        ({"ALL_PROXY": "http://c", "https_proxy": ""}, "http://c"),
        ({"HTTP_PROXY": "http://d"}, ""),
    ],
)
def test_the_proxy_that_was_set_before_is_found_as_curl_and_python_find_it(environment, proxy):
    assert Upstream.of(environment, offline=False).proxy == proxy
