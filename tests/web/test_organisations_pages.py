"""“Welke organisatie is van de gemeente?”: an officer marks organisations, one row at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from matcher.domain.access import Right
from tests.web.forms import form_of

SignInAs = Callable[..., FlaskClient]
LIST = "/toezicht/organisaties"


def row_of(page: str, name: str) -> str:
    return next(row for row in page.split("<tr id=")[1:] if f">{name}<" in row)


def address_in(row: str) -> str:
    found = re.search(r'action="(/toezicht/organisaties/\d+)"', row)
    assert found
    return found[1]


def test_an_officer_marks_the_municipality_and_it_is_asked_about_work_taken_back(
    sign_in_as: SignInAs,
) -> None:
    firm = sign_in_as(Right.CONTRACTOR, organisation="Gemeente Voorbeeld")
    officer = sign_in_as(Right.OFFICER)
    page = officer.get(LIST)
    assert "<h1>Welke organisatie is van de gemeente?</h1>" in page.text
    row = row_of(page.text, "Gemeente Voorbeeld")
    form = form_of(f"<form>{row}</form>", "kind")
    assert form["kind"] == ""

    answer = officer.post(address_in(row), data={**form, "kind": "municipality"})

    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    page = officer.get(LIST).text
    assert "<h1>1 organisatie is geen gewoon bedrijf.</h1>" in page
    assert '<option selected value="municipality">' in page
    stale = officer.post(address_in(row), data={**form, "kind": "public"})
    assert stale.status_code == 303
    assert "Hier is intussen iets veranderd" in officer.get(LIST).text
    officer.post(address_in(row), data={**form, "kind": "bank"})
    assert "Kies één antwoord" in officer.get(LIST).text

    form = form_of(firm.get("/mijn-plekken/nieuw?werk=paving"), "title")
    typed = {"start_on": "2027-02-01", "places": "1", "action": "open"}
    place = firm.post("/mijn-plekken/nieuw", data={**form, **typed}).headers["Location"]
    assert "Haalt u werk terug" in firm.get(place).text


def test_the_inbox_leads_there_and_the_list_speaks_english(sign_in_as: SignInAs) -> None:
    officer = sign_in_as(Right.OFFICER)
    assert f'href="{LIST}"' in officer.get("/toezicht/verdringing").text
    page = officer.get(LIST, headers={"Accept-Language": "en"})
    assert page.status_code == 200
    for right in (Right.CONTRACTOR, Right.ADMIN, Right.ANALYST, Right.LEAD):
        assert sign_in_as(right).get(LIST).status_code == 403
