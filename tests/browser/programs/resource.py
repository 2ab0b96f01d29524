"""A small API that knows nothing of a stand-in: fetches keys at import from Microsoft's host, expects a v1.0 token."""

import fastapi
import jwt
import requests
from client import API, TENANT

document = requests.get(
    f"https://login.microsoftonline.com/{TENANT}/v2.0/.well-known/openid-configuration", timeout=10
).json()
keys = jwt.PyJWKClient(document["jwks_uri"])
app = fastapi.FastAPI()


def scopes_of(request: fastapi.Request) -> list[str]:
    token = request.headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        audience=API,
        issuer=f"https://sts.windows.net/{TENANT}/",
    )
    return claims["scp"].split()


@app.get("/read")
def read(request: fastapi.Request):
    return {"read": "data.read" in scopes_of(request)}


@app.post("/write")
def write(request: fastapi.Request):
    return {"write": "data.write" in scopes_of(request)}
