"""Letters, and what did not get through: for whoever reaches the person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Account
from matcher.models.states import ContactKind, MessageState
from matcher.services import letters
from matcher.services.delivery import deliver_due, list_messages
from matcher.services.outbox import receiver_of_candidate, send
from tests.services.conftest import account_of
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


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


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
