"""What Entra's documents name and we do not serve says so: an Entra error, or a page, never a silent 404."""

import pytest
from harness import CONTOSO, LOGIN, error_of, hint_of, shown

from mock_idp.endpoints.unserved import UNSERVED


@pytest.mark.parametrize("row", UNSERVED, ids=lambda row: row.path)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_is_refused_with_the_reason(idp, journal, row, method):
    with idp.client() as client:
        answer = client.request(method, f"{LOGIN}/{CONTOSO.id}/{row.path}")
    if row.page:
        assert shown(answer) == (404, 51000)
        assert f"here {row.what} is not served" in hint_of(answer)
    else:
        assert error_of(answer) == (404, "invalid_request", 51000)
    assert f"here {row.what} is not served" in journal[-1].hint
    assert journal[-1].about["not_served"] == row.what


@pytest.mark.parametrize("row", UNSERVED, ids=lambda row: row.path)
def test_each_stands_in_a_document(idp, row):
    version = "" if row.version == "v1.0" else "/v2.0"
    with idp.client() as client:
        document = client.get(f"{LOGIN}/{CONTOSO.id}{version}/.well-known/openid-configuration").json()
    assert document[row.member].endswith(f"/{CONTOSO.id}/{row.path}")
