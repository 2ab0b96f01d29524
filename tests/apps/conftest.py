"""For `test_api_*.py`: a tenant at Microsoft's end of an httpx transport, and the API in front of it."""

import asyncio
import base64
import json
import time

import httpx
import pytest
from joserfc import jwk, jws
from starlette.testclient import TestClient

from api.main import create_app
from api.settings import Settings

TENANT_ID = "7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11"
CLIENT_ID = "c750c37c-6c67-4211-a9e2-6f035a897cfa"
APP_ID_URI = f"api://{CLIENT_ID}"
SWAGGER_CLIENT_ID = "0d8e0b0e-9a3f-4a43-8bd8-3f6a5b0f1c22"


class Tenant:
    """Publishes keys, signs tokens with joserfc, and counts how often it is asked for its keys.

    Attributes:
        keys: The key set it serves, JWKs by `kid`.
        failure: What it does instead of answering, an exception to raise or a response to give.
        fetches: URLs that were asked for, in order.
    """

    issuer = f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"
    jwks_uri = f"https://login.microsoftonline.com/{TENANT_ID}/discovery/v2.0/keys"

    def __init__(self, pairs):
        self.pairs = dict(pairs)
        self.keys = {"key-1": self.jwk("key-1")}
        self.discovery = {"issuer": self.issuer, "jwks_uri": self.jwks_uri}
        self.failure = None
        self.fetches = []

    def jwk(self, kid, /, **changes):
        """The public key as Entra's v2.0 key set has it."""
        template = "https://login.microsoftonline.com/{tenantid}/v2.0"
        return {**self.pairs[kid].as_dict(private=False), "use": "sig", "kid": kid, "issuer": template, **changes}

    def rotate(self):
        """Replace the published keys by the second one."""
        self.keys = {"key-2": self.jwk("key-2")}

    async def answer(self, request):
        self.fetches.append(str(request.url))
        await asyncio.sleep(0)  # so that other requests get their turn, as on a network
        if isinstance(self.failure, Exception):
            raise self.failure
        if self.failure:
            return self.failure
        documents = {
            f"{self.issuer}/.well-known/openid-configuration": self.discovery,
            self.jwks_uri: {"keys": list(self.keys.values())},
        }
        return httpx.Response(200, json=documents[str(request.url)])

    @property
    def key_fetches(self):
        return self.fetches.count(self.jwks_uri)

    def client(self):
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def claims(self, version=2, **changes):
        """What a user's access token says; a change to `None` leaves the claim out."""
        now = int(time.time())
        claims = {"iat": now - 300, "nbf": now - 300, "exp": now + 4500, "name": "Ada Lovelace", "scp": "data.read"}
        claims |= {"oid": "00000000-0000-0000-0000-00000000ada0", "sub": "AAAA", "tid": TENANT_ID}
        if version == 1:
            claims |= {"aud": APP_ID_URI, "iss": f"https://sts.windows.net/{TENANT_ID}/", "ver": "1.0"}
        else:
            claims |= {"aud": CLIENT_ID, "iss": self.issuer, "ver": "2.0"}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def sign(self, payload, signer="key-1", **header):
        """Sign any payload; `header` adds to the header, and `None` leaves a member out."""
        members = {"typ": "JWT", "alg": "RS256", "kid": signer} | header
        members = {name: value for name, value in members.items() if value is not None}
        registry = jws.JWSRegistry(strict_check_header=False)
        return jws.serialize_compact(members, payload, self.pairs[signer], registry=registry)

    def token(self, version=2, *, signer="key-1", header=None, **changes):
        return self.sign(json.dumps(self.claims(version, **changes)), signer, **(header or {}))


def segment(value):
    """Base64url of bytes, or of the JSON of anything else: a part of a token made by hand."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def key_pairs():
    return {kid: jwk.RSAKey.generate_key(2048) for kid in ("key-1", "key-2")}


@pytest.fixture
def tenant(key_pairs):
    return Tenant(key_pairs)


@pytest.fixture
def api_settings():
    return Settings(TENANT_ID, CLIENT_ID, APP_ID_URI, SWAGGER_CLIENT_ID)


@pytest.fixture
def api(tenant, api_settings):
    """A client of the API."""
    with TestClient(create_app(api_settings, tenant.client())) as client:
        yield client


@pytest.fixture
def ask(api):
    """Read the data, with a token."""
    return lambda token: api.get("/data/read", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def by_hand():
    return segment
