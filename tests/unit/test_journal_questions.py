"""Questions on the journal: what fits, how a wrong question and a failing one read, and that nobody gets in the way."""

import re
from pathlib import Path
from threading import Event, Thread

import pytest

from mock_idp.app import URLS
from mock_idp.errors import EntraError, UserError
from mock_idp.exchange import Request
from mock_idp.runtime import journal as journals
from mock_idp.runtime.journal import Entry, Issued, Journal, Questions
from mock_idp.runtime.journal.filters import ATTRIBUTES
from mock_idp.runtime.journal.redaction import HIDDEN, MAX_PARAMETERS, SHOWN, parameters

CLIENT = "3eb0a990-0000-4000-8000-000000003eb0"
API = "api://orders"


@pytest.fixture
def journal() -> Journal:
    """A sign-in of rita's, a refresh that was refused, and a look at the keys."""
    journal = Journal()
    journal.endpoints = ["authorize", "keys", "login", "token"]
    add(
        journal, "authorize", state="a state", nonce="n", scope=f"openid {API}/data.read {API}/data.write",
        code_challenge="c" * 43, code_challenge_method="S256", redirect_uri="http://localhost:5001/callback",
    )  # fmt: skip
    add(journal, "token", about={"user": "rita@contoso.example"}, grant_type="authorization_code", code="c" * 400)
    refused = EntraError(70000, hint="The token was issued to somebody else. Use your own.")
    add(journal, "token", refused, grant_type="refresh_token", refresh_token="r", scope=f"{API}/data.read")
    add(journal, "keys", host="login.windows.net")
    return journal


def add(journal, endpoint, error=None, *, about=None, host="login.microsoftonline.com", **sent) -> Entry:
    """One exchange, as the server would write it."""
    entry = Entry(time=0, method="GET", endpoint=endpoint, host=host, path=f"/common/{endpoint}", tenant="common")
    journal.open(entry)
    sent = {"client_id": CLIENT, **sent} if sent else {}
    journal.received(Request(method="GET", base_url="", path="", query=sent))
    journal.about(**{"client": sent.get("client_id", ""), "client_name": "Orders" if sent else "", **(about or {})})
    if error:
        journal.refused(error)
    entry.status = 400 if error else 200
    journal.close(entry)
    return entry


FITTING = [
    ({}, [0, 1, 2, 3]),
    ({"endpoint": "token"}, [1, 2]),
    ({"endpoint": "login"}, []),
    # who
    ({"user": "rita"}, [1]),
    ({"user": "Rita@Contoso.example"}, [1]),
    ({"user": "contoso.example"}, []),
    ({"client_id": CLIENT.upper()}, [0, 1, 2]),
    ({"client": "orders"}, [0, 1, 2]),
    ({"client": CLIENT}, [0, 1, 2]),
    ({"client_id": "Orders"}, []),
    # what
    ({"grant_type": "refresh_token"}, [2]),
    ({"grant": "refresh_token"}, [2]),
    ({"grant_type": ["refresh_token", "authorization_code"]}, [1, 2]),
    ({"scope": "data.read"}, [0, 2]),
    ({"scope": f"{API}/data.read"}, [0, 2]),
    ({"scope": "openid data.write"}, [0]),
    ({"scope": {"data.write", "nosuch"}}, [0]),
    ({"scope": "read"}, []),
    ({"scopes": ["data.write", "openid", "data.read"]}, [0]),
    ({"scopes": "data.read"}, [2]),
    ({"pkce": "S256"}, [0]),
    ({"redirect_uri": "http://localhost:5001/callback"}, [0]),
    ({"state": "a state"}, [0]),
    ({"code_challenge_method": "S256"}, [0]),
    ({"host": "login.windows.net"}, [3]),
    ({"method": "get", "path": "/common/keys"}, [3]),
    ({"tenant": "COMMON", "status": 400}, [2]),
    ({"status": "400"}, [2]),
    # what was answered
    ({"error": 70000}, [2]),
    ({"error": "AADSTS70000"}, [2]),
    ({"error": "70000"}, [2]),
    ({"error": "invalid_grant"}, [2]),
    ({"error": [50011, 70000]}, [2]),
    ({"error": 7000}, []),
    ({"hint": "somebody ELSE"}, [2]),
    ({"ok": True}, [0, 1, 3]),
    ({"ok": False}, [2]),
    # there or not
    ({"state": True}, [0]),
    ({"endpoint": "token", "user": False}, [2]),
    ({"endpoint": "token", "user": None}, [2]),
    ({"code": True}, [1]),
    ({"endpoint": "token", "code": False}, [2]),
    ({"pkce": None}, [1, 2, 3]),
    # a function
    ({"status": lambda status: status >= 400}, [2]),
    ({"scopes": lambda scopes: len(scopes) == 3}, [0]),
]


