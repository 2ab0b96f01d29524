"""When the API fetches the tenant's keys, which it uses, and what happens when it cannot."""

import asyncio
import logging

import httpx
import pytest

from api.keys import IdentityProviderError, SigningKeys

DAY = 24 * 60 * 60


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(tenant, api_settings, clock):
    return SigningKeys(api_settings, tenant.client(), clock)


@pytest.fixture
def find(keys):
    """Whether a key is found."""
    return lambda kid: asyncio.run(keys.find(kid)) is not None


def test_nothing_is_fetched_before_a_token_arrives(api, tenant):
    assert api.get("/data/read").status_code == 401
    assert api.get("/docs").status_code == 200
    assert tenant.fetches == []


def test_discovery_names_the_key_set(ask, tenant):
    tenant.jwks_uri = tenant.discovery["jwks_uri"] = "https://elsewhere.example/keys"
    assert ask(tenant.token()).status_code == 200
    assert tenant.fetches == [f"{tenant.issuer}/.well-known/openid-configuration", "https://elsewhere.example/keys"]


def test_keys_are_fetched_once_for_many_requests(ask, tenant):
    assert {ask(tenant.token()).status_code for _ in range(5)} == {200}
    assert tenant.key_fetches == 1


def test_keys_are_kept_for_a_day(find, tenant, clock):
    assert find("key-1")
    clock.now += DAY - 1
    assert find("key-1")
    assert tenant.key_fetches == 1
    clock.now += 1
    assert find("key-1")
    assert tenant.key_fetches == 2


def test_a_withdrawn_key_is_forgotten_after_a_day(find, tenant, clock):
    assert find("key-1")
    tenant.rotate()
    clock.now += DAY
    assert not find("key-1")


def test_a_new_key_is_fetched_at_once(ask, tenant):
    assert ask(tenant.token()).status_code == 200
    tenant.rotate()
    assert ask(tenant.token(signer="key-2")).status_code == 200
    assert ask(tenant.token()).status_code == 401
    assert tenant.key_fetches == 3


def test_forged_key_names_cause_one_fetch_in_thirty_seconds(find, tenant, clock):
    assert find("key-1")
    assert not any(find(f"forged-{number}") for number in range(50))
    assert tenant.key_fetches == 2
    clock.now += 29
    assert not find("forged")
    assert tenant.key_fetches == 2
    clock.now += 1
    assert not find("forged")
    assert tenant.key_fetches == 3


def test_a_new_key_is_found_when_the_pause_after_a_forged_one_is_over(find, tenant, clock):
    assert not find("forged")
    tenant.rotate()
    assert not find("key-2")
    clock.now += 30
    assert find("key-2")


def test_known_keys_serve_during_the_pause(find, tenant):
    assert not find("forged")
    assert find("key-1")
    assert tenant.key_fetches == 1


def test_concurrent_requests_share_one_fetch(keys, tenant):
    async def crowd():
        return await asyncio.gather(*(keys.find("key-1") for _ in range(20)))

    assert None not in asyncio.run(crowd())
    assert tenant.key_fetches == 1


def test_concurrent_forged_names_share_one_fetch(keys, tenant):
    async def crowd():
        return await asyncio.gather(*(keys.find(f"forged-{number}") for number in range(20)))

    assert set(asyncio.run(crowd())) == {None}
    assert tenant.key_fetches == 1


def test_a_request_that_is_given_up_does_not_block_the_others(keys, tenant):
    async def give_up_the_first():
        first = asyncio.create_task(keys.find("key-1"))
        second = asyncio.create_task(keys.find("key-1"))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(give_up_the_first())


def test_requests_with_a_known_key_do_not_wait_for_a_renewal(keys, api_settings, tenant, clock):
    async def renew():
        await keys.find("key-1")
        clock.now += DAY
        answered = asyncio.Event()
        published = tenant.answer

        async def slow(request):
            await answered.wait()
            return await published(request)

        keys._http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
        renewal = asyncio.create_task(keys.find("key-1"))
        await asyncio.sleep(0.01)
        async with asyncio.timeout(1):
            assert await keys.find("key-1")
        answered.set()
        assert await renewal

    asyncio.run(renew())
    assert tenant.key_fetches == 2


