import json
import socket
import ssl
from urllib.parse import urlencode

from entra import FORM, LOGIN, TOKEN, report

host, path, body = LOGIN.removeprefix("https://"), TOKEN.removeprefix(LOGIN), urlencode(FORM)
context = ssl.create_default_context()
with context.wrap_socket(socket.socket(), server_hostname=host) as connection:
    connection.connect((host, 443))
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode())
    with connection.makefile("rb") as answer:
        report(json.loads(answer.read().partition(b"\r\n\r\n")[2])["access_token"])
