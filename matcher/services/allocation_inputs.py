"""What an allocation gets: who takes part, every feasible pair, and seats that lead to a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import State
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.readiness import assess_readiness
from matcher.domain.search import start_days
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LEVEL_MAXIMUM, LOADS, Lane
from matcher.engine.batch import best_pairs, every_pair
from matcher.engine.layout import Country
from matcher.engine.problem import NO_SEAT, UNLIMITED

HUNDREDTHS = 100
DEFAULT_LANES = (Lane.READY_NOW, Lane.READY_WITH_SUPPORT)
"""Who can be introduced; others compete for seats of programmes (contract.md section 3)."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One candidate who is not paused: the lane, the start level in hundredths, days waited."""

    profile: CandidateProfile
    lane: Lane
    start_level: int
    waiting_days: int

    def guidance(self, setting: Setting) -> tuple[float, bool]:
        """Hours a week that count here, and whether they are the cautious guess."""
        need = setting.rules.guidance_value(self.profile.guidance_need)
        if need is None:
            return setting.rules.allocation.unknown_guidance_hours, True
        return need, False


@dataclass(frozen=True, slots=True)
class Seat:
    """One start of a programme with the seats it has."""

    programme: Programme
    starts_on: date
    seats: int


@dataclass(frozen=True, slots=True)
class PossiblePairs:
    """All that could be proposed: rows of participants, vacancies and seats, fits in hundredths.

    `pruned` says that only the best of both sides are in it.
    """

    candidate: NDArray[np.int64]
    vacancy: NDArray[np.int64]
    seat: NDArray[np.int64]
    fit: NDArray[np.int64]
    seats: tuple[Seat, ...]
    pruned: bool


def participants(
    candidates: Iterable[CandidateProfile], pathways: Mapping[str, Pathways], on: date
) -> list[Participant]:
    """Everybody who is not paused, with the lane under the rules of their region.

    `pathways` are by reference of the candidate's region.
    """
    found = []
    for candidate in candidates:
        if candidate.is_paused(on):
            continue
        routes = pathways[candidate.region]
        known = current(candidate, routes.setting)
        readiness = assess_readiness(known, routes.setting.rules)
        since = candidate.waiting_since
        found.append(
            Participant(
                profile=candidate,
                lane=lane_of(known, readiness, routes).lane,
                start_level=readiness.start_level,
                waiting_days=0 if since is None else max(0, (on - since).days),
            )
        )
    return found


def possible_pairs(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
    *,
    threads: int = 1,
) -> PossiblePairs:
    """Every feasible pair of `people`, right away or through one start of a programme.

    Feasible is eligible under the rules of the candidate's region, not `ask_first`, and at a site
    whose guidance hours are known or follow from its buddies. A seat is only in it where the same
    pair is not feasible without.
    """
    parts = []
    regions = [pathways[person.profile.region] for person in people]
    for routes in dict.fromkeys(regions):
        rows = [row for row, own in enumerate(regions) if own is routes]
        part = _under_one_rule_set([people[row] for row in rows], vacancies, routes, threads)
        parts.append(replace(part, candidate=np.array(rows, np.int64)[part.candidate]))
    return _joined(parts)


def _joined(parts: Sequence[PossiblePairs]) -> PossiblePairs:
    """The parts of several rule sets as one; a start of a programme is shared by all of them."""
    numbers: dict[tuple[str, date], int] = {}
    seats: list[Seat] = []
    renumbered = []
    for part in parts:
        own = [NO_SEAT]
        for seat in part.seats:
            key = (seat.programme.reference, seat.starts_on)
            if key not in numbers:
                numbers[key] = len(seats)
                seats.append(seat)
            own.append(numbers[key])
        renumbered.append(np.array(own, np.int64)[part.seat + 1])
    empty = np.zeros(0, np.int64)
    return PossiblePairs(
        candidate=np.concatenate([empty, *(part.candidate for part in parts)]),
        vacancy=np.concatenate([empty, *(part.vacancy for part in parts)]),
        seat=np.concatenate([empty, *renumbered]),
        fit=np.concatenate([empty, *(part.fit for part in parts)]),
        seats=tuple(seats),
        pruned=any(part.pruned for part in parts),
    )


def _under_one_rule_set(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Pathways,
    threads: int,
) -> PossiblePairs:
    setting = pathways.setting
    country = Country(vacancies, setting)
    profiles = [person.profile for person in people]
    parts, pruned = [_pairs(profiles, country, threads)], False
    pruned |= parts[0].pruned
    direct = _keys(parts[0], len(vacancies))
    seats: list[Seat] = []
    for programme in pathways.programmes:
        who, after, starts_on = _followers(profiles, programme, pathways)
        if not who or starts_on is None:
            continue
        found = _pairs(after, country, threads)
        found = replace(found, candidate=np.array(who, np.int64)[found.candidate])
        new = ~np.isin(_keys(found, len(vacancies)), direct)
        if new.any():
            room = len(people) if programme.seats is None else programme.seats
            parts.append(_chosen(found, new, len(seats)))
            pruned |= found.pruned
            seats.append(Seat(programme, starts_on, room))
    everything = PossiblePairs(
        candidate=np.concatenate([part.candidate for part in parts]),
        vacancy=np.concatenate([part.vacancy for part in parts]),
        seat=np.concatenate([part.seat for part in parts]),
        fit=np.concatenate([part.fit for part in parts]),
        seats=tuple(seats),
        pruned=pruned,
    )
    offered = np.array([site_hours(v, setting) is not None for v in vacancies], np.bool_)
    return _chosen(everything, offered[everything.vacancy], None)


