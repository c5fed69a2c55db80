"""*Onze afspraken*: what candidate, employer, municipality and fund commit to, about one start."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
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
)
from matcher.models.sealing import SealedJson
from matcher.models.types import CodeList

_INFO = about(Purpose.GUIDANCE, Retention.PLACEMENT, DataClass.PERSONAL)


class Agreement(Scoped, Versioned, Base):
    """One sheet, of an introduction in which both met or of the placement that followed.

    It moves along from the one to the other, and goes with whichever it belongs to. No row is a
    sheet on which nothing was agreed. Of `sides` an employer reads an allowlist alone.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("(introduction_id IS NULL) <> (placement_id IS NULL)", name="of_one"),
    )
    retention = Retention.PLACEMENT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    """None for work found otherwise."""
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), unique=True, info=_INFO
    )
    placement_id: Mapped[int | None] = mapped_column(
        ForeignKey("placement.id", ondelete="CASCADE"), unique=True, info=_INFO
    )
    fund_pays: Mapped[bool] = mapped_column(info=_INFO)
    head: Mapped[dict[str, Any]] = mapped_column(SealedJson("agreement.head"), info=_INFO)
    """The next step, its day as ISO 8601, with whom, and the telephone number."""
    sides: Mapped[dict[str, Any]] = mapped_column(SealedJson("agreement.sides"), info=_INFO)
    """By side: codes of ``commitments`` and a short text."""
    open_sides: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    """With nothing agreed yet; what an employer sees is worked out from what it may read."""
