"""`mock-idp token`: a token that verifies, from the running server or with the state directory's key."""

import json

import httpx
import pytest
import shell
from harness import claims_of, header_of
from joserfc import jwt
from joserfc.jwk import KeySet

from mock_idp.directory.default import API, CONTOSO, WEB_APP
from mock_idp.state import State
from mock_idp.tokens.keys import Keyring

API_URI = API.identifier_uris[0]


def token(env, *arguments: str):
    return shell.mock_idp("token", *arguments, env=env)


def printed(env, *arguments: str) -> str:
    done = token(env, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_is_signed_with_the_key_of_the_state_directory(env, state_dir):
    text = printed(env, "rita", "--for", "api://orders", "--scope", "data.read", "--role", "Reader")
    keys = KeySet.import_key_set(json.loads(Keyring.load(State(state_dir)).jwks(issuer=None)))
    claims = jwt.decode(text, keys, algorithms=["RS256"]).claims
    assert (claims["aud"], claims["scp"], claims["roles"]) == ("api://orders", "data.read", ["Reader"])


def test_it_comes_from_the_running_server(env, served):
    text = printed(env, "rita", "--for", "api://orders")
    keys = httpx.get(f"{served.told['front_url']}/common/discovery/v2.0/keys").json()
    assert jwt.decode(text, KeySet.import_key_set(keys), algorithms=["RS256"]).claims["upn"] == "rita@contoso.example"
    refused = token(env, "rita", "--for", "api://nothing", "--tenant", "contoso")
    assert refused.returncode == 1
    assert "There is no audience 'api://nothing'." in refused.stderr


def test_a_web_page_gets_none(env, served):
    form = {"name": "rita", "tenant": "contoso", "audience": API_URI}
    ask = f"{served.told['front_url']}/_mock/token"
    assert httpx.post(ask, data=form).status_code == 200
    assert httpx.post(ask, data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert httpx.post(ask, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert httpx.post(ask, data=form, headers={"Host": "evil.example"}).status_code == 421
    assert httpx.post(ask, data={"name": "rita"}).status_code == 400
    for broken in ("not json", "[" * 20_000, r'["\ud800"]'):
        answer = httpx.post(ask, data={**form, "roles": broken})
        assert (answer.status_code, answer.json()["error"]["what"]) == (400, "The form cannot be read.")


def test_an_apps_own_is_asked_for_by_its_name(env):
    text = printed(env, "Contoso Web App", "--tenant", "contoso", "--for", API_URI)
    assert claims_of(text)["azp"] == WEB_APP.app_id
    assert "scp" not in claims_of(text)
    assert "upn" not in claims_of(printed(env, "worker", "--app", "--for", "api://orders"))


def test_everything_about_it_can_be_chosen(env):
    text = printed(
        env, "walt", "--tenant", CONTOSO.domains[0], "--for", "Contoso Data API", "--client", WEB_APP.app_id,
        "--version", "1", "--expires-in", "-5", "--claim", "shoe=38", "--claim", "name=Somebody",
    )  # fmt: skip
    claims = claims_of(text)
    assert (claims["ver"], claims["aud"], claims["appid"]) == ("1.0", API_URI, WEB_APP.app_id)
    assert (claims["shoe"], claims["name"]) == (38, "Somebody")
    assert claims["exp"] - claims["iat"] == 295


def test_it_can_be_shown_in_several_ways(env):
    asked = ("rita", "--for", "api://orders")
    assert printed(env, *asked, "--header").startswith("Authorization: Bearer ey")
    document = json.loads(printed(env, *asked, "--json"))
    assert document["claims"] == claims_of(document["access_token"])
    assert document["header"] == header_of(document["access_token"])
    decoded = printed(env, *asked, "--decode")
    assert '"aud": "api://orders"' in decoded
    assert "// iat 20" in decoded


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("rita",), 2, "Missing option '--for'"),
        (("ritta", "--tenant", "contoso", "--for", API_URI), 1, "Did you mean 'rita'?"),
        (("rita", "--tenant", "contoso", "--for", API_URI, "--scope", "data.raed"), 1, "Did you mean 'data.read'?"),
        (("rita", "--for", "api://o", "--claim", "shoe"), 2, "'shoe' is not NAME=VALUE."),
        (("rita", "--tenant", "contosso", "--for", API_URI), 1, "Did you mean"),
    ],
)
def test_a_mistake_is_told_in_a_few_lines(env, arguments, code, told):
    done = token(env, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
