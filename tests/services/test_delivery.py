"""Sending: in order for each receiver, each message once, whatever the other side does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.models import Message
from matcher.models.database import make_engine, session_factory
from matcher.models.states import Channel, ContactKind, MessageState
from matcher.post.outgoing import Outgoing
from matcher.reference.outbox import load_sending_rules
from matcher.services.delivery import Postbox, deliver_due, key_of
from matcher.services.outbox import receiver_of_candidate, send
from tests.services.mail_server import (
    NOW,
    Clock,
    MailServer,
    mailed,
    messages,
    person,
    postbox_at,
    queue,
    states,
)

RULES = load_sending_rules(NOW.date())


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


# --- what arrives ------------------------------------------------------------------------------


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


# --- order, and each once ----------------------------------------------------------------------


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
