"""Agreements on one sheet, what if, what is kept of a wage, and the way in to a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from matcher.services.intake import list_drafts
from tests.web.coach_at_work import CLOSING, CoachAtWork, coach_at_work, words_of
from tests.web.forms import form_of

BSN = "111222333"


@pytest.fixture
def coach(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    with coach_at_work(new_database, at) as coach:
        yield coach


AGREED: dict[str, str] = {
    "next_step": "Kennismaken op de werf",
    "next_on": "2027-01-11",
    "with_whom": "De voorman",
    "phone": "06 12 34 56 78",
    "i_do": "Ik kom op tijd\nIk bel als het niet lukt",
    "you_do": "Rijdt de eerste keer mee",
    "employer_does": "",
    "municipality_does": "Regelt werkschoenen",
}


def test_the_agreements_are_begun_from_the_advice_and_stand_on_one_sheet(
    coach: CoachAtWork,
) -> None:
    person = coach.add()
    start = coach.client.get(f"/kandidaten/{person}/afspraken")
    address = start.headers["Location"]
    assert "Kennismaken bij" in form_of(coach.get(address), "next_step")["next_step"]
    answer = coach.send(address, "next_step", **AGREED)
    assert answer.status_code == 302
    page = coach.get(answer.headers["Location"])
    words = words_of(page)
    assert "maandag 11 januari" in words
    assert "Nog 1 vak af te spreken." in words
    assert "Beginnen mag al." in words
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert text is not None
    for line in ("Volgende stap: Kennismaken op de werf", "- Ik kom op tijd", "nog af te spreken"):
        assert line in text[1]
    assert CLOSING in page


def test_the_list_of_candidates_tells_what_was_agreed(coach: CoachAtWork) -> None:
    person = coach.add()
    coach.send(f"/kandidaten/{person}/afspraken/maken", "next_step", **AGREED)
    words = words_of(coach.get("/kandidaten"))
    assert "Kennismaken op de werf 11 januari" in words


def test_an_agreement_for_today_stands_on_todays_list(coach: CoachAtWork) -> None:
    person = coach.add()
    sent = {**AGREED, "next_on": coach.on.isoformat()}
    coach.send(f"/kandidaten/{person}/afspraken/maken", "next_step", **sent)
    assert "Afgesproken voor 4 januari: Kennismaken op de werf" in words_of(coach.get("/vandaag"))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"next_step": " "}, "Vul in wat de volgende stap is"),
        ({"phone": "bel maar"}, "Vul een telefoonnummer in"),
        ({"next_on": "snel"}, "Vul een datum in"),
        ({"i_do": f"Mijn nummer is {BSN}"}, "Hier staat iets over: een burgerservicenummer"),
        ({"you_do": "a" * 401}, "Gebruik ten hoogste 400 tekens"),
    ],
)
def test_agreements_with_a_mistake_keep_what_was_typed(
    coach: CoachAtWork, typed: dict[str, str], message: str
) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/afspraken/maken"
    answer = coach.send(address, "next_step", **{**AGREED, **typed})
    assert answer.status_code == 400
    assert message in answer.text
    again = form_of(answer.text, "next_step")
    for name, value in typed.items():
        assert again[name].strip() == value.strip()
    assert again["with_whom"] == "De voorman"


def test_the_sheet_can_be_thrown_away(coach: CoachAtWork) -> None:
    person = coach.add()
    coach.send(f"/kandidaten/{person}/afspraken/maken", "next_step", **AGREED)
    address = f"/kandidaten/{person}/afspraken"
    coach.tap(address, f"{address}/weg")
    assert coach.client.get(address).status_code == 302
    with coach.session() as session:
        assert list_drafts(session, coach.viewer) == []


def test_what_if_says_what_opens_and_keeps_nothing(coach: CoachAtWork) -> None:
    person = coach.add()
    before = coach.record(person)
    page = coach.get(f"/kandidaten/{person}/wat-als?meer=vca-basic&programma=vca-basic")
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading is not None
    assert re.search(r"VCA.* gaan 2 plekken open in \d+ we", heading[1])
    assert "Hulp stratenmaker" in page
    part = coach.get(f"/kandidaten/{person}/wat-als?meer=vca-basic&programma=vca-basic&deel=1")
    assert heading[0] in part
    assert "<html" not in part
    assert coach.record(person) == before


def test_what_if_with_fewer_hours_tells_what_is_lost(coach: CoachAtWork) -> None:
    person = coach.add()
    page = coach.get(f"/kandidaten/{person}/wat-als?uren=12")
    assert "die nu pas" in page


def test_what_if_may_ask_for_fewer_hours_than_the_fewest_wanted(coach: CoachAtWork) -> None:
    person = coach.add(hours_min=30.0)
    page = coach.get(f"/kandidaten/{person}/wat-als?uren=24")
    assert "Met 24 uur per week" in page
    assert coach.record(person).profile.hours_min == 30


def test_what_if_works_during_a_pause_and_says_so(coach: CoachAtWork) -> None:
    person = coach.add(paused_until=coach.on + timedelta(weeks=2))
    page = coach.get(f"/kandidaten/{person}/wat-als?meer=vca-basic&programma=vca-basic")
    assert "Er is nu een pauze. Dit laat zien wat er daarna kan." in page
    assert "Hulp stratenmaker" in page


@pytest.mark.parametrize("asked", ["programma=nothing", "uren=999", "werk=%00", "tijden=x&reis=-1"])
def test_what_if_with_something_that_is_not_offered_shows_no_answer(
    coach: CoachAtWork, asked: str
) -> None:
    person = coach.add()
    assert "Wat als …?</h1>" in coach.get(f"/kandidaten/{person}/wat-als?{asked}")


def test_blocked_places_say_what_blocks_and_the_nearest_way_in(coach: CoachAtWork) -> None:
    person = coach.add()
    words = words_of(coach.get(f"/kandidaten/{person}/plekken?soort=no"))
    assert "Voor dit werk is nodig: VCA" in words
    assert "Dichtstbij: VCA-basis" in words
    assert "passen nu niet" in words


def test_take_home_gives_no_number_when_a_parameter_is_missing_but_four_questions(
    coach: CoachAtWork,
) -> None:
    sent = {"hours": "32", "wage": "14,71", "creditors": "yes", "allowance": "no"}
    answer = coach.send("/wat-houd-ik-over", "wage", **sent)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    words = words_of(answer.text)
    assert "Een getal geven we nu niet" in words
    assert words.count("Vraag het na bij") == 4
    assert "€" not in answer.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"hours": "60"}, "Vul een heel getal in van 1 tot en met 40"),
        ({"wage": "veel"}, "Vul het uurloon in euro"),
        ({"wage": "0,10"}, "Vul het uurloon in euro"),
        ({"creditors": None}, "Kies ja of nee"),
    ],
)
def test_take_home_names_a_wrong_answer(
    coach: CoachAtWork, typed: dict[str, Any], message: str
) -> None:
    sent = {"hours": "32", "wage": "14,71", "creditors": "yes", "allowance": "no", **typed}
    answer = coach.send("/wat-houd-ik-over", "wage", **sent)
    assert answer.status_code == 400
    assert message in answer.text
