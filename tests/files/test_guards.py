"""What may not pass: service numbers, formulas, and needs that a vacancy cannot have."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.guards import (
    contains_bsn,
    forbidden_need,
    guard_formula,
    passes_eleven_check,
    shown_name,
    unguard_formula,
)


def service_numbers() -> st.SearchStrategy[str]:
    """Nine digits that pass the 11-check: the last follows from the other eight."""

    def complete(eight: str) -> str | None:
        check = sum(int(d) * w for d, w in zip(eight, range(9, 1, -1), strict=True)) % 11
        return None if check == 10 or not any(map(int, eight)) else eight + str(check)

    return st.from_regex(r"[0-9]{8}", fullmatch=True).filter(str.isascii).map(complete).filter(bool)


@given(service_numbers(), st.sampled_from(["{}", "bel {} even", "nr.{};", "a{}b", "06 {}", "{}."]))
def test_every_service_number_is_found_in_any_text(number: str, text: str) -> None:
    assert contains_bsn(text.format(number))
    assert contains_bsn(text.format(f"{number[:3]}.{number[3:6]}.{number[6:]}"))
    assert contains_bsn(text.format(f"{number[:4]} {number[4:6]} {number[6:]}"))
    assert contains_bsn(text.format(f"{number[:3]}-{number[3:6]}-{number[6:]}"))


@pytest.mark.parametrize(
    "text",
    [
        "123456782",
        "23456784",
        "１２３４５６７８２",
        "1234\u200b56782",
        "tel 12 1234 56 782",
        "geboren 2001-02-03, nummer 123456782",
    ],
)
def test_a_service_number_does_not_hide(text: str) -> None:
    assert contains_bsn(text)


@pytest.mark.parametrize(
    "text",
    [
        "123456789",
        "000000000",
        "someId12354565789",
        "K-000123",
        "2026-11-23",
        "3 plekken, 40 uur, vanaf 6.30 uur",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "",
    ],
)
def test_other_numbers_are_no_service_number(text: str) -> None:
    assert not contains_bsn(text)


def test_one_digit_changed_never_passes_the_check() -> None:
    number = "123456782"
    assert passes_eleven_check(number)
    for place in range(9):
        for digit in "0123456789":
            if digit != number[place]:
                assert not passes_eleven_check(number[:place] + digit + number[place + 1 :])


@given(st.text())
def test_the_formula_guard_gives_back_every_text(text: str) -> None:
    assert unguard_formula(guard_formula(text)) == text


@given(st.sampled_from("=+-@\t\r\x00＝＋－＠"), st.text())
def test_no_text_leaves_as_a_formula(start: str, rest: str) -> None:
    assert guard_formula(start + rest).startswith("'")
    assert guard_formula("'" + start + rest).startswith("''")


def test_a_text_that_is_no_formula_leaves_as_it_is() -> None:
    for text in ("Grondwerker", "'s-Gravendeel", "1=1", "", "a@b"):
        assert guard_formula(text) == text
    written = io.StringIO()
    csv.writer(written).writerow([guard_formula('=HYPERLINK("http://x")')])
    assert written.getvalue().startswith("\"'=")


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("money", "money"),
        ("schulden", "money"),
        ("needs_money", "money"),
        ("debt_level", "money"),
        ("benefit", "benefit"),
        ("Uitkering", "benefit"),
        ("p_wet", "benefit"),
        ("banenafspraak", "benefit"),
        ("age", "age"),
        ("max_age", "age"),
        ("maxAge", "age"),
        ("leeftijd", "age"),
        ("minimum leeftijd", "age"),
        ("birth_year", "age"),
        ("date_of_birth", "age"),
        ("geboortedatum", "age"),
        ("gender", "gender"),
        ("geslacht", "gender"),
        ("M/V", "gender"),
        ("sex", "gender"),
        ("origin", "origin"),
        ("herkomst", "origin"),
        ("nationaliteit", "origin"),
        ("country_of_birth", "origin"),
        ("health", "health"),
        ("gezondheid", "health"),
        ("diagnose", "health"),
        ("sick_leave", "health"),
        ("beperking", "health"),
    ],
)
def test_a_column_for_what_no_vacancy_may_need_is_recognised(name: str, subject: str) -> None:
    assert forbidden_need(name) == subject


def test_the_columns_of_a_vacancy_and_common_words_are_not_mistaken() -> None:
    names = [column.name for column in VACANCY_COLUMNS]
    for name in [
        *names,
        "stage",
        "language",
        "page",
        "manager",
        "package",
        "essex",
        "original_title",
    ]:
        assert forbidden_need(name) is None


def test_a_name_is_shown_short_printable_and_without_a_service_number() -> None:
    assert shown_name("a\x00b") == "a?b"
    assert shown_name("") == "(empty name)"
    assert shown_name("bsn 123456782") == "(hidden)"
    assert len(shown_name("x" * 500)) == 60
