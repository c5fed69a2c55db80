"""A decimal keeps its digits in JSON, as a number, in files and over HTTP alike."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.files.exact_json import exact_json


@given(st.decimals(-10_000, 10_000, places=2))
def test_two_digits_stay_two_digits(value: Decimal) -> None:
    text = exact_json({"readiness": value})

    read = json.loads(text, parse_float=Decimal)["readiness"]
    assert read == value
    assert read.as_tuple().exponent == -2


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_no_text_is_taken_for_a_decimal(text: str) -> None:
    assert json.loads(exact_json([text, "\\u000068.50", '"\\u00001"'])) == [
        text,
        "\\u000068.50",
        '"\\u00001"',
    ]


def test_days_and_times_are_iso_8601_in_the_order_given() -> None:
    value = {"b": date(2027, 3, 9), "a": time(7, 30)}

    assert exact_json(value) == '{"b":"2027-03-09","a":"07:30:00"}'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_never_written(number: object) -> None:
    with pytest.raises(ValueError, match=r"NaN|JSON compliant"):
        exact_json([number])


def test_what_has_no_form_in_json_is_a_fault_unless_somebody_gives_it_one() -> None:
    with pytest.raises(TypeError, match="complex"):
        exact_json(1j)

    assert exact_json(1j, default=str) == '"1j"'
