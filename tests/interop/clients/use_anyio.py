import json
import re
import ssl
from urllib.parse import urlencode, urlsplit

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream
from entra import FORM, TOKEN, report


async def main():
    parts, body = urlsplit(TOKEN), urlencode(FORM)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.hostname}", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/x-www-form-urlencoded", "Connection: close", "", body]
    context = ssl.create_default_context()
    async with await anyio.connect_tcp(parts.hostname, 443, ssl_context=context) as stream:
        await stream.send("\r\n".join(lines).encode())
        incoming = BufferedByteReceiveStream(stream)
        head = await incoming.receive_until(b"\r\n\r\n", 8192)
        length = re.search(rb"(?i)content-length: *(\d+)", head)[1]
        report(json.loads(await incoming.receive_exactly(int(length)))["access_token"])


anyio.run(main)
