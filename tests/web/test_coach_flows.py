"""A coach's whole path without scripts: the quick start, cards, the advice, and what follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from matcher.domain.vocabulary import LOADS
from matcher.services.candidates import list_candidates, list_commitments, update_candidate
from matcher.services.decisions import latest_decision
from matcher.services.intake import list_drafts
from tests.web.coach_at_work import CLOSING, CoachAtWork, coach_at_work, words_of
from tests.web.forms import form_of

BSN = "111222333"


@pytest.fixture
def coach(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    with coach_at_work(new_database, at) as coach:
        yield coach


SIX_TAPS: dict[str, Any] = {
    "wanted": "infra",
    "hours_max": "32",
    "travel_modes": ["bike", "ebike"],
    "travel_max_minutes": "45",
    "pc4": "3311 AB",
    "rhythm": "most",
    "all_can": "y",
    "lift": "partly",
    "obstacles": "nothing",
    "go": "finish",
}


def _only(coach: CoachAtWork) -> int:
    with coach.session() as session:
        (record,) = list_candidates(session, coach.viewer).items
    return record.id


# --- the quick start ---------------------------------------------------------------------------


def test_six_taps_give_advice_with_a_wide_range(coach: CoachAtWork) -> None:
    answer = coach.send("/snelle-start", "wanted_order", **SIX_TAPS)
    assert answer.status_code == 302
    profile = coach.record(_only(coach)).profile
    assert profile.sectors == ("F42",)
    assert profile.hours_max == 32
    assert profile.travel_modes == {"bike", "ebike"}
    assert (profile.travel_max_minutes, profile.pc4, profile.rhythm) == (45, 3311, 3)
    assert profile.lift == 1
    assert all(profile.level(load) == 2 for load in LOADS if load != "lift")
    assert (profile.money, profile.home_base) == (4, 4)
    assert profile.language_speak is None
    assert profile.observed_on in (None, coach.on)
    page = coach.get(answer.headers["Location"])
    assert "Nog even doorvragen" in page
    assert "Wat nu voor kandidaat" in page


@pytest.mark.parametrize(
    ("all_can", "expected"), [(None, None), ("y", 2)], ids=["without the tick", "with the tick"]
)
def test_a_load_is_only_can_after_the_explicit_tick(
    coach: CoachAtWork, all_can: str | None, expected: int | None
) -> None:
    taps = {**SIX_TAPS, "all_can": all_can, "lift": "cannot"}
    coach.send("/snelle-start", "wanted_order", **taps)
    profile = coach.record(_only(coach)).profile
    assert profile.lift == 0
    assert profile.walk == expected


@pytest.mark.parametrize(
    ("obstacles", "more", "expected"),
    [
        ("say_nothing", {}, {"money": None, "home_base": None}),
        ("money", {}, {"money": None}),
        ("money", {"money": "no_help"}, {"money": 1}),
        ("money", {"money": "rather_not_say"}, {"money": None}),
        ("housing", {"money": "no_help"}, {"money": None}),
        ("care_hours", {"home_base": "2", "windows": "school_hours"}, {"home_base": 2}),
        ("dutch", {"language_speak": "1"}, {"language_speak": 1}),
        ("nothing", {}, {"money": 4, "home_base": 4, "language_speak": None}),
    ],
)
def test_only_the_answer_behind_an_obstacle_sets_a_level(
    coach: CoachAtWork, obstacles: str, more: dict[str, str], expected: dict[str, int | None]
) -> None:
    coach.send("/snelle-start", "wanted_order", **{**SIX_TAPS, "obstacles": obstacles, **more})
    profile = coach.record(_only(coach)).profile
    assert {name: profile.level(name) for name in expected} == expected
    assert ("mon_afternoon" in profile.blocked) is ("windows" in more)


def test_the_text_about_money_stands_at_its_question(coach: CoachAtWork) -> None:
    assert (
        "Geldzorgen? Dan regelen we hulp, als u dat wilt. Ze tellen hooguit 6 van de 100 punten in "
        "het beeld dat uw coach ziet. Ze veranderen niet welke plekken u krijgt of wanneer u "
        "begint. Werkgevers zien dit nooit. Niets zeggen mag."
    ) in coach.get("/snelle-start")


def test_wishes_count_in_the_order_of_tapping_where_a_script_told_it(coach: CoachAtWork) -> None:
    taps = {**SIX_TAPS, "wanted": ["infra", "care"], "wanted_order": "care|infra"}
    coach.send("/snelle-start", "wanted_order", **taps)
    assert coach.record(_only(coach)).profile.sectors == ("Q87", "Q88", "F42")


def test_skipping_every_question_is_refused_with_the_way_out(coach: CoachAtWork) -> None:
    answer = coach.send("/snelle-start", "wanted_order", go="finish")
    assert answer.status_code == 400
    assert "Er is een probleem" in answer.text
    assert "Beantwoord minstens één vraag" in answer.text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"pc4": "33"}, "Vul de vier cijfers van de postcode in"),
        ({"pc4": "0123"}, "Vul de vier cijfers van de postcode in"),
        ({"wanted": ["infra", "care", "green", "build"]}, "U koos 4 soorten werk"),
        ({"wanted": ["infra", "unknown"]}, "U koos ‘nog niet bekend’ en ook werk"),
        ({"obstacles": ["nothing", "money"]}, "en ook iets anders"),
        ({"hours_max": "99"}, "Kies een van de antwoorden die hier staan"),
        ({"rhythm": "<script>"}, "Kies een van de antwoorden die hier staan"),
        ({"first_name": f"Sam {BSN}"}, "Hier staat een burgerservicenummer"),
        ({"first_name": "a" * 61}, "Gebruik ten hoogste 60 tekens"),
    ],
)
def test_a_wrong_answer_is_named_and_everything_typed_stays(
    coach: CoachAtWork, wrong: dict[str, Any], message: str
) -> None:
    answer = coach.send("/snelle-start", "wanted_order", **{**SIX_TAPS, **wrong})
    assert answer.status_code == 400
    assert message in answer.text
    assert "<title>Fout: " in answer.text
    again = form_of(answer.text, "wanted_order")
    for name in ("travel_max_minutes", "lift", "all_can"):
        assert again[name] == SIX_TAPS[name]
    if "pc4" in wrong:
        assert again["pc4"] == wrong["pc4"]
    with coach.session() as session:
        assert list_candidates(session, coach.viewer).items == ()


def test_a_citizen_service_number_is_kept_nowhere(coach: CoachAtWork) -> None:
    coach.send("/snelle-start", "wanted_order", **{**SIX_TAPS, "first_name": BSN})
    with coach.session() as session:
        (draft,) = list_drafts(session, coach.viewer)
    assert BSN not in str(draft.answers)


def test_what_was_left_for_later_is_there_again(coach: CoachAtWork) -> None:
    answer = coach.send("/snelle-start", "wanted_order", **{**SIX_TAPS, "go": "later"})
    assert answer.headers["Location"] == "/vandaag"
    page = coach.get("/vandaag")
    assert "Snelle start is nog niet af" in page
    address = re.search(r'href="(/snelle-start/\d+)"', page)
    assert address is not None
    again = form_of(coach.get(address[1]), "wanted_order")
    assert (again["rhythm"], again["pc4"]) == ("most", "3311 AB")


def test_a_finished_quick_start_says_so_instead_of_making_a_second_person(
    coach: CoachAtWork,
) -> None:
    later = coach.send("/snelle-start", "wanted_order", **{**SIX_TAPS, "go": "later"})
    assert later.status_code == 302
    address = re.search(r'href="(/snelle-start/\d+)"', coach.get("/vandaag"))
    assert address is not None
    form = {**form_of(coach.get(address[1]), "wanted_order"), "go": "finish"}
    first = coach.client.post(address[1], data=form)
    second = coach.client.post(address[1], data=form)
    assert first.headers["Location"] == second.headers["Location"]
    assert "Deze snelle start was al af" in coach.get(second.headers["Location"])
    assert coach.client.get(address[1]).headers["Location"] == first.headers["Location"]
    _only(coach)


def test_pressing_twice_makes_one_person(coach: CoachAtWork) -> None:
    form = {**form_of(coach.get("/snelle-start"), "wanted_order"), **SIX_TAPS}
    first = coach.client.post("/snelle-start", data=form)
    second = coach.client.post("/snelle-start", data=form)
    assert first.headers["Location"] == second.headers["Location"]
    _only(coach)


def test_one_question_a_page_keeps_everything_in_both_directions(coach: CoachAtWork) -> None:
    address = "/snelle-start?een=1"
    typed: list[dict[str, Any]] = [
        {"first_name": "Noor"},
        {"wanted": "infra"},
        {"hours_max": "24"},
        {"travel_modes": "bike", "travel_max_minutes": "30", "pc4": "3311"},
        {"rhythm": "half"},
        {"all_can": "y", "walk": "partly"},
    ]
    to = "/snelle-start"
    for answers in typed:
        answer = coach.send(address, "stap", to=to, go="next", **answers)
        assert answer.status_code == 302, answer.text
        address = answer.headers["Location"]
        to = address.split("?")[0]
    assert "Vraag 6 van 6" in words_of(coach.get(address))
    back = coach.send(address, "stap", to=to, go="back", obstacles="housing", home_base="3")
    assert "Vraag 5 van 6" in words_of(coach.get(back.headers["Location"]))
    assert form_of(coach.get(back.headers["Location"]), "stap")["walk"] == "partly"
    last = coach.send(back.headers["Location"], "stap", to=to, go="next")
    done = coach.send(last.headers["Location"], "stap", to=to, go="finish")
    assert done.status_code == 302
    record = coach.record(_only(coach))
    assert record.first_name == "Noor"
    assert (record.profile.rhythm, record.profile.hours_max) == (2, 24)
    assert (record.profile.walk, record.profile.lift, record.profile.home_base) == (1, 2, 3)


def test_a_wrong_answer_on_one_page_stays_on_that_page(coach: CoachAtWork) -> None:
    first = coach.send("/snelle-start?een=1", "stap", to="/snelle-start", go="next")
    address = first.headers["Location"].replace("stap=2", "stap=4")
    answer = coach.send(address, "stap", to=address.split("?")[0], go="next", pc4="33")
    assert answer.status_code == 400
    assert "Vraag 3 van 6" in words_of(answer.text)
    assert 'value="33"' in answer.text


def test_a_draft_is_kept_while_typing_without_pressing_anything(coach: CoachAtWork) -> None:
    form = form_of(coach.get("/snelle-start"), "wanted_order")
    kept = coach.client.post("/snelle-start/concept", data={**form, "hours_max": "24"}).json
    again = coach.client.post(
        "/snelle-start/concept", data={**form, "hours_max": "32", "draft": kept["draft"]}
    ).json
    assert again == kept
    assert form_of(coach.get(kept["address"]), "wanted_order")["hours_max"] == "32"


def test_a_reference_that_is_taken_is_refused_with_everything_still_there(
    coach: CoachAtWork,
) -> None:
    coach.add(reference="K-1")
    answer = coach.send("/snelle-start", "wanted_order", **{**SIX_TAPS, "reference": "K-1"})
    assert answer.status_code == 400
    assert "Dit kenmerk is al in gebruik" in answer.text
    assert form_of(answer.text, "wanted_order")["rhythm"] == "most"


# --- cards -------------------------------------------------------------------------------------


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


# --- answers that become too old ---------------------------------------------------------------


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


# --- the advice --------------------------------------------------------------------------------


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
    words = "Wil eerst naar school en heeft daar een afspraak."
    answer = coach.send(address, "text", to=f"{address}/keuze", **sent, text=words)
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


# --- what can be done for somebody -------------------------------------------------------------


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


# --- what follows ------------------------------------------------------------------------------


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
        ({"i_do": f"Mijn nummer is {BSN}"}, "Hier staat een burgerservicenummer"),
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


# --- lists -------------------------------------------------------------------------------------


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
