"""Microsoft Graph's own SDK as it is: for a user, and refused for an application."""

import asyncio
import gc

import needs
import pytest
from azure.identity.aio import OnBehalfOfCredential
from harness import ANY_CLIENT

GraphServiceClient = needs.python_package("msgraph").GraphServiceClient
APIError = needs.python_package("kiota_abstractions.api_error").APIError

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


@pytest.fixture(autouse=True)
def _left_open():
    """Its client is never closed: let that be noticed here, not in another test."""
    yield
    gc.collect()


def test_it_asks_who_the_user_is(entra):
    token = entra.token("rita", audience=f"api://{ANY_CLIENT}", scopes=["read"])

    async def me():
        async with OnBehalfOfCredential(
            entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(token)
        ) as credential:
            return await GraphServiceClient(credential, ["https://graph.microsoft.com/User.Read"]).me.get()

    found = asyncio.run(me())
    assert (found.user_principal_name, found.display_name) == ("rita@contoso.example", "Rita Reader")
    assert entra.journal.last("me").host == "graph.microsoft.com"


def test_what_graph_refuses_is_an_error_of_the_sdk(entra):
    token = entra.token("rita", audience=f"api://{ANY_CLIENT}", scopes=["read"])

    async def me():
        async with OnBehalfOfCredential(
            entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(token)
        ) as credential:
            await GraphServiceClient(credential, ["https://graph.microsoft.com/Mail.Read"]).me.messages.get()

    with pytest.raises(APIError):
        asyncio.run(me())
