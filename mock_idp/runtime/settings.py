"""How the server behaves: one frozen value, made by the command line or a fixture."""

from typing import Literal, NamedTuple

FrontChannel = Literal["loopback", "real"]
MultiResourceCode = Literal["entra", "strict"]


def with_graph_nonce(*said: bool | None) -> bool:
    """Whether Graph tokens have their nonce: as the first says who says something; else they do, as Entra's."""
    return next((each for each in said if each is not None), True)


class Settings(NamedTuple):
    """What may be chosen.

    Attributes:
        front_url: where a browser reaches us without certificate or proxy, no trailing slash.
        front_channel: what discovery names for a browser: ``front_url``, or with ``real`` Microsoft's host.
        multi_resource_code: ``entra`` follows what was observed of scopes for several resources (facts §4.4),
            ``strict`` refuses every mixture with 28000.
        graph_nonce: Graph tokens have the header ``nonce`` with which nobody but Graph can verify them.
        version: of access tokens for resources that nobody declared; ``None`` for 1, as a fresh registration has.
        offline: no issuer but those on this machine is asked for its keys.
        instance: tells this server from an earlier one.
        seed: for repeatable ids in tests.
    """

    front_url: str = "http://127.0.0.1:8029"
    front_channel: FrontChannel = "loopback"
    multi_resource_code: MultiResourceCode = "entra"
    graph_nonce: bool = True
    version: Literal[1, 2] | None = None
    offline: bool = False
    instance: str = ""
    seed: int | None = None
