"""Positions in the pictures: what is drawn is what is known."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from matcher.web.charts import SpanInput, time_line
from matcher.web.paging import page_of


@pytest.fixture(autouse=True)
def request_context(app: Flask):
    with app.test_request_context():
        yield


def test_a_time_line_places_each_thing_between_its_days() -> None:
    line = time_line(
        [
            SpanInput("VCA", date(2027, 1, 11), date(2027, 1, 12)),
            SpanInput("Plek", date(2027, 2, 1), None, "place"),
        ],
        date(2027, 1, 4),
    )
    first, place = line.spans
    assert (first.percent, place.percent) == (12.5, 50.0)
    assert first.width_percent == 2.0
    assert place.percent + place.width_percent == 100
    assert line.ticks[0].label == "4 januari"


def test_a_time_line_needs_something_to_show() -> None:
    with pytest.raises(ValueError, match="at least one"):
        time_line([], date(2027, 1, 4))


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(
    begins_on=days,
    spans=st.lists(st.tuples(days, st.integers(0, 400) | st.none()), min_size=1, max_size=6),
)
def test_everything_on_a_time_line_stays_on_it(begins_on, spans) -> None:
    from datetime import timedelta

    items = [
        SpanInput("x", start, None if length is None else start + timedelta(days=length))
        for start, length in spans
    ]
    line = time_line(items, begins_on)
    for span in line.spans:
        assert 0 <= span.percent <= span.percent + span.width_percent <= 100.01
        assert span.width_percent >= 2
    assert 1 <= len(line.ticks) <= 5


@given(total=st.integers(0, 300), number=st.integers(-3, 400), size=st.integers(1, 40))
def test_the_pages_of_a_list_hold_everything_once(total, number, size) -> None:
    items = list(range(total))
    page = page_of(items, number, size)
    assert len(page.items) <= size
    assert page.items == items[page.first - 1 : page.last] if total else page.first == 0
    everything = [
        item
        for each in range(1, -(-total // size) + 1)
        for item in page_of(items, each, size).items
    ]
    assert everything == items
