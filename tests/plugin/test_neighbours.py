"""The plugin beside others: each with a suite of its own, as people write it."""

import pytest
from plugin.suite import KEYS, Suite

TOKEN = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
MSAL = """
import msal

def signed_in():
    app = msal.ConfidentialClientApplication(
        "11111111-2222-4333-8444-555555555555", "secret",
        authority="https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11",
    )
    return app.acquire_token_for_client(["https://graph.microsoft.com/.default"])["access_token"]
"""


@pytest.fixture
def suite_with(tmp_path, state):
    """A suite in which these plugins are on."""

    def make(*plugins):
        suite = Suite(tmp_path, state.path, plugins)
        suite.write("app.py", MSAL)
        return suite

    return make


@pytest.mark.parametrize("options", [["--allow-hosts=127.0.0.1"], ["--disable-socket", "--allow-hosts=127.0.0.1"]])
def test_pytest_socket_lets_the_mock_through_where_loopback_is_allowed(suite_with, options):
    ran = suite_with("socket").run(*options, test="""
import pytest, requests, socket
from app import signed_in

@pytest.mark.parametrize("time", [1, 2])
def test_sign_in(entra, time):
    assert signed_in()

def test_nothing_else(entra):
    from pytest_socket import SocketConnectBlockedError
    with pytest.warns(UserWarning), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 443), timeout=1)

@pytest.mark.enable_socket
def test_where_sockets_are_enabled_nothing_of_the_guard_came_back():
    assert "guard" not in socket.socket.connect.__qualname__
    assert "guard" not in socket.getaddrinfo.__qualname__
""")  # fmt: skip
    assert ran.passed(4)


DISABLED = """
import pytest, requests, socket

def test_first_with_sockets_disabled(entra):
    token = entra.token("rita", audience="api://orders", scopes=["data.read"])
    assert token.claims["scp"] == "data.read"

@pytest.mark.enable_socket
def test_then_with_sockets(entra):
    assert requests.get(KEYS, timeout=5).ok

@pytest.mark.allow_hosts(["127.0.0.1"])
def test_then_with_loopback(entra):
    assert requests.get(KEYS, timeout=5).ok

def test_disabled_again(entra):
    with pytest.warns(UserWarning), pytest.raises(Exception, match="A test tried to use socket"):
        requests.get(KEYS, timeout=5)

@pytest.mark.enable_socket
def test_without_us_the_guard_is_gone():
    assert socket.socket.__module__ == socket.getaddrinfo.__module__ == "socket"

@pytest.mark.enable_socket
def test_with_sockets_again(entra):
    assert requests.get(KEYS, timeout=5).ok
""".replace("KEYS", repr(KEYS))


def test_the_mock_starts_even_where_pytest_socket_forbids_all_sockets(suite_with):
    assert suite_with("socket").run("--disable-socket", test=DISABLED).passed(6)


def test_so_it_does_when_it_answers_from_before_collection_on(suite_with):
    kept_open = DISABLED.replace(
        "test_without_us_the_guard_is_gone():", "test_without_us_the_guard_is_gone():\n    return", 1
    )
    assert suite_with("socket").run("--disable-socket", "--entra", test=kept_open).passed(6)


@pytest.mark.parametrize("hosts", ["127.0.0.1", "192.0.2.7"])
def test_only_the_way_to_the_mock_is_advised(suite_with, hosts):
    test = "import socket\ndef test_it(entra): socket.create_connection((HOST, 1), 1)\n"
    other = {"127.0.0.1": "192.0.2.7", "192.0.2.7": "127.0.0.1"}[hosts]
    ran = suite_with("socket").run(f"--allow-hosts={hosts}", "-W", "ignore", test=test.replace("HOST", repr(other)))
    assert f'with host "{other}"' in ran.text
    assert ("pytest --allow-hosts=127.0.0.1" in ran.text) is (other == "127.0.0.1")


