"""The server, and an MCP client that needs no browser."""

import re

import pytest
from fastmcp.client.auth import OAuth
from fastmcp.utilities.tests import asgi_server, temporary_settings
from mcp.shared.auth import AuthorizationCodeResult

from server import create_server


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def server(entra, monkeypatch, tmp_path):
    """The server in this process, on no socket, configured with the app registration of mock-idp.toml."""
    monkeypatch.setenv("TENANT_ID", entra.tenant)
    monkeypatch.setenv("CLIENT_ID", "c0de0000-3c9a-4000-8000-0000000000a1")
    monkeypatch.setenv("CLIENT_SECRET", "the secret")
    monkeypatch.setenv("BASE_URL", "http://127.0.0.1")
    with temporary_settings(home=tmp_path):
        async with asgi_server(create_server()) as server:
            yield server


class Person(OAuth):
    """FastMCP's own OAuth client, with a person in place of the browser that it would open."""

    def __init__(self, server, entra, user):
        super().__init__(server.url, httpx_client_factory=server.http_client)
        self.entra, self.user = entra, user

    async def redirect_handler(self, authorization_url):
        async with self.httpx_client_factory() as browser:
            page = await browser.get(authorization_url, follow_redirects=True)
            form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
            approved = await browser.post("/consent", data={**form, "action": "approve"})
            self.arrived = await self.entra.sign_in(browser, approved.headers["location"], user=self.user)

    async def callback_handler(self):
        return AuthorizationCodeResult(**self.arrived.url.params)


@pytest.fixture
def person(server, entra):
    """Somebody who signs in: ``person("rita")``."""
    return lambda user: Person(server, entra, user)
