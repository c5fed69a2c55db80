"""Links that let somebody in once: invitations, mail links, and a candidate's link with a code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    HASH,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    about,
    between,
    by_value,
)
from matcher.models.states import LinkKind
from matcher.models.types import UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.SESSION)
_SECRET = about(Purpose.ACCESS, Retention.SESSION, DataClass.SECRET)


class SignInLink(Identified, Base):
    """One link; `secret_hash` is the SHA-256 of the 32 random bytes in the address.

    A candidate's link stays good until it expires and always asks for the code, which goes by
    another road; every other link works once.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = (between("failed", 0, 100),)
    retention = Retention.SESSION

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_ACCESS
    )
    kind: Mapped[LinkKind] = mapped_column(by_value(LinkKind), info=_ACCESS)
    secret_hash: Mapped[str] = mapped_column(HASH, unique=True, info=_SECRET)
    code_hash: Mapped[str | None] = mapped_column(String(200), info=_SECRET)
    """argon2id of the short code; None for links without one."""
    failed: Mapped[int] = mapped_column(SmallInteger, info=_ACCESS)
    """Wrong codes so far; after a few the link is dead and the coach gives a new one."""
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_ACCESS
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
