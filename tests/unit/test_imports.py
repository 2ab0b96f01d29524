"""Imports go down only, as docs/architecture.md draws it."""

import ast
import re
from pathlib import Path

import pytest

import mock_idp

ROOT = Path(mock_idp.__file__).parent

PAGE = (ROOT.parent / "docs" / "architecture.md").read_text()
CHAIN = re.search(r"```text\n(__main__ > .*?)```", PAGE, re.DOTALL)[1]
LAYERS = [[f"mock_idp.{name.strip()}" for name in names.split(",")] for names in reversed(CHAIN.split(">"))]
"""From the bottom; nothing imports what stands beside it."""

RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
EVERYWHERE = "mock_idp"
"""Holds the version."""


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def imports(source: Path) -> set[str]:
    """Modules of ours that a file imports, wherever in it, except for type checking alone."""
    tree = ast.parse(source.read_text())
    only_for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in only_for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} imports relatively"
            found.add(node.module)
            if node.module == "mock_idp":
                found |= {f"mock_idp.{alias.name}" for alias in node.names if alias.name != "__version__"}
    return {module for module in found if module.split(".")[0] == "mock_idp"}


def modules() -> list[tuple[str, Path]]:
    found = []
    for source in sorted(ROOT.rglob("*.py")):
        parts = source.relative_to(ROOT.parent).with_suffix("").parts
        if "_apps" in parts or "preload" in parts:
            continue
        found.append((".".join(part for part in parts if part != "__init__"), source))
    return found


@pytest.mark.parametrize(("name", "source"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_go_down_only(name, source):
    if name == EVERYWHERE:
        assert imports(source) == set()
        return
    own = RANK[room(name)]
    up = {other for other in imports(source) if other != EVERYWHERE and room(other) != room(name)}
    assert {other for other in up if RANK[room(other)] >= own} == set()


def test_every_module_has_its_layer():
    rooms = {room(name) for name, _ in modules()} - {EVERYWHERE}
    assert rooms - set(RANK) == set()
