"""The one outbox: whoever has something to tell somebody queues it here, with what it is about.

A message stands or falls with the unit of work that queued it, and goes out later and elsewhere
(``matcher.services.delivery``). Texts are neutral by construction: ``data/messages/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.errors import InvalidInput, Problem
from matcher.models import Account, Candidate, Message
from matcher.models.states import Channel, ContactKind, MessageState
from matcher.models.wall import whole_database
from matcher.reference.messages import check_params, load_messages
from matcher.repositories import messages as rows
from matcher.services.checks import phone_number
from matcher.services.transactions import unit_of_work

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""What a mail server can be told as it stands: no spaces, no line ends, no quoted names."""
MAIL_ADDRESS_MAXIMUM = 254


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets a message and by which road: one account or one candidate, never both.

    `recipient` is a mail address or a telephone number; a letter has none, for whoever prints it
    knows where it goes. `region` says whose staff see that it did not go out.
    """

    channel: Channel
    language: str
    region: str | None
    account_id: int | None = None
    candidate_id: int | None = None
    recipient: str | None = None

    def __post_init__(self) -> None:
        if (self.account_id is None) == (self.candidate_id is None):
            raise ValueError("a receiver is one account or one candidate")
        if (self.recipient is None) != (self.channel is Channel.LETTER):
            raise ValueError("a mail and an sms have a recipient, a letter has none")


def is_mail_address(text: str | None) -> bool:
    """Whether mail can be sent to `text`."""
    return (
        text is not None
        and len(text) <= MAIL_ADDRESS_MAXIMUM
        and MAIL_ADDRESS.fullmatch(text) is not None
    )


def receiver_of_account(row: Account) -> Receiver:
    """An account, by mail; InvalidInput when it has no address to write to."""
    if not is_mail_address(row.email):
        raise InvalidInput([Problem("email", "is missing; fill in where mail can be sent")])
    return Receiver(
        channel=Channel.MAIL,
        language=row.language,
        region=row.region,
        account_id=row.id,
        recipient=row.email,
    )


def receiver_of_candidate(row: Candidate, *, language: str = "nl") -> Receiver:
    """A candidate, in the way that they chose.

    Mail and sms go out by themselves. Whoever wants to be called, to get a letter or to hear it
    from their coach, or whose address cannot be used, gets it on paper or by word of mouth: it
    waits on the page with letters.
    """
    value = (row.contact_value or "").strip()
    channel, recipient = Channel.LETTER, None
    if row.contact_kind is ContactKind.MAIL and is_mail_address(value):
        channel, recipient = Channel.MAIL, value
    elif row.contact_kind is ContactKind.SMS and phone_number(value):
        channel, recipient = Channel.SMS, phone_number(value)
    return Receiver(
        channel=channel,
        language=language,
        region=row.region,
        candidate_id=row.id,
        recipient=recipient,
    )


def send(
    session: Session,
    *,
    template: str,
    to: Receiver,
    dedupe_key: str,
    params: Mapping[str, str] | None = None,
    now: datetime,
) -> int:
    """Queues one message in the caller's unit of work; its number.

    `template` is one of ``data/messages``. `params` are those of the template: an address is a
    path of this service such as ``/kennismaken``, a code has letters and digits, a day is ISO 8601.
    `dedupe_key` names the event, such as ``introduction:12:accepted:account:3``: asked for again,
    nothing is added and the first number is given. ValueError for an unknown template or a param
    that could hold more than it may.
    """
    texts = load_messages(to.language)
    if template not in texts.templates:
        raise ValueError(f"there is no message {template!r}")
    given = dict(params or {})
    check_params(texts.templates[template], given)
    with unit_of_work(session):
        earlier = rows.find_by_key(session, dedupe_key)
        if earlier is not None:
            return earlier.id
        row = Message(
            dedupe_key=dedupe_key,
            template=template,
            channel=to.channel,
            language=texts.language,
            region=to.region,
            account_id=to.account_id,
            candidate_id=to.candidate_id,
            recipient=to.recipient,
            params=given,
            state=MessageState.QUEUED,
            attempts=0,
            created_at=now,
            next_try_at=now,
            claimed_until=None,
            sent_at=None,
        )
        try:
            # Whoever has something to tell reaches no message of the one who is told.
            with whole_database(session, "queueing a message", Message), session.begin_nested():
                session.add(row)
        except IntegrityError:
            # Somebody else queued the same event at the same moment: once is enough.
            first = rows.find_by_key(session, dedupe_key)
            if first is None:
                raise
            return first.id
        return row.id
