"""Codes for when the second factor is lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import HASH, Base, DataClass, Identified, Purpose, Retention, about
from matcher.models.types import UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.ACCOUNT)


class RecoveryCode(Identified, Base):
    """One code of an account, as the SHA-256 of 80 random bits; it works once."""

    __tablename__ = "recovery_code"
    retention = Retention.ACCOUNT

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_ACCESS
    )
    code_hash: Mapped[str] = mapped_column(
        HASH, info=about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.SECRET)
    )
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
