"""What a start must not cost: heavy packages are imported when they are first needed."""

import subprocess
import sys

import pytest

HEAVY = ("cryptography", "jinja2", "jwt", "fastapi", "pydantic", "starlette.testclient", "httpx", "requests")

BUILD = """
import sys
from pathlib import Path
import mock_idp.server
from mock_idp.app import App
from mock_idp.directory.default import DIRECTORY
from mock_idp.endpoints import Entra
from mock_idp.runtime import Runtime
from mock_idp.runtime.settings import Settings
from mock_idp.state import State
from mock_idp.tokens.keys import Keyring

app = App(Entra(Runtime(DIRECTORY, Settings()), Keyring.load(State(Path(sys.argv[1])))))
"""

ASK = """
import asyncio

def get(path):
    sent = []
    async def send(message):
        sent.append(message)
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("127.0.0.1", 1),
             "client": ("127.0.0.1", 2), "headers": [(b"host", b"127.0.0.1")]}
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 200, sent

get("/common/v2.0/.well-known/openid-configuration")
get("/common/discovery/v2.0/keys")
get("/_mock/health")
"""


@pytest.fixture
def keys(state):
    """A state directory whose keys are made already."""
    from mock_idp.tokens.keys import Keyring

    Keyring.load(state)
    return state.path


@pytest.mark.parametrize("program", [BUILD, BUILD + ASK], ids=["built", "first documents served"])
def test_nothing_heavy_is_imported_to_start_and_to_answer_discovery(keys, program):
    show = f"print(*[name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}\n{show}", str(keys)], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.split() == []
