"""While a test uses the mock, nothing reaches the real hosts by accident; before and after, nothing reaches the mock.

The real hosts are played by a stranger's site that has a certificate for Microsoft's name, from an authority that the
clients trust.
"""

import asyncio
import os
import pkgutil
import socket
import ssl
import subprocess
import sys

import aiohttp
import httpx
import pytest
import requests
import strangers
import trio
import urllib3
import uvloop
from cryptography.x509 import DNSName
from harness import LOGIN
from proxies import Recorder

from mock_idp.facts.hosts import HOSTS
from mock_idp.intercept import mapping
from mock_idp.intercept.environment import restored
from mock_idp.intercept.trust import ASTRAY

HOST = LOGIN.removeprefix("https://")
KEYS = f"{LOGIN}/common/discovery/v2.0/keys"
HELLO = "hello from a stranger"


@pytest.fixture(scope="module")
def other_ca(tmp_path_factory):
    return strangers.authority(), tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def real(other_ca):
    """The address of what plays the real host."""
    issuer, folder = other_ca
    with strangers.site(strangers.leaf(issuer, DNSName(HOST)), folder) as address:
        yield address


@pytest.fixture(scope="module")
def ca_file(other_ca):
    issuer, folder = other_ca
    file = folder / "ca.pem"
    file.write_text(issuer.pem())
    return str(file)


@pytest.fixture(scope="module")
def proxy(real):
    """A proxy that leads to the real host."""
    with Recorder(target=real) as recorder:
        yield recorder.url


