"""The state directory: owner-only, made whole, made once, removed without a trace and without anybody else's files."""

import os
import stat
import subprocess
import sys
import threading
import time

import pytest

from mock_idp.errors import UserError
from mock_idp.state import State


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def kept(tmp_path):
    return State(tmp_path / "some" / "where")


def test_directories_and_files_are_the_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        kept = State(tmp_path / "some" / "where")
        kept.write("a.json", {})
        kept.write_text("mock-idp-bundle-a.pem", "x")
        kept.once("b.json", dict, bool)
        kept.claim("c").release()
    finally:
        os.umask(before)
    assert (mode(kept.path), mode(kept.files)) == (0o700, 0o700)
    assert {mode(file) for file in kept.files.iterdir()} == {0o600}


def test_a_directory_that_others_could_read_is_closed(tmp_path):
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1").chmod(0o755)
    outer = mode(tmp_path)
    assert mode(State(tmp_path).files) == 0o700
    assert mode(tmp_path) == outer  # it may be somebody's project


def test_another_users_directory_is_refused(kept, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(UserError, match="it belongs to another user"):
        State(kept.path)


@pytest.mark.parametrize("place", ["/proc/mock-idp", "{file}/below", "/dev/null"])
def test_a_place_that_cannot_be_written_is_refused_in_three_lines(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be used") as refusal:
        State(tmp_path.__class__(place.format(file=tmp_path / "file")))
    assert str(refusal.value).count("\n") == 2


def test_what_cannot_be_written_leaves_no_draft(kept):
    (kept.files / "a.json").mkdir()
    with pytest.raises(UserError):
        kept.write("a.json", {})
    assert [file.name for file in kept.files.iterdir()] == ["a.json"]


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"a": 1'])
def test_what_is_no_document_counts_as_missing(kept, content):
    (kept.files / "a.json").write_bytes(content)
    assert kept.read("a.json") is None
    assert kept.once("a.json", lambda: {"made": 1}, bool) == {"made": 1}
    assert kept.read("a.json") == {"made": 1}


def test_of_several_at_once_one_makes_and_all_get_the_same(kept):
    made, got = [], []

    def make():
        time.sleep(0.05)
        made.append(1)
        return {"by": len(made)}

    threads = [threading.Thread(target=lambda: got.append(kept.once("a.json", make, bool))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), got) == (1, [{"by": 1}] * 8)


def test_a_claim_is_had_by_one_and_ends_with_its_holder(kept):
    holding = "import sys, pathlib; from mock_idp.state import State\n"
    holding += (
        "claim = State(pathlib.Path(sys.argv[1])).claim('serve')\nprint(bool(claim), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, kept.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "True\n"
        assert kept.claim("serve") is None
        assert kept.is_claimed("serve")
        holder.kill()
    assert not kept.is_claimed("serve")
    claim = kept.claim("serve")
    assert kept.is_claimed("serve")
    claim.release()
    assert not kept.is_claimed("serve")


def test_cleaning_removes_every_layout_and_nothing_else(kept):
    kept.write("a.json", {})
    kept.claim("serve").release()
    older = kept.path / "v0"
    older.mkdir()
    (older / "ca.json").touch()
    removed = kept.clean()
    assert removed.kept is None
    assert {path.name for path in removed.gone} == {"a.json", "serve.lock", "ca.json", "v0", "v1", "where"}
    assert not kept.path.exists()


def test_cleaning_a_directory_that_holds_somebodys_files_keeps_them(kept):
    kept.write("a.json", {})
    theirs = [kept.path / "app.py", kept.files / "notes.txt"]
    for file in theirs:
        file.touch()
    assert kept.clean().kept == kept.path
    assert all(file.exists() for file in theirs)
    assert not (kept.files / "a.json").exists()
