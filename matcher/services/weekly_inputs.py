"""What a weekly allocation starts from: who takes part, and what is left of places and seats.

People with an introduction under way take no part, nor does whoever wants advice by a person only.
Places and guidance hours that introductions take are not given out again, and seats that people in
line have a claim on stay theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.allocating import DEFAULT_LANES, Choice, SeatOrder
from matcher.domain.candidate import CandidateProfile
from matcher.domain.decided_pairs import DecidedPair, PairDecision
from matcher.domain.pairs import Setting
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.repositories import decisions, programmes, region_matches, seats, vacancies
from matcher.repositories import weekly_choices as choices
from matcher.repositories import weekly_taken as standing
from matcher.repositories.content import hash_of, to_content
from matcher.repositories.jobs import JobRecord
from matcher.services import cohorts
from matcher.services.advice import Advisor
from matcher.services.allocation_inputs import Standing, site_hours
from matcher.services.calendar import day_of
from matcher.services.inputs import Inputs, kept_advisor
from matcher.services.jobs import viewer_of

LANGUAGE = "nl"
"""Sentences of an explanation are kept in the language of the pages."""
_AT_ONCE = 400
"""Fewer parameters than either database allows in one statement."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The inputs of an allocation, by hash."""

    region: str
    on: date
    rules_hash: str
    vacancies_hash: str
    programmes_hash: str
    places_hash: str
    language: str = LANGUAGE


@dataclass(frozen=True, slots=True)
class Unkept:
    """A pair that was to be kept together and could not be: why, as a code."""

    pair: int
    why: str


@dataclass(frozen=True, slots=True)
class WeeklyInput:
    """Everything that one allocation is computed on, and the numbers behind its references."""

    on: date
    advisor: Advisor
    setting: Setting
    people: Mapping[int, CandidateProfile]
    vacancies: Sequence[VacancyProfile]
    vacancy_ids: Mapping[str, int]
    programme_ids: Mapping[str, int]
    standing: Standing
    choice: Choice
    pairs: Mapping[tuple[str, str], int]
    """Numbers of the pairs that are locked, by reference."""
    unkept: tuple[Unkept, ...]

    @property
    def content_hash(self) -> str:
        """The hash of all of it: equal for equal inputs, whatever their numbers."""
        people = sorted(map(to_content, self.people.values()), key=lambda one: one["reference"])
        lanes = sorted((name, lane.value) for name, lane in self.standing.lanes.items())
        return hash_of(
            [
                self.on.isoformat(),
                people,
                [to_content(each) for each in self.vacancies],
                [to_content(each) for each in self.advisor.programmes],
                [to_content(each) for each in self.standing.seats or ()],
                lanes,
                sorted(self.standing.seated),
                self.choice.floor,
                self.choice.seed,
                self.choice.seats.value,
                sorted([*pair.key, pair.decision.value] for pair in self.choice.decided),
                self.setting.rules.version,
            ]
        )


def frozen_state(
    session: Session, job: JobRecord, inputs: Inputs, floor: int, order: SeatOrder
) -> dict[str, Any]:
    """What a plan fixes: numbers, hashes and what is left; never something about a person."""
    viewer, on = viewer_of(job), day_of(job.submitted_at)
    taken = standing.taken(session, viewer, job.submitted_at)
    setting = inputs.advisor.setting(CandidateProfile("", job.region))
    numbers = vacancies.ids_by_reference(session, viewer)
    return {
        "on": on.isoformat(),
        "rules_hash": inputs.rules_hash,
        "vacancies_hash": inputs.vacancies_hash,
        "programmes_hash": inputs.programmes_hash,
        "places_hash": inputs.places_hash,
        "people": [
            number
            for number in region_matches.people(session, viewer)
            if number not in taken.people
        ],
        "vacancies": {each.reference: numbers[each.reference] for each in inputs.advisor.vacancies},
        "left": _left(inputs.advisor.vacancies, numbers, taken, setting),
        "programmes": _seats_left(session, viewer, on),
        "floor": floor,
        "order": order.value,
    }


def _left(
    sites: Iterable[VacancyProfile],
    numbers: Mapping[str, int],
    taken: standing.Taken,
    setting: Setting,
) -> dict[str, list[float | int | None]]:
    """By reference, the places and guidance hours that are left where something is taken."""
    guess = setting.rules.allocation.unknown_guidance_hours
    left: dict[str, list[float | int | None]] = {}
    for site in sites:
        number = numbers[site.reference]
        if not taken.places.get(number):
            continue
        hours = site_hours(site, setting)
        if hours is not None:
            needs = (setting.rules.guidance_value(need) for need in taken.needs[number])
            hours = max(0.0, hours - sum(guess if need is None else need for need in needs))
        left[site.reference] = [max(0, site.places - taken.places[number]), hours]
    return left


def _seats_left(session: Session, viewer: Viewer, on: date) -> dict[str, list[int | str | None]]:
    """By reference: number, first day and seats of the next group with one that nobody waits for.

    Without such a group no seat is left; None is no limit.
    """
    records = [
        programmes.to_record(programmes.get_row(session, viewer, number))
        for number in standing.active_programmes(session, viewer)
    ]
    waiting = seats.waiting_counts(session, viewer.region or "")
    groups = cohorts.list_groups(session, viewer, records, on=on)
    found: dict[str, list[int | str | None]] = {}
    for record in records:
        claimed = waiting.get(record.id, 0)
        start: str | None = None
        free: int | None = 0
        for group in groups[record.id]:
            if group.free is None or group.free > claimed:
                start = group.starts_on.isoformat()
                free = None if group.free is None else group.free - claimed
                break
        found[record.programme.reference] = [record.id, start, free]
    return found


