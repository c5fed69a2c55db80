"""Files that somebody sent to be imported: what stands in them, and what becomes of their rows.

The content is sealed and goes after some days; what was imported stays with the people it is of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    CODE,
    HASH,
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    by_value,
)
from matcher.models.sealing import SealedJson, SealedRows, SealedText
from matcher.models.states import ImportKind, UploadState
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.OPERATION, Retention.UPLOAD)
_PERSONAL = about(Purpose.OPERATION, Retention.UPLOAD, DataClass.PERSONAL)
_CONTENT = about(Purpose.OPERATION, Retention.UPLOAD, DataClass.HEALTH)
_REMEMBERED = about(Purpose.OPERATION, Retention.OPERATION)


class Upload(Scoped, Versioned, Base):
    """One file and where its import stands.

    `columns` holds each column with what it fills; `report` what a dry run found, in counts and
    examples; `choices` which proposals are not taken over.
    """

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_region_id", "region", "id"),)
    retention = Retention.UPLOAD

    kind: Mapped[ImportKind] = mapped_column(by_value(ImportKind), info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    name: Mapped[str] = mapped_column(SealedText("upload.name"), info=_PERSONAL)
    """As the sender called the file: people put names in those too."""
    format: Mapped[str] = mapped_column(CODE, info=_INFO)
    file_hash: Mapped[str] = mapped_column(HASH, index=True, info=_INFO)
    row_count: Mapped[int] = mapped_column(info=_INFO)
    state: Mapped[UploadState] = mapped_column(by_value(UploadState), info=_INFO)
    columns: Mapped[list[Any]] = mapped_column(SealedJson("upload.columns"), info=_CONTENT)
    report: Mapped[dict[str, Any] | None] = mapped_column(
        SealedJson("upload.report"), info=_CONTENT
    )
    choices: Mapped[dict[str, Any]] = mapped_column(SealedJson("upload.choices"), info=_CONTENT)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonText, nullable=True, info=_INFO)
    """What became of the rows, in counts."""
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    """The job that checks or imports it."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)


class UploadBlock(Scoped, Identified, Base):
    """Some rows of a file in their order, what was found in them, and what became of each."""

    __tablename__ = "upload_block"
    __table_args__ = (UniqueConstraint("upload_id", "number"),)
    retention = Retention.UPLOAD

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"), info=_INFO)
    number: Mapped[int] = mapped_column(info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    first_row: Mapped[int] = mapped_column(info=_INFO)
    last_row: Mapped[int] = mapped_column(info=_INFO)
    rows: Mapped[list[Any]] = mapped_column(SealedRows("upload_block.rows"), info=_CONTENT)
    findings: Mapped[dict[str, Any] | None] = mapped_column(
        SealedRows("upload_block.findings"), info=_CONTENT
    )
    outcomes: Mapped[list[Any] | None] = mapped_column(
        SealedRows("upload_block.outcomes"), info=_CONTENT
    )


class RememberedColumns(Scoped, Identified, Base):
    """What was chosen for one set of headers in a region, so that nobody chooses twice."""

    __tablename__ = "remembered_columns"
    __table_args__ = (UniqueConstraint("region", "kind", "header_hash"),)
    retention = Retention.OPERATION

    region: Mapped[str] = mapped_column(REGION, info=_REMEMBERED)
    kind: Mapped[ImportKind] = mapped_column(
        by_value(ImportKind, name="remembered_kind"), info=_REMEMBERED
    )
    header_hash: Mapped[str] = mapped_column(HASH, info=_REMEMBERED)
    mapping: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("remembered_columns.mapping"),
        info=about(Purpose.OPERATION, Retention.OPERATION, DataClass.PERSONAL),
    )
    """By header; sealed, because a file without headers has people in its first row."""
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_REMEMBERED)
