"""Hours that somebody spends outside this system."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Float, ForeignKey
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
    between,
)
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.GUIDANCE, Retention.CASE, DataClass.PERSONAL)


class Commitment(Scoped, Identified, Base):
    """A step of kind *elsewhere*: it takes hours until a day; what it is, is not asked."""

    __tablename__ = "commitment"
    __table_args__ = (between("hours_a_week", 0, 168),)
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    hours_a_week: Mapped[float] = mapped_column(Float, info=_INFO)
    until: Mapped[date] = mapped_column(info=_INFO)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
