from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import InvalidInput
from matcher.repositories.paging import Key, decode_cursor, encode_cursor

KEY: tuple[Key, ...] = ("P-1", 7, date(2027, 3, 1), datetime(2027, 3, 1, 8, tzinfo=UTC))
KINDS: tuple[type[Key], ...] = (str, int, date, datetime)


def test_a_cursor_brings_its_key_back() -> None:
    assert decode_cursor(encode_cursor(KEY), KINDS) == KEY


@pytest.mark.parametrize(
    "key",
    [
        (),
        ("P-1", 7, "2027-03-01"),
        ("P-1", 7, "2027-03-01", "2027-03-01T08:00:00"),
        ("P-1", 7, "yesterday", "2027-03-01T08:00:00+00:00"),
        ("P-1", "7", "2027-03-01", "2027-03-01T08:00:00+00:00"),
        ("P-1", True, "2027-03-01", "2027-03-01T08:00:00+00:00"),
        ("P-1", 2**31, "2027-03-01", "2027-03-01T08:00:00+00:00"),
        ("\0", 7, "2027-03-01", "2027-03-01T08:00:00+00:00"),
        (1, 7, "2027-03-01", "2027-03-01T08:00:00+00:00"),
    ],
)
def test_a_key_of_another_shape_is_refused(key: tuple[Key, ...]) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor(key), KINDS)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_a_cursor_or_refused_as_one(text: str) -> None:
    try:
        key = decode_cursor(text, (str, int))
    except InvalidInput:
        return

    assert encode_cursor(key)
