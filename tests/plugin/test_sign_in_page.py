"""docs/sign-in-without-a-browser.md: its tests pass as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "sign-in-without-a-browser.md"

SHOP = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_sign_in import starlette_app

app = starlette_app(callback="http://localhost:8000/callback")
"""
CONFTEST = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import pytest
from test_sign_in import flask_app, listening

@pytest.fixture
def running_app():
    with listening(lambda callback: flask_app(callback=callback)) as url:
        yield url
"""


def test_the_tests_of_the_page_pass(tmp_path, state):
    blocks = re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    left_out = {"test_django.py"}  # see test_sign_in_django.py
    for name, text in blocks:
        if name not in left_out:
            (tmp_path / name).write_text(text)
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    env = os.environ | {"MOCK_IDP_STATE_DIR": str(state.path)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^8 passed", done.stdout, re.MULTILINE), done.stdout
    assert len(blocks) == 8
