"""Bearer tokens of machines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import HASH, Base, DataClass, Identified, Purpose, Retention, about
from matcher.models.types import CodeSet, UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.ACCOUNT)


class ApiToken(Identified, Base):
    """One token: its prefix to find it by and to log, and the SHA-256 of the whole.

    A fast hash suffices: the secret is 32 random bytes, which nobody can guess.
    """

    __tablename__ = "api_token"
    retention = Retention.ACCOUNT

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_ACCESS
    )
    prefix: Mapped[str] = mapped_column(String(16), unique=True, info=_ACCESS)
    secret_hash: Mapped[str] = mapped_column(
        HASH, info=about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.SECRET)
    )
    title: Mapped[str] = mapped_column(String(120), info=_ACCESS)
    scopes: Mapped[frozenset[str]] = mapped_column(CodeSet, info=_ACCESS)
    """Rights that the token may use, as far as its account still holds them."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
