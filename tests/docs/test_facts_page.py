"""Whoever reads of a fact and its section finds that section on the page, and how well it is known."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDERS = ("mock_idp", "tests", "docs", "benchmarks")
SUFFIXES = (".py", ".cjs", ".js", ".html", ".md", ".json", ".sh")
NOT_OURS = {"__pycache__", "node_modules", "_build", "_apps"}

NUMBER = r"\d+(?:\.\d+|[A-Z])?"
REFERENCE = re.compile(rf"\b[Ff]acts\s+(§{NUMBER}(?:(?:,|,?\s+and)\s+§{NUMBER})*)")
SECTION = re.compile(rf"^## ({NUMBER}) .+\n([^#]*(?:#(?!# )[^#]*)*)", re.MULTILINE)
MARK = re.compile(r"\[([DOCKI](?:, [DOCKI])*)(?:, (?:run|weak))?\]")


@pytest.fixture(scope="module")
def page(docs: Path) -> str:
    return (docs / "facts.md").read_text()


@pytest.fixture(scope="module")
def sections(page) -> dict[str, str]:
    """What stands below each numbered heading."""
    return dict(SECTION.findall(page))


@pytest.fixture(scope="module")
def references(root: Path, docs: Path) -> dict[str, list[str]]:
    """Which files refer to a section."""
    found: dict[str, list[str]] = {}
    for file in ours(root):
        if file == docs / "facts.md":
            continue
        for listed in REFERENCE.findall(file.read_text(encoding="utf-8")):
            for number in re.findall(NUMBER, listed):
                found.setdefault(number, []).append(str(file.relative_to(root)))
    return found


def ours(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for place, folders, files in os.walk(root / folder):
            folders[:] = [name for name in folders if name not in NOT_OURS]
            yield from (Path(place, name) for name in files if name.endswith(SUFFIXES))


def place(number: str) -> tuple[int, int]:
    """Where a section stands; one with a letter stands behind those with a number."""
    chapter, _, rest = re.sub(r"[A-Z]$", ".999", number).partition(".")
    return int(chapter), int(rest or 0)


def test_every_section_that_is_referred_to_is_on_the_page(references, sections):
    assert {number: files for number, files in references.items() if number not in sections} == {}


def test_every_section_on_the_page_is_referred_to(references, sections):
    assert [number for number in sections if number not in references] == []


def test_references_of_every_form_are_found(references):
    assert len(references) > 30
    assert {"2", "4E", "4.4", "11"} <= references.keys()  # a chapter, a letter, a section, the last of a list
    text = "As facts $1.1, $2 and $3A say; RFC 1 $4; facts $5.\nFacts\n$6.7, and $8; the artefacts $9."
    assert REFERENCE.findall(text.replace("$", "§")) == ["§1.1, §2 and §3A", "§5", "§6.7, and §8"]


def test_sections_stand_in_order_and_once(page):
    numbers = [number for number, _ in SECTION.findall(page)]
    assert numbers == sorted(set(numbers), key=place)


def test_every_section_says_how_well_it_is_known(sections):
    assert [number for number, text in sections.items() if not MARK.search(text)] == []


def test_every_mark_and_every_source_on_the_page_is_explained(page):
    explained = page.partition("\n## 0")[0]
    marks = {mark for found in MARK.findall(page) for mark in found.split(", ")}
    assert {mark for mark in marks if f"| [{mark}] |" not in explained} == set()
    keys = set(re.findall(r"\b(?:[A-Z][A-Z\d]{1,2}(?=:[A-Za-z][a-z\d])|[A-Z]{2,4}-20[12]\d(?:/\d\d)?)", page))
    assert len(keys) > 10
    assert {key for key in keys if f"| `{key}" not in explained} == set()


def test_every_file_that_the_page_names_is_there(page, root):
    named = set(re.findall(r"`(mock_idp/[\w/.]+)`", page))
    assert named
    assert [name for name in named if not (root / name).is_file()] == []
