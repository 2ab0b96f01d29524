import jwt
import msal
from entra import AUTHORITY, CLIENT, SCOPE, SECRET, report

token = msal.ConfidentialClientApplication(CLIENT, SECRET, AUTHORITY).acquire_token_for_client([SCOPE])["access_token"]
key = jwt.PyJWKClient(f"{AUTHORITY}/discovery/v2.0/keys").get_signing_key_from_jwt(token)
jwt.decode(token, key, ["RS256"], {"verify_aud": False, "verify_iat": False})
report(token)
