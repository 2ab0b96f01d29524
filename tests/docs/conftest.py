"""What the tests of the documentation share: where it is, and the module that generates parts of it."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def docs(root: Path) -> Path:
    """The pages."""
    return root / "docs"


@pytest.fixture(scope="session")
def generate(docs: Path):
    """``docs/generate.py`` as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", docs / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
