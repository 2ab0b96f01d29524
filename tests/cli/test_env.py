"""`mock-idp env`: what is evaluated can be taken back, exactly."""

import json
import subprocess
import sys

import pytest
import shell
from dotenv import dotenv_values

STRANGE = 'it\'s "quoted" $HOME `x` \\ and\nhas a second line'
SHELLS = {
    "nothing": {},
    "a company's": {"HTTPS_PROXY": "http://corp.test:3128", "NO_PROXY": "corp.test", "SSL_CERT_FILE": "/etc/corp.pem"},
    "empty values": {"HTTPS_PROXY": "", "no_proxy": "", "PYTHONPATH": "", "NODE_OPTIONS": ""},
    "strange values": dict.fromkeys(["NO_PROXY", "REQUESTS_CA_BUNDLE", "PYTHONPATH", "NODE_OPTIONS"], STRANGE),
    "everything off": {"NO_PROXY": "*", "HTTP_PROXY": "http://corp.test:3128", "all_proxy": "socks5://corp.test"},
}
ENV = f'eval "$({" ".join(shell.MOCK_IDP)} env)"'
UNSET = f'eval "$({" ".join(shell.MOCK_IDP)} env --unset)"'


def environment_after(script, env):
    """What `sh` has set after a script; it sets some by itself."""
    done = subprocess.run(["sh", "-c", f"{script}\nenv -0"], env=env, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    found = dict(line.split("=", 1) for line in done.stdout.decode().split("\0") if line)
    return {name: value for name, value in found.items() if name not in ("PWD", "OLDPWD", "SHLVL", "_")}


@pytest.mark.parametrize("before", SHELLS.values(), ids=SHELLS)
@pytest.mark.parametrize("evaluated", [ENV, f"{ENV}; {ENV}"], ids=["once", "twice"])
def test_unset_restores_the_shell_exactly(env, served, before, evaluated):
    original = environment_after("true", env | before)
    during = environment_after(evaluated, env | before)
    assert during["HTTPS_PROXY"].startswith("http://mock-idp:")
    assert environment_after(f"{evaluated}; {UNSET}", env | before) == original


def test_a_program_in_that_shell_reaches_us(env, served):
    document = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
    words = [sys.executable, "-c", f"import requests; print(requests.get('{document}').text)"]
    done = subprocess.run(
        ["sh", "-c", f'{ENV}; "$@"', "sh", *words], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout)["authorization_endpoint"].startswith(served.told["front_url"])


def test_the_formats_say_the_same(env, served, tmp_path):
    values = json.loads(shell.mock_idp("env", "--format", "json", env=env).stdout)
    (tmp_path / "ide.env").write_text(shell.mock_idp("env", "--format", "dotenv", env=env).stdout)
    assert dict(dotenv_values(tmp_path / "ide.env", interpolate=False)) == values
    powershell = shell.mock_idp("env", "--format", "powershell", env=env).stdout.splitlines()
    assert [line.split(" = ")[0] for line in powershell] == [f"$Env:{name}" for name in values]


def test_without_a_server_it_says_how_to_start_one(env):
    done = shell.mock_idp("env", env=env)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 3)
    assert "mock-idp serve" in done.stderr


@pytest.mark.parametrize(("style", "printed"), [("sh", ""), ("json", "{}\n")])
def test_where_nothing_is_set_there_is_nothing_to_unset(env, style, printed):
    done = shell.mock_idp("env", "--unset", "--format", style, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, printed, "")


def test_on_real_entra_it_takes_back_instead(env, served):
    evaluated = env | json.loads(shell.mock_idp("env", "--format", "json", env=env).stdout)
    done = shell.mock_idp("env", env={**evaluated, "MOCK_IDP_TARGET": "entra"})
    assert "unset HTTPS_PROXY" in done.stdout.splitlines()
    assert "export" not in done.stdout
    assert "putting everything back" in done.stderr
