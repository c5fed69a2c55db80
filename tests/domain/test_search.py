"""The trajectory search finds what trying everything finds, on catalogues small enough for it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import State
from matcher.domain.pairs import assess_pair
from matcher.domain.pathways import Pathways, needs_met
from matcher.domain.plans import openings, plan_for, what_if
from matcher.domain.programme import Programme
from matcher.domain.search import Commitment
from matcher.domain.vacancy import VacancyProfile
from tests.domain.strategies import ON, SETTING
from tests.domain.world import World

MONDAYS = [ON + timedelta(weeks=week) for week in range(0, 40, 3)]


def small_world(seed: int) -> tuple[CandidateProfile, list[VacancyProfile], list[Programme]]:
    """One candidate, three places and four programmes with at most three starts each."""
    world = World(seed, unknown_one_in=8)
    r = world.random
    catalogue = [
        Programme(
            reference=f"P{index}",
            kind="course",
            raises=tuple((n, 1) for n in r.sample(["rhythm", "work_skills", "language_speak"], 1)),
            gives=world.some(["vca_basic", "forklift", "B"], 1),
            needs=((r.choice(["rhythm", "language_speak"]), 1),) if r.random() < 0.5 else (),
            weeks=r.choice([1, 4, 8]),
            hours_a_week=r.choice([8, 16, 20]),
            starts_on=tuple(sorted(r.sample(MONDAYS, r.randint(1, 3)))),
            seats=r.choice([None, 0, 3, 8]),
        )
        for index in range(4)
    ]
    candidate = world.candidate().with_values({"blocked": frozenset(), "start_from": None})
    places = []
    for vacancy in world.vacancies(3):
        values = {f: getattr(vacancy, f) for f in VacancyProfile.__dataclass_fields__}
        values |= {
            "start_on": ON + timedelta(weeks=r.randint(0, 30)),
            "flex_weeks": r.choice([0, 4, 20]),
            "hours_min": None,
            "reachable_by": frozenset(),
        }
        places.append(VacancyProfile(**values))
    return candidate, places, catalogue


def everything(candidate, places, catalogue) -> dict[str, tuple[date, int]]:
    """The soonest day and fewest steps for each place, by trying every set of starts."""
    pathways = Pathways(catalogue, SETTING)
    bounds = pathways.bounds(candidate)
    usable = [p for p in catalogue if p.seats != 0]
    best: dict[str, tuple[date, int]] = {}
    for count in range(5):
        for chosen in combinations(usable, count):
            for starts in product(*(p.starts_on for p in chosen)):
                if not can_follow(candidate, list(zip(chosen, starts, strict=True)), bounds):
                    continue
                done = max((s + p.duration for p, s in zip(chosen, starts)), default=ON)  # noqa: B905
                after = State(candidate).after(chosen).candidate
                for vacancy in places:
                    on = max(done, vacancy.start_on)
                    pair = assess_pair(after, vacancy, SETTING)
                    in_time = on <= min(vacancy.latest_start, bounds.until)
                    if pair.eligible and not pair.ask_first and in_time:
                        found = (on, count)
                        best[vacancy.reference] = min(best.get(vacancy.reference, found), found)
    return best


def can_follow(candidate, planned, bounds) -> bool:
    """Whether the programmes can be followed at these starts: needs, hours, two at once."""
    for programme, starts_on in planned:
        if starts_on < ON or starts_on + programme.duration > bounds.until:
            return False
        done = [p for p, s in planned if s + p.duration <= starts_on]
        state = State(candidate).after(done).candidate
        if not all(needs_met(state, name, floor) for name, floor in programme.needs):
            return False
        running = [p for p, s in planned if s <= starts_on < s + p.duration]
        if len(running) > 2 or sum(p.hours_a_week for p in running) > bounds.capacity:
            return False
    return True


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9))
def test_the_search_finds_what_trying_everything_finds(seed):
    candidate, places, catalogue = small_world(seed)
    candidate = current(candidate, SETTING)
    found = openings(candidate, places, Pathways(catalogue, SETTING))
    expected = everything(candidate, places, catalogue)
    assert {ref: (o.place_on, len(o.steps)) for ref, o in found.items()} == expected


ABLE = CandidateProfile(
    reference="K1",
    region="demo",
    hours_max=36,
    rhythm=1,
    work_skills=2,
    language_speak=2,
    language_read=1,
    digital=1,
    lift=2,
)
PLACE = VacancyProfile(
    reference="V1",
    contractor="Aannemer",
    region="demo",
    sector="F42",
    places=2,
    rhythm=3,
    credentials=frozenset({"vca_basic"}),
    start_on=ON,
    flex_weeks=52,
)
RHYTHM = Programme("R", "werkfit", raises=(("rhythm", 1),), weeks=12, hours_a_week=20)
MORE = Programme("S", "werkfit", raises=(("rhythm", 1),), weeks=4, hours_a_week=12)
VCA = Programme("V", "vca", gives=frozenset({"vca_basic"}), weeks=1, hours_a_week=8)
CALM = Programme("M", "debt", raises=(("money", 1),), weeks=8, hours_a_week=1, evidence="fair")


def steps_of(candidate=ABLE, catalogue=(RHYTHM, MORE, VCA), places=(PLACE,), outside=()):
    plan = plan_for(candidate, places, Pathways(catalogue, SETTING), outside)
    return plan, [step.programme.reference for step in plan.steps]


def test_the_shortest_way_is_taken_and_every_step_says_what_it_opens():
    plan, steps = steps_of()
    assert steps == ["S", "V"]
    assert plan.place_on == ON + timedelta(weeks=4)
    assert plan.weeks == 4
    assert [step.unlocks for step in plan.steps] == [("V1",), ()]


def test_hours_that_run_outside_us_leave_less_room():
    busy = (Commitment(20, ON + timedelta(weeks=10)),)
    plan, steps = steps_of(candidate=ABLE.with_values({"hours_max": 20}), outside=busy)
    assert sorted(steps) == ["S", "V"]
    assert plan.place_on > ON + timedelta(weeks=10)


def test_money_support_runs_beside_the_plan_and_moves_no_date():
    plan, steps = steps_of(ABLE.with_values({"money": 1}), (RHYTHM, MORE, VCA, CALM))
    assert plan.place_on == ON + timedelta(weeks=4)
    assert [(s.programme.reference, s.alongside) for s in plan.steps][-1] == ("M", True)
    assert plan.steps[-1].starts_on <= plan.place_on
    assert "M" in steps


def test_a_start_without_seats_is_no_start():
    plan, _ = steps_of(catalogue=(MORE, Programme("V", "vca", gives=VCA.gives, weeks=1, seats=0)))
    assert plan.vacancy is None


def test_nothing_within_the_year_says_so_with_a_date_and_the_way_towards_it():
    plan, _ = steps_of(catalogue=())
    assert (plan.vacancy, plan.place_on, plan.steps) == (None, None, ())
    assert plan.review_on == ON + timedelta(days=90)
    plan, steps = steps_of(catalogue=(MORE,), places=())
    assert plan.vacancy is None
    assert steps == ["S"]
    assert plan.review_on == ON + timedelta(days=28)


def test_a_big_jump_in_hours_is_named_and_offered_in_steps_where_the_place_allows_it():
    roomy = VacancyProfile("V2", "A", "demo", "F42", 1, hours_min=16, hours_max=36, start_on=ON)
    plan, _ = steps_of(ABLE.with_values({"current_hours": 0}), (), (roomy,))
    assert [part.hours for part in plan.stepped_start] == [16, 24, 32, 36]
    assert plan.reasons_needed == ()
    strict = VacancyProfile("V3", "A", "demo", "F42", 1, hours_min=32, hours_max=36, start_on=ON)
    plan, _ = steps_of(ABLE.with_values({"current_hours": 0}), (), (strict,))
    assert plan.stepped_start == ()
    assert plan.reasons_needed == ("hours_step",)


def test_more_than_two_new_demands_at_once_need_a_reason():
    hard = VacancyProfile(
        "V4", "A", "demo", "F42", 1, rhythm=2, work_skills=3, language_speak=3, start_on=ON
    )
    plan, _ = steps_of(places=(hard,), catalogue=())
    assert plan.reasons_needed == ("new_demands",)


@pytest.mark.parametrize(
    ("chosen", "opens", "weeks"), [((), (), 0), ((VCA,), (), 1), ((MORE, VCA), ("V1",), 4)]
)
def test_what_if_counts_what_opens_when_all_are_done(chosen, opens, weeks):
    outcome = what_if(ABLE, chosen, (PLACE,), Pathways((RHYTHM, MORE, VCA), SETTING))
    assert outcome.opens == opens
    assert outcome.weeks == weeks


def test_what_if_names_a_programme_that_does_not_fit_in_the_hours():
    few = ABLE.with_values({"hours_max": 10})
    outcome = what_if(few, (RHYTHM, VCA), (PLACE,), Pathways((RHYTHM, VCA), SETTING))
    assert [p.reference for p in outcome.left_out] == ["R"]
