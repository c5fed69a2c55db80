"""*Werkt dit?*: every figure counted again from its rows, and one decision on its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.domain.follow_up import month_after, wilson
from matcher.domain.works import Figures, Start, Work, figures_of
from matcher.models import (
    Arrangement,
    Base,
    Candidate,
    Cohort,
    Placement,
    PlacementOutcome,
    Programme,
    Seat,
)
from matcher.models.database import make_engine, session_factory
from matcher.models.wall import whole_database
from matcher.services import works
from matcher.services.arrangements import create_arrangement
from matcher.services.demo import load_demo
from matcher.services.works import Subject
from tests.services.conftest import account_of
from tests.services.seating import programme

DAY = timedelta(days=1)
ON = date(2027, 3, 1)
WORKS = {"same_job", "other_job_same_employer", "other_employer"}
WORKS_NOT = {
    "learning", "not_working", "stopped_by_candidate", "stopped_by_employer", "contract_ended",
}  # fmt: skip


# --- on the demo region, from the rows of the database ----------------------------------------


@pytest.fixture(scope="module")
def demo(new_database: Any) -> Iterator[Session]:
    engine = make_engine(new_database("sqlite"))
    with session_factory(engine)() as session:
        now = datetime.fromisoformat("2027-03-01T08:30:00+00:00")
        load_demo(session, on=ON, seed=1, now=now)
        yield session
    engine.dispose()


def rows_of(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Rows as they stand, read past every rule of the service."""
    tables = [
        table.__table__
        for table in (Arrangement, Candidate, Cohort, Placement, PlacementOutcome, Programme, Seat)
    ]
    with whole_database(session, "a test counts again"):
        connection = session.connection()
        found = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables
        }
    assert Base.metadata.tables.keys() >= found.keys()
    return found


def works_after(rows: dict[str, list[dict[str, Any]]], placement: int, months: int) -> bool | None:
    """Whether somebody works, by hand: demo answers are of one coach, or contradict each other."""
    said = {
        row["status"]
        for row in rows["placement_outcome"]
        if row["placement_id"] == placement and row["months"] == months
    }
    if len(said) != 1:
        return None
    (status,) = said
    return True if status in WORKS else False if status in WORKS_NOT else None


def counted(rows: dict[str, list[dict[str, Any]]], programme_id: int) -> dict[str, Any]:
    """The figures of a programme, counted by hand."""
    groups = {row["id"]: row for row in rows["cohort"]}
    seats = [
        row
        for row in rows["seat"]
        if row["programme_id"] == programme_id
        and row["state"] in ("attending", "finished", "left")
        and row["cohort_id"] is not None
        and groups[row["cohort_id"]]["starts_on"] <= ON
        and (row["closed_on"] is None or row["closed_on"] >= groups[row["cohort_id"]]["starts_on"])
    ]
    people = {row["candidate_id"]: row for row in seats}
    assert len(people) == len(seats), "nobody is twice in one programme in the demo"
    over = {key: row for key, row in people.items() if row["state"] != "attending"}
    first: dict[int, dict[str, Any]] = {}
    for row in sorted(rows["placement"], key=lambda row: (row["starts_on"], row["id"])):
        person = row["candidate_id"]
        if person in over and row["starts_on"] <= ON:
            begun = groups[over[person]["cohort_id"]]["starts_on"]
            if row["starts_on"] >= begun:
                first.setdefault(person, row)
    after = {}
    for months in (3, 6, 12):
        due = [row for row in first.values() if month_after(row["starts_on"], months) <= ON]
        said = [works_after(rows, row["id"], months) for row in due]
        after[months] = (said.count(True), said.count(None), len(said))
    return {
        "started": len(people),
        "running": len(people) - len(over),
        "finished": (sum(row["state"] == "finished" for row in over.values()), len(over)),
        "placed": (len(first), len(over)),
        "at_work": after,
    }


def of(figures: Figures) -> dict[str, Any]:
    return {
        "started": figures.started,
        "running": figures.running,
        "finished": (figures.finished.yes, figures.finished.total),
        "placed": (figures.placed.yes, figures.placed.total),
        "at_work": {m: (s.yes, s.unknown, s.total) for m, s in figures.at_work.items()},
    }


