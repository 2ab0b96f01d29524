"""How the server behaves: one frozen value, made by the command line or a fixture."""

from dataclasses import dataclass
from typing import Literal

FrontChannel = Literal["loopback", "real"]
MultiResourceCode = Literal["entra", "strict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What may be chosen.

    Attributes:
        front_url: where a browser reaches us without certificate or proxy, no trailing slash.
        front_channel: what discovery names for a browser: ``front_url``, or with ``real`` Microsoft's host.
        multi_resource_code: ``entra`` follows what was observed of scopes for several resources (facts §4.4),
            ``strict`` refuses every mixture with 28000.
        version: of access tokens for resources that nobody declared; ``None`` for 1, as a fresh registration has.
        instance: tells this server from an earlier one.
        seed: for repeatable ids in tests.
    """

    front_url: str = "http://127.0.0.1:8029"
    front_channel: FrontChannel = "loopback"
    multi_resource_code: MultiResourceCode = "entra"
    version: Literal[1, 2] | None = None
    instance: str = ""
    seed: int | None = None
