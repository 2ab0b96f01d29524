"""Bad input of any size or shape: a 4xx with a reason, never a 5xx, a traceback, or a lost server."""

import json
import re

import pytest
from harness import CONTOSO, GRAPH, LOGIN, UNDECLARED, Idp, error_of, shown

from mock_idp.app import URLS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = f"/{CONTOSO.id}/oauth2/v2.0/token"
AUTHORIZE = f"/{CONTOSO.id}/oauth2/v2.0/authorize"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture(autouse=True)
def nothing_on_stderr(capfd):
    """A traceback is a fault of ours."""
    yield
    assert "Traceback" not in capfd.readouterr().err


def post(idp: Idp, content: bytes, path: str = TOKEN, **headers: str):
    with idp.browser() as browser:
        return browser.post(path, content=content, headers={**FORM, **headers})


BROKEN = [
    (b"grant_type=%zz", 90004, "'%zz' is no percent-encoding"),
    (b"grant_type=%", 90004, "no percent-encoding"),
    (b"grant_type=%a", 90004, "no percent-encoding"),
    (b"a%=1", 90004, "no percent-encoding"),
    (b"grant_type=%ff", 90004, "not UTF-8"),
    (b"grant_type=\xff", 90004, "not UTF-8"),
    (b"grant_type=%ed%a0%80", 90004, "not UTF-8"),
    (b"grant_type=%00", 90004, "U+0000"),
    (b"grant_type=\x00", 90004, "U+0000"),
    (b"grant_type=a%1bb", 90004, "U+001B"),
    (b"grant_type=a%7fb", 90004, "U+007F"),
    (b"grant_type=a%c2%85b", 90004, "U+0085"),
    (b"%0b=1", 90004, "U+000B"),
    (b"a=1&a=2", 9000411, "came more than once"),
    (b"a=1&%61=2", 9000411, "came more than once"),
    (b"=1&=2", 9000411, "came more than once"),
    (b"&".join(b"p%d=1" % n for n in range(10_000)), 90004, "10000 parameters came"),
    (b"&" * 10_000, 90004, "10001 parameters came"),
]


@pytest.mark.parametrize(("content", "number", "hint"), BROKEN)
def test_a_broken_form_is_refused_with_a_reason(idp, journal, content, number, hint):
    answer = post(idp, content)
    assert error_of(answer) == (400, "invalid_request", number)
    assert hint in journal[-1].hint


@pytest.mark.parametrize(("content", "number", "hint"), BROKEN)
def test_a_broken_query_is_refused_with_a_page(idp, content, number, hint):
    query = b"".join(b"%%%02x" % byte if byte > 126 or byte < 33 else bytes([byte]) for byte in content)
    answer = idp.raw(
        b"GET %b?%b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" % (AUTHORIZE.encode(), query)
    )
    if len(query) > 64 * 1024:  # more than a request's head may have
        assert answer.startswith(b"HTTP/1.1 4")
        return
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"AADSTS%d:" % number in answer


@pytest.mark.parametrize("size", [256 * 1024 + 1, 5_000_000])
@pytest.mark.parametrize("path", [TOKEN, AUTHORIZE, "/common/login", "/nowhere", "/_mock/health"])
def test_a_body_that_is_too_large_is_refused(idp, size, path):
    answer = post(idp, b"a" * size, path)
    assert answer.status_code == 413
    assert "AADSTS90004" in answer.text


def test_a_body_that_is_too_large_and_does_not_say_so_is_refused(idp):
    def chunks():
        for _ in range(300):
            yield b"a" * 1024

    with idp.browser() as browser:
        answer = browser.post(TOKEN, content=chunks(), headers=FORM)
    assert (answer.status_code, answer.json()["error_codes"]) == (413, [90004])


def test_a_body_that_is_too_large_for_graph_is_refused_in_its_shape(idp):
    with idp.client() as client:
        answer = client.post(f"{GRAPH}/oidc/userinfo", content=b"a" * 300_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "BadRequest")


def test_a_query_that_is_too_long_is_refused(idp):
    with idp.browser() as browser:
        assert shown(browser.get(f"{AUTHORIZE}?state={'x' * 32 * 1024}")) == (414, 90015)
        answer = browser.get(f"/common/discovery/instance?authorization_endpoint={'x' * 32 * 1024}")
    assert (answer.status_code, answer.json()["error_codes"]) == (414, [90015])


