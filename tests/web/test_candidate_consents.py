"""Invitations on the own pages: the exact preview, each answer, and who learns of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from matcher.services import introductions, vacancies
from matcher.services.introduction_views import own_introduction
from tests.web.coach_at_work import words_of
from tests.web.own_page import OwnPage

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
