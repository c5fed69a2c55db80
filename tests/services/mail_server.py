"""A real mail server in a thread, which can be gone, busy, picky, or taken over and forget."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

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
