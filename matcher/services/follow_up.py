"""What is to do about people at work, and about days that were missed: each with whose it is.

Tasks are computed from placements, the days of programmes and the terms; nothing is kept of one
but what was done. So none is forgotten, and none stays once it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.domain.follow_up_tasks import (
    ORDER,
    Noted,
    Plan,
    TaskKind,
    planned,
    signal_of,
    signal_of_days,
    still_open,
)
from matcher.models.states import PlacementState
from matcher.reference.codes import load_codes
from matcher.reference.follow_up import FollowUpTerms, load_follow_up_terms
from matcher.reference.placements import load_placement_terms
from matcher.repositories import follow_up as rows
from matcher.repositories import placements as placement_rows
from matcher.repositories.placements import EventRecord, PlacementRecord
from matcher.services.audit import note_list
from matcher.services.outcomes import Moment, MomentState, moments_of
from matcher.services.placements import CONTACTS, DID_NOT_COME, NOT_REACHED, PLACERS, RESULTS

SHOWN = 200
_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; `placement_id` None for days in a programme, `owner` an account or nobody.

    `months` for a question, `step` for a moment of contact.
    """

    kind: TaskKind
    due_on: date
    candidate_id: int
    reference: str
    first_name: str | None
    owner_account_id: int | None
    placement_id: int | None = None
    months: int | None = None
    step: str | None = None


def own_tasks(session: Session, viewer: Viewer, *, on: date, limit: int = SHOWN) -> list[Task]:
    """What is to do for the viewer's own people, and those stood in for, the most pressing first.

    One task a person.
    """
    return _one_each(_tasks(session, viewer, on, own=True))[:limit]


def region_tasks(session: Session, viewer: Viewer, *, on: date) -> list[Task]:
    """What is to do for everybody in reach, the most pressing first; one task a person."""
    if not viewer.has(*PLACERS):
        raise Forbidden("only a coach, a triager or a team lead sees this")
    found = _one_each(_tasks(session, viewer, on, own=not viewer.has(Right.LEAD, Right.TRIAGER)))
    note_list(session, viewer, "follow_up", count=len(found[:SHOWN]))
    return found[:SHOWN]


def coming_tasks(session: Session, viewer: Viewer, *, on: date, until: date) -> list[Task]:
    """What will be to do for the viewer's own people, by day: for an agenda."""
    terms = load_follow_up_terms(on)
    found = []
    for one, moments, events in _followed(session, viewer, on, terms, own=True):
        plans = still_open(_plans(one, moments, terms), _noted(events))
        found += [_task(one, plan.kind, plan.due_on, step=plan.step) for plan in plans]
        found += [
            _task(one, TaskKind.OUTCOME, moment.asking.due_on, months=moment.months)
            for moment in moments
            if moment.state in (MomentState.LATER, MomentState.OPEN)
        ]
    ahead = [task for task in found if on <= task.due_on <= until]
    return sorted(ahead, key=lambda task: (task.due_on, ORDER.index(task.kind), task.candidate_id))


def _one_each(found: list[Task]) -> list[Task]:
    """The most pressing task of each person, in order."""
    ordered = sorted(found, key=lambda t: (ORDER.index(t.kind), t.due_on, t.candidate_id))
    first: dict[int, Task] = {}
    for task in ordered:
        first.setdefault(task.candidate_id, task)
    return list(first.values())


def _tasks(session: Session, viewer: Viewer, on: date, *, own: bool) -> list[Task]:
    terms = load_follow_up_terms(on)
    found = []
    for one, moments, events in _followed(session, viewer, on, terms, own=own):
        found += _of_placement(one, moments, events, terms, on)
    return found + _of_days(session, viewer, terms, on, own=own)


