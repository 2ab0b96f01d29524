"""An MCP server behind Microsoft Entra ID, with one tool."""

import os

from fastmcp import FastMCP
from fastmcp.server.auth import MultiAuth
from fastmcp.server.auth.providers.azure import AzureJWTVerifier, AzureProvider
from fastmcp.server.dependencies import get_access_token


def whoami() -> str:
    """Who is asking."""
    return get_access_token().claims["name"]


def create_server():
    """MCP clients sign people in through the server; other programs bring a token that they got from Entra."""
    api = {
        "tenant_id": os.environ["TENANT_ID"],
        "client_id": os.environ["CLIENT_ID"],
        "required_scopes": ["mcp.read"],
    }
    sign_in = AzureProvider(**api, client_secret=os.environ["CLIENT_SECRET"], base_url=os.environ["BASE_URL"])
    return FastMCP("Contoso", auth=MultiAuth(server=sign_in, verifiers=AzureJWTVerifier(**api)), tools=[whoami])
