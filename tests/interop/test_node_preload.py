"""The start-up preload of Node children: each way to a socket, and nothing for hosts that are not ours."""

import os
import shutil
import socket
import subprocess

import needs
import pytest

from mock_idp.facts.hosts import patterns
from mock_idp.intercept import environment


@pytest.fixture
def node(tmp_path):
    """Run a script in Node with emulated names leading to a port; what it printed, and whether that port was asked."""
    program = needs.program("node", package="nodejs")
    folder = tmp_path / "a folder" / "mock_idp" / "intercept" / "preload"
    folder.mkdir(parents=True)
    preload = shutil.copy(environment.PRELOAD / "preload.cjs", folder)

    def run(script):
        with socket.create_server(("127.0.0.1", 0)) as ours:
            ours.settimeout(0)
            values = {
                "PATH": os.environ["PATH"],
                "NODE_OPTIONS": f"--require {environment._node_quoted(str(preload))}",
                environment.CONNECT: f"127.0.0.1:{ours.getsockname()[1]}",
                environment.HOSTS: ",".join(patterns()),
            }
            done = subprocess.run(
                [program, "-e", script], env=values, capture_output=True, text=True, timeout=30, check=True
            )
            try:
                ours.accept()[0].close()
            except BlockingIOError:
                return done.stdout, False
            return done.stdout, True

    return run


@pytest.mark.parametrize(
    "connection",
    [
        "net.connect(443, 'login.microsoftonline.com')",
        "net.connect({ host: 'LOGIN.microsoftonline.com.', port: '443' })",
        "net.createConnection(443, 'eu.login.microsoft.com')",
        "new net.Socket().connect(443, 'graph.microsoft.com')",
        "new net.Socket().connect({ host: 'graph.microsoft.com', port: 443 })",
    ],
)
def test_every_way_to_a_socket_leads_to_us(node, connection):
    script = f"const net = require('net'); const socket = {connection}; socket.on('connect', () => socket.destroy())"
    assert node(script) == ("", True)


@pytest.mark.parametrize(
    "connection",
    [
        "require('net').connect(8443, 'graph.microsoft.com')",
        "require('https').get('https://graph.microsoft.com:8443/')",
    ],
)
def test_another_port_is_an_error_of_the_connection(node, connection):
    script = f"{connection}.on('error', (error) => console.log(error.message))"
    assert node(script) == ("mock-idp emulates graph.microsoft.com on port 443 only\n", False)


def test_other_hosts_are_as_before(node):
    script = "require('net').connect(1, '127.0.0.1').on('error', (error) => console.log(error.code))"
    assert node(script) == ("ECONNREFUSED\n", False)


def test_worker_threads_are_led_to_us_too(node):
    inner = "require('net').connect(443, 'graph.microsoft.com').on('connect', () => process.exit())"
    script = f"new (require('worker_threads').Worker)({inner!r}, {{ eval: true }})"
    assert node(script) == ("", True)
