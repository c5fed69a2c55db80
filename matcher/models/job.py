"""Work that takes longer than a request: kept in the database, so that it outlives a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
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
    about,
    by_value,
)
from matcher.models.states import JobFailure, JobState
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.OPERATION, Retention.OPERATION)


class Job(Scoped, Identified, Base):
    """One piece of work in numbered blocks: who asked for it, how far it is, who works on it.

    A worker holds it until `lease_until`, and says so again while it works. `claims` counts how
    often a worker took it: what a worker writes only counts under the claim that it made itself,
    so that one that was thought dead and wakes up later changes nothing.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_id", "state", "id"),
        Index("ix_job_region_id", "region", "id"),
    )
    retention = Retention.OPERATION

    kind: Mapped[str] = mapped_column(CODE, info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    """Who asked for it; None for the operator."""
    arguments: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
    """Codes, numbers and days; never something about a person."""
    frozen: Mapped[Any] = mapped_column(JsonText, nullable=True, info=_INFO)
    """What the plan fixed for all blocks: numbers of rows and hashes; emptied at the end."""
    state: Mapped[JobState] = mapped_column(by_value(JobState), info=_INFO)
    failure: Mapped[JobFailure | None] = mapped_column(by_value(JobFailure), info=_INFO)
    total: Mapped[int | None] = mapped_column(info=_INFO)
    """Blocks in all; None until it was planned."""
    done: Mapped[int] = mapped_column(info=_INFO)
    """Blocks that are in: those with a smaller number than this."""
    slot: Mapped[str | None] = mapped_column(String(200), unique=True, info=_INFO)
    """What only one job at a time may be at; emptied at the end."""
    request_hash: Mapped[str | None] = mapped_column(HASH, unique=True, info=_INFO)
    """Of the key with which it was asked for, so that asking again makes no second job."""
    worker: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    claims: Mapped[int] = mapped_column(info=_INFO)
    fruitless_claims: Mapped[int] = mapped_column(info=_INFO)
    """Claims since a block was last done."""
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    result: Mapped[Any] = mapped_column(JsonText, nullable=True, info=_INFO)
    """What came of it, in counts; the result itself stands in tables of its own."""


class JobBlock(Scoped, Identified, Base):
    """What one block gave, until the job ends; a block that is here is never done again."""

    __tablename__ = "job_block"
    __table_args__ = (UniqueConstraint("job_id", "number"),)
    retention = Retention.OPERATION

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), info=_INFO)
    number: Mapped[int] = mapped_column(info=_INFO)
    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    content: Mapped[bytes] = mapped_column(
        LargeBinary, info=about(Purpose.OPERATION, Retention.OPERATION, DataClass.PERSONAL)
    )
