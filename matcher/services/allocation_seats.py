"""Seats of programmes in an allocation: who can follow the next start, and seats given out alone.

A seat alone goes to who waited longest. An officer may let seats go where they open the best fit
instead; either way what the other order would bring is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.domain.allocating import SeatOrder
from matcher.domain.assessment import current, sector_to_work_on
from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import State
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.search import start_days
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LEVEL_MAXIMUM, LOADS
from matcher.engine.batch import best_pairs
from matcher.engine.flow import optimal_by_flow
from matcher.engine.layout import Country
from matcher.engine.problem import NOTHING, UNLIMITED, AllocationProblem, seeded_order
from matcher.services.allocation_inputs import Participant


@dataclass(frozen=True, slots=True)
class Seat:
    """One start of a programme with the seats it has."""

    programme: Programme
    starts_on: date
    seats: int


@dataclass(frozen=True, slots=True)
class SeatsAlone:
    """Seats for people without a place: (participant, programme), and what each order brings.

    `value` and `days` are what those seats open in fit, in hundredths, and the days waited by who
    gets one; `other_value` and `other_days` likewise for the other order. `suggested` names for
    everybody without a place the programmes to begin with.
    """

    given: tuple[tuple[Participant, Programme], ...]
    suggested: Mapping[str, tuple[Programme, ...]]
    order: SeatOrder
    value: int = 0
    days: int = 0
    other_value: int = 0
    other_days: int = 0


def seats_alone(
    waiting: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
    room: Mapping[str, int | None],
    order: SeatOrder,
    seed: int,
) -> SeatsAlone:
    """Seats of the programme to begin with, for who got no place; `room` is by programme."""
    drawn = seeded_order([person.profile.reference for person in waiting], seed)
    people = [waiting[row] for row in drawn]
    suggested = {}
    for person in people:
        routes = pathways[person.profile.region]
        known = current(person.profile, routes.setting)
        suggested[person.profile.reference] = routes.suggested(
            known, sector_to_work_on(known, routes)
        )
    wishes = [suggested[person.profile.reference] for person in people]
    by_wait = _longest_waiting(people, wishes, room)
    if len(by_wait) == sum(bool(wish) for wish in wishes) and order is SeatOrder.WAITING:
        # Everybody who could use a seat has one: no order would bring more.
        return SeatsAlone(_given(people, by_wait), suggested, order)
    worth = _worth(people, wishes, vacancies, pathways)
    by_value = _most_value(people, wishes, room, worth)
    chosen, other = (by_wait, by_value) if order is SeatOrder.WAITING else (by_value, by_wait)
    return SeatsAlone(
        _given(people, chosen),
        suggested,
        order,
        _total(worth, chosen),
        _days(people, chosen),
        _total(worth, other),
        _days(people, other),
    )


Chosen = dict[int, Programme]
"""The programme of each row of people who gets a seat."""
Worths = Mapping[tuple[int, str], int]


def _given(
    people: Sequence[Participant], chosen: Chosen
) -> tuple[tuple[Participant, Programme], ...]:
    return tuple((people[row], programme) for row, programme in sorted(chosen.items()))


def _total(worth: Worths, chosen: Chosen) -> int:
    return sum(worth.get((row, programme.reference), 0) for row, programme in chosen.items())


def _days(people: Sequence[Participant], chosen: Chosen) -> int:
    return sum(people[row].waiting_days for row in chosen)


def _longest_waiting(
    people: Sequence[Participant],
    wishes: Sequence[tuple[Programme, ...]],
    room: Mapping[str, int | None],
) -> Chosen:
    left = dict(room)
    chosen = {}
    for row in sorted(range(len(people)), key=lambda row: -people[row].waiting_days):
        for programme in wishes[row]:
            seats = left.get(programme.reference, 0)
            if seats is not None and seats < 1:
                continue
            left[programme.reference] = None if seats is None else seats - 1
            chosen[row] = programme
            break
    return chosen


def _worth(
    people: Sequence[Participant],
    wishes: Sequence[tuple[Programme, ...]],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
) -> Worths:
    """How much better the best fit gets by a seat that somebody could use, in hundredths."""
    found = {}
    for routes in dict.fromkeys(pathways[person.profile.region] for person in people):
        own = [row for row, p in enumerate(people) if pathways[p.profile.region] is routes]
        country = Country(vacancies, routes.setting)
        now = _best_fits([people[row].profile for row in own], country)
        before = dict(zip(own, now, strict=True))
        for programme in routes.programmes:
            rows = [row for row in own if programme in wishes[row]]
            profiles = [people[row].profile for row in rows]
            who, after, _ = followers(profiles, programme, routes)
            for at, fit in zip(who, _best_fits(after, country), strict=True):
                row = rows[at]
                found[row, programme.reference] = max(0, fit - before[row])
    return found


def _best_fits(profiles: Sequence[CandidateProfile], country: Country) -> list[int]:
    if not profiles or not country.vacancies:
        return [0] * len(profiles)
    best = best_pairs(profiles, country, top=1, take_ask_first=False)
    return [int(fit) for fit in best.vacancy_fits[:, 0]]


def _most_value(
    people: Sequence[Participant],
    wishes: Sequence[tuple[Programme, ...]],
    room: Mapping[str, int | None],
    worth: Worths,
) -> Chosen:
    """The seats that open the most fit together; a seat that opens none counts a little."""
    programmes = sorted({p for wish in wishes for p in wish}, key=lambda p: p.reference)
    number = {programme.reference: at for at, programme in enumerate(programmes)}
    rows = [(row, number[p.reference]) for row, wish in enumerate(wishes) for p in wish]
    if not rows:
        return {}
    person, programme = np.array(rows, np.int64).T
    seats = [room.get(p.reference, 0) for p in programmes]
    problem = AllocationProblem(
        places=np.array([len(people) if s is None else max(0, s) for s in seats], np.int64),
        waiting=np.array([p.waiting_days for p in people], np.int64),
        candidate=person,
        vacancy=programme,
        value=np.array(
            [1 + worth.get((row, programmes[at].reference), 0) for row, at in rows], np.int64
        ),
        need=np.zeros(len(people), np.int64),
        offer=np.full(len(programmes), UNLIMITED),
        group=NOTHING,
    )
    pairs = optimal_by_flow(problem).pair
    return {int(person[pair]): programmes[int(programme[pair])] for pair in pairs}


def followers(
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
