"""Sending: in order for each receiver, each message once, whatever the other side does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Account, Candidate, Message
from matcher.models.database import make_engine, session_factory
from matcher.models.states import Channel, ContactKind, MessageState
from matcher.post.folder import FolderSender
from matcher.post.outgoing import Outgoing, Refused, TryLater, Unreachable
from matcher.post.smtp import Security, SmtpSender, SmtpServer
from matcher.reference.outbox import load_sending_rules
from matcher.repositories import candidates
from matcher.repositories.scope import unscoped
from matcher.services import letters
from matcher.services.delivery import Postbox, deliver_due, key_of, list_messages
from matcher.services.outbox import Receiver, receiver_of_candidate, send
from tests.services.conftest import account_of
from tests.services.mail_server import MailServer

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
RULES = load_sending_rules(NOW.date())


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


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


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


# --- what arrives ---------------------------------------------------------------------------------


def test_a_mail_arrives_as_it_was_written_and_what_it_held_is_forgotten(
    session: Session, server: MailServer, clock: Clock
) -> None:
    to = mailed(session, "a")
    params = {"link": "/mijn/binnen/" + "x" * 43, "until": "2027-03-15"}
    send(session, template="candidate_link", to=to, dedupe_key="a", params=params, now=NOW)
    session.commit()

    done = deliver_due(session, postbox_at(server), clock=clock)

    assert (done.sent, done.put_off, done.refused) == (1, 0, 0)
    (mail,) = server.received
    assert mail["Subject"] == "Er staat iets klaar"
    assert mail["To"] == "a@voorbeeld.example"
    assert mail["From"] == "no-reply@voorbeeld.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "https://voorbeeld.example/mijn/binnen/" + "x" * 43 in text.replace("=\r\n", "")
    assert "15 maart 2027" in text
    (row,) = messages(session)
    assert (row.state, row.recipient, row.params) == (
        MessageState.SENT, None, {"until": "2027-03-15"},
    )  # fmt: skip
    assert row.sent_at == NOW
    assert deliver_due(session, postbox_at(server), clock=clock).is_empty


def test_a_text_message_goes_through_the_gateway_as_one_short_line(
    session: Session, server: MailServer, clock: Clock
) -> None:
    to = receiver_of_candidate(person(session, ContactKind.SMS, "06 12 34 56 78"))
    send(session, template="candidate_code", to=to, dedupe_key="a",
         params={"code": "123456"}, now=NOW)  # fmt: skip
    session.commit()

    gateway = postbox_at(server, sms_gateway="{number}@sms.voorbeeld.example")
    assert deliver_due(session, gateway, clock=clock).sent == 1

    (mail,) = server.received
    assert mail["To"] == "0612345678@sms.voorbeeld.example"
    assert mail["Subject"] is None
    assert mail.get_content().strip() == "De code voor uw pagina is 123456. Geef hem aan niemand."


def test_without_a_gateway_a_text_message_waits_with_the_letters(
    session: Session, server: MailServer, clock: Clock
) -> None:
    to = receiver_of_candidate(person(session, ContactKind.SMS, "06 12 34 56 78"))
    queue(session, to, "a")
    done = deliver_due(session, postbox_at(server), clock=clock)
    assert (done.sent, done.put_with_letters, server.received) == (0, 1, [])
    (row,) = messages(session)
    assert (row.channel, row.recipient, row.state) == (
        Channel.LETTER, None, MessageState.QUEUED,
    )  # fmt: skip


# --- order, and each once -------------------------------------------------------------------------


def test_a_mail_server_gone_for_a_day_keeps_the_order_and_sends_each_once(
    session: Session, server: MailServer, clock: Clock
) -> None:
    receivers = {name: mailed(session, name) for name in ("a", "b", "c")}
    postbox = postbox_at(server)
    server.stop()
    written = 0
    for _quarter in range(4 * 24):
        if written < 30:
            name = "abc"[written % 3]
            send(session, template="candidate_ready", to=receivers[name],
                 dedupe_key=f"{name}{written}", now=clock.at)  # fmt: skip
            session.commit()
            written += 1
        done = deliver_due(session, postbox, clock=clock)
        assert (done.sent, done.refused) == (0, 0)
        clock.move(minutes=15)
    assert set(states(session)) == {"queued"}

    server.start()
    for _quarter in range(4 * 3):
        deliver_due(session, postbox, clock=clock)
        clock.move(minutes=15)

    assert set(states(session)) == {"sent"}
    assert len({str(mail["Message-ID"]) for mail in server.received}) == 30
    for name in "abc":
        dates = [mail["Date"].datetime for mail in server.received
                 if mail["To"] == f"{name}@voorbeeld.example"]  # fmt: skip
        assert len(dates) == 10
        assert dates == sorted(dates)


def test_one_receiver_who_is_put_off_holds_back_only_their_own_later_messages(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(session, mailed(session, "vol"), "v1", "v2")
    queue(session, mailed(session, "vrij"), "w1", "w2")
    server.answer = lambda to: "450 mailbox full" if to.startswith("vol") else "250 OK"

    done = deliver_due(session, postbox_at(server), clock=clock)
    assert (done.sent, done.put_off) == (2, 1)
    assert states(session) == ["queued", "queued", "sent", "sent"]

    server.answer = lambda _to: "250 OK"
    assert deliver_due(session, postbox_at(server), clock=clock).is_empty, "not before the pause"
    clock.move(minutes=2)
    assert deliver_due(session, postbox_at(server), clock=clock).sent == 2
    first, second = server.ids_for("vol@voorbeeld.example")
    assert first != second
    assert states(session) == ["sent"] * 4


@pytest.mark.parametrize("where", ["answer", "at_data"])
def test_a_refusal_for_good_is_not_tried_again_and_lets_the_next_one_through(
    session: Session, server: MailServer, clock: Clock, where: str
) -> None:
    queue(session, mailed(session, "weg"), "a", "b")
    tries: list[str] = []

    def once_refused(to: str) -> str:
        tries.append(to)
        return "550 no such mailbox" if len(tries) == 1 else "250 OK"

    setattr(server, where, once_refused)
    done = deliver_due(session, postbox_at(server), clock=clock)
    assert (done.sent, done.refused) == (1, 1)
    assert states(session) == ["failed", "sent"]
    clock.move(days=10)
    assert deliver_due(session, postbox_at(server), clock=clock).is_empty


def test_pauses_grow_and_after_days_the_message_is_given_up(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(session, mailed(session, "vol"), "a")
    server.answer = lambda _to: "450 later"
    waits: list[timedelta] = []
    while states(session) == ["queued"]:
        deliver_due(session, postbox_at(server), clock=clock)
        (row,) = messages(session)
        waits.append(row.next_try_at - clock.at)
        clock.at = row.next_try_at
    assert waits[: len(RULES.pauses)] == list(RULES.pauses)
    assert set(waits[len(RULES.pauses) :]) == {RULES.pauses[-1]}
    assert states(session) == ["failed"]
    assert clock.at - NOW >= RULES.give_up_after


def test_a_server_that_is_gone_is_tried_once_a_round(
    session: Session, server: MailServer, clock: Clock
) -> None:
    for name in ("a", "b", "c"):
        queue(session, mailed(session, name), name)
    server.stop()
    done = deliver_due(session, postbox_at(server), clock=clock)
    assert (done.put_off, done.reachable) == (1, False)
    assert [row.attempts for row in messages(session)] == [1, 0, 0]


class Dies(Exception):
    """Stands for a process that is killed."""


class KilledAfterHandingOver:
    """Hands over and is killed before anybody can note it."""

    def __init__(self, behind: Any) -> None:
        self.behind = behind
        self.alive = False

    def deliver(self, outgoing: Outgoing) -> None:
        self.behind.deliver(outgoing)
        if not self.alive:
            raise Dies


def test_killed_between_handing_over_and_noting_it_the_same_mail_goes_again_after_the_lease(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(session, mailed(session, "a"), "a1", "a2")
    postbox = postbox_at(server)
    sender = KilledAfterHandingOver(postbox.sender)
    killed = Postbox(sender, postbox.mail_from, postbox.public_url)
    with pytest.raises(Dies):
        deliver_due(session, killed, clock=clock)
    assert deliver_due(session, postbox, clock=clock).is_empty, "the lease still runs"

    clock.at += RULES.lease
    assert deliver_due(session, postbox, clock=clock).sent == 2
    first, again, second = server.received
    assert first["Message-ID"] == again["Message-ID"] != second["Message-ID"]
    assert first.as_bytes() == again.as_bytes(), "the receiving side can tell it is the same one"
    assert states(session) == ["sent", "sent"]


def test_what_went_out_is_noted_although_the_lease_ended_meanwhile(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(session, mailed(session, "a"), "a")
    postbox = postbox_at(server)

    class Slow:
        def deliver(self, outgoing: Outgoing) -> None:
            assert postbox.sender is not None
            postbox.sender.deliver(outgoing)
            clock.at += 2 * RULES.lease

    assert deliver_due(session, Postbox(Slow(), "x@y.example", ""), clock=clock).sent == 1
    assert deliver_due(session, postbox, clock=clock).is_empty
    assert len(server.received) == 1


@pytest.fixture
def own_engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def test_several_senders_at_once_send_each_message_once_and_in_order(
    own_engine: Engine, server: MailServer, clock: Clock
) -> None:
    with session_factory(own_engine)() as session:
        for name in ("a", "b", "c", "d"):
            queue(session, mailed(session, name), *(f"{name}{n}" for n in range(6)))
        keys = [row.id for row in messages(session)]
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            with session_factory(own_engine)() as session:
                # Another may hold what is next, so a round can end before all is done.
                while "queued" in states(session):
                    deliver_due(session, postbox_at(server), clock=clock)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(server.received) == len(keys) == 24
    with session_factory(own_engine)() as session:
        rows = messages(session)
    assert {row.attempts for row in rows} == {1}
    by_id = {row.id: row for row in rows}
    assert [by_id[number].state for number in keys] == [MessageState.SENT] * 24
    for name in ("a", "b", "c", "d"):
        ids = server.ids_for(f"{name}@voorbeeld.example")
        assert ids == list(dict.fromkeys(ids))
        assert ids == _ids_in_order(rows, name, keys)


def _ids_in_order(rows: list[Message], name: str, keys: list[int]) -> list[str]:
    return [
        f"<{key_of(row.id, row.dedupe_key, row.created_at)}@voorbeeld.example>"
        for row in rows
        if row.dedupe_key.startswith(name) and row.id in keys
    ]


# --- the roads themselves -------------------------------------------------------------------------


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


# --- letters, and what did not get through --------------------------------------------------------


def test_a_letter_waits_for_somebody_who_posts_it_and_is_then_forgotten(
    session: Session, triager: Viewer, server: MailServer, clock: Clock
) -> None:
    to = receiver_of_candidate(person(session, ContactKind.LETTER, None))
    params = {"link": "/mijn/binnen/abc", "until": "2027-03-15"}
    send(session, template="candidate_link", to=to, dedupe_key="a", params=params, now=NOW)
    session.commit()
    assert deliver_due(session, postbox_at(server), clock=clock).is_empty

    (line,) = letters.list_letters(session, triager)
    letter = letters.open_letter(session, triager, line.id, public_url="https://v.example")
    assert "https://v.example/mijn/binnen/abc" in letter.words.text
    letters.mark_posted(session, triager, line.id, now=NOW)
    (row,) = messages(session)
    assert (row.state, row.params) == (MessageState.SENT, {"until": "2027-03-15"})
    assert letters.list_letters(session, triager) == []
    with pytest.raises(NotFound):
        letters.mark_posted(session, triager, line.id, now=NOW)


def test_letters_are_for_whoever_reaches_the_person(
    session: Session,
    coach: Viewer,
    colleague: Viewer,
    stranger: Viewer,
    service_point: Viewer,
    contractor: Viewer,
) -> None:
    mine = person(session, ContactKind.LETTER, None)
    mine.owner_account_id = coach.account_id
    session.commit()
    queue(session, receiver_of_candidate(mine), "a")
    lead = account_of(session, "lead", Right.LEAD)
    seen = [len(letters.list_letters(session, who)) for who in (coach, lead, colleague, stranger)]
    assert seen == [1, 1, 0, 0]
    (line,) = letters.list_letters(session, coach)
    with pytest.raises(NotFound):
        letters.open_letter(session, stranger, line.id, public_url="")
    for viewer in (service_point, contractor):
        with pytest.raises(Forbidden):
            letters.list_letters(session, viewer)


def test_what_did_not_get_through_is_shown_and_can_be_passed_on_by_hand(
    session: Session, triager: Viewer, server: MailServer, clock: Clock
) -> None:
    queue(session, mailed(session, "weg"), "a")
    assert letters.list_not_sent(session, triager) == []
    server.answer = lambda _to: "550 no"
    deliver_due(session, postbox_at(server), clock=clock)
    (line,) = letters.list_not_sent(session, triager)
    assert (line.state, line.reference) == (MessageState.FAILED, "K-0")
    assert "voorbeeld" not in repr(line)

    letters.as_letter(session, triager, line.id, now=NOW)
    assert letters.list_not_sent(session, triager) == []
    (letter,) = letters.list_letters(session, triager)
    letters.mark_posted(session, triager, letter.id, now=NOW)
    assert states(session) == ["sent"]


def test_the_operator_sees_no_receiver(session: Session, coach: Viewer) -> None:
    account = session.get_one(Account, coach.account_id)
    account.email = "coach@voorbeeld.example"
    session.commit()
    queue(session, mailed(session, "a"), "a")
    (line,) = list_messages(session, "queued", limit=10)
    assert (line.template, line.reference, line.first_name) == ("candidate_ready", None, None)
    assert "voorbeeld" not in repr(line)
    assert list_messages(session, "sent", limit=10) == []
