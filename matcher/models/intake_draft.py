"""Answers that are not part of a profile yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    CODE,
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

_INFO = about(Purpose.GUIDANCE, Retention.DRAFT, DataClass.PERSONAL)


class IntakeDraft(Scoped, Versioned, Base):
    """One card in progress, of a candidate or of somebody who is still being entered.

    The answers are those of the form, load abilities and money worries among them, hence health
    data until the draft is finished or expires.
    """

    __tablename__ = "intake_draft"
    __table_args__ = (UniqueConstraint("candidate_id", "card"),)
    retention = Retention.DRAFT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_INFO
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    card: Mapped[str] = mapped_column(CODE, info=_INFO)
    answers: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("intake_draft.answers"),
        info=about(Purpose.GUIDANCE, Retention.DRAFT, DataClass.HEALTH),
    )
