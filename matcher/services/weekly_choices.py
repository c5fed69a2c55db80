"""What people decide before an allocation: pairs kept together or apart, and the order of seats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.allocating import SeatOrder
from matcher.domain.decided_pairs import PairDecision
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem
from matcher.models import PairChoice, SeatOrderChoice
from matcher.models.states import DecisionReason
from matcher.repositories import candidates, vacancies, weekly
from matcher.repositories import weekly_choices as rows
from matcher.repositories.recording import note_list
from matcher.repositories.weekly_choices import OrderRecord, PairRecord
from matcher.services.checks import checked_texts, refuse
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work
from matcher.services.weekly import CENTRE

_MADE = (PairDecision.LOCKED, PairDecision.FORBIDDEN)
_TEXTS = {"why": 300}


def decide_pair(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    vacancy_id: int,
    decision: str,
    why: str,
    *,
    now: datetime,
) -> PairRecord:
    """Keeps a pair in reach together (``locked``) or apart (``forbidden``) from the next run on.

    What stood about the pair before ends. A lock places nobody: it stays a proposal.
    """
    _check(viewer)
    made = choice(PairDecision, "decision", decision)
    if made not in _MADE:
        raise InvalidInput([Problem("decision", "must be locked or forbidden")])
    reason = choice(DecisionReason, "why", why)
    try:
        with unit_of_work(session):
            person = candidates.get_row(session, viewer, candidate_id)
            vacancies.get_row(session, viewer, vacancy_id)
            earlier = rows.standing_pair(session, viewer, candidate_id, vacancy_id)
            if earlier is not None:
                _end(earlier, viewer, now)
                session.flush()
            row = PairChoice(
                region=person.region,
                candidate_id=candidate_id,
                vacancy_id=vacancy_id,
                decision=made,
                why=reason,
                decided_by=viewer.account_id,
                decided_at=now,
            )
            session.add(row)
            session.flush()
            found = rows.standing_pairs(session, viewer)
            return next(each for each in found if each.id == row.id)
    except IntegrityError as error:
        raise Conflict("somebody decided about this pair at the same moment; look again") from error


def end_pair(session: Session, viewer: Viewer, pair_id: int, *, now: datetime) -> None:
    """Lets a pair go again, from the next run on."""
    _check(viewer)
    with unit_of_work(session):
        _end(rows.pair_row(session, viewer, pair_id), viewer, now)
        session.flush()


def _end(row: PairChoice, viewer: Viewer, now: datetime) -> None:
    row.ended_by = viewer.account_id
    row.ended_at = now


def list_pairs(session: Session, viewer: Viewer) -> list[PairRecord]:
    """The pairs that are kept together or apart now, the newest first."""
    _check(viewer)
    found = rows.standing_pairs(session, viewer)
    note_list(session, viewer, PairChoice.__tablename__, count=len(found))
    return found


def own_pairs(session: Session, viewer: Viewer, candidate_id: int) -> list[PairRecord]:
    """What was decided beforehand about a person in reach, also what ended: for the own copy."""
    return rows.pairs_of(session, viewer, candidate_id)


def _check(viewer: Viewer) -> None:
    if not viewer.has(*CENTRE):
        raise Forbidden("only a triager or a team lead decides about an allocation")


# --- the order of seats ---------------------------------------------------------------------------


def present_order(session: Session, viewer: Viewer) -> OrderRecord | None:
    """What an officer decided last; None as long as seats simply go by waiting time."""
    return rows.newest_order(session, viewer)


def price_of_orders(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    """The price of the order in the newest allocation: fit not opened, days waited passed by."""
    newest = weekly.page(session, viewer, cursor=None, limit=1).items
    if not newest:
        return None
    found: Mapping[str, Any] = {**newest[0].figures["seats"], "on": newest[0].on.isoformat()}
    return found


def switch_order(
    session: Session, viewer: Viewer, order: str, why: str, *, now: datetime
) -> OrderRecord:
    """Lets seats go by another order from the next run on; only an officer does, with a reason.

    The price that the newest allocation shows is kept with it.
    """
    if not viewer.has(Right.OFFICER):
        raise Forbidden("only an officer switches how seats go")
    wanted = choice(SeatOrder, "order", order)
    texts, problems = checked_texts(_TEXTS, {"why": why}, viewer.language)
    if texts.get("why") is None and not problems:
        problems.append(Problem("why", "is required here; say in a few words why"))
    refuse(problems)
    with unit_of_work(session):
        row = SeatOrderChoice(
            region=viewer.region,
            order=wanted,
            price=price_of_orders(session, viewer),
            decided_by=viewer.account_id,
            decided_at=now,
            **texts,
        )
        session.add(row)
        session.flush()
        return OrderRecord(row.id, row.order, row.why, row.price, row.decided_by, row.decided_at)