@pytest.mark.parametrize(("question", "fitting"), FITTING, ids=range(len(FITTING)))
def test_a_question_finds_what_it_asks_for(journal, question, fitting):
    conditions = dict(question)
    endpoint = conditions.pop("endpoint", None)
    found = journal.all(endpoint, **conditions)
    assert found == [journal[number] for number in fitting]
    assert journal.count(endpoint, **conditions) == len(fitting)
    assert journal.asked(endpoint, **conditions) is bool(fitting)
    if fitting:
        assert (journal.first(endpoint, **conditions), journal.last(endpoint, **conditions)) == (found[0], found[-1])
    else:
        journal.none(endpoint, **conditions)


def test_a_parameter_that_nobody_knows_can_be_asked_for_once_it_came(journal):
    with pytest.raises(UserError, match="cannot be asked for 'x_new'"):
        journal.all(x_new=True)
    entry = add(journal, "token", x_new="1")
    assert journal.one(x_new=True) is entry
    assert entry.parameters["x_new"] == "(1 character)"


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda j: j.all("tokens"), ["There is no endpoint 'tokens'.", "authorize, keys, login, token", "'token'?"]),
        (lambda j: j.one("token", grant_typ="x"), ["'grant_typ'", "Did you mean 'grant_type'?"]),
        (lambda j: j.none(user_name="rita"), ["'user_name'", "Did you mean 'username'?"]),
        (lambda j: j.count(code="abc"), ["cannot compare 'code'", "code=True or code=False"]),
    ],
)
def test_a_wrong_question_is_refused_with_the_nearest_right_word(journal, ask, expected):
    with pytest.raises(UserError) as refused:
        ask(journal)
    assert all(part in str(refused.value) for part in expected)
    assert len(str(refused.value).splitlines()) == 3


def failure(ask, *arguments, **conditions) -> str:
    with pytest.raises(AssertionError) as failed:
        ask(*arguments, **conditions)
    assert failed.traceback[-1].frame.f_locals.get("__tracebackhide__") is True
    return str(failed.value)


def test_one_that_finds_none_names_what_came_near_and_what_was_asked(journal):
    said = failure(journal.one, "token", grant_type="refresh_token", user="ada").splitlines()
    assert said[0] == (
        "Expected exactly one token request with grant_type='refresh_token', user='ada'; there were none."
    )
    assert said[1] == "Nearly:"
    refused, redeemed = said[2:4]
    assert refused == "    400 GET  login.microsoftonline.com/common/token  AADSTS70000, but user is missing, not 'ada'"
    assert redeemed.endswith("but grant_type is 'authorization_code', not 'refresh_token'")
    assert said[5] == "What was asked in all:"
    assert [line.split(" ", 1)[1].split("  ")[0] for line in said[6:]] == ["200 GET", "200 GET", "400 GET", "200 GET"]


def test_one_that_finds_several_shows_them(journal):
    said = failure(journal.one, "token")
    assert said.startswith("Expected exactly one token request; there were 2.\n200 GET  login.microsoftonline.com/")
    assert "hint: The token was issued to somebody else." in said
    assert "Nearly:" not in said


def test_none_that_finds_some_shows_them(journal):
    said = failure(journal.none, error=70000)
    assert said.startswith("Expected no request with error=70000; there was 1.\n400 GET")


def test_first_and_last_of_nothing_say_that_nothing_was_asked():
    for ask in (Journal().first, Journal().last):
        assert failure(ask, "token").endswith("What was asked in all:\nNothing was asked.")


def test_a_recording_has_what_was_asked_meanwhile_and_no_more(journal):
    with journal.recording() as seen:
        assert len(seen) == 0
        second = add(journal, "token", grant_type="refresh_token")
        assert list(seen) == [second]
    mark = journal.mark()
    third = add(journal, "token", grant_type="refresh_token")
    assert list(seen) == [second] == seen.all("token")
    assert list(journal.since(mark)) == [third]
    assert journal.since(mark).one("token") is third
    with pytest.raises(UserError, match="Did you mean 'token'"):
        seen.asked("tken")


def test_what_our_own_commands_ask_is_left_out_unless_it_is_asked_for(journal):
    entry = Entry(time=0, method="GET", endpoint="health", host="127.0.0.1", path="/_mock/health")
    journal.open(entry)
    journal.close(entry)
    assert len(journal) == 4
    assert "health" not in journal.text()
    assert journal.one("health") is entry
    assert entry in journal.entries


def test_a_request_that_began_before_the_journal_was_cleared_is_not_kept(journal):
    late = Entry(time=0, method="GET", endpoint="token")
    journal.open(late)
    journal.clear()
    journal.fault(late, RuntimeError("late"))
    journal.close(late)
    assert (len(journal), list(journal.entries), journal.faults) == (0, [], [])
    assert add(journal, "token") is journal.one()


def test_what_is_forgotten_is_not_asserted_about(journal):
    mark = journal.mark()
    for _ in range(journals.KEPT):
        add(journal, "keys")
    assert len(journal.entries) == len(journal) == journals.KEPT
    for ask in (journal.none, journal.one, journal.first, journal.count, journal.asked):
        with pytest.raises(UserError, match="the oldest are forgotten"):
            ask("authorize")
    assert journal.asked("keys")
    assert journal.last("keys") is journal.entries[-1]
    assert journal.since(mark).count("keys") == journals.KEPT
    journal.clear()
    journal.none()


