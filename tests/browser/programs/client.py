"""A small web app that knows nothing of a stand-in: Microsoft's hosts, two resources in one request.

Started as ``flask --app client run``; the API's address comes from API_URL, because tests pick free ports.
"""

import os

import flask
import msal
import requests

TENANT = "5d3bd0f2-8f9c-4f0e-9f43-0b1f6f5f2a10"
CLIENT = "0f2c9a51-6a0a-4a86-9d5c-6a1d2f1f7b22"
API = "api://b4c7f3de-7c1d-4e0c-8a40-2f1a4d9c1e33"
SCOPES = ["User.Read", f"{API}/data.read", f"{API}/data.write"]

app = flask.Flask(__name__)
app.secret_key = "only a test"
pending: dict[str, dict] = {}
signed_in: dict[str, dict] = {}


def entra() -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        CLIENT, authority=f"https://login.microsoftonline.com/{TENANT}", client_credential="any secret"
    )


def callback_url() -> str:
    return f"http://localhost:{flask.request.host.rpartition(':')[2]}/back"


@app.get("/")
def home():
    return '<a id="login" href="/login">sign in</a>'


@app.get("/login")
def login():
    flow = entra().initiate_auth_code_flow(SCOPES, redirect_uri=callback_url())
    pending[flow["state"]] = flow
    return flask.redirect(flow["auth_uri"])


@app.get("/back")
def back():
    client = entra()
    result = client.acquire_token_by_auth_code_flow(pending.pop(flask.request.args["state"]), flask.request.args)
    if "error" in result:
        return result, 400
    person = requests.get(
        "https://graph.microsoft.com/v1.0/me",
        headers={"Authorization": f"Bearer {result['access_token']}"},
        timeout=10,
    ).json()
    api = client.acquire_token_silent(SCOPES[1:], account=client.get_accounts()[0])
    signed_in["token"] = api["access_token"]
    return f'<p id="name">{person["displayName"]}</p><a id="read" href="/read">r</a><a id="write" href="/write">w</a>'


@app.get("/<any(read, write):what>")
def call(what: str):
    send = requests.get if what == "read" else requests.post
    answer = send(
        f"{os.environ['API_URL']}/{what}", headers={"Authorization": f"Bearer {signed_in['token']}"}, timeout=10
    )
    return f'<pre id="answer">{answer.status_code} {answer.text}</pre>'
