"""The inflow board as a job: each figure from its rows, the rows from the explained advice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.inflow import Stand
from matcher.domain.vocabulary import LANE_DIMENSIONS
from matcher.models import Candidate, InflowBoard, InflowLine, InflowNear, Vacancy
from matcher.models.states import CandidateStatus, ClosingCode, JobState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.jobs import JobRecord
from matcher.repositories.scope import unscoped
from matcher.services import inflow_count, introductions, job_runs, jobs, seats
from matcher.services.assessments import assess_candidate, match_candidate
from matcher.services.candidates import get_candidate
from matcher.services.inflow_count import COUNT_INFLOW
from matcher.services.job_kinds import KINDS
from tests.services.conftest import NOW, TODAY
from tests.services.introducing import open_place, person_of
from tests.services.seating import FIRST, programme
from tests.services.small_region import Region, small_region

STARTING = {"ready_now", "ready_with_support"}


@pytest.fixture
def region(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    monkeypatch.setattr(inflow_count, "PEOPLE_A_BLOCK", 2)
    region = small_region(database_url)
    yield region
    region.factory.kw["bind"].dispose()


def counted(region: Region) -> JobRecord:
    lead = region.viewers[Right.LEAD]
    with region.as_viewer(Right.LEAD) as session:
        job = jobs.submit(session, lead, COUNT_INFLOW, {}, now=NOW)
    assert job_runs.run_one(region.factory, "w", lambda: NOW, KINDS) is JobState.DONE
    return region.stands(job)


def figures(region: Region) -> dict[str, Any]:
    with region.as_viewer(Right.LEAD) as session:
        found = session.scalars(
            unscoped(select(InflowBoard).order_by(InflowBoard.id.desc()), InflowBoard)
        ).first()
        assert found is not None
        return dict(found.figures)


def lines_of(region: Region) -> dict[int, InflowLine]:
    with region.as_viewer(Right.LEAD) as session:
        found = session.scalars(unscoped(select(InflowLine), InflowLine)).all()
        session.expunge_all()
    assert len({line.candidate_id for line in found}) == len(found)
    return {line.candidate_id: line for line in found}


def changed(region: Region, number: int, **values: Any) -> None:
    with region.factory() as session:
        act_as(session, Actor(operator("demo"), NOW))
        row = session.scalars(
            unscoped(select(Candidate).where(Candidate.id == number), Candidate)
        ).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.commit()


def test_who_is_ready_is_who_has_a_place_by_the_explained_advice(region: Region) -> None:
    counted(region)
    lines, coach = lines_of(region), region.viewers[Right.COACH]
    names = {number: f"V-{at}" for at, number in enumerate(region.places)}
    with region.as_viewer(Right.COACH) as session:
        for person in region.people:
            advice = assess_candidate(session, coach, person, on=TODAY, now=NOW)
            rows = match_candidate(session, coach, person, on=TODAY, now=NOW).result
            fits = [
                row
                for row in rows
                if row["eligible"] and not any(gap["code"] == "ask_first" for gap in row["gaps"])
            ]
            line = lines[person]
            assert (line.stand == Stand.READY) == (advice.lane in STARTING and bool(fits))
            if line.stand == Stand.READY:
                best = max(Decimal(str(row["fit"])) for row in fits)
                named = {row["vacancy"]: Decimal(str(row["fit"])) for row in fits}
                assert named[names[line.vacancy_id or 0]] == best


def test_every_figure_is_the_number_of_its_rows(region: Region) -> None:
    for number, days in zip(region.people, (300, 57, 56, 10, None), strict=True):
        since = None if days is None else TODAY - timedelta(days=days)
        changed(region, number, waiting_since=since, observed_on=TODAY - timedelta(days=100))
    with region.as_viewer(Right.CONTRACTOR) as session:
        firm = region.viewers[Right.CONTRACTOR]
        more = {"reference": "V-N", "sector": "N81", "arrangement": "Infra", "places": 2}
        open_place(session, firm, more, NOW)
        passed = {"reference": "V-P", "start_on": date(2027, 1, 4), "flex_weeks": 0, "places": 4}
        open_place(session, firm, passed, NOW)
    job = counted(region)
    said, lines = figures(region), list(lines_of(region).values())
    with region.as_viewer(Right.LEAD) as session:
        places = {
            row.id: row
            for row in session.scalars(unscoped(select(Vacancy), Vacancy))
            if row.start_on is None or row.start_on + timedelta(weeks=row.flex_weeks) >= TODAY
        }
        statement = unscoped(select(Candidate.id, Candidate.waiting_since), Candidate)
        waits = {row[0]: row[1] for row in session.execute(statement)}
        session.expunge_all()
    assert said["passed"] == 4
    groups = {("total", None): set(places)}
    for number, place in places.items():
        groups.setdefault(("sectors", place.sector), set()).add(number)
        if place.arrangement:
            groups.setdefault(("arrangements", place.arrangement), set()).add(number)
    for (kind, name), numbers in groups.items():
        shown = said[kind] if name is None else said[kind][name]
        mine = [line for line in lines if name is None or line.vacancy_id in numbers]
        assert shown["open"] == sum(places[number].places for number in numbers)
        assert shown["ready"] == sum(line.stand == "ready" for line in mine)
        for week in range(13):
            upto = {
                stand: sum(line.stand == stand and (line.week or 0) <= week for line in mine)
                for stand in ("coming", "likely")
            }
            assert (shown["coming"][week], shown["likely"][week]) == tuple(upto.values())
            assert shown["due"][week] == sum(
                places[number].places
                for number in numbers
                if places[number].start_on is not None
                and (
                    places[number].start_on + timedelta(weeks=places[number].flex_weeks) - TODAY
                ).days
                // 7
                <= week
            )
    assert set(said["sectors"]) == {"F42", "N81"}
    assert set(said["arrangements"]) == {"Infra"}
    causes = {line.cause for line in lines if line.stand == "one_step"}
    assert dict(said["causes"]) == {
        cause: sum(line.cause == cause and line.stand == "one_step" for line in lines)
        for cause in causes
    }
    monitors = said["monitors"]
    assert monitors["waiting"] == len(lines) == 5
    assert monitors["long"] == 2
    assert sum(since is not None and (TODAY - since).days > 56 for since in waits.values()) == 2
    for name, column in (("rhythm", "rhythm_age"), ("levels", "levels_age")):
        ages = [getattr(line, column) for line in lines]
        assert monitors[name] == {age: ages.count(age) for age in sorted(set(ages))}
    assert monitors["unknown"] == [
        sum(bool(line.unknown >> bit & 1) for line in lines) for bit in range(len(LANE_DIMENSIONS))
    ]
    assert job.result == {
        "on": TODAY.isoformat(), "open": said["total"]["open"], "ready": said["total"]["ready"],
    }  # fmt: skip


def test_a_place_that_nobody_fits_names_who_is_one_step_away_or_says_why_none_is(
    region: Region,
) -> None:
    counted(region)
    said, lines = figures(region), lines_of(region)
    with region.as_viewer(Right.LEAD) as session:
        near = session.scalars(unscoped(select(InflowNear), InflowNear)).all()
        session.expunge_all()
    for place in said["places"]:
        mine = [row for row in near if row.vacancy_id == place["vacancy"]]
        assert len(mine) == place["near"] <= 3
        assert place["ready"] == sum(
            line.stand == "ready" and line.vacancy_id == place["vacancy"] for line in lines.values()
        )
        if place["fits"]:
            assert not mine
        else:
            assert mine or place["shut"] is not None
    asks_paper = region.places[4]
    assert {row.cause for row in near if row.vacancy_id == asks_paper} == {"credential:vca_full"}


def test_a_seat_that_is_taken_counts_as_coming_and_an_offer_as_likely(region: Region) -> None:
    number = region.people[-1]
    changed(region, number, rhythm=1)
    lead = region.viewers[Right.LEAD]
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=number)
    with region.as_viewer(Right.LEAD) as session:
        course = programme(session, NOW, weeks=4.0, raises=(("rhythm", 2),), title="Kort")
        seat = seats.offer(session, lead, number, course, FIRST, now=NOW)
    expected = -(-(seat.ends_on - TODAY).days // 7) if seat.ends_on else None
    for state in ("likely", "coming"):
        if state == "coming":
            with region.factory() as session:
                act_as(session, Actor(own, NOW))
                seats.answer(session, own, seat.id, "yes", now=NOW)
        counted(region)
        line = lines_of(region)[number]
        assert (line.stand, line.week, line.cohort_id) == (state, expected, seat.cohort_id)
        total = figures(region)["total"]
        assert total[state][expected or 0] == 1
        assert total[state][(expected or 1) - 1] == 0


def test_who_is_met_holds_a_place_and_who_went_to_work_is_placed(region: Region) -> None:
    open_before = _open(region)
    person, at_work = region.people[0], region.people[1]
    changed(
        region, at_work, status=CandidateStatus.CLOSED, closed_on=TODAY,
        closed_code=ClosingCode.STARTED_WORK,
    )  # fmt: skip
    coach, firm = region.viewers[Right.COACH], region.viewers[Right.CONTRACTOR]
    with region.as_viewer(Right.COACH) as session:
        record = get_candidate(session, coach, person)
        own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=record.id)
        made = introductions.invite(session, coach, person, region.places[0], now=NOW)
    with region.factory() as session:
        act_as(session, Actor(own, NOW))
        introductions.answer(session, own, made.id, "yes", now=NOW)
    with region.factory() as session:
        act_as(session, Actor(firm, NOW))
        introductions.mark_met(session, firm, made.id, now=NOW)
    assert _open(region) == open_before - 1
    lines = lines_of(region)
    assert lines[person].stand == Stand.HOLDS_PLACE
    assert lines[at_work].stand == Stand.AT_WORK
    assert sum(part[3] for part in figures(region)["monitors"]["start_level"]) <= 1


def _open(region: Region) -> int:
    counted(region)
    return int(figures(region)["total"]["open"])


def test_a_later_board_takes_the_lines_and_leaves_the_figures(region: Region) -> None:
    first, second = counted(region), counted(region)
    with region.as_viewer(Right.LEAD) as session:
        boards = session.scalars(unscoped(select(InflowBoard.job_id), InflowBoard)).all()
        holders = set(session.scalars(unscoped(select(InflowLine.job_id), InflowLine)))
    assert sorted(boards) == [first.id, second.id]
    assert holders == {second.id}


def test_the_same_region_gives_the_same_lines_in_blocks_of_any_size(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plain(line: InflowLine) -> tuple[Any, ...]:
        return tuple(getattr(line, name) for name in inflow_count.rows.LINE)

    counted(region)
    first, said = sorted(map(plain, lines_of(region).values())), figures(region)
    monkeypatch.setattr(inflow_count, "PEOPLE_A_BLOCK", 200)
    counted(region)
    assert sorted(map(plain, lines_of(region).values())) == first
    assert figures(region) == said


def test_who_wants_advice_by_a_person_is_not_counted(region: Region) -> None:
    changed(region, region.people[0], manual_only=True)
    counted(region)
    assert region.people[0] not in lines_of(region)
    assert figures(region)["by_person"] == 1


def test_erasing_a_person_takes_the_line_along(region: Region) -> None:
    counted(region)
    with region.as_viewer(Right.LEAD) as session:
        person_of(session, region.viewers[Right.COACH], NOW, reference="K-new")
        session.execute(Candidate.__table__.delete().where(Candidate.id == region.people[0]))
        session.commit()
    assert region.people[0] not in lines_of(region)
