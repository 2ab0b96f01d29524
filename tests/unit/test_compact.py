"""The strict reader of JWTs that others made: one text, one token."""

import base64
import json

import pytest
from assertions import b64url, identity, signed
from hypothesis import example, given
from hypothesis import strategies as st

from mock_idp.tokens.compact import Malformed, read

HEADER, CLAIMS = {"alg": "RS256", "typ": "JWT"}, {"sub": "somebody", "n": 1}
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))


def text(header: bytes = b'{"a":1}', claims: bytes = b"{}", signature: bytes = b"x") -> str:
    return ".".join(map(b64url, (header, claims, signature)))


@pytest.fixture(scope="module")
def who():
    return identity()


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.binary(max_size=40))
def test_what_was_written_is_read(claims, signature):
    found = read(text(json.dumps(HEADER).encode(), json.dumps(claims).encode(), signature))
    assert (found.header, found.claims, found.signature) == (HEADER, claims, signature)


@given(st.text() | st.text(alphabet="eyJ.-_A0=", max_size=60))
@example("..")
@example("e30.e30.A")
@example("e30.e30.=")
@example("e30.e30.AB\n")
@example("é30.e30.AA")
def test_anything_else_is_malformed_and_nothing_worse(anything):
    try:
        found = read(anything)
    except Malformed as malformed:
        assert malformed.args[0]  # noqa: PT017 - it may be well formed, too
    else:
        assert f"{found.signed.decode()}.{b64url(found.signature)}" == anything


@pytest.mark.parametrize(
    ("header", "claims", "says"),
    [
        (b'{"a":1,"a":1}', b"{}", "twice"),
        (b'{"a":{"b":1,"b":1}}', b"{}", "twice"),
        (b'{"crit":["b64"],"b64":false}', b"{}", "crit"),
        (b"[]", b"{}", "object"),
        (b"{}", b'"x"', "object"),
        (b"{}", b"{", "JSON"),
        (b"{}", b'{"exp":NaN}', "NaN"),
        (b"{}", b'{"exp":Infinity}', "Infinity"),
        (b"{}", b"\xff", "JSON"),
        (rb'{"alg":"\ud800"}', b"{}", "JSON"),
        (b"{}", rb'{"aud":["\udfff"]}', "JSON"),
        (b"{}", b"[" * 100_000, "JSON"),
        (b"{}", b'{"exp":' + b"1" * 5000 + b"}", "JSON"),
    ],
)
def test_two_readings_and_no_json_are_told(header, claims, says):
    with pytest.raises(Malformed, match=says):
        read(text(header, claims))


def test_base64_has_one_spelling(who):
    good = who.sign(CLAIMS, HEADER)
    read(good)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stray = good[:-1] + alphabet[alphabet.index(good[-1]) ^ 1]
    last = good.rpartition(".")[2]
    padded = [base64.urlsafe_b64decode(each.rpartition(".")[2] + "==") for each in (good, stray)]
    assert len(last) % 4 == 2
    assert padded[0] == padded[1]  # to other readers the two are the same
    with pytest.raises(Malformed, match="stray bits"):
        read(stray)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_a_signature_is_of_one_key_and_one_algorithm(who, algorithm):
    other = identity()
    found = read(signed(CLAIMS, {"alg": algorithm}, who.private_pem))
    assert found.is_signed_by(who.key.public_key(), algorithm)
    assert not found.is_signed_by(other.key.public_key(), algorithm)
    assert not found.is_signed_by(who.key.public_key(), "PS256" if algorithm == "RS256" else "RS256")
    assert not read(text()).is_signed_by(who.key.public_key(), algorithm)


def test_padding_is_taken_where_it_is_asked_for_and_right(who):
    claims = {"sub": "x", "aud": "y" * 3}
    token = who.sign(claims, HEADER)
    padded = ".".join(part + "=" * (-len(part) % 4) for part in token.split("."))
    assert padded != token
    assert read(padded, padded=True).claims == read(token, padded=True).claims == claims
    assert read(padded, padded=True).signed.decode() == padded.rpartition(".")[0]
    for wrong in (f"{padded}=", "e30==.e30.AA", "e30.e30=.AA=", "e30.e30.A===", "e3=0.e30.AA", "e30.e30.AB=="):
        with pytest.raises(Malformed):
            read(wrong, padded=True)
    with pytest.raises(Malformed):
        read(padded)
