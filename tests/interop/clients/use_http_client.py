import json
import ssl
from contextlib import closing
from http.client import HTTPSConnection
from urllib.parse import urlencode, urlsplit

from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report


def ask(method, url, body=None, headers=None):
    parts = urlsplit(url)
    with closing(HTTPSConnection(parts.hostname, context=ssl.create_default_context())) as connection:
        connection.request(method, parts.path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, json.load(answer)


form = {"Content-Type": "application/x-www-form-urlencoded"}
token = ask("POST", TOKEN, urlencode(FORM), form)[1]["access_token"]
report(token, ask("GET", DISCOVERY)[1], ask("GET", ME, headers=bearer(token))[0])
