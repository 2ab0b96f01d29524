"""An application acting for itself."""

import pytest
from harness import (
    ANY_CLIENT,
    API,
    API_URI,
    CONTOSO,
    GRAPH,
    LOGIN,
    UNDECLARED,
    WEB_APP,
    WEB_APP_SECRET,
    claims_of,
    error_of,
    header_of,
)
from joserfc import jwt
from joserfc.jwk import KeySet

from mock_idp.directory.models import PasswordCredential
from mock_idp.facts.microsoft_apis import RESOURCES

GRAPH_ID = "00000003-0000-0000-c000-000000000000"


def ask(idp, scope: str | None = f"{API_URI}/.default", tenant: str = CONTOSO.id, **body):
    return idp.token(tenant, grant_type="client_credentials", scope=scope, **body)


@pytest.mark.parametrize("row", RESOURCES, ids=lambda row: row.name)
def test_microsofts_own_apis_are_in_every_tenant(idp, row):
    for name in (row.app_id, *row.identifier_uris):
        answer = idp.token(grant_type="client_credentials", scope=f"{name}/.default").json()
        assert claims_of(answer["access_token"])["aud"] == (row.app_id if row.version else name)


def test_the_answer_has_neither_scope_nor_refresh_nor_id_token(idp):
    answer = ask(idp, client_info="1")
    assert list(answer.json()) == ["token_type", "expires_in", "ext_expires_in", "access_token"]
    assert answer.json()["expires_in"] == answer.json()["ext_expires_in"] == 3599


def test_an_own_apis_v2_token_names_the_application_and_no_user(idp):
    token = ask(idp).json()["access_token"]
    with idp.client() as client:
        keys = KeySet.import_key_set(client.get(f"{LOGIN}/{CONTOSO.id}/discovery/v2.0/keys").json())
    claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
    assert list(claims) == [
        *("aud", "iss", "iat", "nbf", "exp", "aio", "azp", "azpacr", "oid", "rh", "sub", "tid", "uti", "ver", "xms_ftd")
    ]
    assert claims["aud"] == API.app_id
    assert claims["iss"] == f"https://login.microsoftonline.com/{CONTOSO.id}/v2.0"
    assert (claims["azp"], claims["azpacr"], claims["ver"]) == (WEB_APP.app_id, "1", "2.0")
    assert claims["oid"] == claims["sub"] == WEB_APP.id
    assert claims["exp"] - claims["iat"] == 3900
    assert list(header_of(token)) == ["typ", "alg", "kid"]


def test_the_roles_that_the_application_was_given_are_in_it(idp):

    from mock_idp.directory.models import AppRoleAssignment

    given = AppRoleAssignment(principal_id=WEB_APP.id, resource_id=API.app_id, value="Data.Reader")
    contoso = idp.entra.live.declared[0]
    idp.entra.live.change(contoso, lambda t: t.tenant._replace(role_assignments=(*t.tenant.role_assignments, given)))
    assert claims_of(ask(idp).json()["access_token"])["roles"] == ["Data.Reader"]


@pytest.mark.parametrize("scope", ["https://graph.microsoft.com/.default", f"{GRAPH_ID}/.default"])
def test_graphs_token_is_v1_and_for_the_resource_as_it_was_asked(idp, scope):
    claims = claims_of(ask(idp, scope).json()["access_token"])
    assert claims["aud"] == scope.removesuffix("/.default")
    assert claims["iss"] == claims["idp"] == f"https://sts.windows.net/{CONTOSO.id}/"
    assert (claims["ver"], claims["appid"], claims["appidacr"]) == ("1.0", WEB_APP.app_id, "1")
    assert (claims["idtyp"], claims["app_displayname"]) == ("app", "Contoso Web App")
    assert claims["wids"] == ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"]
    assert "scp" not in claims


