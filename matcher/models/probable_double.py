"""Two files that may be of one person, found after an import; a person decides."""

from __future__ import annotations

from datetime import datetime
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
from matcher.models.sealing import SealedJson
from matcher.models.states import DoubleState
from matcher.models.types import UtcDateTime

_CASE = about(Purpose.GUIDANCE, Retention.CASE, DataClass.PERSONAL)


class ProbableDouble(Scoped, Versioned, Base):
    """An earlier and a later file with the same first name, postcode and coach.

    `undo` holds what the earlier file did not know and got from the later one, and goes when the
    merge is undone.
    """

    __tablename__ = "probable_double"
    __table_args__ = (
        UniqueConstraint("candidate_id", "later_id"),
        Index("ix_probable_double_region_state", "region", "state", "id"),
    )
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_CASE)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_CASE
    )
    """The earlier file, which is kept."""
    later_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_CASE
    )
    state: Mapped[DoubleState] = mapped_column(by_value(DoubleState), info=_CASE)
    undo: Mapped[dict[str, Any] | None] = mapped_column(
        SealedJson("probable_double.undo"),
        info=about(Purpose.GUIDANCE, Retention.CASE, DataClass.HEALTH),
    )
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_CASE
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_CASE)