@pytest.fixture
def dns(monkeypatch, real):
    """Look-ups that find the real host."""
    looked_up = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        return looked_up(*(real if host in (HOST, HOST.encode()) else (host, port)), *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def _begun(request):
    """The fixture, from here on."""
    return request.getfixturevalue("entra")


def _requests(proxy, ca_file):
    session = requests.Session()
    return lambda: session.get(KEYS, proxies={"https": proxy}, verify=ca_file).text


def _urllib3(proxy, ca_file):
    pool = urllib3.ProxyManager(proxy, ca_certs=ca_file)
    return lambda: str(pool.request("GET", KEYS, retries=False).data, "ascii")


def _httpx(proxy, ca_file):
    client = httpx.Client(proxy=proxy, verify=ssl.create_default_context(cafile=ca_file))
    return lambda: client.get(KEYS).text


def _httpx_async(run):
    def build(proxy, ca_file):
        context = ssl.create_default_context(cafile=ca_file)

        async def ask():
            async with httpx.AsyncClient(proxy=proxy, verify=context) as client:
                return (await client.get(KEYS)).text

        return lambda: run(ask)

    return build


def _aiohttp(run):
    def build(proxy, ca_file):
        context = ssl.create_default_context(cafile=ca_file)

        async def ask():
            async with aiohttp.ClientSession() as session, session.get(KEYS, proxy=proxy, ssl=context) as answer:
                return await answer.text()

        return lambda: run(ask)

    return build


def _asyncio_run(ask):
    return asyncio.run(ask())


def _uvloop_run(ask):
    return uvloop.run(ask())


THROUGH_A_PROXY = {
    "requests": _requests,
    "urllib3": _urllib3,
    "httpx": _httpx,
    "httpx, asyncio": _httpx_async(_asyncio_run),
    "httpx, uvloop": _httpx_async(_uvloop_run),
    "httpx, trio": _httpx_async(trio.run),
    "aiohttp, asyncio": _aiohttp(_asyncio_run),
    "aiohttp, uvloop": _aiohttp(_uvloop_run),
}


@pytest.mark.leaves_open
@pytest.mark.parametrize("build", [pytest.param(build, id=name) for name, build in THROUGH_A_PROXY.items()])
def test_a_client_that_keeps_a_proxy_is_stopped_before_it_sends_anything(build, proxy, ca_file, request):
    ask = build(proxy, ca_file)
    assert ask() == HELLO
    another = build(proxy, ca_file)  # which has no connection yet
    entra = _begun(request)
    with pytest.raises(Exception):  # noqa: B017, PT011 - each client has its own, and one forgets the message
        another()
    assert entra.went_astray == [HOST]


def test_so_is_whoever_knows_the_address(real, ca_file, entra):
    context = ssl.create_default_context(cafile=ca_file)
    with socket.create_connection(real) as plain, pytest.raises(ssl.SSLError, match=f"{ASTRAY} {HOST}"):
        context.wrap_socket(plain, server_hostname=HOST)


def test_other_names_at_that_address_are_none_of_our_business(real, ca_file, entra):
    context = ssl.create_default_context(cafile=ca_file)
    with (
        socket.create_connection(real) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        context.wrap_socket(plain, server_hostname="example.org")


@pytest.mark.parametrize("host", [*(host.name for host in HOSTS), "westeurope.login.microsoft.com"])
def test_every_emulated_host_is_ours(host, entra):
    assert requests.get(f"https://{host}/common/discovery/v2.0/keys", timeout=5).status_code in (200, 400)
    assert [entry.host for entry in entra.journal.entries] == [host]


def test_an_address_without_a_port_is_loopback(entra):
    assert socket.gethostbyname(HOST) == "127.0.0.1"
    assert socket.gethostbyname_ex(HOST)[2] == ["127.0.0.1"]


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_loop_connects_a_socket_by_name_to_us(run, entra):
    async def main():
        loop = asyncio.get_running_loop()
        with socket.socket() as client:
            client.setblocking(False)
            await loop.sock_connect(client, (HOST, 443))
            return client.getpeername(), (await loop.getaddrinfo(HOST, 443, type=socket.SOCK_STREAM))[0][4]

    door = (entra._way._door.host, entra._way._door.port)
    assert run(main()) == (door, door)


def test_http_without_tls_is_refused(entra):
    with pytest.raises(requests.ConnectionError, match=r"mock-idp emulates graph\.microsoft\.com on port 443 only"):
        requests.get("http://graph.microsoft.com/v1.0/me", timeout=5)


def test_a_connection_that_was_kept_leads_nobody_here_once_the_test_is_over(dns, ca_file, request, other_ca):
    session = requests.Session()  # as an app has one in a module

    def ask():
        return session.get(KEYS, verify=ca_file, timeout=5)

    assert ask().text == HELLO
    session.close()  # the stranger keeps no connection, a real host would
    entra = _begun(request)
    assert ask().json()["keys"]
    entra._way.close()
    assert ask().text == HELLO
    entra._way.open()
    assert ask().json()["keys"]


@pytest.mark.leaves_open
@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_an_address_that_was_kept_leads_nobody_here_either(run, request):
    async def main():
        entra = _begun(request)
        async with aiohttp.ClientSession() as session:  # it keeps addresses for ten seconds
            async with session.get(KEYS) as answer:
                assert (await answer.json())["keys"]
            entra._way.close()
            with pytest.raises(aiohttp.ClientError):
                await session.get(KEYS)
            entra._way.open()
            async with session.get(KEYS) as answer:
                assert (await answer.json())["keys"]

    run(main())


PLACES = {
    "socket": ["getaddrinfo", "gethostbyname", "gethostbyname_ex"],
    "socket.socket": ["connect", "connect_ex"],
    "ssl.SSLContext": ["wrap_socket", "wrap_bio"],
    "ssl.SSLSocket": ["do_handshake"],
    "ssl.SSLObject": ["do_handshake"],
    "uvloop.Loop": ["getaddrinfo", "create_connection"],
    "aiohttp.resolver.AsyncResolver": ["resolve"],
    "aiohttp.resolver.ThreadedResolver": ["resolve"],
    "anyio": ["connect_tcp"],
    "responses.RequestsMock": ["passthru_prefixes"],
    "respx.mocks.Mocker": ["handler", "async_handler"],
    "vcr.cassette.Cassette": ["filter_request", "can_play_response_for", "append"],
}


def things():
    """All that is replaced, as it is at present."""
    found = {}
    for place, names in PLACES.items():
        owner = pkgutil.resolve_name(place)
        found |= {f"{place}.{name}": vars(owner).get(name) for name in names}
    return found


def test_connections_outlive_a_test_only_if_the_next_one_is_led_here_too(suite):
    assert suite.run(
        test=f"""
import pytest, requests

session = requests.Session()
connections = lambda entra: [*entra._way._door.connections]
doors = []

@pytest.mark.parametrize("number", range(3))
def test_mocked(entra, number):
    assert session.get("{KEYS}").ok
    assert len(connections(entra)) == 1
    doors.append(entra._way._door)

def test_live():
    assert not doors[0].is_open
    with pytest.raises(requests.ConnectionError, match="resol"):
        session.get("{KEYS}", timeout=5)
    assert len(doors[0].connections) == 0

def test_mocked_again(entra):
    assert session.get("{KEYS}").ok
"""
    ).passed(5)


def test_everything_is_put_back(request):
    before, environment, finders = things(), dict(os.environ), list(sys.meta_path)
    entra = _begun(request)
    assert {name for name, value in things().items() if value is before[name]} == set()
    entra._way.close()
    assert things() == before
    assert sys.meta_path == finders
    assert dict(os.environ) == environment


def test_what_somebody_else_put_on_top_is_theirs_and_leads_nowhere_when_they_are_gone(request, monkeypatch):
    entra = _begun(request)
    ours = socket.getaddrinfo
    for _ in range(3):  # as in test after test
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, _below=socket.getaddrinfo: _below(*args))
        entra._way.close()
        monkeypatch.undo()
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo(HOST, 443, flags=socket.AI_NUMERICHOST)
        entra._way.open()
    assert mapping.is_intact()
    entra._way.close()
    assert socket.getaddrinfo is not ours
    assert socket.getaddrinfo.__module__ == "socket"


def test_variables_that_the_test_changed_meanwhile_stay_as_it_left_them(request, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.org")
    monkeypatch.delenv("no_proxy", raising=False)
    entra = _begun(request)
    assert HOST in os.environ["NO_PROXY"]
    monkeypatch.setenv("NO_PROXY", "example.com")
    entra._way.close()
    assert os.environ["NO_PROXY"] == "example.com"
    assert "no_proxy" not in os.environ


def test_another_server_takes_this_ones_place_for_as_long_as_it_is_asked_to(entra, make_entra):
    other = make_entra()
    with other.intercepting():
        requests.get(KEYS, timeout=5)
    requests.get(KEYS, timeout=5)
    requests.get(KEYS, timeout=5)
    assert (len(other.journal), len(entra.journal)) == (1, 2)


def test_child_processes_are_led_here_whatever_the_shell_has_set(request, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "*.example.org")
    before = dict(os.environ)
    entra = _begun(request)
    child = entra.environ
    asked = f"import urllib.request; urllib.request.urlopen({KEYS!r}).read()"
    subprocess.run([sys.executable, "-c", asked], env=child, check=True, timeout=30)
    assert len(entra.journal) == 1
    assert "*.example.org" in child["NO_PROXY"]
    assert HOST not in child["NO_PROXY"]
    assert dict(os.environ) != child
    assert restored(child) == before