def read_input(session: Session, job: JobRecord) -> WeeklyInput:
    """The inputs of a planned job, with its people as they are now."""
    frozen, viewer = job.frozen, viewer_of(job)
    on = date.fromisoformat(frozen["on"])
    advisor = kept_advisor(session, _kept(job))
    people = _in_parts(
        frozen["people"], lambda part: region_matches.profiles(session, viewer, part)
    )
    lanes = _in_parts(
        frozen["people"], lambda part: decisions.standing_lanes(session, viewer, part)
    )
    names = {number: profile.reference for number, profile in people.items()}
    decided, locked, unkept = _decided(session, viewer, job, people, on)
    return WeeklyInput(
        on=on,
        advisor=advisor,
        setting=advisor.setting(CandidateProfile("", job.region)),
        people=people,
        vacancies=[_with_left(each, frozen["left"]) for each in advisor.vacancies],
        vacancy_ids=frozen["vacancies"],
        programme_ids={name: row[0] for name, row in frozen["programmes"].items()},
        standing=Standing(
            lanes={names[number]: lane for number, lane in lanes.items() if number in names},
            seated=frozenset(
                names[number] for number in standing.seated(session, viewer) if number in names
            ),
            seats=tuple(_with_seats(advisor.programmes, frozen["programmes"])),
        ),
        choice=Choice(
            lanes=DEFAULT_LANES,
            floor=frozen["floor"] / 100,
            seats=SeatOrder(frozen["order"]),
            decided=decided,
        ),
        pairs=locked,
        unkept=unkept,
    )


def _kept(job: JobRecord) -> _Kept:
    frozen = job.frozen
    return _Kept(
        region=job.region,
        on=date.fromisoformat(frozen["on"]),
        rules_hash=frozen["rules_hash"],
        vacancies_hash=frozen["vacancies_hash"],
        programmes_hash=frozen["programmes_hash"],
        places_hash=frozen["places_hash"],
    )


def _in_parts(numbers: Sequence[int], read: Any) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        found.update(read(numbers[start : start + _AT_ONCE]))
    return found


def _with_left(site: VacancyProfile, left: Mapping[str, Any]) -> VacancyProfile:
    if site.reference not in left:
        return site
    places, hours = left[site.reference]
    if hours is None:
        return replace(site, places=places)
    return replace(site, places=places, guidance_hours=hours)


def _with_seats(
    offered: Iterable[Programme], left: Mapping[str, Sequence[Any]]
) -> Iterator[Programme]:
    """Only groups of the region's own programmes have seats; one start each."""
    for programme in offered:
        row = left.get(programme.reference)
        if row is None or row[1] is None:
            continue
        yield replace(programme, starts_on=(date.fromisoformat(row[1]),), seats=row[2])


def _decided(
    session: Session,
    viewer: Viewer,
    job: JobRecord,
    people: Mapping[int, CandidateProfile],
    on: date,
) -> tuple[tuple[DecidedPair, ...], dict[tuple[str, str], int], tuple[Unkept, ...]]:
    """Locked, forbidden and refused pairs; a lock of which nothing can come is set aside.

    Whoever was invited somewhere is not proposed there again: a no, no answer and a place that
    went otherwise look the same.
    """
    sites: Mapping[str, int] = job.frozen["vacancies"]
    names = {number: reference for reference, number in sites.items()}
    found, locked, unkept = {}, {}, []
    for candidate, vacancy in standing.taken(session, viewer, job.submitted_at).pairs:
        if candidate in people and vacancy in names:
            pair = DecidedPair(people[candidate].reference, names[vacancy], PairDecision.REFUSED)
            found[pair.key] = pair
    for row in choices.standing_pairs(session, viewer):
        pair = DecidedPair(row.candidate, row.vacancy, row.decision)
        if row.decision is not PairDecision.LOCKED:
            found[pair.key] = pair
            continue
        person = people.get(row.candidate_id)
        if person is None:
            unkept.append(Unkept(row.id, "not_taking_part"))
        elif person.is_paused(on):
            unkept.append(Unkept(row.id, "paused"))
        elif row.vacancy_id not in names:
            unkept.append(Unkept(row.id, "not_open"))
        elif pair.key in found:
            unkept.append(Unkept(row.id, "already_invited"))
        else:
            found[pair.key] = pair
            locked[pair.key] = row.id
    ordered = tuple(found[key] for key in sorted(found))
    return ordered, locked, tuple(sorted(unkept, key=lambda one: one.pair))


def without(wanted: WeeklyInput, broken: Iterable[tuple[str, str]]) -> WeeklyInput:
    """The same without locked pairs that cannot be; they are told as such."""
    gone = frozenset(broken)
    more = [Unkept(wanted.pairs[key], "not_possible") for key in gone]
    decided = tuple(
        pair
        for pair in wanted.choice.decided
        if pair.decision is not PairDecision.LOCKED or pair.key not in gone
    )
    return replace(
        wanted,
        choice=replace(wanted.choice, decided=decided),
        pairs={key: number for key, number in wanted.pairs.items() if key not in gone},
        unkept=tuple(sorted((*wanted.unkept, *more), key=lambda one: one.pair)),
    )