def test_every_figure_of_the_demo_is_counted_again_from_its_rows(demo: Session) -> None:
    rows = rows_of(demo)
    found = works.look_at_all(demo, operator("demo"), on=ON)
    programmes = {one.id: one for one in found if one.subject is Subject.PROGRAMME}
    assert sum(one.figures.started for one in programmes.values()) > 60
    for row in rows["programme"]:
        expected = counted(rows, row["id"])
        if row["id"] in programmes:
            assert of(programmes[row["id"]].figures) == expected, row["reference"]
        else:
            assert expected["started"] == 0
    assert any(one.figures.placed.value for one in programmes.values())


def test_shares_and_intervals_follow_from_the_counts_and_small_ones_are_not_said(
    demo: Session,
) -> None:
    seen_small = seen_large = 0
    for one in works.look_at_all(demo, operator("demo"), on=ON):
        for figures in (one.figures, one.others):
            for share in (figures.finished, figures.placed, *figures.at_work.values()):
                if share.total < 10:
                    seen_small += 1
                    assert (share.value, share.low, share.high) == (None, None, None)
                    continue
                seen_large += 1
                assert share.value == share.yes / share.total
                assert share.low == wilson(share.yes, share.total)[0]
                assert share.high == wilson(share.yes + share.unknown, share.total)[1]
    assert seen_small
    assert seen_large


def test_an_arrangement_counts_who_was_placed_in_it_against_its_target(demo: Session) -> None:
    rows = rows_of(demo)
    for one in works.look_at_all(demo, operator("demo"), on=ON):
        if one.subject is not Subject.ARRANGEMENT:
            continue
        own = [
            row
            for row in rows["placement"]
            if row["arrangement"] == one.name and row["starts_on"] <= ON
        ]
        assert one.progress is not None
        assert one.progress.placed == len({row["candidate_id"] for row in own})
        working = {row["candidate_id"] for row in own if row["state"] != "ended"}
        assert one.progress.still_working == len(working)
        assert one.figures.started >= one.progress.placed


def test_the_page_takes_the_same_queries_however_much_there_is(
    session: Session, officer: Viewer, now: datetime
) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if "set_config" not in statement:
                seen.append(statement)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            works.look_at_all(session, officer, on=ON)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    few = queries()
    for number in range(5):
        programme(session, now, reference=f"P-{number}")
        create_arrangement(session, operator("demo"), {"name": f"S{number}"}, now=now)
    # The days on which programmes start come with them, in one statement more.
    assert queries() <= few + 1 <= 10


# --- the rules of counting ----------------------------------------

PEOPLE = st.integers(1, 12)
DAYS = st.integers(0, 700).map(lambda number: ON - number * DAY)
STARTS = st.lists(st.builds(Start, PEOPLE, DAYS, st.booleans(), st.booleans()), max_size=25)
SAID = st.fixed_dictionaries(
    {}, optional={m: st.sampled_from([True, False, None]) for m in (3, 6, 12)}
)
FOUND = st.dictionaries(
    PEOPLE, st.lists(st.tuples(DAYS, SAID), min_size=1, max_size=2), max_size=12
)


@given(STARTS, FOUND, st.frozensets(PEOPLE))
def test_people_count_once_and_every_share_stays_within_its_whole(
    starts: list[Start],
    found: dict[int, list[tuple[date, dict[int, bool | None]]]],
    lost: frozenset[int],
) -> None:
    work = {
        person: sorted((Work(person, on, said) for on, said in all_of), key=lambda one: one.on)
        for person, all_of in found.items()
    }
    figures = figures_of(starts, work, lost, months=(3, 6, 12), on=ON, smallest=10)
    assert figures.started == len({start.candidate_id for start in starts})
    assert 0 <= figures.running <= figures.started
    assert figures.placed.total == figures.started - figures.running
    for share in (figures.finished, figures.placed, *figures.at_work.values()):
        assert share.yes >= 0
        assert share.yes + share.unknown <= share.total
        assert share.is_small is (share.total < 10)
    for months, share in figures.at_work.items():
        assert share.total <= figures.placed.yes, months
    assert figures.at_work[12].total <= figures.at_work[6].total <= figures.at_work[3].total
    shuffled = figures_of(starts[::-1], work, lost, months=(3, 6, 12), on=ON, smallest=10)
    assert (shuffled.started, shuffled.at_work.keys()) == (figures.started, figures.at_work.keys())


# --- deciding ----------------------------------------


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


def version_of(session: Session, viewer: Viewer, number: int, on: date = ON) -> int:
    return works.look_at(session, viewer, Subject.PROGRAMME, number, on=on).version


