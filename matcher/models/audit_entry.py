"""The log of who did what with whose data: append-only, each entry chained to the one before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String
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
from matcher.models.states import AuditAction
from matcher.models.types import CodeList, UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.AUDIT)
_PERSON = about(Purpose.ACCOUNTABILITY, Retention.AUDIT, DataClass.PERSONAL)


class AuditEntry(Scoped, Identified, Base):
    """One entry; it names ids, names of fields and versions, never what they held.

    The numbers of accounts and candidates are no foreign keys: the log outlives both. `position`
    is the place in the chain, without a gap; the row is written with that same number as `id`, so
    that entries that changed places can be told from others. Triggers refuse change and deletion.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_candidate", "candidate_id", "position"),
        Index("ix_audit_entry_region_at", "region", "at"),
    )
    retention = Retention.AUDIT

    position: Mapped[int] = mapped_column(Integer, unique=True, info=_INFO)
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(info=_PERSON)
    """None is the operator on the command line, or the service itself."""
    right_used: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    purpose: Mapped[str] = mapped_column(CODE, info=_INFO)
    action: Mapped[AuditAction] = mapped_column(by_value(AuditAction), info=_INFO)
    kind: Mapped[str] = mapped_column(CODE, info=_INFO)
    object_id: Mapped[int | None] = mapped_column(info=_INFO)
    candidate_id: Mapped[int | None] = mapped_column(info=_PERSON)
    region: Mapped[str | None] = mapped_column(REGION, info=_INFO)
    fields: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    """Names of what changed, or of the filters of a list; never values of a person."""
    query: Mapped[str | None] = mapped_column(String(500), info=_INFO)
    """The filters of a list as codes, such as ``lane=ready_now``; free text is left out."""
    count: Mapped[int | None] = mapped_column(info=_INFO)
    versions: Mapped[str | None] = mapped_column(String(300), info=_INFO)
    """Rules, artefact and program that spoke, such as ``rules=demo 1;artefact=none``."""
    request_id: Mapped[str | None] = mapped_column(String(64), info=_INFO)
    previous_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
    entry_hash: Mapped[str] = mapped_column(HASH, info=_INFO)


class AuditHead(Identified, Base):
    """Where the chain begins and ends: one row, locked by whoever appends."""

    __tablename__ = "audit_head"
    retention = Retention.AUDIT

    first_position: Mapped[int] = mapped_column(info=_INFO)
    """The oldest entry that retention left standing."""
    before_first_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
    last_position: Mapped[int] = mapped_column(info=_INFO)
    last_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
    seal: Mapped[str] = mapped_column(HASH, info=_INFO)
    """Two keyed hashes, of the beginning and of the end, 32 digits each: who owns the database, not
    the key, cannot move either."""
