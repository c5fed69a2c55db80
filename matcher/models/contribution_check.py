"""What was drawn for a declaration, and what an officer found who looked at it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.drawing import LOTS, CheckVerdict, Ground, SampleState
from matcher.models.base import (
    REGION,
    Base,
    DataClass,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.sealing import SealedJson, SealedText
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.GROUP_AUDIT, Retention.CONTRACT)
_TEXT = about(Purpose.GROUP_AUDIT, Retention.CONTRACT, DataClass.PERSONAL)


class ContributionCheck(Scoped, Versioned, Base):
    """One of every declaration, drawn or not: the draw can be done again from its seed.

    `corrected` holds for each field what was declared and what was found. A result against the firm
    stands once a second officer confirmed it.
    """

    __tablename__ = "contribution_check"
    __table_args__ = (
        UniqueConstraint("contribution_id"),
        Index("ix_contribution_check_region_state", "region", "state", "due_on"),
        CheckConstraint("second_by <> first_by", name="two_people"),
        between("rate", 0, LOTS),
        between("number", 0, LOTS - 1),
    )
    retention = Retention.CONTRACT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), info=_INFO
    )
    ground: Mapped[Ground] = mapped_column(by_value(Ground), info=_INFO)
    rate: Mapped[int] = mapped_column(info=_INFO)
    """How many of ten thousand numbers are looked at."""
    seed: Mapped[str] = mapped_column(String(64), info=_INFO)
    number: Mapped[int] = mapped_column(info=_INFO)
    state: Mapped[SampleState] = mapped_column(by_value(SampleState), info=_INFO)
    due_on: Mapped[date | None] = mapped_column(info=_INFO)
    verdict: Mapped[CheckVerdict | None] = mapped_column(by_value(CheckVerdict), info=_INFO)
    corrected: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("contribution_check.corrected"), info=_TEXT
    )
    why: Mapped[str | None] = mapped_column(SealedText("contribution_check.why"), info=_TEXT)
    first_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    second_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    second_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
