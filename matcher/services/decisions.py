"""What a person decided after a suggestion: accepting and departing cost the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound, Problem
from matcher.domain.vocabulary import Lane
from matcher.models import Decision
from matcher.models.states import DecisionReason, DecisionSubject
from matcher.repositories import advice, candidates
from matcher.repositories import decisions as rows
from matcher.repositories.records import DecisionRecord
from matcher.services import elsewhere
from matcher.services.checks import checked_texts, refuse
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

FACTS_MAXIMUM = 40
NOT_PROPOSED = "not_proposed"
"""Chosen in the place of a suggested place or programme that is not proposed."""
_FACT = re.compile(r"[a-z][a-z_]{0,39}")
_TEXTS = {"text": 500, "chosen": 120, "suggested": 120}


def record_decision(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    subject: str,
    chosen: str,
    reason: str,
    suggested: str | None = None,
    text: str | None = None,
    facts_checked: Sequence[str] = (),
    assessment_id: int | None = None,
    review_on: date | None = None,
    receiver: str | None = None,
    appointment_on: date | None = None,
    now: datetime,
) -> DecisionRecord:
    """Keeps who decided what on which suggestion; it is never changed afterwards.

    `subject` is lane, place, programme or plan, `chosen` and `suggested` a lane or a reference;
    for a lane the suggestion is that of the assessment named. Text is asked for in two cases
    only: lane ``other_route``, and undoing a colleague's decision (practice.md section 1).
    That lane also asks who receives the person and on which day, and any other ends a hand-over.
    InvalidInput names every missing part.
    """
    with unit_of_work(session):
        candidate = candidates.get_row(session, viewer, candidate_id)
        if not viewer.has(Right.COACH, Right.TRIAGER, Right.LEAD):
            raise Forbidden("only a coach, a triager or a team lead decides")
        about = choice(DecisionSubject, "subject", subject)
        texts, problems = checked_texts(
            _TEXTS,
            {"text": text, "chosen": chosen, "suggested": suggested},
            viewer.language,
            names=("chosen", "suggested"),
        )
        refuse(problems + _fact_problems(facts_checked))
        if texts["chosen"] is None:
            raise InvalidInput([Problem("chosen", "is required; choose one")])
        if about is DecisionSubject.LANE:
            choice(Lane, "chosen", chosen)
        if assessment_id is not None:
            assessment = advice.find_assessment(session, viewer, assessment_id)
            if assessment is None or assessment.candidate_id != candidate.id:
                raise NotFound("assessment")
            if about is DecisionSubject.LANE:
                texts["suggested"] = assessment.lane.value
        on_the_way = about is DecisionSubject.LANE and texts["chosen"] == Lane.OTHER_ROUTE
        missing = elsewhere.problems_of(receiver, appointment_on, now=now) if on_the_way else []
        if texts["text"] is None and _needs_text(session, viewer, candidate.id, about, chosen):
            missing.append(Problem("text", "is required here; say in a few words why"))
        refuse(missing)
        row = Decision(
            **texts,
            region=candidate.region,
            candidate_id=candidate.id,
            assessment_id=assessment_id,
            subject=about,
            accepted=texts["chosen"] == texts["suggested"],
            reason=choice(DecisionReason, "reason", reason),
            facts_checked=tuple(dict.fromkeys(facts_checked)),
            decided_by=viewer.account_id,
            decided_at=now,
            review_on=review_on,
        )
        session.add(row)
        session.flush()
        if on_the_way:
            elsewhere.arrange(
                session,
                viewer,
                candidate.id,
                receiver=str(receiver),
                appointment_on=appointment_on,
                now=now,
            )
        elif about is DecisionSubject.LANE:
            elsewhere.end_standing(session, viewer, candidate.id, now=now)
        return rows.to_record(row)


def _fact_problems(facts: Sequence[str]) -> list[Problem]:
    if len(facts) > FACTS_MAXIMUM:
        return [Problem("facts_checked", f"holds more than {FACTS_MAXIMUM} facts")]
    if all(_FACT.fullmatch(fact) for fact in facts):
        return []
    return [Problem("facts_checked", "must name fields, such as rhythm or hours_max")]


def _needs_text(
    session: Session, viewer: Viewer, candidate_id: int, about: DecisionSubject, chosen: str
) -> bool:
    if about is DecisionSubject.LANE and chosen == Lane.OTHER_ROUTE:
        return True
    earlier = rows.latest(session, viewer, candidate_id, about)
    if earlier is None or earlier.decided_by == viewer.account_id:
        return False
    return earlier.chosen != chosen


def list_decisions(session: Session, viewer: Viewer, candidate_id: int) -> list[DecisionRecord]:
    """All decisions about one candidate, newest first."""
    candidates.get_row(session, viewer, candidate_id)
    undone = rows.undone_at(session, viewer, candidate_id)
    return [
        rows.to_record(row, undone.get(row.id))
        for row in rows.list_rows(session, viewer, candidate_id)
    ]


def latest_decision(
    session: Session, viewer: Viewer, candidate_id: int, subject: str
) -> DecisionRecord | None:
    """The decision that stands for `subject`, None when nobody decided yet."""
    candidates.get_row(session, viewer, candidate_id)
    about = choice(DecisionSubject, "subject", subject)
    row = rows.latest(session, viewer, candidate_id, about)
    return None if row is None else rows.to_record(row)
