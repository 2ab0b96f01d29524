import jwt
import msal
from entra import AUTHORITY, CLIENT, SECRET, report

# not Graph's: those tokens cannot be verified by others, at Entra neither
scope = f"api://{CLIENT}/.default"
token = msal.ConfidentialClientApplication(CLIENT, SECRET, AUTHORITY).acquire_token_for_client([scope])["access_token"]
key = jwt.PyJWKClient(f"{AUTHORITY}/discovery/v2.0/keys").get_signing_key_from_jwt(token)
jwt.decode(token, key, ["RS256"], {"verify_aud": False, "verify_iat": False})
report(token)
