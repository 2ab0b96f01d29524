"""Microsoft Graph's own SDK as it is: for a user, and refused for an application."""

import asyncio
import warnings
from contextlib import asynccontextmanager

import needs
import pytest
from azure.identity.aio import OnBehalfOfCredential
from harness import ANY_CLIENT

GraphServiceClient = needs.python_package("msgraph").GraphServiceClient
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about its own classes
    UserItemRequestBuilder = needs.python_package(
        "msgraph.generated.users.item.user_item_request_builder"
    ).UserItemRequestBuilder
RequestConfiguration = needs.python_package("kiota_abstractions.base_request_configuration").RequestConfiguration
APIError = needs.python_package("kiota_abstractions.api_error").APIError

pytestmark = [pytest.mark.leaves_open, pytest.mark.filterwarnings("ignore")]  # the second for warnings of its own


@asynccontextmanager
async def graph(entra, scope):
    """A client that acts on behalf of Rita; the SDK itself leaves its connections open."""
    token = entra.token("rita", audience=f"api://{ANY_CLIENT}", scopes=["read"])
    async with OnBehalfOfCredential(
        entra.tenant, ANY_CLIENT, client_secret="any", user_assertion=str(token)
    ) as credential:
        client = GraphServiceClient(credential, [f"https://graph.microsoft.com/{scope}"])
        try:
            yield client
        finally:
            await client.request_adapter._http_client.aclose()


def test_it_asks_who_the_user_is_and_for_some_properties_alone(entra):
    some = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=["displayName", "accountEnabled"])

    async def me():
        async with graph(entra, "User.Read") as client:
            return await client.me.get(), await client.me.get(RequestConfiguration(query_parameters=some))

    whole, part = asyncio.run(me())
    assert (whole.user_principal_name, whole.display_name, whole.account_enabled) == (
        "rita@contoso.example", "Rita Reader", None,
    )  # fmt: skip
    assert (part.user_principal_name, part.display_name, part.account_enabled) == (None, "Rita Reader", True)
    assert entra.journal.last("me").host == "graph.microsoft.com"


def test_what_graph_refuses_is_an_error_of_the_sdk(entra):
    async def messages():
        async with graph(entra, "Mail.Read") as client:
            await client.me.messages.get()

    with pytest.raises(APIError):
        asyncio.run(messages())
