"""Plans: the sequence of programmes that opens the best place soonest, and what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.assessment import current, sector_to_work_on
from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import State, open_conditions
from matcher.domain.loads import load_gaps
from matcher.domain.pairs import Setting, assess_pair, steps_short
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.search import (
    DAYS_A_WEEK,
    Bounds,
    Commitment,
    Opening,
    Step,
    Target,
    schedule_all,
    search,
    start_days,
)
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import NEED_LEVELS, Lane


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One programme of a plan; `unlocks` names the vacancies that open once it is done.

    An `alongside` step (money support) runs beside the plan and moves no date (P-3).
    `reasons_needed` names what makes the step big, so that a person gives a reason.
    """

    programme: Programme
    starts_on: date
    ends_on: date
    unlocks: tuple[str, ...]
    alongside: bool = False
    reasons_needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SteppedStart:
    """Hours a week from a day: 16, then 24, then 32, where the vacancy allows it."""

    from_on: date
    hours: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How someone gets to a place; or that none opens within the horizon, and when to look again.

    `weeks` until the place can start, rounded up. `reasons_needed` names what makes the place
    itself a big step: ``hours_step`` or ``new_demands``.
    """

    candidate: CandidateProfile
    vacancy: VacancyProfile | None
    weeks: int | None
    place_on: date | None
    steps: tuple[PlanStep, ...]
    review_on: date
    stepped_start: tuple[SteppedStart, ...] = ()
    reasons_needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What following `programmes` would open: when all are done, and which vacancies open then.

    `after` is the candidate then, with levels raised and papers held. `left_out` could not be
    placed within the horizon or the hours there are.
    """

    steps: tuple[Step, ...]
    ready_on: date
    weeks: int
    opens: tuple[str, ...]
    left_out: tuple[Programme, ...]
    after: CandidateProfile


def openings(
    candidate: CandidateProfile,
    vacancies: Sequence[VacancyProfile],
    pathways: Pathways,
    commitments: tuple[Commitment, ...] = (),
) -> dict[str, Opening]:
    """The nearest way in to every vacancy that programmes can open, by reference.

    One exact search serves a plan, a what-if and the way in of every blocked pair.
    """
    setting = pathways.setting
    bounds = pathways.bounds(candidate, commitments)
    targets = targets_for(candidate, vacancies, bounds, setting)
    return search(State(candidate), pathways.programmes, targets, bounds, setting)


def targets_for(
    candidate: CandidateProfile,
    vacancies: Iterable[VacancyProfile],
    bounds: Bounds,
    setting: Setting,
) -> list[Target]:
    """Every vacancy that could open, in the order of its reference."""
    targets = []
    for vacancy in sorted(vacancies, key=lambda v: v.reference):
        conditions = open_conditions(candidate, vacancy, setting)
        if conditions is None:
            continue
        earliest = max(bounds.from_on, vacancy.start_on or bounds.from_on)
        latest = vacancy.latest_start or bounds.until
        targets.append(Target(vacancy.reference, conditions, earliest, latest))
    return targets


def plan_for(
    candidate: CandidateProfile,
    vacancies: Sequence[VacancyProfile],
    pathways: Pathways,
    commitments: tuple[Commitment, ...] = (),
) -> Plan:
    """The plan that opens the best place soonest: weeks, then steps, then seats, then fit.

    Without one within the horizon: the way towards the lane, if any, and a date to look again.
    """
    setting = pathways.setting
    candidate = current(candidate, setting)
    found = openings(candidate, vacancies, pathways, commitments)
    days = setting.rules.lanes.review_days
    if not found:
        steps = towards_profile(candidate, pathways)
        return Plan(
            candidate=candidate,
            vacancy=None,
            weeks=None,
            place_on=None,
            steps=(*steps, *alongside_steps(candidate, pathways)),
            review_on=setting.on
            + timedelta(days=days[Lane.PRE_PLACEMENT if steps else Lane.OTHER_ROUTE]),
        )
    by_reference = {vacancy.reference: vacancy for vacancy in vacancies}
    best = soonest(candidate, found, by_reference, setting)
    vacancy = by_reference[best.target.key]
    before = hours_before(candidate, best.steps, setting.rules.trajectory.stepped_start_weeks)
    return Plan(
        candidate=candidate,
        vacancy=vacancy,
        weeks=weeks_until(setting.on, best.place_on),
        place_on=best.place_on,
        steps=(
            *plan_steps(candidate, best.steps, vacancies, pathways),
            *alongside_steps(candidate, pathways),
        ),
        review_on=setting.on
        + timedelta(days=days[Lane.PRE_PLACEMENT if best.steps else Lane.READY_NOW]),
        stepped_start=stepped_start(candidate, vacancy, best.place_on, before, setting),
        reasons_needed=reasons_for_place(candidate, vacancy, best.steps, before, setting),
    )


