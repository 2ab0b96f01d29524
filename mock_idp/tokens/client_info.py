"""``client_info``, from which MSAL makes its account ids (facts §6)."""

import json

from mock_idp.tokens.keys import b64url


def client_info(user_id: str, tenant_id: str) -> str:
    """Unpadded base64url of ``{"uid": …, "utid": …}``, the user's ids in the home tenant."""
    return b64url(json.dumps({"uid": user_id, "utid": tenant_id}, separators=(",", ":")).encode())
