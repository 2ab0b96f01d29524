"""How Sphinx builds these pages: ``sphinx-build -W -b html docs docs/_build/html``; needs no network."""

import re
from pathlib import Path

_ABOUT = (Path(__file__).parents[1] / "mock_idp" / "__init__.py").read_text()

project = "mock-idp"
author = "The mock-entra-idp authors"
project_copyright = f"2026, {author}"
version = release = re.findall(r'^__version__ = "(.+)"$', _ABOUT, re.MULTILINE)[0]

extensions = ["myst_parser"]
exclude_patterns = ["_build", "examples/*/.*", "examples/*/node_modules"]  # examples are tried where they lie
myst_heading_anchors = 3
myst_links_external_new_tab = False
smartquotes = False  # commands and messages are quoted as they are

html_theme = "furo"
html_title = f"mock-idp {release}"
html_show_sphinx = False
