"""The in-process mapping: which look-ups are answered with our address, and that it can be taken back."""

import ast
import asyncio
import importlib.util
import socket
import sys
from pathlib import Path

import aiohttp.resolver
import anyio
import pytest
import uvloop

from mock_idp.facts.hosts import patterns, role_of
from mock_idp.intercept import mapping

ADDRESS = ("127.0.0.1", 4443)


@pytest.fixture
def mapped():
    mapping.install(*ADDRESS, patterns())
    yield
    mapping.uninstall()


def addresses(host, port):
    return {found[4] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}


@pytest.mark.parametrize(
    "host", ["login.microsoftonline.com", b"graph.microsoft.com", "LOGIN.windows.net.", "eu.login.microsoft.com"]
)
@pytest.mark.parametrize("port", [443, "443", "https", b"https"])
def test_emulated_names_lead_to_us(mapped, host, port):
    assert addresses(host, port) == {ADDRESS}


@pytest.mark.parametrize("port", [80, 8443, None])
def test_another_port_of_an_emulated_name_is_refused_and_never_looked_up(mapped, port):
    with pytest.raises(socket.gaierror, match=r"mock-idp emulates graph.microsoft.com on port 443 only"):
        socket.getaddrinfo("graph.microsoft.com", port)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", None])
def test_other_names_are_looked_up_as_before(mapped, host):
    assert addresses(host, 4321) == {found[4] for found in socket.getaddrinfo(host, 4321, type=socket.SOCK_STREAM)}


@pytest.mark.parametrize(
    "name", ["x.graph.microsoft.com", "a.b.login.microsoft.com", "microsoft.com", "", ".", "login.microsoft.com."]
)
def test_both_halves_agree_on_what_is_emulated(name):
    assert mapping.matches(name.lower().rstrip("."), patterns()) is (role_of(name) is not None)


def test_taking_it_back_leaves_nothing(mapped):
    owners = [socket, socket.socket, uvloop.Loop, anyio, anyio._core._sockets]
    owners += [aiohttp.resolver.AsyncResolver, aiohttp.resolver.ThreadedResolver]
    assert all(ours(owner) for owner in owners)
    mapping.uninstall()
    assert not any(ours(owner) for owner in owners)
    assert not [finder for finder in sys.meta_path if isinstance(finder, mapping._Hook)]


def ours(owner):
    return [value for value in vars(owner).values() if getattr(value, "__module__", "") == mapping.__name__]


def test_whoever_still_holds_a_function_of_ours_is_led_nowhere(mapped):
    held = socket.getaddrinfo
    mapping.uninstall()
    with pytest.raises(socket.gaierror):
        held("login.microsoftonline.com", 443, flags=socket.AI_NUMERICHOST)


def test_installing_twice_is_installing_once(mapped):
    mapping.install("127.0.0.1", 5555, patterns())
    assert addresses("graph.microsoft.com", 443) == {("127.0.0.1", 5555)}
    mapping.uninstall()
    assert socket.getaddrinfo.__module__ == "socket"


def test_a_module_imported_later_gets_its_door_when_it_is(monkeypatch):
    monkeypatch.delitem(sys.modules, "aiohttp.resolver")
    mapping.install(*ADDRESS, patterns())
    try:
        later = importlib.import_module("aiohttp.resolver")
        assert later.AsyncResolver.resolve.__module__ == mapping.__name__
        assert "exec_module" not in vars(later.__spec__.loader)
    finally:
        mapping.uninstall()
    assert later.AsyncResolver.resolve.__module__ == "aiohttp.resolver"


def test_whoever_only_asks_whether_a_module_is_there_does_not_use_up_its_door(monkeypatch):
    monkeypatch.delitem(sys.modules, "aiohttp.resolver")
    mapping.install(*ADDRESS, patterns())
    try:
        assert importlib.util.find_spec("aiohttp.resolver").loader.get_code("aiohttp.resolver")
        later = importlib.import_module("aiohttp.resolver")
        assert later.AsyncResolver.resolve.__module__ == mapping.__name__
        assert later.__loader__ is later.__spec__.loader
        assert type(later.__loader__).__module__ != mapping.__name__
    finally:
        mapping.uninstall()


def test_a_module_that_was_found_before_and_is_run_after_is_left_alone(monkeypatch):
    monkeypatch.delitem(sys.modules, "aiohttp.resolver")
    mapping.install(*ADDRESS, patterns())
    spec = importlib.util.find_spec("aiohttp.resolver")
    mapping.uninstall()
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.AsyncResolver.resolve.__module__ == "aiohttp.resolver"


def test_what_was_put_back_by_others_is_noticed_and_may_be_led_here_again(mapped, monkeypatch):
    assert mapping.is_intact()
    ours = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])
    assert not mapping.is_intact()
    mapping.uninstall()
    assert socket.getaddrinfo("graph.microsoft.com", 443) == []
    monkeypatch.undo()  # it puts back what is out of force
    assert socket.getaddrinfo is ours
    mapping.install(*ADDRESS, patterns())
    assert addresses("graph.microsoft.com", 443) == {ADDRESS}
    mapping.uninstall()
    assert socket.getaddrinfo.__module__ == "socket"


async def _asked_by(connect):
    """The address and port at which a client knocks."""
    knocked = asyncio.get_running_loop().create_future()

    async def serve(_, writer):
        knocked.set_result(writer.get_extra_info("sockname"))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1")
    address = server.sockets[0].getsockname()
    mapping.install(*address, patterns())
    try:
        await connect()
        assert await asyncio.wait_for(knocked, 5) == address
    finally:
        mapping.uninstall()
        server.close()


async def _with_anyio():
    await (await anyio.connect_tcp("login.microsoftonline.com", 443)).aclose()


async def _with_streams():
    _, writer = await asyncio.open_connection("login.microsoftonline.com", 443)
    writer.close()
    await writer.wait_closed()


async def _with_a_socket():
    with socket.socket() as client:
        client.connect(("login.microsoftonline.com", 443))


async def _with_aiohttp():
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get("http://login.microsoftonline.com:443/")


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
@pytest.mark.parametrize("connect", [_with_anyio, _with_streams, _with_a_socket, _with_aiohttp])
def test_clients_knock_at_our_port(connect, run):
    run(_asked_by(connect))


def test_the_preload_can_be_read_by_old_interpreters():
    folder = Path(mapping.__file__).parent
    for file in (folder / "mapping.py", folder / "preload" / "sitecustomize.py"):
        ast.parse(file.read_text(), feature_version=(3, 7))
