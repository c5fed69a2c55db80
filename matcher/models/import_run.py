"""Files that were brought in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    HASH,
    REGION,
    Base,
    Identified,
    Purpose,
    Retention,
    Scoped,
    about,
    by_value,
)
from matcher.models.states import ImportKind
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.OPERATION, Retention.OPERATION)


class ImportRun(Scoped, Identified, Base):
    """One import: which file by its hash, what became of its rows, never their content."""

    __tablename__ = "import_run"
    retention = Retention.OPERATION

    kind: Mapped[ImportKind] = mapped_column(by_value(ImportKind), info=_INFO)
    region: Mapped[str | None] = mapped_column(REGION, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    file_hash: Mapped[str] = mapped_column(HASH, index=True, info=_INFO)
    created: Mapped[int] = mapped_column(info=_INFO)
    changed: Mapped[int] = mapped_column(info=_INFO)
    unchanged: Mapped[int] = mapped_column(info=_INFO)
    refused: Mapped[int] = mapped_column(info=_INFO)
    problems: Mapped[list[Any]] = mapped_column(JsonText, info=_INFO)
    """Row, column and a code of why, of each refused row."""
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
