"""Since when an account has not looked at the queue; shown to that account alone, as changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import Base, DataClass, Purpose, Retention, about
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.OPERATION, Retention.ACCOUNT, DataClass.PERSONAL)


class QueueVisit(Base):
    """The moment up to which somebody saw the queue; when staff work is nobody's figure."""

    __tablename__ = "queue_visit"
    retention = Retention.ACCOUNT

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, info=_INFO
    )
    seen_until: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    """What changed after this is new in the present visit."""
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    """The last look; after a pause the next visit counts from here."""