def _followed(
    session: Session, viewer: Viewer, on: date, terms: FollowUpTerms, *, own: bool
) -> list[tuple[PlacementRecord, tuple[Moment, ...], Sequence[EventRecord]]]:
    since = on - _YEAR - terms.unknown_after
    found = placement_rows.followed(session, viewer, since=since, own=own)
    moments = moments_of(session, viewer, found, on=on)
    events = placement_rows.events_of(session, viewer, [one.id for one in found])
    return [(one, moments[one.id], events.get(one.id, ())) for one in found]


def _of_placement(
    one: PlacementRecord,
    moments: tuple[Moment, ...],
    events: Sequence[EventRecord],
    terms: FollowUpTerms,
    on: date,
) -> list[Task]:
    found = [
        _task(one, kind, moment.asking.due_on, months=moment.months)
        for moment in moments
        for kind in (_ASKED.get(moment.state),)
        if kind is not None
    ]
    if one.state is PlacementState.ENDED:
        return found
    noted = _noted(events)
    plans = still_open(_plans(one, moments, terms), noted)
    signal = signal_of(plans, noted, on=on, late_after=terms.late_after)
    if signal is not None:
        since = noted[-1].on if noted else one.starts_on
        found.append(_task(one, signal, since))
    found += [
        _task(one, plan.kind, plan.due_on, step=plan.step) for plan in plans if plan.is_asked(on)
    ]
    return [*found, *_of_trial(one, on)]


def _of_trial(one: PlacementRecord, on: date) -> list[Task]:
    """What comes after a trial is agreed before its last day."""
    if one.state is not PlacementState.TRIAL or one.trial_until is None:
        return []
    asked_on = one.trial_until - load_placement_terms(on).trial_asked_ahead
    return [_task(one, TaskKind.TRIAL_ENDS, one.trial_until)] if asked_on <= on else []


_ASKED = {MomentState.OPEN: TaskKind.OUTCOME, MomentState.DIFFERS: TaskKind.DIFFERS}


def _plans(
    one: PlacementRecord, moments: tuple[Moment, ...], terms: FollowUpTerms
) -> tuple[Plan, ...]:
    if one.state is PlacementState.ENDED:
        return ()
    found = planned(
        one.starts_on,
        one.first_pay_on,
        first_week=terms.first_week,
        first_month=terms.first_month,
        ahead=terms.asked_ahead,
        before_pay=terms.before_pay,
        until=moments[0].asking.opens_on,
    )
    begun = one.state is PlacementState.ACTIVE
    return tuple(plan for plan in found if not (begun and plan.kind is TaskKind.FIRST_DAY))


def _noted(events: Sequence[EventRecord]) -> list[Noted]:
    codes = load_codes().list(RESULTS).codes
    return [
        Noted(
            step=one.step,
            on=one.on,
            signals=codes[result].attributes["signal"] == "yes",
            did_not_come=result == DID_NOT_COME,
        )
        for one in events
        for result in (one.result or NOT_REACHED,)
        if one.step in CONTACTS and result != NOT_REACHED
    ]


def _of_days(
    session: Session, viewer: Viewer, terms: FollowUpTerms, on: date, *, own: bool
) -> list[Task]:
    """What days in a programme signal."""
    since = on - terms.missed_within + _DAY
    found = []
    for person in rows.missed_days(session, viewer, since=since, until=on, own=own):
        signal = signal_of_days(
            person.missed,
            person.talked_on,
            on=on,
            most=terms.missed,
            within=terms.missed_within,
            news=terms.news,
        )
        if signal is not None:
            found.append(
                Task(
                    *signal,
                    candidate_id=person.candidate_id,
                    reference=person.reference,
                    first_name=person.first_name,
                    owner_account_id=person.owner_account_id,
                )
            )
    return found


def _task(
    one: PlacementRecord,
    kind: TaskKind,
    due_on: date,
    *,
    months: int | None = None,
    step: str | None = None,
) -> Task:
    return Task(
        kind=kind,
        due_on=due_on,
        candidate_id=one.candidate_id,
        reference=one.reference,
        first_name=one.first_name,
        owner_account_id=one.owner_account_id,
        placement_id=one.id,
        months=months,
        step=step,
    )
