"""Attempts to reach somebody: the day, whether it worked, and when next; never what was said."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    about,
)
from matcher.models.types import UtcDateTime

_CASE = about(Purpose.CONTACT, Retention.CASE, DataClass.PERSONAL)


class ContactAttempt(Scoped, Identified, Base):
    """One attempt. With `next_on` it counts as the review of that moment (practice section 1)."""

    __tablename__ = "contact_attempt"
    __table_args__ = (Index("ix_contact_attempt_candidate_id_id", "candidate_id", "id"),)
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_CASE)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_CASE
    )
    on: Mapped[date] = mapped_column(info=_CASE)
    reached: Mapped[bool] = mapped_column(info=_CASE)
    next_on: Mapped[date | None] = mapped_column(info=_CASE)
    noted_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_CASE
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_CASE)
