"""`mock-idp demo` as a real process. Its applications in a browser are in tests/e2e."""

import json
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
import shell

from mock_idp.applications import is_free, next_free

ANY_PORTS = ("--port", "0", "--api-port", "0", "--webapp-port", "0")


@contextmanager
def demo(env, *options):
    command = [*shell.MOCK_IDP, "demo", "--json", *(options or ANY_PORTS)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=30)


def test_check_proves_that_all_is_well_and_tells_each_step(env, tmp_path):
    done = shell.mock_idp("demo", "--check", "--json", *ANY_PORTS, env=env, cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (0, True), done.stderr
    assert told["steps"][-1] == "all is well: signed in, read and wrote"
    assert any("/oauth2/v2.0/authorize" in step for step in told["steps"])
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_taken_ports_are_told_and_the_next_free_ones_found(env):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        options = ("--port", "0", "--api-port", str(taken), "--webapp-port", "0")
        done = shell.mock_idp("demo", "--check", *options, env=env)
    assert done.returncode == 0, done.stderr
    assert f"port {taken} is taken, so api gets " in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_and_leaves_no_process_and_no_port(env, number):
    with demo(env) as process:
        addresses = json.loads(process.stdout.readline())
        process.send_signal(number)
        assert process.wait(30) == 0
    ports = [urlsplit(addresses[name]).port for name in ("webapp", "api", "front_url")]
    assert [port for port in ports if not is_free(port)] == []


@pytest.mark.parametrize("seconds", [0.3, 0.7, 1.1])
def test_ctrl_c_while_it_begins_stops_it_without_a_traceback(env, seconds):
    with demo(env) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    if process.returncode == -signal.SIGINT:  # the interpreter itself was still beginning
        return
    assert process.returncode in (0, 130) or "Aborted!" in told
    assert "Traceback" not in told


def test_it_proves_itself_also_before_a_server_whose_front_channel_is_microsofts_names(env):
    with shell.serving(env, "--port", "0", "--front-channel", "real"):
        done = shell.mock_idp("demo", "--check", "--api-port", "0", "--webapp-port", "0", env=env)
    assert done.returncode == 0, done.stderr
    assert "joined the identity provider" in done.stderr
    assert "https://login.microsoftonline.com/" in done.stderr


def test_run_joins_a_demo(env):
    with demo(env) as process:
        process.stdout.readline()
        done = shell.mock_idp("run", "--", "true", env=env)
    assert "joined the identity provider" in done.stderr


class Impostor(BaseHTTPRequestHandler):
    """Answers the web app's health check and nothing else as it should."""

    def do_GET(self):
        self.send_response(418)
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


def test_a_proof_that_fails_says_where_and_exits_with_1(env):
    with HTTPServer(("127.0.0.1", next_free(0)), Impostor) as impostor:
        Thread(target=impostor.serve_forever, daemon=True).start()
        done = subprocess.run(
            [*shell.MOCK_IDP[:1], "-c", BROKEN, f"http://localhost:{impostor.server_port}"],
            env=env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        impostor.shutdown()
    assert done.returncode == 1, done.stderr
    assert f"FAILED at http://localhost:{impostor.server_port}/" in done.stderr
    assert "Traceback" not in done.stderr


BROKEN = """
import sys
from contextlib import asynccontextmanager
from mock_idp.applications import Ports
from mock_idp.cli import demo, main

port = int(sys.argv[1].rpartition(":")[2])

@asynccontextmanager
async def running(*_, **__):
    yield Ports(api=1, webapp=port)

demo.running = running
sys.argv = ["mock-idp", "demo", "--check", "--port", "0"]
main()
"""
