"""Groups of a programme with a first day, the seats in them, who came, and the provider's link."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.attendance import Mark
from matcher.models.base import (
    CODE,
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
    between,
    by_value,
)
from matcher.models.states import SeatState
from matcher.models.types import UtcDateTime

_GROUP = about(Purpose.PROGRAMME, Retention.REFERENCE)
_INFO = about(Purpose.GUIDANCE, Retention.SEAT, DataClass.PERSONAL)
_LINK = about(Purpose.ACCESS, Retention.SESSION)
_SECRET = about(Purpose.ACCESS, Retention.SESSION, DataClass.SECRET)

CENTS_MAXIMUM = 2_000_000_000
"""EUR 20 million: more than any fund of a region, and four bytes wide."""
_OPEN = text("state IN ('waiting', 'offered', 'booked', 'attending')")


class Cohort(Scoped, Versioned, Base):
    """One group of a programme that starts on a day.

    `booked` counts the seats that are held: offered, booked, in the group or finished. The database
    itself keeps it within `capacity`; only ``matcher.repositories.seats`` changes it, by a
    statement that takes a seat if there is one.
    """

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("programme_id", "starts_on"),
        Index("ix_cohort_region_starts_on", "region", "starts_on"),
        between("capacity", 0, 100_000),
        between("seat_cents", 0, CENTS_MAXIMUM),
        CheckConstraint("booked >= 0 AND booked <= capacity", name="booked"),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_GROUP)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), info=_GROUP
    )
    starts_on: Mapped[date] = mapped_column(info=_GROUP)
    ends_on: Mapped[date] = mapped_column(info=_GROUP)
    capacity: Mapped[int | None] = mapped_column(Integer, info=_GROUP)
    """None is unlimited."""
    booked: Mapped[int] = mapped_column(Integer, info=_GROUP)
    funding_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("funding_line.id", ondelete="SET NULL"), index=True, info=_GROUP
    )
    seat_cents: Mapped[int] = mapped_column(Integer, info=_GROUP)
    """What one seat costs the funding line."""


class Seat(Scoped, Versioned, Base):
    """One person's way through one programme: from the waiting list to its end.

    Somebody waiting has no group yet; `standby_cohort_id` is the group for which they said: call me
    the same morning. An offer that was refused and one that passed are the same state, so that
    nobody can count who said no (practice section 7, 11).
    """

    __tablename__ = "seat"
    __table_args__ = (
        Index(
            "uq_seat_candidate_id_programme_id_open",
            "candidate_id",
            "programme_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_seat_cohort_id_state", "cohort_id", "state"),
        Index("ix_seat_programme_id_state", "programme_id", "state"),
        Index("ix_seat_region_updated_at", "region", "updated_at"),
        between("cents", 0, CENTS_MAXIMUM),
        CheckConstraint(
            "cohort_id IS NOT NULL OR state = 'waiting' OR state = 'left'", name="group"
        ),
    )
    retention = Retention.SEAT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), info=_INFO
    )
    cohort_id: Mapped[int | None] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), info=_INFO
    )
    standby_cohort_id: Mapped[int | None] = mapped_column(
        ForeignKey("cohort.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    state: Mapped[SeatState] = mapped_column(by_value(SeatState), info=_INFO)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    """Since when this person waits for this programme."""
    answer_by: Mapped[date | None] = mapped_column(info=_INFO)
    """The last day on which an offer can be answered."""
    wants_talk: Mapped[bool] = mapped_column(info=_INFO)
    """The candidate wants to talk first, which is neither a yes nor a no."""
    closed_on: Mapped[date | None] = mapped_column(info=_INFO)
    closed_code: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """One of ``seat_endings``: what came next, never a judgement."""
    funding_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("funding_line.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    cents: Mapped[int] = mapped_column(Integer, info=_INFO)
    """What was set apart for this seat on the funding line."""


class Attendance(Scoped, Identified, Base):
    """What one day was like: came, agreed absence, or did not come; never why."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("seat_id", "on"),
        Index("ix_attendance_candidate_id_on", "candidate_id", "on"),
    )
    retention = Retention.SEAT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_INFO
    )
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), info=_INFO)
    on: Mapped[date] = mapped_column(info=_INFO)
    mark: Mapped[Mark] = mapped_column(by_value(Mark, name="attendance_mark"), info=_INFO)
    by_provider: Mapped[bool] = mapped_column(info=_INFO)
    """Marked through the link of the group, else by staff."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)


class AttendanceLink(Scoped, Identified, Base):
    """The link by which a provider says who came; only its hash is kept."""

    __tablename__ = "attendance_link"
    retention = Retention.SESSION

    region: Mapped[str] = mapped_column(REGION, info=_LINK)
    cohort_id: Mapped[int] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), index=True, info=_LINK
    )
    secret_hash: Mapped[str] = mapped_column(HASH, unique=True, info=_SECRET)
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_LINK
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_LINK)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_LINK)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_LINK)
