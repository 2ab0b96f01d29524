"""What the pages promise of settings, pages and versions is there."""

import re
import tomllib


def test_every_setting_of_the_two_applications_is_in_the_table(root, docs):
    examples = (root / "api/.env.example", root / "webapp/.env.example")
    named = {name for path in examples for name in re.findall(r"^#?([A-Z_]+)=", path.read_text(), re.MULTILINE)}
    page = (docs / "api-and-webapp.md").read_text()
    assert named == set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_the_real_tenants_settings_are_settings(root, docs):
    block = re.search(r"```ini\n(.*?)```", (docs / "real-tenant.md").read_text(), re.DOTALL)[1]
    table = (docs / "api-and-webapp.md").read_text()
    assert [name for name in re.findall(r"^([A-Z_]+)=", block, re.MULTILINE) if f"| `{name}` |" not in table] == []


def test_the_names_that_stay_are_on_the_sign_in_page(root, docs):
    page = " ".join((docs / "stability.md").read_text().split())
    promised = re.findall(r"`([^`]+)`", re.search(r"that are Entra's: (.*?) on a person's tile", page)[1])
    template = (root / "mock_idp/pages/sign_in.html").read_text()
    assert {"loginfmt", "i0116", "passwd", "i0118", "idSIButton9", "data-test-id"} == set(promised)
    assert [name for name in promised if name not in template] == []


def test_the_redirect_uris_to_register_are_those_of_contoso(docs):
    from mock_idp.directory.default import CONTOSO

    page = (docs / "real-tenant.md").read_text()
    uris = [uri.uri for app in CONTOSO.applications for uri in app.redirect_uris]
    assert uris
    assert [uri for uri in uris if f"`{uri}`" not in page] == []


def test_the_python_versions_are_those_of_the_package(root, docs):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    versions = [c.rpartition(" ")[2] for c in project["classifiers"] if "Python :: 3." in c]
    for page in ("stability.md", "getting-started.md"):
        assert [version for version in versions if version not in (docs / page).read_text()] == []
