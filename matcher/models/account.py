"""Accounts of people, and the tokens by which machines use them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import REGION, Base, DataClass, Purpose, Retention, Versioned, about
from matcher.models.types import CodeSet, UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.ACCOUNT)
_PERSON = about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.PERSONAL)
_SECRET = about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.SECRET)


class Account(Versioned, Base):
    """Somebody who signs in. One account can hold several rights (practice.md section 2).

    Failed attempts are counted to be shown to the owner; they lock nothing, because a lock would
    let any stranger shut the owner out. Guessing is slowed down per address, at the edge.
    """

    __tablename__ = "account"
    retention = Retention.ACCOUNT

    name: Mapped[str] = mapped_column(String(120), unique=True, info=_PERSON)
    """What one signs in with, in lower case."""
    password_hash: Mapped[str | None] = mapped_column(String(200), info=_SECRET)
    """argon2id; None for an account that only machines use."""
    totp_secret: Mapped[str | None] = mapped_column(String(64), info=_SECRET)
    rights: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_ACCESS)
    region: Mapped[str | None] = mapped_column(REGION, info=_ACCESS)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), index=True, info=_ACCESS
    )
    language: Mapped[str] = mapped_column(String(5), info=_ACCESS)
    is_active: Mapped[bool] = mapped_column(info=_ACCESS)
    failed_sign_ins: Mapped[int] = mapped_column(info=_ACCESS)
    """Failed attempts since the last good one."""
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
