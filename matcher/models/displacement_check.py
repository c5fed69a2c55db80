"""What a firm answered about displacement, and what an officer made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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
from matcher.models.sealing import SealedJson, SealedText
from matcher.models.states import CheckMoment, CheckState
from matcher.models.types import CodeList, JsonText, UtcDateTime

_INFO = about(Purpose.VACANCY, Retention.VACANCY)
_TEXT = about(Purpose.VACANCY, Retention.VACANCY, DataClass.PERSONAL)


class DisplacementCheck(Scoped, Versioned, Base):
    """One of a vacancy before it opens, and one that looks back after somebody started.

    `due_on` is by when it is answered while it is asked, and by when an officer answers while it
    waits. `reasons` holds what the firm wrote at the flagged answers; nobody has to be named in it.
    """

    __tablename__ = "displacement_check"
    __table_args__ = (
        UniqueConstraint("vacancy_id", "moment"),
        Index("ix_displacement_check_region_state", "region", "state", "due_on"),
    )
    retention = Retention.VACANCY

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), index=True, info=_INFO
    )
    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), info=_INFO
    )
    moment: Mapped[CheckMoment] = mapped_column(by_value(CheckMoment), info=_INFO)
    state: Mapped[CheckState] = mapped_column(by_value(CheckState), info=_INFO)
    due_on: Mapped[date | None] = mapped_column(info=_INFO)
    answers: Mapped[dict[str, str]] = mapped_column(JsonText, info=_INFO)
    reasons: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("displacement_check.reasons"), info=_TEXT
    )
    flags: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    questions_dated: Mapped[date] = mapped_column(info=_INFO)
    answered_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    why: Mapped[str | None] = mapped_column(SealedText("displacement_check.why"), info=_TEXT)
