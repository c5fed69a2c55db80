"""What is left of an erased candidate: enough to erase again after a restore, and no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import HASH, Base, Identified, Purpose, Retention, about
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.OPERATION, Retention.TOMBSTONE)


class Tombstone(Identified, Base):
    """One erasure: a keyed hash of region and reference, which names nobody without the key."""

    __tablename__ = "tombstone"
    retention = Retention.TOMBSTONE

    subject_hash: Mapped[str] = mapped_column(HASH, unique=True, info=_INFO)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
