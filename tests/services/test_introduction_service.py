"""Introductions: every step needs the one before it, and a refusal shows nowhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import (
    Account,
    AuditEntry,
    Candidate,
    CandidateAccount,
    Introduction,
    IntroductionEvent,
    IntroductionRefusal,
    Message,
)
from matcher.models.states import IntroductionState
from matcher.repositories import introductions as rows
from matcher.repositories.scope import unscoped
from matcher.services import introduction_views as views
from matcher.services import introductions
from matcher.services.candidates import create_candidate, update_candidate
from matcher.services.decisions import record_decision
from matcher.services.introductions import NotPossible
from matcher.services.vacancies import create_vacancy, open_vacancy
from tests.services.conftest import account_of
from tests.services.test_fits import PLACE, READY

DAY = timedelta(days=1)
LATE = timedelta(days=20)


@pytest.fixture
def place(session: Session, contractor: Viewer, now: datetime) -> int:
    """An open vacancy of three places."""
    return open_place(session, contractor, {}, now)


def open_place(session: Session, contractor: Viewer, change: dict[str, Any], now: datetime) -> int:
    found = create_vacancy(session, contractor, {**PLACE, **change}, now=now)
    return open_vacancy(session, contractor, found.id, expected_version=1, now=now).id


def person_of(session: Session, coach: Viewer, now: datetime, **change: Any) -> Viewer:
    """Somebody on the coach's caseload who can start, as the viewer of the own file."""
    contact = {"first_name": "Een", "contact_kind": "sms", "contact_value": "06 12 34 56 78"}
    person = create_candidate(session, coach, {**READY, **contact, **change}, now=now)
    viewer = account_of(session, f"own-{person.id}", Right.CANDIDATE)
    session.add(CandidateAccount(account_id=viewer.account_id, candidate_id=person.id))
    session.commit()
    return Viewer(
        viewer.account_id, viewer.rights, viewer.region, None, "nl", candidate_id=person.id
    )


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> Viewer:
    return person_of(session, coach, now)


@pytest.fixture
def invited(session: Session, coach: Viewer, person: Viewer, place: int, now: datetime) -> int:
    """An invitation of `person` for `place`."""
    return invite(session, coach, person, place, now)


def invite(session: Session, by: Viewer, person: Viewer, place: int, now: datetime) -> int:
    assert person.candidate_id is not None
    return introductions.invite(session, by, person.candidate_id, place, now=now).id


def row_of(session: Session, number: int) -> Introduction:
    statement = select(Introduction).where(Introduction.id == number)
    return session.scalars(
        unscoped(statement, Introduction).execution_options(populate_existing=True)
    ).one()


def steps_of(session: Session, number: int) -> list[tuple[str, str]]:
    statement = (
        select(IntroductionEvent)
        .where(IntroductionEvent.introduction_id == number)
        .order_by(IntroductionEvent.id)
    )
    found = session.scalars(unscoped(statement, IntroductionEvent))
    return [(row.step, row.by_right) for row in found]


def firm_lines(session: Session, contractor: Viewer, now: datetime) -> list[Any]:
    overviews = views.for_contractor(session, contractor, now=now)
    return [line for overview in overviews for line in overview.lines]


# --- the whole way ------------------------------------------------------------------------------


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
    opened = views.get_introduction(session, contractor, number, now=now)
    assert opened.person["contact_value"] == "06 12 34 56 78"

    introductions.mark_met(session, contractor, number, now=now)
    (overview,) = views.for_contractor(session, contractor, now=now)
    assert (overview.lines[0].status, overview.places, overview.places_left) == ("met", 3, 2)

    introductions.end(session, contractor, number, "chose_other", now=now)
    (overview,) = views.for_contractor(session, contractor, now=now)
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
    assert views.get_introduction(session, contractor, number, now=now).person == before

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
    later = views.get_introduction(session, contractor, number, now=now + DAY)
    assert later.person == before


def test_nothing_can_be_shared_that_was_not_offered(
    session: Session, person: Viewer, invited: int, now: datetime
) -> None:
    for share in ("goal", "agree-lift", "money", "rhythm"):
        with pytest.raises(InvalidInput, match="shares"):
            introductions.answer(session, person, invited, "yes", [share], now=now)
    assert row_of(session, invited).state is IntroductionState.INVITED


