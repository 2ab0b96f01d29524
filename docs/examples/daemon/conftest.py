"""The API that the script calls, and the script's registration."""

from threading import Thread

import jwt
import pytest
from flask import Flask, request
from werkzeug.serving import make_server

API = "api://orders"


def create_api(tenant):
    api = Flask("orders")
    keys = jwt.PyJWKClient(f"https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys")

    @api.get("/orders")
    def orders():
        token = request.authorization.token
        claims = jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], audience=API)
        return ["a bicycle", "a bell"] if "Orders.Read" in claims.get("roles", []) else ("no role Orders.Read", 403)

    return api


@pytest.fixture
def api_url(entra):
    server = make_server("127.0.0.1", 0, create_api(entra.tenant), threaded=True)
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def settings(entra, api_url):
    """The script's settings. Once an app is registered, only its own secret will do, also in an undeclared tenant."""
    entra.app("Orders", identifier_uri=API, roles=["Orders.Read"])
    daemon = entra.app("Nightly report", secret="the secret")
    return {
        "TENANT_ID": entra.tenant,
        "CLIENT_ID": daemon.app_id,
        "CLIENT_SECRET": "the secret",
        "API_URL": api_url,
    }
