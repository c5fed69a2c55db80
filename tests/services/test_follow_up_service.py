"""Tasks about people at work: there on their day, gone once done, with whose they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden, InvalidInput
from matcher.services import attendance, follow_up, outcomes, placements, seats
from matcher.services.contacts import note_attempt
from matcher.services.placing import agree_after_trial, record_placement
from matcher.services.seat_releases import end as end_seat
from tests.services.introducing import person_of
from tests.services.placing import START, placed
from tests.services.seating import FIRST, number_of, programme

DAY = timedelta(days=1)


def at(now: datetime, day: date) -> datetime:
    return datetime.combine(day, now.timetz())


def kinds(session: Session, viewer: Viewer, on: date) -> list[tuple[str, date]]:
    return [(task.kind.value, task.due_on) for task in follow_up.own_tasks(session, viewer, on=on)]


def test_the_tasks_of_one_placement_come_on_their_day_and_go_once_done(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    pay = date(2027, 3, 25)
    number = placed(session, coach, person, now, starts_on=START + 2 * DAY, first_pay_on=pay)
    first = START + 2 * DAY
    assert kinds(session, coach, START) == []
    assert kinds(session, coach, START + DAY) == [("first_day", first)]
    note = placements.note_contact
    note(session, coach, number, "first_day", "well", now=at(now, first))
    assert kinds(session, coach, first) == []
    week = first + 7 * DAY
    assert kinds(session, coach, week - DAY) == [("contact", week)]
    note(session, coach, number, "first_week", "not_reached", now=at(now, week))
    assert kinds(session, coach, week) == [("contact", week)], "not reached is not done"
    note(session, coach, number, "first_week", "wants_talk", now=at(now, week))
    assert kinds(session, coach, week) == [("signal", week)]
    note(session, coach, number, "between", "well", now=at(now, week + DAY))
    assert kinds(session, coach, week + DAY) == []
    assert kinds(session, coach, pay - 7 * DAY) == [("first_pay", pay - 7 * DAY)]
    note(session, coach, number, "first_pay", "well", now=at(now, pay - 6 * DAY))
    assert kinds(session, coach, pay - 6 * DAY) == []
    note(session, coach, number, "first_month", "well", now=at(now, first + 30 * DAY))
    three = date(2027, 6, 3)
    assert kinds(session, coach, three - 15 * DAY) == []
    assert kinds(session, coach, three - 14 * DAY) == [("outcome", three)]
    assert kinds(session, coach, three + 30 * DAY) == [("outcome", three)]
    assert kinds(session, coach, three + 31 * DAY) == [], "unknown by itself, and asked no more"
    outcomes.answer(session, person, number, 3, "same_job", now=at(now, three))
    assert kinds(session, coach, three) == [], "the person said it"


def test_who_did_not_come_is_called_today_and_who_ended_is_asked_only_later(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    number = placed(session, coach, person, now)
    placements.note_contact(session, coach, number, "first_day", "did_not_come", now=now)
    assert kinds(session, coach, START)[0] == ("no_show", START)
    placements.end(session, coach, number, "not_started", now=now)
    assert kinds(session, coach, START) == []
    assert kinds(session, coach, date(2027, 6, 1)) == [("outcome", date(2027, 6, 1))]


def test_days_missed_in_a_programme_are_a_signal_until_somebody_talked(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    person = person_of(session, coach, now)
    course = programme(session, now)
    seat = seats.book(session, coach, number_of(person), course, FIRST, now=now)
    for count, day in enumerate((FIRST, FIRST + DAY)):
        attendance.mark_day(session, coach, seat.id, day, "missed", now=at(now, day))
        expected = ("no_show", day) if not count else ("signal", day)
        assert kinds(session, coach, day) == [expected]
    assert follow_up.region_tasks(session, lead, on=FIRST + DAY)[0].owner_account_id == (
        coach.account_id
    )
    note_attempt(session, coach, number_of(person), reached=False, now=at(now, FIRST + DAY))
    assert kinds(session, coach, FIRST + DAY) != []
    note_attempt(session, coach, number_of(person), reached=True, now=at(now, FIRST + DAY))
    assert kinds(session, coach, FIRST + DAY) == []
    end_seat(session, coach, seat.id, "own_wish", now=at(now, FIRST + 2 * DAY))


def test_tasks_are_of_the_own_people_one_each_and_a_lead_sees_whose(
    session: Session,
    coach: Viewer,
    colleague: Viewer,
    lead: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    now: datetime,
) -> None:
    mine, theirs = person_of(session, coach, now), person_of(session, colleague, now)
    for guide, person in ((coach, mine), (colleague, theirs)):
        placed(session, guide, person, now, first_pay_on=START + 3 * DAY)
    for guide, person in ((coach, mine), (colleague, theirs)):
        (task,) = follow_up.own_tasks(session, guide, on=START)
        assert task.candidate_id == number_of(person)
    region = follow_up.region_tasks(session, lead, on=START)
    assert {task.owner_account_id for task in region} == {coach.account_id, colleague.account_id}
    assert follow_up.region_tasks(session, coach, on=START)[0].candidate_id == number_of(mine)
    assert follow_up.region_tasks(session, stranger, on=START) == []
    with pytest.raises(Forbidden):
        follow_up.region_tasks(session, contractor, on=START)


def test_tasks_take_the_same_queries_for_one_person_and_for_many(
    session: Session, coach: Viewer, now: datetime
) -> None:
    placed(session, coach, person_of(session, coach, now), now)
    _queries(session, coach)
    few = _queries(session, coach)
    for _ in range(6):
        placed(session, coach, person_of(session, coach, now), now)
    assert len(follow_up.own_tasks(session, coach, on=START)) == 7
    assert _queries(session, coach) == few <= 8


def _queries(session: Session, viewer: Viewer) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        follow_up.own_tasks(session, viewer, on=START)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_before_a_trial_ends_it_is_asked_what_comes_after_it(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    made = record_placement(
        session, coach, number_of(person), {"starts_on": START, "intends_contract": True},
        without="agency", trial=True, now=now,
    )  # fmt: skip
    last = date(2027, 4, 30)
    assert (made.trial_from, made.trial_until, made.contract) == (START, last, "trial")
    for step in ("first_day", "first_week", "first_month"):
        placements.note_contact(
            session, coach, made.id, step, "well", now=at(now, date(2027, 4, 1))
        )
    assert kinds(session, coach, last - 15 * DAY) == []
    assert kinds(session, coach, last - 14 * DAY) == [("trial_ends", last)]
    values = {"starts_on": last + DAY, "contract": "temporary", "hours_a_week": 24}
    agreed = agree_after_trial(session, coach, made.id, values, now=at(now, last))
    assert (agreed.state, agreed.starts_on, agreed.trial_from) == ("agreed", last + DAY, START)
    assert "trial_ends" not in [kind for kind, _due in kinds(session, coach, last)]


LONG = date(2027, 8, 31)


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"intends_contract": False}, ["intends_contract"]),
        ({"trial_until": date(2027, 5, 1)}, ["trial_reason"]),
        ({"trial_until": LONG + DAY, "trial_reason": "season"}, ["trial_until"]),
        ({"trial_until": START - DAY}, ["trial_until"]),
        ({"trial_until": LONG, "trial_reason": "because"}, ["trial_reason"]),
        ({"trial_until": LONG, "trial_reason": "season"}, []),
    ],
    ids=str,
)
def test_a_trial_is_as_long_as_is_usual_or_longer_with_a_reason(
    session: Session,
    coach: Viewer,
    person: Viewer,
    now: datetime,
    values: dict[str, object],
    where: list[str],
) -> None:
    given = {"starts_on": START, "intends_contract": True, **values}
    found: list[str] = []
    try:
        record_placement(
            session, coach, number_of(person), given, without="school", trial=True, now=now
        )
    except InvalidInput as refused:
        found = [problem.where for problem in refused.problems]
    assert found == where
