"""The promises P-1 to P-6 and P-9 of the contract, over thousands of random people and places.

Hypothesis draws the seeds of small worlds and shrinks to the first that breaks a promise; each
world holds several people, so that a run tries thousands of them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.assessment import assess, current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.loads import load_gaps
from matcher.domain.matching import rank_vacancies
from matcher.domain.numbers import hundredths
from matcher.domain.pairs import assess_pair
from matcher.domain.pathways import Pathways
from matcher.domain.plans import plan_for
from matcher.domain.questions import unknown_answers
from matcher.domain.readiness import assess_readiness, revise_readiness
from matcher.domain.table import VacancyTable
from matcher.domain.vocabulary import BLOCKERS, LEVEL_MAXIMUM, LOADS
from tests.domain.strategies import LICENCES, ON, PAPERS, RULES, SETTING, candidates, vacancies
from tests.domain.world import World

PEOPLE = 12
"""People in one world."""

worlds = st.integers(0, 10**9)
many = settings(max_examples=100, deadline=None)
pairs_by_draw = settings(max_examples=100, deadline=None)

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


def one_step_up(world: World, candidate: CandidateProfile) -> CandidateProfile:
    """The candidate after some step of P-2 that can still be made."""
    random = world.random
    while True:
        step = random.choice(STEPS)
        if step == "credential":
            more = candidate.credentials | {random.choice(PAPERS)}
            return candidate.with_values({"credentials": more})
        if step == "licence":
            more = candidate.licences | {random.choice(LICENCES)}
            return candidate.with_values({"licences": more})
        level = candidate.level(step)
        if level is not None and level < LEVEL_MAXIMUM.get(step, 2):
            return candidate.with_values({step: level + 1})


@many
@given(worlds)
def test_unknown_is_never_zero_and_filling_it_stays_inside_the_range(seed):
    world = World(seed, unknown_one_in=3)
    for _ in range(PEOPLE):
        candidate = current(world.candidate(), SETTING)
        before = assess_readiness(candidate, RULES)
        assert before.low <= before.points <= before.high
        for _, answers in unknown_answers(candidate):
            for answer in answers:
                after = assess_readiness(candidate.with_values(answer), RULES)
                (field,) = answer
                revised = revise_readiness(before, candidate.with_values(answer), field, RULES)
                assert revised == after
                assert before.low <= after.low
                assert before.low <= after.points <= before.high
                assert after.high <= before.high


@many
@given(worlds)
def test_one_step_up_never_harms(seed):
    world = World(seed)
    places = world.vacancies(6)
    pathways = Pathways(world.programmes(5), SETTING)
    for _ in range(PEOPLE):
        candidate = world.candidate()
        better = one_step_up(world, candidate)
        was, now = assess(candidate, pathways), assess(better, pathways)
        assert now.readiness.points >= was.readiness.points
        assert now.lane.lane.order <= was.lane.lane.order
        for vacancy in places:
            old = assess_pair(was.candidate, vacancy, SETTING)
            new = assess_pair(now.candidate, vacancy, SETTING)
            assert new.fit >= old.fit
            assert new.eligible or not old.eligible
        old_plan, new_plan = (plan_for(c, places, pathways) for c in (candidate, better))
        if old_plan.place_on is not None:
            assert new_plan.place_on is not None
            assert new_plan.place_on <= old_plan.place_on


@many
@given(worlds)
def test_money_worries_change_no_place_no_date_and_no_start_level(seed):
    world = World(seed)
    places = world.vacancies(6)
    table = VacancyTable(places, SETTING)
    pathways = Pathways(world.programmes(5), SETTING)
    for _ in range(PEOPLE):
        candidate = world.candidate()
        other = candidate.with_values({"money": world.maybe(world.random.randint(0, 4))})
        one, two = assess(candidate, pathways), assess(other, pathways)
        assert one.readiness.start_level == two.readiness.start_level
        assert one.readiness.without_money == two.readiness.without_money
        lanes = {one.lane.lane.value, two.lane.lane.value}
        assert len(lanes) == 1 or lanes == {"ready_now", "ready_with_support"}
        assert ranking(candidate, table) == ranking(other, table)
        assert plan_without_money(candidate, places, pathways) == plan_without_money(
            other, places, pathways
        )
        assert [p for p in one.programmes if not p.is_money_support] == [
            p for p in two.programmes if not p.is_money_support
        ]


def ranking(candidate, table):
    """What someone is shown of every pair."""
    return [
        (m.pair.vacancy.reference, m.rank, m.pair.fit, m.pair.eligible, m.pair.certainty)
        for m in rank_vacancies(candidate, table, include_blocked=True)
    ]


def plan_without_money(candidate, places, pathways):
    """A plan without the help for money that runs beside it, and without who it is for."""
    plan = plan_for(candidate, places, pathways)
    steps = tuple(step for step in plan.steps if not step.alongside)
    return replace(plan, candidate=CandidateProfile("-", "demo"), steps=steps)


@many
@given(worlds)
def test_every_blocker_is_on_the_list_and_says_what_closes_it(seed):
    world = World(seed)
    for vacancy in world.vacancies(PEOPLE):
        pair = assess_pair(current(world.candidate(), SETTING), vacancy, SETTING)
        assert {blocker.code for blocker in pair.blockers} <= set(BLOCKERS)
        assert all(blocker.closed_by.code.startswith("closes.") for blocker in pair.blockers)
        assert pair.eligible == (not pair.blockers)


@many
@given(worlds)
def test_a_small_employer_gets_no_load_that_it_cannot_carry(seed):
    world = World(seed)
    for vacancy in world.vacancies(PEOPLE):
        candidate = current(world.candidate(), SETTING)
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
            assert "small_employer" not in {blocker.code for blocker in pair.blockers}
        if 10 <= size < 50 and (gaps.largest > 1 or len(gaps.known) > 1):
            assert "small_employer" in {blocker.code for blocker in pair.blockers}
        if pair.eligible:
            assert gaps.largest <= 1


@many
@given(worlds)
def test_explanations_add_up_exactly(seed):
    world = World(seed)
    for vacancy in world.vacancies(PEOPLE):
        candidate = current(world.candidate(), SETTING)
        readiness = assess_readiness(candidate, RULES)
        assert sum(d.points for d in readiness.best.dimensions) == readiness.points
        assert 0 <= hundredths(readiness.best.known_share) <= 100
        pair = assess_pair(candidate, vacancy, SETTING)
        assert sum(component.points for component in pair.components) == pair.fit
        assert 0 <= pair.fit <= 10_000


@many
@given(worlds)
def test_many_at_once_agree_exactly_with_the_explained_pair(seed):
    world = World(seed)
    table = VacancyTable(world.vacancies(20), SETTING)
    for _ in range(PEOPLE):
        assert_agrees(current(world.candidate(), SETTING), table)


@pairs_by_draw
@given(candidates(), vacancies())
def test_many_at_once_agree_exactly_at_the_edges_that_hypothesis_looks_for(candidate, vacancy):
    assert_agrees(current(candidate, SETTING), VacancyTable([vacancy], SETTING))


def assert_agrees(candidate, table):
    """The vectorised judgement equals the explained one for every row."""
    scores = table.score(candidate)
    for row, vacancy in enumerate(table.vacancies):
        pair = assess_pair(candidate, vacancy, SETTING)
        assert bool(scores.eligible[row]) == pair.eligible
        assert bool(scores.ask_first[row]) == pair.ask_first
        assert int(scores.fit[row]) == pair.fit


@many
@given(worlds, st.integers(0, 3))
def test_the_order_of_rows_and_the_reference_change_no_fit_and_no_rank(seed, top):
    world = World(seed)
    places = world.vacancies(8)
    shuffled = world.random.sample(places, len(places))
    candidate = world.candidate()
    found = ranks(candidate, places)
    assert found == ranks(candidate, shuffled)
    assert found == ranks(candidate.with_values({"reference": "somebody else"}), places)
    cut = rank_vacancies(candidate, VacancyTable(places, SETTING), top=top)
    assert [m.rank for m in cut] == sorted(rank for rank, _ in found.values())[:top]


def ranks(candidate, places):
    """Rank and fit of every eligible vacancy, by reference."""
    matches = rank_vacancies(candidate, VacancyTable(places, SETTING))
    return {m.pair.vacancy.reference: (m.rank, m.pair.fit) for m in matches}


@many
@given(worlds)
def test_a_plan_can_be_followed_step_by_step(seed):
    world = World(seed)
    places = world.vacancies(6)
    pathways = Pathways(world.programmes(6), SETTING)
    for _ in range(PEOPLE):
        plan = plan_for(world.candidate(), places, pathways)
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
            continue
        assert all(step.ends_on < plan.place_on for step in steps)
        assert plan.vacancy.latest_start is None or plan.place_on <= plan.vacancy.latest_start
        assert plan.weeks * 7 - 6 <= (plan.place_on - ON).days <= plan.weeks * 7


@pytest.mark.parametrize("field", ["benefit", "birth_year"])
def test_what_is_kept_for_the_audit_cannot_be_held_by_a_profile(field):
    assert field not in CandidateProfile.__dataclass_fields__
