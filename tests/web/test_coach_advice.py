"""What follows from the advice page: an answer, a choice, a pause, and the lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest

from matcher.services.candidates import list_commitments
from matcher.services.decisions import latest_decision
from tests.web.coach_at_work import CoachAtWork, coach_at_work, words_of
from tests.web.forms import form_of

BSN = "111222333"


@pytest.fixture
def coach(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    with coach_at_work(new_database, at) as coach:
        yield coach


def test_one_tap_answers_a_question_of_the_advice(coach: CoachAtWork) -> None:
    person = coach.add(rhythm=None)
    address = f"/kandidaten/{person}"
    assert "Nog even doorvragen" in coach.get(address)
    answer = coach.tap(address, f"{address}/antwoord/rhythm", antwoord="almost_always")
    assert answer.status_code == 302
    assert coach.record(person).profile.rhythm == 4
    assert "Nu starten" in coach.get(address)


@pytest.mark.parametrize("answer", ["9", "", "unknown"])
def test_an_answer_that_is_not_offered_changes_nothing(coach: CoachAtWork, answer: str) -> None:
    person = coach.add(rhythm=None)
    address = f"/kandidaten/{person}"
    coach.tap(address, f"{address}/antwoord/rhythm", antwoord=answer)
    assert coach.record(person).profile.rhythm is None


def test_an_answer_that_clashes_with_another_leads_to_their_card(coach: CoachAtWork) -> None:
    person = coach.add(hours_min=30.0, hours_max=None)
    address = f"/kandidaten/{person}"
    answer = coach.tap(address, f"{address}/antwoord/hours_max", antwoord="12")
    assert answer.headers["Location"] == f"{address}/kaart/time"
    assert "Dit past niet bij een ander antwoord" in coach.get(f"{address}/kaart/time")
    assert coach.record(person).profile.hours_max is None


def test_a_tap_on_a_page_that_somebody_changed_meanwhile_changes_nothing(
    coach: CoachAtWork,
) -> None:
    person = coach.add(rhythm=None)
    address = f"/kandidaten/{person}"
    sent = {**form_of(coach.get(address), "version"), "version": "99", "antwoord": "most"}
    answer = coach.client.post(f"{address}/antwoord/rhythm", data=sent)
    assert answer.status_code == 302
    assert "Iemand anders heeft dit net gewijzigd" in coach.get(address)
    assert coach.record(person).profile.rhythm is None


def test_nobody_on_staff_can_say_whether_someone_wants_to_start(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}"
    assert coach.tap(address, f"{address}/antwoord/wants_start", antwoord="now").status_code == 404
    for page in ("/snelle-start", *(f"{address}/kaart/{card}" for card in ("work", "support"))):
        assert "wants_start" not in coach.get(page)


@pytest.mark.parametrize(("chosen", "accepted"), [("ready_now", True), ("pre_placement", False)])
def test_following_and_departing_take_one_tile_and_one_reason(
    coach: CoachAtWork, chosen: str, accepted: bool
) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}"
    answer = coach.send(
        address, "text", to=f"{address}/keuze", chosen=chosen, reason="candidate_wish"
    )
    assert answer.status_code == 302
    with coach.session() as session:
        decision = latest_decision(session, coach.viewer, person, "lane")
    assert decision is not None
    assert (decision.chosen, decision.accepted, decision.suggested) == (
        chosen,
        accepted,
        "ready_now",
    )
    assert "Gekozen op 4 januari" in coach.get(address)


def test_another_route_asks_for_words_and_keeps_the_choice(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}"
    sent = {"chosen": "other_route", "reason": "candidate_wish"}
    answer = coach.send(address, "text", to=f"{address}/keuze", **sent)
    assert answer.status_code == 400
    assert "Zeg in een paar woorden waarom" in answer.text
    assert form_of(answer.text, "text")["chosen"] == "other_route"
    assert "Kies wie verder helpt" in answer.text
    words = "Wil eerst naar school en heeft daar een afspraak."
    route = {"receiver": "school", "appointment_on": coach.at.date().isoformat()}
    answer = coach.send(address, "text", to=f"{address}/keuze", **sent, **route, text=words)
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"reason": "safety"}, "Kies wat u samen gaat doen"),
        ({"chosen": "ready_now"}, "Kies één reden"),
        ({"chosen": "ready_now", "reason": "safety", "text": BSN}, "burgerservicenummer"),
    ],
)
def test_a_choice_that_is_not_complete_says_what_is_missing(
    coach: CoachAtWork, sent: dict[str, str], message: str
) -> None:
    person = coach.add()
    answer = coach.send(f"/kandidaten/{person}", "text", to=f"/kandidaten/{person}/keuze", **sent)
    assert answer.status_code == 400
    assert message in answer.text


def test_a_pause_has_a_day_and_no_reason_and_stops_places(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/gegevens"
    answer = coach.send(
        address, "paused_until", to=f"/kandidaten/{person}/pauze", paused_until="18-1-2027"
    )
    assert answer.status_code == 302
    assert coach.record(person).profile.paused_until == date(2027, 1, 18)
    page = coach.get(f"/kandidaten/{person}")
    assert "Er is een pauze tot 18 januari" in page
    assert "Leerling grondwerker" not in page
    coach.send(address, "paused_until", to=f"/kandidaten/{person}/pauze", stop="1")
    assert coach.record(person).profile.paused_until is None


@pytest.mark.parametrize("day", ["", "3-1-2027", "4-1-2027", "morgen", "1-1-9999x"])
def test_a_pause_needs_a_day_that_is_still_to_come(coach: CoachAtWork, day: str) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/gegevens"
    answer = coach.send(address, "paused_until", to=f"/kandidaten/{person}/pauze", paused_until=day)
    assert answer.status_code == 400
    assert f'value="{day}"' in answer.text or not day
    assert coach.record(person).profile.paused_until is None


def test_hours_elsewhere_are_hours_and_a_day_and_can_be_taken_away(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/gegevens"
    to = f"/kandidaten/{person}/elders"
    wrong = coach.send(address, "hours_a_week", to=to, hours_a_week="0", until="1-1-2026")
    assert wrong.status_code == 400
    assert "Vul een heel getal in van 1 tot en met 60" in wrong.text
    assert "Kies vandaag of een dag daarna." in wrong.text
    sent = {"hours_a_week": "8", "until": "1-3-2027"}
    assert coach.send(address, "hours_a_week", to=to, **sent).status_code == 302
    with coach.session() as session:
        (kept,) = list_commitments(session, coach.viewer, person)
    assert (kept.hours_a_week, kept.until) == (8, date(2027, 3, 1))
    page = coach.get(address)
    assert "8 uur per week, tot en met 1 maart" in page
    coach.tap(address, f"{to}/{kept.id}/weg")
    assert "8 uur per week, tot en met 1 maart" not in coach.get(address)


def test_name_and_contact_show_both_versions_when_somebody_was_first(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/gegevens"
    to = f"/kandidaten/{person}/bereiken"
    form = {**form_of(coach.get(address), "first_name"), "first_name": "Samira"}
    first = coach.send(address, "first_name", to=to, contact_kind="sms", contact_value="0612345678")
    assert first.status_code == 302
    second = coach.client.post(to, data=form)
    assert second.status_code == 412
    assert "Iemand anders was u voor" in second.text
    assert form_of(second.text, "first_name")["first_name"] == "Samira"
    record = coach.record(person)
    assert (record.first_name, record.contact_value) == ("Sam", "0612345678")


def test_a_search_never_stands_in_an_address(coach: CoachAtWork) -> None:
    coach.add(first_name="Noor")
    coach.add(first_name="Bilal")
    answer = coach.send("/kandidaten", "zoek", zoek=" noor ")
    assert answer.headers["Location"] == "/kandidaten"
    words = words_of(coach.get("/kandidaten"))
    assert "Noor" in words
    assert "Bilal" not in words
    coach.send("/kandidaten", "zoek", alles="1")
    assert "Bilal" in coach.get("/kandidaten")


def test_a_long_list_is_shown_page_by_page(coach: CoachAtWork) -> None:
    for number in range(23):
        coach.add(reference=f"K-{number:02}", first_name=None)
    first = coach.get("/kandidaten")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = coach.get(following[1].replace("&amp;", "&"))
    seen = set(re.findall(r"K-\d\d", first)) | set(re.findall(r"K-\d\d", second))
    assert len(seen) == 23
    assert len(set(re.findall(r"K-\d\d", second))) == 3


def test_a_broken_cursor_is_answered_with_a_page(coach: CoachAtWork) -> None:
    answer = coach.client.get("/kandidaten?vanaf=!!")
    assert answer.status_code == 400
    assert "Dit kunnen we niet lezen" in answer.text


def test_an_empty_day_says_what_to_do_next(coach: CoachAtWork) -> None:
    page = coach.get("/vandaag")
    assert "Vandaag hoeft er niets." in page
    assert "Begin met een snelle start" in page


def test_someone_of_another_region_does_not_exist_here(coach: CoachAtWork) -> None:
    person = coach.add()
    stranger = coach.stranger()
    for page in ("", "/gegevens", "/plekken", "/wat-als", "/afspraken/maken", "/kaart/can"):
        there = stranger.get(f"/kandidaten/{person}{page}")
        nowhere = stranger.get(f"/kandidaten/999{page}")
        assert (there.status_code, nowhere.status_code) == (404, 404)