# --- S-07: nobody can tell a no from no answer ----------------------------------------------------


def everything_seen(session: Session, viewers: list[Viewer], place: int, at: datetime) -> list[Any]:
    """All that contractor and staff can read, without what differs between persons anyway."""
    seen: list[Any] = []
    for viewer in viewers:
        if viewer.has(Right.CONTRACTOR):
            overviews = views.for_contractor(session, viewer, now=at, vacancy_id=place)
        else:
            overviews = views.for_region(session, viewer, now=at, vacancy_id=place)
        seen += [(one.places_left, len(one.lines)) for one in overviews]
        for line in (line for one in overviews for line in one.lines):
            flat = line.as_mapping()
            for own in ("id", "vacancy_id", "vacancy", "pseudonym", "candidate_id", "reference"):
                flat.pop(own)
            seen.append(flat)
    return seen


@pytest.mark.parametrize("round_is_made", [False, True])
def test_no_expired_withdrawn_erased_and_away_look_the_same_on_every_day(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    contractor: Viewer,
    now: datetime,
    round_is_made: bool,
) -> None:
    viewers = [contractor, triager, account_of(session, "lead", Right.LEAD)]
    people = {name: person_of(session, coach, now) for name in ("no", "silent", "back", "away")}
    places = {name: open_place(session, contractor, {}, now) for name in people}
    numbers = {
        name: invite(session, coach, person, places[name], now) for name, person in people.items()
    }
    introductions.answer(session, people["no"], numbers["no"], "no", now=now + DAY)
    introductions.withdraw(session, people["back"], numbers["back"], now=now + 2 * DAY)
    away = people["away"].candidate_id
    assert away is not None
    paused = {"paused_until": date(2027, 9, 1)}
    update_candidate(session, coach, away, paused, expected_version=1, now=now + DAY)

    by_day = []
    for days in range(46):
        at = now + days * DAY
        if round_is_made:
            introductions.expire(session, at)
        seen = [everything_seen(session, viewers, place, at) for place in places.values()]
        assert all(one == seen[0] for one in seen), f"day {days}"
        status = {line["status"] for line in seen[0] if isinstance(line, dict)}
        by_day.append(status.pop() if status else None)
    assert by_day == ["waiting"] * 15 + ["not_available"] * 28 + [None] * 3


def test_the_day_turns_at_midnight_here_and_not_at_the_hour_of_the_invitation(
    session: Session, coach: Viewer, contractor: Viewer, invited: int, now: datetime
) -> None:
    last = row_of(session, invited).expires_at
    assert (last.hour, last.minute) == (23, 0), "midnight in Amsterdam, in winter time"
    (line,) = firm_lines(session, contractor, last - timedelta(seconds=1))
    assert (line.status, line.answer_by) == ("waiting", date(2027, 3, 15))
    (line,) = firm_lines(session, contractor, last)
    assert line.status == "not_available"


def test_a_refusal_leaves_no_trace_that_anybody_else_reaches(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    person: Viewer,
    invited: int,
    now: datetime,
) -> None:
    def columns() -> dict[str, Any]:
        row = row_of(session, invited)
        return {column.key: getattr(row, column.key) for column in row.__table__.columns}

    def log() -> int:
        return len(session.scalars(unscoped(select(AuditEntry.id), AuditEntry)).all())

    before, entries, steps = columns(), log(), steps_of(session, invited)
    introductions.answer(session, person, invited, "no", now=now + DAY)
    assert (columns(), log(), steps_of(session, invited)) == (before, entries, steps)
    assert session.scalars(unscoped(select(Message.template), Message)).all() == ["candidate_ready"]
    (own,) = views.for_candidate(session, person, now=now + DAY)
    assert own.status == "said_no"
    others = [coach, contractor, account_of(session, "lead", Right.LEAD, Right.TRIAGER)]
    for viewer in others:
        assert rows.refused_ids(session, viewer) == frozenset()