def test_graph_says_that_me_needs_a_user(idp):
    token = ask(idp, "https://graph.microsoft.com/.default").json()["access_token"]
    with idp.client(headers={"Authorization": f"Bearer {token}"}) as client:
        answer = client.get(f"{GRAPH}/v1.0/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert answer.json()["error"]["message"] == "/me request is only valid with delegated authentication flow."


@pytest.mark.parametrize("scope", ["api://orders/.default", "https://orders.example/.default"])
def test_an_undeclared_resource_gets_a_v1_token_for_its_identifier(idp, scope):
    claims = claims_of(ask(idp, scope, UNDECLARED, client_id=ANY_CLIENT).json()["access_token"])
    assert (claims["aud"], claims["ver"]) == (scope.removesuffix("/.default"), "1.0")
    assert list(claims) == [
        *("aud", "iss", "iat", "nbf", "exp", "aio", "appid", "appidacr", "idp", "oid", "rh", "sub", "tid", "uti"),
        *("ver", "xms_ftd"),
    ]


@pytest.mark.parametrize("domain", [domain for row in RESOURCES for domain in row.accounts])
def test_microsofts_apis_are_named_by_the_address_of_an_account_too(idp, domain):
    for name in (f"https://shop.{domain}", f"https://shop.{domain}/"):
        claims = claims_of(ask(idp, f"{name}/.default").json()["access_token"])
        assert (claims["aud"], claims["ver"]) == (name, "1.0")
    for name in (f"https://.{domain}", f"https://a.shop.{domain}", f"api://shop.{domain}"):
        assert error_of(ask(idp, f"{name}/.default"))[2] == 500011


def test_an_application_may_ask_for_itself_by_its_identifier_uri(idp, monkeypatch):

    api = API._replace(secrets=(PasswordCredential(value="s"),))
    monkeypatch.setitem(idp.entra.live.declared[0]._apps, API.app_id, api)
    answer = ask(idp, client_id=API.app_id, client_secret="s")
    assert claims_of(answer.json()["access_token"])["aud"] == API.app_id


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, (400, "invalid_request", 90014)),
        ("", (400, "invalid_request", 90014)),
        (f"{API_URI}/data.read", (400, "invalid_scope", 1002012)),
        ("User.Read", (400, "invalid_scope", 1002012)),
        ("openid", (400, "invalid_scope", 1002012)),
        ("openid profile offline_access", (400, "invalid_scope", 1002012)),
        ("not//a/scope", (400, "invalid_scope", 70011)),
        (f"{API_URI}/.default https://graph.microsoft.com/.default", (400, "invalid_scope", 70011)),
        (f"{API_URI}/.default User.Read", (400, "invalid_scope", 70011)),
        ("api://nowhere/.default", (400, "invalid_resource", 500011)),
        (f"{CONTOSO.id}/.default", (400, "invalid_resource", 500011)),
        ("https://nowhere.example/.default", (400, "invalid_resource", 500011)),
    ],
)
def test_scopes_that_are_not_one_resources_default_are_refused(idp, scope, expected):
    assert error_of(ask(idp, scope)) == expected


def test_default_alone_is_graphs(idp):
    claims = claims_of(ask(idp, ".default").json()["access_token"])
    assert (claims["aud"], claims["idtyp"]) == (GRAPH_ID, "app")


def test_the_refusal_of_a_named_scope_says_what_to_write(idp):
    description = ask(idp, f"{API_URI}/data.read").json()["error_description"]
    assert description.startswith(
        f"AADSTS1002012: The provided value for scope {API_URI}/data.read is not valid. Client credential flows must "
        "have a scope value with /.default suffixed to the resource identifier (application ID URI)."
    )


def test_oidc_scopes_beside_default_are_let_pass(idp):
    assert ask(idp, f"{API_URI}/.default openid profile offline_access").status_code == 200


@pytest.mark.parametrize("alias", ["common", "organizations", "Common"])
def test_on_an_alias_no_tenant_is_named(idp, alias):
    answer = ask(idp, "https://graph.microsoft.com/.default", alias, client_id=ANY_CLIENT)
    assert error_of(answer) == (400, "invalid_request", 50059)


@pytest.mark.parametrize("tenant", [CONTOSO.id, UNDECLARED])
def test_from_a_browsers_page_it_is_refused(idp, tenant):
    body = {"grant_type": "client_credentials", "client_id": WEB_APP.app_id, "client_secret": WEB_APP_SECRET}
    with idp.client(headers={"Origin": "http://localhost:8000"}) as client:
        answer = client.post(
            f"{LOGIN}/{tenant}/oauth2/v2.0/token", data={**body, "scope": "https://graph.microsoft.com/.default"}
        )
    assert error_of(answer) == (400, "invalid_request", 9002326)


def test_without_the_secret_it_is_7000216_and_with_a_wrong_one_7000215(idp):
    assert error_of(ask(idp, client_secret=None)) == (401, "invalid_client", 7000216)
    assert error_of(ask(idp, client_secret="wrong")) == (401, "invalid_client", 7000215)
    assert error_of(ask(idp, tenant=UNDECLARED, client_secret=None)) == (401, "invalid_client", 7000216)
