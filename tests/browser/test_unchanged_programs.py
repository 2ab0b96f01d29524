"""Programs that hard-code Microsoft's hosts, in processes of their own, signed in to from an ordinary browser."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect
from processes import process, wait_for

from mock_idp.applications import next_free

PROGRAMS = Path(__file__).parent / "programs"
MOCK_IDP = [sys.executable, "-m", "mock_idp"]


@pytest.fixture
def webapp_url(tmp_path):
    """``serve``, and both programs started by ``run`` beside it."""
    environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(tmp_path / "state")}
    api_port, web_port = next_free(0), next_free(0)
    with ExitStack() as running:
        serve = running.enter_context(
            process(*MOCK_IDP, "serve", "--port", "0", "--json", "--quiet", stdout=subprocess.PIPE, env=environment)
        )
        assert json.loads(serve.stdout.readline())["front_url"]
        in_programs = {"env": {**environment, "API_URL": f"http://localhost:{api_port}"}, "cwd": PROGRAMS}
        run = [*MOCK_IDP, "run", "--", sys.executable, "-m"]
        api = running.enter_context(process(*run, "uvicorn", "resource:app", "--port", str(api_port), **in_programs))
        web = running.enter_context(
            process(*run, "flask", "--app", "client", "run", "--port", str(web_port), **in_programs)
        )
        wait_for(f"http://127.0.0.1:{api_port}/openapi.json", api)
        wait_for(f"http://127.0.0.1:{web_port}/", web)
        yield f"http://localhost:{web_port}"


def test_flask_with_msal_and_fastapi_run_unchanged_and_a_browser_needs_nothing(page, webapp_url):
    page.goto(webapp_url)
    page.locator("#login").click()
    page.locator("#i0116").fill("grace.hopper@navy.example")
    page.locator("#idSIButton9").click()
    page.locator("#i0118").fill("anything")
    page.locator("#idSIButton9").click()
    expect(page.locator("#name")).to_have_text("Grace Hopper")

    page.locator("#read").click()
    expect(page.locator("#answer")).to_have_text('200 {"read":true}')
    page.goto(f"{webapp_url}/write")
    expect(page.locator("#answer")).to_have_text('200 {"write":true}')