def test_erasing_somebody_tells_the_contractor_nothing(
    session: Session, coach: Viewer, contractor: Viewer, place: int, now: datetime
) -> None:
    gone, refusing, met = (person_of(session, coach, now) for _ in range(3))
    first, second, third = (
        invite(session, coach, each, place, now) for each in (gone, refusing, met)
    )
    introductions.answer(session, refusing, second, "no", now=now)
    introductions.answer(session, met, third, "yes", ["contact"], now=now)
    for viewer in (gone, refusing, met):
        assert viewer.candidate_id is not None
        introductions.let_go(session, viewer.candidate_id, now=now)
        session.delete(
            session.scalars(
                unscoped(select(Candidate).where(Candidate.id == viewer.candidate_id), Candidate)
            ).one()
        )
        session.commit()

    lines = {line.id: line for line in firm_lines(session, contractor, now)}
    assert [lines[n].status for n in (first, second, third)] == [
        "waiting", "waiting", "not_available",
    ]  # fmt: skip
    assert all(line.person == {} for line in lines.values())
    assert all(row_of(session, n).candidate_id is None for n in (first, second, third))
    lines = {line.id: line for line in firm_lines(session, contractor, now + LATE)}
    assert {line.status for line in lines.values()} == {"not_available"}


def test_four_weeks_after_closing_nothing_is_left(
    session: Session, person: Viewer, invited: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "no", now=now)
    closed = row_of(session, invited).expires_at
    assert introductions.expire(session, closed + 28 * DAY - timedelta(seconds=1)) == 0
    assert introductions.expire(session, closed + 28 * DAY) == 1
    for model in (Introduction, IntroductionRefusal, IntroductionEvent):
        assert session.scalars(unscoped(select(model.id), model)).all() == []


# --- asking the coach -----------------------------------------------------------------------------


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
    (line,) = views.for_today(session, coach, now=now)
    assert (line.id, line.wants_talk, line.status) == (invited, True, "waiting")

    introductions.answer(session, person, invited, "no", now=now)
    (after,) = views.for_today(session, coach, now=now)
    assert after == line, "the no changes nothing"

    introductions.mark_talked(session, coach, invited, now=now)
    assert views.for_today(session, coach, now=now) == []
    with pytest.raises(NotPossible):
        introductions.mark_talked(session, coach, invited, now=now)


def test_after_asking_the_coach_a_yes_is_still_possible(
    session: Session, coach: Viewer, person: Viewer, invited: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "ask_coach", now=now)
    (own,) = views.for_candidate(session, person, now=now)
    assert (own.status, own.asked_coach, own.can_answer) == ("to_answer", True, True)
    introductions.answer(session, person, invited, "yes", now=now)
    (line,) = views.for_today(session, coach, now=now)
    assert (line.status, line.wants_talk) == ("to_meet", False)
    assert views.for_today(session, coach, now=now + 7 * DAY) == []


# --- refused, and the state unchanged -------------------------------------------------------------


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

    (overview,) = views.for_contractor(session, contractor, now=now)
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


# --- whom, and how many ---------------------------------------------------------------------------

NOT_INVITED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("paused", {"paused_until": date(2027, 4, 1)}, {}),
    ("lane", {"rhythm": 1}, {"rhythm": 1}),
    ("lane", {"rhythm": None}, {}),
    ("blocked", {"sectors_never": frozenset({"F42"}), "sectors": ("F43",)}, {}),
    ("blocked", {"licences": frozenset()}, {"licences": frozenset({"B"})}),
    ("ask_first", {"bend": None}, {"bend": 2, "employer_size": 5}),
]


@pytest.mark.parametrize(("why", "of_person", "of_place"), NOT_INVITED)
def test_only_who_fits_can_start_and_need_not_be_asked_first_is_invited(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    now: datetime,
    why: str,
    of_person: dict[str, Any],
    of_place: dict[str, Any],
) -> None:
    place = open_place(session, contractor, of_place, now)
    person = person_of(session, coach, now, **of_person)
    assert person.candidate_id is not None
    found = introductions.why_not_invite(session, coach, person.candidate_id, place, now=now)
    assert found == why
    with pytest.raises(NotPossible) as refused:
        invite(session, coach, person, place, now)
    assert refused.value.why == why
    assert firm_lines(session, contractor, now) == []


