"""What the sign-in page carries along: the request comes back whole, and nothing else does."""

from base64 import urlsafe_b64encode

from harness import attempt
from hypothesis import given
from hypothesis import strategies as st

from mock_idp.endpoints.authorize.flow import pack, unpack

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\r\n"), max_size=20)


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=10))
def test_a_request_comes_back_as_it_was(parameters):
    assert unpack(pack(parameters)) == parameters
    assert pack(parameters).isascii()


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda raw: urlsafe_b64encode(raw).decode())))
def test_anything_else_is_a_request_or_an_entra_error(ctx):
    found, refusal = attempt(unpack, ctx)
    if refusal:
        assert refusal.number in (90004, 9000411)
        return
    assert all(text.encode() is not None for pair in found.items() for text in pair)


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=5), st.data())
def test_a_changed_one_never_breaks_anything(parameters, data):
    ctx = pack(parameters)
    place = data.draw(st.integers(0, len(ctx) - 1))
    changed = ctx[:place] + data.draw(st.characters()) + ctx[place + 1 :]
    _, refusal = attempt(unpack, changed)
    assert refusal is None or refusal.hint
