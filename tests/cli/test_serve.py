"""`mock-idp serve`: one for a state directory, found again by who joined it, and gone when told."""

import json
import signal
import socket
import subprocess
import time
from urllib.parse import urlsplit

import httpx
import pytest
import shell
from harness import ANY_CLIENT, REDIRECT, UNDECLARED, Forms, query_of

from mock_idp.server import MAX_HEAD_BYTES


def test_a_second_one_is_refused_and_names_the_first(env, served):
    done = shell.mock_idp("serve", env=env)
    assert done.returncode == 1
    first, second, third = done.stderr.splitlines()
    assert first == "Error: An identity provider runs already with this state directory."
    assert second == f"It is process {served.process.pid}, at {served.told['front_url']}."
    assert "mock-idp run" in third


def test_of_two_that_start_at_once_one_serves(env):
    processes = [
        subprocess.Popen(
            [*shell.MOCK_IDP, "serve", "--port", "0", "--json", "--quiet"],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    until = time.monotonic() + 20
    while all(process.poll() is None for process in processes) and time.monotonic() < until:
        time.sleep(0.02)
    loser, winner = sorted(processes, key=lambda process: process.poll() is None)
    assert "runs already with this state directory" in loser.communicate()[1]
    assert loser.returncode == 1
    assert winner.poll() is None
    winner.terminate()
    assert json.loads(winner.communicate(timeout=20)[0])["front_url"]
    assert winner.returncode == 0


@pytest.mark.parametrize(
    ("options", "variables", "has_nonce"),
    [((), {}, True), (("--no-graph-nonce",), {}, False), ((), {"MOCK_IDP_GRAPH_NONCE": "0"}, False)],
)
def test_the_nonce_of_graph_tokens_can_be_turned_off(env, options, variables, has_nonce):
    env = {**env, **variables}
    with shell.serving(env, "--port", "0", *options):
        done = shell.mock_idp("token", "rita", "--for", "https://graph.microsoft.com", "--json", env=env)
    assert ("nonce" in json.loads(done.stdout)["header"]) == has_nonce


def test_a_taken_port_is_three_lines(env):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = shell.mock_idp("serve", "--port", str(port), env=env)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"Error: The front channel cannot listen on 127.0.0.1:{port}."
    assert "--port 0" in done.stderr.splitlines()[2]
    assert len(done.stderr.splitlines()) == 3


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_next_one_takes_the_same_ports_and_token(env, state_dir, how):
    found = []
    for number in (how, signal.SIGTERM):
        with shell.serving(env) as server:
            found.append(json.loads((state_dir / "v1" / "server.json").read_text()))
            server.stop(number)
    same = ("tls_port", "proxy_port", "proxy_token", "proxy_url")
    assert [found[0][name] for name in same] == [found[1][name] for name in same]
    assert found[0]["instance"] != found[1]["instance"]


def test_the_next_one_may_start_while_the_last_is_stopping(env):
    with shell.serving(env) as first:
        held = socket.create_connection(("127.0.0.1", first.told["tls_port"]), timeout=10)
        first.process.terminate()
        with shell.serving(env) as second:
            assert second.told["tls_port"]
        held.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_and_in_good_order_whatever_is_connected(env, number):
    with shell.serving(env) as server, httpx.Client(trust_env=False) as browser:
        browser.get(server.told["front_url"])  # keeps its connection
        proxy = urlsplit(server.told["proxy"])
        with socket.create_connection((proxy.hostname, proxy.port)) as tunnel:
            tunnel.sendall(b"CONNECT graph.microsoft.com:443 HTTP/1.1\r\n\r\n")
            assert b" 200 " in tunnel.recv(1000)
            start = time.monotonic()
            assert server.stop(number) == 0
            assert time.monotonic() - start < 5
        assert server.process.stderr.read() == "mock-idp stopping\n"


def test_in_the_background_of_a_script_it_can_be_interrupted(env):
    script = f"{' '.join(shell.MOCK_IDP)} serve --port 0 --json --quiet & echo $!; wait $!"
    options = {"env": env, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(["sh", "-c", script], **options) as process:
        ours = int(process.stdout.readline())
        assert json.loads(process.stdout.readline())["front_url"]
        subprocess.run(["kill", "-INT", str(ours)], check=True)
        assert process.wait(20) == 0


def test_the_state_it_leaves_is_the_owners_alone(env, served, state_dir):
    files = {file.name: file.stat().st_mode & 0o777 for file in (state_dir / "v1").iterdir()}
    assert {"ca.json", "keys.json", "server.json", "serve.lock"} <= set(files)
    assert set(files.values()) == {0o600}


def test_a_new_authority_is_told(env, state_dir):
    authority = state_dir / "v1" / "ca.json"
    authority.write_text(json.dumps({**json.loads(authority.read_text()), "hosts": []}))
    done = shell.mock_idp("run", "--port", "0", "--", "true", env=env)
    assert "made a new certificate authority" in done.stderr
    assert "made a new" not in shell.mock_idp("run", "--port", "0", "--", "true", env=env).stderr


@pytest.fixture
def heads(idp):
    """Send bytes to the front channel, and give what comes back."""
    port = urlsplit(idp.front_url).port

    def send(*parts):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            for part in parts:
                client.sendall(part)
            return client.recv(1000)

    return send


def test_a_head_of_more_than_64_kib_is_refused(heads):
    start = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "
    answer = heads(start, b"x" * MAX_HEAD_BYTES)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"mock-idp: the request line and headers have more than 64 KiB" in answer
    assert heads(start + b"x" * 1000 + b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_body_is_not_counted_as_a_head(heads):
    head = b"POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    body = b"a=" + b"x" * (MAX_HEAD_BYTES + 1000)
    assert not heads(head % len(body), body).startswith(b"HTTP/1.1 431 ")


def test_a_request_after_another_on_one_connection_is_counted_anew(heads):
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * (MAX_HEAD_BYTES // 2) + b"\r\n\r\n"
    assert b" 431 " not in heads(request * 4)


@pytest.mark.parametrize(("options", "number"), [((), None), (("--multi-resource-code", "strict"), 28000)])
def test_a_code_for_two_resources_is_redeemed_as_asked(env, options, number):
    scope = "openid User.Read api://c750c37c-6c67-4211-a9e2-6f035a897cfa/data.read"
    asked = {"client_id": ANY_CLIENT, "redirect_uri": REDIRECT, "scope": scope, "response_type": "code"}
    with (
        shell.serving(env, "--port", "0", *options) as server,
        httpx.Client(base_url=server.told["front_url"], trust_env=False) as client,
    ):
        page = client.get(f"/{UNDECLARED}/oauth2/v2.0/authorize", params=asked)
        action, fields, _ = Forms(page.text).found[1]
        code = query_of(client.post(action, data={**fields, "tile": "rita@contoso.example"}))["code"]
        body = {**asked, "grant_type": "authorization_code", "code": code, "client_secret": "any"}
        answer = client.post(f"/{UNDECLARED}/oauth2/v2.0/token", data=body).json()
    assert answer.get("error_codes") == ([number] if number else None)
