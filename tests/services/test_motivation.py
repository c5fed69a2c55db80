"""The text that motivates a decision says what it has to, and nothing of money or home."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.decisions import record_decision
from matcher.services.motivation import PARTS, motivation
from tests.services.test_fits import READY


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> int:
    values = {**READY, "money": 1, "home_base": 1, "language_read": None}
    return create_candidate(session, coach, values, now=now).id


def decide(
    session: Session, coach: Viewer, person: int, on: date, now: datetime, *, chosen: str | None
) -> int:
    assessed = assess_candidate(session, coach, person, on=on, now=now)
    return record_decision(
        session,
        coach,
        person,
        subject="lane",
        chosen=chosen or str(assessed.lane),
        reason="candidate_wish",
        text="Begint liever in een kleine ploeg.",
        assessment_id=assessed.id,
        now=now,
    ).id


def test_it_names_program_facts_rules_weighing_and_who_decided(
    session: Session, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    text = motivation(session, coach, person, decide(session, coach, person, on, now, chosen=None))

    assert [part.splitlines()[0] for part in text.split("\n\n")] == [title for title, _ in PARTS]
    for said in (
        "Op 1-3-2027 is besloten",
        "Besloten door: coach.",
        "Bij dit besluit is een programma gebruikt.",
        "Het besluit volgt dat advies.",
        "versie ",
        "Reden: Wens van de kandidaat. Begint liever in een kleine ploeg.",
        "Dit telde als onbekend, niet als nul.",
        "nog niet gemeten",
        "binnen tien werkdagen",
    ):
        assert said in text
    for money in ("geld", "Geld", "thuis", "Thuis"):
        assert money not in text


def test_departing_is_said_too(
    session: Session, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    number = decide(session, coach, person, on, now, chosen="pre_placement")
    text = motivation(session, coach, person, number)
    assert "Het besluit wijkt daarvan af." in text


def test_a_decision_without_an_advice_says_that_none_was_used(
    session: Session, coach: Viewer, person: int, now: datetime
) -> None:
    number = record_decision(
        session, coach, person, subject="plan", chosen="P-1", reason="other", now=now
    ).id
    text = motivation(session, coach, person, number)
    assert "geen advies van een programma gebruikt" in text
    assert "De feiten" not in text


def test_it_is_for_whoever_reaches_the_person(
    session: Session, coach: Viewer, stranger: Viewer, colleague: Viewer, person: int,
    on: date, now: datetime,
) -> None:  # fmt: skip
    number = decide(session, coach, person, on, now, chosen=None)
    for viewer in (stranger, colleague):
        with pytest.raises(NotFound):
            motivation(session, viewer, person, number)
    with pytest.raises(NotFound):
        motivation(session, coach, person, number + 1)