@pytest.mark.parametrize("swallow", [False, True])
def test_an_app_that_pytest_socket_stops_is_told_the_option(suite_with, swallow):
    ask = f"requests.get({KEYS!r}, timeout=5)"
    if swallow:
        ask = f"try: {ask}\n    except RuntimeError: assert not 'signed in'"
    ran = suite_with("socket").run(
        "--disable-socket", "-W", "ignore", test=f"import requests\ndef test_it(entra):\n    {ask}\n"
    )
    assert ran.counts == {"failed": 1}
    assert "pytest --allow-hosts=127.0.0.1" in ran.text
    assert "mock_idp = true" not in ran.text


RESPONSES = """
import pytest, requests, responses
from app import signed_in

@responses.activate
def test_what_is_registered_for_others_is_answered_and_entra_is_ours(entra):
    responses.get("https://api.example.org/orders", json=["order"])
    assert signed_in()
    assert requests.get("https://api.example.org/orders").json() == ["order"]
    assert [call.request.url for call in responses.calls] == ["https://api.example.org/orders"]
    assert len(entra.journal)

@responses.activate
def test_what_is_registered_for_entra_wins(entra):
    responses.get("https://login.microsoftonline.com/common/discovery/v2.0/keys", json={"keys": []})
    assert requests.get("https://login.microsoftonline.com/common/discovery/v2.0/keys").json() == {"keys": []}
    assert not len(entra.journal)
    assert signed_in()

@responses.activate
def test_others_are_refused_as_ever(entra):
    for url in ("https://api.example.org/x", "https://login.microsoftonline.com.example.org/", "http://graph.microsoft.com/"):
        with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
            requests.get(url)

@pytest.fixture
def mocked():
    with responses.RequestsMock() as mock:
        mock.add_passthru("https://else.example.org")
        yield mock

def test_one_that_began_before_us_too(mocked, entra):
    mocked.get("https://api.example.org/orders", json=[])
    assert signed_in()
    assert requests.get("https://api.example.org/orders").json() == []

@responses.activate
def test_without_us_it_is_as_it_was():
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        signed_in()
    assert responses.mock.passthru_prefixes == ()
    assert "passthru_prefixes" not in vars(responses.RequestsMock)
"""


def test_responses_passes_on_what_is_entras_and_not_registered(suite_with):
    assert suite_with().run(test=RESPONSES).passed(5)
    assert suite_with("randomly").run("-p", "randomly", "-p", "no:cacheprovider", test=RESPONSES).passed(5)


RESPX = """
import httpx, pytest, respx

KEYS = "https://login.microsoftonline.com/common/discovery/v2.0/keys"

@respx.mock
def test_what_is_registered_for_others_is_answered_and_entra_is_ours(entra):
    route = respx.get("https://api.example.org/orders").respond(json=["order"])
    assert httpx.get(KEYS).json()["keys"]
    assert httpx.get("https://api.example.org/orders").json() == ["order"]
    assert route.call_count == respx.calls.call_count == 1
    assert len(entra.journal) == 1

@pytest.mark.anyio
async def test_asynchronous_clients_too(entra, respx_mock):
    respx_mock.get("https://api.example.org/orders").respond(json=["order"])
    async with httpx.AsyncClient() as client:
        assert (await client.get(KEYS)).json()["keys"]
        assert (await client.get("https://api.example.org/orders")).json() == ["order"]

def test_the_other_way_of_mocking_too(entra):
    with respx.mock(using="httpx") as mock, httpx.Client() as client:
        mock.get("https://api.example.org/orders").respond(json=["order"])
        assert client.get(KEYS).json()["keys"]
        assert client.get("https://api.example.org/orders").json() == ["order"]

@respx.mock
def test_what_is_registered_for_entra_wins(entra):
    respx.get(KEYS).respond(json={"keys": []})
    assert httpx.get(KEYS).json() == {"keys": []}
    assert not len(entra.journal)

@respx.mock
def test_others_are_refused_as_ever(entra):
    with pytest.raises(AssertionError, match="not mocked"):
        httpx.get("https://api.example.org/x")

@respx.mock
def test_without_us_it_is_as_it_was():
    with pytest.raises(AssertionError, match="not mocked"):
        httpx.get(KEYS)
"""


def test_respx_passes_on_what_is_entras_and_not_registered(suite_with):
    suite = suite_with("respx", "anyio")
    suite.write("conftest.py", "import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'\n")
    assert suite.run(test=RESPX).passed(6)


