"""The roads themselves: a mail server whose answers are sorted, and a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.post.folder import FolderSender
from matcher.post.outgoing import Outgoing, Refused, TryLater, Unreachable
from matcher.post.smtp import Security, SmtpSender, SmtpServer
from tests.services.mail_server import (
    NOW,
    Clock,
    MailServer,
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


OUTGOING = Outgoing("abc", "van@voorbeeld.example", "aan@voorbeeld.example", "S", "Tekst\n", NOW)


@pytest.mark.parametrize(
    ("where", "answer", "fault"),
    [
        ("answer", "450 later", TryLater),
        ("answer", "550 unknown", Refused),
        ("at_data", "451 later", TryLater),
        ("at_data", "554 refused", Refused),
        ("answer", "421 closing", Unreachable),
    ],
)
def test_answers_of_the_server_are_sorted_and_no_fault_names_the_receiver(
    server: MailServer, where: str, answer: str, fault: type[Exception]
) -> None:
    setattr(server, where, lambda _to: answer)
    sender = SmtpSender(SmtpServer("127.0.0.1", server.port, Security.NONE, timeout=5))
    with pytest.raises(fault) as raised:
        sender.deliver(OUTGOING)
    assert "voorbeeld" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("security", "username"),
    [(Security.STARTTLS, None), (Security.TLS, None), (Security.NONE, "iemand")],
)
def test_a_server_that_does_not_offer_what_was_asked_gets_nothing(
    server: MailServer, security: Security, username: str | None
) -> None:
    settings = SmtpServer("127.0.0.1", server.port, security, 5, username, "geheim")
    with pytest.raises(Unreachable):
        SmtpSender(settings).deliver(OUTGOING)
    assert server.received == []


def test_the_folder_holds_each_message_once_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    FolderSender(folder).deliver(OUTGOING)
    FolderSender(folder).deliver(OUTGOING)
    (file,) = folder.iterdir()
    assert file.name == "abc.eml"
    assert b"Message-ID: <abc@voorbeeld.example>\r\n" in file.read_bytes()
    assert folder.stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o077 == 0
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.raises(Unreachable):
        FolderSender(blocked).deliver(OUTGOING)
