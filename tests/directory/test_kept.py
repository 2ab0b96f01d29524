"""A large directory is kept as it was read, under a key of its content."""

import json
import os
from pathlib import Path

import pytest

from mock_idp.directory import kept, project
from mock_idp.errors import UserError
from mock_idp.state import State

FILE = """
tenant = "acme.example"

[[tenants]]
domains = ["acme.example"]
manifests = "entra/*.json"

[[tenants.users]]
userPrincipalName = "ann"

[[tenants.users]]
userPrincipalName = "bob"
directoryRoles = ["Global Administrator"]
claims = { a = [1, { b = true }], c = 2.5 }

[[tenants.applications]]
displayName = "Orders"
scopes = ["read"]
appRoles = ["Reader"]
secrets = ["s"]

[[tenants.roleAssignments]]
principal = "bob"
resource = "Orders"
role = "Reader"
"""
MANIFEST = {"appId": "11111111-2222-4333-8444-555555555555", "displayName": "Downloaded", "spa": {"redirectUris": []}}


class Shelved:
    """A project whose directory is always worth keeping."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "mock-idp.toml"
        self.state = State(folder / "state")
        self.manifests = folder / "entra"
        self.manifests.mkdir()
        self.file.write_text(FILE)
        (self.manifests / "one.json").write_text(json.dumps(MANIFEST))

    def load(self) -> project.Declared:
        return project.load(self.file, self.state)

    @property
    def files(self) -> list[Path]:
        return sorted(self.state.files.glob(f"{kept.PREFIX}*"))


@pytest.fixture
def shelved(tmp_path, monkeypatch) -> Shelved:
    monkeypatch.setattr(kept, "WORTH_SECONDS", 0)
    return Shelved(tmp_path)


@pytest.fixture
def never_read(monkeypatch):
    """From now on a file that has to be read is a failure."""

    def begin():
        def fail(*_, **__):
            raise AssertionError("it was read again")

        monkeypatch.setattr("mock_idp.directory.loading.read", fail)

    return begin


def test_what_was_kept_is_what_was_read(shelved, never_read):
    read = project.load(shelved.file)
    assert shelved.load() == read
    never_read()
    known = shelved.load()
    assert known == read
    assert [user.user_principal_name for user in known.directory.tenants[0].users] == [
        "ann@acme.example", "bob@acme.example",
    ]  # fmt: skip


def test_it_is_data_that_only_its_owner_can_read(shelved):
    shelved.load()
    (file,) = shelved.files
    assert json.loads(file.read_text())["key"] == project.load(shelved.file).key
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0


def test_a_changed_file_or_manifest_or_another_one_is_seen(shelved):
    names = lambda: [app.display_name for app in shelved.load().directory.tenants[0].applications]  # noqa: E731
    assert sorted(names()) == ["Downloaded", "Orders"]
    (shelved.manifests / "one.json").write_text(json.dumps({**MANIFEST, "displayName": "Changed"}))
    assert sorted(names()) == ["Changed", "Orders"]
    more = {**MANIFEST, "appId": "22222222-2222-4333-8444-555555555555", "displayName": "More"}
    (shelved.manifests / "two.json").write_text(json.dumps(more))
    assert sorted(names()) == ["Changed", "More", "Orders"]
    (shelved.manifests / "two.json").unlink()
    assert sorted(names()) == ["Changed", "Orders"]
    shelved.file.write_text(FILE.replace("Orders", "Bills"))
    assert sorted(names()) == ["Bills", "Changed"]


def test_a_mistake_is_told_each_time(shelved):
    shelved.file.write_text(FILE.replace("secrets", "secerts"))
    for _ in range(2):
        with pytest.raises(UserError, match="secerts is no key"):
            shelved.load()
    assert shelved.files == []


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"files": {}, "found": [], "directory": {"tenants": [{"x": 1}]}}'])
def test_what_is_broken_is_made_anew(shelved, never_read, broken):
    read = shelved.load()
    shelved.files[0].write_text(broken)
    assert shelved.load() == read
    never_read()
    assert shelved.load() == read


def test_only_the_last_few_are_kept_and_clean_removes_them(shelved):
    for n in range(6):
        shelved.file.write_text(f"{FILE}# {n}\n")
        shelved.load()
    assert len(shelved.files) == 4
    gone = shelved.state.clean().gone
    assert {file.name for file in gone if file.name.startswith(kept.PREFIX)} == {
        file.name for file in gone if file.suffix == ".json"
    }
    assert shelved.files == []


def test_what_is_read_quickly_is_not_kept(tmp_path):
    quick = Shelved(tmp_path)
    quick.load()
    assert quick.files == []
