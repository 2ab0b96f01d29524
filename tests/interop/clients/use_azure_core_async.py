import asyncio

from azure.core import AsyncPipelineClient
from azure.core.rest import HttpRequest
from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report


async def main():
    async with AsyncPipelineClient("https://graph.microsoft.com") as client:
        discovery = (await client.send_request(HttpRequest("GET", DISCOVERY))).json()
        token = (await client.send_request(HttpRequest("POST", TOKEN, data=FORM))).json()["access_token"]
        graph = await client.send_request(HttpRequest("GET", ME, headers=bearer(token)))
        report(token, discovery, graph.status_code)


asyncio.run(main())
