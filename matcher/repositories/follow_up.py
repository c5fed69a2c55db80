"""Days that were missed lately, with whether anybody talked with the person since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.attendance import Mark
from matcher.models import Attendance, Candidate, ContactAttempt
from matcher.models.states import CandidateStatus
from matcher.repositories.placements import on_own_caseload
from matcher.repositories.scope import scoped


@dataclass(frozen=True, slots=True)
class MissedDays:
    """Somebody who missed days; `talked_on` is the last day somebody reached them."""

    candidate_id: int
    reference: str
    first_name: str | None
    owner_account_id: int | None
    missed: tuple[date, ...]
    talked_on: date | None


def missed_days(
    session: Session, viewer: Viewer, *, since: date, until: date, own: bool
) -> list[MissedDays]:
    """Everybody in reach who missed a day of those; `own` on the own caseload."""
    statement = (
        select(
            Candidate.id,
            Candidate.reference,
            Candidate.first_name,
            Candidate.owner_account_id,
            Attendance.on,
        )
        .join(Attendance, Attendance.candidate_id == Candidate.id)
        .where(
            Attendance.mark == Mark.MISSED,
            Attendance.on >= since,
            Attendance.on <= until,
            Candidate.status == CandidateStatus.ACTIVE,
        )
        .order_by(Candidate.id, Attendance.on)
    )
    if own:
        statement = statement.where(on_own_caseload(viewer))
    people: dict[int, tuple[Any, list[date]]] = {}
    for row in session.execute(scoped(statement, viewer, Candidate, Attendance)):
        people.setdefault(row.id, (row, []))[1].append(row.on)
    talked = _talked_on(session, viewer, since) if people else {}
    return [
        MissedDays(
            candidate_id=person.id,
            reference=person.reference,
            first_name=person.first_name,
            owner_account_id=person.owner_account_id,
            missed=tuple(days),
            talked_on=talked.get(person.id),
        )
        for person, days in people.values()
    ]


def _talked_on(session: Session, viewer: Viewer, since: date) -> dict[int, date]:
    """The last day since then on which somebody in reach was spoken to, by number."""
    statement = (
        select(ContactAttempt.candidate_id, func.max(ContactAttempt.on))
        .where(ContactAttempt.reached.is_(True), ContactAttempt.on >= since)
        .group_by(ContactAttempt.candidate_id)
    )
    return {row[0]: row[1] for row in session.execute(scoped(statement, viewer, ContactAttempt))}