VCR = """
import http.server, json, threading
from pathlib import Path
import httpx, pytest, requests, vcr, yaml
from app import signed_in

KEYS = "https://login.microsoftonline.com/common/discovery/v2.0/keys"

@pytest.fixture
def other():
    class Hello(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")
        def log_message(self, *_): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": .02}).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown(); server.server_close()

def recorded(path):
    return [each["request"]["uri"] for each in yaml.safe_load(Path(path).read_text())["interactions"]]

@pytest.mark.parametrize("ask", [requests.get, httpx.get])
def test_only_what_is_not_entras_is_recorded(entra, other, tmp_path, ask):
    path = str(tmp_path / "cassette.yaml")
    with vcr.use_cassette(path):
        assert signed_in()
        assert ask(KEYS).json()["keys"]
        assert ask(other).text == "hello"
    assert recorded(path) == [other]
    entra.reset()
    with vcr.use_cassette(path, record_mode="none"):
        assert signed_in()
        assert ask(KEYS).json()["keys"]
        assert ask(other).text == "hello"
        with pytest.raises(Exception, match="(?i)cassette|overwrite"):
            ask(other + "new")
    assert len(entra.journal)

def test_what_was_recorded_of_entra_is_not_played_back(entra, tmp_path):
    path = tmp_path / "cassette.yaml"
    request = {"body": None, "headers": {}, "method": "GET", "uri": KEYS}
    answer = {"body": {"string": "old"}, "headers": {}, "status": {"code": 200, "message": "OK"}}
    path.write_text(yaml.safe_dump({"interactions": [{"request": request, "response": answer}], "version": 1}))
    before = path.read_text()
    with vcr.use_cassette(str(path), record_mode="new_episodes"):
        assert requests.get(KEYS).json()["keys"]
    assert path.read_text() == before

def test_without_us_it_is_played_back(tmp_path):
    path = tmp_path / "cassette.yaml"
    request = {"body": None, "headers": {}, "method": "GET", "uri": KEYS}
    answer = {"body": {"string": "old"}, "headers": {}, "status": {"code": 200, "message": "OK"}}
    path.write_text(yaml.safe_dump({"interactions": [{"request": request, "response": answer}], "version": 1}))
    with vcr.use_cassette(str(path), record_mode="none"):
        assert requests.get(KEYS).text == "old"
"""


def test_vcr_records_and_plays_back_nothing_of_entra(suite_with):
    leaks = ["-W", "ignore::ResourceWarning", "-W", "ignore::pytest.PytestUnraisableExceptionWarning"]
    assert suite_with().run(*leaks, test=VCR).passed(4)


def test_truststore_in_the_place_of_tls_contexts(suite_with):
    assert suite_with().run(test=f"""
import ssl
import httpx, pytest, requests, truststore

earlier = httpx.Client()
truststore.inject_into_ssl()
later = httpx.Client()

@pytest.mark.parametrize("number", [1, 2])
def test_it(entra, number):
    for ask in (earlier.get, later.get, requests.get):
        assert ask({KEYS!r}).json()["keys"]

def test_without_us():
    assert "truststore" in ssl.SSLContext.wrap_socket.__module__
    assert ssl.SSLContext.__mro__[1].wrap_socket.__module__ == "ssl"
""").passed(3)  # fmt: skip


ASYNC = """
import httpx, pytest

KEYS = "https://login.microsoftonline.com/common/discovery/v2.0/keys"

@pytest.fixture
def token(entra):
    return entra.token("rita", audience="api://orders")

@FIXTURE
async def keys(entra):
    async with httpx.AsyncClient() as client:
        yield (await client.get(KEYS)).json()["keys"]

@TEST
async def test_it(entra, token, keys):
    async with httpx.AsyncClient() as client:
        assert (await client.get(KEYS)).json()["keys"] == keys
    assert len(entra.journal) == 2
    assert token.claims["aud"] == "api://orders"

@TEST
async def test_again(entra, keys):
    assert len(entra.journal) == 1
"""


