"""The map has to be the house."""

import ast
import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def page(docs: Path) -> str:
    return (docs / "architecture.md").read_text()


def everything(package: Path) -> list[Path]:
    """Every file and every room, without what Python and the build leave behind."""
    found = [path for path in package.rglob("*") if not {"__pycache__", "_apps"} & set(path.parts)]
    return [path for path in found if path.name != "__init__.py" and not (path.is_dir() and not any(path.glob("*.*")))]


def test_every_room_and_module_has_its_place_on_the_map(page, root):
    package = root / "mock_idp"
    names = [f"{path.relative_to(package).as_posix()}{'/' if path.is_dir() else ''}" for path in everything(package)]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_path_that_the_page_names_is_there(page, root):
    named = set(re.findall(r"`((?:[\w.-]+/)+|(?:[\w.-]+/)*[\w-]+\.(?:py|cjs|json|html|toml))`", page))
    assert len(named) > 60
    assert [name for name in named if not any((base / name).exists() for base in (root, root / "mock_idp"))] == []


def test_imports_go_down_as_the_page_says(page, root):
    chain = " ".join(re.search(r"```text\n(__main__ > .*?)```", page, re.DOTALL)[1].split())
    rank = {room.strip(): number for number, rooms in enumerate(chain.split(">")) for room in rooms.split(",")}
    upwards = []
    for path in root.glob("mock_idp/**/*.py"):
        room = path.relative_to(root / "mock_idp").parts[0].removesuffix(".py")
        if room == "__init__":  # names types only, see tests/unit/test_imports.py
            continue
        upwards += [(str(path), wanted) for wanted in imported(path) - {room} if rank[wanted] <= rank[room]]
    assert upwards == []


def imported(path: Path) -> set[str]:
    """The rooms that a module imports from."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "mock_idp" else [f"mock_idp.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("mock_idp.")}
    return found - {"__version__"}
