"""What advice was computed on, each content once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import CODE, HASH, Base, Purpose, Retention, about
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.ADVICE)


class InputSnapshot(Base):
    """A rule set, a vacancy, a programme, a set of these or the places, by its SHA-256.

    Nothing of a candidate stands here: profiles are kept with the advice, so that erasing a
    candidate erases them.
    """

    __tablename__ = "input_snapshot"
    retention = Retention.ADVICE

    hash: Mapped[str] = mapped_column(HASH, primary_key=True, info=_INFO)
    kind: Mapped[str] = mapped_column(CODE, info=_INFO)
    content: Mapped[Any] = mapped_column(JsonText, info=_INFO)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
