"""What a test suite may choose: the value of the fixture ``entra_settings``."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from mock_idp.errors import UserError
from mock_idp.runtime.settings import FrontChannel, MultiResourceCode
from mock_idp.testing.words import check_names, wrong_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the fixtures behave.

    Attributes:
        tenant: whose tokens ``entra.token()`` makes: id, domain or display name; ``None`` for the first tenant of the
            project's directory file or, when there is none, for an undeclared tenant, in which everything exists.
        version: of access tokens, 1 or 2, for APIs that nobody declared; ``None`` for 1, as a fresh registration.
        front_channel: ``loopback``, or ``real`` when discovery is to name Microsoft's hosts for browsers too.
        multi_resource_code: ``strict`` refuses every code redeemed for two resources; ``None`` for what the directory
            file says, else ``entra``.
        graph_nonce: ``False`` leaves out the header ``nonce`` of Graph tokens, with which nobody but Graph can verify
            them; ``None`` for what the directory file says, else they have it, as Entra's.
        seed: for repeatable ids.
    """

    tenant: str | None = None
    version: int | None = None
    front_channel: FrontChannel = "loopback"
    multi_resource_code: MultiResourceCode | None = None
    graph_nonce: bool | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.version not in (None, 1, 2):
            raise wrong_value("version", self.version, "1 or 2")
        if self.graph_nonce not in (None, True, False):
            raise wrong_value("graph_nonce", self.graph_nonce, "True or False")
        for name, allowed in (
            ("front_channel", get_args(FrontChannel)),
            ("multi_resource_code", (None, *get_args(MultiResourceCode))),
        ):
            if getattr(self, name) not in allowed:
                raise wrong_value(name, getattr(self, name), " or ".join(repr(each) for each in allowed if each))


def settings_of(value: Settings | Mapping[str, Any] | None) -> Settings:
    """Settings from what a fixture returned.

    Raises:
        UserError: there is no such setting, or it cannot have this value.
    """
    if value is None or isinstance(value, Settings):
        return value or Settings()
    if not isinstance(value, Mapping):
        raise UserError(
            "entra_settings is no settings.",
            f"{type(value).__name__} {value!r} came; expected mock_idp.Settings(...), a dict, or None.",
            'Return, for instance, {"tenant": "contoso.example"}.',
        )
    check_names("setting", value, [field.name for field in fields(Settings)])
    return Settings(**value)
