"""What anybody may read of the people of a region, as it was counted last."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import REGION, Base, Identified, Purpose, Retention, about, between
from matcher.models.types import JsonText

_INFO = about(Purpose.ACCOUNTABILITY, Retention.REFERENCE)


class TalentCount(Identified, Base):
    """One counting of a region, rounded and with what is too small left out.

    Only what may be shown is kept: the exact counts are forgotten as soon as they were rounded.
    `number` counts on from the counting before, so that two that begin at once give one.
    """

    __tablename__ = "talent_count"
    __table_args__ = (
        UniqueConstraint("region", "number"),
        between("number", 1, 1_000_000),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    number: Mapped[int] = mapped_column(Integer, info=_INFO)
    on: Mapped[date] = mapped_column(info=_INFO)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