# which keys are used


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"},
        {"kty": "EC"},
        {"kty": "oct", "k": "AAAA"},
        {"n": "!"},
        {"n": None},
        {"kid": 7},
        {"issuer": "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"},
        {"issuer": 1},
    ],
)
def test_a_key_that_is_not_for_this_tenants_signatures_is_left_out(find, tenant, changes):
    tenant.keys["key-2"] = tenant.jwk("key-2", **changes)
    assert not find("key-2")
    assert find("key-1")


@pytest.mark.parametrize("member", ["use", "issuer"])
def test_members_that_a_key_need_not_have(find, tenant, member):
    del tenant.keys["key-1"][member]
    assert find("key-1")


def test_a_key_may_name_the_tenant_itself_as_its_issuer(find, tenant):
    tenant.keys["key-1"]["issuer"] = tenant.issuer
    assert find("key-1")


# the identity provider is down

OUTAGES = {
    "no route": httpx.ConnectError("no route to host"),
    "too slow": httpx.ReadTimeout("too slow"),
    "bad proxy": httpx.ProxyError("403 Forbidden"),
    "server error": httpx.Response(500, text="<html>"),
    "unknown tenant": httpx.Response(400, json={"error": "invalid_tenant"}),
    "redirect": httpx.Response(302, headers={"Location": "https://login.example/"}),
    "no JSON": httpx.Response(200, text="<html>a captive portal</html>"),
    "no text": httpx.Response(200, content=b"\xff\xfe\xfd"),
    "a list": httpx.Response(200, json=[]),
    "an empty object": httpx.Response(200, json={}),
}


@pytest.fixture(params=OUTAGES)
def outage(request):
    return OUTAGES[request.param]


def test_without_keys_an_outage_is_503_and_not_the_tokens_fault(ask, tenant, outage, caplog):
    tenant.failure = outage
    answer = ask(tenant.token())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "WWW-Authenticate" not in answer.headers
    assert answer.json() == {
        "detail": "The identity provider can't be reached, so the token can't be checked. Try again later."
    }
    assert "cannot fetch the signing keys" in caplog.text


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://login.microsoftonline.com/other/v2.0", "jwks_uri": "https://evil.example/keys"},
        {"issuer": "https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11/v2.0", "jwks_uri": 1},
        {
            "issuer": "https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11/v2.0",
            "jwks_uri": "https://keys.example:port/",
        },
    ],
)
def test_a_discovery_document_that_cannot_be_right_is_an_outage(ask, tenant, discovery):
    tenant.discovery = discovery
    assert ask(tenant.token()).status_code == 503
    assert tenant.key_fetches == 0


@pytest.mark.parametrize("published", [[], [1, "a", None], [{}]])
def test_a_key_set_without_a_usable_key_is_an_outage(ask, tenant, published):
    tenant.keys = dict(enumerate(published))
    assert ask(tenant.token()).status_code == 503


def test_with_keys_an_outage_goes_unnoticed(find, tenant, clock, outage):
    assert find("key-1")
    tenant.failure = outage
    clock.now += 2 * DAY
    assert find("key-1")
    assert tenant.key_fetches in {1, 2}


def test_an_unknown_key_during_an_outage_is_not_the_tokens_fault(find, tenant):
    assert find("key-1")
    tenant.failure = httpx.ConnectError("no route to host")
    with pytest.raises(IdentityProviderError):
        find("key-2")
    assert find("key-1")


def test_an_outage_is_noticed_at_most_every_five_seconds(find, tenant, clock):
    tenant.failure = httpx.ConnectError("no route to host")
    for _ in range(10):
        with pytest.raises(IdentityProviderError):
            find("key-1")
    assert len(tenant.fetches) == 1
    tenant.failure = None
    clock.now += 5
    assert find("key-1")


def test_a_crowd_does_not_queue_for_one_timeout_after_the_other(keys, tenant):
    tenant.failure = httpx.ConnectTimeout("too slow")

    async def crowd():
        return await asyncio.gather(*(keys.find("key-1") for _ in range(20)), return_exceptions=True)

    assert {type(outcome) for outcome in asyncio.run(crowd())} == {IdentityProviderError}
    assert len(tenant.fetches) == 1


def test_the_log_says_why_the_keys_cannot_be_had(find, tenant, caplog):
    tenant.failure = httpx.Response(400, json={"error": "invalid_tenant"})
    with caplog.at_level(logging.WARNING), pytest.raises(IdentityProviderError):
        find("key-1")
    assert f"{tenant.issuer}/.well-known/openid-configuration answered 400" in caplog.text
