"""One message on its way out, as bytes that are the same at every try, and what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol


class SendingFault(Exception):
    """The message was not taken over; the text names no receiver."""


class Unreachable(SendingFault):
    """The other side cannot be used at all now; trying other messages makes no sense either."""


class TryLater(SendingFault):
    """This message cannot be taken over now, but later perhaps."""


class Refused(SendingFault):
    """This message will never be taken over for this receiver."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. `key` is the same at every try: 1 to 64 letters, digits and dashes."""

    key: str
    sender: str
    recipient: str
    subject: str
    text: str
    composed_at: datetime


class Sender(Protocol):
    """Something that takes messages over."""

    def deliver(self, outgoing: Outgoing) -> None:
        """Hands one message over, or raises a `SendingFault`."""


def message_id(outgoing: Outgoing) -> str:
    """The Message-ID, by which a receiver recognises a message that came twice."""
    return f"<{outgoing.key}@{Address(addr_spec=outgoing.sender).domain}>"


def as_mail(outgoing: Outgoing) -> bytes:
    """The message as it goes over the line, the same bytes at every try."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = message_id(outgoing)
    mail["Date"] = format_datetime(outgoing.composed_at)
    mail["From"] = outgoing.sender
    mail["To"] = outgoing.recipient
    if outgoing.subject:
        mail["Subject"] = outgoing.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(outgoing.text, cte="quoted-printable")
    return mail.as_bytes()
