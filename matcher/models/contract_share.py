"""Part of what a contract owes, passed to another firm that accepted it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.shares import WHOLE, ShareState
from matcher.models.base import (
    REGION,
    Base,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.GROUP_AUDIT, Retention.CONTRACT)
_OPEN = "state IN ('asked', 'accepted')"


class ContractShare(Scoped, Versioned, Base):
    """One part, in hundredths of a percent; what is not passed stays with the firm itself.

    A firm has one open share of a contract at most. It counts from the day it was accepted until
    one of both ends it; then it is the giver's again.
    """

    __tablename__ = "contract_share"
    __table_args__ = (
        Index(
            "uq_contract_share_contract_id_organisation_id_open",
            "contract_id",
            "organisation_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        CheckConstraint("organisation_id <> giver_id", name="two_firms"),
        between("part", 1, WHOLE),
    )
    retention = Retention.CONTRACT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    giver_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), info=_INFO
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    """Who took it."""
    part: Mapped[int] = mapped_column(info=_INFO)
    state: Mapped[ShareState] = mapped_column(by_value(ShareState), info=_INFO)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
