"""Kept lists of matches."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.advice import ADVICE, Advice
from matcher.models.base import Base, Retention


class MatchList(Advice, Base):
    """All open vacancies of the region for one candidate on one day, ranked and blocked."""

    __tablename__ = "match_list"
    __table_args__ = (
        Index("ix_match_list_candidate", "candidate_id", "id"),
        Index("ix_match_list_input", "candidate_id", "input_hash"),
    )
    retention = Retention.ADVICE

    eligible: Mapped[int] = mapped_column(info=ADVICE)
    """How many pairs are not blocked."""
