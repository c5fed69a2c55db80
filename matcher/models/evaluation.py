"""When it is decided whether a programme or arrangement goes on, and what was decided on what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    by_value,
)
from matcher.models.states import Verdict
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.PROGRAMME, Retention.REFERENCE)
_OPEN = "verdict IS NULL"


class Evaluation(Scoped, Versioned, Base):
    """One decision day of one programme or arrangement; open until somebody decided.

    What was decided stays as it was, with the figures of that day; a new day is a new row.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        Index(
            "uq_evaluation_programme_id_open",
            "programme_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index(
            "uq_evaluation_arrangement_id_open",
            "arrangement_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_evaluation_region_decide_on", "region", "decide_on"),
        CheckConstraint("(programme_id IS NULL) <> (arrangement_id IS NULL)", name="subject"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided"),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    arrangement_id: Mapped[int | None] = mapped_column(
        ForeignKey("arrangement.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    decide_on: Mapped[date] = mapped_column(info=_INFO)
    verdict: Mapped[Verdict | None] = mapped_column(by_value(Verdict), info=_INFO)
    reason: Mapped[str | None] = mapped_column(String(500), info=_INFO)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JsonText, info=_INFO)
    """The counts of that day, so that what was decided on can be read again."""
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
