"""Cards in any order, one tap for what became too old, and two people at one card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from matcher.services.candidates import list_candidates, update_candidate
from tests.web.coach_at_work import CoachAtWork, coach_at_work, words_of
from tests.web.forms import form_of


@pytest.fixture
def coach(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    with coach_at_work(new_database, at) as coach:
        yield coach


def _only(coach: CoachAtWork) -> int:
    with coach.session() as session:
        (record,) = list_candidates(session, coach.viewer).items
    return record.id


def test_a_card_writes_only_what_was_changed(coach: CoachAtWork) -> None:
    person = coach.add(occupations=(("7112", 2.5),), hours_min=20.0)
    before = coach.record(person)
    answer = coach.send(f"/kandidaten/{person}/kaart/time", "pc4", travel_max_minutes="30")
    assert answer.status_code == 302
    after = coach.record(person)
    assert after.profile == before.profile.with_values({"travel_max_minutes": 30})
    assert after.version == before.version + 1


@pytest.mark.parametrize("card", ["work", "time", "can", "language", "support"])
def test_saving_a_card_unchanged_changes_nothing(coach: CoachAtWork, card: str) -> None:
    person = coach.add(
        sectors=("F41", "N81", "P85", "Q87"),
        sectors_never=frozenset({"H49"}),
        occupations=(("7112", 2.5), ("9313", None)),
        blocked=frozenset({"wed_morning", "wed_afternoon"}),
        hours_max=28.5,
        travel_max_minutes=50,
        guidance_need=3.0,
        adult=True,
        education=3,
        credentials=frozenset({"vca_basic"}),
        licences=frozenset({"B"}),
        digital=1,
    )
    before = coach.record(person)
    answer = coach.send(f"/kandidaten/{person}/kaart/{card}", "version", go="finish")
    assert answer.status_code == 302, answer.text
    assert coach.record(person) == before


def test_the_five_cards_can_be_filled_in_any_order(coach: CoachAtWork) -> None:
    coach.send("/snelle-start", "wanted_order", go="finish", rhythm="most")
    person = _only(coach)
    cards: list[tuple[str, dict[str, Any]]] = [
        ("support", {"home_base": "3", "guidance_need": "2-4", "money": "arrangement"}),
        ("language", {"language_speak": "2", "language_read": "1", "credentials": "vca_basic"}),
        ("work", {"sector_1": "infra", "sector_2": "care", "sectors_never": "logistics"}),
        ("can", {"work_skills": "2", "lift": "can", "pace": "partly"}),
        ("time", {"hours_max": "32", "windows": "weekdays", "pc4": "3311"}),
    ]
    for card, answers in cards:
        address = f"/kandidaten/{person}/kaart/{card}"
        assert coach.send(address, "version", go="finish", **answers).status_code == 302
    profile = coach.record(person).profile
    assert (profile.home_base, profile.guidance_need, profile.money) == (3, 3, 3)
    assert (profile.language_speak, profile.language_read) == (2, 1)
    assert profile.sectors == ("F42", "Q87", "Q88")
    assert profile.sectors_never == {"H49", "H52"}
    assert (profile.work_skills, profile.lift, profile.pace, profile.rhythm) == (2, 2, 1, 3)
    assert "sat_morning" in profile.blocked
    assert "mon_morning" not in profile.blocked


@pytest.mark.parametrize(
    ("card", "typed", "message"),
    [
        ("time", {"hours_min": "50"}, "Vul een heel getal in van 1 tot en met 40"),
        ("time", {"hours_min": "40", "hours_max": "20"}, "Dit is meer dan u hierboven koos"),
        ("time", {"windows": "custom", "free": None}, "Kies minstens één dagdeel"),
        ("work", {"sector_1": "infra", "sectors_never": "infra"}, "Haal een van de twee weg"),
        ("work", {"work_1": "Ruimtevaarder"}, "Dit werk kennen we niet"),
        ("work", {"start_from": "31-2-2027"}, "Deze datum bestaat niet"),
    ],
)
def test_a_card_with_a_mistake_keeps_what_was_typed(
    coach: CoachAtWork, card: str, typed: dict[str, Any], message: str
) -> None:
    person = coach.add(sectors=None)
    answer = coach.send(f"/kandidaten/{person}/kaart/{card}", "version", go="finish", **typed)
    assert answer.status_code == 400
    assert message in answer.text
    again = form_of(answer.text, "version")
    for name, value in typed.items():
        assert again.get(name) == value


def test_adjusting_the_week_counts_also_when_no_script_moved_the_choice(
    coach: CoachAtWork,
) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/kaart/time"
    free = [w for w in form_of(coach.get(address), "free")["free"] if not w.startswith("wed")]
    coach.send(address, "free", go="finish", free=free)
    assert coach.record(person).profile.blocked == {
        f"wed_{part}" for part in ("morning", "afternoon", "evening", "night")
    }


def test_two_people_at_one_card_are_shown_both_versions(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/kaart/time"
    form = {**form_of(coach.get(address), "pc4"), "go": "finish", "travel_max_minutes": "30"}
    record = coach.record(person)
    with coach.session() as session:
        update_candidate(
            session,
            coach.viewer,
            person,
            {"travel_max_minutes": 90},
            expected_version=record.version,
            now=coach.at,
        )
    answer = coach.client.post(address, data=form)
    assert answer.status_code == 412
    assert "Iemand anders was u voor" in answer.text
    words = words_of(answer.text)
    assert "90 minuten 30 minuten" in words
    assert form_of(answer.text, "pc4")["travel_max_minutes"] == "30"
    assert coach.record(person).profile.travel_max_minutes == 90
    again = coach.client.post(address, data={**form_of(answer.text, "pc4"), "go": "finish"})
    assert again.status_code == 302
    assert coach.record(person).profile.travel_max_minutes == 30


def test_a_card_left_for_later_is_resumed_and_can_be_thrown_away(coach: CoachAtWork) -> None:
    person = coach.add()
    address = f"/kandidaten/{person}/kaart/support"
    coach.send(address, "version", go="later", home_base="1")
    assert "Kaart ‘Steun’ is nog niet af" in coach.get("/vandaag")
    assert form_of(coach.get(address), "version")["home_base"] == "1"
    assert coach.record(person).profile.home_base == 4
    coach.send(address, "version", go="discard")
    assert form_of(coach.get(address), "version")["home_base"] == "4"


def test_one_tap_says_that_old_answers_still_hold(coach: CoachAtWork) -> None:
    person = coach.add(observed_on=coach.on - timedelta(weeks=9))
    address = f"/kandidaten/{person}"
    assert "Klopt dit nog?" in coach.get(address)
    assert coach.tap(address, f"{address}/klopt-nog", klopt="alles").status_code == 302
    profile = coach.record(person).profile
    assert (profile.rhythm, profile.observed_on) == (3, coach.on)
    assert "Klopt dit nog?" not in coach.get(address)


def test_what_is_not_ticked_becomes_unknown_again(coach: CoachAtWork) -> None:
    person = coach.add(observed_on=coach.on - timedelta(weeks=30))
    address = f"/kandidaten/{person}"
    coach.tap(address, f"{address}/klopt-nog", klopt=["rhythm", "lift"])
    profile = coach.record(person).profile
    assert (profile.rhythm, profile.lift) == (3, 2)
    assert (profile.work_skills, profile.walk, profile.language_speak) == (None, None, None)


def test_a_new_answer_does_not_make_old_ones_vanish_unasked(coach: CoachAtWork) -> None:
    person = coach.add(observed_on=coach.on - timedelta(weeks=30), hours_max=None)
    address = f"/kandidaten/{person}"
    coach.tap(address, f"{address}/antwoord/rhythm", antwoord="half")
    assert coach.record(person).profile.work_skills == 2
    assert "nog kloppen" in coach.get(address)


def test_a_card_asks_on_the_same_page_which_old_answers_still_hold(coach: CoachAtWork) -> None:
    person = coach.add(observed_on=coach.on - timedelta(weeks=30))
    address = f"/kandidaten/{person}/kaart/language"
    coach.send(address, "version", go="finish", klopt=["rhythm", "work_skills"], digital="1")
    profile = coach.record(person).profile
    assert (profile.rhythm, profile.work_skills, profile.digital) == (3, 2, 1)
    assert profile.walk is None
