import json
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

discovery = json.load(urlopen(DISCOVERY))
token = json.load(urlopen(TOKEN, urlencode(FORM).encode()))["access_token"]
try:
    graph = urlopen(Request(ME, headers=bearer(token))).status
except HTTPError as error:
    graph = error.code
report(token, discovery, graph)
