"""Introductions of a candidate to a contractor, each with a consent of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
    by_value,
)
from matcher.models.request_states import HalfDay
from matcher.models.sealing import SealedJson
from matcher.models.states import ConsentAnswer, IntroductionState
from matcher.models.types import CodeList, UtcDateTime

_INFO = about(Purpose.INTRODUCTION, Retention.INTRODUCTION, DataClass.PERSONAL)
_HEALTH = about(Purpose.INTRODUCTION, Retention.INTRODUCTION, DataClass.HEALTH)


class Introduction(Scoped, Versioned, Base):
    """One introduction. `state` is what contractor and staff may know.

    A refusal, an invitation that expired and somebody who is not available any more all stay
    *invited* until `expires_at` and are *closed* from then on: nobody but the candidate can tell
    them apart, by text or by day. A refusal does not even touch this row: it stands in a table of
    its own. `shown` is the exact preview that the candidate agreed to: later changes of the file
    show the contractor nothing more; it is emptied when the introduction closes.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        Index("ix_introduction_vacancy_state", "vacancy_id", "state"),
        Index("ix_introduction_candidate", "candidate_id", "id"),
    )
    retention = Retention.INTRODUCTION

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate.id", ondelete="SET NULL"), info=_INFO
    )
    """None once the person was erased: the line stays as it was until it expires by itself."""
    vacancy_id: Mapped[int] = mapped_column(
        ForeignKey("vacancy.id", ondelete="CASCADE"), info=_INFO
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    pseudonym: Mapped[str] = mapped_column(String(20), unique=True, info=_INFO)
    """Good for this vacancy only: the same person has another one elsewhere."""
    state: Mapped[IntroductionState] = mapped_column(by_value(IntroductionState), info=_INFO)
    answer: Mapped[ConsentAnswer | None] = mapped_column(by_value(ConsentAnswer), info=_INFO)
    """Yes, or withdrawn after a yes; a refusal never stands here."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    invited_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    meet_on: Mapped[date | None] = mapped_column(info=_INFO)
    """The day of a half-day on site, with `meet_half`; None for any other introduction."""
    meet_half: Mapped[HalfDay | None] = mapped_column(by_value(HalfDay), info=_INFO)
    shares: Mapped[tuple[str, ...]] = mapped_column(CodeList, info=_INFO)
    """What the candidate ticked beyond the minimum: a way to be reached, the goal."""
    shown: Mapped[dict[str, Any]] = mapped_column(SealedJson("introduction.shown"), info=_HEALTH)
    asked_coach_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """The candidate wants to talk first, which is neither a yes nor a no."""
    talked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    closed_code: Mapped[str | None] = mapped_column(CODE, info=_INFO)
    """One of ``introduction_endings``."""


class IntroductionRefusal(Scoped, Identified, Base):
    """That somebody said no, for that somebody alone; gone with the introduction.

    Apart from the introduction, so that a refusal changes no version, no time and no entry of the
    log that anybody else could notice.
    """

    __tablename__ = "introduction_refusal"
    retention = Retention.INTRODUCTION

    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_INFO
    )
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), unique=True, info=_INFO
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    key: Mapped[str | None] = mapped_column(HASH, info=_INFO)
    """As in `IntroductionEvent`."""


class IntroductionEvent(Scoped, Identified, Base):
    """One step of an introduction that everybody on it may know: who did what, when."""

    __tablename__ = "introduction_event"
    __table_args__ = (
        Index("ix_introduction_event_introduction", "introduction_id", "id"),
        UniqueConstraint("introduction_id", "key"),
    )
    retention = Retention.INTRODUCTION

    region: Mapped[str] = mapped_column(REGION, info=_INFO)
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), info=_INFO
    )
    step: Mapped[str] = mapped_column(CODE, info=_INFO)
    by_right: Mapped[str] = mapped_column(CODE, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_INFO
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    key: Mapped[str | None] = mapped_column(HASH, info=_INFO)
    """Of the request that took the step, as a hash: the same request again changes nothing."""
