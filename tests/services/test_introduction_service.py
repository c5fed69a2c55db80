"""Introductions: every step needs the one before it, and is taken by whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import (
    Account,
    Message,
)
from matcher.models.states import IntroductionState
from matcher.repositories.scope import unscoped
from matcher.services import introduction_lists as lists
from matcher.services import introduction_views as views
from matcher.services import introductions
from matcher.services.candidates import update_candidate
from matcher.services.introduction_checks import NotPossible
from tests.services.introducing import firm_lines, invite, open_place, person_of, row_of, steps_of

DAY = timedelta(days=1)
LATE = timedelta(days=20)


def test_from_an_invitation_to_a_meeting(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, place: int, now: datetime
) -> None:
    account = session.get_one(Account, contractor.account_id)
    account.email = "bedrijf@voorbeeld.example"
    session.commit()
    number = invite(session, coach, person, place, now)
    (line,) = firm_lines(session, contractor, now)
    assert (line.status, line.person, line.candidate_id, line.first_name) == (
        "waiting", {}, None, None,
    )  # fmt: skip

    introductions.answer(session, person, number, "yes", ["contact"], now=now)
    (line,) = firm_lines(session, contractor, now)
    assert (line.status, line.person) == ("to_meet", {"first_name": "Een"})
    opened = lists.get_introduction(session, contractor, number, now=now)
    assert opened.person["contact_value"] == "06 12 34 56 78"

    introductions.mark_met(session, contractor, number, now=now)
    (overview,) = lists.for_contractor(session, contractor, now=now)
    assert (overview.lines[0].status, overview.places, overview.places_left) == ("met", 3, 2)

    introductions.end(session, contractor, number, "chose_other", now=now)
    (overview,) = lists.for_contractor(session, contractor, now=now)
    assert overview.places_left == 3
    assert (overview.lines[0].status, overview.lines[0].ended) == ("ended", "chose_other")
    assert overview.lines[0].person == {}
    assert row_of(session, number).shown == {}
    assert steps_of(session, number) == [
        ("invited", "coach"),
        ("consented", "candidate"),
        ("introduced", "contractor"),
        ("ended", "contractor"),
    ]
    kinds = session.scalars(unscoped(select(Message.template).order_by(Message.id), Message))
    assert list(kinds) == ["candidate_ready", "something_ready", "candidate_ready"]


SHARES = [[], ["contact"], ["goal"], ["agree-lift"], ["contact", "goal", "agree-lift"]]


@pytest.mark.parametrize("shares", SHARES, ids=["nothing", "contact", "goal", "lift", "all"])
def test_the_employer_sees_exactly_what_the_preview_showed_and_nothing_later(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    now: datetime,
    shares: list[str],
) -> None:
    place = open_place(session, contractor, {"employer_size": 250}, now)
    person = person_of(session, coach, now, lift=1, goal="Stratenmaker worden", guidance_need=3)
    number = invite(session, coach, person, place, now)
    own = views.own_introduction(session, person, number, now=now)
    assert own.choices is not None
    assert own.choices.codes == ("contact", "goal", "agree-lift")
    assert own.choices.loads == ("lift",)
    before = views.preview(session, person, number, shares, now=now)
    assert before == {
        "pseudonym": row_of(session, number).pseudonym,
        "first_name": "Een",
        "contact_kind": "sms" if "contact" in shares else "via_coach",
        "contact_value": "06 12 34 56 78" if "contact" in shares else None,
        "hours_band": [32, 40],
        "start_month": "2027-03",
        "travel_fits": True,
        "meets_needs": True,
        "credentials_asked": [],
        "guidance_band": "2-4",
        "agreement_needed": ["lift"] if "agree-lift" in shares else [],
        **({"goal": "Stratenmaker worden"} if "goal" in shares else {}),
    }

    introductions.answer(session, person, number, "yes", shares, now=now)
    assert lists.get_introduction(session, contractor, number, now=now).person == before

    assert person.candidate_id is not None
    update_candidate(
        session,
        coach,
        person.candidate_id,
        {"first_name": "Ander", "contact_value": "06 87 65 43 21", "goal": "Iets anders",
         "hours_max": 24, "guidance_need": 9.0, "lift": 2},
        expected_version=1,
        now=now,
    )  # fmt: skip
    later = lists.get_introduction(session, contractor, number, now=now + DAY)
    assert later.person == before


def test_nothing_can_be_shared_that_was_not_offered(
    session: Session, person: Viewer, invited: int, now: datetime
) -> None:
    for share in ("goal", "agree-lift", "money", "rhythm"):
        with pytest.raises(InvalidInput, match="shares"):
            introductions.answer(session, person, invited, "yes", [share], now=now)
    assert row_of(session, invited).state is IntroductionState.INVITED


def test_asking_the_coach_says_neither_yes_nor_no(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    person: Viewer,
    invited: int,
    now: datetime,
) -> None:
    before = [line.as_mapping() for line in firm_lines(session, contractor, now)]
    introductions.answer(session, person, invited, "ask_coach", now=now)
    with pytest.raises(NotPossible, match="answered"):
        introductions.answer(session, person, invited, "ask_coach", now=now)
    assert [line.as_mapping() for line in firm_lines(session, contractor, now)] == before
    (line,) = lists.for_today(session, coach, now=now)
    assert (line.id, line.wants_talk, line.status) == (invited, True, "waiting")

    introductions.answer(session, person, invited, "no", now=now)
    (after,) = lists.for_today(session, coach, now=now)
    assert after == line, "the no changes nothing"

    introductions.mark_talked(session, coach, invited, now=now)
    assert lists.for_today(session, coach, now=now) == []
    with pytest.raises(NotPossible):
        introductions.mark_talked(session, coach, invited, now=now)


def test_after_asking_the_coach_a_yes_is_still_possible(
    session: Session, coach: Viewer, person: Viewer, invited: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "ask_coach", now=now)
    (own,) = views.for_candidate(session, person, now=now)
    assert (own.status, own.asked_coach, own.can_answer) == ("to_answer", True, True)
    introductions.answer(session, person, invited, "yes", now=now)
    (line,) = lists.for_today(session, coach, now=now)
    assert (line.status, line.wants_talk) == ("to_meet", False)
    assert lists.for_today(session, coach, now=now + 7 * DAY) == []


def test_an_invitation_is_answered_once(
    session: Session, person: Viewer, invited: int, coach: Viewer, place: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "yes", now=now)
    kept = row_of(session, invited).shown
    for again in ("yes", "no", "ask_coach"):
        with pytest.raises(NotPossible):
            introductions.answer(session, person, invited, again, now=now)
    with pytest.raises(InvalidInput, match="answer"):
        introductions.answer(session, person, invited, "withdrawn", now=now)
    with pytest.raises(NotPossible, match="already"):
        invite(session, coach, person, place, now)
    row = row_of(session, invited)
    assert (row.state, row.shown) == (IntroductionState.ACCEPTED, kept)


def test_a_no_cannot_be_taken_for_a_yes_later(
    session: Session, person: Viewer, invited: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "no", now=now)
    with pytest.raises(NotPossible):
        introductions.answer(session, person, invited, "yes", now=now)
    with pytest.raises(NotPossible):
        introductions.withdraw(session, person, invited, now=now)
    assert row_of(session, invited).state is IntroductionState.INVITED


def test_an_expired_invitation_cannot_be_answered(
    session: Session, person: Viewer, invited: int, now: datetime
) -> None:
    with pytest.raises(NotPossible):
        introductions.answer(session, person, invited, "yes", now=now + LATE)
    with pytest.raises(NotFound):
        views.preview(session, person, invited, now=now + LATE)
    (own,) = views.for_candidate(session, person, now=now + LATE)
    assert (own.status, own.can_answer, own.can_withdraw) == ("expired", False, False)


@pytest.mark.parametrize("step", ["met", "end"])
def test_without_consent_there_is_no_next_step(
    session: Session,
    contractor: Viewer,
    coach: Viewer,
    person: Viewer,
    invited: int,
    now: datetime,
    step: str,
) -> None:
    def try_it() -> None:
        if step == "met":
            introductions.mark_met(session, contractor, invited, now=now)
        else:
            introductions.end(session, contractor, invited, "no_click", now=now)

    with pytest.raises(NotPossible):
        try_it()
    with pytest.raises(NotPossible):
        introductions.withdraw(session, coach, invited, now=now)
    introductions.answer(session, person, invited, "no", now=now)
    with pytest.raises(NotPossible):
        try_it()
    row = row_of(session, invited)
    assert (row.state, row.closed_code, row.version) == (IntroductionState.INVITED, None, 1)


def test_only_whose_step_it_is_can_take_it(
    session: Session,
    coach: Viewer,
    colleague: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    rival: Viewer,
    person: Viewer,
    invited: int,
    now: datetime,
) -> None:
    other = person_of(session, coach, now)
    for viewer in (stranger, rival, other, colleague):
        with pytest.raises(NotFound):
            introductions.answer(session, viewer, invited, "yes", now=now)
        with pytest.raises(NotFound):
            introductions.mark_met(session, viewer, invited, now=now)
        with pytest.raises(NotFound):
            introductions.withdraw(session, viewer, invited, now=now)
    for viewer in (coach, contractor):
        with pytest.raises(Forbidden):
            introductions.answer(session, viewer, invited, "yes", now=now)
    introductions.answer(session, person, invited, "yes", now=now)
    for viewer in (coach, person):
        with pytest.raises(Forbidden):
            introductions.mark_met(session, viewer, invited, now=now)
        with pytest.raises(Forbidden):
            introductions.end(session, viewer, invited, "hours", now=now)
    assert row_of(session, invited).state is IntroductionState.ACCEPTED


@pytest.mark.parametrize("by", ["person", "coach"])
@pytest.mark.parametrize("met", [False, True])
def test_after_a_withdrawal_the_contractor_sees_nothing_any_more(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    person: Viewer,
    invited: int,
    now: datetime,
    by: str,
    met: bool,
) -> None:
    introductions.answer(session, person, invited, "yes", ["contact"], now=now)
    if met:
        introductions.mark_met(session, contractor, invited, now=now)
    introductions.withdraw(session, person if by == "person" else coach, invited, now=now)

    (overview,) = lists.for_contractor(session, contractor, now=now)
    assert (overview.lines[0].status, overview.lines[0].person) == ("not_available", {})
    assert overview.places_left == 3
    row = row_of(session, invited)
    assert (row.shown, row.shares) == ({}, ())
    (own,) = views.for_candidate(session, person, now=now)
    assert own.status == "withdrawn"


def test_an_ending_is_one_of_the_codes_of_a_contractor(
    session: Session, contractor: Viewer, person: Viewer, invited: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "yes", now=now)
    for code in ("not_available", "te langzaam", ""):
        with pytest.raises(InvalidInput, match="code"):
            introductions.end(session, contractor, invited, code, now=now)
    assert set(introductions.ending_codes()) == {
        "place_gone", "chose_other", "hours", "travel", "no_click",
    }  # fmt: skip
