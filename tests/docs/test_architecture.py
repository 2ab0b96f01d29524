"""The map has to be the house."""

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
