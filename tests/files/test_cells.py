"""What each kind of cell takes, and what it says when it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from matcher.files.columns import Column
from matcher.files.columns_candidate import CANDIDATE_BY_NAME
from matcher.files.columns_programme import PROGRAMME_BY_NAME
from matcher.files.columns_vacancy import VACANCY_BY_NAME
from matcher.files.messages import MESSAGES, CellError, say

COLUMNS = {**PROGRAMME_BY_NAME, **VACANCY_BY_NAME, **CANDIDATE_BY_NAME}

READ = [
    ("hours_min", "20,5", 20.5),
    ("hours_min", 20.5, 20.5),
    ("hours_min", " 8 ", 8.0),
    ("rhythm", "4,0", 4),
    ("rhythm", 3.0, 3),
    ("education", "7", None),
    ("education", 0, None),
    ("region", "Drechtsteden", "drechtsteden"),
    ("licences", "b|be", frozenset({"B", "BE"})),
    ("licences", ["AM"], frozenset({"AM"})),
    ("sectors", "F42|F42|N", ("F42", "N")),
    ("sectors", "F42 | | N81", ("F42", "N81")),
    ("learning_level", 2, "2"),
    ("lift", "Partly", 1),
    ("adult", "ja", True),
    ("adult", False, False),
    ("start_from", datetime(2027, 3, 1, tzinfo=UTC), date(2027, 3, 1)),
    ("start_from", "2027-03-01T00:00:00", date(2027, 3, 1)),
    ("day_starts_at", "7:05", time(7, 5)),
    ("day_starts_at", time(6, 30), time(6, 30)),
    ("day_starts_at", datetime(1899, 12, 31, 6, 30, tzinfo=UTC), time(6, 30)),
    ("wage_hour", "15,205", 1520),
    ("wage_hour", "15,215", 1522),
    ("wage_hour", 14.4, 1440),
    ("occupations", "8342:3|9312", (("8342", 3.0), ("9312", None))),
    ("occupations", "8342: 2,5", (("8342", 2.5),)),
    ("occupations", 8342, (("8342", None),)),
    ("occupation", 9312.0, "9312"),
    ("raises", "rhythm:+1|work_skills: +2", (("rhythm", 1), ("work_skills", 2))),
    ("needs", "language_read>=1|hours ≥ 16|lift>=partly", None),
    ("reference", 17.0, "17"),
    ("reference", date(2027, 1, 2), "2027-01-02"),
    ("title", "  Grond\nwerker ", "Grond werker"),
]
READ[-4] = (*READ[-4][:2], (("language_read", 1.0), ("hours", 16.0), ("lift", 1.0)))


@pytest.mark.parametrize(("name", "raw", "value"), READ)
def test_a_cell_is_read_as_it_is_meant(name: str, raw: object, value: object) -> None:
    assert COLUMNS[name].read(raw) == value


BSN = "holds a citizen service number (BSN), which is never needed here; take it out"
ISCO = "must hold ISCO-08 codes, with years after a colon if known, such as 8342:3|9312"
NAN = "is not a number; leave it empty when it is not known"
CONTROL = "holds a character that cannot be shown, such as NUL; remove it"
NESTED = "must be one value or a list of values, not an object"

REFUSED = [
    ("rhythm", "5", "must be a whole number from 0 to 4"),
    ("rhythm", "2.5", "must be a whole number from 0 to 4"),
    ("rhythm", True, "must be a whole number from 0 to 4"),
    ("rhythm", "vier", "must be a whole number from 0 to 4"),
    ("rhythm", float("nan"), f"NaN {NAN}"),
    ("rhythm", "nan", f"'nan' {NAN}"),
    ("hours_max", float("inf"), f"Infinity {NAN}"),
    ("hours_max", "1e9", "must be a number from 1 to 40"),
    ("hours_max", "1.234,5", "must be a number from 1 to 40"),
    ("hours_max", 10**30, "must be a number from 1 to 40"),
    ("hours_max", "٣", "must be a number from 1 to 40"),
    ("education", "8", "must be a whole number from 1 to 6"),
    ("start_from", "31-03-2027", "must be a date written as 2027-03-31"),
    ("start_from", "2027-02-30", "must be a date written as 2027-03-31"),
    ("start_from", "9999-01-01", "must be a date from 1900-01-01 to 2100-12-31"),
    ("start_from", date(1899, 12, 31), "must be a date from 1900-01-01 to 2100-12-31"),
    ("start_from", 46000, "must be a date written as 2027-03-31"),
    ("day_starts_at", "24:00", "must be a time written as 07:30"),
    ("day_starts_at", 0.25, "must be a time written as 07:30"),
    ("adult", "misschien", "must be yes or no"),
    ("adult", 1, "must be yes or no"),
    ("lift", 2, "must be one of cannot, partly, can"),
    ("lift", "much", "must be one of cannot, partly, can"),
    ("sectors", "F42|F44", "'F44' is not a known code of sectors; nearest: F43, F42, F41"),
    (
        "sectors",
        "X" * 100,
        f"'{'X' * 37}...' is not a known code of sectors; 'matcher codes' lists them",
    ),
    ("credentials", "123456782", BSN),
    ("sectors", {"code": "F42"}, NESTED),
    ("region", ["demo", "demo"], NESTED),
    ("sectors", "|".join(["F42"] * 101), "holds 101 values, at most 100 are allowed"),
    (
        "occupations",
        "grondwerker",
        ISCO,
    ),
    (
        "occupations",
        "8342:",
        ISCO,
    ),
    ("occupations", "8342:99", "must be a number from 0 to 60"),
    ("occupation", "93125", "must be an ISCO-08 code of one to four digits, such as 8342"),
    ("needs", "money>=1", "a programme never asks for a money level (promise P-3); take money out"),
    ("reference", "x" * 201, "holds 201 characters, at most 200 are allowed; shorten it"),
    ("reference", "a\x00b", CONTROL),
    ("reference", "a\ud800b", CONTROL),
    ("reference", True, "must be text"),
    (
        "reference",
        "klant 1234.56.782",
        BSN,
    ),
    (
        "benefit",
        123456782,
        BSN,
    ),
]


@pytest.mark.parametrize(("name", "raw", "why"), REFUSED)
def test_a_cell_that_cannot_be_read_says_why_and_the_way_out(
    name: str, raw: object, why: str
) -> None:
    with pytest.raises(CellError) as refused:
        COLUMNS[name].read(raw)
    assert refused.value.problem(name, None, "en").why == why


@pytest.mark.parametrize(
    ("name", "raw", "nearest"),
    [
        ("region", "drechtstede", "drechtsteden"),
        ("credentials", "vca", "vca_full, vca_basic"),
        ("sectors", "F49", "F43"),
        ("sectors", "wegenbouw", "F42"),
        ("travel_modes", "fiets", "bike"),
        ("blocked", "monday_morning", "mon_morning"),
    ],
)
def test_an_unknown_code_names_the_nearest_known_ones_first(
    name: str, raw: str, nearest: str
) -> None:
    with pytest.raises(CellError) as refused:
        COLUMNS[name].read(raw)
    assert f"; nearest: {nearest}" in refused.value.problem(name, None, "en").why


@pytest.mark.parametrize("raw", ["rhythm:1x", "rhythm:+0", "bsn:+1", "rhythm", 3])
def test_raises_are_steps_up_of_known_levels(raw: object) -> None:
    with pytest.raises(CellError, match="raises"):
        COLUMNS["raises"].read(raw)


@pytest.mark.parametrize("raw", ["rhythm<=2", "rhythm<2", "rhythm=2", "age>=18", "rhythm>=9", "x"])
def test_needs_are_lower_bounds_of_known_levels(raw: str) -> None:
    with pytest.raises(CellError):
        COLUMNS["needs"].read(raw)


def test_a_need_can_be_a_paper() -> None:
    column: Column = COLUMNS["needs"]
    assert column.read("B|vca_basic>=1") == (("B", 1.0), ("vca_basic", 1.0))


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_exists_in_both_languages_and_needs_the_same_facts(code: str) -> None:
    class Facts(dict[str, object]):
        def __missing__(self, key: str) -> str:
            self[key] = key
            return key

    english, dutch = Facts(), Facts()
    assert MESSAGES[code][0].format_map(english) != MESSAGES[code][1].format_map(dutch)
    if code not in ("never_a_need", "never_asked"):  # words that each language has its own of
        assert set(english) == set(dutch)


def test_a_message_can_be_said_in_dutch() -> None:
    assert say("whole", "nl", minimum=0, maximum=4) == "moet een heel getal zijn van 0 tot en met 4"
