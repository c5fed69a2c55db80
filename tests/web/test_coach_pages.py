"""Every page of a coach, in both languages: its words, what it keeps to itself, its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from werkzeug.datastructures import MultiDict

from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import LOADS
from matcher.reference.catalogue import load_catalogue
from matcher.reference.rules import rule_set_for
from matcher.services.assessments import assess_candidate, match_candidate
from matcher.web.coach.answers import changed_values, dated, expired_levels, question_form
from matcher.web.coach.cards import CARDS, card_states, questions_of
from matcher.web.coach.take_home import euros
from tests.domain.strategies import candidates
from tests.web.coach_at_work import (
    CLOSING,
    FORBIDDEN,
    CoachAtWork,
    coach_at_work,
    without_money_folds,
    words_of,
)

CLOSING_IN_ENGLISH = (
    "This is advice. You and your coach choose. Is something wrong? Say so or change it."
)
FORBIDDEN_IN_ENGLISH = re.compile(r"\b(scores?|risks?|distance|target group|motivation)\b", re.I)
MONEY = re.compile(r"\b(geld|schuld|betaal|loon|money|debt|wage)\w*", re.I)

LISTS = ("/vandaag", "/kandidaten")
ABOUT_ADVICE = (
    "/snelle-start",
    "/snelle-start?een=1",
    "/wat-houd-ik-over",
    "/kandidaten/{person}",
    "/kandidaten/{person}/plekken",
    "/kandidaten/{person}/plekken?soort=ok",
    "/kandidaten/{person}/plekken/1",
    "/kandidaten/{person}/plekken/2",
    "/kandidaten/{person}/wat-als",
    "/kandidaten/{person}/wat-als?programma=vca-basic&meer=vca-basic&geldhulp=money-calm",
    "/kandidaten/{person}/afspraken/maken",
    "/kandidaten/{person}/gegevens",
    *(f"/kandidaten/{{person}}/kaart/{card}" for card in CARDS),
)
ALL_PAGES = (*LISTS, *ABOUT_ADVICE)

HARDLY_KNOWN = ("rhythm", "work_skills", "sectors", "hours_max", "money", "pc4")
WORRIED = {"money": 0, "language_speak": 1, "home_base": 1}
STATES: dict[str, dict[str, Any]] = {
    "ready": {},
    "with worries": WORRIED,
    "building up": {"rhythm": 1, "work_skills": 0, **WORRIED},
    "hardly known": dict.fromkeys((*HARDLY_KNOWN, *LOADS)),
    "out of reach": {"rhythm": 0, "work_skills": 0, "language_speak": 0, "language_read": 0},
}


@pytest.fixture
def coach(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    with coach_at_work(new_database, at) as coach:
        yield coach


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_is_whole_in_both_languages(coach: CoachAtWork, language: str) -> None:
    coach.client.get(f"/taal/{language}")
    closing = CLOSING if language == "nl" else CLOSING_IN_ENGLISH
    forbidden = FORBIDDEN if language == "nl" else FORBIDDEN_IN_ENGLISH
    for state, values in STATES.items():
        person = coach.add(**values)
        for address in ALL_PAGES:
            page = coach.get(address.format(person=person))
            where = (state, address)
            assert f'<html lang="{language}">' in page, where
            assert len(re.findall(r"<h1[ >]", page)) == 1, where
            assert re.search(r"<title>\S.* – matcher</title>", page), where
            assert not forbidden.search(words_of(page)), where
            assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page), where
            assert not re.search(r"%\(|\bNone\b(?! of)|&amp;lt;|\{\{", words_of(page)), where
            if address in ABOUT_ADVICE:
                assert closing in page, where


def test_english_pages_hold_no_dutch(coach: CoachAtWork) -> None:
    coach.client.get("/taal/en")
    person = coach.add(first_name=None, **WORRIED)
    titles = [programme.title or "" for programme in load_catalogue(coach.on)]
    dutch = re.compile(r"\b(niet|welk|vraag|kunt|waar|wij|zijn|een|het|dagen|plek\w*|werk)\b")
    for address in ALL_PAGES:
        page = words_of(coach.get(address.format(person=person)))
        for title in titles:
            page = page.replace(title, "")
        assert dutch.findall(page) == [], address


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_nothing_about_somebodys_money_stands_outside_its_fold(
    coach: CoachAtWork, state: str, language: str
) -> None:
    coach.client.get(f"/taal/{language}")
    person = coach.add(**STATES[state])
    coach.get(f"/kandidaten/{person}")
    own = ("", "/gegevens", "/plekken", "/plekken/1", "/wat-als", "/afspraken/maken")
    pages = (*own, "/kaart/support", "/kaart/work")
    for address in (*LISTS, *(f"/kandidaten/{person}{page}" for page in pages)):
        outside = words_of(without_money_folds(coach.get(address)))
        for advice in ("niet over gezondheid of schulden", "not about health or debts"):
            outside = outside.replace(advice, "")
        assert MONEY.findall(outside) == [], address


def test_two_people_who_differ_in_debt_only_see_the_same_outside_the_fold(
    coach: CoachAtWork,
) -> None:
    calm = coach.add(reference="K-CALM", first_name=None, money=3)
    silent = coach.add(reference="K-SILENT", first_name=None, money=None)
    for page in ("", "/plekken", "/plekken/1", "/wat-als?uren=24", "/gegevens"):
        shown = [
            re.sub(
                r"K-(CALM|SILENT)|/kandidaten/\d+|terug=\d+|value=\"[^\"]*\"",
                "",
                without_money_folds(coach.get(f"/kandidaten/{person}{page}")),
            )
            for person in (calm, silent)
        ]
        assert shown[0] == shown[1], page


def test_the_number_stands_in_its_fold_with_its_range_and_without_money(
    coach: CoachAtWork,
) -> None:
    person = coach.add(money=1, rhythm=2, lift=None)
    page = coach.get(f"/kandidaten/{person}")
    with coach.session() as session:
        row = assess_candidate(session, coach.viewer, person, on=coach.on, now=coach.at).result
    fold = re.search(r'<details class="how".*?</details>', page, re.S)
    assert fold is not None
    number, without = (round(Decimal(row[key])) for key in ("readiness", "readiness_without_money"))
    assert f"{number} (zonder geldzorgen: {without})" in fold[0]
    low, high = (round(Decimal(row[key])) for key in ("readiness_low", "readiness_high"))
    assert f"tussen {low} en {high} van 100." in fold[0]
    assert f"{number} (zonder" not in page.replace(fold[0], "")
    points = re.findall(r"(\d+,\d\d) van \d+", fold[0])
    total = sum((Decimal(text.replace(",", ".")) for text in points), Decimal(0))
    assert total == Decimal(row["readiness"])
    assert f'data-label="Punten">{str(row["readiness"]).replace(".", ",")}</td>' in fold[0]
    for words in (
        "Dit advies is gemaakt met regels van Voorbeeldregio",
        "vastgesteld op",
        "Er is nog niet gemeten of mensen er langer door aan het werk blijven.",
    ):
        assert words in fold[0]


def test_places_stand_in_the_order_of_the_match(coach: CoachAtWork) -> None:
    person = coach.add()
    with coach.session() as session:
        rows = match_candidate(session, coach.viewer, person, on=coach.on, now=coach.at).result
    titles = {"V-1": "Leerling grondwerker", "V-2": "Hulp stratenmaker", "V-3": "Verkeersregelaar"}
    expected = [titles[row["vacancy"]] for row in rows if row["eligible"]]
    page = coach.get(f"/kandidaten/{person}")
    table = re.search(r'<table class="table lists places">.*?</table>', page, re.S)
    assert table is not None
    assert re.findall(r'plekken/\d+">(.*?)</a>', table[0]) == expected


def test_lists_know_no_readiness_and_no_order_by_it(coach: CoachAtWork) -> None:
    first = coach.add(first_name="Aagje", rhythm=0)
    second = coach.add(first_name="Bram")
    for person in (first, second):
        coach.get(f"/kandidaten/{person}")
    page = coach.get("/kandidaten")
    assert not re.search(r"readiness|gereed|punten|sorteer|sort=", page)
    assert page.index("Aagje") < page.index("Bram")


def test_the_lane_that_follows_and_the_others_have_tiles_of_the_same_kind(
    coach: CoachAtWork,
) -> None:
    page = coach.get(f"/kandidaten/{coach.add()}")
    tile = r'<label class="tile"><input[^>]*name="chosen"[^>]*><span>(.*?)</span>'
    tiles = re.findall(tile, page)
    assert len(tiles) == 5
    assert sum("dit is het advies" in tile for tile in tiles) == 1
    assert "checked" not in "".join(re.findall(r'<input[^>]*name="(?:chosen|reason)"[^>]*>', page))


def test_each_card_tells_how_much_it_would_narrow(coach: CoachAtWork) -> None:
    person = coach.add(rhythm=None, sectors=None)
    profile = coach.record(person).profile
    states = {s.code: s for s in card_states(profile, rule_set_for("demo"), coach.on)}
    assert (states["work"].narrows, states["can"].narrows, states["time"].narrows) == (4, 24, 0)
    assert "24 punten scherper" in coach.get(f"/kandidaten/{person}")
    assert "24 van de 28 punten" in coach.get(f"/kandidaten/{person}/kaart/can")


def test_take_home_shows_a_range_with_its_assumptions_once_every_parameter_is_there(
    coach: CoachAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.reference.take_home import Parameter, TakeHome, load_take_home
    from matcher.web.coach import take_home

    shares = {
        "net_share_percent": (80, 85),
        "kept_from_creditors_percent": (90, 95),
        "allowance_loss_percent": (0, 10),
    }
    known = TakeHome(
        on=coach.on,
        parameters={
            name: Parameter(name, low, high, coach.on, None, "an invented source")
            for name, (low, high) in shares.items()
        },
        missing={},
        questions=load_take_home(coach.on).questions,
    )
    monkeypatch.setattr(take_home, "load_take_home", lambda on: known)
    sent = {"hours": "30", "wage": "€ 15,00", "creditors": "yes", "allowance": "yes"}
    words = words_of(coach.send("/wat-houd-ik-over", "wage", **sent).text)
    assert "U houdt € 1.264 tot € 1.575 per maand over" in words
    assert "Het brutoloon is € 1.950 per maand." in words
    assert words.count("an invented source, geldig vanaf 4 januari") == 3


# --- questions and profiles ---------------------------------------------------------------------


@given(profile=candidates())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_form_filled_from_a_profile_changes_nothing(
    coach: CoachAtWork, profile: CandidateProfile
) -> None:
    with coach.app.test_request_context():
        for card in CARDS:
            questions = questions_of(card)
            shown = question_form(questions, profile)
            sent = [
                (name, text)
                for question in questions
                for name in question.field_names
                for text in _as_sent(shown[name])
            ]
            form = question_form(questions, profile, formdata=MultiDict(sent))
            assert changed_values(form, questions, profile) == {}, card


def _as_sent(field: Any) -> list[str]:
    if hasattr(field, "iter_choices"):
        return [choice.value for choice in field.iter_choices() if choice.selected]
    return [field._value()]


@pytest.mark.parametrize(
    ("weeks", "answered", "moves"),
    [
        (None, {"rhythm": 3}, True),
        (3, {"rhythm": 3}, False),
        (5, {"rhythm": 3}, True),
        (12, {"lift": 2}, False),
        (14, {"lift": 2}, True),
        (30, {"hours_max": 24.0}, False),
        (3, {"rhythm": None}, False),
    ],
)
def test_the_day_of_observation_moves_only_when_a_new_answer_needs_it(
    coach: CoachAtWork, weeks: int | None, answered: dict[str, Any], moves: bool
) -> None:
    seen_on = None if weeks is None else coach.on - timedelta(weeks=weeks)
    profile = CandidateProfile("K", "demo", rhythm=2, walk=1, observed_on=seen_on)
    values = dated(profile, answered, rule_set_for("demo"), coach.on)
    assert ("observed_on" in values) is moves


def test_an_answer_too_old_to_count_never_counts_again_by_itself(coach: CoachAtWork) -> None:
    rules = rule_set_for("demo")
    seen_on = coach.on - timedelta(weeks=30)
    profile = CandidateProfile("K", "demo", rhythm=2, walk=1, money=1, observed_on=seen_on)
    assert expired_levels(profile, rules, coach.on) == ("rhythm", "money", "walk")
    values = dated(profile, {"lift": 2}, rules, coach.on, confirmed=["walk"])
    assert values == {"lift": 2, "rhythm": None, "money": None, "observed_on": coach.on}


@pytest.mark.parametrize(("cents", "words"), [(0, "€ 0"), (123449, "€ 1.234"), (123450, "€ 1.234")])
def test_a_month_is_said_in_whole_euros(coach: CoachAtWork, cents: int, words: str) -> None:
    with coach.app.test_request_context():
        assert euros(cents) == words
