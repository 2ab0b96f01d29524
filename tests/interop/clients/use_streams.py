import json
import sys
from asyncio import open_connection
from importlib import import_module
from urllib.parse import urlencode, urlsplit

from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

loop = import_module(sys.argv[1])


async def ask(method, url, body="", **headers):
    parts = urlsplit(url)
    lines = [f"{method} {parts.path} HTTP/1.1", f"Host: {parts.hostname}", "Connection: close"]
    headers |= {"Content_Length": len(body)}
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    reader, writer = await open_connection(parts.hostname, 443, ssl=True)
    writer.write("\r\n".join([*lines, "", body]).encode())
    head, _, content = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return int(head.split()[1]), json.loads(content)


async def main():
    form = urlencode(FORM)
    _, token = await ask("POST", TOKEN, form, Content_Type="application/x-www-form-urlencoded")
    token = token["access_token"]
    report(token, (await ask("GET", DISCOVERY))[1], (await ask("GET", ME, **bearer(token)))[0])


loop.run(main())
