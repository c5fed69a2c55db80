"""The inflow board of a region: its figures, and where everybody stood when they were counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    CODE,
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
from matcher.models.types import JsonText, UtcDateTime

_FIGURES = about(Purpose.PROGRAMME, Retention.OPERATION)
_PERSONAL = about(Purpose.GUIDANCE, Retention.OPERATION, DataClass.PERSONAL)


class InflowBoard(Scoped, Identified, Base):
    """One counting of a region: numbers of people and places, and nothing about anybody.

    What the numbers are made of stands in the lines of the newest board alone; those of an earlier
    one stay for the comparison with the weeks before.
    """

    __tablename__ = "inflow_board"
    __table_args__ = (Index("ix_inflow_board_region_id", "region", "id"),)
    retention = Retention.OPERATION

    job_id: Mapped[int] = mapped_column(
        ForeignKey("job.id", ondelete="CASCADE"), unique=True, info=_FIGURES
    )
    region: Mapped[str] = mapped_column(REGION, info=_FIGURES)
    on: Mapped[date] = mapped_column(info=_FIGURES)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_FIGURES)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_FIGURES)


class InflowLine(Scoped, Identified, Base):
    """Where one person stood; one line of each person, until the next board is counted.

    `vacancy_id` is the place that it is about and
    `cause` the one thing that is missing there. `start_level` is the first that was computed, in
    hundredths; `unknown` has a bit for each of the answers that give a lane.
    """

    __tablename__ = "inflow_line"
    __table_args__ = (
        Index("ix_inflow_line_job_id_stand", "job_id", "stand", "week"),
        between("week", 0, 52),
        between("start_level", 0, 10_000),
    )
    retention = Retention.OPERATION

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), info=_FIGURES)
    region: Mapped[str] = mapped_column(REGION, info=_FIGURES)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    stand: Mapped[str] = mapped_column(CODE, info=_PERSONAL)
    """One of ``matcher.domain.inflow.Stand``."""
    week: Mapped[int | None] = mapped_column(SmallInteger, info=_PERSONAL)
    vacancy_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )
    cohort_id: Mapped[int | None] = mapped_column(
        ForeignKey("cohort.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )
    """The group after which somebody can start."""
    cause: Mapped[str | None] = mapped_column(String(80), info=_PERSONAL)
    start_level: Mapped[int | None] = mapped_column(SmallInteger, info=_PERSONAL)
    rhythm_age: Mapped[str | None] = mapped_column(CODE, info=_PERSONAL)
    """One of ``matcher.domain.inflow.Age``; None for whoever is at work."""
    levels_age: Mapped[str | None] = mapped_column(CODE, info=_PERSONAL)
    unknown: Mapped[int | None] = mapped_column(SmallInteger, info=_PERSONAL)


class InflowNear(Scoped, Identified, Base):
    """Somebody with one step to a place that nobody fits yet; longest waiting first."""

    __tablename__ = "inflow_near"
    __table_args__ = (Index("ix_inflow_near_job_id_vacancy_id", "job_id", "vacancy_id"),)
    retention = Retention.OPERATION

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), info=_FIGURES)
    region: Mapped[str] = mapped_column(REGION, info=_FIGURES)
    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    cause: Mapped[str] = mapped_column(String(80), info=_PERSONAL)