def soonest(
    candidate: CandidateProfile,
    found: dict[str, Opening],
    vacancies: dict[str, VacancyProfile],
    setting: Setting,
) -> Opening:
    """The best of the openings; among equals the best fit at that moment, then the reference."""
    first = min(opening.order[:3] for opening in found.values())
    equal = [opening for opening in found.values() if opening.order[:3] == first]

    def key(opening: Opening) -> tuple[int, str]:
        state = State(candidate).after(step.programme for step in opening.steps)
        vacancy = vacancies[opening.target.key]
        return -assess_pair(state.candidate, vacancy, setting).fit, vacancy.reference

    return min(equal, key=key)


def weeks_until(on: date, day: date) -> int:
    """Whole weeks from `on` to `day`, rounded up."""
    return -((on - day).days // DAYS_A_WEEK)


def plan_steps(
    candidate: CandidateProfile,
    steps: Sequence[Step],
    vacancies: Sequence[VacancyProfile],
    pathways: Pathways,
) -> tuple[PlanStep, ...]:
    """The steps in order, each with the vacancies that open once it and those before are done."""
    setting = pathways.setting
    limit = setting.rules.trajectory.hours_step_maximum
    in_order = sorted(steps, key=lambda s: (s.ready_on, s.starts_on, s.programme.reference))
    opened = feasible_references(State(candidate), vacancies, setting)
    unlocked: dict[str, tuple[str, ...]] = {}
    for count, step in enumerate(in_order, start=1):
        state = State(candidate).after(s.programme for s in in_order[:count])
        now = feasible_references(state, vacancies, setting, step.ready_on)
        unlocked[step.programme.reference] = tuple(sorted(now - opened))
        opened |= now
    planned = []
    hours = candidate.current_hours
    for step in sorted(steps, key=lambda s: (s.starts_on, s.programme.reference)):
        beside = sum(
            s.programme.hours_a_week for s in steps if s.starts_on <= step.starts_on < s.ready_on
        )
        big = hours is not None and beside - hours > limit
        planned.append(
            PlanStep(
                step.programme,
                step.starts_on,
                step.ends_on,
                unlocked[step.programme.reference],
                reasons_needed=("hours_step",) if big else (),
            )
        )
        hours = beside
    return tuple(planned)


def feasible_references(
    state: State, vacancies: Iterable[VacancyProfile], setting: Setting, by: date | None = None
) -> set[str]:
    """Vacancies open to `state`, and still to be started on `by`."""
    return {
        vacancy.reference
        for vacancy in vacancies
        if (conditions := open_conditions(state.candidate, vacancy, setting)) is not None
        and all(condition.is_met(state, setting) for condition in conditions)
        and (by is None or vacancy.latest_start is None or vacancy.latest_start >= by)
    }


def alongside_steps(candidate: CandidateProfile, pathways: Pathways) -> tuple[PlanStep, ...]:
    """Money support at its first start: before the first pay day, beside everything else (P-3)."""
    on = pathways.setting.on
    until = on + timedelta(weeks=pathways.setting.rules.trajectory.horizon_weeks)
    steps = []
    for programme in pathways.money_support(candidate):
        for starts_on in start_days(programme, on, until)[:1]:
            step = Step(programme, starts_on)
            steps.append(PlanStep(programme, starts_on, step.ends_on, (), alongside=True))
    return tuple(steps)


def towards_profile(candidate: CandidateProfile, pathways: Pathways) -> tuple[PlanStep, ...]:
    """When no open place can be reached: the steps towards what the work asks in general."""
    opening = pathways.towards_support(candidate, sector_to_work_on(candidate, pathways))
    return () if opening is None else plan_steps(candidate, opening.steps, (), pathways)


def hours_before(
    candidate: CandidateProfile, steps: Sequence[Step], lasting_weeks: int
) -> float | None:
    """Hours a week just before the place: what someone does now, or the last programmes if more.

    None when that is not known; a course of a few days tells nothing of a week's rhythm.
    """
    lasting = [step for step in steps if step.programme.weeks >= lasting_weeks]
    if not lasting:
        return candidate.current_hours
    last = max(step.ready_on for step in lasting)
    hours = sum(step.programme.hours_a_week for step in lasting if step.ready_on == last)
    return max(hours, candidate.current_hours or 0)


def stepped_start(
    candidate: CandidateProfile,
    vacancy: VacancyProfile,
    place_on: date,
    before: float | None,
    setting: Setting,
) -> tuple[SteppedStart, ...]:
    """A start in steps (16, 24, 32 hours) when the jump is big and the vacancy allows it."""
    rules = setting.rules.trajectory
    ends = [hours for hours in (candidate.hours_max, vacancy.hours_max) if hours is not None]
    if before is None or not ends or min(ends) - before <= rules.hours_step_maximum:
        return ()
    full = min(ends)
    floor = max(vacancy.hours_min or 0, candidate.hours_min or 0)
    first = before + rules.hours_step_maximum
    rungs = [float(h) for h in rules.stepped_start_hours if floor <= h < full]
    if not rungs or rungs[0] > first:
        return ()
    every = timedelta(weeks=rules.stepped_start_weeks)
    return tuple(
        SteppedStart(place_on + index * every, hours) for index, hours in enumerate([*rungs, full])
    )


def reasons_for_place(
    candidate: CandidateProfile,
    vacancy: VacancyProfile,
    steps: Sequence[Step],
    before: float | None,
    setting: Setting,
) -> tuple[str, ...]:
    """What makes the place a big step, for which a person gives a reason (practice section 3)."""
    rules = setting.rules.trajectory
    after = State(candidate).after(step.programme for step in steps).candidate
    asked = [hours for hours in (vacancy.hours_min, candidate.hours_min) if hours is not None]
    found = []
    if before is not None and asked and max(asked) - before > rules.hours_step_maximum:
        found.append("hours_step")
    short = sum(steps_short(after, vacancy, name) == 1 for name in NEED_LEVELS)
    if short + len(load_gaps(after, vacancy).known) > rules.new_demands_maximum:
        found.append("new_demands")
    return tuple(found)


def what_if(
    candidate: CandidateProfile,
    programmes: Sequence[Programme],
    vacancies: Sequence[VacancyProfile],
    pathways: Pathways,
    commitments: tuple[Commitment, ...] = (),
) -> WhatIf:
    """What opens when all of `programmes` are followed, each as early as it can; nothing is kept.

    A vacancy counts when it is closed now and can still be started once they are done.
    """
    setting = pathways.setting
    candidate = current(candidate, setting)
    bounds = pathways.bounds(candidate, commitments)
    work = [programme for programme in programmes if not programme.is_money_support]
    steps = schedule_all(State(candidate), work, bounds, setting)
    beside = [
        Step(programme, starts_on)
        for programme in programmes
        if programme.is_money_support
        for starts_on in start_days(programme, setting.on, bounds.until)[:1]
    ]
    placed = {step.programme.reference for step in (*steps, *beside)}
    ready_on = max((step.ready_on for step in steps), default=bounds.from_on)
    state = State(candidate).after(step.programme for step in steps)
    opens = feasible_references(state, vacancies, setting, ready_on)
    opens -= feasible_references(State(candidate), vacancies, setting)
    return WhatIf(
        steps=tuple(sorted((*steps, *beside), key=lambda s: (s.starts_on, s.programme.reference))),
        ready_on=ready_on,
        weeks=weeks_until(setting.on, ready_on),
        opens=tuple(sorted(opens)),
        left_out=tuple(p for p in programmes if p.reference not in placed),
        after=State(candidate).after(s.programme for s in (*steps, *beside)).candidate,
    )
