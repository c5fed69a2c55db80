"""Programmes of a region and the days on which they start."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Float, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.models.base import (
    CODE,
    HASH,
    REFERENCE,
    REGION,
    Base,
    Identified,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
)
from matcher.models.types import CodeSet, Pair, Pairs

_INFO = about(Purpose.PROGRAMME, Retention.REFERENCE)


class Programme(Scoped, Versioned, Base):
    """What a candidate can follow; no row of `starts` means that it starts any Monday."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("region", "reference"),
        between("weeks", 0, 520),
        between("hours_a_week", 0, 40),
        between("seats", 0, 100_000),
    )
    retention = Retention.REFERENCE

    reference: Mapped[str] = mapped_column(REFERENCE, info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    kind: Mapped[str] = mapped_column(CODE, info=_INFO)
    title: Mapped[str | None] = mapped_column(String(200), info=_INFO)
    arrangement: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    provider: Mapped[str | None] = mapped_column(String(200), info=_INFO)
    raises: Mapped[tuple[Pair, ...]] = mapped_column(Pairs, info=_INFO)
    gives: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_INFO)
    needs: Mapped[tuple[Pair, ...]] = mapped_column(Pairs, info=_INFO)
    weeks: Mapped[float] = mapped_column(Float, info=_INFO)
    hours_a_week: Mapped[float] = mapped_column(Float, info=_INFO)
    seats: Mapped[int | None] = mapped_column(Integer, info=_INFO)
    """Seats of every start; None is unlimited."""
    funding: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    funding_sector: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    evidence: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    is_active: Mapped[bool] = mapped_column(info=_INFO)
    content_hash: Mapped[str] = mapped_column(HASH, info=_INFO)

    starts: Mapped[list[ProgrammeStart]] = relationship(
        order_by="ProgrammeStart.starts_on", cascade="all, delete-orphan", lazy="selectin"
    )


class ProgrammeStart(Identified, Base):
    """One day on which a programme starts, and the seats there are that day."""

    __tablename__ = "programme_start"
    __table_args__ = (
        UniqueConstraint("programme_id", "starts_on"),
        between("seats", 0, 100_000),
    )
    retention = Retention.REFERENCE

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), info=_INFO
    )
    starts_on: Mapped[date] = mapped_column(info=_INFO)
    seats: Mapped[int | None] = mapped_column(Integer, info=_INFO)
