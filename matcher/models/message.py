"""The outbox: messages that wait until they went out, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String
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
    about,
    by_value,
)
from matcher.models.sealing import SealedJson, SealedText
from matcher.models.states import Channel, MessageState
from matcher.models.types import UtcDateTime

_INFO = about(Purpose.CONTACT, Retention.MESSAGE)
_PERSON = about(Purpose.CONTACT, Retention.MESSAGE, DataClass.PERSONAL)


class Message(Scoped, Identified, Base):
    """One message to one receiver; the text is made from `template` when it goes out.

    `dedupe_key` is unique: the same event asks for the same message once, however often it is
    tried. `recipient` and the secret part of `params` are emptied as soon as it was sent.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_id", "state", "id"),)
    retention = Retention.MESSAGE

    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True, info=_INFO)
    template: Mapped[str] = mapped_column(CODE, info=_INFO)
    channel: Mapped[Channel] = mapped_column(by_value(Channel), info=_INFO)
    language: Mapped[str] = mapped_column(String(5), info=_INFO)
    region: Mapped[str | None] = mapped_column(REGION, info=_INFO)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=_PERSON
    )
    candidate_id: Mapped[int | None] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), index=True, info=_PERSON
    )
    recipient: Mapped[str | None] = mapped_column(SealedText("message.recipient"), info=_PERSON)
    """Address or number; a letter has none here, whoever prints it knows where it goes."""
    params: Mapped[dict[str, Any]] = mapped_column(SealedJson("message.params"), info=_PERSON)
    state: Mapped[MessageState] = mapped_column(by_value(MessageState), info=_INFO)
    attempts: Mapped[int] = mapped_column(SmallInteger, info=_INFO)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, info=_INFO)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
    """While somebody is sending it, nobody else does."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=_INFO)
