"""Parts of the pages are made from the code; they have to be made again when it changes."""

import re
from pathlib import Path

import pytest

PAGES = (
    "architecture.md", "claims.md", "commands.md", "directory.md", "errors.md", "getting-started.md", "not-served.md",
)  # fmt: skip
VARIABLE = re.compile(r"MOCK_IDP_[A-Z0-9_]*[A-Z0-9]")


@pytest.mark.parametrize("page", PAGES)
def test_generated_parts_say_what_the_code_says(page, generate, docs):
    assert (docs / page).read_text() == generate.filled(page), "run: python docs/generate.py"


def test_every_page_with_generated_parts_is_looked_at(generate):
    assert set(PAGES) == set(generate.PARTS)


def test_every_variable_that_the_code_names_is_told(root: Path, docs: Path):
    sources = [*root.glob("mock_idp/**/*.py"), *root.glob("mock_idp/**/*.cjs"), root / "conftest.py"]
    named = {found for source in sources for found in VARIABLE.findall(source.read_text())}
    table = (docs / "commands.md").read_text().partition("<!-- generated: variables -->")[2]
    assert named == set(VARIABLE.findall(table))


def test_every_command_and_every_error_that_is_raised_has_its_place(generate, docs):
    commands, errors = (docs / "commands.md").read_text(), (docs / "errors.md").read_text()
    assert [name for name in generate.commands() if f"## `{name}`" not in commands] == []
    assert [number for number in generate.raised() if f"## AADSTS{number}\n" not in errors] == []
