"""The candidate's own pages: what they say, what they keep back, and what can be done on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from matcher.domain.vocabulary import LOADS
from matcher.models import CandidateAudit
from matcher.services import own_file
from matcher.services.assessments import latest_assessment
from matcher.services.candidates import get_candidate
from matcher.services.decisions import record_decision
from matcher.services.intake import save_draft
from matcher.web.candidate.values import GROUPS
from tests.web.coach_at_work import FORBIDDEN, words_of
from tests.web.own_page import WAY_OUT, OwnPage, folded_words, main_words, own_page

PAGES = (
    "",
    "/gegevens",
    "/wensen",
    "/contact",
    "/pauze",
    "/vragen",
    "/klopt-niet",
    "/toevoegen",
    "/een-mens",
    "/weghalen",
    "/notitie",
    "/uitnodigingen",
    "/wie-keek-mee",
    "/meenemen",
    "/meenemen/papier",
)
MONEY_TEXT = (
    "Geldzorgen? Dan regelen we hulp, als u dat wilt. Ze tellen hooguit 6 van de 100 punten in het "
    "beeld dat uw coach ziet. Ze veranderen niet welke plekken u krijgt of wanneer u begint. "
    "Werkgevers zien dit nooit. Niets zeggen mag."
)


# --- every page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_page_uses_a_word_that_judges(own: OwnPage, language: str) -> None:
    own.client.get(f"/taal/{language}")
    own.open_fold()
    for page in PAGES:
        words = words_of(own.get(f"/mijn{page}"))
        assert FORBIDDEN.findall(words) == [], page
        assert re.findall(r"\b(score|risk|target group|lane|rank)\b", words, re.I) == [], page


def test_every_page_is_neutral_outside_and_can_be_left_at_once(own: OwnPage) -> None:
    for page in PAGES:
        answer = own.client.get(f"/mijn{page}")
        title = re.search(r"<title>(.*?)</title>", answer.text)
        assert title is not None
        assert title[1].startswith("Mijn pagina"), page
        assert not re.search(r"matcher|geld|schuld|uitkering|ziek|Sam", title[1]), page
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Verlaat snel" in answer.text
        assert 'data-ends="600"' in answer.text


def test_only_a_candidate_opens_these_pages(own: OwnPage) -> None:
    for page in PAGES:
        assert own.coach.client.get(f"/mijn{page}").status_code == 403
    visitor = own.coach.app.test_client().get("/mijn/gegevens")
    assert visitor.status_code == 401
    assert "Open de link uit uw bericht opnieuw" in visitor.text
    assert "aanmelden" not in visitor.text.lower()


def test_an_error_on_the_own_page_is_neutral_too(own: OwnPage) -> None:
    answer = own.client.get("/mijn/uitnodigingen/4242")
    assert answer.status_code == 404
    assert "Verlaat snel" in answer.text
    assert "matcher" not in re.sub(r"<[^>]+>", "", answer.text).lower()


# --- home ----------------------------------------------------------------------------------------


def test_home_says_the_suggestion_in_words_with_its_reasons_and_what_would_change_it(
    own: OwnPage,
) -> None:
    with own.coach.session() as session:
        advice = own_file.own_assessments(session, own.viewer)[0]
    text = own.get()
    assert "Hallo Sam" in text
    assert advice.reasons
    for _tone, reason in advice.reasons:
        assert reason in text
    assert advice.would_change is not None
    assert advice.would_change in text
    assert "Dit is een advies. U en uw coach kiezen." in text
    assert "Er is nog niet gemeten of mensen er langer door aan het werk blijven." in text
    assert advice.lane not in words_of(text)


def test_home_shows_no_number_about_the_person(own: OwnPage) -> None:
    with own.coach.session() as session:
        kept = latest_assessment(session, own.coach.viewer, own.candidate_id)
    assert kept is not None
    shown = own.get()
    for name in ("readiness", "readiness_low", "readiness_high", "start_level"):
        assert f"{kept.result[name]:.0f} " not in re.sub(r"0 tot 100", "", main_words(shown))


def test_opening_the_own_pages_computes_nothing(own: OwnPage) -> None:
    with own.coach.session() as session:
        before = len(own_file.own_assessments(session, own.viewer, limit=100))
        record = get_candidate(session, own.viewer, own.candidate_id)
        own_file.update_own_file(
            session,
            own.viewer,
            {"goal": "Buiten werken"},
            expected_version=record.version,
            now=own.coach.at,
        )
    text = own.get()
    assert "Daarna is er iets veranderd in uw gegevens" in text
    with own.coach.session() as session:
        assert len(own_file.own_assessments(session, own.viewer, limit=100)) == before


def test_without_an_advice_home_says_what_happens_next(
    new_database: Callable[[str], str], at: datetime
) -> None:
    with own_page(new_database, at, first_name=None) as page:
        text = page.get()
    assert "<h1>Hallo</h1>" in text
    assert "Er is nog geen voorstel" in text
    assert "Niets. U hoeft nu niets te doen." in text


def test_home_shows_what_was_agreed_with_the_coach(own: OwnPage) -> None:
    with own.coach.session() as session:
        save_draft(
            session,
            own.coach.viewer,
            card="agreements",
            answers={"next_step": "Kennismaken bij de kwekerij", "next_on": "2027-01-11"},
            candidate_id=own.candidate_id,
            now=own.coach.at,
        )
    assert "Kennismaken bij de kwekerij" in own.get()
    assert "maandag 11 januari" in own.get("/mijn/afspraken")


def test_what_a_person_chose_stands_beside_the_suggestion(own: OwnPage) -> None:
    with own.coach.session() as session:
        record_decision(
            session,
            own.coach.viewer,
            own.candidate_id,
            subject="lane",
            chosen="ready_now",
            reason="candidate_wish",
            now=own.coach.at,
        )
    assert "Samen gekozen op 4 januari: Nu starten" in own.get()


# --- money and home ------------------------------------------------------------------------------


def test_nothing_about_money_or_home_shows_before_the_code(own: OwnPage) -> None:
    for page in PAGES:
        text = own.get(f"/mijn{page}")
        for sentence in folded_words():
            assert sentence not in text, page
        assert "nog geen hulp" not in main_words(text), page


def test_the_code_unfolds_money_and_home_for_ten_minutes(own: OwnPage) -> None:
    closed = own.get("/mijn/gegevens")
    assert MONEY_TEXT in closed
    wrong = own.send("/mijn/gegevens", "code", to="/mijn/gegevens/open", code="000000")
    assert wrong.status_code == 400
    assert "Deze code klopt niet" in wrong.text
    own.open_fold()
    opened = own.get("/mijn/gegevens")
    assert MONEY_TEXT in opened
    assert WAY_OUT in opened
    assert "Ja, en nog geen hulp" in opened
    now = own.coach.at + timedelta(minutes=9)
    own.coach.app.config["CLOCK"] = lambda: now
    assert "Doe dit deel weer dicht" in own.get("/mijn/gegevens")
    later = own.coach.at + timedelta(minutes=11)
    own.coach.app.config["CLOCK"] = lambda: later
    assert "Doe dit deel weer dicht" not in own.get("/mijn/gegevens")


def test_the_fold_can_be_closed_before_its_time(own: OwnPage) -> None:
    own.open_fold()
    assert own.tap("/mijn/gegevens", "/mijn/gegevens/dicht").status_code == 302
    assert "Misschien kijkt er iemand mee" in own.get("/mijn/gegevens")


def test_after_ten_minutes_without_a_page_the_session_is_over(own: OwnPage) -> None:
    later = own.coach.at + timedelta(minutes=12)
    own.coach.app.config["CLOCK"] = lambda: later
    assert own.client.get("/mijn").status_code == 401


# --- what we know --------------------------------------------------------------------------------


def test_every_field_that_is_kept_stands_on_the_page(own: OwnPage) -> None:
    own.open_fold()
    with own.coach.session() as session:
        fields = own_file.known_fields(session, own.viewer, with_folded=True)
    shown = {name for names in GROUPS.values() for name in names} | {"money", "home_base"}
    assert set(fields) == shown
    text = own.get("/mijn/gegevens")
    for load in LOADS:
        assert load in fields
    assert text.count("weten we niet") >= sum(not f.is_known for f in fields.values()) - 3


def test_each_group_says_why_and_how_long(own: OwnPage) -> None:
    text = own.get("/mijn/gegevens")
    assert text.count("Waarom, en hoe lang?") >= 7
    assert "Om samen met u werk te zoeken dat bij u past." in text
    assert "Dit zijn gevoelige gegevens." in text
    assert "Zolang wij u begeleiden, en daarna nog 365 dagen." in text


def test_benefit_and_year_of_birth_show_when_they_are_kept(own: OwnPage) -> None:
    with own.coach.session() as session:
        record = get_candidate(session, own.viewer, own.candidate_id)
        session.add(
            CandidateAudit(
                region="demo",
                reference=record.profile.reference,
                benefit=None,
                birth_year=1987,
            )
        )
        session.commit()
    assert "1987" in own.get("/mijn/gegevens")
