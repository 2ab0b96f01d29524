"""Redirect URI matching: exact but for a loopback port; nothing that leads elsewhere ever matches."""

from urllib.parse import urlsplit

import pytest
from harness import attempt
from hypothesis import example, given
from hypothesis import strategies as st

from mock_idp.directory.models import Application, RedirectUri
from mock_idp.endpoints.redirect_uris import fits, is_loopback, match, origin, spa_origins, with_query
from mock_idp.facts.hosts import NATIVE_CLIENT

CALLBACK = "http://localhost:5001/callback"
REMOTE = "https://app.contoso.example/signin-oidc"
DECLARED = Application(
    app_id="3eb0a990-0000-4000-8000-000000003eb0",
    id="3eb0a990-5e1f-4000-8000-000000003eb1",
    display_name="App",
    redirect_uris=(RedirectUri(uri=CALLBACK, platform="web"), RedirectUri(uri=REMOTE, platform="spa")),
)
TOUCHED = Application(app_id=DECLARED.app_id, id=DECLARED.id, display_name="App", touched=True)

URIS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="htps:/localhost127.0.1@\\#?%. \t\nj", max_size=60),
    st.builds("{}{}{}".format, st.text(max_size=8), st.sampled_from([CALLBACK, REMOTE]), st.text(max_size=8)),
    st.builds(
        "{}://{}{}{}".format,
        st.sampled_from(["http", "https", "javascript", "data", "HTTP", "myapp"]),
        st.text(alphabet="ab@:\\/.[]127localhost", max_size=20),
        st.sampled_from(["", ":80", ":x", ":99999"]),
        st.text(alphabet="/ab?#%\\", max_size=10),
    ),
)


def browsers_host(uri: str) -> str | None:
    """Where a browser goes: it drops tabs and line breaks, trims blanks, and takes a backslash for a slash."""
    cleaned = uri.translate({9: None, 10: None, 13: None}).strip("".join(map(chr, range(33)))).replace("\\", "/")
    try:
        return urlsplit(cleaned).hostname
    except ValueError:
        return None


@given(URIS)
@example("http://localhost:5001\\@evil.example/callback")
@example(" http://localhost:5001/callback")
def test_what_matches_leads_to_the_registered_host(uri):
    found, refusal = attempt(match, DECLARED, uri)
    if refusal:
        assert refusal.number in (50011, 500117)
        return
    assert browsers_host(uri) == urlsplit(found.uri).hostname
    assert urlsplit(uri).path in (urlsplit(found.uri).path, "")
    assert "#" not in uri


@given(st.sampled_from([REMOTE, "https://app.example", "myapp://auth"]), st.data())
def test_one_character_more_or_less_or_other_does_not_fit(registered, data):
    place, kept = data.draw(st.integers(0, len(registered))), data.draw(st.integers(0, 1))
    new = data.draw(st.text(max_size=1))
    asked = registered[:place] + new + registered[place + kept :]
    same = asked in (registered, f"{registered}/") if registered.count("/") == 2 else asked == registered
    assert fits(registered, asked) == (same if registered.startswith("https") else asked == registered)


@given(URIS)
@example("https://evil.example\\@localhost/")
def test_an_undeclared_apps_uri_is_an_address_that_browsers_read_as_we_do(uri):
    found, refusal = attempt(match, TOUCHED, uri)
    if refusal:
        assert refusal.number in (50011, 500117)
        assert refusal.hint
        return
    scheme = urlsplit(uri).scheme
    assert scheme not in ("javascript", "data", "vbscript", "file", "blob", "about", "")
    assert "#" not in uri
    assert uri.isascii()
    assert uri.isprintable()
    assert " " not in uri
    if found.platform == "web":
        assert browsers_host(uri) == urlsplit(uri).hostname
        if scheme == "http":
            assert browsers_host(uri) in ("localhost", "127.0.0.1")


@given(URIS)
@example("http://evil.example\\@localhost/")
@example("http://localhost\\.evil.example")
def test_loopback_is_loopback_to_a_browser_too(uri):
    if is_loopback(uri):
        assert browsers_host(uri) in ("localhost", "127.0.0.1")


@given(URIS)
def test_an_origin_is_the_scheme_and_host_of_what_it_was_taken_from(uri):
    found = origin(uri)
    if found.startswith(("http://", "https://")):
        assert uri.lower().startswith(found.split(":", maxsplit=1)[0])
        assert urlsplit(found).hostname == urlsplit(uri).hostname


@given(st.integers(0, 99999), st.sampled_from(["localhost", "127.0.0.1"]), st.sampled_from(["", "/", "/cb", "/cb?x=1"]))
def test_any_port_of_a_registered_loopback_uri_fits(port, host, path):
    assert fits(f"http://{host}{path}", f"http://{host}:{port}{path}")
    assert fits(f"http://{host}:{port}{path}", f"http://{host}{path}")
    assert not fits(f"https://{host}{path}", f"https://{host}:{port}{path}")


