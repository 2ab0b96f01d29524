"""Nothing grows without end: what is remembered forgets, and what is sealed cannot be bent."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mock_idp
from mock_idp.runtime.chance import Chance
from mock_idp.runtime.sealing import Seal, artefact_prefix
from mock_idp.runtime.store import MAX_CONSENTED, SESSION_SECONDS, Bounded, BrowserSession, Store

TENANT = "c0705070-7e4a-4000-8000-0000c0705070"
CLIENT = "3eb0a990-0000-4000-8000-000000003eb0"
SEAL = Seal(b"k" * 32, Chance(1))


def test_no_cache_without_a_limit_takes_what_comes_from_outside():
    few = {"_template", "_defaults", "_makers"}  # two versions; our own models
    for source in Path(mock_idp.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.FunctionDef) and node.args.args and node.name not in few:
                decorators = [each.id for each in node.decorator_list if isinstance(each, ast.Name)]
                assert "cache" not in decorators, f"{source}:{node.lineno}"


def test_what_was_unused_for_longest_goes_first():
    kept: Bounded[str, int] = Bounded(2)
    assert kept.put("a", 1) is None
    assert kept.put("b", 2) is None
    assert kept.get("a") == 1
    assert kept.put("c", 3) == "b"
    assert kept.values() == [1, 3]
    assert kept.put("a", 4) is None
    assert kept.pop("a") == 4
    assert kept.pop("a") is None
    assert len(kept) == 1


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=60))
def test_never_more_than_the_limit_is_kept(steps):
    kept: Bounded[str, str] = Bounded(3)
    for key, put in steps:
        if put:
            kept.put(key, key)
        else:
            assert kept.get(key) in (None, key)
        assert len(kept) <= 3


def test_a_session_lapses_and_is_forgotten():
    store = Store()
    store.sessions.put("id", BrowserSession(id="id", session_state="s", used_at=0))
    assert store.session("id", SESSION_SECONDS - 1).used_at == SESSION_SECONDS - 1
    assert store.session("id", 2 * SESSION_SECONDS) is None
    assert len(store.sessions) == 0
    assert store.session("other", 0) is None


def test_consents_are_kept_once_each_and_in_bounds():
    store = Store()
    store.consent("t", "c", "u", "r", ("a", "b", "a"))
    store.consent("t", "c", "u", "r", ("b", "c"))
    assert store.consented("t", "c", "u", "r") == ("a", "b", "c")
    store.consent("t", "c", "u", "r", tuple(map(str, range(MAX_CONSENTED))))
    assert len(store.consented("t", "c", "u", "r")) == MAX_CONSENTED
    assert store.consented("t", "c", "other", "r") == ()


def test_what_was_sealed_is_opened_and_only_as_what_it_is():
    sealed = SEAL.seal("code", TENANT, CLIENT, {"a": [1, "é"]})
    assert SEAL.open("code", sealed) == {"a": [1, "é"]}
    assert SEAL.open("refresh_token", sealed) is None
    assert Seal(b"x" * 32, Chance(1)).open("code", sealed) is None
    assert sealed.startswith(artefact_prefix(TENANT, CLIENT))
    assert set(sealed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(st.data())
def test_no_character_of_what_was_sealed_can_be_changed(data):
    sealed = SEAL.seal("code", TENANT, CLIENT, {"a": 1})
    start = sealed.rindex(".") + 1
    place = data.draw(st.integers(start, len(sealed) - 2))  # the last one holds spare bits
    other = data.draw(st.characters().filter(lambda c: c != sealed[place]))
    assert SEAL.open("code", sealed[:place] + other + sealed[place + 1 :]) is None


@given(st.text(max_size=300))
def test_no_text_breaks_the_seal(text):
    assert SEAL.open("code", text) is None
    assert SEAL.open("refresh_token", f"1.x.AgABAwEAAAD{text}") is None


@pytest.mark.parametrize("seed", [1, None])
def test_chance_makes_ids_in_entras_shapes(seed):
    chance = Chance(seed)
    assert len(chance.guid()) == len(chance.session_guid()) == 36
    assert chance.session_guid().startswith("00")
    assert len(chance.text(16)) == 22
    assert 0 <= chance.below(3) < 3
    assert chance.guid() != chance.guid()


def test_a_seed_makes_chance_repeatable():
    assert [Chance(7).guid(), Chance(7).text(5)] == [Chance(7).guid(), Chance(7).text(5)]
