"""Changes of accounts that two people decide: one asks, another confirms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    Base,
    DataClass,
    Purpose,
    Retention,
    Versioned,
    about,
    by_value,
)
from matcher.models.states import ChangeState
from matcher.models.types import JsonText, UtcDateTime

_ACCESS = about(Purpose.ACCESS, Retention.ACCOUNT)


class RightsChange(Versioned, Base):
    """One change asked for; `account_id` is None for an account that is to be made.

    `wanted` holds the fields of the account as they are to be (rights, region, organisation,
    name, email, language, is_active, reset_second_factor). Who asks never confirms.
    """

    __tablename__ = "rights_change"
    retention = Retention.ACCOUNT

    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_ACCESS
    )
    wanted: Mapped[dict[str, Any]] = mapped_column(
        JsonText, info=about(Purpose.ACCESS, Retention.ACCOUNT, DataClass.PERSONAL)
    )
    why: Mapped[str] = mapped_column(String(200), info=_ACCESS)
    state: Mapped[ChangeState] = mapped_column(by_value(ChangeState), info=_ACCESS)
    asked_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_ACCESS
    )
    """None is the operator on the command line."""
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_ACCESS
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_ACCESS)
