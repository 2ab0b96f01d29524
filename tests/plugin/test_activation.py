"""When interception begins and ends: not at all unless asked for, at the first fixture, or before collection."""

import json

import pytest
from plugin.suite import KEYS

USES_AT_IMPORT = f"""
import asyncio
import aiohttp, httpx, jwt, msal, requests

KEYS = {KEYS!r}
keys = requests.get(KEYS, timeout=5).json()["keys"]
cached = jwt.PyJWKClient(KEYS)
signing = cached.get_signing_keys()
client = httpx.Client()
sync = client.get(KEYS).json()["keys"]
confidential = msal.ConfidentialClientApplication(
    "11111111-2222-4333-8444-555555555555", "secret", authority="https://login.microsoftonline.com/contoso.example"
)

async def ask():
    async with aiohttp.ClientSession() as session, session.get(KEYS) as answer:
        return (await answer.json())["keys"]

asynchronous = asyncio.run(ask())
"""
TEST = """
import app

def test_what_was_fetched_then_is_right_now(entra):
    token = str(entra.token("rita", audience="api://orders"))
    key = app.cached.get_signing_key_from_jwt(token)
    app.jwt.decode(token, key, ["RS256"], audience="api://orders", options={"verify_iat": False})
    assert app.client.get(app.KEYS).json()["keys"] == app.keys == app.sync == app.asynchronous
"""
LINE = "mock_idp = true"
INI = {
    "pytest.ini": f"[pytest]\n{LINE}\npythonpath = .\n",
    "pyproject.toml": f'[tool.pytest.ini_options]\n{LINE}\npythonpath = ["."]\n',
    "tox.ini": f"[pytest]\n{LINE}\npythonpath = .\n",
    "setup.cfg": f"[tool:pytest]\n{LINE}\npythonpath = .\n",
}


@pytest.mark.parametrize("file", INI)
def test_an_app_that_asks_while_it_is_imported_needs_one_line(suite, file):
    suite.write(file, INI[file])
    suite.write("app.py", USES_AT_IMPORT)
    suite.write("conftest.py", "import app\n")
    assert suite.run(test=TEST).passed(1)


@pytest.mark.parametrize(
    "options", [["--entra"], ["--entra", "-p", "no:cacheprovider"], ["--entra", "-n", "2"]], ids=" ".join
)
def test_or_an_option(suite, options):
    suite.write("pytest.ini", "[pytest]\npythonpath = .\n")
    suite.write("app.py", USES_AT_IMPORT)
    suite.write("sub/conftest.py", "import app\n")
    suite.write("sub/test_one.py", TEST)
    suite.write("sub/test_two.py", TEST)
    assert suite.run(*options).passed(2)


def test_from_elsewhere_and_for_what_runs_no_test(suite, tmp_path):
    suite.write("suite/pytest.ini", INI["pytest.ini"])
    suite.write("suite/app.py", USES_AT_IMPORT)
    suite.write("suite/tests/conftest.py", "import app\n")
    suite.write("suite/tests/test_it.py", TEST)
    assert suite.run(tmp_path / "suite" / "tests").passed(1)
    assert "test_what_was_fetched" in suite.run("--co", "-q", "suite").text
    assert suite.run("--help", "suite").code == 0
    assert suite.run("--fixtures", "suite").code == 0


REQUESTS = f"import requests; requests.get({KEYS!r}, timeout=5)"


@pytest.mark.parametrize(
    ("where", "ask"),
    [
        ("conftest.py", REQUESTS),
        ("sub/conftest.py", REQUESTS),
        ("sub/test_it.py", REQUESTS),
        ("sub/test_it.py", f"import httpx; httpx.get({KEYS!r})"),
        ("sub/test_it.py", f"import jwt; jwt.PyJWKClient({KEYS!r}).get_signing_keys()"),
    ],
)
def test_without_it_the_failure_names_the_line(suite, where, ask):
    suite.write("pytest.ini", "[pytest]\npythonpath = .\n")
    suite.write("app.py", ask)
    suite.write("sub/test_it.py", "def test_it(entra): pass\n")
    suite.write(where, "import app\ndef test_it(entra): pass\n")
    ran = suite.run()
    assert ran.code != 0
    assert ran.text.count("login.microsoftonline.com was asked while the module was imported") == 1
    assert f"Put `{LINE}` into the pytest configuration" in ran.text


def test_a_failure_that_has_to_do_with_no_connection_names_nothing(suite):
    suite.write("app.py", 'AUTHORITY = "https://login.microsoftonline.com/common"\nopen("no such file")\n')
    suite.write("pytest.ini", "[pytest]\npythonpath = .\n")
    assert LINE not in suite.run(test="import app").text
    suite.write("conftest.py", "import app\n")
    assert LINE not in suite.run(test="").text


def test_on_the_real_entra_nothing_is_intercepted_and_what_needs_the_mock_is_skipped(suite):
    suite.write("pytest.ini", INI["pytest.ini"])
    ran = suite.run("-rs", MOCK_IDP_TARGET="entra", test="""
import socket, threading

def test_here(entra): pass
def test_other(make_entra): pass
def test_server(entra_server): pass
def test_environ(entra_environ): pass

def test_live():
    assert socket.getaddrinfo.__module__ == "socket"
    assert [thread.name for thread in threading.enumerate()] == ["MainThread"]
""")  # fmt: skip
    assert ran.counts == {"passed": 1, "skipped": 4}
    assert "MOCK_IDP_TARGET=entra: this test needs the mock" in ran.text


