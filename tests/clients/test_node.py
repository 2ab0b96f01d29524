"""Node's libraries as they are: programs of `tests/interop/capabilities`, which know Microsoft's hosts only."""

import json
import subprocess
from pathlib import Path

import httpx
import needs
import pytest
from assertions import identity
from harness import ANY_CLIENT, LOGIN, Forms, claims_of

PROGRAMS = Path(__file__).parents[1] / "interop" / "capabilities"
CALLBACK = "http://localhost:5001/callback"
RITA = "rita@contoso.example"


@pytest.fixture
def node(entra):
    """Run a program of Node's with what it is given; what it prints, line by line."""
    program = needs.node_packages()

    def run(name, given):
        command = [program, str(PROGRAMS / name), json.dumps(given)]
        with subprocess.Popen(command, env=entra.environ, stdout=subprocess.PIPE, text=True) as running:
            yield from map(json.loads, running.stdout)
        assert running.returncode == 0

    return run


def code_of(entra, client_id):
    """An authorization code for Rita."""
    asked = {"client_id": client_id, "response_type": "code", "redirect_uri": CALLBACK,
             "scope": "openid profile offline_access User.Read", "client_info": "1"}  # fmt: skip
    with httpx.Client(trust_env=False, base_url=entra.front_url) as browser:
        page = browser.get("/contoso.example/oauth2/v2.0/authorize", params=asked)
        tile = next(form for form in Forms(page.text).found if ("tile", RITA) in form[2])
        return browser.post(page.url.join(tile[0]), data={**tile[1], "tile": RITA}).next_request.url.params["code"]


def test_confidential_clients_by_every_grant_and_credential(entra, node):
    ours = identity("node")
    app = entra.app(
        "Node", tenant="contoso.example", secret="right", certificates=[ours.pem], redirect_uris=[CALLBACK],
        scopes=["read"],
    )  # fmt: skip
    entra.consent("Node", "https://graph.microsoft.com", ["User.Read"], tenant="contoso.example")
    assertion = entra.token("rita", tenant="contoso.example", audience="Node", scopes=["read"], client="Node")
    thumbprint = ours.certificate.fingerprint(ours.certificate.signature_hash_algorithm).hex()
    (got,) = node("confidential.cjs", {
        "tenant": "contoso.example", "client": app.app_id, "secret": "right", "key": ours.private_pem,
        "pem": ours.private_pem + ours.pem, "thumbprint": thumbprint, "assertion": str(assertion),
        "redirect": CALLBACK, "code": code_of(entra, app.app_id),
    })  # fmt: skip
    kinds = ("secret", "certificate", "regional", "onBehalf")
    assert [claims_of(got[name])["appidacr"] for name in kinds] == ["1", "2", "1", "1"]
    assert [claims_of(got["identity"][name])["appidacr"] for name in ("secret", "certificate")] == ["1", "2"]
    assert claims_of(got["onBehalf"])["unique_name"] == claims_of(got["identity"]["onBehalf"])["unique_name"] == RITA
    assert (got["cached"], got["silent"], got["refreshed"]) == (True, True, False)
    assert "7000215" in str(got["wrong"])
    assert got["account"] == RITA
    assert entra.journal.last("token", host="westus2.login.microsoft.com").path.endswith("/token")


def test_public_clients_by_device_code_and_by_password(entra, node):
    lines = node("public.cjs", {"tenant": entra.tenant, "client": ANY_CLIENT, "user": RITA})
    entra.approve_device(next(lines)["code"], user="rita")
    assert list(lines) == [{"device": RITA, "password": RITA}]


def test_validators_take_what_is_right_and_nothing_else(entra, node):
    keys = f"{LOGIN}/{entra.tenant}/discovery/v2.0/keys"
    first, second = (
        {
            "token": str(entra.token("rita", audience="api://orders", scopes=["read"], version=version)),
            "keys": keys, "audience": "api://orders", "issuer": issuer,
        }
        for version, issuer in (
            (1, f"https://sts.windows.net/{entra.tenant}/"),
            (2, f"{LOGIN}/{entra.tenant}/v2.0"),
        )
    )  # fmt: skip
    second["audience"] = claims_of(second["token"])["aud"]
    late = {**first, "token": str(entra.token("rita", audience="api://orders", scopes=["read"], expires_in=-400))}
    forged = {**first, "token": first["token"][:-8] + "AAAAAAAA"}
    asked = [first, second, late, {**first, "audience": "api://other"}, {**second, "issuer": first["issuer"]}, forged]
    (got,) = node("validate.cjs", asked)
    assert got[:4] == ["1.0", "1.0", "2.0", "2.0"]
    words = ("exp", "expired", "aud", "audience", "iss", "issuer", "signature", "signature")
    assert [word for word, told in zip(words, got[4:], strict=True) if word not in told] == []
