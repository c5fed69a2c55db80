"""Versions of a region's rules that officers write, and what people did with each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from matcher.models.base import (
    HASH,
    REGION,
    Base,
    Identified,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    by_value,
)
from matcher.models.states import RuleState, RuleStep
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.REFERENCE)
_APPROVED = text("state = 'approved'")
_OPEN = "state IN ('draft', 'withdrawn')"


class RuleVersion(Scoped, Versioned, Base):
    """One version of the rules of a region, from draft to approved; the first one is its file.

    `name` is the version that the text gives itself. Nothing in it is of anybody. Once approved
    nothing of it changes: triggers of the migration refuse it, and its removal.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        Index("ix_rule_version_region_state", "region", "state"),
        Index(
            "uq_rule_version_region_name_approved",
            *("region", "name"),
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
        Index(
            "uq_rule_version_region_effective_on_approved",
            *("region", "effective_on"),
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
        # The database holds it too: no race makes one person two.
        CheckConstraint("second_by <> author_id", name="two_people"),
        CheckConstraint(
            f"{_OPEN} OR not_asked_why IS NOT NULL OR (council_advice IS NOT NULL"
            " AND council_on IS NOT NULL AND council_done IS NOT NULL)",
            name="council",
        ),
        CheckConstraint(
            "state NOT IN ('offered', 'approved') OR (effective_on IS NOT NULL"
            " AND name IS NOT NULL)",
            name="effective",
        ),
        CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name="approved"),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    name: Mapped[str | None] = mapped_column(String(40), info=_INFO)
    text: Mapped[str] = mapped_column(Text, info=_INFO)
    base_id: Mapped[int | None] = mapped_column(
        ForeignKey("rule_version.id", ondelete="RESTRICT"), info=_INFO
    )
    """The version it was begun from; None is the file."""
    state: Mapped[RuleState] = mapped_column(by_value(RuleState), info=_INFO)
    effective_on: Mapped[date | None] = mapped_column(info=_INFO)
    """The first day on which it holds."""
    council_advice: Mapped[str | None] = mapped_column(Text, info=_INFO)
    council_on: Mapped[date | None] = mapped_column(info=_INFO)
    council_done: Mapped[str | None] = mapped_column(Text, info=_INFO)
    """What was done with the advice."""
    not_asked_why: Mapped[str | None] = mapped_column(String(500), info=_INFO)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    """None is an account that is gone."""
    second_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)


class RuleVersionStep(Scoped, Identified, Base):
    """One step of a version; steps are only added."""

    __tablename__ = "rule_version_step"
    __table_args__ = (Index("ix_rule_version_step_rule_version_id_id", "rule_version_id", "id"),)
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    rule_version_id: Mapped[int] = mapped_column(
        ForeignKey("rule_version.id", ondelete="CASCADE"), info=_INFO
    )
    step: Mapped[RuleStep] = mapped_column(by_value(RuleStep), info=_INFO)
    why: Mapped[str | None] = mapped_column(String(500), info=_INFO)
    text_sha256: Mapped[str] = mapped_column(HASH, info=_INFO)
    """Of the text as it was at this step."""
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)


class RuleVersionIsFinalError(RuntimeError):
    """A program error: code tried to change a version that was approved, or a step."""


@event.listens_for(RuleVersion, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, target: RuleVersion) -> None:
    earlier = inspect(target).attrs.state.history.deleted
    was = earlier[0] if earlier else target.state
    if was is RuleState.APPROVED:
        raise RuleVersionIsFinalError("a version that was approved is never changed")


@event.listens_for(RuleVersionStep, "before_update")
def _refuse_edit(_mapper: Mapper[Any], _connection: Connection, _target: RuleVersionStep) -> None:
    raise RuleVersionIsFinalError("a step is never changed; another one is added")
