"""Probable doubles: found by name, postcode and coach; put together, and taken apart again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer, operator
from matcher.domain.errors import Conflict, Forbidden, Stale
from matcher.models.states import CandidateStatus, DoubleState
from matcher.repositories import doubles as rows
from matcher.repositories.acting import Actor, act_as
from matcher.services import doubles
from matcher.services.candidates import (
    close_candidate,
    create_candidate,
    get_candidate,
    update_candidate,
)
from matcher.services.transactions import unit_of_work

DEMO = operator("demo")


@pytest.fixture(autouse=True)
def at_work(session: Session, triager: Viewer, now: datetime) -> None:
    act_as(session, Actor(triager, now))


def enter(session: Session, now: datetime, **values: Any) -> int:
    given = {"first_name": "Zoë", "pc4": 3311, **values}
    return create_candidate(session, DEMO, given, now=now).id


def found(session: Session, now: datetime, after: int) -> int:
    with unit_of_work(session):
        return rows.note_new(session, DEMO, after=after, now=now)


def pair(session: Session, viewer: Viewer, now: datetime, **later: Any) -> tuple[int, int, int]:
    first = enter(session, now, rhythm=3)
    second = enter(session, now, **later)
    assert found(session, now, second - 1) == 1
    [line] = doubles.list_doubles(session, viewer).items
    return line.double.id, first, second


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ({}, 1),
        ({"first_name": "zoë"}, 1),
        ({"pc4": 3312}, 0),
        ({"pc4": None}, 0),
        ({"first_name": "Noor"}, 0),
    ],
)
def test_only_the_same_name_and_postcode_are_a_probable_double(
    session: Session, now: datetime, other: dict[str, Any], count: int
) -> None:
    first = enter(session, now)
    enter(session, now, **other)

    assert found(session, now, first) == count
    assert found(session, now, first) == 0, "a pair is listed once"


def test_a_name_that_many_share_tells_nothing(session: Session, now: datetime) -> None:
    numbers = [enter(session, now) for _ in range(rows.OF_ONE_MAXIMUM + 2)]

    assert found(session, now, numbers[-2]) == 0


def test_merging_adds_what_was_not_known_and_changes_nothing_that_was(
    session: Session, triager: Viewer, now: datetime
) -> None:
    number, first, later = pair(session, triager, now, rhythm=1, hours_max=32, lift=2, money=1)

    doubles.merge(session, triager, number, now=now)

    kept = get_candidate(session, DEMO, first).profile
    closed = get_candidate(session, DEMO, later)
    assert (kept.rhythm, kept.hours_max, kept.lift, kept.money) == (3, 32, 2, 1)
    assert closed.status is CandidateStatus.CLOSED
    assert (closed.profile.rhythm, closed.profile.hours_max) == (1, 32)


def test_undoing_gives_both_back_as_they_were(
    session: Session, triager: Viewer, now: datetime
) -> None:
    number, first, later = pair(
        session, triager, now, hours_max=32, lift=2, sectors=("F42",), licences=frozenset({"B"}),
        start_from=(now + timedelta(days=9)).date(), occupations=(("8342", 3.0),),
    )  # fmt: skip
    before = [get_candidate(session, DEMO, each) for each in (first, later)]

    doubles.merge(session, triager, number, now=now)
    doubles.undo(session, triager, number, now=now)

    after = [get_candidate(session, DEMO, each) for each in (first, later)]
    assert [record.profile for record in after] == [record.profile for record in before]
    assert [record.status for record in after] == [CandidateStatus.ACTIVE] * 2
    [line] = doubles.list_doubles(session, triager).items
    assert line.double.state is DoubleState.OPEN


def test_what_somebody_changed_after_the_merge_stays_when_it_is_undone(
    session: Session, triager: Viewer, coach: Viewer, now: datetime
) -> None:
    number, first, _later = pair(session, triager, now, hours_max=32, digital=1)
    doubles.merge(session, triager, number, now=now)
    version = get_candidate(session, DEMO, first).version
    values = {"hours_max": 20.0}
    update_candidate(session, coach, first, values, expected_version=version, now=now)

    doubles.undo(session, triager, number, now=now)

    kept = get_candidate(session, DEMO, first).profile
    assert (kept.hours_max, kept.digital) == (20, None)


def test_a_file_with_the_merged_reference_goes_to_the_kept_one(
    session: Session, triager: Viewer, now: datetime
) -> None:
    number, first, later = pair(session, triager, now)
    doubles.merge(session, triager, number, now=now)
    references = [get_candidate(session, DEMO, each).profile.reference for each in (first, later)]

    assert rows.kept_references(session, DEMO, references) == {references[1]: references[0]}


def test_kept_apart_is_remembered_and_can_be_taken_back(
    session: Session, triager: Viewer, now: datetime
) -> None:
    number, _first, later = pair(session, triager, now)

    doubles.keep_apart(session, triager, number, now=now)

    assert doubles.count_open(session, triager) == 0
    assert found(session, now, later - 1) == 0
    assert [
        line.double.state for line in doubles.list_doubles(session, triager, decided=True).items
    ] == [DoubleState.APART]
    doubles.undo(session, triager, number, now=now)
    assert doubles.count_open(session, triager) == 1


def test_a_closed_file_and_a_stale_page_merge_nothing(
    session: Session, triager: Viewer, coach: Viewer, now: datetime
) -> None:
    number, _first, later = pair(session, triager, now)
    with pytest.raises(Stale):
        doubles.merge(session, triager, number, expected_version=9, now=now)
    with pytest.raises(Forbidden):
        doubles.merge(session, coach, number, now=now)
    close_candidate(session, DEMO, later, "moved", expected_version=1, now=now)

    with pytest.raises(Conflict):
        doubles.merge(session, triager, number, now=now)
