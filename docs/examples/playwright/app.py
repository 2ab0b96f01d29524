"""A Flask app that people sign in to with Microsoft Entra ID. `flask run` starts it."""

import os

from flask import Flask, redirect, render_template_string, request, session, url_for
from msal import ConfidentialClientApplication

app = Flask(__name__)
app.secret_key = os.urandom(32)

HOME = "{% if name %}<h1>Hello, {{ name }}</h1>{% else %}<a href='/login'>Sign in</a>{% endif %}"
FAILED = "<h1>Sign-in failed</h1> <p>{{ reason }}</p>"


def entra_id():
    authority = f"https://login.microsoftonline.com/{os.environ['TENANT_ID']}"
    return ConfidentialClientApplication(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"], authority)


@app.get("/")
def home():
    return render_template_string(HOME, name=session.get("name"))


@app.get("/login")
def login():
    session["flow"] = entra_id().initiate_auth_code_flow([], redirect_uri=url_for("callback", _external=True))
    return redirect(session["flow"]["auth_uri"])


@app.get("/callback")
def callback():
    answer = entra_id().acquire_token_by_auth_code_flow(session.pop("flow", {}), request.args)
    if "error" in answer:
        return render_template_string(FAILED, reason=answer["error_description"]), 401
    session["name"] = answer["id_token_claims"]["name"]
    return redirect("/")
