from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.orm import Session

from matcher.domain.candidate import CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.models.types import (
    CodeList,
    CodeSet,
    JsonText,
    Occupations,
    Pairs,
    ResultJson,
    UtcDateTime,
    canonical_json,
    result_text,
)
from matcher.repositories.content import from_content, hash_of, normal, to_content

TABLE = Table(
    "typed",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("moment", UtcDateTime),
    Column("codes", CodeSet),
    Column("ordered", CodeList),
    Column("occupations", Occupations),
    Column("pairs", Pairs),
    Column("json", JsonText),
    Column("result", ResultJson),
    prefixes=["TEMPORARY"],
)
AMSTERDAM = timezone(timedelta(hours=2))

CASES = {
    "moment": [
        (datetime(2027, 7, 1, 12, 0, 0, 5, AMSTERDAM), datetime(2027, 7, 1, 10, 0, 0, 5, UTC)),
        (None, None),
    ],
    "codes": [
        (frozenset({"bike", "car"}), frozenset({"bike", "car"})),
        (frozenset(), frozenset()),
        (None, None),
    ],
    "ordered": [(("F43", "F42"), ("F43", "F42")), ((), ()), (None, None)],
    "occupations": [
        ((("8342", 2.5), ("9312", None)), (("8342", 2.5), ("9312", None))),
        ((("8342", 3),), (("8342", 3.0),)),
        ((), ()),
    ],
    "pairs": [
        ((("rhythm", 1), ("hours_max", 16.0)), (("rhythm", 1), ("hours_max", 16.0))),
        ((), ()),
    ],
    "json": [({"b": [1, None, "é"], "a": 1.5}, {"b": [1, None, "é"], "a": 1.5}), (None, None)],
    "result": [
        (
            [{"points": Decimal("68.00"), "on": date(2027, 3, 1), "text": "68.00", "n": 3}],
            [{"points": Decimal("68.00"), "on": date(2027, 3, 1), "text": "68.00", "n": 3}],
        ),
        (None, None),
    ],
}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [(name, *case) for name, cases in CASES.items() for case in cases],
)
def test_a_value_comes_back_as_it_was_on_both_databases(
    session: Session, name: str, value: object, expected: object
) -> None:
    connection = session.connection()
    TABLE.create(connection, checkfirst=True)

    connection.execute(insert(TABLE).values(**{name: value}))
    found = connection.scalar(select(TABLE.c[name]))
    TABLE.drop(connection)

    assert found == expected
    assert repr(found) == repr(expected)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2027, 3, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001  the point of the test


@pytest.mark.parametrize("code", ["a|b", ""])
def test_a_code_that_could_not_be_read_back_is_refused(code: str) -> None:
    for kind in (CodeSet(), CodeList()):
        with pytest.raises(ValueError, match="code"):
            kind.process_bind_param([code], None)  # type: ignore[arg-type]  # unused there


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_numbers_that_json_does_not_know_are_refused(value: object) -> None:
    for write in (canonical_json, result_text):
        with pytest.raises(ValueError, match="JSON"):
            write(value)


def test_a_result_with_something_unknown_in_it_is_refused() -> None:
    with pytest.raises(TypeError):
        result_text({"who": object()})


hundredths = st.integers(-1_000_000, 1_000_000).map(lambda n: Decimal(n).scaleb(-2))
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | hundredths
rows = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "points", "steps"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["row", "rows"]), rows), days)
def test_results_read_back_are_the_results_that_were_written(
    result: dict[str, object], day: date
) -> None:
    result = {**result, "on": day, "review_on": None}

    text = result_text(result)
    back = ResultJson().process_result_value(text, None)  # type: ignore[arg-type]  # unused there

    assert back == result
    assert result_text(back) == text


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
def test_the_hash_does_not_depend_on_the_order_of_keys(content: dict[str, object]) -> None:
    turned = dict(reversed(content.items()))

    assert hash_of(turned) == hash_of(content)


codes = st.frozensets(st.sampled_from(["a", "b", "c"]))
levels = st.none() | st.integers(0, 4)
hours = st.none() | st.integers(1, 40) | st.floats(1, 40, width=32)
profiles = st.builds(
    CandidateProfile,
    reference=st.text(min_size=1),
    region=st.just("demo"),
    pc4=st.none() | st.integers(1000, 9999),
    travel_modes=st.none() | codes,
    sectors=st.lists(st.sampled_from(["F42", "N81"]), unique=True).map(tuple),
    blocked=codes,
    adult=st.none() | st.booleans(),
    hours_max=hours,
    rhythm=levels,
    start_from=st.none() | days,
    occupations=st.lists(
        st.tuples(st.sampled_from(["8342", "9312"]), st.none() | st.floats(0, 60))
    ).map(tuple),
)


@given(profiles)
def test_a_profile_comes_back_from_its_kept_content(profile: CandidateProfile) -> None:
    content = to_content(profile)

    again = from_content(CandidateProfile, content)

    assert again == profile
    assert hash_of(to_content(again)) == hash_of(content)


def test_a_whole_number_of_hours_has_one_content_however_it_was_typed() -> None:
    typed = CandidateProfile("K", "demo", hours_max=32, occupations=(("8342", 3),))
    read = CandidateProfile("K", "demo", hours_max=32.0, occupations=(("8342", 3.0),))

    assert to_content(typed) == to_content(read)
    assert repr(to_content(typed)) == repr(to_content(read))
    assert repr(normal(typed)) == repr(read)


def test_vacancies_and_programmes_come_back_from_their_kept_content() -> None:
    from datetime import time

    vacancy = VacancyProfile(
        "V", "Firm", "demo", "F42", 2, day_starts_at=time(6, 30), start_on=date(2027, 3, 1),
        reachable_by=frozenset({"bike"}), shifts=("early", "night"), adaptable=frozenset(),
    )  # fmt: skip
    programme = Programme(
        "P", "werkfit", raises=(("rhythm", 1),), needs=(("hours_max", 16.0),), weeks=0.5,
        starts_on=(date(2027, 3, 1), date(2027, 4, 5)), gives=frozenset({"vca_basic"}),
    )  # fmt: skip

    assert from_content(VacancyProfile, to_content(vacancy)) == vacancy
    assert from_content(Programme, to_content(programme)) == programme
