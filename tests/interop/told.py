"""What the programs of `clients/` tell, held against what the server of that moment has."""

from harness import claims_of, header_of
from interop.clients.entra import CLIENT, TENANT
from interop.matrix import Client


def check(client: Client, told: dict[str, object], front_url: str, kids: set[str]) -> None:
    """All that a program got is ours, first its token: signed with one of our keys."""
    assert tuple(told) == client.asks
    token = str(told["token"])
    assert header_of(token)["kid"] in kids
    claims = claims_of(token)
    assert (claims["tid"], claims["appid"]) == (TENANT, CLIENT)
    assert str(told.get("authorize", front_url)).startswith(front_url)
    assert told.get("graph", 400) == 400  # an application has no /me