@pytest.mark.parametrize(
    ("registered", "asked", "expected"),
    [
        (REMOTE, REMOTE, True),
        (REMOTE, REMOTE + "/", False),
        (REMOTE, REMOTE.upper(), False),
        (REMOTE, REMOTE.replace("example/", "example:443/"), False),
        ("https://app.example", "https://app.example/", True),
        ("https://app.example/", "https://app.example", True),
        ("https://app.example?a=1", "https://app.example/?a=1", False),
        ("http://localhost", "http://localhost:1/", True),
        ("http://localhost/cb", "http://127.0.0.1/cb", False),
        ("http://[::1]/cb", "http://[::1]:1/cb", False),
        ("http://localhost/cb", "http://localhost:/cb", False),
        ("http://localhost/cb", "http://localhost:123456/cb", False),
        ("myapp://auth", "myapp://auth", True),
        ("myapp://auth", "myapp://auth/", False),
    ],
)
def test_matching_by_example(registered, asked, expected):
    assert fits(registered, asked) is expected


def test_the_exact_registration_wins_over_one_that_differs_by_port():
    app = Application(
        app_id=DECLARED.app_id,
        id=DECLARED.id,
        display_name="App",
        redirect_uris=(
            RedirectUri(uri="http://localhost:1/cb", platform="web"),
            RedirectUri(uri="http://localhost:2/cb", platform="spa"),
        ),
    )
    assert match(app, "http://localhost:2/cb").platform == "spa"
    assert match(app, "http://localhost:3/cb").platform == "web"


def test_spa_origins_are_those_of_single_page_registrations():
    assert spa_origins(DECLARED) == {"https://app.contoso.example"}


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://app.example", "https://app.example/?a=b"),
        ("https://app.example/cb", "https://app.example/cb?a=b"),
        ("https://app.example/cb?x=1", "https://app.example/cb?x=1&a=b"),
        ("myapp://auth", "myapp://auth?a=b"),
    ],
)
def test_parameters_are_added(uri, expected):
    assert with_query(uri, "a=b") == expected


def test_what_only_a_public_client_registers_makes_an_undeclared_app_one():
    assert match(TOUCHED, NATIVE_CLIENT).platform == "publicClient"
    assert match(TOUCHED, "myapp://auth").platform == "publicClient"
    assert match(TOUCHED, f"{NATIVE_CLIENT}/other").platform == "web"


ANY_NAME = "https://*.contoso.example/signin"
ANY_PATH = "https://app.contoso.example/in/*"


@pytest.mark.parametrize(
    ("registered", "uri", "fit"),
    [
        (ANY_NAME, "https://shop.contoso.example/signin", True),
        (ANY_NAME, "https://a.b.contoso.example/signin", True),
        (ANY_NAME, "https://contoso.example/signin", False),
        (ANY_NAME, "https://evilcontoso.example/signin", False),
        (ANY_NAME, "https://evil.example/.contoso.example/signin", False),
        (ANY_NAME, "https://evil.example#.contoso.example/signin", False),
        (ANY_NAME, "https://evil.example\\.contoso.example/signin", False),
        (ANY_NAME, "https://me@shop.contoso.example/signin", False),
        (ANY_NAME, "http://shop.contoso.example/signin", False),
        (ANY_NAME, "https://shop.contoso.example/signin/on", False),
        ("https://*.contoso.example", "https://shop.contoso.example", True),
        ("https://*.contoso.example", "https://shop.contoso.example/", True),
        (ANY_PATH, "https://app.contoso.example/in/a/b?c=d", True),
        (ANY_PATH, "https://app.contoso.example/out", False),
        (ANY_PATH, "https://app.contoso.example/in/a#b", False),
        ("http://localhost/*", "http://localhost:5001/callback", True),
        ("https://app.*.example/in", "https://app.contoso.example/in", False),
    ],
)
def test_a_wildcard_stands_for_names_before_a_domain_or_for_the_end_of_a_path(registered, uri, fit):
    assert fits(registered, uri) == fit


def test_an_app_with_personal_accounts_has_no_wildcards():
    uri, platform = "https://shop.contoso.example/signin", RedirectUri(uri=ANY_NAME, platform="web")
    app = DECLARED._replace(redirect_uris=(platform,))
    assert match(app, uri) == platform
    _, refusal = attempt(match, app._replace(sign_in_audience="AzureADandPersonalMicrosoftAccount"), uri)
    assert refusal.number == 50011


@given(URIS | st.builds("https://{}contoso.example/signin".format, st.text(max_size=20)))
def test_what_fits_a_wildcard_leads_to_its_domain(uri):
    if fits(ANY_NAME, uri):
        assert browsers_host(uri).endswith(".contoso.example")
