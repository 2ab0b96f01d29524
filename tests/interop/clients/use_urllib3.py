import urllib3
from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

with urllib3.PoolManager() as pool:
    discovery = pool.request("GET", DISCOVERY).json()
    token = pool.request("POST", TOKEN, fields=FORM, encode_multipart=False).json()["access_token"]
    report(token, discovery, pool.request("GET", ME, headers=bearer(token)).status)
