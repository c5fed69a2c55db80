"""When it is asked how somebody is, what answers add up to, and how sure a share is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.follow_up import (
    Meaning,
    OutcomeSource,
    asking_of,
    contradict,
    month_after,
    settle,
    share_of,
    wilson,
)
from matcher.reference.follow_up import load_follow_up_terms, outcome_meanings, statuses_for

MEANINGS = outcome_meanings()
CANDIDATE, EMPLOYER, COACH, DECIDED = OutcomeSource
KNOWN = st.sampled_from([True, False, None])
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SAID = st.fixed_dictionaries(
    {}, optional={source: st.sampled_from(statuses_for(source.value)) for source in OutcomeSource}
)


@given(DAYS, st.integers(0, 60))
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(
    start: date, months: int
) -> None:
    found = month_after(start, months)
    apart = (found.year - start.year) * 12 + found.month - start.month
    assert apart == months
    if found.day != start.day:
        assert found.day < start.day
        assert (found + timedelta(days=1)).day == 1


@given(DAYS)
def test_the_questions_of_one_start_are_open_one_after_the_other(start: date) -> None:
    terms = load_follow_up_terms(date(2027, 3, 1))
    askings = terms.askings(start)
    assert [one.months for one in askings] == [3, 6, 12]
    for one in askings:
        assert one == asking_of(
            start, one.months, before=terms.opens_before, after=terms.unknown_after
        )
        assert one.opens_on == one.due_on - timedelta(days=14)
        assert one.closes_on == one.due_on + timedelta(days=30)
        assert one.is_open(one.opens_on)
        assert one.is_open(one.closes_on)
        assert not one.is_open(one.closes_on + timedelta(days=1))
    assert all(one.closes_on < later.opens_on for one, later in pairwise(askings))


@given(SAID)
def test_what_answers_add_up_to_is_what_one_of_them_said_or_unknown(
    said: dict[OutcomeSource, str],
) -> None:
    found = settle(said, MEANINGS)
    if DECIDED in said:
        assert (found.status, found.differs) == (said[DECIDED], False)
        return
    clash = [
        (a, b)
        for a in said.values()
        for b in said.values()
        if {MEANINGS[a].works, MEANINGS[b].works} == {True, False}
        or {MEANINGS[a].here, MEANINGS[b].here} == {True, False}
    ]
    assert found.differs is bool(clash)
    if clash or not said:
        assert (found.status, found.works) == (None, None)
    else:
        assert found.status in said.values()
        works = {MEANINGS[code].works for code in said.values()} - {None}
        assert {found.works} - {None} == works


@given(SAID)
def test_no_answer_is_never_a_success(said: dict[OutcomeSource, str]) -> None:
    if settle(said, MEANINGS).works:
        assert any(MEANINGS[code].works for code in said.values())


@given(KNOWN, KNOWN, KNOWN, KNOWN)
def test_contradicting_goes_both_ways_and_unknown_contradicts_nothing(
    a: bool | None, b: bool | None, c: bool | None, d: bool | None
) -> None:
    assert contradict(Meaning(a, b), Meaning(c, d)) is contradict(Meaning(c, d), Meaning(a, b))
    assert not contradict(Meaning(a, b), Meaning(None, None))
    assert not contradict(Meaning(a, b), Meaning(a, b))


def test_somebody_who_left_for_another_employer_contradicts_nobody() -> None:
    found = settle({CANDIDATE: "other_employer", EMPLOYER: "not_here"}, MEANINGS)
    assert (found.status, found.works, found.differs) == ("other_employer", True, False)
    found = settle({CANDIDATE: "same_job", EMPLOYER: "not_here"}, MEANINGS)
    assert (found.status, found.works, found.differs) == (None, None, True)
    found = settle({EMPLOYER: "not_here"}, MEANINGS)
    assert (found.status, found.works, found.differs) == ("not_here", None, False)
    both = {CANDIDATE: "same_job", EMPLOYER: "not_here", DECIDED: "not_working"}
    assert settle(both, MEANINGS).works is False


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_solves_the_equation_of_wilson(
    counted: tuple[int, int],
) -> None:
    yes, total = counted
    low, high = wilson(yes, total)
    share, z = yes / total, 1.959963984540054
    assert 0 <= low <= share <= high <= 1
    # The ends are where the observed share lies exactly z standard errors away.
    for end in (low, high):
        if 0 < end < 1:
            assert isclose((share - end) ** 2, z * z * end * (1 - end) / total, rel_tol=1e-9)
    mirrored = wilson(total - yes, total)
    assert isclose(mirrored[0], 1 - high, abs_tol=1e-12)
    assert isclose(mirrored[1], 1 - low, abs_tol=1e-12)


def test_the_interval_is_the_published_one() -> None:
    # R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
    for yes, total, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(yes, total)
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(1, 20))
def test_unknown_stays_between_no_and_yes(yes: int, unknown: int, no: int, smallest: int) -> None:
    total = yes + unknown + no
    found = share_of(yes, unknown, total, smallest=smallest)
    if total < smallest:
        assert found.is_small
        assert (found.value, found.low, found.high) == (None, None, None)
        return
    assert found.value == yes / total
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value
    for filled in range(unknown + 1):
        low, high = wilson(yes + filled, total)
        assert found.low <= low + 1e-12
        assert high <= found.high + 1e-12


@pytest.mark.parametrize("source", list(OutcomeSource))
def test_every_source_can_say_yes_and_something_else(source: OutcomeSource) -> None:
    codes = statuses_for(source.value)
    assert any(MEANINGS[code].works for code in codes)
    assert any(not MEANINGS[code].works for code in codes)
