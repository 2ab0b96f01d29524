"""Settings of a Django project whose people sign in with Microsoft Entra ID, by django-auth-adfs."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "only for development")
ALLOWED_HOSTS = ["shop.contoso.example"]
ROOT_URLCONF = "shop.urls"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_auth_adfs",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

AUTHENTICATION_BACKENDS = ["django_auth_adfs.backend.AdfsAuthCodeBackend"]
LOGIN_URL = "django_auth_adfs:login"
LOGIN_REDIRECT_URL = "/"

CLIENT_ID = "7d1f4b62-0a3e-4f7c-9d55-6b8e2c1a9f30"
AUTH_ADFS = {
    "TENANT_ID": "4e8a1c57-2b6d-4d0f-8c39-a1f7e5d3b264",
    "CLIENT_ID": CLIENT_ID,
    "CLIENT_SECRET": os.environ.get("CLIENT_SECRET", "only for development"),
    "VERSION": "v2.0",
    "SCOPES": ["openid", f"api://{CLIENT_ID}/user_impersonation"],
    "AUDIENCE": CLIENT_ID,
    "RELYING_PARTY_ID": CLIENT_ID,
    "GROUPS_CLAIM": "roles",
    "GROUP_TO_FLAG_MAPPING": {"is_staff": "Staff"},
}
