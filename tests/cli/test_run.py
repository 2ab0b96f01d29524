"""`mock-idp run`: joins or starts, is as if it were not there, and gets out of the way."""

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import needs
import pytest
import shell
import strangers
from proxies import Recorder

from mock_idp.intercept.proxy import GONE
from mock_idp.server import DEFAULT_PORT

GET = "import sys, requests; print(requests.get(sys.argv[1], timeout=20).text)"
DISCOVERY = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
PROBE = """
import json, os, signal, sys, time
got = []
for name in sys.argv[1:]:
    signal.signal(getattr(signal, name), lambda number, _: got.append(number))
print("ready", flush=True)
until = time.monotonic() + 20
while not got and time.monotonic() < until:
    time.sleep(0.01)
time.sleep(0.3)
print(json.dumps(got), flush=True)
sys.exit(40 + len(got))
"""


ASKS_AGAIN = """
import subprocess, sys, requests
curl, url = sys.argv[1:]
print("ready", flush=True)
for _ in sys.stdin:
    try:
        print(requests.get(url, timeout=20).status_code, flush=True)
    except requests.RequestException as error:
        print(error, flush=True)
    done = subprocess.run([curl, "-svo", "/dev/null", url], stderr=subprocess.PIPE)
    print(done.stderr, flush=True)
"""


def run(env, *command, options=(), **more):
    return shell.mock_idp("run", *(options or ("--port", "0")), "--", *command, env=env, **more)


def started(env, *command, **more):
    """A `run` that goes on, its child ready."""
    process = subprocess.Popen(
        [*shell.MOCK_IDP, "run", "--port", "0", "--", *command],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process):
    """What it went on to print, and its exit code."""
    out = process.stdout.read()
    return out, process.wait(20)


def test_it_starts_a_server_for_the_commands_life_and_says_so(env):
    done = run(env, sys.executable, "-c", GET, DISCOVERY)
    front = json.loads(done.stdout)["authorization_endpoint"].partition("/common")[0]
    assert done.stderr.strip() == f"mock-idp started an identity provider for this command at {front}"
    assert done.returncode == 0


def test_it_joins_the_server_that_runs_and_says_so(env, served):
    done = run(env, sys.executable, "-c", GET, DISCOVERY)
    assert json.loads(done.stdout)["authorization_endpoint"].startswith(served.told["front_url"])
    expected = f"mock-idp joined the identity provider of process {served.process.pid} at {served.told['front_url']}"
    assert done.stderr.splitlines() == [
        expected,
        "mock-idp --port had no effect: that server was started with its own",  # the tests ask for a free one
    ]


def test_a_taken_port_is_told_and_a_free_one_found(env):
    with socket.socket() as holder:
        with contextlib.suppress(OSError):  # whoever holds it already does as well
            holder.bind(("127.0.0.1", DEFAULT_PORT))
            holder.listen()
        without_port = {name: value for name, value in env.items() if name != "MOCK_IDP_PORT"}
        command = [*shell.MOCK_IDP, "run", "--", sys.executable, "-c", ""]
        done = subprocess.run(command, env=without_port, capture_output=True, text=True, timeout=60, check=True)
    assert f"port {DEFAULT_PORT} is taken, so the front channel gets a free one" in done.stderr


