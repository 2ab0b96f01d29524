"""A person signs in with an MCP client; a program brings a token."""

import pytest

pytestmark = pytest.mark.anyio


async def test_a_person_signs_in_and_calls_the_tool(server, person, entra):
    async with server.client(auth=person("rita")) as client:
        assert (await client.call_tool("whoami")).data == "Rita Reader"
    assert entra.journal.one("token").granted == ("mcp.read",)


async def test_a_program_brings_a_token(server, entra):
    token = entra.token("rita", audience="Contoso MCP", scopes=["mcp.read"])
    async with server.client(auth=str(token)) as client:
        assert (await client.call_tool("whoami")).data == "Rita Reader"


async def test_others_are_turned_away(server, entra):
    for_graph = entra.token("rita", audience="https://graph.microsoft.com").header
    expired = entra.token("rita", audience="Contoso MCP", expires_in=-60).header
    version_1 = entra.token("rita", audience="Contoso MCP", version=1).header
    async with server.http_client() as client:
        for headers in ({}, for_graph, expired, version_1):
            assert (await client.post("/mcp", headers=headers)).status_code == 401
