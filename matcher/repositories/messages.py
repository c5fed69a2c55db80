"""The outbox: what waits, what may go out now, and what was claimed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Candidate, Message
from matcher.models.states import Channel, ContactKind, MessageState
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this sender and nobody else may send until its lease ends."""

    id: int
    dedupe_key: str
    template: str
    channel: Channel
    language: str
    recipient: str
    params: Mapping[str, str]
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MessageLine(Record):
    """One message as staff see it: no address, and of its content only which template."""

    id: int
    template: str
    channel: Channel
    state: MessageState
    attempts: int
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    candidate_id: int | None
    reference: str | None = None
    first_name: str | None = None
    contact_kind: ContactKind | None = None


def find_by_key(session: Session, dedupe_key: str) -> Message | None:
    """The message that was asked for under that key."""
    # Asked by the service itself, in the unit of work of whatever the message is about.
    statement = select(Message).where(Message.dedupe_key == dedupe_key)
    return session.scalar(unscoped(statement, Message))


def count_about(session: Session, begin: str) -> int:
    """How many messages were asked for under keys with that beginning."""
    # As in `find_by_key`.
    statement = select(func.count()).select_from(Message)
    found = statement.where(Message.dedupe_key.startswith(begin, autoescape=True))
    return session.scalar(unscoped(found, Message)) or 0


# --- sending: the service itself, for everybody --------------------------------------------------


def claim_next(
    session: Session, channels: Collection[Channel], *, now: datetime, lease: timedelta
) -> Claimed | None:
    """The oldest message that may go out, claimed by the caller until `now` + `lease`.

    A message waits for every earlier one to the same receiver by the same road. What another
    sender holds is passed over: on PostgreSQL by SKIP LOCKED, on SQLite because one writes at a
    time.
    """
    earlier = aliased(Message)
    waits = (
        select(earlier.id)
        .where(
            earlier.id < Message.id,
            earlier.state == MessageState.QUEUED,
            earlier.channel == Message.channel,
            or_(
                earlier.account_id == Message.account_id,
                earlier.candidate_id == Message.candidate_id,
            ),
        )
        .exists()
    )
    statement = (
        select(Message)
        .where(
            Message.state == MessageState.QUEUED,
            Message.channel.in_(list(channels)),
            Message.next_try_at <= now,
            or_(Message.claimed_until.is_(None), Message.claimed_until <= now),
            ~waits,
        )
        .order_by(Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
        .execution_options(populate_existing=True)
    )
    row = session.scalar(unscoped(statement, Message))
    if row is None:
        return None
    row.claimed_until = now + lease
    row.attempts += 1
    session.flush()
    return Claimed(
        id=row.id,
        dedupe_key=row.dedupe_key,
        template=row.template,
        channel=row.channel,
        language=row.language,
        recipient=row.recipient or "",
        params=row.params,
        attempts=row.attempts,
        created_at=row.created_at,
    )


def held(session: Session, claimed: Claimed, *, also_later: bool = False) -> Message | None:
    """The row of a claim, locked, while it is still this sender's; None otherwise.

    `also_later` finds it as well when the lease ended and somebody else claimed it: what went out
    has gone out, whoever holds it now.
    """
    statement = select(Message).where(
        Message.id == claimed.id, Message.state == MessageState.QUEUED
    )
    if not also_later:
        statement = statement.where(Message.attempts == claimed.attempts)
    statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(unscoped(statement, Message))


def put_with_letters(session: Session, channel: Channel) -> int:
    """Puts what waits for a road that is not there with the letters; how many."""
    statement = (
        update(Message)
        .where(
            Message.state == MessageState.QUEUED,
            Message.channel == channel,
            Message.claimed_until.is_(None),
        )
        .values(channel=Channel.LETTER, recipient=None)
        .execution_options(synchronize_session=False)
    )
    result: Any = session.execute(unscoped(statement, Message))
    return int(result.rowcount)


def overview(session: Session, state: MessageState | None, limit: int) -> list[MessageLine]:
    """The newest messages of every region, for the operator: without anything about receivers."""
    statement = select(Message)
    if state is not None:
        statement = statement.where(Message.state == state)
    statement = statement.order_by(Message.id.desc()).limit(limit)
    return [_line(row) for row in session.scalars(unscoped(statement, Message))]


# --- staff ----------------------------------------------------------------------------------------


def letters(viewer: Viewer) -> Select[Any]:
    """Letters to candidates in reach that nobody posted yet, with whom they are for."""
    return _to_candidates(viewer).where(
        Message.state == MessageState.QUEUED, Message.channel == Channel.LETTER
    )


def not_sent(viewer: Viewer, *, tries: int) -> Select[Any]:
    """Messages to candidates in reach that were refused, or put off so many times."""
    return _to_candidates(viewer).where(
        Message.channel != Channel.LETTER,
        or_(
            Message.state == MessageState.FAILED,
            (Message.state == MessageState.QUEUED) & (Message.attempts >= tries),
        ),
    )


def _to_candidates(viewer: Viewer) -> Select[Any]:
    columns: tuple[Any, ...] = (Message, Candidate)
    statement = select(*columns).join(Candidate, Candidate.id == Message.candidate_id)
    return scoped(statement, viewer, Message, Candidate)


def lines_of(session: Session, statement: Select[Any]) -> list[MessageLine]:
    """Messages with whom they are for, the oldest first."""
    found = session.execute(statement.order_by(Message.id))
    return [_line(row[0], row[1]) for row in found]


def get_row(session: Session, statement: Select[Any], message_id: int) -> tuple[Message, Candidate]:
    """One message out of `letters` or `not_sent`, locked; NotFound for any other."""
    found = session.execute(
        statement.where(numbered(Message, message_id))
        .with_for_update(of=Message)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound("message")
    return found[0], found[1]


def _line(row: Message, candidate: Candidate | None = None) -> MessageLine:
    return MessageLine(
        id=row.id,
        template=row.template,
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        candidate_id=row.candidate_id,
        reference=None if candidate is None else candidate.reference,
        first_name=None if candidate is None else candidate.first_name,
        contact_kind=None if candidate is None else candidate.contact_kind,
    )