def test_it_can_be_read_while_the_server_writes():
    journal, stop, wrong = Journal(), Event(), []

    def write() -> None:
        while not stop.is_set():
            add(journal, "token", grant_type="refresh_token", scope="a b")

    writer = Thread(target=write)
    writer.start()
    try:
        while journal.mark() < 3 * journals.KEPT:
            numbers = [entry.number for entry in journal]
            wrong += [numbers] if numbers != sorted(numbers) or len(numbers) > journals.KEPT else []
            journal.text()
            journal.all("token", scope="a")
    finally:
        stop.set()
        writer.join()
    assert wrong == []


def test_the_text_has_a_block_an_entry_and_nothing_but_ascii_of_our_own(journal):
    journal.note("nothing \N{HORIZONTAL ELLIPSIS}")
    blocks = journal.text()
    assert blocks == str(journal)
    assert blocks.isascii()
    lines = blocks.splitlines()
    assert lines[0].startswith("+0.000s 200 GET  login.microsoftonline.com/common/authorize")
    assert lines[1].startswith(f"    client={CLIENT} (Orders)")
    refused = blocks[blocks.index("400 GET") :].splitlines()
    assert refused[2].strip().startswith("sent: grant_type=refresh_token  refresh_token=(1 character)  scope=")
    assert refused[3].strip().startswith("AADSTS70000: ")
    assert refused[4].strip() == "hint: The token was issued to somebody else. Use your own."


def test_a_long_journal_is_told_by_its_beginning_and_its_end(journal):
    for _ in range(500):
        add(journal, "token", grant_type="refresh_token", scope="x" * 5000)
    text = journal.text()
    assert len(text.splitlines()) < 150
    assert len(text) < 30_000
    assert "... 464 more: 464 x token 200 ..." in text


def test_many_and_long_parameters_are_kept_in_bounds():
    kept = parameters({"scope": "x"} | {f"name{number}": "x" for number in range(199)})
    assert len(kept) == MAX_PARAMETERS + 1
    assert list(kept.values())[-1] == "(160 more)"
    long = parameters(dict.fromkeys(sorted(SHOWN), "x y" * 20_000))
    assert max(map(len, long.values())) < 1_100


def test_no_name_is_both_shown_and_hidden():
    assert not SHOWN & HIDDEN
    assert all(name == name.lower() for name in SHOWN | HIDDEN)


def test_what_looks_like_no_name_may_be_a_secret_and_is_counted():
    assert parameters({'{"client_secret": "s3cr3t"}': ""}) == {"(27 characters)": ""}
    assert parameters({"s3cr3t": ""}) == {"(6 characters)": ""}
    assert parameters({"s3cr3t": "="}) == {"(6 characters)": "(1 character)"}  # base64 with its padding
    assert parameters({"scope": "a", "s3cr3t" * 10: "x"}) == {"scope": "a", "(60 characters)": "(1 character)"}
    assert parameters({"x-new": "s3cr3t", "client_secret": ""}) == {"x-new": "(6 characters)", "client_secret": ""}


@pytest.mark.parametrize(
    ("uri", "kept"),
    [
        ("https://app.example/callback", "https://app.example/callback"),
        ("https://app.example/callback?a=s3cr3t", "https://app.example/callback?(8 characters)"),
        ("https://app.example/#s3cr3t?x@y", "https://app.example/#(10 characters)"),
        ("https://rita:s3cr3t@app.example/x", "https://app.example/x"),
        ("https://rita:s3cr3t@app.example?q=a@b", "https://app.example?(5 characters)"),
        ("msal3eb0a990://auth", "msal3eb0a990://auth"),
    ],
)
def test_of_a_uri_only_host_and_path_are_kept(uri, kept):
    assert parameters({"redirect_uri": uri}) == {"redirect_uri": kept}


def test_claims_of_any_type_are_borne():
    journal, odd = Journal(), {"aud": ["x"], "scp": 7, "roles": "x", "exp": "soon", "ver": None, "tid": None}
    entry = Entry(time=0, method="POST", endpoint="token")
    journal.open(entry)
    journal.issued("access token", odd)
    assert entry.issued == [Issued("access token")]
    assert journals.Entry is Entry


def test_the_page_has_every_endpoint_verb_attribute_and_member():
    page = (Path(__file__).parents[2] / "docs/journal.md").read_text()
    verbs = {name for kind in (Questions, Journal) for name in vars(kind) if not name.startswith("_")} - {"total"}
    written = "open received close note refused about issued fault between lost_since".split()  # noqa: SIM905
    named = set(re.findall(r"`(?:entra\.journal\.)?(\w+)", page))
    assert ATTRIBUTES | set(Issued._fields) <= named
    assert {url.name for url in URLS if not url.path.startswith("/_mock/")} <= named
    assert verbs - {*written} <= named
