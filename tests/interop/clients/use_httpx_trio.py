import sys
from importlib import import_module

import trio
from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

httpx = import_module(sys.argv[1])


async def main():
    async with httpx.AsyncClient() as client:
        discovery = (await client.get(DISCOVERY)).json()
        token = (await client.post(TOKEN, data=FORM)).json()["access_token"]
        report(token, discovery, (await client.get(ME, headers=bearer(token))).status_code)


trio.run(main)
