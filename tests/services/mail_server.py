"""A real mail server in a thread, and what tests send to it.

The server can be gone, busy or picky; `Clock` only moves when it is told to.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.candidate import CandidateProfile
from matcher.models import Candidate, Message
from matcher.models.states import ContactKind
from matcher.post.smtp import Security, SmtpSender, SmtpServer
from matcher.repositories import candidates
from matcher.repositories.scope import unscoped
from matcher.services.delivery import Postbox
from matcher.services.outbox import Receiver, receiver_of_candidate, send

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
OK = "250 OK"


@dataclass
class MailServer:
    """`received` in the order of taking over; `answer` decides what each receiver hears."""

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    answer: Callable[[str], str] = lambda _address: OK
    at_data: Callable[[str], str] = lambda _address: OK
    _controller: Controller | None = None

    def start(self) -> None:
        """Opens the door, at the same address every time."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Closes the door: nobody answers any more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def ids_for(self, address: str) -> list[str]:
        """The Message-IDs that came for an address, in order."""
        return [str(mail["Message-ID"]) for mail in self.received if mail["To"] == address]

    async def handle_RCPT(  # noqa: N802  the name that the library looks for
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.answer(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  the name that the library looks for
        self, _server: SMTP, _session: Any, envelope: Any
    ) -> str:
        answer = self.at_data(envelope.rcpt_tos[0])
        if answer == OK:
            mail = message_from_bytes(envelope.content, policy=policy.SMTP)
            assert isinstance(mail, EmailMessage)
            self.received.append(mail)
        return answer


def postbox_at(server: MailServer, **more: Any) -> Postbox:
    sender = SmtpSender(SmtpServer("127.0.0.1", server.port, Security.NONE, timeout=5))
    given = {"mail_from": "no-reply@voorbeeld.example", "public_url": "https://voorbeeld.example"}
    return Postbox(sender=sender, **{**given, **more})


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, **amount: float) -> None:
        self.at += timedelta(**amount)


def person(session: Session, kind: ContactKind | None, value: str | None) -> Candidate:
    number = len(session.scalars(unscoped(select(Candidate.id), Candidate)).all())
    profile = CandidateProfile(reference=f"K-{number}", region="demo")
    row = candidates.new_row(profile, now=NOW, owner=None)
    row.contact_kind, row.contact_value = kind, value
    session.add(row)
    session.commit()
    return row


def mailed(session: Session, name: str) -> Receiver:
    return receiver_of_candidate(person(session, ContactKind.MAIL, f"{name}@voorbeeld.example"))


def queue(session: Session, to: Receiver, *keys: str) -> None:
    for key in keys:
        send(session, template="candidate_ready", to=to, dedupe_key=key, now=NOW)
    session.commit()


def messages(session: Session) -> list[Message]:
    statement = select(Message).order_by(Message.id)
    return list(
        session.scalars(unscoped(statement, Message).execution_options(populate_existing=True))
    )


def states(session: Session) -> list[str]:
    return [row.state.value for row in messages(session)]
