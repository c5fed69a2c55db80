"""One advice in twenty: the coach chooses first, then sees our advice beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from matcher.domain.access import Right
from matcher.domain.vocabulary import Lane
from matcher.models import BlindChoice, IdempotencyRecord
from matcher.repositories.scope import unscoped
from tests.web.browser import BROWSER
from tests.web.coach_at_work import FORBIDDEN, CoachAtWork, coach_at_work, words_of
from tests.web.forms import form_of


@pytest.fixture
def coach(new_database: Callable[[str], str], at: datetime) -> Iterator[CoachAtWork]:
    with coach_at_work(new_database, at) as coach:
        coach.app.config["BLIND_ONE_IN"] = 1
        yield coach


def chosen(coach: CoachAtWork, person: int, lane: str) -> Any:
    form = form_of(coach.get(f"/kandidaten/{person}"), "assessment_id")
    return coach.client.post(f"/kandidaten/{person}/eigen-keuze", data={**form, "lane": lane})


def test_the_question_shows_five_tiles_and_nothing_of_our_advice(coach: CoachAtWork) -> None:
    person = coach.add()

    page = coach.get(f"/kandidaten/{person}")

    assert "Wat denkt u zelf over Sam?" in page
    assert page.count('name="lane"') == len(Lane)
    words = words_of(page)
    for ours in ("Waarom", "plekken mogelijk", "Leg onze keuze vast", "Wat we weten past"):
        assert not re.search(rf"\b{ours}\b(?! vragen)", words), ours
    assert not FORBIDDEN.search(words)


@pytest.mark.parametrize(
    ("lane", "words"),
    [
        ("ready_now", "Vooraf gekozen, zonder ons advies: Nu starten. Dat is hetzelfde."),
        ("pre_placement", "zonder ons advies: Eerst opbouwen. Ons advies is anders. U kiest."),
    ],
)
def test_after_choosing_both_stand_side_by_side(coach: CoachAtWork, lane: str, words: str) -> None:
    person = coach.add()

    answer = chosen(coach, person, lane)

    assert answer.status_code == 302
    page = words_of(coach.get(f"/kandidaten/{person}"))
    assert words in page
    assert "Wat we weten past bij het werk dat u wilt" in page


def test_choosing_nothing_is_said_at_the_tiles(coach: CoachAtWork) -> None:
    person = coach.add()
    form = form_of(coach.get(f"/kandidaten/{person}"), "assessment_id")

    answer = coach.client.post(f"/kandidaten/{person}/eigen-keuze", data=form)

    assert answer.status_code == 400
    assert "Kies wat u zelf denkt" in answer.text
    assert "Wat we weten past" not in answer.text


def test_who_chose_is_kept_nowhere(coach: CoachAtWork) -> None:
    person = coach.add()
    chosen(coach, person, "ready_now")

    with coach.session() as session:
        [row] = session.scalars(unscoped(select(BlindChoice), BlindChoice)).all()
        kept = session.scalar(select(func.count()).select_from(IdempotencyRecord))
    assert row.candidate_id == person
    assert kept == 0


def test_who_objected_to_suggestions_is_advised_by_a_person_and_asked_nothing(
    coach: CoachAtWork,
) -> None:
    from matcher.models import Candidate
    from matcher.services.transactions import unit_of_work

    person = coach.add()
    with coach.session() as session, unit_of_work(session):
        row = session.scalars(
            unscoped(select(Candidate).where(Candidate.id == person), Candidate)
        ).one()
        row.manual_only = True

    assert "eigen-keuze" not in coach.get(f"/kandidaten/{person}")


def test_places_answers_and_paper_ask_nothing(coach: CoachAtWork) -> None:
    person = coach.add()

    for page in ("afspraken/maken", "plekken", "gegevens"):
        assert "eigen-keuze" not in coach.get(f"/kandidaten/{person}/{page}")


OURS = re.compile(r"Nu starten|Starten met steun|Eerst opbouwen|andere weg|[Nn]og even doorvragen")


def test_no_page_tells_our_lane_before_the_own_choice_and_every_one_does_after(
    coach: CoachAtWork,
) -> None:
    person = coach.add()
    unknown = coach.add(reference="K-thin", first_name="Noor", rhythm=None, work_skills=None)
    for each in (person, unknown):
        coach.get(f"/kandidaten/{each}")

    listed = words_of(coach.get("/kandidaten"))
    assert listed.count("Kies eerst zelf") == 2
    for words in (listed, words_of(coach.get("/vandaag"))):
        assert not OURS.search(words)
        assert "Vraag nog" not in words
    paper = coach.get(f"/kandidaten/{person}/afspraken/maken")
    assert not OURS.search(words_of(paper))
    assert form_of(paper, "next_step").get("next_step", [""]) in ("", [""])
    tried = coach.client.get(f"/kandidaten/{person}/wat-als?programma=P-1")
    assert tried.status_code == 302
    assert tried.location.endswith(f"/kandidaten/{person}")

    for each in (person, unknown):
        chosen(coach, each, "ready_now")
    listed = words_of(coach.get("/kandidaten"))
    assert "Kies eerst zelf" not in listed
    assert "Nu starten" in listed
    assert "Vraag nog" in words_of(coach.get("/vandaag"))
    assert coach.client.get(f"/kandidaten/{person}/wat-als").status_code == 200


def test_the_talent_centre_is_told_a_lane_by_who_guides_after_the_own_choice(
    coach: CoachAtWork,
) -> None:
    person = coach.add()
    coach.get(f"/kandidaten/{person}")
    lead = coach.colleague(Right.LEAD, "demo", "a lead")
    triager = coach.colleague(Right.TRIAGER, "demo", "a triager")

    assert "kies eerst zelf" in words_of(lead.get("/mensen").text)
    assert "kies eerst zelf" not in words_of(triager.get("/mensen").text)
    chosen(coach, person, "ready_now")
    assert "kies eerst zelf" not in words_of(lead.get("/mensen").text)


def test_a_choice_made_over_an_advice_that_was_not_seen_goes_to_the_question_first(
    coach: CoachAtWork,
) -> None:
    person = coach.add()
    coach.app.config["BLIND_ONE_IN"] = 0
    form = form_of(coach.get(f"/kandidaten/{person}"), "once")
    coach.app.config["BLIND_ONE_IN"] = 1

    answer = coach.client.post(f"/kandidaten/{person}/keuze", data={**form, "chosen": ""})

    assert answer.status_code == 302
    assert answer.location.endswith(f"/kandidaten/{person}")


class TestInABrowser:
    pytestmark = BROWSER

    @pytest.mark.parametrize("size", ["page", "phone"])
    def test_the_question_is_calm_at_both_sizes(
        self, request: pytest.FixtureRequest, live: Any, look: Any, axe: Any, size: str
    ) -> None:
        page = request.getfixturevalue(size)
        live.app.config["BLIND_ONE_IN"] = 1
        try:
            live.sign_in(page, "coach")
            page.goto(f"{live.url}/kandidaten")
            page.locator("table.lists th a").first.click()
            page.wait_for_selector("input[name=lane]")
            look(page, f"own-choice-{size}")
            axe(page)
        finally:
            live.app.config["BLIND_ONE_IN"] = 0
