"""Who takes over whose candidates: for good, or until a date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
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
from matcher.models.states import CaseloadChangeKind
from matcher.models.types import UtcDateTime

_CASE = about(Purpose.GUIDANCE, Retention.CASE, DataClass.PERSONAL)


class CaseloadChange(Scoped, Identified, Base):
    """One hand-over or stand-in, shown to the candidate with its dates.

    A hand-over stands here once a candidate. A stand-in names one candidate, or with
    `candidate_id` None the whole caseload of `from_account_id`, and holds on the days from
    `starts_on` to `until`, both included, unless it ended before.
    """

    __tablename__ = "caseload_change"
    __table_args__ = (
        Index("ix_caseload_change_to_until", "to_account_id", "until"),
        CheckConstraint("until IS NULL OR until >= starts_on", name="dates"),
    )
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_CASE)
    kind: Mapped[CaseloadChangeKind] = mapped_column(by_value(CaseloadChangeKind), info=_CASE)
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_CASE
    )
    from_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True, info=_CASE
    )
    to_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_CASE
    )
    starts_on: Mapped[date] = mapped_column(info=_CASE)
    until: Mapped[date | None] = mapped_column(info=_CASE)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_CASE
    )
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_CASE)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_CASE)
