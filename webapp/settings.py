"""What the application has to be told, read from the environment and from a `.env` file.

The names are those of the app registration's overview page in the Microsoft Entra admin center:
https://learn.microsoft.com/entra/identity-platform/quickstart-register-app
"""

from __future__ import annotations

import os
import re
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

import click
from dotenv import dotenv_values, find_dotenv

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(click.ClickException):
    """Settings are missing or cannot be right. Being click's, `flask run` prints the message and no traceback."""


@dataclass(frozen=True)
class Settings:
    """Everything the application can be configured with; each field is the variable of the same name in capitals.

    Attributes:
        tenant_id: Directory (tenant) ID, or one of the tenant's domains.
        client_id: Application (client) ID.
        client_secret: Value of a client secret.
        api_scope_prefix: The API's Application ID URI.
        redirect_uri: Where the identity provider sends people back to; has to be registered.
        api_base_url: Where the API answers.
        session_dir: Where sessions are kept, as files; empty for this process's memory.
    """

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    api_scope_prefix: str
    redirect_uri: str = "http://localhost:5001/callback"
    api_base_url: str = "http://localhost:8000"
    session_dir: str = ""

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the process's environment and, below it, the nearest `.env` from the working directory upwards.

        Raises:
            SettingsError: Some variable is missing or malformed; the message names every one of them.
        """
        dotenv = dotenv_values(find_dotenv(usecwd=True), interpolate=False)
        return cls.from_mapping({**dotenv, **os.environ})

    @classmethod
    def from_mapping(cls, variables: Mapping[str, str | None]) -> Settings:
        """Build settings from variables by name. An empty variable counts as absent.

        Raises:
            SettingsError: Some variable is missing or malformed; the message names every one of them.
        """
        values: dict[str, str] = {}
        complaints: list[str] = []
        for spec in fields(cls):
            name = spec.name.upper()
            value = (variables.get(name) or "").strip()
            expected = _EXPECTED.get(name)
            if not value:
                if expected and spec.default is MISSING:
                    complaints.append(f"{name} is missing; it should be {expected.form}")
            elif expected and not re.fullmatch(expected.pattern, value):
                complaints.append(f"{name} is not {expected.form}")
            else:
                values[spec.name] = value
        if complaints:
            raise SettingsError("\n  ".join(["the web app is not configured:", *complaints, _WHERE]))
        return cls(**values)

    @property
    def authority(self) -> str:
        """The tenant at the identity provider, an https URL."""
        return f"https://login.microsoftonline.com/{self.tenant_id}"

    @property
    def is_https(self) -> bool:
        """Whether people reach the application over https."""
        return self.redirect_uri.startswith("https:")

    def absolute_url(self, path: str) -> str:
        """The URL by which a browser reaches `path`, taken from the redirect URI and never from a request's headers."""
        return urljoin(self.redirect_uri, path)

    def scope(self, name: str) -> str:
        """The full name of one of the API's scopes, as requests to the identity provider want it."""
        return f"{self.api_scope_prefix.rstrip('/')}/{name}"


class _Expected(NamedTuple):
    pattern: str
    form: str


_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_EXPECTED = {
    "TENANT_ID": _Expected(
        rf"{_GUID}|[\w-]+(?:\.[\w-]+)+",
        "the directory (tenant) ID, such as 11111111-2222-3333-4444-555555555555, or a domain of the tenant",
    ),
    "CLIENT_ID": _Expected(_GUID, "the application (client) ID, such as 11111111-2222-3333-4444-555555555555"),
    "CLIENT_SECRET": _Expected(r"\S+", "a client secret's value (not its ID)"),
    "API_SCOPE_PREFIX": _Expected(
        r"(?:api|https)://[^\s/?#]+(?:/[^\s?#]*)?",
        "the API's Application ID URI, such as api://11111111-2222-3333-4444-555555555555",
    ),
    # plain http is for this machine only: https://learn.microsoft.com/entra/identity-platform/reply-url
    "REDIRECT_URI": _Expected(
        r"(?:https://[^\s/?#]+|http://(?:localhost|127\.0\.0\.1)(?::\d+)?)(?:/[^\s?#]*)?/callback",
        "a registered redirect URI that ends in /callback, such as http://localhost:5001/callback "
        "(https unless the host is localhost)",
    ),
    "API_BASE_URL": _Expected(r"https?://[^\s?#]+", "the API's address, such as http://localhost:8000"),
}
_WHERE = "Set them in the environment or in a .env file; webapp/.env.example shows how."
