"""`mock-idp explain`: what an error means and what to change, and why an API would refuse a token."""

import base64
import json
import time

import pytest
import shell
from click.testing import CliRunner
from harness import claims_of
from joserfc import jwt as jose
from joserfc.jwk import RSAKey

from mock_idp.cli import command_line
from mock_idp.directory.default import API, CONTOSO, DIRECTORY, WEB_APP
from mock_idp.endpoints import Entra
from mock_idp.errors import UserError
from mock_idp.facts.wellknown import GRAPH_APP_ID
from mock_idp.runtime import Runtime
from mock_idp.runtime.settings import Settings
from mock_idp.state import State
from mock_idp.tokens.keys import Keyring
from mock_idp.tokens.minting import Wish

API_URI = API.identifier_uris[0]
ID_ONLY = {"azp": None, "azpacr": None, "scp": None}


class Asked:
    """The command, in this process, with a state directory of its own."""

    def __init__(self, state_dir) -> None:
        self.env = {"MOCK_IDP_STATE_DIR": str(state_dir)}
        self.entra = Entra(Runtime(DIRECTORY, Settings()), Keyring.load(State(state_dir)))

    def __call__(self, *arguments: str, stdin: str | None = None):
        return CliRunner().invoke(command_line, ["explain", *arguments], env=self.env, input=stdin)

    def token(self, **wish) -> str:
        """A user's token for the API of Contoso, unless wished otherwise."""
        asked = {"tenant": CONTOSO.id, "audience": API_URI, "scopes": ["data.read"], **wish}
        return self.entra.mint.user_token("rita", Wish(**asked)).text

    def app_token(self, **wish) -> str:
        asked = {"tenant": CONTOSO.id, "audience": API_URI, **wish}
        return self.entra.mint.app_token(WEB_APP.app_id, Wish(**asked)).text

    def refused(self, text: str, *options: str) -> dict[str, dict]:
        """Why it would be refused: what was checked, and what was found."""
        done = self("--json", *options, "--", text)
        document = json.loads(done.output)
        reasons = {each["check"]: each for each in document["findings"] if each["verdict"] == "refused"}
        assert done.exit_code == (1 if reasons else 0)
        assert document["accepted"] == (not reasons)
        assert all(len(each["fix"]) > 10 for each in reasons.values()), reasons
        return reasons

    def notes(self, text: str, *options: str) -> dict[str, str]:
        done = self("--json", *options, "--", text)
        return {
            each["check"]: each["text"] for each in json.loads(done.output)["findings"] if each["verdict"] == "note"
        }


@pytest.fixture
def asked(state_dir) -> Asked:
    return Asked(state_dir)


def changed(token: str, header: dict | None = None, payload: dict | None = None) -> str:
    """A token with another header or payload, and the old signature."""
    parts = token.split(".")
    for place, new in ((0, header), (1, payload)):
        if new is not None:
            old = json.loads(base64.urlsafe_b64decode(parts[place] + "=="))
            members = {name: value for name, value in {**old, **new}.items() if value is not None}
            parts[place] = base64.urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()
    return ".".join(parts)


