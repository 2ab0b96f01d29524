"""The built-in directory tells its story, with the ids that it always had."""

import pytest

from mock_idp.directory.default import API, CONTOSO, DIRECTORY, FABRIKAM, WEB_APP
from mock_idp.directory.project import from_toml
from mock_idp.directory.writing import application_text
from mock_idp.facts.directory_roles import DIRECTORY_ROLES, GLOBAL_ADMINISTRATOR

PEOPLE = {user.user_principal_name.partition("@")[0].partition("_")[0]: user for user in CONTOSO.users}


def test_everybody_is_there():
    assert list(PEOPLE) == ["ada", "rita", "walt", "olga", "gus", "dora", "mia"]
    assert [user.user_principal_name for user in FABRIKAM.users] == [
        "gus@fabrikam.example", "fay@fabrikam.example", "finn@fabrikam.example",
    ]  # fmt: skip
    assert DIRECTORY.tenants == (CONTOSO, FABRIKAM)


def test_the_ids_that_were_promised_stay():
    assert CONTOSO.id == "c0705070-7e4a-4000-8000-0000c0705070"
    numbers = {"ada": 1, "rita": 2, "walt": 3, "dora": 4}
    assert all(PEOPLE[name].id == f"0a1b2c3d-000{n}-4a00-9a00-c0ffee00000{n}" for name, n in numbers.items())
    assert (API.app_id, WEB_APP.app_id) == (
        "a91c0de0-0000-4000-8000-00000000a900", "3eb0a990-0000-4000-8000-000000003eb0",
    )  # fmt: skip


def test_each_has_a_part_in_it():
    assert PEOPLE["ada"].directory_roles == (GLOBAL_ADMINISTRATOR,)
    assert DIRECTORY_ROLES["Global Administrator"] == GLOBAL_ADMINISTRATOR
    assert sum(PEOPLE["olga"].id in group.members for group in CONTOSO.groups) == 250
    assert not PEOPLE["dora"].account_enabled
    assert PEOPLE["mia"].mfa_required
    gus = PEOPLE["gus"]
    assert (gus.user_type, gus.identity_provider) == ("Guest", f"https://sts.windows.net/{FABRIKAM.id}/")
    assert gus.mail == FABRIKAM.users[0].user_principal_name


def test_every_id_is_there_once():
    ids = [thing.id for t in DIRECTORY.tenants for thing in (t, *t.users, *t.groups, *t.applications)]
    ids += [app.app_id for tenant in DIRECTORY.tenants for app in tenant.applications]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("app", CONTOSO.applications, ids=lambda app: app.display_name)
def test_it_could_be_written_in_a_directory_file(app, tmp_path):
    text = f'[[tenants]]\ndomains = ["contoso.example"]\nid = "{CONTOSO.id}"\n{application_text(app, CONTOSO.id)}\n'
    (found,) = from_toml(text, source="it", folder=tmp_path).directory.tenants[0].applications
    assert found == app
