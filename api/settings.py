"""What a deployment decides: the tenant that is trusted, and the app registration this API is.

Everything else (hosts, issuers, URLs) follows from these, as in
https://learn.microsoft.com/en-us/entra/identity-platform/authentication-national-cloud for the global cloud.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from dotenv import dotenv_values, find_dotenv

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMES = ("TENANT_ID", "API_CLIENT_ID", "API_APP_ID_URI", "SWAGGER_CLIENT_ID")


class SettingsError(Exception):
    """A setting is missing or cannot be right; the message names the variable and says what belongs there."""


@dataclass(frozen=True)
class Settings:
    """The four settings, all strings; GUIDs are in lower case, the way tokens write them.

    Attributes:
        tenant_id: Directory (tenant) ID, the only tenant whose tokens are accepted.
        api_client_id: Application (client) ID of this API, the audience of v2.0 tokens.
        api_app_id_uri: Application ID URI of this API, the audience of v1.0 tokens and the prefix of its scopes.
        swagger_client_id: Application (client) ID that the Swagger page signs in with, if it has one.
    """

    tenant_id: str
    api_client_id: str
    api_app_id_uri: str
    swagger_client_id: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment, and what it does not have from the nearest ``.env``, in or above the working directory.

        Raises:
            SettingsError: A required variable is missing, or a value is not of the kind that belongs there.
        """
        return cls.from_mapping({**dotenv_values(find_dotenv(usecwd=True), interpolate=False), **os.environ})

    @classmethod
    def from_mapping(cls, variables: Mapping[str, str | None]) -> Self:
        """Build settings from variables by name. An empty variable counts as a missing one.

        Raises:
            SettingsError: A required variable is missing, or a value is not of the kind that belongs there.
        """
        values = {name: (variables.get(name) or "").strip() for name in _NAMES}
        missing = [name for name in ("TENANT_ID", "API_CLIENT_ID") if not values[name]]
        if missing:
            raise SettingsError(f"set {' and '.join(missing)} in the environment or in .env, see api/.env.example")
        client_id = _guid("API_CLIENT_ID", values)
        return cls(
            tenant_id=_guid("TENANT_ID", values),
            api_client_id=client_id,
            api_app_id_uri=_uri("API_APP_ID_URI", values) or f"api://{client_id}",
            swagger_client_id=_guid("SWAGGER_CLIENT_ID", values) if values["SWAGGER_CLIENT_ID"] else None,
        )

    @property
    def authority(self) -> str:
        """URL of the tenant at Microsoft's login host, without a final slash."""
        return f"https://login.microsoftonline.com/{self.tenant_id}"

    @property
    def v2_issuer(self) -> str:
        """The ``iss`` of the tenant's v2.0 tokens, which is also the ``issuer`` of its v2.0 discovery document."""
        return f"{self.authority}/v2.0"

    @property
    def v1_issuer(self) -> str:
        """The ``iss`` of the tenant's v1.0 tokens."""
        return f"https://sts.windows.net/{self.tenant_id}/"

    def full_scope(self, name: str) -> str:
        """Give a scope of this API the way a client asks for it; ``name`` is how a token's ``scp`` has it."""
        return f"{self.api_app_id_uri}/{name}"


def _guid(name: str, values: Mapping[str, str]) -> str:
    value = values[name].lower()
    if not _GUID.fullmatch(value):
        raise SettingsError(f"{name} must be a GUID such as 11111111-2222-3333-4444-555555555555, not {values[name]!r}")
    return value


def _uri(name: str, values: Mapping[str, str]) -> str:
    value = values[name]
    if value and not re.match(r"[a-z][a-z0-9+.-]*:\S+$", value):
        raise SettingsError(f"{name} must be a URI such as api://{values['API_CLIENT_ID']}, not {value!r}")
    return value
