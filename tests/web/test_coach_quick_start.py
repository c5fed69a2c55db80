"""The quick start: six taps, one page or six, a draft that is kept and never made twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from matcher.domain.vocabulary import LOADS
from matcher.services.candidates import list_candidates
from matcher.services.intake import list_drafts
from tests.web.coach_at_work import CoachAtWork, coach_at_work, words_of
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
    assert profile.observed_on == coach.on
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


def test_answers_that_never_age_need_no_day(coach: CoachAtWork) -> None:
    coach.send("/snelle-start", "wanted_order", go="finish", hours_max="24", pc4="3311")
    assert coach.record(_only(coach)).profile.observed_on is None


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
        ({"first_name": f"Sam {BSN}"}, "Hier staat iets over: een burgerservicenummer"),
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
