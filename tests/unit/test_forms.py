"""The form parser: whatever comes, parameters or an Entra error, and nothing else."""

from urllib.parse import parse_qsl, urlencode

import pytest
from harness import attempt
from hypothesis import example, given
from hypothesis import strategies as st

from mock_idp.errors import EntraError
from mock_idp.forms import MAX_PARAMETERS, parse

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\r\n"), max_size=20)


@given(st.binary(max_size=400))
@example(b"%")
@example(b"a=%e2%82")
@example(b"&=&=")
def test_any_bytes_give_parameters_or_an_entra_error(raw):
    found, refusal = attempt(parse, raw)
    if refusal:
        assert refusal.number in (90004, 9000411)
        assert refusal.hint
        assert refusal.hint.isprintable()
        return
    for text in (*found, *found.values()):
        assert text.encode().decode() == text
        assert not any(ord(c) < 32 and c not in "\t\r\n" for c in text)


@given(st.text(alphabet="ab=&%+01fF\x00é;", max_size=60))
def test_so_does_text_that_looks_like_a_form(text):
    found, refusal = attempt(parse, text.encode())
    if refusal:
        return
    assert dict(parse_qsl(text, keep_blank_values=True, strict_parsing=False)) == found


@given(st.dictionaries(TEXT, TEXT, max_size=30))
def test_what_a_client_encoded_comes_back(parameters):
    assert parse(urlencode(parameters).encode()) == parameters


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=5), st.data())
def test_a_parameter_sent_twice_is_refused_however_it_is_spelled(parameters, data):
    name = data.draw(st.sampled_from(sorted(parameters)))
    spelled = "".join(f"%{byte:02X}" for byte in name.encode())
    with pytest.raises(EntraError) as caught:
        parse(f"{urlencode(parameters)}&{spelled}=x".encode())
    assert caught.value.number == 9000411


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"a", {"a": ""}),
        (b"a=", {"a": ""}),
        (b"a=b=c", {"a": "b=c"}),
        (b"a=1+2%2B3", {"a": "1 2+3"}),
        (b"a=%C3%A9&b=\xc3\xa9", {"a": "é", "b": "é"}),
        (b"a=1;b=2", {"a": "1;b=2"}),
        (b"a=%0d%0a%09", {"a": "\r\n\t"}),
    ],
)
def test_the_url_standards_examples(raw, expected):
    assert parse(raw) == expected


def test_as_many_parameters_as_allowed_are_read_in_order():
    raw = "&".join(f"p{n}={n}" for n in range(MAX_PARAMETERS))
    assert list(parse(raw.encode())) == [f"p{n}" for n in range(MAX_PARAMETERS)]
    with pytest.raises(EntraError):
        parse(f"{raw}&one=more".encode())