class TestErrors:
    @pytest.mark.parametrize(
        "text",
        [
            "50011",
            " #50011 ",
            "AADSTS50011",
            "aadsts50011:",
            "AADSTS50011: The redirect URI 'http://x' specified does not match. Trace ID: 1-2 Timestamp: 2026-01-01",
            '{"error":"invalid_client","error_description":"AADSTS50011: The redirect…","error_codes":[50011]}',
            '{"error_codes":[50011]}',
            "https://login.microsoftonline.com/error?code=50011 AADSTS50011",
        ],
    )
    def test_a_number_and_whatever_holds_one_is_explained(self, asked, text):
        done = asked(text)
        assert done.exit_code == 0, done.output
        said = " ".join(done.output.split())
        assert said.startswith("AADSTS50011 The redirect URI '{uri}' specified in the request does not match")
        for part in (
            "invalid_client, HTTP status 400", "a page of its own", "Provoke authorize with a redirect_uri that is not",
            "Register exactly", "observed", "https://login.microsoftonline.com/error?code=50011",
        ):  # fmt: skip
            assert part in said

    def test_as_json_it_is_everything_that_is_known(self, asked):
        document = json.loads(asked("65001", "--json").output)
        assert (document["code"], document["error"], document["redirect_error"]) == (
            "AADSTS65001", "invalid_grant", "interaction_required",
        )  # fmt: skip
        assert (document["suberror"], document["status"], document["earned_here"]) == ("consent_required", 400, True)
        assert document["where"] == ["redirect", "json"]
        assert [each["number"] for each in json.loads(asked("AADSTS50012: … AADSTS70002", "--json").output)] == [
            50012, 70002,
        ]  # fmt: skip

    @pytest.mark.parametrize("text", [("50012", "70002"), ("50012, 70002",), ("#50012;70002 50012",)])
    def test_several_numbers_need_no_letters_before_them(self, asked, text):
        assert [each["number"] for each in json.loads(asked(*text, "--json").output)] == [50012, 70002]

    def test_one_that_nothing_here_earns_says_why(self, asked):
        said = asked("53003").output
        assert "needs Conditional Access policies" in said
        assert json.loads(asked("53003", "--json").output)["unearned"] == "needs Conditional Access policies"

    def test_a_paraphrase_is_called_one(self, asked):
        assert "documented; the text may be a paraphrase" in asked("50131").output

    def test_an_unknown_one_names_the_nearest_and_microsofts_list(self, asked):
        done = asked("5001100")
        assert done.exit_code == 1
        assert "AADSTS5001100 is not known here." in done.output
        assert "AADSTS50011" in done.output
        assert "https://learn.microsoft.com/entra/identity-platform/reference-error-codes" in done.output
        document = json.loads(asked("5001100", "--json").output)
        assert document["known"] is False
        assert "AADSTS50011" in document["nearest"]

    def test_b2cs_are_told_apart(self, asked):
        assert "AADB2C90118" in asked("AADB2C90118").output
        assert "needs Azure AD B2C" in asked("AADB2C90118").output

    def test_the_lookup_page_says_the_same(self, served):
        import httpx

        for number, shown in ((50011, "Register exactly"), (53003, "needs Conditional Access policies")):
            page = httpx.get(f"{served.told['front_url']}/error", params={"code": number})
            assert page.status_code == 200
            assert shown in page.text
        page = httpx.get(f"{served.told['front_url']}/error", params={"code": "5001100"})
        assert page.status_code == 404
        assert "AADSTS50011" in page.text


class TestWhatIsNoToken:
    def test_nothing_and_a_sentence_are_a_mistake_told_in_three_lines(self, asked):
        for arguments in (("",), ("why does this not work",)):
            done = asked(*arguments)
            assert isinstance(done.exception, UserError)
            assert "mock-idp explain" in done.exception.fix

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "EwBwA8l6BAAUO9chh8cJscQLmU+LSWpbnr0vmwwAAQ" + "A" * 40,
                "opaque ticket that a personal Microsoft account",
            ),
            ("M.C507_BL2.2.U.4f4c2a40-1b5c-4c39", "personal Microsoft account"),
            ("1.AXcA" + "a" * 50 + ".AgABAAAAAAD" + "b" * 40, "refresh token or an authorization code of Entra's"),
            ("a.b.c.d.e", "encrypted"),
            ("99999999-9999-4999-8999-999999999999", "a GUID"),
            ("PHNhbWxwOlJlc3BvbnNl", "SAML"),
            ("eyJhbGciOiJSUzI1NiJ9", "the rest was lost"),
            ("x" * 60, "nothing that Entra hands out"),
        ],
    )
    def test_it_says_what_it_looks_like(self, asked, text, said):
        done = asked(text)
        assert done.exit_code == 1
        assert said in " ".join(done.output.split())
        assert set(asked.refused(text)) == {"form"}

    def test_codes_and_refresh_tokens_of_this_mock_are_opened(self, asked):
        content = {"client": WEB_APP.app_id, "user": "rita@contoso.example"}
        for kind, said in (
            ("refresh_token", "a refresh token of this mock"),
            ("code", "an authorization code of this"),
        ):
            text = asked.entra.seal.seal(kind, CONTOSO.id, WEB_APP.app_id, content)
            shown = " ".join(asked(text).output.split())
            assert said in shown
            assert "rita@contoso.example" in shown


