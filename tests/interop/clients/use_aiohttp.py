import sys
from importlib import import_module

import aiohttp
from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

loop, options = import_module(sys.argv[1]), sys.argv[2:]


async def main():
    resolver = aiohttp.ThreadedResolver() if "threads" in options else aiohttp.AsyncResolver()
    connector = aiohttp.TCPConnector(resolver=resolver)
    async with aiohttp.ClientSession(connector=connector, trust_env="trust_env" in options) as session:
        async with session.get(DISCOVERY) as answer:
            discovery = await answer.json()
        async with session.post(TOKEN, data=FORM) as answer:
            token = (await answer.json())["access_token"]
        async with session.get(ME, headers=bearer(token)) as answer:
            report(token, discovery, answer.status)


loop.run(main())
