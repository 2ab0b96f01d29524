import requests
from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

with requests.Session() as session:
    discovery = session.get(DISCOVERY).json()
    token = session.post(TOKEN, data=FORM).json()["access_token"]
    report(token, discovery, session.get(ME, headers=bearer(token)).status_code)
