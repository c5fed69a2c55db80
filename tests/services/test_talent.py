"""What anybody may read of a region: counted from the rows, once a week, by one of many."""

from __future__ import annotations

import itertools
import threading
from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.vocabulary import Lane
from matcher.models import Assessment, Candidate, Placement, TalentCount
from matcher.models.database import session_factory
from matcher.models.states import PlacementState
from matcher.repositories import candidates
from matcher.repositories.scope import unscoped
from matcher.repositories.talent import newest
from matcher.services import own_requests, seats
from matcher.services.candidates import close_candidate, create_candidate
from matcher.services.talent import count_talent, sector_pool, talent_of
from tests.services.conftest import NOW
from tests.services.introducing import person_of
from tests.services.placing import placed
from tests.services.seating import PLANNER, number_of, programme
from tests.storage.rows import ADVICE

_numbers = itertools.count(1)
SECTIONS = ("F", "N", "Q")
WISHES = (("F42",), ("F42", "F43"), ("F",), ("N81", "F42"), ("N",), ("Q87",), ())


def lane_of(session: Session, number: int, lane: Lane) -> None:
    """A newest assessment with that lane."""
    session.add(
        Assessment(
            region="demo", candidate_id=number, **ADVICE, lane=lane, rule=2, readiness=1,
            start_level=1,
        )
    )  # fmt: skip


def looking(session: Session, count: int, *, lane: Lane | None = None, **values: object) -> None:
    """So many active people of the region; written at once, for tests with many."""
    manual_only = values.pop("manual_only", False)
    profile = CandidateProfile("", "demo").with_values({"sectors": ("F42",), **values})
    rows = []
    for _ in range(count):
        named = profile.with_values({"reference": f"T-{next(_numbers)}"})
        row = candidates.new_row(named, now=NOW, owner=None)
        row.manual_only = bool(manual_only)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    if lane is not None:
        for row in rows:
            lane_of(session, row.id, lane)
    session.commit()


def test_the_pool_shows_no_count_under_ten_and_rounds_the_others(
    session: Session, coach: Viewer, stranger: Viewer, on: date, now: datetime
) -> None:
    wishes = [("F42",)] * 12 + [("F42", "F43")] * 1 + [("N81", "F43")] * 8 + [()] * 30
    for wish in wishes:
        create_candidate(session, coach, {"sectors": wish}, now=now)
    for _ in range(11):
        create_candidate(session, stranger, {"sectors": ("N81",)}, now=now)

    counts = {line["sector"]: line["count"] for line in sector_pool(session, "demo", on=on)}

    assert counts["F42"] == 15, "13 people"
    assert counts["F"] == 15, "21 people, but 20 would tell of the 8 who do not want F42"
    assert counts["F43"] is None, "9 people"
    assert counts["N81"] is None, "8 people here, 11 elsewhere"
    assert {count for count in counts.values() if count is not None} == {15}
    assert len(counts) > 50, "every sector is listed"


def test_a_section_with_ten_others_is_counted_for_itself(session: Session, on: date) -> None:
    looking(session, 23)
    looking(session, 11, sectors=("F43",))
    looking(session, 4, sectors=("F42", "F43"))

    counts = {line["sector"]: line["count"] for line in sector_pool(session, "demo", on=on)}

    assert (counts["F42"], counts["F43"], counts["F"]) == (25, 15, 40)


def test_a_counting_stands_for_a_week_whatever_happens(
    session: Session, coach: Viewer, on: date, now: datetime
) -> None:
    looking(session, 12, lane=Lane.READY_NOW)
    first = talent_of(session, "demo", on=on)
    assert first.shown.wanted["F42"] == 10

    looking(session, 30, lane=Lane.READY_NOW, sectors=("F42", "Q87"))
    person = person_of(session, coach, now)
    close_candidate(session, coach, number_of(person), "moved", expected_version=1, now=now)

    for day in range(7):
        assert talent_of(session, "demo", on=on + timedelta(days=day)) == first
    assert first.until == on + timedelta(days=7)
    later = talent_of(session, "demo", on=first.until)
    assert later.on == first.until
    assert later.shown.wanted["Q87"] == 30
    assert talent_of(session, "demo", on=on) == later, "an earlier day counts nothing anew"


def test_only_what_may_be_shown_is_kept(session: Session, on: date) -> None:
    looking(session, 12, lane=Lane.READY_NOW)
    looking(session, 3, sectors=("Q87",))

    talent_of(session, "demo", on=on)

    row = newest(session, "demo")
    assert row is not None
    assert row.figures["wanted"] == {"F": 10, "F42": 10}
    assert set(row.figures["can_start"]) == {10}
    assert row.figures["soon"] == {}
    assert str(12) not in str(row.figures), "the exact count is forgotten"


def test_another_region_is_counted_apart(session: Session, on: date) -> None:
    looking(session, 12)

    assert talent_of(session, "haaglanden", on=on).shown.wanted == {}
    assert talent_of(session, "demo", on=on).shown.wanted == {"F": 10, "F42": 10}


