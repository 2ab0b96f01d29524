from azure.identity import ClientSecretCredential
from entra import CLIENT, SCOPE, SECRET, TENANT, report

with ClientSecretCredential(TENANT, CLIENT, SECRET) as credential:
    report(credential.get_token(SCOPE).token)
