import sys
from importlib import import_module

from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

httpx = import_module(sys.argv[1])

with httpx.Client() as client:
    discovery = client.get(DISCOVERY).json()
    token = client.post(TOKEN, data=FORM).json()["access_token"]
    report(token, discovery, client.get(ME, headers=bearer(token)).status_code)
