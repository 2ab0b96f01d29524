"""Fixtures of the browser tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from harness import API, CONTOSO
from processes import process, wait_for

from mock_idp.applications import next_free
from mock_idp.intercept.browser import arguments, prepare
from mock_idp.intercept.environment import variables


@pytest.fixture
def our_browser(browser_type, chromium_program, idp, tmp_path):
    """What ``mock-idp browser`` starts."""
    profile = str(tmp_path / "profile")
    prepare(Path(profile))
    options = arguments(idp.server.proxy.url, idp.server.authority.spki_sha256, profile, headless=True)
    context = browser_type.launch_persistent_context(
        profile,
        executable_path=chromium_program,
        args=[option for option in options if not option.startswith(("--user-data-dir", "--headless"))],
    )
    yield context
    context.close()


@pytest.fixture
def api_url(idp, state):
    """``api/``, started where Microsoft's hosts are answered by the test's server."""
    port = next_free(0)
    environment = os.environ | variables(idp.server.interception, dict(os.environ), state)
    environment |= {"TENANT_ID": CONTOSO.id, "API_CLIENT_ID": API.app_id, "SWAGGER_CLIENT_ID": API.app_id}
    command = [sys.executable, "-m", "uvicorn", "api.main:app", "--port", str(port)]
    with process(*command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as api:
        wait_for(f"http://127.0.0.1:{port}/healthz", api)
        yield f"http://localhost:{port}"
