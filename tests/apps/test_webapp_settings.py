"""What the web app is told before it starts."""

import os
import stat
import subprocess
import sys

import pytest

from webapp.main import create_app
from webapp.settings import Settings, SettingsError

GOOD = {
    "TENANT_ID": "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11",
    "CLIENT_ID": "9b0a4c1e-2f57-4d7a-8f0e-6b1d2c3a4f50",
    "CLIENT_SECRET": "s3cr3t~value.",
    "API_SCOPE_PREFIX": "api://c750c37c-6c67-4211-a9e2-6f035a897cfa",
}


@pytest.fixture
def bare_environment(monkeypatch, tmp_path):
    for name in (*GOOD, "REDIRECT_URI", "API_BASE_URL", "SESSION_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_dotenv(directory, variables):
    (directory / ".env").write_text("".join(f"{name}='{value}'\n" for name, value in variables.items()))


def test_addresses_default_to_this_machine():
    settings = Settings.from_mapping(GOOD)
    assert settings.redirect_uri == "http://localhost:5001/callback"
    assert settings.api_base_url == "http://localhost:8000"
    assert settings.authority == "https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
    assert settings.scope("data.read") == "api://c750c37c-6c67-4211-a9e2-6f035a897cfa/data.read"


def test_a_trailing_slash_in_the_scope_prefix_does_not_double():
    settings = Settings.from_mapping(GOOD | {"API_SCOPE_PREFIX": "api://orders/"})
    assert settings.scope("data.read") == "api://orders/data.read"


def test_a_dotenv_file_in_the_working_directory_is_read_literally(bare_environment):
    write_dotenv(bare_environment, GOOD | {"CLIENT_SECRET": "a${HOME}b"})
    assert Settings.from_environment().client_secret == "a${HOME}b"


def test_the_environment_wins_over_the_dotenv_file_and_is_not_changed_by_it(bare_environment, monkeypatch):
    write_dotenv(bare_environment, GOOD | {"API_BASE_URL": "http://dotenv.example"})
    monkeypatch.setenv("API_BASE_URL", "http://environment.example")
    assert Settings.from_environment().api_base_url == "http://environment.example"
    assert "TENANT_ID" not in os.environ


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_is_named_with_what_it_should_be(name):
    with pytest.raises(SettingsError, match=rf"{name} is missing; it should be \w+"):
        Settings.from_mapping(GOOD | {name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TENANT_ID", "contoso"),
        ("TENANT_ID", "https://login.microsoftonline.com/contoso.com"),
        ("CLIENT_ID", "my-app"),
        ("API_SCOPE_PREFIX", "api://"),
        ("API_SCOPE_PREFIX", "c750c37c-6c67-4211-a9e2-6f035a897cfa"),
        ("REDIRECT_URI", "http://localhost:5001/signin"),
        ("REDIRECT_URI", "http://app.example/callback"),
        ("REDIRECT_URI", "https://app.example/callback?x=1"),
        ("API_BASE_URL", "localhost:8000"),
    ],
)
def test_a_malformed_variable_is_named_with_what_it_should_be(name, value):
    with pytest.raises(SettingsError, match=rf"{name} is not \w+"):
        Settings.from_mapping(GOOD | {name: value})


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:5001/callback", "https://app.example/callback", "https://app.example/desk/callback"]
)
def test_redirect_uris_that_entra_accepts_are_accepted(uri):
    assert Settings.from_mapping(GOOD | {"REDIRECT_URI": uri}).redirect_uri == uri


def test_all_complaints_come_at_once():
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({})
    assert all(name in str(caught.value) for name in GOOD)


def test_the_secret_is_not_printed():
    assert GOOD["CLIENT_SECRET"] not in repr(Settings.from_mapping(GOOD))
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping(GOOD | {"CLIENT_SECRET": "two words"})
    assert "two words" not in str(caught.value)


def test_flask_run_says_what_is_missing_without_a_traceback(bare_environment):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLASK")}
    command = [sys.executable, "-m", "flask", "--app", "webapp.main", "run", "--port", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "TENANT_ID is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_session_directory_is_made_private(tmp_path):
    directory = tmp_path / "sessions"
    create_app(Settings.from_mapping(GOOD | {"SESSION_DIR": str(directory)}))
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_without_a_session_directory_nothing_is_written_to_the_working_directory(bare_environment):
    create_app(Settings.from_mapping(GOOD)).test_client().get("/")
    assert list(bare_environment.iterdir()) == []
