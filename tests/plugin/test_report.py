"""What a failing test shows, seen from outside: suites of their own, each in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mock_idp.state import State

KEYS = "https://login.microsoftonline.com/common/discovery/v2.0/keys"


@pytest.fixture
def outcome(tmp_path: Path, state: State):
    """Run a suite of one file with a configuration; what pytest prints."""

    def run(test: str, *options: str, ini: str = "", **files: str) -> str:
        (tmp_path / "test_suite.py").write_text(test)
        (tmp_path / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(state.path), "COLUMNS": "200"}
        for name in ("MOCK_IDP_TARGET", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
            environment.pop(name, None)
        switched_off = [word for name in ("asyncio", "cacheprovider", "randomly") for word in ("-p", f"no:{name}")]
        command = [sys.executable, "-m", "pytest", *switched_off, *options]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return done.stdout + done.stderr

    return run


def counts(printed: str) -> str:
    """The last line, without times."""
    return re.sub(r" in [\d.]+s.*", "", printed.strip().splitlines()[-1]).strip("= ")


def test_a_failure_shows_what_was_asked_and_answered_and_no_secret(outcome):
    printed = outcome("""
import httpx

def test_it(entra):
    url = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
    body = {"grant_type": "client_credentials", "client_id": "3eb0a990-0000-4000-8000-000000003eb0"}
    sent = {**body, "scope": "x/.default", "client_secret": "hunter2-" * 3}
    assert httpx.post(url, data=sent).status_code == 200
""")
    shown = printed.partition("mock-idp: what was asked and answered")[2].partition("short test summary")[0]
    assert "401 POST login.microsoftonline.com/contoso.example/oauth2/v2.0/token" in shown
    assert "AADSTS7000215: Invalid client secret provided." in shown
    assert "hint: The secret (24 characters) is not one of Contoso Web App's (1 registered)." in shown
    assert "hunter2-hunter2" not in shown
    assert counts(printed) == "1 failed"


def test_a_test_that_passes_shows_nothing(outcome):
    printed = outcome(f"import httpx\ndef test_it(entra): httpx.get('{KEYS}')\n", "-rA")
    assert "what was asked" not in printed
    assert counts(printed) == "1 passed"


def test_an_exception_inside_the_server_fails_the_test_with_its_traceback(outcome):
    printed = outcome(f"""
import httpx

def test_it(entra, monkeypatch):
    monkeypatch.setattr("mock_idp.endpoints.discovery.check_tenant", lambda *_: {{}}["broken"])
    assert httpx.get("{KEYS}").status_code == 500
""")
    assert "KeyError: 'broken'" in printed
    assert "keys_v2" in printed
    assert counts(printed) == "1 failed"


def test_it_does_so_when_the_test_fails_of_it(outcome):
    printed = outcome(f"""
import httpx

def test_it(entra, monkeypatch):
    monkeypatch.setattr("mock_idp.endpoints.discovery.check_tenant", lambda *_: {{}}["broken"])
    assert httpx.get("{KEYS}").status_code == 200
""")
    assert "assert 500 == 200" in printed
    assert "FAILED test_suite.py::test_it - KeyError: 'broken'" in printed


def test_an_exception_inside_the_server_while_a_fixture_runs_is_an_error_of_its_test(outcome):
    printed = outcome(f"""
import httpx, pytest

@pytest.fixture
def asked(entra, monkeypatch):
    monkeypatch.setattr("mock_idp.endpoints.discovery.check_tenant", lambda *_: {{}}["broken"])
    httpx.get("{KEYS}")

def test_it(asked): pass
""")
    assert "KeyError: 'broken'" in printed
    assert counts(printed) == "1 error"


def test_a_mistake_ends_the_traceback_in_the_test(outcome):
    printed = outcome("""
def test_it(entra):
    entra.token("rita", tenant="contoso", audience="Contoso Data API", scopes=["data.raed"])
""")
    assert "Did you mean 'data.read'?" in printed
    assert "test_suite.py:3: UserError" in printed
    assert "minting.py" not in printed


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ('entra(usr="walt")', "Did you mean 'user'?"),
        ('entra("walt")', "keywords only"),
        ('entra(at="someday")', "'someday' came"),
        ('entra(directory="no/such.toml")', "no/such.toml"),
    ],
)
def test_a_wrong_marker_is_told_in_a_few_lines(outcome, marker, told):
    printed = outcome(f"import pytest\n@pytest.mark.{marker}\ndef test_it(entra): pass\n")
    assert told in printed
    assert "Traceback" not in printed
    assert "pytest_plugin.py" not in printed
    assert counts(printed) == "1 error"


def test_a_wrong_setting_is_told_in_a_few_lines(outcome):
    printed = outcome("""
import pytest

@pytest.fixture(scope="session")
def entra_settings():
    return {"tennant": "x"}

def test_it(entra): pass
""")
    assert "Did you mean 'tenant'?" in printed
    assert "pytest_plugin.py" not in printed


ASKS_AT_IMPORT = f"import urllib.request\nkeys = urllib.request.urlopen('{KEYS}', timeout=5).read()\n"


def test_an_app_that_asks_while_it_is_imported_is_told_of_the_line(outcome):
    test = "import app\ndef test_it(entra): pass\n"
    printed = outcome(test, app=ASKS_AT_IMPORT, ini="")
    assert "mock_idp = true" in printed
    assert "login.microsoftonline.com was asked while the module was imported" in printed
    assert counts(outcome(test, ini="mock_idp = true", app=ASKS_AT_IMPORT)) == "1 passed"
    assert counts(outcome(test, "--entra", app=ASKS_AT_IMPORT)) == "1 passed"


def test_so_is_a_conftest(outcome):
    printed = outcome("def test_it(entra): pass\n", conftest="import app\n", app=ASKS_AT_IMPORT, ini="pythonpath = .")
    assert "mock_idp = true" in printed
    with_the_line = "pythonpath = .\nmock_idp = true"
    assert (
        counts(outcome("def test_it(entra): pass\n", conftest="import app\n", app=ASKS_AT_IMPORT, ini=with_the_line))
        == "1 passed"
    )


def test_a_client_built_at_import_trusts_the_mock(outcome):
    app = "import httpx\nclient = httpx.Client()\n"
    test = f"import app\ndef test_it(entra): assert app.client.get('{KEYS}').status_code == 200\n"
    assert counts(outcome(test, app=app)) == "1 passed"


def test_on_the_real_entra_such_tests_are_skipped_with_the_reason(outcome, monkeypatch):
    monkeypatch.setenv("MOCK_IDP_TARGET", "entra")
    test = "def test_it(entra): pass\ndef test_other(): pass\n"
    # the runner takes the variable out, as a CI's shell would not have it
    printed = outcome(f"import os\nos.environ['MOCK_IDP_TARGET'] = 'entra'\n{test}", "-rs")
    assert "MOCK_IDP_TARGET=entra" in printed
    assert counts(printed) == "1 passed, 1 skipped"


def test_the_help_names_the_line_and_the_option(outcome):
    printed = outcome("", "--help")
    assert "--entra" in printed
    assert "mock_idp (bool)" in printed
    assert "@pytest.mark.entra(user=, at=, directory=)" in outcome("", "--markers")
