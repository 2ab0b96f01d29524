"""In place of the lab's module of this name, which asks a key vault: users, apps and secrets of `lab.toml`.

B2C, CIAM, AD FS and the national clouds have the lab's own addresses, so that their cases say themselves that they
cannot be reached.
"""

import os
from types import SimpleNamespace

LAB_APP_CLIENT_ID = "f62c5ae3-bf3a-4af5-afa8-a68b800396e9"
LAB = "10c419d4-4a50-45b2-aa4e-919fb84df24f"
AUTHORITY = f"https://login.microsoftonline.com/{LAB}"


class UserSecrets:
    """Names of users."""

    PUBLIC_CLOUD, FEDERATED, B2C, CIAM, ARLINGTON = "cloud", "federated", "b2c", "ciam", "arlington"


class AppSecrets:
    """Names of apps."""

    PCA_CLIENT, S2S_CLIENT, WEB_API_CLIENT = "public", "service", "api"
    B2C_CLIENT, CIAM_CLIENT, ARLINGTON_CLIENT = "b2c", "ciam", "arlington"


_USERS = {
    "cloud": ("walter@lab.example", "lab"),
    "federated": ("fed@fed.lab.example", "fed"),
    "b2c": ("b2clocal@msidlabb2c.onmicrosoft.com", "msidlabb2c"),
    "ciam": ("idlab@msidlabciam6.onmicrosoft.com", "msidlabciam6"),
    "arlington": ("idlab@arlmsidlab1.onmicrosoft.us", "arlmsidlab1"),
}
_APPS = {name: f"1ab00000-0000-4000-8000-00000000000{digit}" for digit, name in enumerate(("public", "service", "api"))}


def clean_env(name):
    return os.environ.get(name, "").strip() or None


def get_user_config(name):
    upn, lab = _USERS[name]
    return SimpleNamespace(upn=upn, lab_name=lab, authority=AUTHORITY, tenant_id=LAB)


def get_user_password(user):
    return "password of the lab"


def get_app_config(name):
    app_id = _APPS.get(
        name, f"1ab00000-0000-4000-8000-{name:0>12.12}".encode().hex()[:8] + "-0000-4000-8000-000000000000"
    )
    return SimpleNamespace(
        app_id=app_id, authority=AUTHORITY, secret_name="lab-secret", client_secret="lab-secret",
        scopes=["user.read"], defaultscopes=["user.read"],
    )  # fmt: skip


def get_secret(name, vault=None):
    return f"value of {name}"


def get_client_certificate():
    return {"private_key_pfx_path": clean_env("LAB_APP_CLIENT_CERT_PFX_PATH"), "public_certificate": True}
