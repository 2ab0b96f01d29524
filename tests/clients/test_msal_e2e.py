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
from typing import NamedTuple

import httpx
import pytest
from assertions import identity
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

pytestmark = pytest.mark.network

LAB = Path(__file__).parent / "msal_lab"
PUBLISHED = 48
"""Cases of the file, those that are started by hand (`manual_test_…`) too."""


class Cannot(NamedTuple):
    """Why cases cannot pass here.

    Attributes:
        reason: for the reader.
        told: what each of them says itself.
        cases: their names.
    """

    reason: str
    told: str
    cases: tuple[str, ...]


_CIAM = ("manual_test_ciam_acquire_token_interactive", "test_ciam_acquire_token_by_ropc",
         "test_ciam_acquire_token_for_client")  # fmt: skip
_KEY_BOUND = ("test_service_principal", "test_user_account")

REASONS = (
    Cannot("External ID's hosts are not emulated.", "ciamlogin.com", tuple(f"CiamTestCase.{each}" for each in _CIAM)),
    Cannot(
        "Nor are an External ID tenant's own domains.",
        "login.msidlabsciam.com",
        tuple(f"CiamCudTestCase.{each}" for each in _CIAM),
    ),
    Cannot(
        "The file leaves them out itself: sign-in fails on Entra.",
        "AADSTS500208",
        ("CiamTestCase.manual_test_ciam_device_flow", "CiamCudTestCase.manual_test_ciam_device_flow"),
    ),
    Cannot(
        "Azure AD B2C is not emulated.",
        "msidlabb2c.b2clogin.com",
        (
            "WorldWideTestCase.manual_test_b2c_acquire_token_by_auth_code",
            "WorldWideTestCase.manual_test_b2c_acquire_token_by_auth_code_flow",
            "WorldWideTestCase.test_b2c_acquire_token_by_ropc",
            "WorldWideTestCase.test_b2c_allows_using_client_id_as_scope",
        ),
    ),
    Cannot(
        "Azure US Government is not emulated.",
        "login.microsoftonline.us",
        (
            "ArlingtonCloudTestCase.manual_test_acquire_token_device_flow",
            "ArlingtonCloudTestCase.test_acquire_token_by_ropc",
            "ArlingtonCloudTestCase.test_acquire_token_silent_with_an_empty_cache_should_return_none",
        ),
    ),
    Cannot(
        "Tokens bound to a key are not issued: we answer with a bearer token.",
        "'pop' != 'Bearer'",
        tuple(f"AtPopWithExternalKeyTestCase.{each}" for each in _KEY_BOUND),
    ),
    Cannot(
        "SSH certificates are not issued: we answer with a bearer token.",
        "'ssh-cert' != 'Bearer'",
        tuple(f"SshCertTestCase.{each}" for each in _KEY_BOUND),
    ),
    Cannot(
        "It needs the broker of Windows or macOS.",
        "only supported by using broker",
        (
            "PopTestCase.manual_test_at_pop_calling_pattern",
            "PopTestCase.manual_test_at_pop_should_contain_pop_scheme_content",
            "PopTestCase.manual_test_at_pop_via_testingsts_service",
        ),
    ),
    Cannot(
        "It needs Azure Cloud Shell.",
        "Cloud Shell",
        ("CloudShellTestCase.test_access_token_should_be_obtained_for_a_supported_scope",),
    ),
    Cannot(
        "MSAL's own receiver takes answers in a form only (`response_mode`), and these cases ask for none.",
        "'NoneType' object has no attribute 'get'",
        (
            "PublicCloudScenariosTestCase.manual_test_auth_code",
            "PublicCloudScenariosTestCase.manual_test_auth_code_with_matching_nonce",
            "PublicCloudScenariosTestCase.manual_test_auth_code_with_mismatching_nonce",
        ),
    ),
    Cannot(
        "It needs a private key of Microsoft's and a host of its pre-production.",
        "tests/sp_obo.pem",
        ("WorldWideTestCase.test_acquire_token_obo_for_sp",),
    ),
    Cannot("It needs an AD FS.", "AADSTS50034", ("WorldWideTestCase.test_adfs2022_fed_user",)),
)
CANNOT = {case: reason for reason in REASONS for case in reason.cases}


@pytest.fixture(scope="module")
def distribution(tmp_path_factory) -> Path:
    """The test file as it was published with the version that is installed, beside the lab's modules."""
    version, folder = importlib.metadata.version("msal"), tmp_path_factory.mktemp("msal")
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=msal"]
    fetched = subprocess.run(
        [*pip, "-d", folder, f"msal=={version}"],
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
        [sys.executable, "-m", "tests.runner"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with running, ThreadPoolExecutor() as person:
        asked = []
        for line in running.stdout:
            told = json.loads(line)
            if "outcomes" in told:
                [each.result() for each in asked]
                return told["outcomes"]
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


def test_its_own_end_to_end_tests_pass_except_those_that_cannot_run_here(lab, distribution, subtests):
    told = outcomes_of(lab, distribution)
    assert len(told) == PUBLISHED
    for case, (outcome, why) in told.items():
        with subtests.test(case):
            cannot = CANNOT.get(case)
            assert (outcome != "passed") == (cannot is not None), f"{outcome}: {why}"
            assert cannot is None or cannot.told in why
    assert CANNOT.keys() <= told.keys()