def site_hours(vacancy: VacancyProfile, setting: Setting) -> float | None:
    """Guidance hours a week of a site; from its buddies where it states none; None without both."""
    if vacancy.guidance_hours is not None:
        return vacancy.guidance_hours
    if vacancy.buddies is None:
        return None
    return vacancy.buddies * setting.rules.allocation.hours_a_buddy


def _pairs(profiles: Sequence[CandidateProfile], country: Country, threads: int) -> PossiblePairs:
    limits = country.setting.rules.allocation
    best = best_pairs(
        profiles, country, top=limits.pairs_kept, take_ask_first=False, threads=threads
    )
    if best.eligible.sum() <= limits.pairs_maximum:
        pairs = every_pair(profiles, country, best.eligible, take_ask_first=False)
        rows = (pairs.candidate, pairs.vacancy.astype(np.int64), pairs.fit.astype(np.int64))
    else:
        rows = _both_sides(best.vacancies, best.vacancy_fits, best.candidates, best.candidate_fits)
    candidate, vacancy, fit = rows
    return PossiblePairs(
        candidate=candidate,
        vacancy=vacancy,
        seat=np.full(len(candidate), NO_SEAT, np.int64),
        fit=fit,
        seats=(),
        pruned=bool(best.eligible.sum() > limits.pairs_maximum),
    )


def _both_sides(
    vacancies: NDArray[np.int32],
    vacancy_fits: NDArray[np.int32],
    candidates: NDArray[np.int32],
    candidate_fits: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The pairs that stand in a list of either side, each once."""
    own = np.repeat(np.arange(len(vacancies)), vacancies.shape[1])
    theirs = np.repeat(np.arange(len(candidates)), candidates.shape[1])
    rows = np.stack(
        [
            np.concatenate([own, candidates.reshape(-1)]),
            np.concatenate([vacancies.reshape(-1), theirs]),
            np.concatenate([vacancy_fits.reshape(-1), candidate_fits.reshape(-1)]),
        ]
    ).astype(np.int64)
    rows = np.unique(rows[:, (rows[:2] >= 0).all(axis=0)], axis=1)
    return rows[0], rows[1], rows[2]


def _keys(pairs: PossiblePairs, vacancies: int) -> NDArray[np.int64]:
    return pairs.candidate * vacancies + pairs.vacancy


def _chosen(pairs: PossiblePairs, which: NDArray[np.bool_], seat: int | None) -> PossiblePairs:
    seats = pairs.seat[which] if seat is None else np.full(int(which.sum()), seat, np.int64)
    return PossiblePairs(
        pairs.candidate[which],
        pairs.vacancy[which],
        seats,
        pairs.fit[which],
        pairs.seats,
        pairs.pruned,
    )


def _followers(
    profiles: Sequence[CandidateProfile], programme: Programme, pathways: Pathways
) -> tuple[list[int], list[CandidateProfile], date | None]:
    """Who can follow the next start of a programme and gains by it, and who they are afterwards.

    The next start is one date for everybody; who is not free by then, or lacks what it needs, waits
    for another allocation.
    """
    if programme.is_money_support or programme.seats == 0:
        return [], [], None
    on = pathways.setting.on
    until = pathways.bounds(CandidateProfile("", "")).until - programme.duration
    starts = start_days(programme, on, until)
    if not starts:
        return [], [], None
    ready_on = starts[0] + programme.duration
    who, after = [], []
    for row, profile in enumerate(profiles):
        known = current(profile, pathways.setting)
        if not _can_follow(known, programme, starts[0], pathways):
            continue
        grown = State(known).after([programme]).candidate
        if grown == known:
            continue
        free = max(ready_on, known.start_from or ready_on)
        # Levels stand as they are after the programme: observed on its last day.
        who.append(row)
        after.append(grown.with_values({"start_from": free, "observed_on": None}))
    return who, after, starts[0]


def _can_follow(
    candidate: CandidateProfile, programme: Programme, starts_on: date, pathways: Pathways
) -> bool:
    if candidate.start_from is not None and candidate.start_from > starts_on:
        return False
    room = pathways.bounds(candidate).capacity
    if programme.hours_a_week > room:
        return False
    for name, least in programme.needs:
        if name in LEVEL_MAXIMUM or name in LOADS:
            level = candidate.level(name)
            if level is not None and level < least:
                return False
        elif name in ("hours", "hours_max"):
            if room < least:
                return False
        elif name not in candidate.credentials and name not in candidate.licences:
            return False
    return True


def guidance_of(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Guidance needed by candidate and offered by vacancy, in hundredths of an hour a week."""
    need = [
        round(person.guidance(pathways[person.profile.region].setting)[0] * HUNDREDTHS)
        for person in people
    ]
    setting = next(iter(pathways.values())).setting
    offer = [
        UNLIMITED if (hours := site_hours(v, setting)) is None else round(hours * HUNDREDTHS)
        for v in vacancies
    ]
    return np.array(need, np.int64), np.array(offer, np.int64)
