"""Scope parsing: whatever comes, scopes or an Entra error."""

import pytest
from harness import attempt
from hypothesis import example, given
from hypothesis import strategies as st

from mock_idp.endpoints.scopes import DEFAULT, Item, parse
from mock_idp.errors import EntraError

WORD = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="api://x.default<>User.Read\\\"'%", max_size=40),
    st.sampled_from(
        [
            "openid",
            "PROFILE",
            "email",
            "offline_access",
            "User.Read",
            "api://x/y",
            "api://x/.default",
            "https://x//.default",
        ]
    ),
)


@given(st.lists(WORD, max_size=8).map(" ".join))
@example("openid\u2003profile")
@example("/.default")
@example("https:///x")
def test_any_text_gives_scopes_or_an_entra_error(text):
    asked, refusal = attempt(parse, text)
    if refusal:
        assert refusal.number in (70011, 28004)
        assert refusal.hint
        return
    assert set(asked.oidc) <= {"openid", "profile", "email", "offline_access"}
    words = [word for word in text.split() if word.lower() not in ("openid", "profile", "email", "offline_access")]
    assert [str(item).lower() for item in asked.items] == [word.lower() for word in dict.fromkeys(words)]
    for item in asked.items:
        assert item.name
        assert " " not in item.identifier
        assert len(item.identifier) < 300
    defaults = [item.name == DEFAULT for item in asked.items]
    assert all(defaults) or not any(defaults)


@pytest.mark.parametrize(
    ("text", "oidc", "items"),
    [
        ("openid", ("openid",), ()),
        ("OpenID Profile", ("openid", "profile"), ()),
        ("User.Read", (), (Item("", "User.Read"),)),
        ("api://x/data.read", (), (Item("api://x", "data.read"),)),
        ("https://x.example/a/b", (), (Item("https://x.example/a", "b"),)),
        ("https://x.example//.default", (), (Item("https://x.example/", ".default"),)),
        ("api://x/.Default", (), (Item("api://x", ".default"),)),
        (
            "a91c0de0-0000-4000-8000-00000000a900/x",
            (),
            (Item("a91c0de0-0000-4000-8000-00000000a900", "x"),),
        ),
        ("User.Read  User.Read", (), (Item("", "User.Read"),)),
        ("", (), ()),
    ],
)
def test_scopes_by_example(text, oidc, items):
    asked = parse(text)
    assert (asked.oidc, asked.items) == (oidc, items)


@pytest.mark.parametrize(
    "text",
    [
        "x/y",
        "/x",
        "api:/x",
        "://x",
        "api://x/",
        "https://a b/",
        "api://x/\u202e",
        "offline_access",
        "a/.default b",
        "x\u00e9",
    ],
)
def test_what_is_no_scope(text):
    with pytest.raises(EntraError) as caught:
        parse(text)
    assert caught.value.number == 70011
