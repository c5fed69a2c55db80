"""What a person decided after a suggestion."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    about,
    by_value,
)
from matcher.models.states import DecisionReason, DecisionSubject
from matcher.models.types import CodeList, UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.DECISION, DataClass.PERSONAL)


class Decision(Scoped, Identified, Base):
    """One decision beside the advice, never over it; a later one stands below it, not in it.

    The migration adds a trigger that refuses changes by any other road too.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_candidate_subject", "candidate_id", "subject", "id"),)
    retention = Retention.DECISION

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_INFO
    )
    assessment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    subject: Mapped[DecisionSubject] = mapped_column(by_value(DecisionSubject), info=_INFO)
    suggested: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    chosen: Mapped[str] = mapped_column(String(120), info=_INFO)
    accepted: Mapped[bool] = mapped_column(info=_INFO)
    reason: Mapped[DecisionReason] = mapped_column(by_value(DecisionReason), info=_INFO)
    text: Mapped[str | None] = mapped_column(String(500), info=_INFO)
    facts_checked: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="RESTRICT"), info=_INFO
    )
    """None is the operator on the command line."""
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    review_on: Mapped[date | None] = mapped_column(info=_INFO)
    """When to look again, of a decision on a lane by whoever triages."""


class DecisionUndo(Scoped, Identified, Base):
    """A decision that was taken back within minutes by whoever took it: it does not stand."""

    __tablename__ = "decision_undo"
    retention = Retention.DECISION

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decision.id", ondelete="CASCADE"), unique=True, info=_INFO
    )
    undone_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)


class DecisionIsFinalError(RuntimeError):
    """A program error: code tried to change a decision."""


@event.listens_for(Decision, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, _target: Decision) -> None:
    raise DecisionIsFinalError("a decision is never changed; record a new one")
