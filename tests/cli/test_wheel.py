"""The built wheel in a bare virtual environment. Needs package indexes, so .ci/run calls it by its marker."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.network


def run(*command: object, **options) -> subprocess.CompletedProcess[str]:
    parts = [str(part) for part in command]
    return subprocess.run(parts, text=True, capture_output=True, timeout=300, check=False, **options)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built from the sources as they stand, with a developer's secrets lying about."""
    out = tmp_path_factory.mktemp("wheel")
    source = out / "source"
    files = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout.split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    for app in ("api", "webapp"):
        (source / app / ".env").write_text("CLIENT_SECRET=mine\n")
    built = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", out, source)
    if built.returncode:  # an environment made by uv has no pip
        built = run("uv", "build", "-q", "--wheel", "-o", out, source)
    assert built.returncode == 0, built.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory, wheel) -> Path:
    """A virtual environment with nothing but the wheel, and its ``mock-idp``."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    installed = run(python, "-m", "pip", "install", "-q", wheel)
    assert installed.returncode == 0, installed.stderr
    return python


def test_the_wheel_carries_pages_preloads_and_applications_but_no_secret(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for expected in ("pages/sign_in.html", "intercept/preload/preload.cjs", "facts/openid_v2.json", "py.typed",
                     "_apps/api/main.py", "_apps/webapp/templates/base.html", "_apps/webapp/.env.example"):  # fmt: skip
        assert f"mock_idp/{expected}" in names
    assert not [name for name in names if name.endswith(("/.env", ".pem", ".key"))]
    assert not [name for name in names if name.startswith(("api/", "webapp/", "tests/"))]


def test_without_the_extra_the_demo_says_what_to_install(bare, tmp_path):
    answer = run(bare, "-m", "mock_idp", "demo", "--check", cwd=tmp_path)
    assert answer.returncode == 1
    assert "pip install 'mock-entra-idp[demo]'" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_run_answers_microsofts_hosts_from_the_bare_wheel(bare, tmp_path):
    program = (
        "import urllib.request as r; print(r.urlopen('https://login.microsoftonline.com/common/discovery/keys').status)"
    )
    environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(tmp_path / "state"), "MOCK_IDP_PORT": "0"}
    answer = run(bare, "-m", "mock_idp", "run", "--", bare, "-c", program, cwd=tmp_path, env=environment)
    assert (answer.returncode, answer.stdout.strip()) == (0, "200"), answer.stderr


def test_with_the_extra_the_demo_proves_that_all_is_well(bare, wheel, tmp_path):
    installed = run(bare, "-m", "pip", "install", "-q", f"{wheel}[demo]")
    assert installed.returncode == 0, installed.stderr
    environment = {**os.environ, "MOCK_IDP_STATE_DIR": str(tmp_path / "state")}
    ports = ["--port", "0", "--api-port", "0", "--webapp-port", "0"]
    answer = run(bare, "-m", "mock_idp", "demo", "--check", *ports, cwd=tmp_path, env=environment)
    assert answer.returncode == 0, answer.stderr
    assert "all is well" in answer.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state"]


def test_the_wheel_is_typed(bare, wheel, tmp_path):
    (tmp_path / "typed.py").write_text("from mock_idp.errors import EntraError\nreveal_type(EntraError)\n")
    checked = run(sys.executable, "-m", "mypy", "--python-executable", bare, "typed.py", cwd=tmp_path)
    assert "def (number: int" in checked.stdout
