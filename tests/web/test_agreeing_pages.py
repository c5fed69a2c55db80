"""*Onze afspraken* and *Aflopend* on their pages: who fills in what, and what nobody else reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.domain.access import Right, Viewer
from matcher.models import Account, PublicContract
from matcher.services import introductions, placing, retender
from tests.web.forms import form_of
from tests.web.introducing_pages import MONDAY, Clock, Stage, body_of, by_clock

TODAY = MONDAY.date()


@pytest.fixture
def app(sqlite_url: str, clock: Clock) -> Iterator[Flask]:
    yield from by_clock(sqlite_url, clock)


def firm_viewer(stage: Stage) -> Viewer:
    with stage.session() as session:
        row = session.scalars(select(Account).where(Account.name == "firm")).one()
        return Viewer(row.id, frozenset({Right.CONTRACTOR}), "demo", row.organisation_id)


def at_work(stage: Stage) -> int:
    """The number of a placement after an introduction."""
    person = stage.person()
    number = stage.invite(person, stage.place())
    stage.says(person, number, "yes")
    firm = firm_viewer(stage)
    with stage.session() as session:
        introductions.mark_met(session, firm, number, now=stage.clock())
        values = {"starts_on": TODAY}
        return placing.agree_after_meeting(session, firm, number, values, now=stage.clock()).id


def test_each_side_is_filled_in_and_the_employer_reads_the_allowlist_alone(stage: Stage) -> None:
    number = at_work(stage)
    assert "Onze afspraken: nog niets van" in stage.coach.get("/vandaag").text
    address = f"/werk/{number}/onze-afspraken/wijzigen"
    form = form_of(stage.coach.get(address), "next_step")
    typed = {
        **form, "next_step": "Eerste dag samen", "phone": "0612345678",
        "candidate_codes": ["on_time", "arrange_home"], "candidate_text": "Fiets staat klaar",
        "municipality_codes": ["coach_calls", "help_home"],
    }  # fmt: skip
    too_many = {**typed, "employer_codes": ["buddy", "weekly_talk", "explain_tasks", "bring_along"]}
    wrong = stage.coach.post(address, data=too_many)
    assert (wrong.status_code, "Kies er ten hoogste drie." in wrong.text) == (400, True)
    assert stage.coach.post(address, data=typed).status_code == 303
    sheet = stage.coach.get(f"/werk/{number}/onze-afspraken").text
    assert "- Fiets staat klaar" in sheet, "as text to copy"
    assert "06 12 34 56 78" in sheet
    assert "Nog af te spreken: bedrijf." in sheet

    seen = stage.firm.get(f"/aan-het-werk/{number}/onze-afspraken").text
    assert "Ik kom op tijd" in seen
    assert "De coach belt na de eerste dag" in seen
    for hidden in ("thuis", "naast het werk", "Fiets staat klaar", "Eerste dag samen"):
        assert hidden not in seen
    assert "Vul in wat uw bedrijf doet" in stage.firm.get("/bedrijf").text
    form = form_of(stage.firm.get(f"/aan-het-werk/{number}/onze-afspraken"), "text")
    address = f"/aan-het-werk/{number}/onze-afspraken"
    assert stage.firm.post(address, data={**form, "codes": ["buddy"]}).status_code == 303
    assert "Vul in wat uw bedrijf doet" not in stage.firm.get("/bedrijf").text
    assert "Onze afspraken: nog niets van" not in stage.coach.get("/vandaag").text


def test_an_officer_plans_a_job_on_a_contract_that_ends_without_a_name(
    stage: Stage, sign_in_as: Callable[..., FlaskClient]
) -> None:
    number, firm = at_work(stage), firm_viewer(stage)
    with stage.session() as session:
        row = PublicContract(
            region="demo", reference="O-77", organisation_id=firm.organisation_id, kind="works",
            value_cents=1, start_on=date(2026, 1, 1), end_on=TODAY + timedelta(days=60),
            created_at=MONDAY, updated_at=MONDAY,
        )  # fmt: skip
        session.add(row)
        session.commit()
        contract = row.id
    page = stage.firm.get("/aan-het-werk")
    assert "O-77" in page.text
    token = form_of(page, "contract")
    sent = stage.firm.post(
        f"/aan-het-werk/{number}/opdracht", data={**token, "contract": str(contract)}
    )
    assert sent.status_code == 303

    officer = sign_in_as(Right.OFFICER, name="officer")
    seen = officer.get("/aflopend")
    assert "1 baan heeft nog geen plan." in seen.text
    assert "Een" not in [word.strip(".,") for word in body_of(seen).split()], "no first name"
    address = f"/aflopend/{number}"
    form = form_of(officer.get(address), "due_on")
    assert officer.post(address, data={**form, "plan": ""}).status_code == 400
    past = officer.post(address, data={**form, "plan": "continue", "due_on": "2020-01-01"})
    assert (past.status_code, "Kies vandaag of een dag daarna." in past.text) == (400, True)
    assert officer.post(address, data={**form, "plan": "continue"}).status_code == 303
    assert "Elke baan op een opdracht die afloopt, heeft een plan." in officer.get("/aflopend").text
    assert officer.get("/aflopend/987654").status_code == 404
    with stage.session() as session:
        told = retender.tell_in_time(session, now=stage.clock())
    assert told == 0, "an account without a mail address is told by its page"
