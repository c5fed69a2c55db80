"""*Onze afspraken* of a start: who writes which side, who reads what, and never a block."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.agreements import Commitments, Side
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import Agreement
from matcher.repositories.agreements import About
from matcher.repositories.scope import unscoped
from matcher.services import agreements, introduction_ends, introductions, placements, placing
from matcher.services.own_copy import take_copy
from tests.services.conftest import account_of
from tests.services.introducing import person_of
from tests.services.placing import START, met, placed
from tests.services.seating import number_of

HIDDEN = {"candidate": "arrange_home", "municipality": "help_home"}
HEAD = {"next_step": "Kennismaken", "next_on": date(2027, 3, 4), "with_whom": "de coach",
        "phone": "06 12 34 56 78"}  # fmt: skip


@pytest.fixture
def number(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, place: int, now: datetime
) -> int:
    return met(session, coach, contractor, person, place, now)


def written(session: Session) -> list[Agreement]:
    return list(session.scalars(unscoped(select(Agreement), Agreement)))


def test_each_writes_the_own_side_and_the_coach_all_of_them(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, number: int, now: datetime
) -> None:
    about = About(introduction_id=number)
    codes = {side: agreements.codes_of_side(side)[0] for side in Side}
    allowed = {
        (contractor, Side.EMPLOYER),
        (person, Side.CANDIDATE),
        *((coach, side) for side in Side),
    }
    for viewer, side in product((contractor, person, coach), Side):
        if (viewer, side) in allowed:
            agreements.write_side(session, viewer, about, side, [codes[side]], None, now=now)
            continue
        with pytest.raises(Forbidden):
            agreements.write_side(session, viewer, about, side, [codes[side]], None, now=now)
    officer = account_of(session, "officer", Right.OFFICER)
    with pytest.raises(Forbidden):
        agreements.sheet_of(session, officer, about)
    sheet = agreements.sheet_of(session, coach, about)
    assert sheet.asked == (Side.CANDIDATE, Side.EMPLOYER, Side.MUNICIPALITY)
    assert sheet.empty == ()


def test_an_employer_reads_no_word_of_what_is_not_on_the_allowlist(
    session: Session, coach: Viewer, contractor: Viewer, number: int, now: datetime
) -> None:
    about = About(introduction_id=number)

    def seen() -> Any:
        return agreements.sheet_of(session, contractor, about)

    before = seen()
    for side, code in HIDDEN.items():
        agreements.write_side(session, coach, about, Side(side), [code], "Alleen ons", now=now)
    assert seen() == before, "nothing that is hidden changes a thing"
    agreements.write_side(
        session, coach, about, Side.CANDIDATE, ["on_time", "arrange_home"], "Stil", now=now
    )
    assert seen().sides[Side.CANDIDATE] == Commitments(("on_time",))
    assert (seen().head, seen().version) == ({}, 0)


def test_the_sheet_moves_with_the_placement_and_goes_with_it(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, number: int, now: datetime
) -> None:
    about = About(introduction_id=number)
    agreements.write_all(
        session, coach, about, HEAD, {Side.CANDIDATE: Commitments(("on_time",))},
        fund_pays=True, expected_version=0, now=now,
    )  # fmt: skip
    made = placing.agree_after_meeting(session, contractor, number, {"starts_on": START}, now=now)
    (row,) = written(session)
    assert (row.introduction_id, row.placement_id) == (None, made.id)
    sheet = agreements.sheet_of(session, person, About(placement_id=made.id))
    assert sheet.head == {**HEAD, "next_on": "2027-03-04", "phone": "0612345678"}
    assert sheet.empty == (Side.EMPLOYER, Side.MUNICIPALITY, Side.FUND)
    assert agreements.sheet_of(session, coach, about).empty, "the old one is an empty sheet"
    with pytest.raises(Conflict):
        agreements.write_side(session, coach, about, Side.FUND, [], "x", now=now)

    introduction_ends.expire(session, datetime(2027, 6, 1, tzinfo=now.tzinfo))
    assert len(written(session)) == 1, "it does not go with the introduction"
    (kept,) = take_copy(session, person, now=now)["agreements"]
    assert kept["sides"]["candidate"] == {"codes": ["on_time"], "text": None}


def test_a_sheet_that_led_nowhere_goes_with_its_introduction(
    session: Session, coach: Viewer, contractor: Viewer, number: int, now: datetime
) -> None:
    about = About(introduction_id=number)
    agreements.write_side(session, contractor, about, Side.EMPLOYER, ["buddy"], None, now=now)
    introductions.end(session, contractor, number, "chose_other", now=now)
    assert len(written(session)) == 1
    introduction_ends.expire(session, datetime(2027, 6, 1, tzinfo=now.tzinfo))
    assert written(session) == []


def test_an_empty_side_is_a_task_of_its_owner_and_keeps_nobody_from_starting(
    session: Session, coach: Viewer, contractor: Viewer, person: Viewer, number: int, now: datetime
) -> None:
    for viewer in (coach, contractor, person):
        assert len(agreements.to_fill(session, viewer)) == 1
    colleague = account_of(session, "other-coach", Right.COACH)
    assert agreements.to_fill(session, colleague) == []
    made = placing.agree_after_meeting(session, contractor, number, {"starts_on": START}, now=now)
    assert placements.start(session, coach, made.id, now=now).state == "active"
    about = About(placement_id=made.id)
    agreements.write_side(session, contractor, about, Side.EMPLOYER, ["buddy"], None, now=now)
    assert agreements.to_fill(session, contractor) == []
    (left,) = agreements.to_fill(session, coach)
    assert left.empty == (Side.CANDIDATE, Side.MUNICIPALITY)
    placements.end(session, coach, made.id, "hours", now=now)
    for viewer in (coach, contractor, person):
        assert agreements.to_fill(session, viewer) == [], "nothing is asked about what is over"


BAD = [
    ({"codes": ["buddy"]}, "codes"),
    ({"codes": ["no-such"]}, "codes"),
    ({"codes": ["on_time", "ask_help", "learn_steps", "follow_course"]}, "codes"),
    ({"text": "x" * 201}, "text"),
    ({"text": "Mijn BSN is 123456782"}, "text"),
    ({"text": "Ik heb veel schulden"}, "text"),
]


@pytest.mark.parametrize(("values", "where"), BAD, ids=str)
def test_what_cannot_stand_on_a_sheet_is_refused(
    session: Session, coach: Viewer, number: int, now: datetime, values: Any, where: str
) -> None:
    about = About(introduction_id=number)
    given = {"codes": [], "text": None, **values}
    with pytest.raises(InvalidInput) as refused:
        agreements.write_side(
            session, coach, about, Side.CANDIDATE, given["codes"], given["text"], now=now
        )
    assert [problem.where for problem in refused.value.problems] == [where]
    assert written(session) == []


def test_two_coaches_do_not_overwrite_each_other(
    session: Session, coach: Viewer, number: int, now: datetime
) -> None:
    about = About(introduction_id=number)
    first = {"expected_version": 0, "fund_pays": False, "now": now}
    agreements.write_all(session, coach, about, HEAD, {}, **first)
    with pytest.raises(Stale):
        agreements.write_all(session, coach, about, {}, {}, **first)


def test_nobody_out_of_reach_finds_a_sheet(
    session: Session,
    coach: Viewer,
    rival: Viewer,
    stranger: Viewer,
    number: int,
    now: datetime,
) -> None:
    other = person_of(session, coach, now)
    for viewer in (rival, stranger, other):
        with pytest.raises(NotFound):
            agreements.sheet_of(session, viewer, About(introduction_id=number))
        side = agreements.WRITERS[next(iter(viewer.rights & set(agreements.WRITERS)))][0]
        with pytest.raises(NotFound):
            agreements.write_side(
                session, viewer, About(introduction_id=number), side, [], "x", now=now
            )


def test_work_found_otherwise_has_a_sheet_and_asks_for_nothing(
    session: Session, coach: Viewer, person: Viewer, now: datetime
) -> None:
    made = placed(session, coach, person, now)
    assert agreements.to_fill(session, coach) == []
    about = About(placement_id=made)
    agreements.write_side(session, person, about, Side.CANDIDATE, ["on_time"], None, now=now)
    sheet = agreements.sheet_of(session, coach, about)
    assert (sheet.candidate_id, sheet.empty) == (
        number_of(person), (Side.EMPLOYER, Side.MUNICIPALITY),
    )  # fmt: skip