class TestTokens:
    def test_a_good_one_is_taken_and_exits_with_0(self, asked):
        options = (
            "--audience",
            API.app_id,
            "--tenant",
            "contoso",
            "--scope",
            "data.read",
            "--client",
            "Contoso Web App",
        )
        done = asked(*options, "-", stdin=asked.token() + "\n")
        assert done.exit_code == 0, done.output
        assert "An API with these settings would take it." in done.output
        assert "signed with this mock's key" in done.output
        assert asked.refused(asked.token(), *options, "--version", "2") == {}

    def test_an_apps_own_is_taken_where_its_role_is_asked_for(self, asked):
        token = asked.app_token(roles=["Data.Reader"])
        assert asked.refused(token, "--audience", API.app_id, "--role", "Data.Reader") == {}

    def test_a_v1_token_for_the_uri_comes_of_a_null_version(self, asked):
        text = asked.token(version=1)
        found = asked.refused(text, "--audience", API.app_id)["audience"]
        assert "aud is the URI" in found["text"]
        assert "requestedAccessTokenVersion to 2" in found["fix"]
        found = asked.refused(text, "--version", "2", "--audience", API_URI)
        assert set(found) == {"issuer"}
        assert "v1.0" in found["issuer"]["text"]

    def test_a_v2_token_has_the_id_and_not_the_uri(self, asked):
        found = asked.refused(asked.token(), "--audience", API_URI)["audience"]
        assert f"aud is the client id {API.app_id}, as in every v2.0 token" in found["text"]
        assert f"expect {API.app_id}" in found["fix"]

    def test_a_trailing_slash_and_another_case_are_told(self, asked):
        undeclared = asked.token(tenant="7a1c1f5e-0000-4c8b-9b39-5f1d6f0c2e11", audience="api://orders")
        assert "a trailing slash" in asked.refused(undeclared, "--audience", "api://orders/")["audience"]["text"]
        assert "upper and lower case" in asked.refused(undeclared, "--audience", "api://Orders")["audience"]["text"]
        assert "not for api://billing" in asked.refused(undeclared, "--audience", "api://billing")["audience"]["text"]

    def test_a_graph_token_is_for_graph_alone(self, asked):
        text = asked.token(audience="https://graph.microsoft.com", scopes=["User.Read"])
        found = asked.refused(text, "--audience", API_URI)
        assert "It is for Microsoft Graph" in found["audience"]["text"]
        assert f"{API_URI}/" in found["audience"]["fix"]
        assert "nonce" in found["signature"]["text"]
        assert asked.refused(text) == {}
        assert "only Graph can verify it" in " ".join(asked(text).output.split())
        assert asked.refused(text, "--audience", GRAPH_APP_ID).keys() <= {"audience"}

    @pytest.mark.parametrize("audience", [API_URI, API.app_id])
    @pytest.mark.parametrize("came", ["https://graph.microsoft.com", "https://vault.azure.net"])
    def test_of_a_token_for_another_api_scopes_and_roles_are_asked_of_the_one_that_is_to_take_it(
        self, asked, came, audience
    ):
        text = asked.token(audience=came, scopes=None)
        found = asked.refused(text, "--audience", audience, "--scope", "data.read", "--role", "Data.Reader")
        assert f"scope={API_URI}/data.read" in found["scope"]["fix"]
        assert "Get a token for Contoso Data API" in found["role"]["fix"]
        undeclared = asked.refused(text, "--audience", "api://orders", "--scope", "orders.read")
        assert "scope=api://orders/orders.read" in undeclared["scope"]["fix"]
        assert "api://orders/" in undeclared["audience"]["fix"]

    def test_a_scope_that_is_consented_to_and_not_in_it(self, asked):
        found = asked.refused(asked.token(), "--scope", "data.read", "--scope", "data.write")["scope"]
        assert "'data.write' is not in the token: scp is 'data.read'. It is consented to" in found["text"]
        assert f"scope={API_URI}/data.write" in found["fix"]

    def test_a_scope_is_short_in_the_token_and_has_to_be_exposed(self, asked):
        text = asked.token()
        assert "never holds the API" in asked.refused(text, "--scope", f"{API_URI}/data.read")["scope"]["fix"]
        assert "in another case" in asked.refused(text, "--scope", "Data.Read")["scope"]["text"]
        found = asked.refused(text, "--scope", "data.reed")["scope"]
        assert "exposes no such scope. Nearest: data.read." in found["text"]

    def test_scopes_and_roles_are_told_apart(self, asked):
        app, user = asked.app_token(), asked.token(roles=["Data.Reader"])
        assert "an application acts for itself" in asked.refused(app, "--scope", "data.read")["scope"]["text"]
        assert "is in roles, not in scp" in asked.refused(user, "--scope", "Data.Reader")["scope"]["text"]
        assert "is in scp, not in roles" in asked.refused(user, "--role", "data.read")["role"]["text"]
        found = asked.refused(asked.token(roles=[]), "--role", "Data.Reeder")["role"]
        assert "Nearest: Data.Reader." in found["text"]

    def test_an_id_token_is_for_no_api(self, asked):
        text = changed(asked.token(), payload=ID_ONLY)
        found = asked.refused(text, "--audience", API.app_id)
        assert "This is an id token" in found["kind"]["text"]

    def test_times_are_told_with_how_long(self, asked):
        found = asked.refused(asked.token(expires_in=-720))["time"]
        assert found["text"].startswith("It expired 12 minutes ago")
        ahead = changed(asked.token(), payload={"nbf": int(time.time()) + 7300})
        assert "not valid for another 2 hours" in asked.refused(ahead)["time"]["text"]
        skewed = changed(asked.token(), payload={"nbf": int(time.time()) + 60})
        assert "time" not in asked.refused(skewed)
        assert "not valid for another" in asked.notes(skewed)["time"]
        assert "no exp" in asked.refused(changed(asked.token(), payload={"exp": None}))["time"]["text"]

    def test_the_wrong_tenant_and_a_multi_tenant_issuer(self, asked):
        text = asked.token()
        found = asked.refused(text, "--tenant", "fabrikam")["tenant"]
        assert f"It is of Contoso ({CONTOSO.id})" in found["text"]
        assert "tenant" not in asked.refused(text, "--tenant", "contoso.example")
        assert "is a template" in asked.notes(text, "--tenant", "common")["tenant"]

    @pytest.mark.parametrize(
        ("issuer", "said"),
        [
            ("https://contoso.b2clogin.com/tid/v2.0/", "Azure AD B2C"),
            ("https://contoso.ciamlogin.com/tid/v2.0", "an external tenant (CIAM)"),
            ("https://login.microsoftonline.us/tid/v2.0", "the US government"),
            ("https://login.microsoftonline.com/common/v2.0", "is none that Entra gives"),
            ("https://issuer.example", "is none that Entra gives"),
            ("", "is none that Entra gives"),
        ],
    )
    def test_an_issuer_that_is_not_entras_for_work_accounts(self, asked, issuer, said):
        assert said in asked.refused(changed(asked.token(), payload={"iss": issuer}))["issuer"]["text"]

    def test_whose_signature_it_is(self, asked):
        text = asked.token()
        assert (
            "the token was changed" in asked.refused(changed(text, payload={"scp": "data.write"}))["signature"]["text"]
        )
        key = RSAKey.generate_key(2048)
        claims = claims_of(text)
        foreign = jose.encode({"alg": "RS256", "kid": "somebodys"}, claims, key)
        found = asked.refused(foreign)["signature"]
        assert "No key of this mock has the kid somebodys" in found["text"]
        assert "from the real Entra" in found["text"]
        asked.entra.keys.rotate(retire=True)
        assert "no longer published" in asked.refused(asked.token())["signature"]["text"]

    @pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES256"])
    def test_any_other_algorithm_is_refused(self, asked, algorithm):
        found = asked.refused(changed(asked.token(), {"alg": algorithm}))["algorithm"]
        assert "alg is" in found["text"]
        unsigned = changed(asked.token(), {"alg": "none"}).rpartition(".")[0] + "."
        assert "nobody signed it" in asked.refused(unsigned)["algorithm"]["text"]

    def test_what_stands_around_it_is_told_and_the_rest_is_checked_all_the_same(self, asked):
        text = asked.token()
        for around in (
            f"Bearer {text}",
            f"Authorization: Bearer {text}",
            f" {text}",
            f'"{text}"',
            text[:90] + "\n" + text[90:],
        ):
            assert set(asked.refused(around, "--audience", API.app_id)) == {"form"}
        assert "'Bearer' stands before" in asked.refused(f"Bearer {text}")["form"]["text"]
        assert "in the middle" in asked.refused(f"{text[:90]} {text[90:]}")["form"]["text"]

    def test_the_client_is_compared(self, asked):
        found = asked.refused(asked.token(), "--client", "Contoso Data API")["client"]
        assert "The client is Contoso Web App" in found["text"]

    def test_too_many_groups_are_a_note(self, asked):
        text = asked.token(claims={"_claim_names": {"groups": "src1"}})
        assert "lists none" in asked.notes(text)["groups"]


def test_it_knows_the_keys_of_the_running_server_and_reads_a_pipe(env, served):
    del served
    token = shell.mock_idp("token", "rita", "--for", "api://orders", env=env).stdout
    done = shell.mock_idp("explain", "--audience", "api://orders", env=env, input=token)
    assert done.returncode == 0, done.stdout + done.stderr
    refused = shell.mock_idp("explain", "-", "--audience", "api://billing", env=env, input=token)
    assert refused.returncode == 1
    assert "An API would refuse it, for 1 reason." in refused.stdout
