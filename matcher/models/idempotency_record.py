"""Requests that carried an ``Idempotency-Key``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    HASH,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    about,
    by_value,
)
from matcher.models.sealing import SealedText
from matcher.models.states import RequestState
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.OPERATION, Retention.OPERATION)


class IdempotencyRecord(Identified, Base):
    """One request and the answer it got; `actor` is the account, or ``public``."""

    __tablename__ = "idempotency_record"
    __table_args__ = (UniqueConstraint("key", "route", "actor"),)
    retention = Retention.OPERATION

    key: Mapped[str] = mapped_column(String(255), info=_INFO)
    route: Mapped[str] = mapped_column(String(200), info=_INFO)
    actor: Mapped[str] = mapped_column(String(40), info=_INFO)
    request_hash: Mapped[str] = mapped_column(HASH, info=_INFO)
    state: Mapped[RequestState] = mapped_column(by_value(RequestState), info=_INFO)
    status: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    headers: Mapped[dict[str, Any] | None] = mapped_column(JsonText, info=_INFO)
    body: Mapped[str | None] = mapped_column(
        SealedText("idempotency_record.body"),
        info=about(Purpose.OPERATION, Retention.OPERATION, DataClass.HEALTH),
    )
    """The answer can hold whatever its caller may see, load abilities among it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
