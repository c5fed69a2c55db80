"""The job *count_inflow*: where everybody of a region stands towards the open places.

Vacancies, rules, places and the day are frozen when the job is planned; people are read when their
block is counted. The figures are counted from the lines that were kept, at the moment at which
they become visible: every number is the number of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from matcher.domain import inflow, monitors
from matcher.domain.access import Right
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.inflow import Change, Stand, Standing
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.table import BARS, VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.models import InflowBoard
from matcher.models.states import SeatState
from matcher.reference.inflow import load_inflow_terms
from matcher.reference.queue import load_queue_terms
from matcher.repositories import inflow as rows
from matcher.repositories import vacancies
from matcher.repositories.content import hash_of
from matcher.repositories.decisions import standing_lanes
from matcher.repositories.inflow import Group, Person, Way
from matcher.repositories.jobs import JobRecord
from matcher.repositories.seats import COMING
from matcher.services.calendar import day_of
from matcher.services.inflow_figures import OpenPlace, figures_of
from matcher.services.inputs import keep_inputs, kept_advisor, region_inputs
from matcher.services.jobs import JobKind, Plan, packed, unpacked, viewer_of

NAME = "count_inflow"
PEOPLE_A_BLOCK = 200
_LANGUAGE = "nl"
"""Nothing of the texts gets into the figures; an advisor just speaks some language."""
_WISH = BARS.index("sector")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the frozen inputs of a job name, as an advisor is read back from them."""

    region: str
    on: date
    rules_hash: str
    vacancies_hash: str
    programmes_hash: str
    places_hash: str
    language: str = _LANGUAGE


@dataclass(frozen=True, slots=True)
class _Common:
    """What all blocks of a job read: the places that are open, by row, and the programmes."""

    numbers: tuple[int, ...]
    table: VacancyTable
    pathways: Pathways
    weeks: int
    near_people: int


_prepared: dict[str, _Common] = {}
"""The vacancies of the job at hand, by hash: reading them costs more than a block."""


