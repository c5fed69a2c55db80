"""A JSON body is read without losing or guessing anything."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.api.strict_json import DEPTH_MAXIMUM, INTEGER_MAXIMUM, read_json
from matcher.domain.errors import InvalidInput

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=9)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-INTEGER_MAXIMUM, INTEGER_MAXIMUM)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"   ", "is empty"),
        (b"{", "is not JSON: line 1"),
        (b'{"a": 1,}', "is not JSON"),
        (b'{"a": 1} x', "is not JSON"),
        (b'{"a": "\xff"}', "is not UTF-8 at byte 7"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": Infinity}', "Infinity is not a number"),
        (b'{"a": -Infinity}', "-Infinity is not a number"),
        (b'{"a": 1e400}', "number too large"),
        (b'{"a": 9223372036854775808}', "integer beyond 9223372036854775807"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "integer beyond"),
        (b'{"a": 1, "a": 2}', "a: stands twice"),
        (b'{"a": [{"b": 1, "b": 1}]}', "b: stands twice"),
        (b'{"a": "x\\u0000y"}', "a: holds a NUL"),
        (b'{"a\\u0000": 1}', "a?: holds a NUL"),
        (b'{"a": ["ok", "\\ud800"]}', "a[1]: holds half of a surrogate pair"),
        (b"[" * 1_000 + b"]" * 1_000, "more than 16 deep"),
        (b"[" * 200_000, "deep"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "more than 16 deep"),
    ],
)
def test_what_could_be_lost_or_guessed_is_refused_by_name(raw: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(raw)

    assert says in str(refused.value)


def test_every_bad_string_is_named_at_once_in_the_order_of_the_body() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(b'{"rows": [{"a": "\\u0000"}, {"b": "\\ud800"}], "c": "\\u0000"}')

    assert [p.where for p in refused.value.problems] == ["rows[0].a", "rows[1].b", "c"]


def test_brackets_inside_a_string_do_not_count_as_nesting() -> None:
    text = "[" * (DEPTH_MAXIMUM * 3)

    assert read_json(json.dumps({"title": text}).encode()) == {"title": text}


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_json(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


def test_a_byte_order_mark_is_skipped() -> None:
    assert read_json(b"\xef\xbb\xbf[1]") == [1]


@given(PLAIN)
def test_everything_else_reads_as_it_was_written(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_the_reader_fall_over(raw: bytes) -> None:
    with suppress(InvalidInput):
        read_json(raw)
