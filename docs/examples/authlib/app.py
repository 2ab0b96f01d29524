"""A Flask app that people sign in to with Microsoft Entra ID, by Authlib. `flask run` starts it."""

import os

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, redirect, render_template_string, session, url_for
from joserfc.errors import JoseError

HOME = "{% if name %}<h1>Hello, {{ name }}</h1>{% else %}<a href='/login'>Sign in</a>{% endif %}"
FAILED = "<h1>Sign-in failed</h1> <p>{{ reason }}</p>"


def create_app(tenant, client_id, client_secret):
    app = Flask(__name__)
    app.secret_key = os.urandom(32)
    entra_id = OAuth(app).register(
        "entra_id",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )

    @app.get("/")
    def home():
        return render_template_string(HOME, name=session.get("name"))

    @app.get("/login")
    def login():
        return entra_id.authorize_redirect(url_for("callback", _external=True))

    @app.get("/callback")
    def callback():
        try:
            token = entra_id.authorize_access_token()  # checks the ID token: signature, issuer, audience, nonce, times
        except (OAuthError, JoseError) as error:
            return render_template_string(FAILED, reason=error.description or error.error), 401
        session["name"] = token["userinfo"]["name"]
        return redirect("/")

    return app