def test_an_officer_decides_on_the_day_with_a_reason_and_the_figures_stay(
    session: Session, officer: Viewer, lead: Viewer, now: datetime
) -> None:
    number = programme(session, now)
    works.set_day(session, lead, Subject.PROGRAMME, number, ON + DAY, now=now)
    version = version_of(session, officer, number)
    decide = works.decide
    args: tuple[Any, ...] = (session, officer, Subject.PROGRAMME, number)
    with pytest.raises(Conflict):
        decide(*args, "stop", "Te weinig mensen.", expected_version=version, now=now)
    later = now + DAY
    for wrong in (None, "", "  "):
        with pytest.raises(InvalidInput):
            decide(*args, "stop", wrong, expected_version=version, now=later)
    with pytest.raises(InvalidInput):
        decide(*args, "perhaps", "Waarom.", expected_version=version, now=later)
    with pytest.raises(InvalidInput):
        decide(*args, "go_on", "Zonder volgende dag.", expected_version=version, now=later)
    with pytest.raises(InvalidInput):
        decide(*args, "stop", "Dit gaat over 111222333", expected_version=version, now=later)
    with pytest.raises(Conflict):
        decide(*args, "stop", "Oude versie.", expected_version=version + 1, now=later)
    with pytest.raises(Forbidden):
        decide(
            session, lead, Subject.PROGRAMME, number, "stop", "Ik.", expected_version=version,
            now=later,
        )  # fmt: skip
    again = ON + 180 * DAY
    decide(
        *args, "change", "De groepen zijn te groot.", next_on=again, expected_version=version,
        now=later,
    )  # fmt: skip
    looked = works.look_at(session, lead, Subject.PROGRAMME, number, on=ON + DAY)
    assert looked.decide_on == again
    (kept,) = looked.decided
    assert (kept.verdict, kept.reason, kept.decided_on) == (
        "change", "De groepen zijn te groot.", ON + DAY,
    )  # fmt: skip
    assert kept.figures == looked.figures.as_mapping()
    last = datetime.combine(again, now.timetz())
    version = version_of(session, officer, number, again)
    decide(*args, "stop", "Het helpt niet genoeg.", expected_version=version, now=last)
    looked = works.look_at(session, lead, Subject.PROGRAMME, number, on=again)
    assert (looked.decide_on, len(looked.decided)) == (None, 2)


def test_two_officers_at_once_decide_once(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    factory: sessionmaker[Session] = session_factory(engine)
    with factory() as session:
        officer = account_of(session, "officer", Right.OFFICER)
        number = programme(session, now)
        works.set_day(session, operator("demo"), Subject.PROGRAMME, number, ON, now=now)
        version = version_of(session, officer, number)
    start, said = Barrier(2), []

    def work(verdict: str) -> None:
        with factory() as session:
            start.wait()
            try:
                works.decide(
                    session, officer, Subject.PROGRAMME, number, verdict, "Zo is het.",
                    next_on=ON + 90 * DAY, expected_version=version, now=now,
                )  # fmt: skip
                said.append(verdict)
            except Conflict:
                said.append("refused")

    threads = [Thread(target=work, args=(verdict,)) for verdict in ("go_on", "stop")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("refused") == 1
    with factory() as session:
        (kept,) = works.look_at(session, officer, Subject.PROGRAMME, number, on=ON).decided
        assert kept.verdict in said
    engine.dispose()


def test_who_does_not_plan_sets_no_day_and_another_region_finds_nothing(
    session: Session, coach: Viewer, contractor: Viewer, stranger: Viewer, now: datetime
) -> None:
    number = programme(session, now)
    for viewer in (coach, contractor, Viewer(None, frozenset({Right.ANALYST}), "demo")):
        with pytest.raises(Forbidden):
            works.set_day(session, viewer, Subject.PROGRAMME, number, ON, now=now)
    for viewer in (coach, contractor):
        with pytest.raises(Forbidden):
            works.look_at_all(session, viewer, on=ON)
    with pytest.raises(NotFound):
        works.set_day(session, stranger, Subject.PROGRAMME, number, ON, now=now)
    with pytest.raises(InvalidInput):
        works.set_day(session, operator("demo"), Subject.PROGRAMME, number, ON - DAY, now=now)
    assert works.look_at_all(session, stranger, on=ON) == []
