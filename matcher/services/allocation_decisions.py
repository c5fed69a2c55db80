"""Pairs that people decided about beforehand, put into an allocation; what cannot be is named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current
from matcher.domain.decided_pairs import DecidedPair, PairDecision
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.pairs import assess_pair
from matcher.engine.problem import NO_SEAT, UNLIMITED, AllocationProblem
from matcher.services.allocation_inputs import HUNDREDTHS, Participant, site_hours

if TYPE_CHECKING:
    from matcher.domain.candidate import CandidateProfile
    from matcher.domain.pathways import Pathways
    from matcher.domain.vacancy import VacancyProfile
    from matcher.services.allocation_pairs import PossiblePairs

Ints = NDArray[np.int64]


def locked_candidates(decided: Sequence[DecidedPair]) -> frozenset[str]:
    """Who was promised a place: they take part whatever their lane."""
    return frozenset(p.candidate for p in decided if p.decision is PairDecision.LOCKED)


def check_known(
    decided: Sequence[DecidedPair],
    candidates: Sequence[CandidateProfile],
    vacancies: Sequence[VacancyProfile],
    paused: Mapping[str, object],
) -> None:
    """Raises InvalidInput that names each locked pair of which nothing can come at all.

    A forbidden or refused pair of somebody who is not there any more forbids nothing.
    """
    people = {candidate.reference for candidate in candidates}
    sites = {vacancy.reference for vacancy in vacancies}
    problems = []
    for pair in decided:
        if pair.decision is not PairDecision.LOCKED:
            continue
        if pair.candidate not in people:
            problems.append(_cannot(pair, "there is no such candidate"))
        elif pair.vacancy not in sites:
            problems.append(_cannot(pair, "there is no such vacancy"))
        elif pair.candidate in paused:
            problems.append(
                _cannot(pair, f"the candidate is paused until {paused[pair.candidate]}")
            )
    if problems:
        raise InvalidInput(problems)


def apply_decisions(
    decided: Sequence[DecidedPair],
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
    pairs: PossiblePairs,
    beyond_lanes: frozenset[str],
) -> tuple[PossiblePairs, Ints]:
    """What may still be chosen, and the numbers of the locked pairs in it.

    Whoever takes part only because of a lock (`beyond_lanes`) has no pairs but that one. Raises
    InvalidInput that names each locked pair that cannot be.
    """
    person = {p.profile.reference: row for row, p in enumerate(people)}
    site = {v.reference: row for row, v in enumerate(vacancies)}
    keys = pairs.candidate * len(vacancies) + pairs.vacancy
    locked: list[tuple[int, DecidedPair]] = []
    never: list[tuple[int, DecidedPair]] = []
    for pair in sorted(decided, key=lambda pair: pair.key):
        if pair.candidate in person and pair.vacancy in site:
            key = person[pair.candidate] * len(vacancies) + site[pair.vacancy]
            (locked if pair.decision is PairDecision.LOCKED else never).append((key, pair))
    outside = np.array([row for name, row in person.items() if name in beyond_lanes], np.int64)
    lock_keys = np.array([key for key, _ in locked], np.int64)
    kept = ~np.isin(keys, np.array([key for key, _ in never], np.int64))
    kept &= ~np.isin(pairs.candidate, outside) | np.isin(keys, lock_keys)
    rest = pairs.only(kept)
    rest_keys = keys[kept]
    order = np.lexsort((rest.seat, -rest.fit, rest.seat != NO_SEAT, rest_keys))
    found, problems = [], []
    for key, pair in locked:
        at = order[np.searchsorted(rest_keys[order], key) :][:1]
        if len(at) and rest_keys[at[0]] == key:
            found.append(int(at[0]))
        else:
            who, where = people[person[pair.candidate]], vacancies[site[pair.vacancy]]
            problems.append(_cannot(pair, _why_not(who, where, pathways)))
    if problems:
        raise InvalidInput(problems)
    return rest, np.array(sorted(found), np.int64)


def check_together(
    problem: AllocationProblem,
    settled: Ints,
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
) -> None:
    """Raises InvalidInput when locked pairs exceed a limit together; names all of them."""
    by_site: dict[int, list[str]] = defaultdict(list)
    hours: Counter[int] = Counter()
    count: Counter[int] = Counter()
    for pair in settled.tolist():
        row, site = int(problem.candidate[pair]), int(problem.vacancy[pair])
        by_site[site].append(people[row].profile.reference)
        hours[site] += int(problem.need[row])
        count[row] += 1
    problems = [
        Problem(people[row].profile.reference, "is locked to more than one place; keep one of them")
        for row, times in sorted(count.items())
        if times > 1
    ]
    for site, names in sorted(by_site.items(), key=lambda item: vacancies[item[0]].reference):
        who, reference = ", ".join(sorted(names)), vacancies[site].reference
        if len(names) > problem.places[site]:
            places = int(problem.places[site])
            problems.append(
                Problem(reference, f"has {places} places, {len(names)} are locked: {who}")
            )
        elif problem.offer[site] != UNLIMITED and hours[site] > problem.offer[site]:
            asked, offered = hours[site] / HUNDREDTHS, int(problem.offer[site]) / HUNDREDTHS
            problems.append(
                Problem(
                    reference,
                    f"offers {offered:g} hours of guidance, who is locked needs {asked:g}: {who}",
                )
            )
    if problem.has_seats:
        used = problem.seat[settled]
        taken = np.bincount(used[used != NO_SEAT], minlength=len(problem.seats))
        if (taken > problem.seats).any():
            problems.append(Problem("locked", "too few seats on the programmes they lead through"))
    if problems:
        raise InvalidInput(problems)


def _cannot(pair: DecidedPair, why: str) -> Problem:
    where = f"{pair.candidate} with {pair.vacancy}"
    return Problem(where, f"is locked, but {why}; unlock the pair")


def _why_not(person: Participant, vacancy: VacancyProfile, pathways: Mapping[str, Pathways]) -> str:
    setting = pathways[person.profile.region].setting
    pair = assess_pair(current(person.profile, setting), vacancy, setting)
    if pair.blockers:
        codes = dict.fromkeys(blocker.code for blocker in pair.blockers)
        return f"blocked by {', '.join(codes)}"
    if pair.ask_first:
        return "something has to be asked before anyone is introduced there (ask_first)"
    if site_hours(vacancy, setting) is None:
        return "neither guidance_hours nor buddies of the site are known"
    return "it was not among the pairs that were kept"
