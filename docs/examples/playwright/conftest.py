"""The app, running, and the browser to use."""

import shutil
from threading import Thread

import pytest
from werkzeug.serving import make_server

from app import app


@pytest.fixture
def url(entra, monkeypatch):
    """Where the app is. It is configured as ever: in this tenant, any client and any secret will do."""
    monkeypatch.setenv("TENANT_ID", entra.tenant)
    monkeypatch.setenv("CLIENT_ID", "5b0c9f3e-8a51-4d7e-9f07-3d1c6a7be2d4")
    monkeypatch.setenv("CLIENT_SECRET", "any secret")
    server = make_server("localhost", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium where there is one; else Playwright's own (`playwright install chromium`)."""
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium")}
