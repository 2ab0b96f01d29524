"""`mock-idp init`: a file that is understood as it stands, and that nobody loses another to."""

import pytest
from click.testing import CliRunner

from mock_idp.cli import command_line
from mock_idp.cli.init import STARTER
from mock_idp.directory.project import load
from mock_idp.errors import UserError


@pytest.fixture
def init(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        done = CliRunner().invoke(command_line, ["init", *arguments])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


def test_it_writes_a_file_that_is_a_directory(init, tmp_path):
    done = init()
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "mock-idp wrote mock-idp.toml; see what is in it: mock-idp list apps\n"
    (contoso,) = load(tmp_path).directory.tenants
    assert [user.user_principal_name.partition("@")[0] for user in contoso.users] == ["ada", "rita", "dora"]
    api, web = contoso.applications
    assert [scope.value for scope in api.scopes] == ["data.read", "data.write"]
    assert (len(web.secrets), len(web.redirect_uris), len(contoso.grants)) == (1, 1, 2)
    assert {assignment.value for assignment in contoso.role_assignments} == {"Data.Reader"}


def test_what_is_there_is_not_written_over_without_a_word(init, tmp_path):
    (tmp_path / "mock-idp.toml").write_text("mine")
    with pytest.raises(UserError, match="was not written") as error:
        init()
    assert "--force" in error.value.fix
    assert (tmp_path / "mock-idp.toml").read_text() == "mine"
    init("--force")
    assert (tmp_path / "mock-idp.toml").read_text() == STARTER.read_text()


def test_the_file_may_be_elsewhere(init, tmp_path):
    (tmp_path / "folder").mkdir()
    init("folder")
    init("folder/other.toml")
    assert {path.name for path in (tmp_path / "folder").iterdir()} == {"mock-idp.toml", "other.toml"}
    with pytest.raises(UserError, match="cannot be written"):
        init("nowhere/other.toml")


def test_what_is_commented_out_can_be_let_in(tmp_path):
    lines = STARTER.read_text().splitlines()
    commented = [line for line in lines if line.startswith(("# id", "# spa"))]
    assert len(commented) == 2
    text = "\n".join(line.removeprefix("# ") if line in commented else line for line in lines)
    (tmp_path / "mock-idp.toml").write_text(text)
    contoso = load(tmp_path).directory.tenants[0]
    assert contoso.id == "11111111-2222-4333-8444-555555555555"
    assert contoso.applications[1].redirect_uris[-1].platform == "spa"
