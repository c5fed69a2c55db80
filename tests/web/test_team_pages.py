"""The team lead's pages, and the tap by which a coach takes somebody on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.http.db import engine_of
from matcher.models.database import session_factory
from matcher.services import accounts
from matcher.services.candidates import create_candidate
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]


@pytest.fixture
def session(app: Flask) -> Any:
    with session_factory(engine_of(app))() as opened:
        yield opened


@pytest.fixture
def ann(sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(Right.COACH, name="ann")


@pytest.fixture
def ben(sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(Right.COACH, name="ben")


@pytest.fixture
def lead(sign_in_as: SignInAs) -> FlaskClient:
    return sign_in_as(Right.LEAD)


def number_of(session: Session, name: str) -> int:
    admin = Viewer(None, frozenset({Right.ADMIN}))
    return next(row.id for row in accounts.list_accounts(session, admin) if row.name == name)


def entered(session: Session, at: datetime, reference: str, owner: str | None) -> int:
    viewer = operator("demo")
    if owner is not None:
        viewer = Viewer(number_of(session, owner), frozenset({Right.COACH}), "demo")
    return create_candidate(session, viewer, {"reference": reference}, now=at).id


def send(client: FlaskClient, address: str, **changes: Any) -> Any:
    form = form_of(client.get(address), "to_account_id")
    return client.post(address, data={**form, **changes})


def test_a_coach_takes_on_with_one_tap_whom_nobody_guides(
    session: Session, at: datetime, ann: FlaskClient, ben: FlaskClient
) -> None:
    number = entered(session, at, "K-vrij", None)
    page = f"/kandidaten/{number}/gegevens"
    assert "K-vrij" not in ann.get("/kandidaten").text
    listed = ann.get("/kandidaten?wie=regio").text
    assert "K-vrij" in listed
    assert "nog geen coach" in listed
    assert page in listed

    form = form_of(ann.get(page), "csrf_token")
    taken = ann.post(f"/kandidaten/{number}/begeleiden", data=form, follow_redirects=True)

    assert "U begeleidt nu" in taken.text
    assert "Niemand begeleidt" not in taken.text
    assert "K-vrij" in ann.get("/kandidaten").text
    assert ben.get(page).status_code == 404
    assert "K-vrij" not in ben.get("/kandidaten?wie=regio").text


def test_a_lead_gives_people_without_a_coach_to_one(
    session: Session, at: datetime, ann: FlaskClient, lead: FlaskClient
) -> None:
    number = entered(session, at, "K-vrij", None)
    assert "1 mens heeft nog geen coach." in lead.get("/team").text

    done = send(lead, "/team/0", whom="all", to_account_id=str(number_of(session, "ann")))

    assert done.status_code == 303
    assert "Iedereen heeft een coach." in lead.get("/team").text
    assert ann.get(f"/kandidaten/{number}/gegevens").status_code == 200


def test_a_lead_lets_somebody_stand_in_and_stops_it(
    session: Session, at: datetime, ann: FlaskClient, ben: FlaskClient, lead: FlaskClient
) -> None:
    number = entered(session, at, "K-ann", "ann")
    page = f"/kandidaten/{number}/gegevens"
    assert ben.get(page).status_code == 404

    until = at.date() + timedelta(days=4)
    sent = send(
        lead, f"/team/{number_of(session, 'ann')}", whom="all", how_long="until",
        to_account_id=str(number_of(session, "ben")), until=until.isoformat(),
    )  # fmt: skip

    assert sent.status_code == 303
    shown = lead.get("/team").text
    assert "ben neemt waar voor ann" in shown
    assert re.search(r"4 januari.* tot en met .*8 januari", shown)
    assert ben.get(page).status_code == ann.get(page).status_code == 200
    assert "K-ann" in ben.get("/kandidaten").text

    lead.post("/team/waarneming-stoppen", data=form_of(shown, "changes"))
    assert "neemt waar" not in lead.get("/team").text
    assert ben.get(page).status_code == 404


def test_a_lead_hands_over_only_who_was_ticked(
    session: Session, at: datetime, ann: FlaskClient, ben: FlaskClient, lead: FlaskClient
) -> None:
    one, two = (entered(session, at, reference, "ann") for reference in ("K-een", "K-twee"))
    theirs = entered(session, at, "K-ben", "ben")
    address = f"/team/{number_of(session, 'ann')}"
    chosen = {
        "whom": "some", "how_long": "for_good", "to_account_id": str(number_of(session, "ben"))
    }  # fmt: skip

    assert send(lead, address, **chosen, people=[str(one)]).status_code == 303

    statuses = [ben.get(f"/kandidaten/{n}/gegevens").status_code for n in (one, two, theirs)]
    assert statuses == [200, 404, 200]
    swapped = send(lead, address, **chosen, people=[str(theirs)])
    assert swapped.status_code == 400
    assert ben.get(f"/kandidaten/{theirs}/gegevens").status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"whom": "some"}, "Kies ten minste één mens"),
        ({"to_account_id": ""}, "Kies een coach"),
        ({"how_long": "until", "until": ""}, "Vul een datum in"),
        ({"how_long": "until", "until": "2027-01-03"}, "op of na de eerste dag"),
        ({"how_long": "until", "starts_on": "2026-12-01"}, "vandaag of een dag daarna"),
    ],
)
def test_what_is_missing_is_named_at_its_field(
    session: Session,
    at: datetime,
    ann: FlaskClient,
    ben: FlaskClient,
    lead: FlaskClient,
    changes: dict[str, str],
    words: str,
) -> None:
    entered(session, at, "K-ann", "ann")
    good = {
        "whom": "all", "how_long": "for_good", "to_account_id": str(number_of(session, "ben")),
        "until": "2027-01-08",
    }  # fmt: skip
    answer = send(lead, f"/team/{number_of(session, 'ann')}", **{**good, **changes})

    assert answer.status_code == 400
    assert re.search(rf'class="error"[^>]*>.*{words}', answer.text)
    assert "<title>Fout: " in answer.text
    assert "K-ann" in ann.get("/kandidaten").text


def test_another_region_has_no_such_team(
    session: Session, at: datetime, ann: FlaskClient, sign_in_as: SignInAs
) -> None:
    entered(session, at, "K-ann", "ann")
    stranger = sign_in_as(Right.LEAD, name="vreemd", region="haaglanden")

    assert "Nog geen coaches" in stranger.get("/team").text
    assert stranger.get(f"/team/{number_of(session, 'ann')}").status_code == 404