@pytest.mark.parametrize(
    ("decided", "manual_only", "why"),
    [
        (None, False, None),
        (None, True, "by_person"),
        ("ready_with_support", True, None),
        ("pre_placement", False, "lane"),
        ("pre_placement", True, "lane"),
    ],
)
def test_the_lane_that_a_person_decided_goes_before_ours(
    session: Session,
    coach: Viewer,
    service_point: Viewer,
    person: Viewer,
    place: int,
    now: datetime,
    decided: str | None,
    manual_only: bool,
    why: str | None,
) -> None:
    assert person.candidate_id is not None
    row = session.scalars(
        unscoped(select(Candidate).where(Candidate.id == person.candidate_id), Candidate)
    ).one()
    row.manual_only = manual_only
    session.commit()
    if decided is not None:
        record_decision(
            session,
            coach,
            person.candidate_id,
            subject="lane",
            chosen=decided,
            reason="knows_more",
            now=now,
        )
    for viewer in (coach, service_point):
        found = introductions.why_not_invite(session, viewer, person.candidate_id, place, now=now)
        assert found == why


def test_at_most_three_open_invitations_a_place_and_a_refused_one_counts(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, {"places": 1}, now)
    people = [person_of(session, coach, now) for _ in range(4)]
    numbers = [invite(session, coach, each, place, now) for each in people[:3]]
    introductions.answer(session, people[0], numbers[0], "no", now=now)
    with pytest.raises(NotPossible) as refused:
        invite(session, coach, people[3], place, now)
    assert refused.value.why == "too_many_invitations"
    invite(session, coach, people[3], place, now + LATE)


def test_no_more_people_are_introduced_than_there_are_places(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, {"places": 1}, now)
    first, second, third, fourth = (person_of(session, coach, now) for _ in range(4))
    one, two, three = (invite(session, coach, each, place, now) for each in (first, second, third))
    introductions.answer(session, first, one, "yes", now=now)
    introductions.answer(session, second, two, "yes", now=now)
    introductions.mark_met(session, contractor, one, now=now)
    with pytest.raises(NotPossible) as refused:
        introductions.mark_met(session, contractor, two, now=now)
    assert refused.value.why == "full"
    with pytest.raises(NotPossible) as refused:
        introductions.answer(session, third, three, "yes", now=now)
    assert refused.value.why == "full"
    with pytest.raises(NotPossible) as refused:
        invite(session, coach, fourth, place, now)
    assert refused.value.why == "full"
    introductions.end(session, contractor, one, "no_click", now=now)
    introductions.mark_met(session, contractor, two, now=now)
    assert row_of(session, two).state is IntroductionState.INTRODUCED


def test_people_out_of_reach_are_not_found(
    session: Session,
    coach: Viewer,
    colleague: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    person: Viewer,
    place: int,
    invited: int,
    now: datetime,
) -> None:
    assert person.candidate_id is not None
    for viewer in (stranger, colleague):
        with pytest.raises(NotFound):
            introductions.invite(session, viewer, person.candidate_id, place, now=now)
        with pytest.raises(NotFound):
            views.for_staff(session, viewer, person.candidate_id, now=now)
        with pytest.raises(NotFound):
            views.get_introduction(session, viewer, invited, now=now)
        assert views.for_region(session, viewer, now=now) == []
    with pytest.raises(Forbidden):
        introductions.invite(session, contractor, person.candidate_id, place, now=now)
    with pytest.raises(Forbidden):
        views.for_staff(session, contractor, person.candidate_id, now=now)
    with pytest.raises(Forbidden):
        views.for_contractor(session, coach, now=now)


def test_a_pseudonym_is_good_for_one_vacancy(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, now: datetime
) -> None:
    places = [open_place(session, contractor, {}, now) for _ in range(2)]
    for place in places:
        invite(session, coach, person, place, now)
    names = [line.pseudonym for line in firm_lines(session, contractor, now)]
    assert len(set(names)) == 2
