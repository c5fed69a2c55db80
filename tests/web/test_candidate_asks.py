"""What candidates change and ask on their own pages, and what the coach does with it."""

from __future__ import annotations

import re

from matcher.models.states import OwnRequestState
from matcher.services import notes, own_file, own_requests
from matcher.services.candidates import get_candidate
from tests.web.forms import form_of
from tests.web.own_page import OwnPage

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
    assert "Na 7 jaar gaat ook dat weg." in text
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
