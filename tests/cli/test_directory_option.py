"""`--directory`: which server serves what, and who may join it."""

import json

import httpx
import pytest
import shell
from harness import ANY_CLIENT, REDIRECT, UNDECLARED, Forms, claims_of, query_of

from mock_idp.cli import demo

TOML = """
multi_resource_code = "strict"

[[tenants]]
domains = ["northwind.example"]
users = ["nora"]

[[tenants.applications]]
displayName = "Worker"
appId = "11111111-2222-4333-8444-555555555555"
secrets = ["a-secret"]

[[tenants.applications]]
displayName = "Orders"
identifierUris = ["api://orders"]
requestedAccessTokenVersion = 2
appRoles = ["Orders.Read.All"]

[[tenants.roleAssignments]]
principal = "Worker"
resource = "Orders"
role = "Orders.Read.All"
"""
WORKER = {
    "client_id": "11111111-2222-4333-8444-555555555555", "client_secret": "a-secret",
    "grant_type": "client_credentials", "scope": "api://orders/.default",
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "mock-idp.toml").write_text(TOML)
    return folder


@pytest.fixture
def served(env, project):
    with shell.serving(env, "--port", "0", "--directory", str(project / "mock-idp.toml")) as server:
        yield server


@pytest.fixture
def client(served):
    with httpx.Client(base_url=served.told["front_url"], trust_env=False, timeout=20) as client:
        yield client


def test_serve_serves_what_the_file_declares(served, project, client):
    assert served.told["directory_file"] == str(project / "mock-idp.toml")
    (northwind,) = served.told["tenants"]
    assert (northwind["domains"], northwind["users"]) == (["northwind.example"], ["nora@northwind.example"])
    token = client.post("/northwind.example/oauth2/v2.0/token", data=WORKER).json()["access_token"]
    assert (claims_of(token)["roles"], claims_of(token)["tid"]) == (["Orders.Read.All"], northwind["id"])
    refused = client.post("/northwind.example/oauth2/v2.0/token", data={**WORKER, "client_secret": "wrong"}).json()
    assert refused["error_codes"] == [7000215]


def test_the_files_settings_count(client):
    scope = "openid User.Read api://c750c37c-6c67-4211-a9e2-6f035a897cfa/data.read"
    asked = {"client_id": ANY_CLIENT, "redirect_uri": REDIRECT, "scope": scope, "response_type": "code"}
    page = client.get(f"/{UNDECLARED}/oauth2/v2.0/authorize", params=asked)
    action, fields, _ = Forms(page.text).found[1]
    code = query_of(client.post(action, data={**fields, "tile": "nora@northwind.example"}))["code"]
    body = {**asked, "grant_type": "authorization_code", "code": code, "client_secret": "any"}
    assert client.post(f"/{UNDECLARED}/oauth2/v2.0/token", data=body).json()["error_codes"] == [28000]


def test_run_joins_a_server_of_the_same_directory_alone(env, served, project, tmp_path):
    joined = shell.mock_idp("run", "--port", "0", "--", "true", env=env, cwd=project)
    assert f"joined the identity provider of process {served.process.pid}" in joined.stderr
    elsewhere = shell.mock_idp("run", "--port", "0", "--", "true", env=env, cwd=tmp_path)
    file = project / "mock-idp.toml"
    assert f"process {served.process.pid} serves {file}, not the built-in one, so this" in elsewhere.stderr
    file.write_text(TOML.replace("nora", "nick"))
    changed = shell.mock_idp("run", "--port", "0", "--", "true", env=env, cwd=project)
    assert f"serves {file} as it was before it was changed, so this command does not join it" in changed.stderr


def test_env_tells_of_a_server_of_another_directory(env, served, project, tmp_path):
    assert shell.mock_idp("env", "--format", "json", env=env, cwd=project).stderr == ""
    elsewhere = shell.mock_idp("env", "--format", "json", env=env, cwd=tmp_path)
    assert f"process {served.process.pid} serves {project / 'mock-idp.toml'}" in elsewhere.stderr
    assert json.loads(elsewhere.stdout)["HTTPS_PROXY"]
    other = tmp_path / "other.toml"
    other.write_text('[[tenants]]\ndomains = ["contoso.example"]\n')
    refused = shell.mock_idp("env", "--directory", str(other), env=env)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 3)
    assert f"mock-idp serve --directory {other}" in refused.stderr


@pytest.mark.parametrize("command", [["serve"], ["run", "--", "true"], ["env"], ["browser", "--program", "true"]])
def test_a_mistake_in_the_file_is_told_before_anything_is_done(env, tmp_path, command):
    (tmp_path / "mock-idp.toml").write_text("tenats = 1\n")
    done = shell.mock_idp(*command, env=env, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == "Error: mock-idp.toml, line 1: tenats is no key of a directory file."


def test_the_demo_leaves_the_projects_file_aside_and_says_so(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    demo._leave_aside()
    told = capsys.readouterr().err
    assert told == f"mock-idp {project / 'mock-idp.toml'} is left aside: the demo shows the built-in directory\n"
    (project / "mock-idp.toml").unlink()
    demo._leave_aside()
    assert capsys.readouterr().err == ""
