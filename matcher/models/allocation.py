"""The weekly allocation of a region: what one run proposes, and what people decided about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.allocating import SeatOrder
from matcher.domain.decided_pairs import PairDecision
from matcher.domain.vocabulary import Lane
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
    about,
    by_value,
)
from matcher.models.sealing import SealedJson
from matcher.models.states import DecisionReason, ProposalState
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.GUIDANCE, Retention.OPERATION)
_PERSONAL = about(Purpose.GUIDANCE, Retention.OPERATION, DataClass.PERSONAL)
_HEALTH = about(Purpose.GUIDANCE, Retention.OPERATION, DataClass.HEALTH)
_PAIR = about(Purpose.GUIDANCE, Retention.DECISION, DataClass.PERSONAL)
_ORDER = about(Purpose.PROGRAMME, Retention.REFERENCE)
_STANDS = text("ended_at IS NULL")


class Allocation(Scoped, Identified, Base):
    """One scenario: what it was asked, what it was computed on, and its figures.

    It places nobody. `figures` hold counts and numbers of vacancies and programmes, never a person;
    the same `input_hash` gives the same `result_hash` (P-8).
    """

    __tablename__ = "allocation"
    __table_args__ = (Index("ix_allocation_region_id", "region", "id"),)
    retention = Retention.OPERATION

    job_id: Mapped[int] = mapped_column(
        ForeignKey("job.id", ondelete="CASCADE"), unique=True, info=_INFO
    )
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    on: Mapped[date] = mapped_column(info=_INFO)
    choice: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
    """The floor in percent, the order of seats, the seed and the lanes."""
    input_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
    result_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)


class AllocationLine(Scoped, Identified, Base):
    """One person in an allocation: a proposal with who is next and what else, or why there is none.

    `reason` is None for whoever is proposed for a place. A seat alone has a programme and no
    vacancy. Until somebody decides the line stays open, and nothing follows from it.
    """

    __tablename__ = "allocation_line"
    __table_args__ = (
        Index(
            "uq_allocation_line_allocation_id_candidate_id",
            "allocation_id",
            "candidate_id",
            unique=True,
        ),
        Index("ix_allocation_line_allocation_id_state", "allocation_id", "state", "id"),
    )
    retention = Retention.OPERATION

    allocation_id: Mapped[int] = mapped_column(
        ForeignKey("allocation.id", ondelete="CASCADE"), info=_INFO
    )
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    lane: Mapped[Lane] = mapped_column(by_value(Lane), info=_PERSONAL)
    vacancy_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True, info=_PERSONAL
    )
    starts_on: Mapped[date | None] = mapped_column(info=_PERSONAL)
    """First day of the group that the seat is in."""
    value: Mapped[int] = mapped_column(SmallInteger, info=_PERSONAL)
    """The fit in hundredths of a point; 0 for a seat alone and without a place."""
    reason: Mapped[str | None] = mapped_column(CODE, info=_PERSONAL)
    """Why there is no place: ``lane``, ``no_place_fits`` or ``places_taken``."""
    is_locked: Mapped[bool] = mapped_column(info=_PERSONAL)
    is_guessed: Mapped[bool] = mapped_column(info=_PERSONAL)
    """Whether the guidance counted is the cautious default."""
    margin: Mapped[int | None] = mapped_column(Integer, info=_PERSONAL)
    """By how much the value can fall before another allocation is better."""
    runner_up_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )
    instead_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )
    """The place that this person would get if not this one; the nearest one without a place."""
    short_by: Mapped[int | None] = mapped_column(Integer, info=_PERSONAL)
    told: Mapped[dict[str, Any]] = mapped_column(SealedJson("allocation_line.told"), info=_HEALTH)
    """What is in the way and what would change it."""
    state: Mapped[ProposalState] = mapped_column(by_value(ProposalState), info=_PERSONAL)
    why: Mapped[DecisionReason | None] = mapped_column(by_value(DecisionReason), info=_PERSONAL)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_PERSONAL
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_PERSONAL)
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )
    seat_id: Mapped[int | None] = mapped_column(
        ForeignKey("seat.id", ondelete="SET NULL"), index=True, info=_PERSONAL
    )


class PairChoice(Scoped, Identified, Base):
    """What somebody decided about a pair beforehand: kept together, or apart; who, when and why."""

    __tablename__ = "pair_choice"
    __table_args__ = (
        Index(
            "uq_pair_choice_candidate_id_vacancy_id_standing",
            "candidate_id",
            "vacancy_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_pair_choice_region_id", "region", "id"),
        CheckConstraint("decision IN ('locked', 'forbidden')", name="by_staff"),
    )
    retention = Retention.DECISION

    region: Mapped[str] = mapped_column(REGION, info=_PAIR)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_PAIR
    )
    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), index=True, info=_PAIR
    )
    decision: Mapped[PairDecision] = mapped_column(by_value(PairDecision), info=_PAIR)
    why: Mapped[DecisionReason] = mapped_column(by_value(DecisionReason), info=_PAIR)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_PAIR
    )
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_PAIR)
    ended_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_PAIR
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_PAIR)


class SeatOrderChoice(Scoped, Identified, Base):
    """How seats alone go in a region from some moment on, as an officer decided; the newest holds.

    `price` is what that officer was shown: the price of both orders at that moment.
    """

    __tablename__ = "seat_order_choice"
    __table_args__ = (Index("ix_seat_order_choice_region_id", "region", "id"),)
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_ORDER)
    order: Mapped[SeatOrder] = mapped_column(by_value(SeatOrder), info=_ORDER)
    why: Mapped[str] = mapped_column(String(300), info=_ORDER)
    price: Mapped[dict[str, Any] | None] = mapped_column(JsonText, nullable=True, info=_ORDER)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_ORDER
    )
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ORDER)
