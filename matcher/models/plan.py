"""Kept plans."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.advice import ADVICE, Advice
from matcher.models.base import CODE, Base, Retention


class Plan(Advice, Base):
    """The trajectory of one candidate on one day."""

    __tablename__ = "plan"
    __table_args__ = (
        Index("ix_plan_candidate", "candidate_id", "id"),
        Index("ix_plan_input", "candidate_id", "input_hash"),
    )
    retention = Retention.ADVICE

    outcome: Mapped[str] = mapped_column(CODE, info=ADVICE)
    review_on: Mapped[date | None] = mapped_column(info=ADVICE)
