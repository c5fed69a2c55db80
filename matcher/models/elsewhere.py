"""The warm hand-over of somebody whom these places do not help, and the way back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    DataClass,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    by_value,
)
from matcher.models.states import ReceiverKind

_CASE = about(Purpose.GUIDANCE, Retention.CASE, DataClass.PERSONAL)
_STANDS = text("back_on IS NULL")


class Elsewhere(Scoped, Versioned, Base):
    """Who receives somebody, from which appointment on, and whether that was confirmed.

    It goes with the decision for another route and ends when the person comes back; one stands at
    a time. It is no closing of the file and counts nowhere as leaving.
    """

    __tablename__ = "elsewhere"
    __table_args__ = (
        Index(
            "uq_elsewhere_candidate_id_standing",
            "candidate_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_elsewhere_region_confirm_by", "region", "confirm_by"),
        CheckConstraint("confirm_by >= appointment_on", name="dates"),
    )
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_CASE)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_CASE
    )
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decision.id", ondelete="CASCADE"), index=True, info=_CASE
    )
    receiver: Mapped[ReceiverKind] = mapped_column(by_value(ReceiverKind), info=_CASE)
    appointment_on: Mapped[date] = mapped_column(info=_CASE)
    confirm_by: Mapped[date] = mapped_column(info=_CASE)
    confirmed_on: Mapped[date | None] = mapped_column(info=_CASE)
    back_on: Mapped[date | None] = mapped_column(info=_CASE)
