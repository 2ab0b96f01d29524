import msal
from entra import AUTHORITY, CLIENT, SCOPE, SECRET, report

app = msal.ConfidentialClientApplication(CLIENT, client_credential=SECRET, authority=AUTHORITY)
report(app.acquire_token_for_client([SCOPE])["access_token"])
