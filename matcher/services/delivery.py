"""Sending what waits in the outbox: in order for each receiver, each message once.

A sender claims a message for the length of a lease, hands it over outside any transaction, and
records in one transaction that it was taken over. Only when the process dies between the two does
a message go out again, after the lease: then with the same Message-ID and the same bytes, by which
the receiving side can tell that it is the same one. SMTP knows no closer promise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from matcher.models import Message
from matcher.models.states import Channel, MessageState
from matcher.post.outgoing import Outgoing, Refused, Sender, SendingFault, Unreachable
from matcher.reference.messages import SECRET, Words, load_messages, words_of
from matcher.reference.outbox import SendingRules, load_sending_rules
from matcher.repositories import messages as rows
from matcher.repositories.messages import Claimed, MessageLine
from matcher.services.calendar import day_of
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
_KEY_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Postbox:
    """The roads that are there. `public_url` is where this service is found, without a slash at
    the end; `sms_gateway` is an address with ``{number}``, None when there is none."""

    sender: Sender | None
    mail_from: str
    public_url: str
    sms_gateway: str | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """By which roads messages can go out by themselves."""
        if self.sender is None:
            return ()
        return (Channel.MAIL,) if self.sms_gateway is None else (Channel.MAIL, Channel.SMS)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one round did; `put_with_letters` counts text messages for which there is no road."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    put_with_letters: int = 0
    reachable: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.sent or self.put_off or self.refused or self.put_with_letters)


def list_messages(session: Session, state: str | None, *, limit: int) -> list[MessageLine]:
    """The newest messages of every region, for the operator: without anything about receivers."""
    wanted = None if state is None else choice(MessageState, "state", state)
    return rows.overview(session, wanted, limit)


def deliver_due(
    session: Session, postbox: Postbox, *, clock: Clock, limit: int | None = None
) -> Delivery:
    """Sends whatever may go out now, oldest first; stops when the other side is gone.

    Several may run at the same time. `limit` is how many to try at most.
    """
    letters = _without_a_road(session, postbox)
    counts = {"sent": 0, "put_off": 0, "refused": 0}
    reachable = True
    while reachable and (limit is None or sum(counts.values()) < limit):
        outcome = _deliver_one(session, postbox, clock)
        if outcome is None:
            break
        name, reachable = outcome
        counts[name] += 1
    return Delivery(**counts, put_with_letters=letters, reachable=reachable)


def _without_a_road(session: Session, postbox: Postbox) -> int:
    if postbox.sms_gateway is not None:
        return 0
    with unit_of_work(session):
        found = rows.put_with_letters(session, Channel.SMS)
    if found:
        log.info("sms_put_with_letters", messages=found)
    return found


def _deliver_one(session: Session, postbox: Postbox, clock: Clock) -> tuple[str, bool] | None:
    """What became of the next message and whether the other side is there; None without one."""
    sender = postbox.sender
    if sender is None:
        return None
    now = clock()
    rules = load_sending_rules(day_of(now))
    with unit_of_work(session):
        claimed = rows.claim_next(session, postbox.channels, now=now, lease=rules.lease)
    if claimed is None:
        return None
    try:
        sender.deliver(outgoing_of(claimed, postbox))
    except SendingFault as fault:
        return _put_off(session, claimed, fault, rules, clock())
    _record_sent(session, claimed, clock())
    return "sent", True


def outgoing_of(claimed: Claimed, postbox: Postbox) -> Outgoing:
    """The message as it goes out, the same at every try."""
    words = words_in(claimed.template, claimed.params, claimed.language, postbox.public_url)
    is_sms = claimed.channel is Channel.SMS
    number = claimed.recipient.lstrip("+")
    gateway = postbox.sms_gateway or ""
    return Outgoing(
        key=key_of(claimed.id, claimed.dedupe_key, claimed.created_at),
        sender=postbox.mail_from,
        recipient=gateway.format(number=number) if is_sms else claimed.recipient,
        subject="" if is_sms else words.subject,
        text=words.sms if is_sms else words.text,
        composed_at=claimed.created_at,
    )


def words_in(template: str, params: Mapping[str, str], language: str, public_url: str) -> Words:
    """A message in words."""
    texts = load_messages(language)
    return words_of(texts.templates[template], params, language=language, public_url=public_url)


def key_of(message_id: int, dedupe_key: str, created_at: datetime) -> str:
    """What identifies a message to the outside: made of its row, and telling nothing of it."""
    text = f"{message_id}\0{dedupe_key}\0{created_at.isoformat()}"
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


def _record_sent(session: Session, claimed: Claimed, now: datetime) -> None:
    with unit_of_work(session):
        row = rows.held(session, claimed, also_later=True)
        if row is not None:
            record_sent(row, now)


def record_sent(row: Message, now: datetime) -> None:
    """The message went out: whom it went to and what opens something are forgotten."""
    kinds = load_messages(row.language).templates[row.template].params
    row.state = MessageState.SENT
    row.sent_at = now
    row.claimed_until = None
    row.recipient = None
    row.params = {name: value for name, value in row.params.items() if kinds[name] not in SECRET}


def _put_off(
    session: Session, claimed: Claimed, fault: SendingFault, rules: SendingRules, now: datetime
) -> tuple[str, bool]:
    given_up = now - claimed.created_at >= rules.give_up_after
    is_refused = isinstance(fault, Refused) or given_up
    with unit_of_work(session):
        row = rows.held(session, claimed)
        if row is not None:
            row.claimed_until = None
            row.next_try_at = now + rules.pause_after(row.attempts)
            if is_refused:
                row.state = MessageState.FAILED
    # The text of a fault names no receiver.
    log.warning("message_not_sent", message=claimed.id, why=str(fault), for_good=is_refused)
    return ("refused" if is_refused else "put_off"), not isinstance(fault, Unreachable)
