"""Placements: somebody at work at an employer, moments of contact, and how it is months later."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from matcher.domain.follow_up import OutcomeSource
from matcher.models.base import (
    CODE,
    HASH,
    REGION,
    Base,
    DataClass,
    Identified,
    Purpose,
    Retention,
    Scoped,
    Versioned,
    about,
    between,
    by_value,
)
from matcher.models.states import PlacementState
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.GUIDANCE, Retention.PLACEMENT, DataClass.PERSONAL)
_OPEN = text("state IN ('trial', 'agreed', 'active')")


class Placement(Scoped, Versioned, Base):
    """One person at one employer, from what was agreed to its end.

    It belongs to the person and the employer: no contract of the employer that ends closes it.
    Without an introduction it is work that somebody found otherwise: no employer is kept then, and
    none sees it. `hours_a_week`, `contract` and the days are None while they are not known.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_candidate_id_open",
            "candidate_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_placement_region_starts_on", "region", "starts_on"),
        Index("ix_placement_vacancy_id_state", "vacancy_id", "state"),
        between("hours_a_week", 0, 168),
        CheckConstraint("(ended_on IS NULL) = (state <> 'ended')", name="ended"),
        CheckConstraint("trial_until >= trial_from", name="trial"),
    )
    retention = Retention.PLACEMENT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="SET NULL"), unique=True, info=_INFO
    )
    """The introduction that it follows; None once that was erased."""
    vacancy_id: Mapped[int | None] = mapped_column(
        ForeignKey("vacancy.id", ondelete="SET NULL"), info=_INFO
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    sector: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    arrangement: Mapped[str | None] = mapped_column(String(120), info=_INFO)
    """The arrangement that the vacancy named on the day it was agreed."""
    state: Mapped[PlacementState] = mapped_column(by_value(PlacementState), info=_INFO)
    starts_on: Mapped[date] = mapped_column(info=_INFO)
    hours_a_week: Mapped[float | None] = mapped_column(Float, info=_INFO)
    contract: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """One of ``job_contracts``."""
    contract_until: Mapped[date | None] = mapped_column(info=_INFO)
    first_pay_on: Mapped[date | None] = mapped_column(info=_INFO)
    without_introduction: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """Why there was none: one of ``no_introduction``; None after one."""
    trial_from: Mapped[date | None] = mapped_column(info=_INFO)
    """The first day of the trial; None without one. After it, `starts_on` is what was agreed."""
    trial_until: Mapped[date | None] = mapped_column(info=_INFO)
    trial_reason: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """Why it is longer than is usual: one of ``trial_reasons``."""
    intends_contract: Mapped[bool | None] = mapped_column(info=_INFO)
    """That the employer means to offer a contract after it; a trial needs a yes."""
    contract_id: Mapped[int | None] = mapped_column(
        ForeignKey("contract.id", ondelete="SET NULL"), index=True, info=_INFO
    )
    """The public contract that the job counts for; its end ends nothing here."""
    pseudonym: Mapped[str | None] = mapped_column(String(20), unique=True, info=_INFO)
    """For who looks at jobs and not at people; None until there is a contract."""
    plan: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """What becomes of the job when the contract ends: one of ``retender_plans``."""
    plan_due_on: Mapped[date | None] = mapped_column(info=_INFO)
    plan_owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    plan_consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """The candidate's own yes to a transfer; a no and no answer are one."""
    ended_on: Mapped[date | None] = mapped_column(info=_INFO)
    ended_code: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """One of ``placement_endings``; an employer never reads it."""


class PlacementEvent(Scoped, Identified, Base):
    """One step of a placement, or one moment of contact: who, when, and how it was."""

    __tablename__ = "placement_event"
    __table_args__ = (
        Index("ix_placement_event_placement_id", "placement_id", "id"),
        UniqueConstraint("placement_id", "key"),
    )
    retention = Retention.PLACEMENT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    placement_id: Mapped[int] = mapped_column(
        ForeignKey("placement.id", ondelete="CASCADE"), info=_INFO
    )
    step: Mapped[str] = mapped_column(CODE, info=_INFO)
    result: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """One of ``contact_results``; None for a step."""
    on: Mapped[date] = mapped_column(info=_INFO)
    by_right: Mapped[str] = mapped_column(CODE, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    key: Mapped[str | None] = mapped_column(HASH, info=_INFO)
    """Of the request that took the step, as a hash: the same request again changes nothing."""


class PlacementOutcome(Scoped, Identified, Base):
    """What one source said about one moment; several stand beside each other.

    No row is no answer: unknown, and never a success.
    """

    __tablename__ = "placement_outcome"
    __table_args__ = (
        UniqueConstraint("placement_id", "months", "source"),
        between("hours_a_week", 0, 168),
        between("months", 1, 120),
    )
    retention = Retention.PLACEMENT

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    placement_id: Mapped[int] = mapped_column(
        ForeignKey("placement.id", ondelete="CASCADE"), info=_INFO
    )
    months: Mapped[int] = mapped_column(SmallInteger, info=_INFO)
    source: Mapped[OutcomeSource] = mapped_column(by_value(OutcomeSource), info=_INFO)
    status: Mapped[str] = mapped_column(CODE, info=_INFO)
    """One of ``outcome_statuses``."""
    hours_a_week: Mapped[float | None] = mapped_column(Float, info=_INFO)
    contract: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    reason: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """What a decision between answers rests on: one of ``outcome_reasons``."""
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
