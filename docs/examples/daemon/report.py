"""Says how many orders are open. Runs every night, as itself: no person is there to sign in."""

import os
import sys

import requests
from msal import ConfidentialClientApplication


def main(settings=os.environ):
    daemon = ConfidentialClientApplication(
        settings["CLIENT_ID"],
        settings["CLIENT_SECRET"],
        authority=f"https://login.microsoftonline.com/{settings['TENANT_ID']}",
    )
    token = daemon.acquire_token_for_client(["api://orders/.default"])
    if "error" in token:
        sys.exit(token["error_description"])
    answer = requests.get(
        f"{settings['API_URL']}/orders", headers={"Authorization": f"Bearer {token['access_token']}"}, timeout=10
    )
    if not answer.ok:
        sys.exit(f"The API answered {answer.status_code}: {answer.text}")
    print(f"{len(answer.json())} open orders")


if __name__ == "__main__":
    main()
