"""Who fills an open place, now or in some weeks, and what keeps the others one step from it.

Of everybody there is one standing: *ready* fits an open place today in a lane that starts; *coming*
will, once a seat that is taken or a pause has ended; *likely* would, with a seat that is only
offered or waited for; *one step* has a single thing in the way. Money plays no part: the two lanes
that start count alike, and no rule here reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from matcher.domain.assessment import current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import State
from matcher.domain.pairs import Blocker, assess_pair
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.readiness import SectorReadiness, assess_readiness
from matcher.domain.rules import RuleSet
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import GAP_DIMENSIONS, Lane

STARTING = (Lane.READY_NOW, Lane.READY_WITH_SUPPORT)
"""The lanes of which people are introduced and placed (contract.md section 3)."""
NOT_KNOWN = "not_known"
DEMANDS = "demands"
TRAVEL = "travel"
TRAVEL_EARLY = "travel_early"
_WISH = "sector"
_BY_BLOCKER = {
    "load": DEMANDS,
    "small_employer": DEMANDS,
    "hours": "hours",
    "windows": "hours",
    "start": "start",
    "guidance": "guidance",
}
_BY_DIMENSION = {
    "rhythm": "rhythm",
    "work_skills": "work_skills",
    "body": DEMANDS,
    "head": DEMANDS,
    "hours": "hours",
    "travel": TRAVEL,
    "speaking": "language_speak",
    "reading": "language_read",
}


class Stand(StrEnum):
    """Where somebody stands towards the open places."""

    READY = "ready"
    COMING = "coming"
    LIKELY = "likely"
    ONE_STEP = "one_step"
    FURTHER = "further"
    HOLDS_PLACE = "holds_place"
    """Introduced at a place, which is no longer open for that."""
    AT_WORK = "at_work"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that ends on a day: a programme, or a pause without one; `sure` once it is taken.

    `cohort` is the number of the group, for whoever wants to open it.
    """

    on: date
    programme: Programme | None
    sure: bool
    cohort: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of one person; `vacancy` is the row of the place it is about.

    `week` counts from the present week; `cause` is what is missing where one thing is, with the
    paper after a colon where it is about one.
    """

    stand: Stand
    week: int | None = None
    vacancy: int | None = None
    cause: str | None = None
    cohort: int | None = None


def standing_of(
    profile: CandidateProfile,
    table: VacancyTable,
    pathways: Pathways,
    *,
    weeks: int,
    changes: Sequence[Change] = (),
    decided: Lane | None = None,
) -> Standing:
    """Where one person stands towards the vacancies of `table`, all of them with a place left.

    Nobody is seen coming later than in so many `weeks`. `decided` is the lane that a person chose;
    it counts before the computed one as long as nothing changes.
    """
    setting = pathways.setting
    on = setting.on
    is_away = profile.is_paused(on)
    if not is_away:
        row = starts_at(profile, table, pathways, decided)
        if row is not None:
            return Standing(Stand.READY, 0, row)
    moments = list(changes)
    if is_away and profile.paused_until is not None:
        moments.append(Change(profile.paused_until, None, True))
    for sure, stand in ((True, Stand.COMING), (False, Stand.LIKELY)):
        for moment in sorted((each for each in moments if each.sure is sure), key=_when):
            week = week_of(moment.on, on)
            if week > weeks:
                continue
            then = after_change(profile, moment, on)
            row = starts_at(then, table, pathways, decided if moment.programme is None else None)
            if row is not None:
                return Standing(stand, week, row, cohort=moment.cohort)
    if is_away:
        return Standing(Stand.FURTHER)
    return _one_step(profile, table, pathways, decided)


def _when(change: Change) -> tuple[date, str]:
    return change.on, "" if change.programme is None else change.programme.reference


def week_of(day: date, on: date) -> int:
    """In how many weeks a day lies, the present one being 0: rounded up, never below zero."""
    return max(-(-(day - on).days // 7), 0)


def after_change(profile: CandidateProfile, change: Change, on: date) -> CandidateProfile:
    """Somebody on the day of a change: free from then on, with what the programme raises."""
    free = max(change.on, profile.start_from or on)
    there = profile.with_values({"paused_until": None, "start_from": free})
    return there if change.programme is None else State(there).after([change.programme]).candidate


def starts_at(
    profile: CandidateProfile, table: VacancyTable, pathways: Pathways, decided: Lane | None = None
) -> int | None:
    """The row of the place that suits best of those where somebody can start; None without any.

    Somebody starts from a lane that starts, at a place that nothing blocks and where nothing has
    to be asked first.
    """
    person = current(profile, pathways.setting)
    if not may_start(person, pathways, decided):
        return None
    scores = table.score(person)
    fits = scores.eligible & ~scores.ask_first
    return int(np.argmax(np.where(fits, scores.fit, -1))) if fits.any() else None


def may_start(person: CandidateProfile, pathways: Pathways, decided: Lane | None) -> bool:
    """Whether somebody, with current levels, is in a lane that starts: decided, else computed."""
    if decided is not None:
        return decided in STARTING
    readiness = assess_readiness(person, pathways.setting.rules)
    return lane_of(person, readiness, pathways).lane in STARTING


def _one_step(
    profile: CandidateProfile,
    table: VacancyTable,
    pathways: Pathways,
    decided: Lane | None,
) -> Standing:
    person = current(profile, pathways.setting)
    count, scores = table.barriers(person)
    if may_start(person, pathways, decided):
        if scores.eligible.any():
            # It fits, but something has to be asked before anybody is introduced (P-6).
            best = int(np.argmax(np.where(scores.eligible, scores.fit, -1)))
            return Standing(Stand.ONE_STEP, None, best, NOT_KNOWN)
        fit = np.where(count == 1, scores.fit, -1)
        for best in np.argsort(-fit, kind="stable").tolist():
            if fit[best] < 0:
                break
            cause = single_cause(person, table.vacancies[best], pathways)
            if cause is not None:
                return Standing(Stand.ONE_STEP, None, best, cause)
        return Standing(Stand.FURTHER)
    fits = scores.eligible & ~scores.ask_first
    if decided is None and fits.any():
        cause = lane_cause(person, pathways)
        if cause is not None:
            best = int(np.argmax(np.where(fits, scores.fit, -1)))
            return Standing(Stand.ONE_STEP, None, best, cause)
    return Standing(Stand.FURTHER)


def single_cause(
    person: CandidateProfile, vacancy: VacancyProfile, pathways: Pathways
) -> str | None:
    """The one thing that shuts somebody out of a place; None for several, and for a wish.

    Whoever never wants a sector is not one step away from it: nobody should push that step.
    """
    setting = pathways.setting
    blockers = assess_pair(person, vacancy, setting).blockers
    if len(blockers) != 1 or blockers[0].code == _WISH:
        return None
    return cause_of(blockers[0], vacancy, setting.rules)


def cause_of(blocker: Blocker, vacancy: VacancyProfile, rules: RuleSet) -> str:
    """What a blocker is about, as the board counts it."""
    if blocker.code == "travel":
        starts = vacancy.day_starts_at
        is_early = starts is not None and (
            starts.hour * 60 + starts.minute < rules.travel.public_transport_from
        )
        return TRAVEL_EARLY if is_early else TRAVEL
    if blocker.code == "level":
        return blocker.subject
    if blocker.code in ("credential", "licence"):
        return f"{blocker.code}:{blocker.subject}"
    return _BY_BLOCKER[blocker.code]


def lane_cause(person: CandidateProfile, pathways: Pathways) -> str | None:
    """The one thing between somebody and a lane that starts; None where there are several.

    Of the wanted sectors the first where one thing is enough.
    """
    rules = pathways.setting.rules
    readiness = assess_readiness(person, rules)
    if lane_of(person, readiness, pathways).lane is Lane.NOT_ENOUGH_KNOWN:
        return NOT_KNOWN
    for sector in readiness.sectors:
        cause = missing_dimension(person, sector, rules)
        if cause is not None:
            return cause
    return None


def missing_dimension(
    person: CandidateProfile, sector: SectorReadiness, rules: RuleSet
) -> str | None:
    """The one dimension, or guidance, that would give *start with support* once it is met."""
    limits = rules.lanes
    gaps = {name: sector[name].gap for name in GAP_DIMENSIONS if sector[name].gap > 0}
    guidance = rules.guidance_value(person.guidance_need)
    is_guided = guidance is None or guidance <= limits.guidance_with_support

    def enough(left: dict[str, int]) -> bool:
        return (
            len(left) <= limits.gap_dimensions_with_support
            and max(left.values(), default=0) <= limits.gap_steps_with_support
        )

    if not is_guided:
        return "guidance" if enough(gaps) else None
    # The largest first: where several would do, it is the one that stands most in the way.
    for name in sorted(gaps, key=lambda each: (-gaps[each], GAP_DIMENSIONS.index(each))):
        if enough({other: gap for other, gap in gaps.items() if other != name}):
            return _BY_DIMENSION[name]
    return None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Open places and the people who stand towards them; the rows have one number a week.

    Week 0 is the present one. `due` counts the places where somebody has to have started by then;
    `coming` and `likely` those people who can start by then besides the `ready`.
    """

    open: int
    due: tuple[int, ...]
    ready: int
    coming: tuple[int, ...]
    likely: tuple[int, ...]

    @property
    def short(self) -> tuple[int, ...]:
        """By week: open places for which nobody is ready or coming."""
        return tuple(max(self.open - self.ready - come, 0) for come in self.coming)

    @property
    def short_at_best(self) -> tuple[int, ...]:
        """By week: what stays short when the likely come as well."""
        both = zip(self.coming, self.likely, strict=True)
        return tuple(max(self.open - self.ready - come - maybe, 0) for come, maybe in both)


def forecast(
    places: Iterable[tuple[int, int | None]],
    people: Iterable[tuple[Stand, int | None]],
    weeks: int,
) -> Forecast:
    """The figures of a group of places (free, week due) and of people (stand, week)."""
    places, people = list(places), list(people)

    def upto(found: list[int | None]) -> tuple[int, ...]:
        known = [week for week in found if week is not None]
        return tuple(sum(week <= last for week in known) for last in range(weeks + 1))

    due = [week for free, week in places for _ in range(free)]
    return Forecast(
        open=sum(free for free, _ in places),
        due=upto(due),
        ready=sum(stand is Stand.READY for stand, _ in people),
        coming=upto([week for stand, week in people if stand is Stand.COMING]),
        likely=upto([week for stand, week in people if stand is Stand.LIKELY]),
    )


def due_week(vacancy: VacancyProfile, on: date) -> int | None:
    """In which week somebody has to have started at last; None where it may be any time."""
    latest = vacancy.latest_start
    return None if latest is None else (latest - on) // timedelta(weeks=1)
