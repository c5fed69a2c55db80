"""The candidate's own pages: what they say, what they keep back, and what can be done on them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.vocabulary import LOADS
from matcher.models import CandidateAudit
from matcher.models.states import OwnRequestState
from matcher.services import introductions, notes, own_file, own_requests, vacancies
from matcher.services.assessments import latest_assessment
from matcher.services.candidates import get_candidate
from matcher.services.decisions import record_decision
from matcher.services.folded import folded_sentences
from matcher.services.intake import save_draft
from matcher.services.introduction_views import own_introduction
from matcher.web.candidate.values import GROUPS
from tests.web.coach_at_work import FORBIDDEN, words_of
from tests.web.forms import form_of
from tests.web.own_page import OwnPage, own_page

WAY_OUT = "Dit helpt naast het werk: Kinderopvang en uren regelen."
"""A reason of the advice that tells how things are at home."""

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


@pytest.fixture
def own(new_database: Callable[[str], str], at: datetime) -> Iterator[OwnPage]:
    """Somebody with money worries and half of a rhythm, whom the coach advised."""
    values = {"rhythm": 2, "money": 1, "home_base": 1, "contact_kind": "sms"}
    with own_page(new_database, at, contact_value="06 12345678", **values) as page:
        page.advise()
        yield page


def _main(text: str) -> str:
    found = re.search(r"<main.*?</main>", text, re.S)
    assert found is not None
    return words_of(found[0])


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
        assert f"{kept.result[name]:.0f} " not in re.sub(r"0 tot 100", "", _main(shown))


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


def _folded_words() -> list[str]:
    return [*sorted(folded_sentences("nl")), WAY_OUT]


def test_nothing_about_money_or_home_shows_before_the_code(own: OwnPage) -> None:
    for page in PAGES:
        text = own.get(f"/mijn{page}")
        for sentence in _folded_words():
            assert sentence not in text, page
        assert "nog geen hulp" not in _main(text), page


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


# --- changing ------------------------------------------------------------------------------------


def test_wishes_goal_and_start_change_at_once(own: OwnPage) -> None:
    sent = own.send("/mijn/wensen", "goal", goal="Een vaste plek buiten", wants_start="soon")
    assert sent.status_code == 302
    record = own.coach.record(own.candidate_id)
    assert record.goal == "Een vaste plek buiten"
    assert record.profile.wants_start == "soon"
    text = own.get("/mijn/wensen")
    assert "Het telt nergens in mee" in text


def test_saying_nothing_about_the_start_is_an_answer(own: OwnPage) -> None:
    own.send("/mijn/wensen", "goal", wants_start="now")
    own.send("/mijn/wensen", "goal", wants_start="unknown")
    assert own.coach.record(own.candidate_id).profile.wants_start is None


def test_a_change_on_an_older_version_shows_both(own: OwnPage) -> None:
    form = form_of(own.get("/mijn/contact"), "first_name")
    with own.coach.session() as session:
        record = get_candidate(session, own.viewer, own.candidate_id)
        own_file.update_own_file(
            session,
            own.viewer,
            {"first_name": "Samira"},
            expected_version=record.version,
            now=own.coach.at,
        )
    answer = own.client.post("/mijn/contact", data={**form, "first_name": "Sem"})
    assert answer.status_code == 412
    assert "Samira" in answer.text
    assert "Sem" in answer.text
    assert own.coach.record(own.candidate_id).first_name == "Samira"


def test_more_than_own_fields_cannot_be_sent_along(own: OwnPage) -> None:
    before = own.coach.record(own.candidate_id)
    own.send("/mijn/contact", "first_name", rhythm="4", owner_account_id="1", manual_only="1")
    after = own.coach.record(own.candidate_id)
    assert after.profile == before.profile
    assert after.owner_account_id == before.owner_account_id
    assert not after.manual_only


def test_a_pause_needs_a_day_and_never_a_reason(own: OwnPage) -> None:
    text = own.get("/mijn/pauze")
    assert "Waarom hoeft niemand te weten." in text
    assert own.send("/mijn/pauze", "paused_until", paused_until="2027-01-04").status_code == 400
    assert own.send("/mijn/pauze", "paused_until", paused_until="2027-02-01").status_code == 302
    home = own.get()
    assert "U hebt pauze tot 1 februari." in home
    assert own.tap("/mijn/pauze", "/mijn/pauze", stop="1").status_code == 302
    assert own.coach.record(own.candidate_id).profile.paused_until is None


# --- asking --------------------------------------------------------------------------------------


def test_a_correction_goes_to_the_coach_and_the_answer_comes_back(own: OwnPage) -> None:
    sent = own.send("/mijn/klopt-niet", "text", about="rhythm", text="Ik kwam elke dag")
    assert sent.status_code == 302
    waiting = own.get("/mijn/vragen")
    assert "Ik kwam elke dag" in waiting
    assert "wacht op antwoord" in waiting
    coach, today = own.coach, own.coach.get("/vandaag")
    first = re.search(r'<ul class="today.*?</a>', today, re.S)
    assert first is not None
    assert "Zegt dat iets niet klopt" in first[0]
    assert "Ik kwam elke dag" not in today
    address = f"/kandidaten/{own.candidate_id}/vragen/1"
    assert "Ik kwam elke dag" in coach.get(address)
    form = {"rhythm": "4", "outcome": "apply", "answer_text": "Aangepast, dank u."}
    assert coach.send(address, "answer_text", **form).status_code == 302
    assert coach.record(own.candidate_id).profile.rhythm == 4
    assert "Aangepast, dank u." in own.get("/mijn/vragen")


def test_declining_needs_a_reason_that_the_candidate_reads(own: OwnPage) -> None:
    own.send("/mijn/toevoegen", "text", text="Ik kan lassen")
    address = f"/kandidaten/{own.candidate_id}/vragen/1"
    refused = own.coach.send(address, "answer_text", outcome="declined")
    assert refused.status_code == 400
    assert "Schrijf waarom niet" in refused.text
    done = own.coach.send(
        address, "answer_text", outcome="declined", answer_text="Dat staat er al bij uw papieren."
    )
    assert done.status_code == 302
    text = own.get("/mijn/vragen")
    assert "Dat staat er al bij uw papieren." in text
    assert "Autoriteit Persoonsgegevens" in text


def test_a_request_can_be_taken_back(own: OwnPage) -> None:
    own.send("/mijn/een-mens", "text")
    assert own.tap("/mijn/vragen", "/mijn/vragen/1/terug").status_code == 302
    with own.coach.session() as session:
        asked = own_requests.get_request(session, own.viewer, 1)
    assert asked.state is OwnRequestState.WITHDRAWN


def test_asking_for_a_person_names_the_day_of_the_answer(own: OwnPage) -> None:
    assert "binnen 10 werkdagen" in own.get("/mijn/een-mens")
    own.send("/mijn/een-mens", "text")
    assert "uiterlijk 18 januari" in own.get("/mijn/vragen")


def test_advice_by_a_person_alone_holds_at_once_and_everywhere(own: OwnPage) -> None:
    assert own.tap("/mijn/een-mens", "/mijn/een-mens/alleen").status_code == 302
    home = own.get()
    assert "U krijgt advies van een mens" in home
    assert "Waarom stellen we dit voor?" not in home
    page = own.coach.get(f"/kandidaten/{own.candidate_id}")
    assert "Advies door een mens." in page
    assert "lanes" in page
    assert "Advies door een mens" in own.coach.get("/kandidaten")
    address = f"/api/v1/candidates/{own.candidate_id}/assessments"
    with own.coach.session() as session:
        before = len(own_file.own_assessments(session, own.viewer, limit=100))
    refused = own.coach.client.post(address, json={})
    assert refused.status_code in (403, 409)
    decided = own.coach.send(
        f"/kandidaten/{own.candidate_id}",
        "text",
        to=f"/kandidaten/{own.candidate_id}/keuze",
        chosen="ready_now",
        reason="knows_more",
    )
    assert decided.status_code == 302
    assert "Samen gekozen op 4 januari: Nu starten" in own.get()
    with own.coach.session() as session:
        assert len(own_file.own_assessments(session, own.viewer, limit=100)) == before
    assert own.tap("/mijn/een-mens", "/mijn/een-mens/alleen", weer="1").status_code == 302
    assert "Waarom stellen we dit voor?" in own.get()


def test_deletion_says_first_what_goes_and_what_stays(own: OwnPage) -> None:
    text = own.get("/mijn/weghalen")
    assert "Dit gaat weg" in text
    assert "Dit blijft" in text
    assert own.send("/mijn/weghalen", "text").status_code == 302
    assert "Wil de gegevens laten weghalen" in own.coach.get("/vandaag")


def test_a_granted_deletion_takes_everything_away_and_the_page_with_it(own: OwnPage) -> None:
    own.send("/mijn/weghalen", "text")
    address = f"/kandidaten/{own.candidate_id}/vragen/1"
    unsure = own.coach.send(address, "answer_text", outcome="grant")
    assert unsure.status_code == 400
    assert "Vink aan dat alles weg mag." in unsure.text
    assert own.coach.send(address, "answer_text", outcome="grant", sure="1").status_code == 302
    assert own.client.get("/mijn").status_code == 401
    assert own.coach.client.get(f"/kandidaten/{own.candidate_id}").status_code == 404


def test_an_own_note_stands_next_to_the_coachs(own: OwnPage) -> None:
    with own.coach.session() as session:
        note = notes.add_note(
            session, own.coach.viewer, own.candidate_id, "Kwam later.", now=own.coach.at
        )
    assert "Kwam later." in own.get("/mijn/gegevens")
    address = f"/mijn/notitie?naast={note.id}"
    assert own.send(address, "text", text="De bus reed niet.").status_code == 302
    assert "De bus reed niet." in own.get("/mijn/gegevens")
    person = own.coach.get(f"/kandidaten/{own.candidate_id}/gegevens")
    assert "De kandidaat leest alles wat u hier schrijft." in person
    assert "De bus reed niet." in person


def test_a_note_with_a_citizen_service_number_is_refused_without_repeating_it(
    own: OwnPage,
) -> None:
    answer = own.send("/mijn/notitie", "text", text="Mijn nummer is 111222333")
    assert answer.status_code == 400
    with own.coach.session() as session:
        assert notes.list_notes(session, own.viewer, own.candidate_id) == []


def test_pressing_twice_asks_once(own: OwnPage) -> None:
    form = form_of(own.get("/mijn/toevoegen"), "text")
    sent = {name: value for name, value in form.items() if value is not None}
    for _ in range(2):
        answer = own.client.post("/mijn/toevoegen", data={**sent, "text": "Ik kan lassen"})
        assert answer.status_code == 302
    with own.coach.session() as session:
        assert len(own_requests.list_requests(session, own.viewer, own.candidate_id)) == 1


# --- invitations ---------------------------------------------------------------------------------


@pytest.fixture
def invited(own: OwnPage) -> int:
    """The number of an invitation that waits for an answer."""
    with own.coach.session() as session:
        place = vacancies.list_vacancies(session, own.coach.viewer, status="open").items[0]
        found = introductions.invite(
            session, own.coach.viewer, own.candidate_id, place.id, now=own.coach.at
        )
        return found.id


def _preview(text: str) -> str:
    found = re.search(r'<section class="card preview".*?</section>', text, re.S)
    assert found is not None
    return words_of(found[0])


def test_an_invitation_shows_exactly_what_the_employer_will_see(own: OwnPage, invited: int) -> None:
    assert "Een bedrijf wil u ontmoeten" in own.get()
    preview = _preview(own.get(f"/mijn/uitnodigingen/{invited}"))
    assert "Sam" in preview
    assert "via de coach" in preview
    assert "06 12345678" not in preview


def test_a_yes_is_taken_only_for_the_preview_that_was_seen(own: OwnPage, invited: int) -> None:
    address = f"/mijn/uitnodigingen/{invited}"
    first = own.send(address, "seen", shares="contact", answer="yes")
    assert first.status_code == 200
    assert "Kijk nog één keer" in first.text
    assert "06 12345678" in _preview(first.text)
    with own.coach.session() as session:
        assert introduction_state(session, own, invited) == "to_answer"
    assert own.send(address, "seen", answer="yes").status_code == 302
    text = own.get(address)
    assert "Dit ziet het bedrijf nu van u" in text
    assert "06 12345678" not in _preview(text)


def introduction_state(session: Session, own: OwnPage, number: int) -> str:
    found = own_introduction(session, own.viewer, number, now=own.coach.at)
    return found.status.value


def test_looking_first_and_then_saying_yes_shares_what_was_ticked(
    own: OwnPage, invited: int
) -> None:
    address = f"/mijn/uitnodigingen/{invited}"
    looked = own.send(address, "seen", shares="contact", answer="look")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', looked.text)
    assert token is not None
    sent = {"csrf_token": token[1], "seen": "contact", "shares": "contact", "answer": "yes"}
    assert own.client.post(address, data=sent).status_code == 302
    assert "06 12345678" in _preview(own.get(address))


def test_saying_no_changes_nothing_that_anybody_else_sees(own: OwnPage, invited: int) -> None:
    page = f"/kandidaten/{own.candidate_id}"
    before = words_of(own.coach.get(page))
    assert own.send(f"/mijn/uitnodigingen/{invited}", "seen", answer="no").status_code == 302
    text = own.get(f"/mijn/uitnodigingen/{invited}")
    assert "Niemand ziet dat." in text
    assert words_of(own.coach.get(page)) == before
    assert "Een bedrijf wil u ontmoeten" not in own.get()


def test_a_yes_can_be_taken_back(own: OwnPage, invited: int) -> None:
    address = f"/mijn/uitnodigingen/{invited}"
    own.send(address, "seen", answer="yes")
    assert own.tap(address, f"{address}/intrekken").status_code == 302
    text = own.get(address)
    assert "Het bedrijf ziet niets van u." in text
    assert "u trok het in" in text


def test_asking_the_coach_leaves_yes_and_no_open(own: OwnPage, invited: int) -> None:
    address = f"/mijn/uitnodigingen/{invited}"
    own.send(address, "seen", answer="ask_coach")
    text = own.get(address)
    assert "U vroeg uw coach." in text
    assert "Ja, ik wil kennismaken" in text


def test_no_invitation_is_asked_about_during_a_pause(own: OwnPage, invited: int) -> None:
    own.send("/mijn/pauze", "paused_until", paused_until="2027-02-01")
    assert "Een bedrijf wil u ontmoeten" not in own.get()


# --- who looked, and taking along ----------------------------------------------------------------


def test_who_looked_names_rights_and_days_never_people(own: OwnPage) -> None:
    own.coach.get(f"/kandidaten/{own.candidate_id}/gegevens")
    text = _main(own.get("/mijn/wie-keek-mee"))
    assert "Uw coach of een vervanger opende uw gegevens" in text
    assert "4 januari" in text
    assert not re.search(r"\bcoach-\d|account", text)


def test_the_copy_holds_everything_and_says_what_it_is(own: OwnPage) -> None:
    own.send("/mijn/toevoegen", "text", text="Ik kan lassen")
    answer = own.client.get("/mijn/meenemen/bestand")
    assert answer.mimetype == "application/json"
    assert "mijn-gegevens.json" in answer.headers["Content-Disposition"]
    copy = json.loads(answer.text)
    assert set(copy["about"]) == set(copy) - {"format", "made_at", "about"} - {
        "money_and_home_included"
    }
    assert copy["file"]["first_name"]["value"] == "Sam"
    assert copy["requests"][0]["text"] == "Ik kan lassen"
    assert copy["advice"][0]["suggestion"]
    assert copy["money_and_home_included"] is False
    assert "money" not in copy["file"]
    for sentence in _folded_words():
        assert sentence not in answer.text
    assert '"readiness' not in answer.text
    assert '"rank"' not in answer.text


def test_money_and_home_come_along_only_while_the_fold_is_open(own: OwnPage) -> None:
    assert "Geld en thuis komen niet mee" in own.get("/mijn/meenemen")
    own.open_fold()
    assert "Geld en thuis komen nu mee" in own.get("/mijn/meenemen")
    copy = json.loads(own.get("/mijn/meenemen/bestand"))
    assert copy["file"]["money"]["value"] == 1
    assert copy["advice"][0]["about_money_and_home"] == [WAY_OUT]


def test_taking_a_copy_stands_in_the_log(own: OwnPage) -> None:
    own.get("/mijn/meenemen/bestand")
    assert "nam gegevens mee in een bestand" in _main(own.get("/mijn/wie-keek-mee"))


def test_access_is_given_once_on_paper_or_screen(own: OwnPage) -> None:
    answer = own.coach.tap(
        f"/kandidaten/{own.candidate_id}/gegevens", f"/kandidaten/{own.candidate_id}/toegang"
    )
    assert answer.status_code == 200
    code = re.search(r'big-number number">(\d{6})<', answer.text)
    assert code is not None
    assert code[1] != own.code
    assert own.client.get("/mijn").status_code == 401
