"""The first page works as it is written: its two programs are taken out of it and run."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from harness import Forms

from mock_idp.directory.default import CONTOSO
from mock_idp.runtime.tenants import home_name

SECONDS = 60


@pytest.fixture(scope="module")
def page(docs: Path) -> str:
    return (docs / "getting-started.md").read_text()


def program(page: str, name: str) -> str:
    """The code block below the program's name."""
    return re.search(rf"^`{re.escape(name)}`:\n\n```python\n(.*?)```", page, re.DOTALL | re.MULTILINE)[1]


def free_ports() -> dict[str, str]:
    """Two free ports in place of those of the page, which are taken together so that they differ."""
    with socket.socket() as api, socket.socket() as web:
        for probe in (api, web):
            probe.bind(("127.0.0.1", 0))
        return {"8000": str(api.getsockname()[1]), "5001": str(web.getsockname()[1])}


@contextmanager
def process(*arguments: str, cwd: Path, **options):
    """A command while it runs; it is told to stop as by Ctrl-C."""
    environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(cwd / "state"), "PYTHONUNBUFFERED": "1"}
    running = subprocess.Popen([sys.executable, "-m", "mock_idp", *arguments], cwd=cwd, env=environment, **options)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(SECONDS)


def wait_for(url: str) -> None:
    for _ in range(SECONDS * 20):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{url} does not answer")


@pytest.fixture
def example(page, tmp_path):
    """Both programs behind `mock-idp run`, beside one `mock-idp serve`: (the web app's URL, the journal's file)."""
    journal = tmp_path / "journal.txt"
    with ExitStack() as running:
        told = running.enter_context(journal.open("w"))
        serve = running.enter_context(
            process("serve", "--port", "0", "--json", cwd=tmp_path, stdout=subprocess.PIPE, stderr=told, text=True)
        )
        running.enter_context(serve.stdout)
        assert json.loads(serve.stdout.readline())["front_url"]
        ports = free_ports()  # not before: the server takes any port that is free
        for name in ("api.py", "web.py"):
            code = program(page, name)
            for port, free in ports.items():
                code = code.replace(f"localhost:{port}", f"127.0.0.1:{free}")
            (tmp_path / name).write_text(code)
        output = running.enter_context((tmp_path / "output.txt").open("w"))
        python = ("run", "--", sys.executable, "-m")
        api = ("uvicorn", "api:app", "--port", ports["8000"])
        web = ("flask", "--app", "web", "run", "--port", ports["5001"])
        for command in (api, web):
            running.enter_context(process(*python, *command, cwd=tmp_path, stdout=output, stderr=subprocess.STDOUT))
        for port in ports.values():
            wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{ports['5001']}", journal


def test_the_two_programs_sign_in_read_and_write_as_the_page_says(page, example):
    web_url, journal = example
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=20) as browser:
        sign_in = browser.get(f"{web_url}/login")
        assert sign_in.status_code == 200, sign_in.text
        action, fields, _ = next(form for form in Forms(sign_in.text).found if form[2])
        home = browser.post(sign_in.url.join(action), data={**fields, "tile": "rita@contoso.example"})
        assert "Hello Rita Reader" in home.text
        promised = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
        assert browser.get(f"{web_url}/read").json() == promised
        assert browser.get(f"{web_url}/write").json() == promised
    for line in re.search(r"```text\n(.*?)```", page, re.DOTALL)[1].splitlines():
        assert line in journal.read_text()


def test_what_the_page_promises_of_two_resources_is_what_happens(idp):
    rows = {
        "User.Read api://one/a": 200,
        "https://graph.microsoft.com/User.Read api://one/a": 28000,
        "api://one/a api://two/b": 28000,
        None: 28003,
    }
    tenant, client = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222"
    for scope, expected in rows.items():
        code = idp.code(tenant, client_id=client, scope=scope or "api://one/a api://two/b")
        answer = idp.redeem(code, tenant, client_id=client, client_secret="anything", scope=scope)
        assert (answer.json().get("error_codes") or [answer.status_code])[0] == expected, scope


def test_any_name_and_any_password_sign_in_where_nothing_is_declared(idp):
    tenant, client = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222"
    for typed in ("rita", "sam.smith@example.com"):
        with idp.browser() as browser:
            asked = idp.authorize(browser, tenant, client_id=client)
            named = idp.submit(browser, asked, loginfmt=typed)
            assert idp.submit(browser, named, passwd="anything").status_code == 302


def test_contoso_is_on_the_page_as_it_is_built_in(page):
    section = page.partition("## Contoso")[2].partition("\n## ")[0]
    for user in CONTOSO.users:
        assert f"| `{home_name(user)}` | {user.display_name} | `{user.password}` |" in section
    for app in CONTOSO.applications:
        secrets, redirects = [each.value for each in app.secrets], [uri.uri for uri in app.redirect_uris]
        expected = [app.app_id, *secrets, *app.identifier_uris, *redirects]
        assert [value for value in expected if f"`{value}`" not in section] == []
    assert f"`{CONTOSO.id}`" in section
    disabled = [user.user_principal_name.partition("@")[0] for user in CONTOSO.users if not user.account_enabled]
    assert all(f"`{name}` is disabled" in page for name in disabled)
