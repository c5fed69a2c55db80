"""Pairs decided beforehand: kept, kept apart, and refused by name where they cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.domain.allocating import Choice
from matcher.domain.assessment import current
from matcher.domain.decided_pairs import DecidedPair, PairDecision
from matcher.domain.errors import InvalidInput
from matcher.domain.pairs import assess_pair
from matcher.engine.problem import violations
from matcher.services.allocation_decisions import check_known
from matcher.services.allocation_views import edge_rows
from matcher.services.allocations import allocate
from tests.services.allocation_world import (
    EVERY_LANE,
    NO_SEATS,
    REGION,
    SETTING,
    decided,
    everybody,
)


def pair(candidate: str, vacancy: str, decision: PairDecision) -> DecidedPair:
    return DecidedPair(candidate, vacancy, decision)


FREE = decided(Choice(), seats=False)
TAKEN = {(p.candidate, p.vacancy) for p in FREE.proposals}


@pytest.mark.parametrize("decision", [PairDecision.FORBIDDEN, PairDecision.REFUSED])
def test_a_forbidden_or_refused_pair_is_never_proposed(decision: PairDecision) -> None:
    never = tuple(pair(who, str(where), decision) for who, where in sorted(TAKEN)[:10])

    found = decided(Choice(decided=never), seats=False)

    proposed = {(p.candidate, p.vacancy) for p in found.proposals}
    assert not proposed & {each.key for each in never}
    edges = {(row["candidate"], row["vacancy"]) for row in edge_rows(found)}
    assert not edges & {each.key for each in never}
    assert found.allocation.value <= FREE.allocation.bound


def test_a_locked_pair_stays_and_the_rest_is_allocated_around_it() -> None:
    other = [
        (row["candidate"], row["vacancy"])
        for row in edge_rows(FREE)
        if (row["candidate"], row["vacancy"]) not in TAKEN
    ]
    lock = pair(*other[0], PairDecision.LOCKED)

    found = decided(Choice(decided=(lock,)), seats=False)

    own = [p for p in found.proposals if p.candidate == lock.candidate]
    assert [(p.vacancy, p.locked) for p in own] == [(lock.vacancy, True)]
    assert violations(found.problem, found.allocation.pair) == []
    assert found.allocation.value <= FREE.allocation.bound


def test_a_lock_holds_whatever_the_lane_and_opens_no_other_place() -> None:
    wide = decided(Choice(lanes=EVERY_LANE), seats=False)
    lanes = {p.profile.reference: p.lane for p in everybody()}
    row = next(r for r in edge_rows(wide) if lanes[r["candidate"]] not in Choice().lanes)
    lock = pair(row["candidate"], row["vacancy"], PairDecision.LOCKED)

    found = decided(Choice(decided=(lock,)), seats=False)

    own = [r["vacancy"] for r in edge_rows(found) if r["candidate"] == lock.candidate]
    assert own == [lock.vacancy]
    assert (lock.candidate, lock.vacancy) in {(p.candidate, p.vacancy) for p in found.proposals}


def test_a_lock_that_the_rules_block_is_refused_with_what_blocks() -> None:
    person = FREE.placeable[0]
    blocked = next(
        v
        for v in REGION.vacancies
        if assess_pair(current(person.profile, SETTING), v, SETTING).blockers
    )
    code = assess_pair(current(person.profile, SETTING), blocked, SETTING).blockers[0].code
    lock = pair(person.profile.reference, blocked.reference, PairDecision.LOCKED)

    with pytest.raises(InvalidInput, match=f"{lock.candidate} with {lock.vacancy}.*{code}"):
        decided(Choice(decided=(lock,)), seats=False)


def test_locks_that_exceed_the_places_together_are_refused_by_name() -> None:
    rows = edge_rows(FREE)
    vacancy = REGION.vacancies[0]
    wide = [replace(v, guidance_hours=40) for v in REGION.vacancies]
    by_site: dict[str, list[str]] = {}
    for row in rows:
        by_site.setdefault(row["vacancy"], []).append(row["candidate"])
    reference, names = max(by_site.items(), key=lambda item: len(item[1]))
    vacancy = next(v for v in wide if v.reference == reference)
    locks = tuple(pair(n, reference, PairDecision.LOCKED) for n in names[: vacancy.places + 1])
    assert len(locks) == vacancy.places + 1

    with pytest.raises(InvalidInput, match=f"{reference}.*are locked: {locks[0].candidate}"):
        allocate(everybody(), wide, NO_SEATS, Choice(decided=locks))


def test_somebody_locked_to_two_places_is_refused_by_name() -> None:
    by_person: dict[str, list[str]] = {}
    for row in edge_rows(FREE):
        by_person.setdefault(row["candidate"], []).append(row["vacancy"])
    who, where = next((c, v) for c, v in sorted(by_person.items()) if len(v) > 1)
    locks = tuple(pair(who, v, PairDecision.LOCKED) for v in where[:2])

    with pytest.raises(InvalidInput, match=f"{who}: is locked to more than one place"):
        decided(Choice(decided=locks), seats=False)


def test_a_lock_on_somebody_unknown_or_paused_is_refused_and_a_refusal_is_not() -> None:
    person, site = REGION.candidates[0], REGION.vacancies[0]
    gone = [
        pair("nobody", site.reference, PairDecision.LOCKED),
        pair(person.reference, "nowhere", PairDecision.LOCKED),
        pair(person.reference, site.reference, PairDecision.LOCKED),
        pair("nobody", "nowhere", PairDecision.REFUSED),
    ]

    with pytest.raises(InvalidInput) as refused:
        check_known(gone, REGION.candidates, REGION.vacancies, {person.reference: "2030-01-01"})

    told = [str(problem) for problem in refused.value.problems]
    assert len(told) == 3
    assert "no such candidate" in told[0]
    assert "no such vacancy" in told[1]
    assert "paused until 2030-01-01" in told[2]
