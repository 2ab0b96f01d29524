import sys
from importlib import import_module

from azure.identity.aio import ClientSecretCredential
from entra import CLIENT, SCOPE, SECRET, TENANT, report

loop = import_module(sys.argv[1])


async def main():
    async with ClientSecretCredential(TENANT, CLIENT, SECRET) as credential:
        report((await credential.get_token(SCOPE)).token)


loop.run(main())
