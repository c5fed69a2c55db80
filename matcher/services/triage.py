"""The lane that a person decides on, for one or for many, and taking it back within minutes.

Accepting and departing cost the same: one reason, a day to look again; text only for another
route and for changing a colleague's decision. Who was first stands: whoever decides on what
somebody else decided meanwhile is told so, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.domain.vocabulary import Lane
from matcher.models import DecisionUndo
from matcher.models.states import DecisionReason, DecisionSubject
from matcher.reference.queue import load_queue_terms
from matcher.repositories import candidates, queue
from matcher.repositories import decisions as rows
from matcher.repositories.records import DecisionRecord
from matcher.services import blind, caseload_changes, elsewhere
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.caseload import answered_since_advice
from matcher.services.checks import refuse
from matcher.services.choices import choice
from matcher.services.decisions import record_decision
from matcher.services.transactions import unit_of_work

TRIAGERS = (Right.TRIAGER, Right.LEAD)


@dataclass(frozen=True, slots=True)
class LaneChoice:
    """What was chosen for one person.

    `seen_decision` is the number of the decision that stood when the page was opened, 0 for none;
    `receiver` and `appointment_on` go with ``other_route``; `owner_id` is the coach who guides the
    person from now on, None leaves it as it is.
    """

    chosen: str
    reason: str
    review_on: date | None
    seen_decision: int
    assessment_id: int | None = None
    text: str | None = None
    receiver: str | None = None
    appointment_on: date | None = None
    owner_id: int | None = None


def decide_lane(
    session: Session, viewer: Viewer, candidate_id: int, wanted: LaneChoice, *, now: datetime
) -> DecisionRecord:
    """Keeps one decision with all that goes with it, or nothing.

    InvalidInput names every missing part; Stale when somebody decided meanwhile.
    """
    _check(viewer)
    with unit_of_work(session):
        row = candidates.get_row(session, viewer, candidate_id, for_update=True)
        _check_fresh(session, viewer, row.id, wanted.seen_decision)
        problems = _review_problems(wanted.review_on, now)
        try:
            record = record_decision(
                session,
                viewer,
                row.id,
                subject=DecisionSubject.LANE,
                chosen=wanted.chosen,
                reason=wanted.reason,
                text=wanted.text,
                assessment_id=wanted.assessment_id,
                review_on=wanted.review_on,
                receiver=wanted.receiver,
                appointment_on=wanted.appointment_on,
                now=now,
            )
        except InvalidInput as error:
            raise InvalidInput([*problems, *error.problems]) from error
        refuse(problems)
        if wanted.owner_id is not None and wanted.owner_id != row.owner_account_id:
            caseload_changes.give_one(session, viewer, row, wanted.owner_id, now=now)
        return record


@dataclass(frozen=True, slots=True)
class Ticked:
    """One box of a bulk page: the person, and what the page showed of them."""

    candidate_id: int
    seen_decision: int
    assessment_id: int


@dataclass(frozen=True, slots=True)
class TogetherLine:
    """One person of a bulk page: what ticking the box stands for, and the advice as kept."""

    ticked: Ticked
    reference: str
    first_name: str | None
    waiting_since: date | None
    result: Mapping[str, Any]


def list_together(
    session: Session,
    viewer: Viewer,
    lane: str,
    *,
    on: date,
    one_in: int | None = 0,
) -> list[TogetherLine]:
    """Whom a bulk page shows: nobody decided yet, the advice is of their present answers.

    Longest waiting first, as many as may be decided together. Left out is who is paused, who wants
    advice by a person, and on whom ``blind.asks_first`` (by `one_in`) asks for an own choice.
    """
    _check(viewer)
    chosen = choice(Lane, "lane", lane)
    most = load_queue_terms(on).people_together
    found: list[TogetherLine] = []
    for row, assessment in queue.undecided(session, viewer, chosen, on=on, limit=2 * most):
        if answered_since_advice(row, assessment) or len(found) == most:
            continue
        if blind.asks_first(session, viewer, assessment.id, on=on, one_in=one_in):
            continue
        found.append(
            TogetherLine(
                Ticked(row.id, 0, assessment.id),
                row.reference,
                row.first_name,
                row.waiting_since,
                assessment.result,
            )
        )
    note_list(
        session, viewer, "talent_centre", query={"view": "together", "lane": lane}, count=len(found)
    )
    return found


def decide_together(
    session: Session,
    viewer: Viewer,
    ticked: Sequence[Ticked],
    *,
    lane: str,
    reason: str,
    review_on: date | None,
    now: datetime,
) -> list[DecisionRecord]:
    """The same lane for each person that was ticked, all of them or none.

    At most as many as the terms say, and only those for whom that lane is suggested: departing is
    done one by one, and so is ``other_route``. Stale names nobody; the page shows the list anew.
    """
    _check(viewer)
    terms = load_queue_terms(day_of(now))
    chosen = choice(Lane, "lane", lane)
    choice(DecisionReason, "reason", reason)
    problems = _review_problems(review_on, now)
    if not ticked:
        problems.append(Problem("who", "names nobody; tick at least one person"))
    if len(ticked) > terms.people_together:
        problems.append(Problem("who", f"names more than {terms.people_together} people"))
    if len({each.candidate_id for each in ticked}) != len(ticked):
        problems.append(Problem("who", "names somebody twice"))
    if chosen in (Lane.OTHER_ROUTE, Lane.NOT_ENOUGH_KNOWN):
        problems.append(Problem("lane", "is decided one by one"))
    refuse(problems)
    with unit_of_work(session):
        made = []
        for each in sorted(ticked, key=lambda one: one.candidate_id):
            record = decide_lane(
                session,
                viewer,
                each.candidate_id,
                LaneChoice(
                    chosen=chosen,
                    reason=reason,
                    review_on=review_on,
                    seen_decision=each.seen_decision,
                    assessment_id=each.assessment_id,
                ),
                now=now,
            )
            if not record.accepted:
                raise Stale("advice", each.assessment_id)
            made.append(record)
        return made


def undo(
    session: Session, viewer: Viewer, decision_ids: Sequence[int], *, now: datetime
) -> list[int]:
    """Takes own decisions back, all or none; returns whom they were about.

    Forbidden for a colleague's, NotFound for one out of reach or taken back before; Conflict once
    the time is over or somebody decided again. A hand-over elsewhere that came with it ends,
    and who guided the person before does so again.
    """
    _check(viewer)
    within = load_queue_terms(day_of(now)).undo_within
    with unit_of_work(session):
        people = []
        for number in dict.fromkeys(decision_ids):
            decision = rows.find(session, viewer, number)
            if decision is None:
                raise NotFound("decision")
            row = candidates.get_row(session, viewer, decision.candidate_id, for_update=True)
            if decision.decided_by != viewer.account_id:
                raise Forbidden("only who decided takes it back")
            if now - decision.decided_at > within:
                raise Conflict("the time to take this back is over; decide again instead")
            latest = rows.latest(session, viewer, decision.candidate_id, decision.subject)
            if latest is None or latest.id != decision.id:
                raise Conflict("somebody decided again since")
            if decision.subject is DecisionSubject.LANE:
                elsewhere.end_standing(session, viewer, decision.candidate_id, now=now)
                caseload_changes.take_back(
                    session, viewer, row, decided_at=decision.decided_at, now=now
                )
            session.add(
                DecisionUndo(
                    region=decision.region,
                    candidate_id=decision.candidate_id,
                    decision_id=decision.id,
                    undone_at=now,
                )
            )
            people.append(decision.candidate_id)
        try:
            session.flush()
        except IntegrityError as error:
            raise NotFound("decision") from error
        return people


def may_undo(viewer: Viewer, decision: DecisionRecord, *, now: datetime) -> bool:
    """Whether `viewer` can still take a decision back."""
    within = load_queue_terms(day_of(now)).undo_within
    return (
        decision.undone_at is None
        and decision.decided_by is not None
        and decision.decided_by == viewer.account_id
        and now - decision.decided_at <= within
    )


def _check(viewer: Viewer) -> None:
    if not viewer.has(*TRIAGERS):
        raise Forbidden("only a triager or a team lead decides here")


def _check_fresh(session: Session, viewer: Viewer, candidate_id: int, seen: int) -> None:
    latest = rows.latest(session, viewer, candidate_id, DecisionSubject.LANE)
    current = 0 if latest is None else latest.id
    if current != seen:
        raise Stale("decision", current)


def _review_problems(review_on: date | None, now: datetime) -> list[Problem]:
    today = day_of(now)
    last = today + load_queue_terms(today).review_within
    if review_on is not None and today < review_on <= last:
        return []
    return [Problem("review_on", f"must lie after today, by {last} at last")]
