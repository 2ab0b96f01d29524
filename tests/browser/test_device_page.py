"""The page on which a device's code is typed, in a real browser."""

import httpx
from harness import ANY_CLIENT, LOGIN, UNDECLARED, claims_of
from playwright.sync_api import expect

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def test_a_person_types_the_code_signs_in_and_confirms(page, idp):
    with idp.client() as device:
        code = ask(device, "devicecode", scope="openid User.Read")
        page.goto(code["verification_uri"])
        expect(page.get_by_placeholder("Code")).to_be_focused()
        page.keyboard.type("WRONGCODE")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("That code didn't work.")
        page.get_by_placeholder("Code").fill(code["user_code"].lower())
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Rita Reader").click()
        expect(page.get_by_role("heading")).to_contain_text("Are you trying to sign in to")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("#message")).to_contain_text("You may now close this window.")
        tokens = ask(device, "token", grant_type=GRANT, device_code=code["device_code"])
    assert claims_of(tokens["access_token"])["name"] == "Rita Reader"


def ask(device: httpx.Client, endpoint: str, **body: str) -> dict:
    return device.post(f"{LOGIN}/{UNDECLARED}/oauth2/v2.0/{endpoint}", data={"client_id": ANY_CLIENT, **body}).json()
