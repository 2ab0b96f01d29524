from azure.core import PipelineClient
from azure.core.rest import HttpRequest
from entra import DISCOVERY, FORM, ME, TOKEN, bearer, report

with PipelineClient("https://graph.microsoft.com") as client:
    discovery = client.send_request(HttpRequest("GET", DISCOVERY)).json()
    token = client.send_request(HttpRequest("POST", TOKEN, data=FORM)).json()["access_token"]
    report(token, discovery, client.send_request(HttpRequest("GET", ME, headers=bearer(token))).status_code)
