"""Learned artefacts of a region: which there are, what people did with them, how they hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    CODE,
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
from matcher.models.states import ArtefactState, ArtefactStep, ChangeState
from matcher.models.types import JsonText, UtcDateTime

_INFO = about(Purpose.ACCOUNTABILITY, Retention.REFERENCE)
_PROMOTED = text("state = 'promoted'")
_ASKED = text("state = 'asked'")


class Artefact(Scoped, Versioned, Base):
    """One artefact; its two files stand beside the data keys, and only the manifest stands here.

    `manifest_sha256` is what its files are asked for on every load. A breaker that tripped says
    why in `tripped_code` and lets nothing through until somebody tries again.
    """

    __tablename__ = "artefact"
    __table_args__ = (
        UniqueConstraint("region", "name"),
        Index(
            "uq_artefact_region_promoted",
            "region",
            unique=True,
            sqlite_where=_PROMOTED,
            postgresql_where=_PROMOTED,
        ),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    name: Mapped[str] = mapped_column(String(120), info=_INFO)
    """The name of its file, without the ending."""
    manifest_sha256: Mapped[str] = mapped_column(HASH, info=_INFO)
    manifest: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
    """The whole manifest: features, hashes, metrics, audit; nothing of anybody."""
    is_synthetic: Mapped[bool] = mapped_column(info=_INFO)
    state: Mapped[ArtefactState] = mapped_column(by_value(ArtefactState), info=_INFO)
    promoted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """When it last began to serve."""
    tripped_code: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    tripped_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)


class ArtefactChange(Scoped, Versioned, Base):
    """One step that somebody took or asked for; a promotion is confirmed by somebody else."""

    __tablename__ = "artefact_change"
    __table_args__ = (
        # The database holds it too: no race makes one person two.
        CheckConstraint("asked_by IS NULL OR decided_by <> asked_by", name="two_people"),
        Index(
            "uq_artefact_change_region_asked",
            "region",
            unique=True,
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    artefact_id: Mapped[int] = mapped_column(
        ForeignKey("artefact.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    step: Mapped[ArtefactStep] = mapped_column(by_value(ArtefactStep), info=_INFO)
    why: Mapped[str] = mapped_column(String(200), info=_INFO)
    state: Mapped[ChangeState] = mapped_column(by_value(ChangeState), info=_INFO)
    asked_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    """None is the operator on the command line, or an account that is gone."""
    decided_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)


class ArtefactMonth(Scoped, Identified, Base):
    """What was seen of an artefact in one month: counts and distances, nothing of anybody."""

    __tablename__ = "artefact_month"
    __table_args__ = (UniqueConstraint("artefact_id", "month"),)
    retention = Retention.REFERENCE

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    artefact_id: Mapped[int] = mapped_column(
        ForeignKey("artefact.id", ondelete="CASCADE"), info=_INFO
    )
    month: Mapped[date] = mapped_column(info=_INFO)
    """Its first day; a person counts in the month of the prediction."""
    people: Mapped[int] = mapped_column(info=_INFO)
    drift: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
    """By feature the population stability index, in ten-thousandths; None with too few."""
    calibration: Mapped[dict[str, Any]] = mapped_column(JsonText, info=_INFO)
    """`known` and `unknown` outcomes, `happened`, and the sum of the predictions of the known."""
    watched_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
