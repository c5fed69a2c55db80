"""How files ended, counted: all that is left of them in figures once they are erased."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.vocabulary import Lane
from matcher.models.base import (
    REGION,
    Base,
    Identified,
    Purpose,
    Retention,
    about,
    between,
    by_value,
)
from matcher.models.states import ClosingCode

_INFO = about(Purpose.ACCOUNTABILITY, Retention.REFERENCE)


class OutcomeCount(Identified, Base):
    """Files of one region closed in one month with one code and last lane: five or more.

    Fewer would tell of somebody, so they are not counted at all. `lane` None is without advice.
    """

    __tablename__ = "outcome_count"
    __table_args__ = (
        UniqueConstraint("region", "month", "closed_code", "lane"),
        between("people", 5, 1_000_000),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    month: Mapped[date] = mapped_column(info=_INFO)
    """Its first day."""
    closed_code: Mapped[ClosingCode] = mapped_column(by_value(ClosingCode), info=_INFO)
    lane: Mapped[Lane | None] = mapped_column(by_value(Lane), info=_INFO)
    people: Mapped[int] = mapped_column(Integer, info=_INFO)
