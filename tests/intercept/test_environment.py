"""The environment of a child: what is set, what is recorded, and that all of it can be taken back."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_idp.errors import UserError
from mock_idp.intercept import environment
from mock_idp.intercept.environment import (
    CA_VARIABLES,
    PRELOAD,
    Interception,
    check_dotenv,
    check_nearest_dotenv,
    leftovers,
    restored,
    variables,
)
from mock_idp.state import State

OURS = Interception(
    proxy_url="http://mock-idp:token@127.0.0.1:8888",
    connect="127.0.0.1:4443",
    authority_pem="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
)
NAMES = [
    "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy",
    "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PYTHONPATH", "NODE_OPTIONS", "X",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["", "*", "a.test,*", "http://corp.test:3128", "/a:/b", "--require ./x.js --x", "a b'c\n\"d"]),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return State(tmp_path_factory.mktemp("environment") / "state")


@given(before=st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_whatever_was_set_comes_back_exactly(kept, before):
    during = before | variables(OURS, before, kept)
    assert restored(during) == before
    assert restored(before) == before


@given(before=st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_evaluating_twice_changes_nothing(kept, before):
    once = before | variables(OURS, before, kept)
    assert once | variables(OURS, once, kept) == once


def test_a_variable_that_somebody_changed_meanwhile_is_theirs(kept):
    names = ("HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "http_proxy")
    before, theirs = dict.fromkeys(names, "before"), dict.fromkeys(names, "theirs")
    during = before | variables(OURS, before, kept) | theirs
    assert restored(during) == before | theirs


def test_what_somebody_added_meanwhile_to_what_we_extended_stays(kept):
    before = {"PYTHONPATH": "/old", "NODE_OPTIONS": "--old"}
    during = before | variables(OURS, before, kept)
    during["PYTHONPATH"] = os.pathsep.join(["/new", during["PYTHONPATH"]])
    during["NODE_OPTIONS"] += " --new"
    after = restored(during)
    assert after["PYTHONPATH"].split(os.pathsep) == ["/new", "/old"]
    assert after["NODE_OPTIONS"].split() == ["--old", "--new"]


def test_a_variable_of_ours_that_somebody_unset_comes_back_as_it_was(kept):
    before = {"HTTPS_PROXY": "http://corp.test"}
    during = before | variables(OURS, before, kept)
    del during["HTTPS_PROXY"]
    assert restored(during) == before


def test_leftovers_without_their_record_are_unset(kept):
    during = variables(OURS, {}, kept)
    del during["MOCK_IDP_REPLACED"]
    assert set(restored(during)) <= {"NO_PROXY", "no_proxy"}


@pytest.mark.parametrize("record", ["{", "[]", '{"HTTPS_PROXY": 5}'])
def test_a_damaged_record_is_no_record(kept, record):
    during = variables(OURS, {}, kept) | {"MOCK_IDP_REPLACED": record}
    assert "HTTPS_PROXY" not in restored(during)


def test_leftovers_of_another_installation_are_recognised(kept):
    other = "/somewhere/else/site-packages/mock_idp/intercept/preload"
    left = {"PYTHONPATH": f"{other}{os.pathsep}/mine", "NODE_OPTIONS": f'--require "{other}/preload.cjs" --mine'}
    assert restored(left) == {"PYTHONPATH": "/mine", "NODE_OPTIONS": "--mine"}


def test_what_python_and_node_read_is_extended_and_not_replaced(kept):
    found = variables(OURS, {"PYTHONPATH": "/mine", "NODE_OPTIONS": "--mine"}, kept)
    assert found["PYTHONPATH"] == f"{PRELOAD}{os.pathsep}/mine"
    assert found["NODE_OPTIONS"] == f"--require {PRELOAD / 'preload.cjs'} --mine"


def test_a_path_with_a_space_is_quoted_for_node(kept, monkeypatch):
    monkeypatch.setattr(environment, "_NODE_PRELOAD", Path("/a b/mock_idp/intercept/preload/preload.cjs"))
    found = variables(OURS, {}, kept)
    assert found["NODE_OPTIONS"] == '--require "/a b/mock_idp/intercept/preload/preload.cjs"'
    assert leftovers(found)["NODE_OPTIONS"] is None


def test_proxies_that_no_proxy_had_switched_off_stay_off(kept):
    others = {"HTTP_PROXY": "http://corp.test", "all_proxy": "socks5://corp.test"}
    switched_off = variables(OURS, others | {"NO_PROXY": "a.test, *"}, kept)
    assert (switched_off["HTTP_PROXY"], switched_off["all_proxy"]) == ("", "")
    assert "HTTP_PROXY" not in variables(OURS, others | {"NO_PROXY": "a.test"}, kept)


def test_all_four_ca_variables_name_one_file(kept):
    found = variables(OURS, {}, kept)
    assert len({found[name] for name in CA_VARIABLES}) == 1
    assert "AAAA" in Path(found["SSL_CERT_FILE"]).read_text()


@pytest.mark.parametrize(
    "line",
    [
        "HTTPS_PROXY=http://mock-idp:x@127.0.0.1:1234",
        "export https_proxy='http://mock-idp:x@127.0.0.1:1234'",
        'SSL_CERT_FILE="/state/v1/mock-idp-bundle-0123456789abcdef.pem"',
        "REQUESTS_CA_BUNDLE = /state/v1/mock-idp-bundle-0123456789abcdef.pem",
        "MOCK_IDP_CONNECT=127.0.0.1:1",
        "PYTHONPATH=/x/mock_idp/intercept/preload",
    ],
)
def test_a_polluted_dotenv_is_refused_naming_the_line(tmp_path, line):
    (tmp_path / ".env").write_text(f"\ufeffTENANT_ID=x\n\n{line}\n")
    with pytest.raises(UserError, match="line 3 sets"):
        check_dotenv(tmp_path / ".env")


def test_the_dotenv_that_counts_is_the_nearest(tmp_path):
    below = tmp_path / "app" / "package"
    below.mkdir(parents=True)
    (tmp_path / ".env").write_text("MOCK_IDP_CONNECT=127.0.0.1:1\n")
    with pytest.raises(UserError, match="line 1 sets MOCK_IDP_CONNECT"):
        check_nearest_dotenv(below)
    innocent = "# HTTPS_PROXY=http://mock-idp:x@127.0.0.1:1\nHTTPS_PROXY=http://corp.test\n"
    (tmp_path / "app" / ".env").write_text(innocent)
    check_nearest_dotenv(below)
    check_dotenv(tmp_path / "missing")
