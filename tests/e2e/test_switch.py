"""The switch MOCK_IDP_TARGET=entra, as far as it can be watched without a tenant."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from pathlib import Path
from urllib.request import urlopen

import pytest

from mock_idp.applications import next_free
from mock_idp.errors import UserError
from mock_idp.intercept.environment import check_nearest_dotenv

ROOT = Path(__file__).parents[2]
TENANT = {
    "TENANT_ID": "6f2f9c1e-3c58-4d0e-9a0d-1b1f0c9c7a11",
    "CLIENT_ID": "7b1d2c3e-4f50-4a61-8b72-9c83ad94be22",
    "CLIENT_SECRET": "nobodys-secret",
    "API_SCOPE_PREFIX": "api://8c2e3d4f-5061-4b72-9c83-ad94be05cf33",
    "API_CLIENT_ID": "8c2e3d4f-5061-4b72-9c83-ad94be05cf33",
}


class Recorder(socketserver.ThreadingTCPServer):
    """A company's proxy, which writes down where it is asked to connect, and refuses."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Refusal)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Refusal(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.asked.append(self.rfile.readline().split(b" ", 2)[1].decode())
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 403 Nothing leaves this machine\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def company_proxy():
    with Recorder() as recorder:
        threading.Thread(target=recorder.serve_forever, daemon=True).start()
        yield recorder
        recorder.shutdown()


def test_the_demo_leaves_both_applications_to_the_real_hosts(company_proxy):
    ports = ["--api-port", str(next_free(0)), "--webapp-port", str(next_free(0))]
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment = {**clean, **TENANT, "MOCK_IDP_TARGET": "entra", "HTTPS_PROXY": company_proxy.url}
    command = [sys.executable, "-m", "mock_idp", "demo", "--json", *ports]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        found = json.loads(demo.stdout.readline())
        with pytest.raises(OSError, match="502"):
            urlopen(f"{found['webapp']}/login", timeout=20)
    finally:
        demo.terminate()
        told = demo.communicate(timeout=30)[1]
    assert company_proxy.asked[0] == "login.microsoftonline.com:443"
    assert "against the real Entra ID" in told


def test_a_dotenv_that_leads_to_the_mock_is_refused_with_its_line(tmp_path):
    (tmp_path / ".env").write_text("TENANT_ID=x\nHTTPS_PROXY=http://mock-idp:token@127.0.0.1:4711\n")
    (tmp_path / "deeper").mkdir()
    with pytest.raises(UserError, match="line 2 sets HTTPS_PROXY"):
        check_nearest_dotenv(tmp_path / "deeper")


def pytest_with(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    environment.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", "tests/unit", "tests/flows"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_pytest_on_the_real_entra_skips_what_cannot_run_there_and_says_why():
    answer = pytest_with(MOCK_IDP_TARGET="entra", MOCK_IDP_E2E_USER="u", MOCK_IDP_E2E_PASSWORD="p")
    assert "only tests marked e2e can run on the real Entra ID" in answer.stdout
    assert " passed" not in answer.stdout


def test_pytest_on_the_real_entra_without_an_account_names_the_variables():
    answer = pytest_with(MOCK_IDP_TARGET="entra", MOCK_IDP_E2E_USER="")
    assert answer.returncode == 4
    assert "set MOCK_IDP_E2E_USER and MOCK_IDP_E2E_PASSWORD" in answer.stderr


def test_a_switch_that_says_neither_is_refused():
    assert "it may be mock or entra" in pytest_with(MOCK_IDP_TARGET="azure").stderr
