"""Letters, and messages that need another road, on the page of staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right
from matcher.models import Candidate, Message
from matcher.models.states import MessageState
from matcher.repositories.scope import unscoped
from matcher.services.outbox import receiver_of_candidate, send
from tests.web.forms import form_of
from tests.web.introducing_pages import FIRM, MONDAY, Clock, Stage, body_of, by_clock, messages_of


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    yield from by_clock(sqlite_url, clock)


def test_a_letter_is_looked_at_printed_and_posted(stage: Stage) -> None:
    person = stage.person(contact_kind="letter")
    stage.invite(person, stage.place())
    page = stage.coach.get("/brieven")
    assert "1 brief ligt klaar." in page.text
    assert "wil een brief" in page.text
    (message,) = messages_of(stage)
    letter = body_of(stage.coach.get(f"/brieven/{message.id}"))
    assert "Er staat iets voor u klaar." in letter
    sheet = letter[letter.index('class="card letter"') : letter.index("</section>")]
    assert "Een" not in sheet
    assert FIRM not in sheet
    token = {"csrf_token": form_of(page, "csrf_token")["csrf_token"]}
    assert stage.coach.post(f"/brieven/{message.id}/gepost", data=token).status_code == 303
    assert "Er ligt geen brief klaar." in stage.coach.get("/brieven").text
    assert stage.coach.get(f"/brieven/{message.id}").status_code == 404
    assert stage.coach.post(f"/brieven/{message.id}/gepost", data=token).status_code == 404
    assert [row.state for row in messages_of(stage)] == [MessageState.SENT]


def test_a_message_that_did_not_get_through_goes_to_the_letters(stage: Stage) -> None:
    person = stage.person(contact_kind="mail", contact_value="een@voorbeeld.example")
    with stage.session() as session:
        row = session.scalars(
            unscoped(select(Candidate).where(Candidate.id == person), Candidate)
        ).one()
        to = receiver_of_candidate(row)
        send(session, template="candidate_ready", to=to, dedupe_key="a", now=MONDAY)
        (message,) = session.scalars(unscoped(select(Message), Message))
        message.state, message.attempts = MessageState.FAILED, 1
        session.commit()
        number = message.id
    page = stage.coach.get("/brieven")
    assert "kwam niet aan" in page.text
    assert "voorbeeld.example" not in body_of(page)
    token = {"csrf_token": form_of(page, "csrf_token")["csrf_token"]}
    stage.coach.post(f"/brieven/{number}/papier", data=token)
    assert "1 brief ligt klaar." in stage.coach.get("/brieven").text


def test_letters_of_a_colleague_are_not_found(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    stage.invite(stage.person(), stage.place())
    (message,) = messages_of(stage)
    colleague = sign_in_as(Right.COACH, name="colleague")
    assert "Er ligt geen brief klaar." in colleague.get("/brieven").text
    assert colleague.get(f"/brieven/{message.id}").status_code == 404
    assert stage.firm.get("/brieven").status_code == 403
