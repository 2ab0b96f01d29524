"""Each example works as its README says, and all of them have the same shape."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import needs
import pytest
import shell

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(readme.parent for readme in ROOT.glob("docs/examples/*/README.md"))
LOCKS = sorted(ROOT.glob("docs/examples/*/package-lock.json"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

MAKE, INSTALL, TEST = "python -m venv .venv", ".venv/bin/pip install ../../.. -r requirements.txt", ".venv/bin/pytest"

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def commands(example: Path) -> list[str]:
    """The lines of the README's first shell block."""
    block = re.search(r"^```sh\n(.*?)^```", (example / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    return block[1].splitlines() if block else []


def requirements(example: Path) -> list[str]:
    return (example / "requirements.txt").read_text().splitlines()


@each_example
def test_an_example_is_set_up_and_tested_by_the_same_commands(example):
    first, second, *others, last = commands(example)
    assert (first, second, last) == (MAKE, INSTALL, TEST)
    assert len(others) <= 1


@each_example
def test_an_example_has_a_configuration_of_its_own(example):
    assert "[pytest]" in (example / "pytest.ini").read_text()


@each_example
def test_an_example_says_which_versions_it_is_for(example):
    bounded = re.compile(r"[a-z0-9-]+(\[[a-z,]+\])?>=[\d.]+,<[\d.]+")
    assert [line for line in requirements(example) if not bounded.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_an_example_locks_packages_and_not_the_place_they_came_from(lock):
    packages = json.loads(lock.read_text())["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_example_is_in_the_table():
    table = (ROOT / "docs/examples/README.md").read_text()
    folders = sorted(path.name for path in ROOT.glob("docs/examples/*") if path.is_dir())
    assert [example.name for example in EXAMPLES] == folders
    assert sorted(re.findall(r"^\| \[([\w-]+)\]\(\1/README\.md\)", table, re.MULTILINE)) == folders


def test_what_examples_need_is_pinned_with_the_rest():
    wanted = sorted({line for example in EXAMPLES for line in requirements(example)})
    assert sorted(PYPROJECT["dependency-groups"]["examples"]) == wanted


def uv(*arguments: object) -> None:
    """Run uv to its end."""
    known = [sys.executable, "-m", "uv"] if find_spec("uv") else [needs.program("uv", package="pipx; pipx install uv")]
    done = subprocess.run([*known, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def clone(tmp_path_factory) -> Path:
    """The repository as somebody would clone it once what lies here is committed."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    clone = tmp_path_factory.mktemp("clone")
    for name in filter(None, found.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    return clone


@pytest.fixture(scope="session")
def wheel(clone, tmp_path_factory) -> Path:
    """What `pip install ../../..` would build, made once for all examples."""
    out = tmp_path_factory.mktemp("wheel")
    uv("build", "-q", "--wheel", "--out-dir", out, clone)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def pins(tmp_path_factory) -> Path:
    """The versions that the repository pins, as a constraints file."""
    file = tmp_path_factory.mktemp("pins") / "constraints.txt"
    file.write_text("\n".join(PYPROJECT["tool"]["uv"]["constraint-dependencies"]))
    return file


@pytest.mark.network
@each_example
def test_an_example_passes_as_its_readme_says(example, clone, wheel, pins, tmp_path):
    folder = clone / example.relative_to(ROOT)
    said = ""
    for command in commands(example):
        if command == MAKE:
            uv("venv", "-q", "--python", sys.executable, folder / ".venv")
        elif command == INSTALL:
            python = folder / ".venv" / "bin" / "python"
            uv("pip", "install", "-q", "--python", python, "-c", pins, wheel, "-r", folder / "requirements.txt")
        else:
            said = run(command, folder, tmp_path / "state")
    assert re.search(r"^=+ \d+ passed(, \d+ warnings?)? in ", said, re.MULTILINE), said


def run(command: str, folder: Path, state_dir: Path) -> str:
    """A command of a README, as typed in the example's folder."""
    program, *arguments = shlex.split(command)
    found = folder / program if "/" in program else needs.program(program, package=program)
    done = subprocess.run(
        [found, *arguments], cwd=folder, env=shell.environment(state_dir), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
