"""The promises P-1 to P-6 and P-9 of the contract, over random people, places and programmes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.domain.assessment import assess, current
from matcher.domain.loads import load_gaps
from matcher.domain.matching import rank_vacancies
from matcher.domain.numbers import hundredths
from matcher.domain.pairs import assess_pair
from matcher.domain.pathways import Pathways
from matcher.domain.plans import plan_for
from matcher.domain.questions import unknown_answers
from matcher.domain.readiness import assess_readiness
from matcher.domain.table import VacancyTable
from matcher.domain.vocabulary import BLOCKERS, LEVEL_MAXIMUM, LOADS
from tests.domain.strategies import (
    LICENCES,
    ON,
    PAPERS,
    RULES,
    SETTING,
    candidates,
    programmes,
    several,
    vacancies,
)

many = settings(max_examples=600, deadline=None)
fewer = settings(max_examples=200, deadline=None)

STEPS = [
    "rhythm",
    "work_skills",
    "language_speak",
    "language_read",
    "home_base",
    "digital",
    *LOADS,
    "credential",
    "licence",
]
"""What P-2 promises to be harmless: one step up, or one more paper."""


def one_step_up(candidate, step, paper, licence):
    """The candidate after one step of P-2, or None when there is no step to make."""
    if step == "credential":
        return candidate.with_values({"credentials": candidate.credentials | {paper}})
    if step == "licence":
        return candidate.with_values({"licences": candidate.licences | {licence}})
    level = candidate.level(step)
    if level is None or level >= LEVEL_MAXIMUM.get(step, 2):
        return None
    return candidate.with_values({step: level + 1})


@many
@given(candidates())
def test_unknown_is_never_zero_and_filling_it_stays_inside_the_range(candidate):
    candidate = current(candidate, SETTING)
    before = assess_readiness(candidate, RULES)
    assert before.low <= before.points <= before.high
    for _, answers in unknown_answers(candidate):
        for answer in answers:
            after = assess_readiness(candidate.with_values(answer), RULES)
            assert before.low <= after.low
            assert before.low <= after.points <= before.high
            assert after.high <= before.high


@many
@given(
    candidates(),
    several(vacancies, 4),
    several(programmes, 3),
    st.sampled_from(STEPS),
    st.sampled_from(PAPERS),
    st.sampled_from(LICENCES),
)
def test_one_step_up_never_harms(candidate, places, catalogue, step, paper, licence):
    better = one_step_up(candidate, step, paper, licence)
    assume(better is not None)
    pathways = Pathways(catalogue, SETTING)
    was, now = assess(candidate, pathways), assess(better, pathways)
    assert now.readiness.points >= was.readiness.points
    assert now.lane.lane.order <= was.lane.lane.order
    for vacancy in places:
        old = assess_pair(was.candidate, vacancy, SETTING)
        new = assess_pair(now.candidate, vacancy, SETTING)
        assert new.fit >= old.fit
        assert new.eligible or not old.eligible
    old_plan = plan_for(candidate, places, pathways)
    new_plan = plan_for(better, places, pathways)
    if old_plan.place_on is not None:
        assert new_plan.place_on is not None
        assert new_plan.place_on <= old_plan.place_on


@many
@given(
    candidates(),
    several(vacancies, 4),
    several(programmes, 3),
    st.one_of(st.none(), st.integers(0, 4)),
)
def test_money_worries_change_no_place_no_date_and_no_start_level(
    candidate, places, catalogue, money
):
    other = candidate.with_values({"money": money})
    pathways = Pathways(catalogue, SETTING)
    one, two = assess(candidate, pathways), assess(other, pathways)
    assert one.readiness.start_level == two.readiness.start_level
    assert one.readiness.without_money == two.readiness.without_money
    lanes = {one.lane.lane.value, two.lane.lane.value}
    assert len(lanes) == 1 or lanes == {"ready_now", "ready_with_support"}
    table = VacancyTable(places, SETTING)
    assert [
        (m.pair.vacancy.reference, m.rank, m.pair.fit, m.pair.eligible)
        for m in rank_vacancies(candidate, table, include_blocked=True)
    ] == [
        (m.pair.vacancy.reference, m.rank, m.pair.fit, m.pair.eligible)
        for m in rank_vacancies(other, table, include_blocked=True)
    ]
    first, second = (plan_for(c, places, pathways) for c in (candidate, other))
    assert replace(first, candidate=candidate, steps=()) == replace(
        second, candidate=candidate, steps=()
    )
    assert [s for s in first.steps if not s.alongside] == [
        s for s in second.steps if not s.alongside
    ]
    assert [p for p in one.programmes if not p.is_money_support] == [
        p for p in two.programmes if not p.is_money_support
    ]


@many
@given(candidates(), vacancies())
def test_every_blocker_is_on_the_list_and_says_what_closes_it(candidate, vacancy):
    pair = assess_pair(current(candidate, SETTING), vacancy, SETTING)
    assert {blocker.code for blocker in pair.blockers} <= set(BLOCKERS)
    assert all(blocker.closed_by.code.startswith("closes.") for blocker in pair.blockers)
    assert pair.eligible == (not pair.blockers)


@many
@given(candidates(), vacancies())
def test_a_small_employer_gets_no_load_that_it_cannot_carry(candidate, vacancy):
    candidate = current(candidate, SETTING)
    pair = assess_pair(candidate, vacancy, SETTING)
    gaps = load_gaps(candidate, vacancy)
    size = 30 if vacancy.employer_size is None else vacancy.employer_size
    codes = {gap.code for gap in pair.gaps}
    if size < 10:
        assert not (gaps.known and pair.eligible)
        assert pair.ask_first == bool(gaps.ask)
        assert ("ask_first" in codes) == bool(gaps.ask)
    else:
        assert not pair.ask_first
    if 10 <= size < 50 and pair.eligible:
        assert len(gaps.known) <= 1
        assert ("job_coach" in codes) == (len(gaps.known) == 1)
    if pair.eligible:
        assert gaps.largest <= 1


@many
@given(candidates(), vacancies())
def test_explanations_add_up_exactly(candidate, vacancy):
    assessment = assess(candidate, Pathways((), SETTING))
    best = assessment.readiness.best
    assert sum(d.points for d in best.dimensions) == assessment.readiness.points
    assert hundredths(best.known_share) == assessment.known_share
    pair = assess_pair(current(candidate, SETTING), vacancy, SETTING)
    assert sum(component.points for component in pair.components) == pair.fit
    assert 0 <= pair.fit <= 10_000


@many
@given(candidates(), several(vacancies, 8))
def test_many_at_once_agree_exactly_with_the_explained_pair(candidate, places):
    candidate = current(candidate, SETTING)
    scores = VacancyTable(places, SETTING).score(candidate)
    for row, vacancy in enumerate(places):
        pair = assess_pair(candidate, vacancy, SETTING)
        assert bool(scores.eligible[row]) == pair.eligible
        assert bool(scores.ask_first[row]) == pair.ask_first
        assert int(scores.fit[row]) == pair.fit


@fewer
@given(candidates(), several(vacancies, 6), st.randoms(), st.integers(0, 3))
def test_the_order_of_rows_and_the_reference_change_no_fit_and_no_rank(
    candidate, places, random, top
):
    def found(person, rows):
        table = VacancyTable(rows, SETTING)
        return {m.pair.vacancy.reference: (m.rank, m.pair.fit) for m in rank_vacancies(person, table)}

    shuffled = list(places)
    random.shuffle(shuffled)
    assert found(candidate, places) == found(candidate, shuffled)
    renamed = candidate.with_values({"reference": "somebody else"})
    assert found(candidate, places) == found(renamed, places)
    cut = rank_vacancies(candidate, VacancyTable(places, SETTING), top=top)
    assert [m.rank for m in cut] == sorted(r for r, _ in found(candidate, places).values())[:top]


@fewer
@given(candidates(), several(vacancies, 4), several(programmes, 4))
def test_a_plan_can_be_followed_step_by_step(candidate, places, catalogue):
    plan = plan_for(candidate, places, Pathways(catalogue, SETTING))
    steps = [step for step in plan.steps if not step.alongside]
    assert len(steps) <= RULES.trajectory.steps_maximum
    for step in steps:
        programme = step.programme
        assert step.starts_on >= ON
        assert programme.seats is None or programme.seats > 0
        if programme.starts_on:
            assert step.starts_on in programme.starts_on
        else:
            assert step.starts_on.weekday() == 0
    if plan.vacancy is None:
        assert plan.place_on is None
        assert plan.review_on > ON
        return
    assert all(step.ends_on < plan.place_on for step in steps)
    assert plan.vacancy.latest_start is None or plan.place_on <= plan.vacancy.latest_start
    assert plan.weeks * 7 - 6 <= (plan.place_on - ON).days <= plan.weeks * 7


@pytest.mark.parametrize("field", ["benefit", "birth_year"])
def test_what_is_kept_for_the_audit_cannot_be_held_by_a_profile(field):
    from matcher.domain.candidate import CandidateProfile

    assert field not in CandidateProfile.__dataclass_fields__
