"""Who can start, who comes, and the one thing missing: against explained pairs."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import inflow
from matcher.domain.assessment import assess, current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.inflow import Change, Stand, forecast, standing_of, week_of
from matcher.domain.monitors import (
    Age,
    Quarter,
    levels_age,
    passes_over,
    quarters,
    rhythm_age,
    unknown_bits,
)
from matcher.domain.pairs import assess_pair
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.readiness import assess_readiness
from matcher.domain.table import BARS, VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LANE_DIMENSIONS, Lane
from tests.domain.strategies import ON, SETTING, candidates, programmes, several, vacancies
from tests.domain.world import World

PEOPLE, WEEKS = 10, 12
worlds = st.integers(0, 10**9)
many = settings(max_examples=60, deadline=None)
STARTING = {Lane.READY_NOW, Lane.READY_WITH_SUPPORT}


def of_world(seed: int) -> tuple[World, VacancyTable, Pathways]:
    world = World(seed)
    places = [world.vacancy() for _ in range(6)]
    return world, VacancyTable(places, SETTING), Pathways((), SETTING)


@given(worlds)
@many
def test_a_standing_is_what_the_explained_pairs_say(seed: int) -> None:
    world, table, pathways = of_world(seed)
    for _ in range(PEOPLE):
        person = world.candidate()
        found = standing_of(person, table, pathways, weeks=WEEKS)
        today = current(person, SETTING)
        pairs = [assess_pair(today, vacancy, SETTING) for vacancy in table.vacancies]
        starts = assess(person, pathways).lane.lane in STARTING
        free = [pair for pair in pairs if pair.eligible and not pair.ask_first]
        if starts and free:
            assert (found.stand, found.week, found.cause) == (Stand.READY, 0, None)
            assert found.vacancy is not None
            assert pairs[found.vacancy].fit == max(pair.fit for pair in free)
            assert pairs[found.vacancy] in free
            continue
        assert found.stand in (Stand.ONE_STEP, Stand.FURTHER), "nothing ends for anybody here"
        if found.stand is Stand.FURTHER:
            single = [p for p in pairs if len(p.blockers) == 1 and p.blockers[0].code != "sector"]
            assert not (starts and single), "one step is never called further"
            continue
        assert found.vacancy is not None
        pair = pairs[found.vacancy]
        if starts and not any(each.eligible for each in pairs):
            assert len(pair.blockers) == 1
            assert found.cause == inflow.cause_of(pair.blockers[0], pair.vacancy, SETTING.rules)
        elif starts:
            assert pair.eligible
            assert pair.ask_first
            assert found.cause == inflow.NOT_KNOWN
        else:
            assert pair in free, "a lane is the one thing missing where a place fits"


@given(worlds)
@many
def test_debt_moves_nobody_on_the_board(seed: int) -> None:
    world, table, pathways = of_world(seed)
    for _ in range(PEOPLE):
        person = world.candidate()
        standings = {
            standing_of(person.with_values({"money": level}), table, pathways, weeks=WEEKS)
            for level in (None, 0, 1, 2, 3, 4)
        }
        assert len(standings) == 1


@given(worlds)
@many
def test_the_missing_dimension_gives_a_lane_that_starts(seed: int) -> None:
    world, _table, pathways = of_world(seed)
    field = {"language_speak": "speaking", "language_read": "reading"}
    for _ in range(PEOPLE):
        person = current(world.candidate(), SETTING)
        readiness = assess_readiness(person, SETTING.rules)
        if lane_of(person, readiness, pathways).lane is not Lane.PRE_PLACEMENT:
            continue
        for sector in readiness.sectors:
            cause = inflow.missing_dimension(person, sector, SETTING.rules)
            if cause not in ("rhythm", "work_skills", "language_speak", "language_read"):
                continue
            need = sector[field.get(cause, cause)].need
            better = person.with_values({cause: need})
            assert lane_of(better, assess_readiness(better, SETTING.rules), pathways).lane in (
                *STARTING, Lane.NOT_ENOUGH_KNOWN,
            )  # fmt: skip


@given(st.data(), candidates(), several(vacancies, 5), programmes(), st.integers(0, 120))
@many
def test_who_comes_could_start_on_that_day_and_is_sure_where_a_seat_is_taken(
    data: st.DataObject,
    person: CandidateProfile,
    places: tuple[VacancyProfile, ...],
    programme: Programme,
    days: int,
) -> None:
    table, pathways = VacancyTable(places, SETTING), Pathways((), SETTING)
    sure = data.draw(st.booleans())
    change = Change(ON + timedelta(days=days), programme, sure, 7)
    found = standing_of(person, table, pathways, weeks=WEEKS, changes=[change])
    without = standing_of(person, table, pathways, weeks=WEEKS)
    if found.stand in (Stand.COMING, Stand.LIKELY):
        assert without.stand is not Stand.READY
        assert (found.stand is Stand.COMING) == sure
        assert found.week == week_of(change.on, ON) <= WEEKS
        assert found.cohort == 7
        assert found.vacancy is not None
        then = inflow.after_change(person, change, ON)
        pair = assess_pair(current(then, SETTING), table.vacancies[found.vacancy], SETTING)
        assert pair.eligible
        assert not pair.ask_first
    else:
        assert found == without


@given(candidates(), several(vacancies, 5))
@many
def test_the_bars_by_name_are_the_barriers_that_decide_on_fit(
    person: CandidateProfile, places: tuple[VacancyProfile, ...]
) -> None:
    table = VacancyTable(places, SETTING)
    today = current(person, SETTING)
    by_name, scores = table.shut_by(today)
    assert tuple(by_name) == BARS
    count, others = table.barriers(today)
    assert scores.eligible.tolist() == others.eligible.tolist() == (count == 0).tolist()
    assert scores.fit.tolist() == others.fit.tolist()
    for row, vacancy in enumerate(places):
        names = {name for name, rows in by_name.items() if rows[row]}
        assert len(names) == count[row]
        codes = {blocker.code for blocker in assess_pair(today, vacancy, SETTING).blockers}
        plain = codes - {"level", "small_employer", "load", "hours", "windows"}
        assert plain == names & {"credential", "licence", "sector", "start", "travel", "guidance"}


def test_a_pause_that_ends_in_time_is_a_coming() -> None:
    world, table, pathways = of_world(5)
    ready = next(
        person
        for person in (world.candidate() for _ in range(500))
        if standing_of(person, table, pathways, weeks=WEEKS).stand is Stand.READY
    )
    for weeks, stand in ((3, Stand.COMING), (13, Stand.FURTHER)):
        away = ready.with_values({"paused_until": ON + timedelta(weeks=weeks)})
        open_ended = VacancyTable(
            [place.__class__(**{**_values(place), "start_on": None}) for place in table.vacancies],
            SETTING,
        )
        found = standing_of(away, open_ended, pathways, weeks=WEEKS)
        assert found.stand is stand
        assert found.week == (weeks if stand is Stand.COMING else None)


def _values(place: VacancyProfile) -> dict[str, object]:
    return {name: getattr(place, name) for name in place.__dataclass_fields__}


def test_what_a_person_decided_counts_before_what_is_computed() -> None:
    world, table, pathways = of_world(5)
    for person in (world.candidate() for _ in range(200)):
        kept = standing_of(person, table, pathways, weeks=WEEKS, decided=Lane.PRE_PLACEMENT)
        assert kept.stand is Stand.FURTHER
        started = standing_of(person, table, pathways, weeks=WEEKS, decided=Lane.READY_NOW)
        scores = table.score(current(person, SETTING))
        assert (started.stand is Stand.READY) == bool((scores.eligible & ~scores.ask_first).any())


@given(
    st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 20)), max_size=8),
    st.lists(st.tuples(st.sampled_from(list(Stand)), st.integers(0, 15)), max_size=30),
)
def test_a_forecast_can_be_recomputed_by_hand(
    places: list[tuple[int, int | None]], people: list[tuple[Stand, int]]
) -> None:
    found = forecast(places, people, WEEKS)
    assert found.open == sum(free for free, _ in places)
    for week in range(WEEKS + 1):
        coming = [1 for stand, at in people if stand is Stand.COMING and at <= week]
        likely = [1 for stand, at in people if stand is Stand.LIKELY and at <= week]
        assert (found.coming[week], found.likely[week]) == (len(coming), len(likely))
        short = found.open - found.ready - len(coming)
        assert found.short[week] == max(short, 0)
        assert found.short_at_best[week] == max(short - len(likely), 0) <= found.short[week]
        assert found.due[week] == sum(f for f, due in places if due is not None and due <= week)
    assert list(found.short) == sorted(found.short, reverse=True)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60))
def test_quarters_hold_everybody_once_and_keep_equals_together(
    levels: list[tuple[int, bool]],
) -> None:
    parts = quarters(levels)
    assert sum(part.people for part in parts) == len(levels)
    assert sum(part.placed for part in parts) == sum(placed for _, placed in levels)
    assert len(parts) <= 4
    for part, following in itertools.pairwise(parts):
        assert part.highest < following.lowest
    for part in parts:
        inside = [each for each, _ in levels if part.lowest <= each <= part.highest]
        assert len(inside) == part.people
    if len({level for level, _ in levels}) == len(levels) >= 4:
        assert max(part.people for part in parts) - min(part.people for part in parts) <= 1


@pytest.mark.parametrize(
    ("lowest", "others", "warns"),
    [((20, 2), (60, 18), True), ((20, 3), (60, 17), False), ((20, 0), (60, 9), False),
     ((20, 0), (60, 10), True)],
)  # fmt: skip
def test_the_alarm_goes_when_the_lowest_quarter_has_under_half_of_its_share(
    lowest: tuple[int, int], others: tuple[int, int], warns: bool
) -> None:
    parts = [Quarter(0, 10, *lowest), Quarter(11, 99, *others)]
    assert passes_over(parts, percent=50, least_placed=10) is warns


@given(candidates())
def test_ages_follow_the_shelf_life_and_unknown_stays_unknown(person: CandidateProfile) -> None:
    for days, rhythm, others in ((0, Age.CURRENT, Age.CURRENT), (57, Age.EXPIRED, Age.CURRENT),
                                 (183, Age.EXPIRED, Age.EXPIRED)):  # fmt: skip
        seen = person.with_values(
            {"rhythm": 2, "work_skills": 2, "observed_on": ON - timedelta(days=days)}
        )
        assert (rhythm_age(seen, SETTING), levels_age(seen, SETTING)) == (rhythm, others)
    assert rhythm_age(person.with_values({"rhythm": None}), SETTING) is Age.UNKNOWN


@given(candidates())
def test_the_bits_are_the_answers_that_a_lane_waits_for(person: CandidateProfile) -> None:
    pathways = Pathways((), SETTING)
    sector = assess(person, pathways).lane.sector
    bits = unknown_bits(person, pathways)
    for bit, name in enumerate(LANE_DIMENSIONS):
        assert bool(bits >> bit & 1) == (not sector[name].is_known)
