"""What the programs of this folder have hard-coded, as programs do, and how they say what they got."""

import json

LOGIN = "https://login.microsoftonline.com"
TENANT = "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
CLIENT = "11111111-2222-4333-8444-555555555555"
SECRET = "x"
SCOPE = "https://graph.microsoft.com/.default"

AUTHORITY = f"{LOGIN}/{TENANT}"
DISCOVERY = f"{AUTHORITY}/v2.0/.well-known/openid-configuration"
TOKEN = f"{AUTHORITY}/oauth2/v2.0/token"
ME = "https://graph.microsoft.com/v1.0/me"

FORM = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "scope": SCOPE}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def report(token, discovery=None, graph=None):
    """One JSON line: the access token; if asked for, the discovery document's authorize endpoint and Graph's status."""
    rest = {"authorize": discovery["authorization_endpoint"], "graph": graph} if discovery else {}
    print(json.dumps({"token": token, **rest}))  # noqa: T201 - its purpose
