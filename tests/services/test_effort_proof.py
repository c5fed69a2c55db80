"""Proof of effort: what a firm did, with days, and of people nothing but numbers."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models.states import CallOutcome
from matcher.services.call_requests import file_call_request, finish_call_request, take_call_request
from matcher.services.introductions import answer, mark_met
from matcher.services.place_calls import take_place
from matcher.services.settlements import EffortProof, proof_of
from tests.services.conftest import account_of
from tests.services.contracting import NOW, ON, brought_in, numbers
from tests.services.declaring import firm_of
from tests.services.introducing import invite, open_place, person_of

DAY = timedelta(days=1)


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def number(session: Session, officer: Viewer) -> int:
    """O-1, which runs from April 2026 to March 2028."""
    return brought_in(session, officer)["O-1"]


@pytest.fixture
def firm(session: Session, officer: Viewer, number: int) -> Viewer:
    return firm_of(session, officer, number)


@pytest.fixture
def lead(session: Session) -> Viewer:
    return account_of(session, "lead", Right.LEAD)


@pytest.fixture
def coach(session: Session) -> Viewer:
    return account_of(session, "coach", Right.COACH)


def asks(session: Session, firm: Viewer, now: datetime) -> int:
    return file_call_request(
        session, firm, region="demo", name="N", phone="0612345678", work="Bestraten", people=1,
        wanted_when=None, now=now,
    ).id  # fmt: skip


def facts(found: EffortProof) -> list[tuple[str, object]]:
    return [(one.kind, one.on) for one in found.efforts]


def test_every_act_of_a_firm_stands_there_once_with_its_day(
    session: Session, officer: Viewer, firm: Viewer, lead: Viewer, number: int
) -> None:
    place = open_place(session, firm, {"places": 3}, NOW - 20 * DAY)
    call = asks(session, firm, NOW - 10 * DAY)
    take_call_request(session, lead, call, now=NOW - 9 * DAY)
    finish_call_request(session, lead, call, CallOutcome.NO_NEED, now=NOW - 9 * DAY)
    about = take_place(session, lead, place, now=NOW - 3 * DAY)
    finish_call_request(session, lead, about.id, CallOutcome.VACANCY_FILED, now=NOW - 2 * DAY)
    asks(session, firm, NOW + DAY)

    found = proof_of(session, officer, number, ON)

    assert facts(found) == [
        ("place", ON - 20 * DAY),
        ("call", ON - 10 * DAY),
        ("called", ON - 9 * DAY),
        ("called", ON - 2 * DAY),
    ]
    assert found.places == 3
    assert [(one.outcome, one.about_place) for one in found.efforts[2:]] == [
        (CallOutcome.NO_NEED, False),
        (CallOutcome.VACANCY_FILED, True),
    ]
    assert proof_of(session, firm, number, ON) == replace(
        found, view=proof_of(session, firm, number, ON).view
    )


def test_a_refusal_changes_nothing_that_the_firm_or_an_officer_reads(
    session: Session, officer: Viewer, firm: Viewer, coach: Viewer, number: int
) -> None:
    place = open_place(session, firm, {}, NOW - DAY)
    people = [person_of(session, coach, NOW, reference=f"K-{turn}") for turn in range(3)]
    invited = [invite(session, coach, person, place, NOW - DAY) for person in people]
    before = proof_of(session, firm, number, ON)

    answer(session, people[0], invited[0], "no", (), now=NOW)

    assert proof_of(session, firm, number, ON) == before
    assert (before.came.invited, before.came.met, before.came.started) == (3, 0, 0)
    answer(session, people[1], invited[1], "yes", (), now=NOW)
    assert proof_of(session, officer, number, ON).came == before.came
    mark_met(session, firm, invited[1], now=NOW)
    assert proof_of(session, officer, number, ON).came.met == 1


def test_nothing_in_it_names_anybody(
    session: Session, officer: Viewer, firm: Viewer, coach: Viewer, number: int
) -> None:
    place = open_place(session, firm, {"title": "Kanarie-plek"}, NOW - DAY)
    person = person_of(session, coach, NOW, reference="K-CANARY", first_name="Kanarie")
    invite(session, coach, person, place, NOW - DAY)
    asks(session, firm, NOW - DAY)

    found = proof_of(session, officer, number, ON)

    said = repr([asdict(one) for one in found.efforts]) + repr(found.came)
    assert "anarie" not in said
    assert "CANARY" not in said
    assert "0612345678" not in said


def test_only_the_firm_itself_and_officers_of_the_region_read_it(
    session: Session, officer: Viewer, firm: Viewer, lead: Viewer, number: int
) -> None:
    for viewer in (lead, account_of(session, "analyst", Right.ANALYST)):
        with pytest.raises(Forbidden):
            proof_of(session, viewer, number, ON)
    elsewhere = account_of(session, "far-officer", Right.OFFICER, region="haaglanden")
    for viewer, contract in ((elsewhere, number), (firm, numbers(session)["O-3"])):
        with pytest.raises(NotFound):
            proof_of(session, viewer, contract, ON)
