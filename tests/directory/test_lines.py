"""Every key and element of a file is found on the line where it stands, however the file is laid out."""

import itertools
import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_idp.directory.lines import json_lines, toml_lines


class Layout:
    """Writes TOML documents in every layout there is; each key and number is there once, so that it can be found."""

    def __init__(self, data) -> None:
        self.draw = data.draw
        self.count = itertools.count(100)

    def choose(self, *choices):
        return self.draw(st.sampled_from(choices))

    def gap(self, *, lines: bool) -> str:
        return self.choose("", " ", "\n", " # [not] a = 1\n", "\n\n# ]]\n") if lines else self.choose("", " ")

    def key(self) -> str:
        name = f"k{next(self.count)}"
        return self.choose(name, f'"{name} x"', f"'{name}.x'", f'"\\u0041{name}"', f"{name}-_1")

    def scalar(self) -> str:
        number = str(next(self.count))
        return self.choose(
            number, f'"{number} [] {{}} # \\" ="', f"'{number} \\ \"'", f'"""{number}\n[[a]]\n""x\\"""" ""', "true",
            f"'''{number}\nb = [\n''{{'''", "1979-05-27 07:32:00", "1979-05-27T00:32:00.9-07:00", "07:32:00", "+1e6",
        ).replace('"""" ""', '""""')  # fmt: skip

    def value(self, deep: int) -> str:
        kind = self.choose("scalar", "array", "table") if deep else "scalar"
        if kind == "scalar":
            return self.scalar()
        if kind == "array":
            parts = [self.value(deep - 1) for _ in range(self.choose(0, 1, 3))]
            inner = ",".join(f"{self.gap(lines=True)}{part}{self.gap(lines=True)}" for part in parts)
            return f"[{inner}{self.choose('', ',') if parts else ''}{self.gap(lines=True)}]"
        pairs = ", ".join(self.pair(deep - 1) for _ in range(self.choose(0, 1, 2)))
        return f"{{ {pairs} }}"

    def pair(self, deep: int) -> str:
        name = self.choose(".", " . ").join(self.key() for _ in range(self.choose(1, 1, 1, 2, 3)))
        return f"{name}{self.gap(lines=False)}={self.gap(lines=False)}{self.value(deep)}"

    def body(self) -> list[str]:
        return [self.gap(lines=True) + self.pair(2) for _ in range(self.choose(0, 1, 3))]

    def table(self, prefix: str, deep: int) -> list[str]:
        written = self.body()
        for _ in range(self.choose(0, 1, 2) if deep else 0):
            name = f"{prefix}{self.key()}"
            if self.choose(True, False):
                written += [f"[ {name} ] # [[x]]", *self.table(f"{name}.", deep - 1)]
            else:
                for _ in range(self.choose(1, 2)):
                    written += [f"[[{name}]]", *self.table(f"{name}.", deep - 1)]
        return written

    def document(self) -> str:
        return self.choose("\n", "\r\n").join(["", *self.table("", 3)])


def walk(value, path=()):
    if path:
        yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))


@given(st.data())
def test_toml(data):
    text = Layout(data).document()
    found, lines = toml_lines(text), text.split("\n")
    document = tomllib.loads(text)
    assert set(found) == {path for path, _ in walk(document)}
    for path, value in walk(document):
        line = lines[found[path] - 1]
        if isinstance(path[-1], str):
            assert path[-1].lstrip("A") in line
        elif isinstance(value, int | str) and not isinstance(value, bool):
            assert str(value)[:3] in line


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


@given(value=JSON, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_json(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found, lines = json_lines(text), text.split("\n")
    assert set(found) == {path for path, _ in walk(value)}
    for path, inner in walk(value):
        line = lines[found[path] - 1]
        if isinstance(path[-1], str):
            assert json.dumps(path[-1], ensure_ascii=ascii_only) in line
        elif not isinstance(inner, dict | list):
            assert json.dumps(inner, ensure_ascii=ascii_only) in line


@pytest.mark.parametrize(("find", "text"), [(toml_lines, "a = " + "[" * 3000), (json_lines, "[" * 3000)])
def test_what_is_nested_too_deeply_has_no_lines(find, text):
    assert find(text) == {}
