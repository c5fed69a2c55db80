"""The anonymous list of who fits a place, as it was drawn and shown."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    HASH,
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    by_value,
)
from matcher.models.request_states import HalfDay, ShortlistState
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.INTRODUCTION, Retention.VACANCY)
_PERSONAL = about(Purpose.INTRODUCTION, Retention.INTRODUCTION, DataClass.PERSONAL)


class Shortlist(Scoped, Versioned, Base):
    """One list a vacancy, and from when its demands stand.

    From `asked_at` on `demands_hash` names what the place asks, and nothing of that changes any
    more. A copy opens at `opens_at`. A list stays as it was drawn until `stands_until`, whoever
    leaves meanwhile; too few is kept as long.
    """

    __tablename__ = "shortlist"
    __table_args__ = (
        UniqueConstraint("vacancy_id"),
        Index("ix_shortlist_region_state", "region", "state", "id"),
    )
    retention = Retention.VACANCY

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), info=_INFO
    )
    copy_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy.id", ondelete="SET NULL"), info=_INFO
    )
    """The place that this one was copied from, or is so like that it counts as a copy."""
    state: Mapped[ShortlistState] = mapped_column(by_value(ShortlistState), info=_INFO)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    demands_hash: Mapped[str | None] = mapped_column(HASH, info=_INFO)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    stands_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    seed: Mapped[str | None] = mapped_column(String(40), info=_INFO)
    """What chose the lines and their order; a new one with each drawing."""
    call_by: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """By when the service point calls, where too few people fit."""
    meet_on: Mapped[date | None] = mapped_column(info=_INFO)
    meet_half: Mapped[HalfDay | None] = mapped_column(by_value(HalfDay), info=_INFO)
    met_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    asked_people: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    """How many lines were invited to the half-day: as many as the firm sees waiting."""


class ShortlistLine(Scoped, Identified, Base):
    """One line of a list: a pseudonym and what it shows, until the list is drawn anew."""

    __tablename__ = "shortlist_line"
    __table_args__ = (UniqueConstraint("shortlist_id", "position"),)
    retention = Retention.INTRODUCTION

    region: Mapped[str] = mapped_column(REGION, info=_PERSONAL)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    shortlist_id: Mapped[int] = mapped_column(
        ForeignKey("shortlist.id", ondelete="CASCADE"), info=_PERSONAL
    )
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )
    """None once the person was erased: the line stays as it was, with nobody behind it."""
    position: Mapped[int] = mapped_column(SmallInteger, info=_PERSONAL)
    pseudonym: Mapped[str] = mapped_column(String(20), unique=True, info=_PERSONAL)
    """Good for this list only; an introduction from it goes on under the same."""
    hours_from: Mapped[int | None] = mapped_column(SmallInteger, info=_PERSONAL)
    hours_to: Mapped[int | None] = mapped_column(SmallInteger, info=_PERSONAL)
    start: Mapped[str | None] = mapped_column(String(10), info=_PERSONAL)
    """A month, quarter or half-year, as many enough people of the region share it."""
