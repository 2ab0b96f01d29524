"""Which file declares the directory: the nearest one above, or the one that is named."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from mock_idp.directory.project import built_in, find, find_file, from_mapping, from_toml, load
from mock_idp.errors import UserError
from mock_idp.facts.wellknown import UNDECLARED_TENANT

CONTOSO = '[[tenants]]\ndomains = ["contoso.example"]\nusers = ["rita"]\n'
FABRIKAM = CONTOSO.replace("contoso", "fabrikam")
PYPROJECT = f'[project]\nname = "x"\n\n{FABRIKAM.replace("[[", "[[tool.mock-idp.")}'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    return tmp_path / "outer" / "inner"


def names(declared):
    return [tenant.display_name for tenant in declared.directory.tenants]


def test_the_nearest_file_wins(folder):
    (folder.parent / "mock-idp.toml").write_text(CONTOSO)
    assert names(find(folder)) == ["Contoso"]
    (folder / "mock-idp.toml").write_text(FABRIKAM)
    assert names(find(folder)) == ["Fabrikam"]
    assert find(folder).path == folder / "mock-idp.toml"
    assert names(find(folder.parent)) == ["Contoso"]


def test_in_one_folder_mock_idp_toml_comes_before_pyproject_toml(folder):
    (folder / "pyproject.toml").write_text(PYPROJECT)
    assert names(find(folder)) == ["Fabrikam"]
    (folder / "mock-idp.toml").write_text(CONTOSO)
    assert names(find(folder)) == ["Contoso"]


@pytest.mark.parametrize(
    "text",
    ["", '[project]\nname = "mock-idp"\n', "[tool.other]\na = 1\n", "this is no TOML", "tool.mock-idp = 3 # ours?"],
)
def test_a_pyproject_toml_without_our_table_is_passed_over(folder, text):
    (folder.parent / "mock-idp.toml").write_text(CONTOSO)
    (folder / "pyproject.toml").write_text(text)
    assert find_file(folder) == folder.parent / "mock-idp.toml"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.mock-idp]",
        "[ tool . 'mock-idp' ]",
        '["tool"."mock-idp"]',
        "[tool]\n# ours\nmock-idp = {}",
        "tool = {other = 1, mock-idp = {}}",
        "tool . mock-idp.tenant = 'x'",
        "[[tool.mock-idp.tenants]]",
    ],
)
def test_our_table_is_found_however_it_is_written(folder, text):
    (folder.parent / "mock-idp.toml").write_text(CONTOSO)
    (folder / "pyproject.toml").write_text(text + "\n")
    assert find_file(folder) == folder / "pyproject.toml"


def test_a_relative_start_is_found_from_too(folder, monkeypatch):
    (folder.parent / "mock-idp.toml").write_text(CONTOSO)
    monkeypatch.chdir(folder)
    assert names(find(Path())) == names(find(Path())) == ["Contoso"]


def test_where_there_is_no_file_the_built_in_directory_counts(folder):
    declared = find(folder)
    assert declared is built_in()
    assert (declared.path, declared.has_tenants, declared.default_tenant) == (None, False, UNDECLARED_TENANT)


def test_where_there_is_no_file_nothing_that_reads_one_is_imported(folder):
    (folder / "pyproject.toml").write_text('[tool.poe.tasks]\ndev = "mock-idp run -- flask run"\n')
    program = "import sys, mock_idp.directory.project as p, pathlib; p.find(pathlib.Path())\n"
    program += "print([n for n in sys.modules if n.startswith(('tomllib', 'mock_idp.directory.'))])"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    found = {name.rpartition(".")[2] for name in ast.literal_eval(done.stdout)}
    assert found == {"default", "models", "project"}


def test_a_named_file_may_be_called_anything_and_a_folder_is_looked_into(folder):
    (folder / "other.toml").write_text(FABRIKAM)
    (folder / "mock-idp.toml").write_text(CONTOSO)
    assert names(load(folder / "other.toml")) == ["Fabrikam"]
    assert names(load(folder)) == ["Contoso"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("missing.toml", None, "No such file or directory"),
        ("nowhere/mock-idp.toml", None, "No such file or directory"),
        ("\0.toml", None, "null byte"),
        (".", None, "a folder without mock-idp.toml and pyproject.toml"),
        ("pyproject.toml", "[tool.other]\n", "no table [tool.mock-idp]"),
        ("app.json", "{}", "JSON; a directory file is TOML"),
    ],
)
def test_a_named_file_that_declares_nothing_is_three_lines(folder, name, text, says):
    if text is not None:
        (folder / name).write_text(text)
    with pytest.raises(UserError) as error:
        load(folder / name)
    assert says in error.value.why


def test_a_broken_pyproject_toml_with_our_table_is_told(folder):
    (folder / "pyproject.toml").write_text("[tool.mock-idp]\ntenants = \n")
    with pytest.raises(UserError, match=r"pyproject\.toml, line 2, column 11: this is not TOML"):
        find(folder)


def test_the_key_is_of_what_is_said_and_not_of_how(folder):
    first = from_toml(CONTOSO, source="a", folder=folder)
    other_layout = from_toml("# a comment\n" + CONTOSO.replace(" = ", "="), source="b", folder=folder.parent)
    mapping = from_mapping({"tenants": [{"domains": ["contoso.example"], "users": ["rita"]}]})
    assert first.key == other_layout.key == mapping.key
    keys = {first.key, built_in().key}
    for change in (
        CONTOSO.replace("rita", "walt"),
        'multi_resource_code = "strict"\n' + CONTOSO,
        'tenant = "contoso.example"\n' + CONTOSO,
        'multi_resource_code = "strict"\n',
    ):
        keys.add(from_toml(change, source="c", folder=folder).key)
    assert len(keys) == 6


def test_the_key_is_also_of_the_manifests(folder):
    (folder / "mock-idp").mkdir()
    (folder / "mock-idp.toml").write_text(CONTOSO)
    keys = {load(folder).key}
    for name in ("One", "Two"):
        (folder / "mock-idp" / "app.json").write_text(f'{{"displayName": "{name}", "signInAudience": "AzureADMyOrg"}}')
        keys.add(load(folder).key)
    assert len(keys) == 3


def test_a_file_may_have_settings_alone(folder):
    declared = from_toml('multi_resource_code = "strict"', source="x", folder=folder)
    assert declared.settings.multi_resource_code == "strict"
    assert declared.directory is built_in().directory
    assert not declared.has_tenants


@pytest.mark.parametrize("named", ["fabrikam.example", "Fabrikam", "FABRIKAM.example"])
def test_the_tenant_that_tests_mean(folder, named):
    text = f'tenant = "{named}"\n{CONTOSO}{FABRIKAM}'
    declared = from_toml(text, source="x", folder=folder)
    assert declared.default_tenant == declared.directory.tenants[1].id
    assert from_toml(CONTOSO, source="x", folder=folder).default_tenant == declared.directory.tenants[0].id
    undeclared = from_toml(f'tenant = "northwind.example"\n{CONTOSO}', source="x", folder=folder)
    assert undeclared.default_tenant == "northwind.example"