@pytest.mark.parametrize(("mode", "fixture", "test"), [
    ("auto", "pytest.fixture", ""), ("strict", "__import__('pytest_asyncio').fixture", "pytest.mark.asyncio"),
])  # fmt: skip
def test_pytest_asyncio_in_both_modes(suite_with, mode, fixture, test):
    text = ASYNC.replace("@FIXTURE", f"@{fixture}").replace("@TEST", f"@{test}" if test else "")
    options = [f"--asyncio-mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function"]
    assert suite_with("asyncio").run(*options, test=text).passed(2)


def test_anyio_with_asyncio_uvloop_and_trio(suite_with):
    suite = suite_with("anyio")
    suite.write("conftest.py", """
import pytest

@pytest.fixture(params=[("asyncio", {}), ("asyncio", {"use_uvloop": True}), ("trio", {})])
def anyio_backend(request):
    return request.param
""")  # fmt: skip
    text = ASYNC.replace("@FIXTURE", "@pytest.fixture").replace("@TEST", "@pytest.mark.anyio")
    assert suite.run(test=text).passed(6)


def test_random_order_and_parallel(suite_with):
    ran = suite_with("randomly").run("-n", "4", "-p", "randomly", test="""
import os, random, threading
import pytest, requests
from app import signed_in

@pytest.mark.parametrize("number", range(20))
def test_with_us(entra, number):
    assert [entry.path for entry in entra.journal.entries] == []
    assert signed_in()
    assert [thread.name for thread in threading.enumerate()].count("mock-idp") == 1

@pytest.mark.parametrize("number", range(20))
def test_without_us(number):
    import socket
    assert socket.getaddrinfo.__module__ == "socket"
""")  # fmt: skip
    assert ran.passed(40)


TIME = """
import time
from datetime import datetime, timedelta, timezone
import jwt, pytest, requests

KEYS = "https://login.microsoftonline.com/common/discovery/v2.0/keys"
THEN = datetime(2031, 5, 6, 7, 8, 9, tzinfo=timezone.utc)

def asked(entra):
    # the first handshake of all, with a moved clock
    assert requests.get(KEYS, timeout=5).ok
    return entra.token("rita", audience="api://orders").claims["iat"] + 300  # as Entra, it backdates

@pytest.mark.parametrize("tick", [False, True])
def test_the_mock_follows(entra, tick):
    with travel(THEN, tick=tick):
        assert 0 <= asked(entra) - THEN.timestamp() < 20
        assert 0 <= entra.clock.now() - THEN.timestamp() < 20
        entra.clock.travel(timedelta(hours=2))
        assert 7200 <= entra.clock.now() - THEN.timestamp() < 7220
    entra.clock.reset()
    assert abs(entra.clock.now() - time.time()) < 20

def test_a_token_of_then_is_good_then_and_expired_an_hour_later(entra):
    with travel(THEN, tick=False):
        token = str(entra.token("rita", audience="api://orders"))
        key = jwt.PyJWKClient(KEYS).get_signing_key_from_jwt(token)
        jwt.decode(token, key, ["RS256"], audience="api://orders")
    with travel(THEN + timedelta(hours=2), tick=False), pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, key, ["RS256"], audience="api://orders")

@pytest.fixture
def long_after():
    with travel(datetime(2035, 1, 1, tzinfo=timezone.utc)):
        yield

def test_a_fixture_may_move_the_clock_first(long_after, entra):
    assert datetime.fromtimestamp(asked(entra), timezone.utc).year == 2035
"""


@pytest.mark.parametrize("order", ["", "-k fixture"], ids=["", "the session begins with a moved clock"])
@pytest.mark.parametrize("travel", [
    "from time_machine import travel",
    "from freezegun import freeze_time\ndef travel(to, tick=True): return freeze_time(to, tick=tick)",
], ids=["time-machine", "freezegun"])  # fmt: skip
def test_the_clock_follows_libraries_that_move_it(tmp_path, travel, order):
    (tmp_path / "suite").mkdir()
    suite = Suite(tmp_path / "suite", tmp_path / "new state")
    assert suite.run(*order.split(), test=f"{travel}\n{TIME}").passed(1 if order else 4)
    assert suite.run(test=f"{travel}\n{TIME}").passed(4), "and what was kept is good at any other time"
