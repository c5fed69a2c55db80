"""Money for seats, set apart by a fund or a municipality, also from one sector to another."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    CODE,
    REGION,
    Base,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
)
from matcher.models.seat import CENTS_MAXIMUM

_INFO = about(Purpose.PROGRAMME, Retention.REFERENCE)


class FundingLine(Scoped, Versioned, Base):
    """A budget in cents; the database itself never lets more be spent than there is."""

    __tablename__ = "funding_line"
    __table_args__ = (
        UniqueConstraint("region", "name"),
        between("budget_cents", 0, CENTS_MAXIMUM),
        CheckConstraint("spent_cents >= 0 AND spent_cents <= budget_cents", name="spent_cents"),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    name: Mapped[str] = mapped_column(String(120), info=_INFO)
    source: Mapped[str] = mapped_column(CODE, info=_INFO)
    """Who pays: a code of ``funding``."""
    from_sector: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """The sector whose fund pays; None where a public body does."""
    to_sector: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """The sector that people are trained for; None for any."""
    budget_cents: Mapped[int] = mapped_column(Integer, info=_INFO)
    spent_cents: Mapped[int] = mapped_column(Integer, info=_INFO)
    """Set apart for seats, paid or not; changed by ``matcher.repositories.funding`` alone."""
    until: Mapped[date | None] = mapped_column(info=_INFO)
    """The last first day of a group that it can pay; None is without an end."""
