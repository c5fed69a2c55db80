"""Somebody at a firm who asks to be called: the first screen of a contractor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    REGION,
    Base,
    DataClass,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.states import CallOutcome, CallStatus
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.VACANCY, Retention.VACANCY)
_CONTACT = about(Purpose.CONTACT, Retention.VACANCY, DataClass.PERSONAL)
_OPEN = "vacancy_id IS NOT NULL AND status <> 'done'"


class CallRequest(Scoped, Versioned, Base):
    """*Bel mij*: five fields, and by when and by whom the call is made.

    With `vacancy_id` nobody asked: somebody of the centre calls about that open place.
    """

    __tablename__ = "call_request"
    __table_args__ = (
        Index("ix_call_request_region_status_due", "region", "status", "due_at"),
        Index(
            "uq_call_request_vacancy_id_open",
            "vacancy_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        between("people", 1, 500),
    )
    retention = Retention.VACANCY

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    vacancy_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    name: Mapped[str] = mapped_column(String(120), info=_CONTACT)
    phone: Mapped[str] = mapped_column(String(40), info=_CONTACT)
    work: Mapped[str] = mapped_column(String(500), info=_INFO)
    people: Mapped[int | None] = mapped_column(SmallInteger, info=_INFO)
    wanted_when: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    status: Mapped[CallStatus] = mapped_column(by_value(CallStatus), info=_INFO)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    handled_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    outcome: Mapped[CallOutcome | None] = mapped_column(by_value(CallOutcome), info=_INFO)
