"""Measure what the pytest plugin costs: a suite of a thousand tests, loaded but unused, and each fixture.

    uv run python benchmarks/harness.py [--json] [--quick]

The floor is plain pytest with the same app, whose tests present a token that was made beforehand. Prints medians; for
whole processes of processor time, which other programs on the machine hardly change. Quote what stands side by side,
and only from one run.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

GOALS = {
    "1000 tests: on us s": "under 1",
    "loaded, unused ms": "under 5",
    "first fixture ms": "under 300",
    "later fixture ms": "under 0.5",
    "mock-idp token ms": "under 250",
}

APP = '''
"""An API whose keys come from Entra, as any other."""

from functools import cache

import jwt
from flask import Flask, request

app = Flask(__name__)
AUDIENCE = "api://orders"


@cache
def keys():
    return jwt.PyJWKClient("https://login.microsoftonline.com/common/discovery/v2.0/keys", lifespan=3600)


def key_of(token):
    return keys().get_signing_key_from_jwt(token)


@app.get("/orders")
def orders():
    token = request.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, key_of(token), algorithms=["RS256"], audience=AUDIENCE)
    return {"scp": claims["scp"]}
'''

WITH_US = """
import pytest
from app import app

client = app.test_client()


@pytest.mark.parametrize("number", range({tests}))
def test_orders(entra, number):
    token = entra.token("rita", audience="api://orders", scopes=["read"])
    assert client.get("/orders", headers=token.header).json == {{"scp": "read"}}
"""

FLOOR = """
import time

import app
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
claims = {{"aud": app.AUDIENCE, "scp": "read", "exp": int(time.time()) + 3600}}
token = jwt.encode(claims, key, algorithm="RS256", headers={{"kid": "a key"}})
published = {{**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "a key", "use": "sig"}}


class Keys(jwt.PyJWKClient):
    def fetch_data(self):
        self.jwk_set_cache.put({{"keys": [published]}})
        return {{"keys": [published]}}


jwt.PyJWKClient = Keys
client = app.app.test_client()


@pytest.mark.parametrize("number", range({tests}))
def test_orders(number):
    assert client.get("/orders", headers={{"Authorization": f"Bearer {{token}}"}}).json == {{"scp": "read"}}
"""

TIMED = '''
"""Writes down how long the fixtures of a test take, interception included."""

import time
from pathlib import Path

import pytest

spans = []


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    begun = time.perf_counter()
    result = yield
    if fixturedef.argname in ("_mock_idp", "entra"):
        spans.append((fixturedef.argname, time.perf_counter() - begun))
    return result


def pytest_sessionfinish():
    Path("spans.txt").write_text("\\n".join(f"{name} {span}" for name, span in spans))
'''


def run(command: list[str], folder: Path, state: Path) -> float:
    """Processor seconds that a command takes (POSIX)."""
    environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(state), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def pytest(folder: Path, *options: str) -> float:
    """Processor seconds that a pytest process takes."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    return run(command, folder, folder.parent / "state")


OURS = ("-p", "mock_idp.pytest_plugin")
"""Other plugins of this environment are left out, so that little else is measured."""


def suite(base: Path, name: str, **files: str) -> Path:
    """A folder with a suite."""
    folder = base / name
    folder.mkdir()
    for file, text in files.items():
        (folder / f"{file}.py").write_text(text)
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    return folder


def measure_suite(base: Path, tests: int, times: int) -> dict[str, float]:
    """Both suites in turn."""
    ours = suite(base, "ours", app=APP, test_app=WITH_US.format(tests=tests))
    floor = suite(base, "floor", app=APP, test_app=FLOOR.format(tests=tests))
    pytest(ours, *OURS)  # keys and CA are made once
    spent = [(pytest(ours, *OURS), pytest(floor)) for _ in range(times)]
    return {
        "1000 tests s": median(a for a, _ in spent),
        "1000 tests: floor s": median(b for _, b in spent),
        "1000 tests: on us s": median(a - b for a, b in spent),
    }


def measure_fixtures(base: Path, times: int) -> dict[str, float]:
    """The first fixture of a process, server and all, and the ones after it."""
    folder = suite(base, "timed", app=APP, test_app=WITH_US.format(tests=200), conftest=TIMED)
    first, later = [], []
    for _ in range(times):
        pytest(folder, *OURS)
        spans = [line.split() for line in (folder / "spans.txt").read_text().splitlines()]
        mine = [float(span) for name, span in spans if name == "entra"]
        first.append(mine[0] + sum(float(span) for name, span in spans if name != "entra"))
        later += mine[1:]
    return {"first fixture ms": median(first) * 1000, "later fixture ms": median(later) * 1000}


def measure_unused(base: Path, times: int) -> dict[str, float]:
    """One test that asks for nothing, with the plugin and without."""
    folder = suite(base, "unused", test_nothing="def test_nothing(): pass")
    pairs = [(pytest(folder, *OURS), pytest(folder)) for _ in range(times)]
    # the least of each: what is left is noise that only ever adds
    return {"loaded, unused ms": (min(a for a, _ in pairs) - min(b for _, b in pairs)) * 1000}


def measure_command(base: Path, times: int) -> dict[str, float]:
    """``mock-idp token`` with the key of the state directory."""
    command = [sys.executable, "-m", "mock_idp", "token", "rita", "--for", "api://orders"]
    return {"mock-idp token ms": median(run(command, base, base / "state") for _ in range(times)) * 1000}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        base, rounds = Path(directory), 1 if chosen.quick else 5
        figures: dict[str, Any] = measure_suite(base, 1000, rounds)
        figures |= measure_fixtures(base, rounds)
        figures |= measure_unused(base, 3 if chosen.quick else 25)
        figures |= measure_command(base, 3 if chosen.quick else 15)
    if chosen.json:
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; medians\n")
    for name, value in figures.items():
        print(f"{name:32} {value:10.2f}   {GOALS.get(name, '')}".rstrip())


if __name__ == "__main__":
    main()
