"""Random domain values that a file can hold, over every column and its whole range."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from hypothesis import strategies as st

from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.columns import NEEDABLE, RAISABLE, Column, Kind
from matcher.files.columns_candidate import AUDIT_COLUMNS, CANDIDATE_COLUMNS
from matcher.files.columns_programme import PROGRAMME_COLUMNS
from matcher.files.columns_vacancy import VACANCY_COLUMNS
from matcher.files.guards import contains_bsn

_LETTERS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)


def texts(maximum: int) -> st.SearchStrategy[str]:
    """Text as it is stored: words with single spaces, no BSN; formula starts are likely."""
    words = st.lists(_LETTERS, min_size=1, max_size=3).map(" ".join)
    starts = st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "＝", "#N/A ", "''+"])
    return (
        st.tuples(starts, words)
        .map(lambda parts: "".join(parts)[:maximum].strip())
        .filter(
            lambda text: bool(text) and not contains_bsn(text) and text == " ".join(text.split())
        )
    )


def _numbers(column: Column) -> st.SearchStrategy[float]:
    most = int(min(column.maximum, 10_000)) * 4
    return st.integers(int(column.minimum) * 4, most).map(lambda quarters: quarters / 4)


def _years() -> st.SearchStrategy[float | None]:
    return st.none() | st.integers(0, 120).map(lambda half: half / 2)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Any value of `column` but unknown."""
    kind = column.kind
    if kind is Kind.TEXT:
        return texts(int(column.maximum))
    if kind in (Kind.CODE, Kind.WORD):
        return st.sampled_from(column.known_codes())
    if kind is Kind.SCALE:
        return st.integers(0, len(column.words) - 1)
    if kind is Kind.WHOLE:
        return st.integers(int(column.minimum), int(column.maximum))
    if kind is Kind.NUMBER:
        return _numbers(column)
    if kind is Kind.MONEY:
        return st.integers(0, int(column.maximum) * 100)
    if kind is Kind.BOOLEAN:
        return st.booleans()
    if kind is Kind.DATE:
        return st.dates(date(1900, 1, 1), date(2100, 12, 31))
    if kind is Kind.TIME:
        return st.times(time(0, 0), time(23, 59)).map(lambda t: time(t.hour, t.minute))
    if kind is Kind.OCCUPATION:
        return st.from_regex(r"[0-9]{1,4}", fullmatch=True).filter(str.isascii)
    return _lists(column)


def _lists(column: Column) -> st.SearchStrategy[Any]:
    kind = column.kind
    if kind is Kind.DATES:
        days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
        return st.lists(days, unique=True, max_size=4).map(lambda found: tuple(sorted(found)))
    if kind is Kind.OCCUPATIONS:
        pairs = st.tuples(st.sampled_from(["9312", "8342", "0110", "83"]), _years())
        return st.lists(pairs, unique_by=lambda pair: pair[0], max_size=3).map(tuple)
    if kind is Kind.RAISES:
        pairs = st.tuples(st.sampled_from(RAISABLE), st.integers(1, 4))
        return st.lists(pairs, unique_by=lambda pair: pair[0], max_size=3).map(tuple)
    if kind is Kind.NEEDS:
        names = st.sampled_from(sorted(NEEDABLE))
        pairs = names.flatmap(
            lambda name: st.tuples(st.just(name), st.integers(0, int(NEEDABLE[name])).map(float))
        )
        return st.lists(pairs, unique_by=lambda pair: pair[0], max_size=3).map(tuple)
    codes = st.lists(st.sampled_from(column.known_codes()), unique=True, max_size=5)
    if kind is Kind.ORDERED_CODES:
        return codes.map(lambda found: tuple(found) or column.empty)
    if column.empty is None:
        return codes.map(lambda found: frozenset(found) or None)
    return codes.map(frozenset)


def _fields(columns: tuple[Column, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            column.field_name: values(column)
            if column.required or column.is_list
            else values(column) | st.just(column.empty)
            for column in columns
        }
    )


def _hours_in_order(fields: dict[str, Any]) -> dict[str, Any]:
    low, high = fields["hours_min"], fields["hours_max"]
    if low is not None and high is not None and low > high:
        fields["hours_min"], fields["hours_max"] = high, low
    return fields


candidates = st.builds(
    lambda fields, audit: (
        CandidateProfile(**_hours_in_order(fields)),
        AuditAttributes(fields["reference"], **audit),
    ),
    _fields(CANDIDATE_COLUMNS),
    _fields(AUDIT_COLUMNS),
)
vacancies = _fields(VACANCY_COLUMNS).map(lambda fields: VacancyProfile(**_hours_in_order(fields)))
programmes = _fields(PROGRAMME_COLUMNS).map(
    lambda fields: Programme(**{**fields, "hours_a_week": fields["hours_a_week"] or 0.0})
)
