"""Kept assessments: the lane and what it rests on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.vocabulary import Lane
from matcher.models.advice import ADVICE, Advice
from matcher.models.base import (
    Base,
    DataClass,
    Purpose,
    Retention,
    about,
    between,
    by_value,
)


class Assessment(Advice, Base):
    """One assessment. `readiness` includes money, so it is as sensitive as money is.

    `start_level` and `readiness` are hundredths of a point, 0 to 10000.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        Index("ix_assessment_candidate", "candidate_id", "id"),
        Index("ix_assessment_candidate_lane", "candidate_id", "id", "lane"),
        Index("ix_assessment_input", "candidate_id", "input_hash"),
        Index("ix_assessment_region_lane", "region", "lane"),
        between("readiness", 0, 10_000),
        between("start_level", 0, 10_000),
        between("rule", 1, 5),
    )
    retention = Retention.ADVICE

    lane: Mapped[Lane] = mapped_column(by_value(Lane), info=ADVICE)
    rule: Mapped[int] = mapped_column(SmallInteger, info=ADVICE)
    readiness: Mapped[int] = mapped_column(
        info=about(Purpose.ACCOUNTABILITY, Retention.ADVICE, DataClass.SENSITIVE)
    )
    start_level: Mapped[int] = mapped_column(info=ADVICE)
    review_on: Mapped[date | None] = mapped_column(info=ADVICE)
