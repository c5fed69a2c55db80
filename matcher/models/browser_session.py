"""Sessions of people in a browser, kept at this side so that ending one ends every copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
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
from matcher.models.states import SignInMethod
from matcher.models.types import UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.SESSION)


class BrowserSession(Identified, Base):
    """One session: the cookie carries the secret, this row its SHA-256."""

    __tablename__ = "browser_session"
    retention = Retention.SESSION

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_ACCESS
    )
    secret_hash: Mapped[str] = mapped_column(
        HASH, unique=True, info=about(Purpose.ACCESS, Retention.SESSION, DataClass.SECRET)
    )
    method: Mapped[SignInMethod] = mapped_column(by_value(SignInMethod), info=_ACCESS)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_ACCESS)
    """The last request, to the minute."""
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    money_open_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
    """Until when the candidate's own money answers are unfolded, after the code was given again."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
