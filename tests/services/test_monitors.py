"""Monitors and the weekly report: figures from their rows, and no small number for who oversees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.domain.monitors import Age, Quarter, passes_over, with_small_hidden
from matcher.domain.vocabulary import LANE_DIMENSIONS, Lane
from matcher.models import Decision
from matcher.models.states import DecisionReason, DecisionSubject
from matcher.repositories.inflow_people import Behind
from matcher.services import inflow, inflow_count, monitors
from matcher.services.assessments import assess_candidate
from matcher.services.inflow_report import weekly_report
from matcher.services.monitors import departures, list_departed
from tests.services.conftest import NOW, TODAY, account_of
from tests.services.small_region import Region, small_region
from tests.services.test_inflow_count import changed, counted


@pytest.fixture
def region(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    monkeypatch.setattr(inflow_count, "PEOPLE_A_BLOCK", 3)
    region = small_region(database_url, people=12)
    for at, number in enumerate(region.people):
        since = TODAY - timedelta(days=20 * at)
        seen = TODAY - timedelta(days=60 if at % 3 else 0)
        changed(region, number, waiting_since=since, observed_on=seen)
    with region.as_viewer(Right.COACH) as session:
        for number in region.people:
            coach = region.viewers[Right.COACH]
            assess_candidate(session, coach, number, on=TODAY, now=NOW)
    yield region
    region.factory.kw["bind"].dispose()


def officer_of(region: Region) -> Viewer:
    with region.factory() as session:
        return account_of(session, "officer-2", Right.OFFICER)


@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 15))
def test_what_is_hidden_cannot_be_worked_out_from_the_total(counts: list[int], least: int) -> None:
    shown = with_small_hidden(counts, least)
    gone = [at for at, value in enumerate(shown) if value is None]
    assert all(value is None or not 0 < value < least for value in shown)
    assert all(value in (None, count) for value, count in zip(shown, counts, strict=True))
    if gone and len(counts) > 1:
        assert len(gone) >= 2, "one hidden number follows from the total"


def test_each_monitor_has_as_many_people_behind_it_as_it_says(region: Region) -> None:
    counted(region)
    lead = region.viewers[Right.LEAD]
    with region.as_viewer(Right.LEAD) as session:
        board = inflow.board(session, lead)
        assert board is not None
        found = monitors.monitors(lead, board)

        def behind(**wanted: object) -> int:
            count, page = inflow.list_people(session, lead, board, Behind(**wanted), limit=200)  # type: ignore[arg-type]
            assert len(page.items) == count
            waits = [each.waiting_since for each in page.items if each.waiting_since]
            assert waits == sorted(waits), "longest waiting first"
            return count

        before = TODAY - found.long_wait
        assert found.long == behind(waits_before=before, waiting=True) == 9
        assert found.waiting == 12
        for bit, name in enumerate(LANE_DIMENSIONS):
            assert found.unknown[name] == behind(unknown=bit, waiting=True)
        for age in Age:
            assert found.rhythm[age] == behind(rhythm_age=age, waiting=True)
            assert found.levels[age] == behind(levels_age=age, waiting=True)
        assert found.rhythm[Age.EXPIRED] == 8, "rhythm is unknown again after eight weeks"
        for part in found.parts:
            assert part.people == behind(level=(part.lowest, part.highest))
            assert part.placed == behind(level=(part.lowest, part.highest), stands=("at_work",))
        assert sum(part.people or 0 for part in found.parts) == 12


def test_who_oversees_sees_no_small_number_and_nobody_behind_one(region: Region) -> None:
    counted(region)
    officer = officer_of(region)
    with region.as_viewer(Right.LEAD) as session:
        board = inflow.board(session, region.viewers[Right.LEAD])
        assert board is not None
    found = monitors.monitors(officer, board)
    shown = [found.long, *found.unknown.values(), *found.rhythm.values(), *found.levels.values()]
    shown += [part.people for part in found.parts] + [part.placed for part in found.parts]
    assert not [number for number in shown if number is not None and 0 < number < 10]
    with region.factory() as session:
        with pytest.raises(Forbidden):
            inflow.list_people(session, officer, board, Behind())
        with pytest.raises(Forbidden):
            inflow.list_places(session, officer, board)
        with pytest.raises(Forbidden):
            list_departed(session, officer, Lane.READY_NOW, on=TODAY)
        with pytest.raises(Forbidden):
            monitors.monitors(region.viewers[Right.COACH], board)


def test_departures_are_counted_for_a_team_and_listed_without_who_decided(region: Region) -> None:
    lead, coach = region.viewers[Right.LEAD], region.viewers[Right.COACH]
    with region.as_viewer(Right.LEAD) as session:
        staff = [account_of(session, f"staff-{number}", Right.COACH) for number in range(5)]
        for at, number in enumerate(region.people[:10]):
            chosen = Lane.PRE_PLACEMENT if at in (2, 7) else Lane.READY_NOW
            session.add(
                Decision(
                    region="demo", candidate_id=number, subject=DecisionSubject.LANE,
                    suggested=Lane.READY_NOW, chosen=chosen, accepted=chosen is Lane.READY_NOW,
                    reason=DecisionReason.KNOWS_MORE, facts_checked=(),
                    decided_by=staff[at % (5 if at < 9 else 1)].account_id, decided_at=NOW,
                )
            )  # fmt: skip
        session.commit()
        found = {each.lane: each for each in departures(session, lead, on=TODAY)}
        ready = found[Lane.READY_NOW]
        assert (ready.count, ready.departed, ready.percent, ready.is_outside) == (10, 2, 20, False)
        assert found[Lane.OTHER_ROUTE].count is None, "too little to show"
        listed = list_departed(session, lead, Lane.READY_NOW, on=TODAY)
        assert [each.candidate_id for each in listed] == [region.people[7], region.people[2]]
        assert not any("decided_by" in each._fields for each in listed)
        assert list_departed(session, lead, Lane.OTHER_ROUTE, on=TODAY) == []
        with pytest.raises(Forbidden):
            departures(session, coach, on=TODAY)


def test_the_report_sets_this_week_beside_the_one_before(region: Region) -> None:
    lead = region.viewers[Right.LEAD]
    counted(region)
    with region.as_viewer(Right.LEAD) as session:
        first = weekly_report(session, lead, on=TODAY)
        assert first is not None
        assert first.before is None
        assert first.now.short == first.board.total.short[first.told]
        row = inflow.rows.newest(session, lead)
        assert row is not None
        row.on -= timedelta(days=7)
        session.commit()
    counted(region)
    with region.as_viewer(Right.LEAD) as session:
        second = weekly_report(session, lead, on=TODAY)
        assert second is not None
        assert second.before is not None
        assert second.before.on == TODAY - timedelta(days=7)
        assert replace(second.before, on=TODAY) == second.now
        shown = weekly_report(session, officer_of(region), on=TODAY)
        assert shown is not None
        numbers = [each.ready for each in shown.sectors] + [people for _, people in shown.causes]
        assert not [number for number in numbers if number is not None and 0 < number < 10]
        assert shown.now.coming is None
        assert shown.now.short is None


def test_nobody_placed_raises_no_alarm_and_one_sided_placing_does() -> None:
    assert not passes_over([Quarter(0, 10, 50, 0)], percent=50, least_placed=10)
    assert passes_over(
        [Quarter(0, 10, 50, 1), Quarter(11, 20, 50, 19)], percent=50, least_placed=10
    )
