"""The private link by which somebody's own calendar program reads what is to do and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import HASH, Base, DataClass, Identified, Purpose, Retention, about
from matcher.models.types import UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.SESSION)
_SECRET = about(Purpose.ACCESS, Retention.SESSION, DataClass.SECRET)


class CalendarLink(Identified, Base):
    """One link; only the hash of its secret is kept. It names nobody, and can be withdrawn."""

    __tablename__ = "calendar_link"
    retention = Retention.SESSION

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_ACCESS
    )
    secret_hash: Mapped[str] = mapped_column(HASH, unique=True, info=_SECRET)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
