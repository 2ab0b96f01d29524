"""What no page may say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page for folder in (".", "docs", "docs/examples", "docs/examples/*") for page in ROOT.glob(f"{folder}/*.md")
)

FORBIDDEN = {
    # in pieces, so that this file does not say them either
    "the name of a package registry's host": r"py" r"pi\.(org|io)|python" r"hosted|npm" r"js\.(com|org)",
    "an install line for somebody else's distribution": r"(install|add|uvx|tool run)( +-\S+)* +['\"]?mock-idp\b(?!/)",
    "a path of one machine": r"(?<![\w.~])/(work|root|home|Users)/",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_says(what, page):
    found = re.search(FORBIDDEN[what], page.read_text())
    assert found is None, f"{page.name} says {found[0]!r}, {what}"
