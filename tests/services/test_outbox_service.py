"""The outbox: each event once, in the unit of work it belongs to, and nothing in it to read."""

from __future__ import annotations

import dataclasses
import threading
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import InvalidInput
from matcher.models import Account, Candidate, Message
from matcher.models.database import make_engine, session_factory
from matcher.models.states import Channel, ContactKind, MessageState
from matcher.repositories import candidates
from matcher.repositories.scope import scoped, unscoped
from matcher.services.outbox import Receiver, receiver_of_account, receiver_of_candidate, send
from matcher.services.transactions import unit_of_work
from tests.services.conftest import account_of


@pytest.fixture
def person(session: Session, now: datetime) -> Candidate:
    row = candidates.new_row(CandidateProfile(reference="K-1", region="demo"), now=now, owner=None)
    session.add(row)
    session.commit()
    return row


def queued(session: Session) -> list[Message]:
    return list(session.scalars(unscoped(select(Message).order_by(Message.id), Message)))


@pytest.mark.parametrize(
    ("kind", "value", "channel", "recipient"),
    [
        (ContactKind.MAIL, "iemand@voorbeeld.example", Channel.MAIL, "iemand@voorbeeld.example"),
        (ContactKind.MAIL, " iemand@voorbeeld.example ", Channel.MAIL, "iemand@voorbeeld.example"),
        (ContactKind.MAIL, "geen adres", Channel.LETTER, None),
        (ContactKind.MAIL, "a@b.example\nBcc: c@d.example", Channel.LETTER, None),
        (ContactKind.SMS, "06 12 34 56 78", Channel.SMS, "0612345678"),
        (ContactKind.SMS, "12", Channel.LETTER, None),
        (ContactKind.CALL, "06 12 34 56 78", Channel.LETTER, None),
        (ContactKind.LETTER, None, Channel.LETTER, None),
        (ContactKind.VIA_COACH, None, Channel.LETTER, None),
        (None, "iemand@voorbeeld.example", Channel.LETTER, None),
    ],
)
def test_a_candidate_is_reached_in_the_way_that_they_chose(
    person: Candidate,
    kind: ContactKind | None,
    value: str | None,
    channel: Channel,
    recipient: str | None,
) -> None:
    person.contact_kind, person.contact_value = kind, value
    found = receiver_of_candidate(person)
    assert (found.channel, found.recipient) == (channel, recipient)
    assert (found.candidate_id, found.account_id, found.region) == (person.id, None, "demo")


def test_an_account_is_reached_by_mail_or_the_missing_address_is_named(
    session: Session, coach: Viewer
) -> None:
    row = session.get_one(Account, coach.account_id)
    with pytest.raises(InvalidInput, match="email"):
        receiver_of_account(row)
    row.email = "coach@voorbeeld.example"
    found = receiver_of_account(row)
    assert (found.channel, found.recipient) == (Channel.MAIL, "coach@voorbeeld.example")


@pytest.mark.parametrize(
    "change",
    [
        {"candidate_id": None},
        {"account_id": 3},
        {"recipient": None},
        {"channel": Channel.LETTER},
    ],
)
def test_a_receiver_is_one_person_by_one_road(change: dict[str, object]) -> None:
    good = Receiver(Channel.SMS, "nl", "demo", candidate_id=1, recipient="0612345678")
    with pytest.raises(ValueError, match=r"receiver|recipient"):
        dataclasses.replace(good, **change)  # type: ignore[arg-type]  # one of the cases above


def test_one_event_is_told_once(session: Session, person: Candidate, now: datetime) -> None:
    to = receiver_of_candidate(person)
    first = send(session, template="candidate_ready", to=to, dedupe_key="a", now=now)
    again = send(session, template="candidate_ready", to=to, dedupe_key="a", now=now)
    other = send(session, template="candidate_ready", to=to, dedupe_key="b", now=now)
    assert first == again != other
    assert [row.state for row in queued(session)] == [MessageState.QUEUED] * 2


def test_a_message_falls_with_the_unit_of_work_that_asked_for_it(
    session: Session, person: Candidate, now: datetime
) -> None:
    def change_of_mind() -> None:
        with unit_of_work(session):
            to = receiver_of_candidate(person)
            send(session, template="candidate_ready", to=to, dedupe_key="a", now=now)
            raise RuntimeError("not after all")

    with pytest.raises(RuntimeError, match="after all"):
        change_of_mind()
    assert queued(session) == []


@pytest.mark.parametrize(
    ("template", "params"),
    [
        ("no_such_message", {}),
        ("candidate_ready", {"name": "x"}),
        ("something_ready", {}),
        ("something_ready", {"link": "Een zin over iemand"}),
    ],
)
def test_a_message_that_could_say_more_is_refused(
    session: Session, person: Candidate, now: datetime, template: str, params: dict[str, str]
) -> None:
    to = receiver_of_candidate(person)
    with pytest.raises(ValueError, match=template) as refused:
        send(session, template=template, to=to, dedupe_key="a", params=params, now=now)
    assert "Een zin" not in str(refused.value)
    assert queued(session) == []


def test_staff_of_another_region_find_no_message(
    session: Session, person: Candidate, stranger: Viewer, contractor: Viewer, now: datetime
) -> None:
    lead = account_of(session, "lead", Right.LEAD)
    to = receiver_of_candidate(person)
    send(session, template="candidate_ready", to=to, dedupe_key="a", now=now)
    seen = {
        viewer.account_id: len(session.scalars(scoped(select(Message), viewer, Message)).all())
        for viewer in (lead, stranger, contractor)
    }
    assert seen == {lead.account_id: 1, stranger.account_id: 0, contractor.account_id: 0}


def test_two_who_tell_the_same_event_at_the_same_moment_queue_it_once(
    database_url: str, now: datetime
) -> None:
    engine = make_engine(database_url)
    with session_factory(engine)() as session:
        row = candidates.new_row(
            CandidateProfile(reference="K-1", region="demo"), now=now, owner=None
        )
        session.add(row)
        session.commit()
        to = receiver_of_candidate(row)
    start = threading.Barrier(2)
    numbers: list[int] = []
    faults: list[BaseException] = []

    def tell() -> None:
        try:
            start.wait()
            with session_factory(engine)() as own, unit_of_work(own):
                numbers.append(
                    send(own, template="candidate_ready", to=to, dedupe_key="a", now=now)
                )
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session_factory(engine)() as session:
        assert len(queued(session)) == 1
    engine.dispose()
    assert faults == []
    assert len(set(numbers)) == 1
