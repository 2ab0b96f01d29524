"""What the API must be told, and how it complains."""

import pytest

from api.settings import Settings, SettingsError

TENANT_ID = "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
CLIENT_ID = "c750c37c-6c67-4211-a9e2-6f035a897cfa"
REQUIRED = {"TENANT_ID": TENANT_ID, "API_CLIENT_ID": CLIENT_ID}


@pytest.fixture
def surroundings(monkeypatch, tmp_path):
    """An environment without our variables and a working directory without a .env."""
    for name in (*REQUIRED, "API_APP_ID_URI", "SWAGGER_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_two_variables_are_enough():
    settings = Settings.from_mapping(REQUIRED)
    assert settings == Settings(TENANT_ID, CLIENT_ID, f"api://{CLIENT_ID}", None)


def test_everything_can_be_given():
    given = {**REQUIRED, "API_APP_ID_URI": "https://contoso.example/data", "SWAGGER_CLIENT_ID": TENANT_ID}
    assert Settings.from_mapping(given) == Settings(TENANT_ID, CLIENT_ID, "https://contoso.example/data", TENANT_ID)


def test_guids_are_read_in_any_case_and_with_blanks_around():
    given = {name: f" {value.upper()}\n" for name, value in REQUIRED.items()}
    assert Settings.from_mapping(given) == Settings.from_mapping(REQUIRED)


def test_an_optional_variable_may_be_empty():
    assert Settings.from_mapping({**REQUIRED, "API_APP_ID_URI": "", "SWAGGER_CLIENT_ID": " "}) == (
        Settings.from_mapping(REQUIRED)
    )


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(name, value):
    with pytest.raises(SettingsError, match=f"^set {name} in "):
        Settings.from_mapping({**REQUIRED, name: value})


def test_all_missing_variables_are_named_at_once():
    with pytest.raises(SettingsError, match=r"^set TENANT_ID and API_CLIENT_ID in "):
        Settings.from_mapping({})


@pytest.mark.parametrize("name", ["TENANT_ID", "API_CLIENT_ID", "SWAGGER_CLIENT_ID"])
@pytest.mark.parametrize("value", ["common", "contoso.onmicrosoft.com", f"{{{TENANT_ID}}}", TENANT_ID.replace("-", "")])
def test_what_is_no_guid_is_named(name, value):
    with pytest.raises(SettingsError, match=f"^{name} must be a GUID"):
        Settings.from_mapping({**REQUIRED, name: value})


@pytest.mark.parametrize("value", [CLIENT_ID, "api", "api:", "a b:c", "api://a b"])
def test_what_is_no_uri_is_named(value):
    with pytest.raises(SettingsError, match=r"^API_APP_ID_URI must be a URI"):
        Settings.from_mapping({**REQUIRED, "API_APP_ID_URI": value})


def test_the_environment_is_read(surroundings, monkeypatch):
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == Settings.from_mapping(REQUIRED)


def test_a_dotenv_file_in_or_above_the_working_directory_is_read(surroundings, monkeypatch):
    (surroundings / ".env").write_text(f"TENANT_ID={TENANT_ID}\nAPI_CLIENT_ID='{CLIENT_ID}'  # ours\n")
    (surroundings / "deeper").mkdir()
    monkeypatch.chdir(surroundings / "deeper")
    assert Settings.from_environment() == Settings.from_mapping(REQUIRED)


def test_the_environment_wins_over_the_dotenv_file(surroundings, monkeypatch):
    (surroundings / ".env").write_text(f"TENANT_ID=common\nAPI_CLIENT_ID={CLIENT_ID}\n")
    monkeypatch.setenv("TENANT_ID", TENANT_ID)
    assert Settings.from_environment().tenant_id == TENANT_ID


def test_without_either_the_complaint_names_the_variables(surroundings):
    with pytest.raises(SettingsError, match="TENANT_ID and API_CLIENT_ID"):
        Settings.from_environment()
