"""Taking on, handing over and standing in: who reaches whom from which day, and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.repositories.records import CandidateRecord
from matcher.services import accounts
from matcher.services.candidates import create_candidate, get_candidate, list_candidates
from matcher.services.caseload_changes import (
    NOBODY_ID,
    ChangeShown,
    changes_for_candidate,
    end_stand_in,
    hand_over,
    let_stand_in,
    people_of,
    take_on,
    team,
)
from tests.services.conftest import account_of

DAY = timedelta(days=1)


def number(viewer: Viewer) -> int:
    assert viewer.account_id is not None
    return viewer.account_id


def own_view(session: Session, person: CandidateRecord) -> Viewer:
    viewer = account_of(session, f"own-{person.id}", Right.CANDIDATE)
    return replace(viewer, candidate_id=person.id)


def reaches(session: Session, viewer: Viewer, person: CandidateRecord, on: date) -> bool:
    at_work = accounts.viewer_today(session, viewer, on)
    try:
        get_candidate(session, at_work, person.id)
    except NotFound:
        return False
    return True


def give(
    session: Session, lead: Viewer, giver: int, taker: Viewer, now: datetime, *people: int
) -> int:
    return hand_over(
        session, lead, from_account_id=giver, to_account_id=number(taker),
        candidate_ids=people or None, now=now,
    )  # fmt: skip


def test_one_tap_takes_on_whom_nobody_guides_and_no_colleague_after_that(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime
) -> None:
    person = create_candidate(session, lead, {}, now=now)
    assert person.owner_account_id is None

    taken = take_on(session, coach, person.id, now=now)
    again = take_on(session, coach, person.id, now=now)

    assert taken.owner_account_id == again.owner_account_id == coach.account_id
    assert again.version == taken.version
    with pytest.raises(NotFound):
        take_on(session, colleague, person.id, now=now)
    stand_in = replace(colleague, covers=frozenset({number(coach)}))
    with pytest.raises(Conflict):
        take_on(session, stand_in, person.id, now=now)
    with pytest.raises(Forbidden):
        take_on(session, lead, person.id, now=now)
    [told] = changes_for_candidate(session, own_view(session, person))
    assert told == ChangeShown("hand_over", None, Right.COACH, now.date(), None, None)


def test_a_lead_hands_over_one_several_or_all(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    people = [create_candidate(session, coach, {}, now=now) for _ in range(4)]
    kept = create_candidate(session, colleague, {}, now=now)

    assert give(session, lead, number(coach), colleague, now, people[0].id) == 1
    assert [reaches(session, coach, person, on) for person in people] == [False, True, True, True]
    assert reaches(session, colleague, people[0], on)
    assert give(session, lead, number(coach), colleague, now, people[1].id, people[2].id) == 2
    assert give(session, lead, number(coach), colleague, now) == 1

    assert list_candidates(session, coach, caseload="region").items == ()
    assert len(list_candidates(session, colleague).items) == 5
    told = changes_for_candidate(session, own_view(session, people[0]))
    assert told == [ChangeShown("hand_over", Right.COACH, Right.COACH, on, None, None)]
    assert changes_for_candidate(session, own_view(session, kept)) == []


def test_a_hand_over_with_somebody_elses_person_in_it_changes_nothing(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    mine = create_candidate(session, coach, {}, now=now)
    theirs = create_candidate(session, colleague, {}, now=now)

    for people in ((mine.id, theirs.id), (mine.id, theirs.id + 1)):
        with pytest.raises(NotFound):
            give(session, lead, number(coach), colleague, now, *people)

    assert reaches(session, coach, mine, on)
    assert not reaches(session, colleague, mine, on)


def test_a_stand_in_reaches_a_whole_caseload_on_the_days_agreed_and_no_others(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    let_stand_in(
        session, lead, from_account_id=number(coach), to_account_id=number(colleague),
        starts_on=on + DAY, until=on + 3 * DAY, now=now,
    )  # fmt: skip
    later = create_candidate(session, coach, {}, now=now)

    days = [reaches(session, colleague, person, on + n * DAY) for n in range(5)]
    assert days == [False, True, True, True, False]
    assert reaches(session, colleague, later, on + DAY), "who is taken on meanwhile comes along"
    assert all(reaches(session, coach, person, on + n * DAY) for n in range(5))
    with pytest.raises(Conflict):
        let_stand_in(
            session, lead, from_account_id=number(coach), to_account_id=number(colleague),
            starts_on=on + 3 * DAY, until=on + 9 * DAY, now=now,
        )  # fmt: skip

    [line] = team(session, lead, on=on).stand_ins
    assert line.people is None
    end_stand_in(session, lead, line.change_ids, now=now + DAY)
    assert not reaches(session, colleague, person, on + 2 * DAY)
    assert team(session, lead, on=on).stand_ins == ()
    [told] = changes_for_candidate(session, own_view(session, person))
    assert told == ChangeShown(
        "stand_in", Right.COACH, Right.COACH, on + DAY, on + 3 * DAY, on + DAY
    )


def test_a_stand_in_for_some_reaches_these_and_ends_when_they_are_handed_over(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    one, two, other = (create_candidate(session, coach, {}, now=now) for _ in range(3))
    third = account_of(session, "third", Right.COACH)
    let_stand_in(
        session, lead, from_account_id=number(coach), to_account_id=number(colleague),
        starts_on=on, until=on + DAY, candidate_ids=[one.id, two.id], now=now,
    )  # fmt: skip

    assert [reaches(session, colleague, p, on) for p in (one, two, other)] == [True, True, False]
    assert [line.people for line in team(session, lead, on=on).stand_ins] == [2]

    give(session, lead, number(coach), third, now, one.id)
    assert [reaches(session, colleague, p, on) for p in (one, two)] == [False, True]
    kinds = [change.kind for change in changes_for_candidate(session, own_view(session, one))]
    assert sorted(kinds) == ["hand_over", "stand_in"]


def test_a_candidate_is_told_of_stand_ins_for_the_own_coach_in_the_own_time_only(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    view = own_view(session, person)

    def cover(giver: Viewer, taker: Viewer, first: int, last: int) -> None:
        let_stand_in(
            session, lead, from_account_id=number(giver), to_account_id=number(taker),
            starts_on=on + first * DAY, until=on + last * DAY, now=now,
        )  # fmt: skip

    cover(coach, colleague, 0, 2)
    cover(coach, colleague, 20, 30)
    give(session, lead, number(coach), colleague, now + 10 * DAY)
    third = account_of(session, "third", Right.COACH)
    cover(colleague, third, 12, 13)
    cover(colleague, third, 1, 2)

    told = changes_for_candidate(session, view)
    assert [(change.kind.value, (change.starts_on - on).days) for change in told] == [
        ("stand_in", 12),
        ("hand_over", 10),
        ("stand_in", 0),
    ]
    with pytest.raises(NotFound):
        changes_for_candidate(session, coach)


def test_people_of_a_closed_account_are_nobodys_until_they_are_handed_over(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    create_candidate(session, coach, {"first_name": "Bo"}, now=now)
    create_candidate(session, lead, {"first_name": "An"}, now=now)
    before = team(session, lead, on=on)
    assert [(line.name, line.people) for line in before.coaches] == [("coach", 1), ("colleague", 0)]
    assert (before.without_coach, before.left) == (1, ())

    accounts.set_active(session, number(coach), False, now=now)

    after = team(session, lead, on=on)
    assert [line.name for line in after.coaches] == ["colleague"]
    assert after.without_coach == 2
    assert [(line.name, line.people) for line in after.left] == [("coach", 1)]
    nobodys = people_of(session, lead, NOBODY_ID)
    assert [line.first_name for line in nobodys] == ["An", "Bo"]
    assert give(session, lead, NOBODY_ID, colleague, now) == 2
    assert team(session, lead, on=on).without_coach == 0


def test_only_a_lead_divides_the_work_and_only_in_the_own_region(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime, on: date
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    elsewhere = account_of(session, "elsewhere", Right.LEAD, region="haaglanden")
    there = account_of(session, "there", Right.COACH, region="haaglanden")
    triager = account_of(session, "centre", Right.TRIAGER)

    for viewer in (coach, triager):
        with pytest.raises(Forbidden):
            team(session, viewer, on=on)
        with pytest.raises(Forbidden):
            give(session, viewer, number(coach), colleague, now)
    assert [line.name for line in team(session, elsewhere, on=on).coaches] == ["there"]
    with pytest.raises(NotFound):
        people_of(session, elsewhere, number(coach))
    with pytest.raises(NotFound):
        give(session, elsewhere, number(coach), there, now)
    for taker in (there, triager, coach):
        with pytest.raises(InvalidInput):
            give(session, lead, number(coach), taker, now)
    let_stand_in(
        session, lead, from_account_id=number(coach), to_account_id=number(colleague),
        starts_on=on, until=on, now=now,
    )  # fmt: skip
    [line] = team(session, lead, on=on).stand_ins
    with pytest.raises(NotFound):
        end_stand_in(session, elsewhere, line.change_ids, now=now)
    assert reaches(session, colleague, person, on)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (2, 1)])
def test_a_stand_in_lies_ahead_and_ends_after_it_begins(
    session: Session,
    coach: Viewer,
    colleague: Viewer,
    lead: Viewer,
    now: datetime,
    on: date,
    first: int,
    last: int,
) -> None:
    with pytest.raises(InvalidInput):
        let_stand_in(
            session, lead, from_account_id=number(coach), to_account_id=number(colleague),
            starts_on=on + first * DAY, until=on + last * DAY, now=now,
        )  # fmt: skip
    assert team(session, lead, on=on).stand_ins == ()