def test_it_waits_for_a_server_that_just_starts(env):
    command = [*shell.MOCK_IDP, "serve", "--port", "0", "--json", "--quiet"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        lock = Path(env["MOCK_IDP_STATE_DIR"]) / "v1" / "serve.lock"
        while not lock.exists() and server.poll() is None:
            time.sleep(0.001)
        done = run(env, "true")
        server.terminate()
        server.communicate(timeout=20)
    assert f"joined the identity provider of process {server.pid}" in done.stderr


@pytest.mark.parametrize(
    ("change", "serves"),
    [
        ({"version": "0.0.0"}, "version 0.0.0"),
        ({"directory": "another"}, "another directory"),
        ({"directory": "another", "directory_file": "/x.toml"}, "/x.toml, not the built-in one"),
    ],
)
def test_it_does_not_join_another_version_or_directory(env, served, state_dir, change, serves):
    file = state_dir / "v1" / "server.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    done = run(env, "true")
    assert f"process {served.process.pid} serves {serves}, so this command does not join it" in done.stderr
    assert "started an identity provider for this command" in done.stderr


@pytest.mark.parametrize("damage", ["", "{", "{}", '{"pid": "x"}', None])
def test_what_a_dead_server_left_is_no_server(env, state_dir, damage):
    with shell.serving(env) as server:
        server.process.kill()
        server.process.wait(10)
    if damage is not None:
        (state_dir / "v1" / "server.json").write_text(damage)
    done = run(env, "true")
    assert "started an identity provider for this command" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 3", 3), ("kill $$", 143), ("kill -9 $$", 137)])
def test_the_exit_code_is_the_commands(env, script, code):
    assert run(env, "sh", "-c", script).returncode == code


def test_standard_streams_are_the_commands(env):
    done = run(env, "cat", input="through")
    assert done.stdout == "through"


@pytest.mark.parametrize(
    ("command", "ends"),
    [
        ("no-such-command", (127, "no such file or directory.")),
        ("./missing", (127, "no such file or directory.")),
        ("./plain", (126, "permission denied.")),
    ],
)
@pytest.mark.parametrize("target", ["mock", "entra"])
def test_a_command_that_cannot_be_started_is_three_lines(env, tmp_path, command, ends, target):
    (tmp_path / "plain").touch(0o600)
    done = run({**env, "MOCK_IDP_TARGET": target}, command, cwd=tmp_path)
    told = done.stderr.splitlines()[1:]
    assert len(told) == 3
    assert told[0] == f"Error: '{command}' cannot be started."
    assert (done.returncode, told[1].rpartition(": ")[2]) == ends


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT"])
def test_signals_are_passed_on_once(env, served, name):
    with started(env, sys.executable, "-c", PROBE, name, start_new_session=True) as process:
        process.send_signal(getattr(signal, name))
        out, code = ended(process)
    assert (json.loads(out), code) == ([getattr(signal, name)], 41)


def test_a_signal_that_ends_the_command_ends_it_as_it_would_without_us(env, served):
    with started(env, "sh", "-c", "echo ready; exec sleep 60") as process:
        process.terminate()
        assert ended(process)[1] == 128 + signal.SIGTERM


def test_in_the_background_of_a_script_it_can_be_interrupted(env, served, tmp_path):
    (tmp_path / "probe.py").write_text(PROBE)
    script = f"{' '.join(shell.MOCK_IDP)} run -- {sys.executable} probe.py SIGINT & echo $!; wait $!"
    with subprocess.Popen(["sh", "-c", script], env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        ours = int(process.stdout.readline())
        assert process.stdout.readline() == "ready\n"
        os.kill(ours, signal.SIGINT)
        assert json.loads(ended(process)[0]) == [signal.SIGINT]


def test_a_hang_up_that_nohup_had_ignored_stays_ignored(env, served):
    asks = "import signal; print('ready'); print(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN)"
    command = ["nohup", *shell.MOCK_IDP, "run", "--", sys.executable, "-c", asks]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "ready\nTrue\n"


@pytest.mark.parametrize("stdin", ["", "< /dev/null"])
def test_ctrl_c_reaches_the_command_exactly_once(env, served, tmp_path, stdin):
    (tmp_path / "probe.py").write_text(PROBE)
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(tmp_path)
        line = f"exec {' '.join(shell.MOCK_IDP)} run -- {sys.executable} probe.py SIGINT {stdin}"
        os.execvpe("sh", ["sh", "-c", line], env)
    told = b""
    while b"ready" not in told:
        told += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while b"]" not in told:
        told += os.read(terminal, 1000)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert f"[{int(signal.SIGINT)}]".encode() in told
    assert os.waitstatus_to_exitcode(status) == 41


def test_once_a_joined_server_is_gone_requests_and_curl_show_why_and_a_new_one_is_found_again(env, tmp_path):
    curl = needs.program("curl", package="curl")
    (tmp_path / "ask.py").write_text(ASKS_AGAIN)

    def asked(process):
        process.stdin.write("\n")
        process.stdin.flush()
        return process.stdout.readline(), process.stdout.readline()

    asks = [sys.executable, tmp_path / "ask.py", curl, DISCOVERY]
    with shell.serving(env) as server, started(env, *asks, stdin=subprocess.PIPE) as process:
        assert asked(process)[0] == "200\n"
        server.stop()
        for told in asked(process):
            assert f"502 mock-idp: {GONE}" in told.replace("\\'", "'")
        with shell.serving(env):
            assert asked(process)[0] == "200\n"
        process.stdin.close()
        story = process.stderr.read()
    assert story.count(f"mock-idp {GONE}") == 1


@pytest.fixture
def stranger(tmp_path):
    """A company's proxy in front of the company's site, and the file with its authority."""
    issuer = strangers.authority()
    (tmp_path / "corp.pem").write_text(issuer.pem())
    pem = strangers.leaf(issuer, strangers.x509.DNSName("site.corp.test"))
    with strangers.site(pem, tmp_path) as address, Recorder(address) as company:
        yield company


CLIENTS = {
    "requests": [sys.executable, "-c", GET],
    "httpx": [sys.executable, "-c", "import sys, httpx; print(httpx.get(sys.argv[1]).text)"],
    "urllib": [sys.executable, "-c", "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"],
    "curl": ["curl", "-sS"],
}


@pytest.mark.parametrize("client", CLIENTS)
def test_other_hosts_are_reached_and_trusted_as_before(env, served, stranger, tmp_path, client):
    if client == "curl":
        needs.program("curl", package="curl")
    corporate = {"HTTPS_PROXY": stranger.url, "SSL_CERT_FILE": str(tmp_path / "corp.pem")}
    done = run({**env, **corporate}, *CLIENTS[client], "https://site.corp.test/")
    assert done.stdout.strip() == "hello from a stranger", done.stderr
    assert stranger.asked == ["site.corp.test:443"]


def test_offline_other_hosts_are_refused_by_name(env, served):
    done = run(env, sys.executable, "-c", GET, "https://site.corp.test/", options=["--offline"])
    assert "403 mock-idp: site.corp.test is not emulated and --offline forbids the rest" in done.stderr


PRINTS = "import json, os; print(json.dumps({**os.environ, 'LC_CTYPE': ''}))"  # Python sets that one by itself


def test_on_real_entra_none_of_our_variables_is_set_and_those_of_an_eval_are_gone(env, served):
    corporate = {**env, "HTTPS_PROXY": "http://corp.test:3128", "NO_PROXY": "*", "PYTHONPATH": "", "LC_CTYPE": ""}
    evaluated = corporate | json.loads(shell.mock_idp("env", "--format", "json", env=corporate).stdout)
    assert evaluated["HTTPS_PROXY"].startswith("http://mock-idp:")
    real = {"MOCK_IDP_TARGET": "entra"}
    for before in (corporate, evaluated):
        done = run({**before, **real}, sys.executable, "-c", PRINTS)
        assert json.loads(done.stdout) == corporate | real
        assert "real Entra ID, with none of our variables set" in done.stderr


def test_on_real_entra_the_command_takes_our_place(env):
    done = run({**env, "MOCK_IDP_TARGET": "entra"}, "sh", "-c", "exit 3")
    assert done.returncode == 3
    assert not (Path(env["MOCK_IDP_STATE_DIR"]) / "v1" / "server.json").exists()


def test_on_real_entra_a_polluted_dotenv_is_refused_naming_the_line(env, served, tmp_path):
    below = tmp_path / "package"
    below.mkdir()
    ours = shell.mock_idp("env", "--format", "dotenv", env=env).stdout
    (tmp_path / ".env").write_text(f"TENANT_ID=x\n{ours}")
    done = run({**env, "MOCK_IDP_TARGET": "entra"}, "true", cwd=below)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"Error: {tmp_path / '.env'} would lead this command to the mock."
    assert "line 2 sets" in done.stderr


@pytest.mark.parametrize("command", [["run", "--", "true"], ["env"]])
def test_a_switch_that_says_neither_is_refused(env, command):
    done = shell.mock_idp(*command, env={**env, "MOCK_IDP_TARGET": "real"})
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 3)
    assert "may be mock or entra" in done.stderr


LOOKS_UP = "import socket; print(socket.getaddrinfo('graph.microsoft.com', 443)[0][4][0])"


def test_a_sitecustomize_that_ours_hides_is_run_and_is_the_one_that_can_be_imported(env, served, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nHIDDEN = 'no longer'\nsys.stderr.write('hidden ')")
    asks = f"import sitecustomize; print(sitecustomize.HIDDEN, end=' '); {LOOKS_UP}"
    done = run({**env, "PYTHONPATH": str(tmp_path)}, sys.executable, "-c", asks)
    assert done.stdout == "no longer 127.0.0.1\n"
    assert done.stderr.count("hidden ") == 2  # in our own interpreter, and in the command's


def test_a_sitecustomize_that_fails_does_not_keep_names_from_leading_to_us(env, served, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("raise RuntimeError('theirs')")
    done = run({**env, "PYTHONPATH": str(tmp_path)}, sys.executable, "-c", LOOKS_UP)
    assert done.stdout == "127.0.0.1\n"
    assert "RuntimeError: theirs" in done.stderr


@pytest.mark.parametrize(("flag", "mapped"), [("-s", True), ("-I", False), ("-E", False), ("-S", False)])
def test_isolated_interpreters_reach_us_by_the_proxy_only(env, served, flag, mapped):
    fetch = f"from urllib.request import urlopen; print(urlopen('{DISCOVERY}').status, end=' ')"
    asks = "import socket; print('mock_idp' in socket.getaddrinfo.__module__)"
    done = run(env, sys.executable, flag, "-c", f"{fetch}; {asks}")
    assert done.stdout == f"200 {mapped}\n"


def test_children_of_children_are_led_to_us(env, served):
    nested = "import subprocess, sys; subprocess.run(['sh', '-c', 'exec \"$@\"', 'sh', *sys.argv[1:]], check=True)"
    done = run(env, sys.executable, "-c", nested, sys.executable, "-c", LOOKS_UP)
    assert done.stdout == "127.0.0.1\n"


def test_a_run_within_a_run_is_led_to_the_inner_one(env, served):
    inner = [*shell.MOCK_IDP, "run", "--port", "0", "--state-dir", env["MOCK_IDP_STATE_DIR"] + "-inner", "--"]
    done = run(env, *inner, sys.executable, "-c", GET, DISCOVERY)
    assert not json.loads(done.stdout)["authorization_endpoint"].startswith(served.told["front_url"])
    assert "joined the identity provider" in done.stderr
    assert "started an identity provider" in done.stderr


@pytest.mark.parametrize("command", [["run", "--", "true"], ["serve"], ["env"], ["clean"]])
@pytest.mark.parametrize("place", ["/proc/mock-idp", "{file}/below"])
def test_a_state_directory_that_cannot_be_used_is_three_lines(env, tmp_path, command, place):
    (tmp_path / "file").touch()
    done = shell.mock_idp(*command, env={**env, "MOCK_IDP_STATE_DIR": place.format(file=tmp_path / "file")})
    if command == ["clean"]:
        assert (done.returncode, "nothing to remove" in done.stdout) == (0, True)
    else:
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 3)
        assert "cannot be used" in done.stderr
