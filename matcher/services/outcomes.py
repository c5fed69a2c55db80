"""How somebody is 3, 6 and 12 months after a start: answered by the person, employer or coach.

Whatever each says stands; where two contradict each other a coach decides, with a reason. Without
an answer it is unknown, from a day on for good, and never a success.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem
from matcher.domain.follow_up import Asking, OutcomeSource, Settled, settle
from matcher.models import Placement, PlacementOutcome
from matcher.reference.codes import load_codes
from matcher.reference.follow_up import (
    FollowUpTerms,
    load_follow_up_terms,
    outcome_meanings,
    statuses_for,
)
from matcher.repositories import placements as rows
from matcher.repositories.placements import OutcomeRecord, PlacementRecord
from matcher.services.calendar import day_of
from matcher.services.checks import refuse
from matcher.services.placement_checks import CONTRACTS, HOURS_MAXIMUM, PlacementNotPossible
from matcher.services.placements import (
    PLACERS,
    events_of,
    own_placements,
)
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind, Stage, show

REASONS = "outcome_reasons"


class MomentState(StrEnum):
    """How far one question is."""

    LATER = "later"
    OPEN = "open"
    DIFFERS = "differs"
    """Answers contradict each other: a coach decides."""
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """One question about one placement, with what was answered as far as the viewer may see it."""

    asking: Asking
    answers: tuple[OutcomeRecord, ...]
    settled: Settled
    state: MomentState

    @property
    def months(self) -> int:
        """How many months after the start."""
        return self.asking.months

    def said_by(self, source: OutcomeSource) -> OutcomeRecord | None:
        """What a source answered."""
        return next((one for one in self.answers if one.source is source), None)


def moments_of(
    session: Session, viewer: Viewer, placements: Sequence[PlacementRecord], *, on: date
) -> dict[int, tuple[Moment, ...]]:
    """Every question about placements in reach, by placement, in their order."""
    said = rows.outcomes_of(session, viewer, [one.id for one in placements])
    terms = load_follow_up_terms(on)
    return {one.id: moments(one.starts_on, said.get(one.id, ()), terms, on) for one in placements}


def moments(
    starts_on: date, answers: Iterable[OutcomeRecord], terms: FollowUpTerms, on: date
) -> tuple[Moment, ...]:
    """The questions about a start, with their answers."""
    kept = list(answers)
    meanings = outcome_meanings()
    found = []
    for asking in terms.askings(starts_on):
        of_it = tuple(one for one in kept if one.months == asking.months)
        settled = settle({one.source: one.status for one in of_it}, meanings)
        found.append(Moment(asking, of_it, settled, _state(asking, settled, on)))
    return tuple(found)


def _state(asking: Asking, settled: Settled, on: date) -> MomentState:
    if settled.differs:
        return MomentState.DIFFERS
    if settled.works is not None:
        return MomentState.KNOWN
    if on < asking.opens_on:
        return MomentState.LATER
    is_asked = settled.status is None and asking.is_open(on)
    return MomentState.OPEN if is_asked else MomentState.UNKNOWN


def source_of(viewer: Viewer) -> OutcomeSource:
    """As whom somebody answers; Forbidden for who answers nothing."""
    if viewer.has(*PLACERS):
        return OutcomeSource.COACH
    if viewer.has(Right.CONTRACTOR):
        return OutcomeSource.EMPLOYER
    if viewer.has(Right.CANDIDATE):
        return OutcomeSource.CANDIDATE
    raise Forbidden("only the candidate, the employer and who guides people answer this")


def answer(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    months: int,
    status: str,
    *,
    hours_a_week: float | None = None,
    contract: str | None = None,
    now: datetime,
) -> OutcomeRecord:
    """Keeps what the viewer says about a moment; saying it again changes the own answer.

    Candidate and employer answer while the question is open; a coach also later.
    """
    source = source_of(viewer)
    with unit_of_work(session):
        row = rows.locked(session, viewer, placement_id)
        asking = _asking(row, months, source, now)
        return _keep(
            session, viewer, row, asking, source, status, hours_a_week, contract, None, now
        )


def decide(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    months: int,
    status: str,
    *,
    reason: str,
    now: datetime,
) -> OutcomeRecord:
    """A coach says what it is where answers contradict each other; both stay as they are."""
    if not viewer.has(*PLACERS):
        raise Forbidden("only who guides people decides between answers")
    with unit_of_work(session):
        row = rows.locked(session, viewer, placement_id)
        asking = _asking(row, months, OutcomeSource.DECIDED, now)
        known = load_codes().list(REASONS).codes
        if reason not in known:
            raise InvalidInput([Problem("reason", f"must be one of {', '.join(known)}")])
        said = rows.outcomes_of(session, viewer, [row.id]).get(row.id, [])
        given = {one.source: one.status for one in said if one.months == months}
        given.pop(OutcomeSource.DECIDED, None)
        if not settle(given, outcome_meanings()).differs:
            raise Conflict("the answers do not contradict each other")
        source = OutcomeSource.DECIDED
        return _keep(session, viewer, row, asking, source, status, None, None, reason, now)


def shown(record: OutcomeRecord, viewer: Viewer) -> dict[str, Any]:
    """An answer as far as the viewer may see it."""
    values = {**record.as_mapping(), "answered_on": day_of(record.at)}
    return show(Kind.PLACEMENT_OUTCOME, values, viewer.rights, Stage.OWN)


def own_copy(session: Session, viewer: Viewer, *, on: date) -> list[dict[str, Any]]:
    """The placements of the viewer, a candidate, with all that was noted and answered."""
    found = own_placements(session, viewer)
    said, steps = moments_of(session, viewer, found, on=on), events_of(session, viewer, found)
    return [
        {
            **show(Kind.PLACEMENT, one.as_mapping(), viewer.rights),
            "steps": [
                show(Kind.PLACEMENT_EVENT, step.as_mapping(), viewer.rights)
                for step in steps.get(one.id, ())
            ],
            "answers": [shown(item, viewer) for moment in said[one.id] for item in moment.answers],
        }
        for one in found
    ]


def _asking(row: Placement, months: int, source: OutcomeSource, now: datetime) -> Asking:
    on = day_of(now)
    asked = {one.months: one for one in load_follow_up_terms(on).askings(row.starts_on)}
    if months not in asked:
        words = ", ".join(map(str, asked))
        raise InvalidInput([Problem("months", f"must be one of {words}")])
    asking = asked[months]
    by_staff = source in (OutcomeSource.COACH, OutcomeSource.DECIDED)
    if on < asking.opens_on or not (by_staff or asking.is_open(on)):
        raise PlacementNotPossible("over")
    return asking


def _keep(
    session: Session,
    viewer: Viewer,
    row: Placement,
    asking: Asking,
    source: OutcomeSource,
    status: str,
    hours_a_week: float | None,
    contract: str | None,
    reason: str | None,
    now: datetime,
) -> OutcomeRecord:
    allowed = statuses_for(source.value)
    problems = []
    if status not in allowed:
        problems.append(Problem("status", f"must be one of {', '.join(allowed)}"))
    if hours_a_week is not None and not 0 < hours_a_week <= HOURS_MAXIMUM:
        problems.append(Problem("hours_a_week", f"must be over 0, at most {HOURS_MAXIMUM}"))
    if contract is not None and contract not in load_codes().list(CONTRACTS).codes:
        problems.append(Problem("contract", f"is not a known code of {CONTRACTS}"))
    refuse(problems)
    values = {
        "status": status,
        "hours_a_week": hours_a_week,
        "contract": contract,
        "reason": reason,
        "account_id": viewer.account_id,
        "at": now,
    }
    earlier = rows.find_outcome(session, viewer, row.id, asking.months, source)
    if earlier is None:
        session.add(
            PlacementOutcome(
                region=row.region,
                candidate_id=row.candidate_id,
                placement_id=row.id,
                months=asking.months,
                source=source,
                **values,
            )
        )
    else:
        for name, value in values.items():
            setattr(earlier, name, value)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("somebody else answered this just now") from error
    kept = rows.outcomes_of(session, viewer, [row.id])[row.id]
    return next(one for one in kept if (one.months, one.source) == (asking.months, source))
