"""Seats in programmes on the candidate's own pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models import CandidateAccount
from matcher.models.database import session_factory
from matcher.services import seats
from matcher.services.candidates import create_candidate
from tests.services.seating import PLANNER, programme, seat_row
from tests.web.forms import form_of
from tests.web.introducing_pages import MONDAY

FIRST, LATER = date(2027, 1, 4), date(2027, 2, 1)


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    with session_factory(engine_of(app))() as session:
        yield session


@pytest.fixture
def course(database: Session) -> int:
    return programme(database, MONDAY, starts_on=(FIRST, LATER), seats=1)


@pytest.mark.parametrize(
    ("given", "state", "words"),
    [
        ("yes", "booked", "U hebt een plek"),
        ("no", "not_taken", "Er verandert niets voor u"),
        ("ask_coach", "offered", "Uw coach neemt contact met u op"),
    ],
)
def test_a_candidate_answers_an_offer_on_the_own_page(
    database: Session,
    sign_in_as: Callable[..., FlaskClient],
    course: int,
    given: str,
    state: str,
    words: str,
) -> None:
    own = sign_in_as(Right.CANDIDATE, name="own")
    number = database.scalars(select(CandidateAccount.candidate_id)).one()
    seat = seats.offer(database, PLANNER, number, course, LATER, now=MONDAY)
    assert "U kunt een plek krijgen: Werkritme" in own.get("/mijn").text
    page = own.get(f"/mijn/programmas/{seat.id}")

    data = {**form_of(page, "once"), "answer": given}
    done = own.post(f"/mijn/programmas/{seat.id}", data=data, follow_redirects=True)

    assert words in done.text
    database.rollback()
    assert seat_row(database, seat.id).state == state
    listed = "Werkritme" in own.get("/mijn/programmas").text
    assert listed is (given != "no")


def test_a_programme_about_money_stays_behind_the_code(
    database: Session, sign_in_as: Callable[..., FlaskClient]
) -> None:
    own = sign_in_as(Right.CANDIDATE, name="own")
    number = database.scalars(select(CandidateAccount.candidate_id)).one()
    course = programme(
        database, MONDAY, kind="money_support", title="Rust over geld", starts_on=(LATER,)
    )
    seat = seats.offer(database, PLANNER, number, course, LATER, now=MONDAY)

    for address in ("/mijn", "/mijn/programmas"):
        assert "Rust over geld" not in own.get(address).text
    assert own.get(f"/mijn/programmas/{seat.id}").status_code == 404


def test_what_somebody_else_was_offered_is_not_there(
    database: Session, sign_in_as: Callable[..., FlaskClient], course: int
) -> None:
    own = sign_in_as(Right.CANDIDATE, name="own")
    other = create_candidate(database, PLANNER, {"first_name": "Kim"}, now=MONDAY)
    seat = seats.offer(database, PLANNER, other.id, course, LATER, now=MONDAY)

    assert own.get(f"/mijn/programmas/{seat.id}").status_code == 404