def test_who_can_start_comes_from_lanes_pauses_and_the_ends_of_programmes(
    session: Session, coach: Viewer, on: date, now: datetime
) -> None:
    looking(session, 11, lane=Lane.READY_NOW)
    looking(session, 11, lane=Lane.READY_WITH_SUPPORT, paused_until=date(2027, 4, 10))
    looking(session, 11, lane=Lane.READY_NOW, start_from=date(2027, 6, 1))
    looking(session, 11, lane=Lane.READY_NOW, start_from=date(2027, 10, 1))
    looking(session, 11, lane=Lane.READY_NOW, manual_only=True)
    for lane in (Lane.PRE_PLACEMENT, Lane.OTHER_ROUTE, Lane.NOT_ENOUGH_KNOWN, None):
        looking(session, 11, lane=lane)
    course = programme(session, now, seats=None, starts_on=(date(2027, 3, 8),))
    ends = set()
    for _ in range(10):
        person = person_of(session, coach, now)
        lane_of(session, number_of(person), Lane.PRE_PLACEMENT)
        session.commit()
        seat = seats.book(session, PLANNER, number_of(person), course, date(2027, 3, 8), now=now)
        ends.add(seat.ends_on)
    session.commit()
    [end] = ends

    found = count_talent(session, "demo", on=on)

    assert end.month == 5, "twelve weeks from 8 March"
    # March; April: a pause is over; May: a programme ended; June: a date that somebody named.
    assert found.can_start == (10, 20, 30, 45, 45, 45, 45)
    assert found.wanted["F42"] == 110, "109 people look for work"


def test_who_is_at_work_does_not_look_for_it_and_who_stops_does_again(
    session: Session, coach: Viewer, on: date, now: datetime
) -> None:
    looking(session, 9, lane=Lane.READY_NOW)
    person = person_of(session, coach, now)
    lane_of(session, number_of(person), Lane.READY_NOW)
    session.commit()
    assert count_talent(session, "demo", on=on).can_start[0] == 10

    number = placed(session, coach, person, now, sector="F42")

    assert count_talent(session, "demo", on=on).can_start == (None,) * 7
    row = session.scalars(unscoped(select(Placement).where(Placement.id == number), Placement))
    placement = row.one()
    placement.state, placement.ended_on = PlacementState.ENDED, on
    session.commit()
    assert count_talent(session, "demo", on=on).can_start[0] == 10


def test_the_newest_assessment_is_the_one_that_counts(session: Session, on: date) -> None:
    looking(session, 10, lane=Lane.PRE_PLACEMENT)
    people = session.scalars(unscoped(select(Candidate.id), Candidate)).all()
    assert count_talent(session, "demo", on=on).can_start[0] is None

    for number in people:
        lane_of(session, number, Lane.READY_NOW)
    session.commit()

    assert count_talent(session, "demo", on=on).can_start[0] == 10


def test_an_objection_takes_somebody_from_who_can_start_and_leaves_the_wish(
    session: Session, coach: Viewer, on: date, now: datetime
) -> None:
    looking(session, 9, lane=Lane.READY_NOW)
    person = person_of(session, coach, now)
    lane_of(session, number_of(person), Lane.READY_NOW)
    session.commit()

    own_requests.ask(session, person, "objection", now=now)

    found = count_talent(session, "demo", on=on)
    assert found.can_start[0] is None
    assert found.wanted["F42"] == 10


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_that_of_its_rows(session: Session, on: date, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - test data, no secret
    for _ in range(40):
        looking(
            session,
            chance.randint(1, 6),
            lane=chance.choice([*Lane, Lane.READY_NOW, Lane.READY_NOW, None]),
            sectors=chance.choice(WISHES),
            paused_until=chance.choice([None, None, on + timedelta(days=chance.randint(-30, 250))]),
            start_from=chance.choice([None, None, on + timedelta(days=chance.randint(-30, 250))]),
        )

    found = count_talent(session, "demo", on=on)

    people = session.execute(
        text(
            "SELECT c.sectors, c.paused_until, c.start_from, (SELECT lane FROM assessment a"
            " WHERE a.candidate_id = c.id ORDER BY a.id DESC LIMIT 1) AS lane FROM candidate c"
        )
    ).all()
    starts = []
    for sectors, paused, start, lane in people:
        wishes = set(sectors.strip("|").split("|")) - {""}
        can = lane in ("ready_now", "ready_with_support")
        days = [on, *(date.fromisoformat(str(day)) for day in (paused, start) if day)]
        starts.append((wishes, max(days) if can else None))
    last = date(2027, 9, 30)
    wanted = {
        code: sum(any(wish.startswith(code) for wish in wishes) for wishes, _ in starts)
        for code in SECTIONS
    }
    soon = {
        code: sum(
            any(wish.startswith(code) for wish in wishes) and day is not None and day <= last
            for wishes, day in starts
        )
        for code in SECTIONS
    }
    for month, count in enumerate(found.can_start):
        end = date(2027, 4 + month, 1)
        real = sum(day is not None and day < end for _, day in starts)
        assert count is None or -2 <= real - count <= 11
        assert (count is None) == (real < 10)
    for code in SECTIONS:
        shown = found.wanted.get(code)
        assert (shown is None) == (wanted[code] < 10)
        assert shown is None or -2 <= wanted[code] - shown <= 11
        part = found.soon.get(code)
        assert part is None or (part % 5 == 0 and abs(part - soon[code]) <= 2 and part >= 10)
        rest = min(shown or 0, found.can_start[-1] or 0) - soon[code]
        assert part is not None or soon[code] < 10 or rest <= 12


# --- at the same moment ---------------------------------------------------------------------------


def test_many_who_ask_first_at_once_read_one_counting(engine_alone: Engine, on: date) -> None:
    factory = session_factory(engine_alone)
    with factory() as session:
        looking(session, 12, lane=Lane.READY_NOW)
    start, found = threading.Barrier(8), []

    def ask() -> None:
        with factory() as session:
            start.wait()
            found.append(talent_of(session, "demo", on=on))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert all(each == found[0] for each in found)
    with factory() as session:
        assert len(session.scalars(select(TalentCount)).all()) == 1
