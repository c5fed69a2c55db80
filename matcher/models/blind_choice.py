"""One advice in twenty: a person gives a lane first and sees ours after."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.vocabulary import Lane
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
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.DECISION, DataClass.PERSONAL)


class BlindChoice(Scoped, Identified, Base):
    """What a person chose before seeing the advice; by whom is not kept (no staff statistics)."""

    __tablename__ = "blind_choice"
    __table_args__ = (Index("ix_blind_choice_region_at", "region", "at"),)
    retention = Retention.DECISION

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id", ondelete="CASCADE"), unique=True, info=_INFO
    )
    chosen: Mapped[Lane] = mapped_column(by_value(Lane), info=_INFO)
    suggested: Mapped[Lane] = mapped_column(by_value(Lane, name="suggested_lane"), info=_INFO)
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