def test_the_largest_body_that_is_taken_is_read(idp):
    answer = post(idp, b"grant_type=x&pad=" + b"a" * (256 * 1024 - 17))
    assert error_of(answer)[2] == 70003


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", "", ";;;"]
)
@pytest.mark.parametrize("path", [AUTHORIZE, "/common/login"])
def test_a_body_of_another_type_holds_no_parameters(idp, path, content_type):
    with idp.browser() as browser:
        page = browser.post(path, content=b'{"client_id": "x"}', headers={"Content-Type": content_type})
    assert shown(page)[1] == 900144


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /%ff%fe/v2.0/.well-known/openid-configuration HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /%00/discovery/keys HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xff\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1e3\r\n\r\n",
        b"POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 2_000_000 + b"\r\n\r\n",
    ],
)
def test_what_is_hardly_http_gets_a_4xx_or_a_closed_connection(idp, request_):
    answer = idp.raw(request_)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    with idp.browser() as browser:
        assert browser.get("/_mock/health").status_code == 200


def test_a_trailer_is_no_header(idp):
    answer = idp.raw(
        b"POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nclient-request-id: behind\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"behind" not in answer


def test_requests_may_come_in_a_row_but_not_without_end(idp):
    one = b"GET /_mock/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    assert idp.raw(one * 100).count(b"HTTP/1.1 200") == 100
    assert idp.raw(one * 100_000).count(b"HTTP/1.1 200") < 100_000
    with idp.browser() as browser:
        assert browser.get("/_mock/health").status_code == 200


def test_a_client_that_goes_away_in_the_middle_of_its_body_leaves_nothing_behind(idp, journal):
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(idp.front_url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        head = f"POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(head.encode() + b"grant_type=")
    with idp.browser() as browser:
        assert browser.get("/_mock/health").status_code == 200
    assert [entry.what for entry in journal] == ["127.0.0.1/_mock/health"]


def rows() -> list:
    return [
        pytest.param(
            url,
            url.path.replace("{segment}", CONTOSO.id).replace("{tail:path}", "some/tail"),
            method,
            id=f"{method} {url.side} {url.path}",
        )
        for url in URLS
        for method in METHODS
    ]


@pytest.mark.parametrize(("url", "path", "method"), rows())
def test_every_address_takes_every_method_with_an_answer_or_a_reason(idp, url, path, method):
    base = {"login": LOGIN, "graph": GRAPH, "front": idp.front_url}[url.side]
    with idp.client() as client, idp.browser() as browser:
        answer = (browser if url.side == "front" else client).request(method, base + path)
    assert answer.status_code < 500
    allowed = url.methods.split()
    known = "*" in allowed or method in allowed or (method == "HEAD" and "GET" in allowed)
    if not known:
        assert answer.status_code == 405
        assert answer.headers["allow"] == ", ".join(allowed)
        if method != "HEAD":
            assert "900561" in answer.text or "not allowed" in answer.text
    if method == "HEAD":
        assert answer.content == b""
    elif answer.status_code >= 400 and answer.headers.get("content-type", "").startswith("application/json"):
        assert answer.json()["error"]
    elif answer.status_code == 404 and url.endpoint == "front:not_found":
        assert answer.content == b""
    elif answer.status_code >= 400:
        assert re.search(r"AADSTS\d|There is nothing here|Add a number to the address", answer.text)


@pytest.mark.parametrize("tenant", ["common", UNDECLARED, CONTOSO.id, "x", "%3Cscript%3E", "a" * 5000])
@pytest.mark.parametrize("url", [url for url in URLS if "{segment}" in url.path], ids=lambda url: url.path)
def test_every_address_bears_every_tenant(idp, url, tenant):
    with idp.client() as client:
        path = url.path.replace("{segment}", tenant)
        answers = [client.get(LOGIN + path), client.post(LOGIN + path, data={"client_id": "x", "grant_type": "x"})]
    for answer in answers:
        assert answer.status_code < 500
        assert "<script>" not in answer.text or answer.headers["content-type"].startswith("application/json")
        if answer.headers["content-type"].startswith("application/json"):
            json.loads(answer.text)


def test_a_fault_of_ours_is_a_500_that_takes_nothing_down(idp, monkeypatch, capfd, journal):
    def faulty(_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(idp.entra.issuer, "access_token", faulty)
    answer = idp.token(grant_type="client_credentials", scope="https://graph.microsoft.com/.default")
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert journal[-1].status == 500
    assert "a fault" in capfd.readouterr().err
    monkeypatch.undo()
    assert idp.token(grant_type="client_credentials", scope="https://graph.microsoft.com/.default").status_code == 200