def _plan(session: Session, job: JobRecord) -> Plan:
    viewer = viewer_of(job)
    on = day_of(job.submitted_at)
    inputs = region_inputs(session, job.region, on=on, language=_LANGUAGE)
    keep_inputs(session, inputs, now=job.submitted_at)
    people = rows.people(session, viewer)
    numbers = vacancies.ids_by_reference(session, viewer)
    held = rows.places_held(session, viewer)
    known = [(numbers[vacancy.reference], vacancy) for vacancy in inputs.advisor.vacancies]
    frozen = {
        "on": on.isoformat(),
        "rules_hash": inputs.rules_hash,
        "vacancies_hash": inputs.vacancies_hash,
        "programmes_hash": inputs.programmes_hash,
        "places_hash": inputs.places_hash,
        "people": people,
        "vacancies": [number for number, _ in known],
        "free": [max(vacancy.places - held.get(number, 0), 0) for number, vacancy in known],
        "by_person": rows.by_person(session, viewer),
    }
    return Plan(-(-len(people) // PEOPLE_A_BLOCK), frozen)


def _common(session: Session, job: JobRecord) -> _Common:
    frozen = {name: value for name, value in job.frozen.items() if name != "people"}
    key = hash_of([NAME, job.region, frozen])
    if key not in _prepared:
        kept = _Kept(
            job.region,
            date.fromisoformat(frozen["on"]),
            *(frozen[f"{name}_hash"] for name in ("rules", "vacancies", "programmes", "places")),
        )
        advisor = kept_advisor(session, kept)
        of_region = CandidateProfile("", job.region)
        open_now = [
            (number, vacancy)
            for number, vacancy, free in _frozen_places(advisor.vacancies, frozen)
            if free and not _has_passed(vacancy, kept.on)
        ]
        terms = load_inflow_terms(kept.on)
        _prepared.clear()
        _prepared[key] = _Common(
            tuple(number for number, _ in open_now),
            VacancyTable([vacancy for _, vacancy in open_now], advisor.setting(of_region)),
            advisor.pathways(of_region),
            terms.weeks,
            terms.near_people,
        )
    return _prepared[key]


def _frozen_places(
    profiles: Sequence[VacancyProfile], frozen: Mapping[str, Any]
) -> Iterable[tuple[int, VacancyProfile, int]]:
    return zip(frozen["vacancies"], profiles, frozen["free"], strict=True)


def _has_passed(vacancy: VacancyProfile, on: date) -> bool:
    latest = vacancy.latest_start
    return latest is not None and latest < on


# --- one block ----------------------------------------------------------------------------------


def _work(session: Session, job: JobRecord, number: int) -> bytes:
    common, viewer = _common(session, job), viewer_of(job)
    start = number * PEOPLE_A_BLOCK
    numbers = job.frozen["people"][start : start + PEOPLE_A_BLOCK]
    people = rows.persons(session, viewer, numbers)
    decided = standing_lanes(session, viewer, numbers)
    holders = rows.holders(session, viewer, numbers)
    ways = rows.ways(session, viewer, numbers)
    programmes = rows.programmes(session, viewer)
    groups = rows.groups_with_room(session, viewer, common.pathways.setting.on)
    counting = _Counting(common)
    lines = []
    for person in people:
        lane = decided.get(person.id)
        changes = changes_of(ways.get(person.id, ()), programmes, groups)
        holds = person.id in holders
        lines.append(_line(person, common, changes, lane, holds=holds))
        if not person.at_work and not holds:
            counting.add(person, lane)
    return packed(
        {
            "lines": lines,
            "fits": counting.fits.tolist(),
            "shut": counting.shut.tolist(),
            "starters": counting.starters,
            "near": counting.near(),
        }
    )


def changes_of(
    ways: Iterable[Way], programmes: Mapping[int, Programme], groups: Mapping[int, Group]
) -> list[Change]:
    """What will end for somebody: sure where a seat is taken, not so where one is hoped for."""
    found = []
    for way in ways:
        programme = programmes.get(way.programme_id)
        cohort, ends_on = way.cohort_id, way.ends_on
        if way.state is SeatState.WAITING:
            group = groups.get(way.programme_id)
            cohort, ends_on = (None, None) if group is None else (group.id, group.ends_on)
        if programme is not None and ends_on is not None:
            found.append(Change(ends_on, programme, way.state in COMING, cohort))
    return found


def _line(
    person: Person, common: _Common, changes: Sequence[Change], lane: Lane | None, *, holds: bool
) -> list[Any]:
    profile, pathways = person.profile, common.pathways
    if person.at_work:
        return [person.id, Stand.AT_WORK, *[None] * 4, person.first_level, None, None, None]
    if holds:
        found = Standing(Stand.HOLDS_PLACE)
    else:
        found = inflow.standing_of(
            profile, common.table, pathways, weeks=common.weeks, changes=changes, decided=lane
        )
    level = person.first_level
    return [
        person.id,
        found.stand,
        found.week,
        None if found.vacancy is None else common.numbers[found.vacancy],
        found.cohort,
        found.cause,
        level,
        monitors.rhythm_age(profile, pathways.setting),
        monitors.levels_age(profile, pathways.setting),
        monitors.unknown_bits(profile, pathways),
    ]


class _Counting:
    """For each place: how many can start there, what shuts out how many, and who is near."""

    def __init__(self, common: _Common) -> None:
        self._common = common
        count = len(common.numbers)
        self.starters = 0
        self.fits = np.zeros(count, np.int64)
        self.shut = np.zeros((len(BARS), count), np.int64)
        self._single: dict[int, list[tuple[int, CandidateProfile]]] = {}

    def add(self, person: Person, decided: Lane | None) -> None:
        """Counts one person who can start; nobody else is near a place."""
        common = self._common
        setting = common.pathways.setting
        if person.profile.is_paused(setting.on):
            return
        today = current(person.profile, setting)
        if not inflow.may_start(today, common.pathways, decided):
            return
        self.starters += 1
        by_name, scores = common.table.shut_by(today)
        bars = np.array(list(by_name.values()), np.int64)
        self.fits += scores.eligible & ~scores.ask_first
        self.shut += bars
        # Only where nobody fits will somebody be named.
        single = (bars.sum(axis=0) == 1) & (bars[_WISH] == 0) & (self.fits == 0)
        for row in np.flatnonzero(single).tolist():
            self._single.setdefault(row, []).append((person.id, today))

    def near(self) -> dict[str, list[list[Any]]]:
        """By row of a place that nobody fits who is one step away, the first ones with why."""
        found: dict[str, list[list[Any]]] = {}
        table, pathways = self._common.table, self._common.pathways
        for row, people in self._single.items():
            if self.fits[row]:
                continue
            near: list[list[Any]] = []
            for number, today in people:
                if len(near) == self._common.near_people:
                    break
                cause = inflow.single_cause(today, table.vacancies[row], pathways)
                if cause is not None:
                    near.append([number, cause])
            if near:
                found[str(row)] = near
        return found


def _write(session: Session, job: JobRecord, _number: int, content: bytes) -> None:
    rows.keep(session, viewer_of(job), job.id, unpacked(content)["lines"])


# --- the whole ----------------------------------------------------------------------------------


def _finish(session: Session, job: JobRecord, contents: Iterable[bytes]) -> Mapping[str, Any]:
    viewer, on = viewer_of(job), date.fromisoformat(job.frozen["on"])
    common, frozen = _common(session, job), job.frozen
    places, starters = _places(common, frozen, contents)
    near = [(place.number, who, cause) for place in places for who, cause in place.near]
    rows.keep_near(session, viewer, job.id, near)
    figures = figures_of(
        places,
        rows.counted(session, viewer, job.id),
        rows.arrangements_of(session, viewer, common.numbers),
        weeks=common.weeks,
        waits_long_before=on - load_queue_terms(on).long_wait,
    )
    figures["by_person"] = frozen["by_person"]
    figures["starters"] = starters
    figures["passed"] = sum(frozen["free"]) - figures["total"]["open"]
    rows.forget(session, viewer, job.id, others=True)
    session.add(
        InflowBoard(
            job_id=job.id, region=job.region, on=on, counted_at=job.submitted_at, figures=figures
        )
    )
    return {
        "on": on.isoformat(),
        "open": figures["total"]["open"],
        "ready": figures["total"]["ready"],
    }


def _places(
    common: _Common, frozen: Mapping[str, Any], contents: Iterable[bytes]
) -> tuple[list[OpenPlace], int]:
    """The places with what all blocks found, and how many people can start somewhere."""
    count = len(common.numbers)
    fits = np.zeros(count, np.int64)
    shut = np.zeros((len(BARS), count), np.int64)
    near: dict[int, list[tuple[int, str]]] = {}
    starters = 0
    for content in contents:
        block = unpacked(content)
        starters += block["starters"]
        fits += np.array(block["fits"], np.int64)
        shut += np.array(block["shut"], np.int64).reshape(len(BARS), count)
        for row, people in block["near"].items():
            near.setdefault(int(row), []).extend((who, cause) for who, cause in people)
    free = dict(zip(frozen["vacancies"], frozen["free"], strict=True))
    on = common.pathways.setting.on
    places = [
        OpenPlace(
            number,
            vacancy.sector,
            free[number],
            inflow.due_week(vacancy, on),
            int(fits[row]),
            tuple(shut[:, row].tolist()),
            () if fits[row] else tuple(near.get(row, ())[: common.near_people]),
        )
        for row, (number, vacancy) in enumerate(
            zip(common.numbers, common.table.vacancies, strict=True)
        )
    ]
    return places, starters


def _clear(session: Session, job: JobRecord) -> None:
    rows.forget(session, viewer_of(job), job.id, others=False)


COUNT_INFLOW = JobKind(
    name=NAME,
    rights=(Right.TRIAGER, Right.LEAD),
    plan=_plan,
    work=_work,
    write=_write,
    finish=_finish,
    clear=_clear,
)
