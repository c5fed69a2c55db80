"""What anybody reports about displacement, without an account, and what an officer made of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
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
from matcher.models.sealing import SealedText
from matcher.models.states import ReportState
from matcher.models.types import CodeList, UtcDateTime

_INFO = about(Purpose.DISPLACEMENT, Retention.REPORT)
_TEXT = about(Purpose.DISPLACEMENT, Retention.REPORT, DataClass.PERSONAL)


class DisplacementReport(Scoped, Versioned, Base):
    """Who reported it is not kept: no account, no address, only a number or mail if they gave one.

    It names no organisation and no place of ours, so that nothing can be found out by reporting.
    `due_on` is by when an officer looks at it.
    """

    __tablename__ = "displacement_report"
    __table_args__ = (Index("ix_displacement_report_region_state", "region", "state", "due_on"),)
    retention = Retention.REPORT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    work: Mapped[str] = mapped_column(String(40), info=_INFO)
    place: Mapped[str] = mapped_column(SealedText("displacement_report.place"), info=_TEXT)
    signs: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    happened: Mapped[str] = mapped_column(String(40), info=_INFO)
    reach: Mapped[str | None] = mapped_column(SealedText("displacement_report.reach"), info=_TEXT)
    state: Mapped[ReportState] = mapped_column(by_value(ReportState), info=_INFO)
    due_on: Mapped[date] = mapped_column(info=_INFO)
    why: Mapped[str | None] = mapped_column(SealedText("displacement_report.why"), info=_TEXT)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