UNUSED = """
import json, os, socket, ssl, sys, threading

def test_it():
    print("seen", json.dumps({
        "modules": sorted(name for name in sys.modules if name.partition(".")[0] == "mock_idp"),
        "heavy": sorted({"cryptography", "jinja2", "starlette", "uvicorn", "uvloop"} & set(sys.modules)),
        "threads": [thread.name for thread in threading.enumerate()],
        "environment": {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"},
        "finders": [str(getattr(finder, "__name__", type(finder).__name__)) for finder in sys.meta_path],
        "from": sorted({vars(owner)[name].__module__ for owner, name in (
            (socket, "getaddrinfo"), (socket, "create_connection"), (ssl.SSLContext, "wrap_socket"),
            (ssl.SSLContext, "wrap_bio"), (ssl.SSLSocket, "do_handshake"), (ssl.SSLObject, "do_handshake"),
        )}),
        "own": sorted({"connect", "connect_ex"} & set(vars(socket.socket))),
    }))
"""


def test_not_asked_for_it_changes_nothing(suite):
    seen = {}
    for options in ("-p no:mock_idp", ""):
        ran = suite.run("-s", *options.split(), test=UNUSED)
        assert ran.passed(1)
        line = next(line for line in ran.text.splitlines() if "seen" in line)
        seen[options] = json.loads(line.partition("seen")[2])
    without, with_us = seen.values()
    assert with_us.pop("modules") == ["mock_idp", "mock_idp.pytest_plugin"]
    assert without.pop("modules") == []
    assert with_us == without
    assert with_us["from"] == ["socket", "ssl"]
    assert with_us["own"] == with_us["heavy"] == []


LIVE_AND_MOCK = """
import os, socket, ssl, sys
import pytest

BEFORE = dict(os.environ)

def put_back():
    assert socket.getaddrinfo.__module__ == "socket"
    assert "wrap_bio" in ssl.SSLContext.wrap_bio.__qualname__
    assert {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} == {
        name: value for name, value in BEFORE.items() if name != "PYTEST_CURRENT_TEST"}
    assert not [finder for finder in sys.meta_path if type(finder).__module__.startswith("mock_idp")]

@pytest.mark.parametrize("number", range(3))
def test_live(number):
    put_back()
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("login.microsoftonline.com", 443, flags=socket.AI_NUMERICHOST)

@pytest.mark.parametrize("number", range(3))
def test_mocked(entra, number):
    assert socket.getaddrinfo("login.microsoftonline.com", 443, flags=socket.AI_NUMERICHOST)
"""


@pytest.mark.parametrize("order", ["", "test_it.py::test_mocked test_it.py::test_live"])
def test_a_live_test_of_the_same_session_is_left_alone_in_any_order(suite, order):
    suite.write("test_it.py", LIVE_AND_MOCK)
    assert suite.run(*order.split(), HTTPS_PROXY="http://127.0.0.1:1").passed(6)


def test_the_value_fixtures_may_have_parameters(suite):
    assert suite.run(test="""
import pytest, requests

@pytest.fixture(scope="session", params=["one.example", "two.example"])
def entra_settings(request):
    return {"tenant": request.param}

@pytest.mark.parametrize("number", [1, 2])
def test_it(entra, entra_settings, entra_server, number):
    assert entra.token(audience="api://orders").claims["tid"] == entra.tenant
    keys = f"https://login.microsoftonline.com/{entra_settings['tenant']}/discovery/v2.0/keys"
    assert requests.get(keys, timeout=5).ok
""").passed(4)  # fmt: skip


def test_an_app_with_a_client_from_before_that_keeps_a_proxy_is_told(suite, tmp_path):
    suite.write("pytest.ini", "[pytest]\npythonpath = .\n")
    suite.write("app.py", "import httpx\nclient = httpx.Client()\n")
    test = f"import app\ndef test_it(entra): assert app.client.get({KEYS!r}).status_code == 200\n"
    ran = suite.run(test=test, HTTPS_PROXY="http://127.0.0.1:1")
    assert ran.counts == {"failed": 1}
    assert LINE in ran.text
    assert suite.run("--entra", test=test, HTTPS_PROXY="http://127.0.0.1:1").passed(1)
    assert suite.run(test=test).passed(1)


def test_workers_that_start_together_make_one_state_directory(suite, tmp_path):
    suite.environment["MOCK_IDP_STATE_DIR"] = str(tmp_path / "new" / "state")
    ran = suite.run("-n", "8", test="""
import pytest, requests
@pytest.mark.parametrize("number", range(16))
def test_it(entra, number, tmp_path_factory):
    keys = requests.get("https://login.microsoftonline.com/common/discovery/v2.0/keys", timeout=20).content
    made = tmp_path_factory.getbasetemp().parent / "keys"
    made.exists() or made.write_bytes(keys)
    assert made.read_bytes() == keys
""")  # fmt: skip
    assert ran.passed(16)


@pytest.mark.parametrize("option", ["", "--entra"])
def test_a_home_that_cannot_be_written_is_told_in_three_lines(suite, option):
    del suite.environment["MOCK_IDP_STATE_DIR"]
    home = {"HOME": "/dev/null", "XDG_STATE_HOME": ""}
    ran = suite.run(*option.split(), test="def test_it(entra): pass\n", **home)
    assert ran.code != 0
    assert "The state directory /dev/null/.local/state/mock-idp cannot be used." in ran.text
    assert "Name another one: --state-dir DIR or MOCK_IDP_STATE_DIR=DIR." in ran.text
    assert "Traceback" not in ran.text
    assert "state.py" not in ran.text
