"""What candidates ask about their own file, and notes in their or their coach's words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import (
    CODE,
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
from matcher.models.sealing import SealedText
from matcher.models.states import NoteKind, OwnRequestKind, OwnRequestState
from matcher.models.types import UtcDateTime

_SAY = about(Purpose.OWN_SAY, Retention.CASE, DataClass.PERSONAL)
_TEXT = about(Purpose.OWN_SAY, Retention.CASE, DataClass.SENSITIVE)


class OwnRequest(Scoped, Versioned, Base):
    """One request of a candidate, with the day by which somebody answers it.

    For a correction `field` names what is wrong and `text` what it should be, in own words.
    """

    __tablename__ = "own_request"
    __table_args__ = (Index("ix_own_request_candidate_state", "candidate_id", "state"),)
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_SAY)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_SAY
    )
    kind: Mapped[OwnRequestKind] = mapped_column(by_value(OwnRequestKind), info=_SAY)
    field: Mapped[str | None] = mapped_column(CODE, info=_SAY)
    text: Mapped[str | None] = mapped_column(SealedText("own_request.text"), info=_TEXT)
    state: Mapped[OwnRequestState] = mapped_column(by_value(OwnRequestState), info=_SAY)
    due_on: Mapped[date] = mapped_column(info=_SAY)
    answer: Mapped[str | None] = mapped_column(SealedText("own_request.answer"), info=_TEXT)
    handled_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_SAY
    )
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_SAY)


class CandidateNote(Scoped, Identified, Base):
    """A note beside a file; the candidate reads every one, and can put an own one next to it."""

    __tablename__ = "candidate_note"
    __table_args__ = (Index("ix_candidate_note_candidate", "candidate_id", "id"),)
    retention = Retention.CASE

    region: Mapped[str] = mapped_column(REGION, info=_SAY)
    candidate_id: Mapped[int] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), info=_SAY
    )
    kind: Mapped[NoteKind] = mapped_column(by_value(NoteKind), info=_SAY)
    field: Mapped[str | None] = mapped_column(CODE, info=_SAY)
    """What it is about; None for a note on the whole."""
    beside_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate_note.id", ondelete="SET NULL"), info=_SAY
    )
    """The coach's note that a candidate's own note stands next to."""
    text: Mapped[str] = mapped_column(SealedText("candidate_note.text"), info=_TEXT)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=_SAY
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_SAY)
