"""An allocation of people: within every limit, the same for any order, and each reason true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.allocating import Choice, Method
from matcher.domain.assessment import assess, current
from matcher.domain.errors import Conflict
from matcher.domain.pairs import assess_pair
from matcher.domain.vocabulary import Lane
from matcher.engine.problem import NOTHING, Allocation, AllocationProblem, violations
from matcher.engine.relaxed import FloorTooHigh
from matcher.engine.solve import most_filled
from matcher.services.allocation_floors import FloorRefused, Floors, quantile_groups
from matcher.services.allocation_inputs import participants, site_hours
from matcher.services.allocation_views import edge_rows, summary
from matcher.services.allocations import allocate
from tests.domain.strategies import ON
from tests.domain.world import World
from tests.services.allocation_world import (
    EVERY_LANE,
    NO_SEATS,
    REGION,
    ROUTES,
    SETTING,
    decided,
    everybody,
)


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("lanes", [Choice().lanes, EVERY_LANE])
@pytest.mark.parametrize("seats", [True, False])
def test_every_limit_is_kept(method: Method, lanes: tuple[Lane, ...], seats: bool) -> None:
    result = decided(Choice(method=method, lanes=lanes), seats=seats)

    assert violations(result.problem, result.allocation.pair) == []
    placed = [p for p in result.proposals if p.vacancy]
    names = [p.candidate for p in result.proposals]
    assert len(names) == len(set(names))
    room = {v.reference: v for v in REGION.vacancies}
    for reference, vacancy in room.items():
        here = [p for p in placed if p.vacancy == reference]
        assert len(here) <= vacancy.places
        need = {p.profile.reference: p.guidance(SETTING)[0] for p in result.placeable}
        assert sum(need[p.candidate] for p in here) <= (site_hours(vacancy, SETTING) or 0)
    used = {p.programme for p in result.proposals if p.programme}
    for programme in REGION.programmes:
        if programme.reference in used and programme.seats is not None:
            taken = sum(p.programme == programme.reference for p in result.proposals)
            assert taken <= programme.seats


def test_a_place_without_a_programme_is_an_eligible_pair_with_its_own_fit() -> None:
    result = decided(Choice(lanes=EVERY_LANE))
    people = {c.reference: current(c, SETTING) for c in REGION.candidates}
    sites = {v.reference: v for v in REGION.vacancies}

    checked = 0
    for proposal in result.proposals:
        if proposal.vacancy and not proposal.programme:
            pair = assess_pair(people[proposal.candidate], sites[proposal.vacancy], SETTING)
            assert pair.eligible
            assert not pair.ask_first
            assert pair.fit == proposal.value
            checked += 1
    assert checked > 20


def test_the_edges_are_all_feasible_pairs_and_nothing_else() -> None:
    result = decided(Choice(lanes=EVERY_LANE), seats=False)

    expected = set()
    for person in result.placeable:
        for vacancy in REGION.vacancies:
            pair = assess_pair(current(person.profile, SETTING), vacancy, SETTING)
            if pair.eligible and not pair.ask_first and site_hours(vacancy, SETTING) is not None:
                expected.add((person.profile.reference, vacancy.reference, pair.fit))
    rows = edge_rows(result)
    assert {(row["candidate"], row["vacancy"], row["value"]) for row in rows} == expected
    keys = [(row["candidate"], row["vacancy"], row["programme"] or "") for row in rows]
    assert all(first < second for first, second in pairwise(keys))


def test_the_order_of_the_input_does_not_matter_and_the_seed_only_breaks_ties() -> None:
    people = everybody()
    mixed = people[::-1]
    sites = (*REGION.vacancies[9:], *REGION.vacancies[:9])

    straight = allocate(people, REGION.vacancies, ROUTES, Choice())
    turned = allocate(mixed, sites, ROUTES, Choice())
    other = allocate(people, REGION.vacancies, ROUTES, Choice(seed=5))

    assert straight.proposals == turned.proposals
    assert edge_rows(straight) == edge_rows(turned)
    assert summary(straight, Choice()) == summary(turned, Choice())
    assert (
        abs(straight.allocation.value - other.allocation.value) <= straight.allocation.bound / 200
    )


def test_only_the_chosen_lanes_get_places_and_who_waited_longest_gets_the_seat() -> None:
    result = decided(Choice())
    lanes = {p.profile.reference: p.lane for p in everybody()}
    waited = {c.reference: c.waiting_since for c in REGION.candidates}

    assert {lanes[p.candidate] for p in result.proposals if p.vacancy} <= set(Choice().lanes)
    alone = [p for p in result.proposals if p.vacancy is None]
    assert alone
    assert all(p.value == 0 for p in alone)
    full = [
        p for p in REGION.programmes
        if p.seats and sum(x.programme == p.reference for x in result.proposals) == p.seats
    ]  # fmt: skip
    for programme in full:
        last = max(waited[p.candidate] or ON for p in alone if p.programme == programme.reference)
        assert last <= ON
    assert all(waited[p.candidate] is None or waited[p.candidate] <= ON for p in alone)


def test_everybody_is_proposed_or_told_why_not_and_the_reason_is_true() -> None:
    result = decided(Choice())
    people = {p.profile.reference: p for p in everybody()}
    placed = {p.candidate for p in result.proposals if p.vacancy}
    fits = {row["candidate"] for row in edge_rows(result)}

    assert set(people) == placed | set(result.unplaced)
    for reference, reason in result.unplaced.items():
        if people[reference].lane not in Choice().lanes:
            assert reason == "lane"
        else:
            assert reason == ("places_taken" if reference in fits else "no_place_fits")
    assert set(result.unplaced.values()) >= {"lane", "places_taken"}


def test_who_is_paused_is_left_out() -> None:
    away = replace(REGION.candidates[0], paused_until=ON + timedelta(days=3))
    back = replace(REGION.candidates[1], paused_until=ON)

    found = participants([away, back], ROUTES, ON)

    assert [p.profile.reference for p in found] == [back.reference]


def test_lane_and_start_level_are_those_of_the_assessment() -> None:
    for person in participants(REGION.candidates[:40], ROUTES, ON):
        assessed = assess(person.profile, ROUTES["demo"])
        assert person.lane is assessed.lane.lane
        assert person.start_level == assessed.readiness.start_level


def test_money_moves_no_proposal_of_a_place() -> None:
    world = World(21)
    people = [replace(world.candidate(f"K{n}"), sectors=("F42",)) for n in range(50)]
    places = [replace(world.vacancy(f"V{n}"), sector="F42") for n in range(30)]
    outcomes = []
    for money in (0, 2, 4, None):
        changed = [replace(person, money=money, home_base=None) for person in people]
        taking_part = participants(changed, NO_SEATS, ON)
        found = allocate(taking_part, places, NO_SEATS, Choice(lanes=EVERY_LANE))
        outcomes.append([(p.candidate, p.vacancy, p.value) for p in found.proposals])
    assert outcomes[0]
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_a_floor_is_kept_for_each_quarter_and_its_price_is_told() -> None:
    free = decided(Choice(lanes=EVERY_LANE))
    kept = decided(Choice(lanes=EVERY_LANE, floor=0.25))

    assert violations(kept.problem, kept.allocation.pair) == []
    assert len(kept.problem.at_least) == 4
    assert sum(kept.problem.at_least) > 0
    told = summary(kept, Choice(lanes=EVERY_LANE, floor=0.25))["floor"]
    assert told["share"] == 0.25
    assert 0 <= told["price_percent"] <= 100
    assert kept.allocation.value <= free.allocation.bound


def test_a_floor_that_nobody_can_keep_is_refused_with_the_way_out() -> None:
    with pytest.raises(Conflict, match="lower the floor"):
        decided(Choice(lanes=EVERY_LANE, floor=1.0), seats=False)


def test_a_floor_that_is_refused_names_who_comes_short_and_the_highest_that_can_be_kept() -> None:
    asked = 1.0
    with pytest.raises(FloorRefused) as refused:
        decided(Choice(lanes=EVERY_LANE, floor=asked), seats=False)
    found = refused.value
    highest = found.highest
    kept = decided(Choice(lanes=EVERY_LANE, floor=highest / 100), seats=False)
    assert violations(kept.problem, kept.allocation.pair) == []
    with pytest.raises(FloorRefused) as above:
        decided(Choice(lanes=EVERY_LANE, floor=(highest + 1) / 100), seats=False)
    assert above.value.highest == highest
    assert found.short
    people = kept.problem.candidate[kept.allocation.pair]
    has = np.bincount(kept.problem.group[people], minlength=4)
    for each in found.short:
        own = np.flatnonzero(kept.problem.group[kept.problem.candidate] == each.group - 1)
        assert each.alone == most_filled(kept.problem.only(own))
        assert each.asked == int(asked * each.alone) > each.gets == has[each.group - 1]
    assert found.told == {
        "floor": round(asked * 100),
        "highest_floor": highest,
        "short": [
            {"group": s.group, "groups": 4, "alone": s.alone, "asked": s.asked, "gets": s.gets}
            for s in found.short
        ],
    }


@given(st.integers(0, 100), st.integers(1, 100))
def test_the_highest_floor_is_the_last_that_is_kept(limit: int, asked: int) -> None:
    kept = Allocation(NOTHING, 0, 0, "optimal")

    def solve(floored: AllocationProblem) -> Allocation:
        if max(floored.at_least) > limit:
            raise FloorTooHigh("no")
        return kept

    empty = AllocationProblem(*[NOTHING] * 7)
    floors = Floors(empty, NOTHING, (100, 50))
    keeps = [percent for percent in range(101) if int(percent / 100 * 100) <= limit]
    if asked in keeps:
        assert floors.kept(asked / 100, solve) is kept
    else:
        assert floors.highest(asked / 100, solve) == (keeps[-1], kept)


def test_quarters_hold_equal_numbers_and_ties_stay_together() -> None:
    assert quantile_groups([5, 1, 3, 7, 8, 2, 6, 4], 4).tolist() == [2, 0, 1, 3, 3, 0, 2, 1]
    assert len(set(quantile_groups([9, 9, 9, 9], 4).tolist())) == 1
    assert quantile_groups([], 4).tolist() == []


def test_the_worth_of_one_more_place_is_what_allocating_again_gives() -> None:
    result = decided(Choice(), seats=False)
    worth = summary(result, Choice())["one_more_place"]
    people = everybody()

    checked = 0
    for at, vacancy in enumerate(REGION.vacancies):
        if worth[vacancy.reference] is None:
            continue
        more = list(REGION.vacancies)
        more[at] = replace(vacancy, places=vacancy.places + 1)
        again = allocate(people, more, NO_SEATS, Choice())
        assert again.allocation.value - result.allocation.value == worth[vacancy.reference]
        checked += 1
    assert checked > 5
