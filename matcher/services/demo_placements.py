"""People at work in the demo, all invented: today's tasks, answers that differ, and a past year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.follow_up import OutcomeSource
from matcher.domain.transitions import Step
from matcher.models import (
    Arrangement,
    Candidate,
    CandidateAccount,
    Cohort,
    Placement,
    PlacementOutcome,
    Programme,
    Seat,
    Vacancy,
)
from matcher.models.states import CandidateStatus, ClosingCode, PlacementState, SeatState
from matcher.reference.follow_up import load_follow_up_terms
from matcher.repositories import placements as rows
from matcher.repositories.scope import unscoped
from matcher.services import placements, works
from matcher.services.calendar import AMSTERDAM, day_of
from matcher.services.placement_checks import NOTED
from matcher.services.transactions import unit_of_work
from matcher.services.works import Subject

_DAY = timedelta(days=1)
PAST_GROUPS = ((380, 26), (260, 24), (150, 22))
"""How many days ago a group of a past year began, and with how many people."""
_SAID = ("same_job", "same_job", "other_employer", "not_working", None, "same_job", None)
"""What is answered months later, one after another; None is no answer."""


def add_placements(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    officer: Viewer,
    people: Sequence[Candidate],
    own: Sequence[Candidate],
    on: date,
    now: datetime,
) -> int:
    """Lets some people start work: one of each task for the demo coach, and a past year."""
    with unit_of_work(session):
        placed = _of_today(session, coach, contractor, own, on, now)
        placed += _past_year(session, people, {row.id for row in own}, on, now)
        _decision_days(session, officer, on, now)
        return placed


def _of_today(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    own: Sequence[Candidate],
    on: date,
    now: datetime,
) -> int:
    place = session.scalars(
        unscoped(
            select(Vacancy).where(Vacancy.organisation_id == contractor.organisation_id), Vacancy
        )
    ).first()
    themselves = session.scalar(select(CandidateAccount.candidate_id))
    able = [row for row in own if row.status is CandidateStatus.ACTIVE and not row.paused_until]
    first = [row for row in able if row.id == themselves]
    rest = [row for row in able[::-1] if row.id != themselves]
    starts: tuple[tuple[int, bool, str | None, dict[str, str]], ...] = (
        # (days ago, at the contractor's, what was noted, who answers what)
        (92, True, "well", {}),
        (88, True, "well", {"candidate": "same_job", "employer": "not_here"}),
        (8, False, None, {}),
        (-1, False, None, {}),
        (35, True, "wants_talk", {}),
    )
    for (ago, at_firm, noted, said), person in zip(starts, [*first, *rest], strict=False):
        row = _start(session, coach, person, on - ago * _DAY, place if at_firm else None, now)
        if ago > 0 and noted:
            placements.note_contact(session, coach, row.id, "between", noted, now=now)
        elif ago > 0:
            row.state, row.first_pay_on = PlacementState.ACTIVE, on + 6 * _DAY
        for source, status in said.items():
            _answer(session, row, 3, OutcomeSource(source), status, now)
    session.flush()
    return len(starts)


def _start(
    session: Session,
    coach: Viewer,
    person: Candidate,
    starts_on: date,
    place: Vacancy | None,
    now: datetime,
) -> Placement:
    """Work after an introduction that is erased by now, or found otherwise."""
    row = Placement(
        region=person.region,
        candidate_id=person.id,
        vacancy_id=None if place is None else place.id,
        organisation_id=None if place is None else place.organisation_id,
        sector="F42" if place is None else place.sector,
        arrangement=None if place is None else place.arrangement,
        without_introduction="own_found" if place is None else None,
        state=PlacementState.AGREED,
        starts_on=starts_on,
        hours_a_week=24,
        contract="temporary",
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    right = Right.COACH
    rows.add_event(session, row, NOTED[Step.AGREE], right, coach, on=starts_on, now=now)
    return row


def _past_year(
    session: Session, people: Sequence[Candidate], own: set[int], on: date, now: datetime
) -> int:
    """Groups that ended: most finished, many were placed and their files closed, some unknown."""
    courses = session.scalars(
        unscoped(
            select(Programme)
            .where(Programme.kind.in_(("werkfit", "pre_course")))
            .order_by(Programme.reference),
            Programme,
        )
    ).all()
    name = session.scalar(unscoped(select(Arrangement.name).order_by(Arrangement.id), Arrangement))
    taken = set(session.scalars(unscoped(select(Seat.candidate_id), Seat)))
    free = iter(
        row
        for row in reversed(people)
        if row.status is CandidateStatus.ACTIVE and row.id not in own | taken
    )
    count = 0
    for course, (ago, size) in zip(courses, PAST_GROUPS, strict=False):
        starts_on = on - ago * _DAY
        group = _past_group(session, course, starts_on, size, now)
        for number in range(size):
            person = next(free, None)
            if person is None:
                return count
            count += _past_seat(session, course, group, person, number, name, on, now)
    session.flush()
    return count


def _decision_days(session: Session, officer: Viewer, on: date, now: datetime) -> None:
    """One programme was decided on half a year ago and is due again; an arrangement is to come."""
    looked = works.look_at_all(session, officer, on=on)
    of_kind = {subject: [one for one in looked if one.subject is subject] for subject in Subject}
    ago = now - timedelta(days=182)
    for one in of_kind[Subject.PROGRAMME][:1]:
        works.set_day(session, officer, one.subject, one.id, day_of(ago), now=ago)
        works.decide(
            session, officer, one.subject, one.id, "change",
            "De eerste weken waren te zwaar. We beginnen met drie dagen per week.",
            next_on=on, expected_version=1, now=ago,
        )  # fmt: skip
    for one in of_kind[Subject.ARRANGEMENT][:1]:
        works.set_day(session, officer, one.subject, one.id, on + 90 * _DAY, now=now)


def _past_group(
    session: Session, course: Programme, starts_on: date, size: int, now: datetime
) -> Cohort:
    group = Cohort(
        region=course.region,
        programme_id=course.id,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(weeks=max(1, round(course.weeks))) - _DAY,
        capacity=size,
        booked=size - size // 8,
        seat_cents=0,
        created_at=now,
        updated_at=now,
    )
    session.add(group)
    session.flush()
    return group


def _past_seat(
    session: Session,
    course: Programme,
    group: Cohort,
    person: Candidate,
    number: int,
    arrangement: str | None,
    on: date,
    now: datetime,
) -> int:
    left = number < (group.capacity or 0) // 8
    session.add(
        Seat(
            region=course.region,
            candidate_id=person.id,
            programme_id=course.id,
            cohort_id=group.id,
            state=SeatState.LEFT if left else SeatState.FINISHED,
            asked_at=datetime.combine(group.starts_on - 21 * _DAY, time(9), AMSTERDAM),
            wants_talk=False,
            closed_on=group.ends_on,
            closed_code="own_wish" if left else "finished",
            cents=0,
            created_at=now,
            updated_at=now,
        )
    )
    if left or number % 3 == 0:
        return 0
    starts_on = group.ends_on + (3 + number % 9) * _DAY
    row = Placement(
        region=course.region,
        candidate_id=person.id,
        sector="F42",
        arrangement=arrangement if number % 2 else None,
        without_introduction="own_found",
        state=PlacementState.ACTIVE,
        starts_on=starts_on,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    for step, asking in enumerate(load_follow_up_terms(on).askings(starts_on)):
        status = _SAID[(number + step) % len(_SAID)]
        if status is not None and asking.due_on <= on:
            _answer(session, row, asking.months, OutcomeSource.COACH, status, now)
    person.status, person.closed_code = CandidateStatus.CLOSED, ClosingCode.STARTED_WORK
    person.closed_on = starts_on
    return 1


def _answer(
    session: Session,
    row: Placement,
    months: int,
    source: OutcomeSource,
    status: str,
    now: datetime,
) -> None:
    session.add(
        PlacementOutcome(
            region=row.region,
            candidate_id=row.candidate_id,
            placement_id=row.id,
            months=months,
            source=source,
            status=status,
            at=now,
        )
    )
