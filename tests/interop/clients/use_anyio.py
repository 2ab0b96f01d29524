import json
import ssl
from urllib.parse import urlencode, urlsplit

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream
from entra import FORM, TOKEN, report


async def main():
    parts, body = urlsplit(TOKEN), urlencode(FORM)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.hostname}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    context = ssl.create_default_context()
    async with await anyio.connect_tcp(parts.hostname, 443, ssl_context=context) as stream:
        await stream.send(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode())
        incoming = BufferedByteReceiveStream(stream)
        answer = await incoming.receive_until(b"\r\n\r\n", 8192)
        length = next(line.split(b":")[1] for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
        report(json.loads(await incoming.receive_exactly(int(length)))["access_token"])


anyio.run(main)
