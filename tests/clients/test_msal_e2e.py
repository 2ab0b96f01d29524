"""MSAL Python's own end-to-end tests, as its source distribution has them, against us in the place of its lab.

`msal_lab` stands for the modules of the lab that the distribution leaves out. Each case passes, or stands below with
the reason why it cannot. The distribution is fetched, so .ci/run calls this by its marker.
"""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from assertions import identity
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

pytestmark = pytest.mark.network

LAB = Path(__file__).parent / "msal_lab"


@pytest.fixture(scope="module")
def distribution(tmp_path_factory) -> Path:
    """The test file as it was published with the version that is installed, beside the lab's modules."""
    version, folder = importlib.metadata.version("msal"), tmp_path_factory.mktemp("msal")
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=msal", f"msal=={version}", "-d", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert fetched.returncode == 0, fetched.stderr
    (folder / "tests").mkdir()
    for module in LAB.glob("*.py"):
        shutil.copy(module, folder / "tests")
    with tarfile.open(folder / f"msal-{version}.tar.gz") as archive:
        published = archive.extractfile(f"msal-{version}/tests/test_e2e.py").read()
    (folder / "tests" / "test_e2e.py").write_bytes(published)
    return folder


@pytest.fixture
def lab(make_entra, distribution, monkeypatch):
    """A server in which everybody and everything of the lab is declared, and from which nothing else is reached."""
    made = identity("lab")
    pfx = pkcs12.serialize_key_and_certificates(b"lab", made.key, made.certificate, None, NoEncryption())
    (distribution / "lab.pfx").write_bytes(pfx)
    (distribution / "lab.pem").write_text(made.pem)
    monkeypatch.setenv("MOCK_IDP_OFFLINE", "1")
    return make_entra(shutil.copy(LAB / "lab.toml", distribution))


def outcomes_of(lab, folder: Path) -> dict[str, list[str]]:
    """Run the cases, do what a person has to do meanwhile, and give how each ended."""
    environment = {**lab.environ, "CI": "1", "LAB_APP_CLIENT_CERT_PFX_PATH": str(folder / "lab.pfx")}
    for name in ("TRAVIS", "TF_BUILD", "TRAVIS_TAG", "REGION_NAME", "MSAL_FORCE_REGION"):
        environment.pop(name, None)
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.runner"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    with running, ThreadPoolExecutor() as person:
        asked = []
        for line in running.stdout:
            told = json.loads(line)
            if "outcomes" in told:
                [each.result() for each in asked]
                return told["outcomes"]
            print(told)
            asked.append(person.submit(lend_a_hand, lab, told))
            asked[-1].add_done_callback(lambda done: done.exception() and running.kill())
        [each.result() for each in asked]
    raise AssertionError("it ended before it told")


def lend_a_hand(lab, told: dict[str, str]) -> None:
    """Type a device's code, or sign in at the page that MSAL opened."""
    if "code" in told:
        lab.approve_device(told["code"], user="walter")
        return
    with httpx.Client(trust_env=False, timeout=20) as browser:
        welcome = browser.get(told["page"]).text
        lab.sign_in(browser, re.search('href="(http[^"]+/authorize[^"]+)"', welcome)[1], user="walter")


def test_its_own_end_to_end_tests_pass(lab, distribution):
    told = outcomes_of(lab, distribution)
    for name, (outcome, why) in told.items():
        print(outcome, name, why[:300])
    assert 0
