"""Matching a region as a job: the same places as the explained match, kept until the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from matcher.domain.access import Right
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.repositories.jobs import JobRecord
from matcher.services import jobs, region_matches
from matcher.services.assessments import match_candidate
from matcher.services.region_matches import MATCH_REGION, NAME, list_people, list_places
from tests.services.conftest import NOW, TODAY
from tests.services.small_region import Region, small_region


@pytest.fixture
def region(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    monkeypatch.setattr(region_matches, "PEOPLE_A_BLOCK", 2)
    region = small_region(database_url)
    yield region
    region.factory.kw["bind"].dispose()


def test_the_places_of_everybody_are_those_of_the_explained_match(region: Region) -> None:
    job = region.matched()
    coach, lead = region.viewers[Right.COACH], region.viewers[Right.LEAD]
    with region.as_viewer(Right.LEAD) as session:
        lines = region_matches.list_matches(session, lead, job.id, limit=200).items
    found = {
        person: sorted((at.rank, at.vacancy, at.fit) for at in lines if at.candidate_id == person)
        for person in region.people
    }
    expected = {}
    with region.as_viewer(Right.COACH) as session:
        for person in region.people:
            rows = match_candidate(session, coach, person, on=TODAY, now=NOW).result
            expected[person] = sorted(
                (row["rank"], row["vacancy"], int(Decimal(str(row["fit"])) * 100))
                for row in rows
                if row["eligible"]
            )

    assert found == expected
    assert found[region.people[-1]] == [], "two steps short blocks every place"
    assert (job.total, job.result["people"], job.result["without"]) == (3, 5, 1)


def test_vacancies_that_nobody_fits_come_first(region: Region) -> None:
    job = region.matched()
    lead = region.viewers[Right.LEAD]
    with region.as_viewer(Right.LEAD) as session:
        first = list_places(session, lead, job.id, limit=2)
        rest = list_places(session, lead, job.id, limit=200, cursor=first.next_cursor)
        with pytest.raises(InvalidInput):
            list_places(session, lead, job.id, cursor="nonsense")
        with pytest.raises(InvalidInput):
            list_places(session, lead, job.id, limit=0)
        lines = region_matches.list_matches(session, lead, job.id, limit=200).items

    everything = (*first.items, *rest.items)
    assert [line.fits for line in everything] == sorted(line.fits for line in everything)
    assert everything[0].fits == 0
    assert {line.place.id for line in everything} == set(region.places)
    assert rest.next_cursor is None
    for line in everything:
        of_place = [each for each in lines if each.vacancy_id == line.place.id]
        assert line.fits == len(of_place)
        assert line.first == sum(each.rank == 1 for each in of_place)


def test_people_come_in_the_order_of_coming_with_their_best_places(region: Region) -> None:
    job = region.matched()
    lead = region.viewers[Right.LEAD]
    with region.as_viewer(Right.LEAD) as session:
        first = list_people(session, lead, job.id, limit=2)
        rest = list_people(session, lead, job.id, limit=2, cursor=first.next_cursor)

    people = (*first.items, *rest.items)
    assert [person.candidate_id for person in people] == region.people[:4]
    assert rest.next_cursor is None
    for person in people:
        assert person.first_name == "Een"
        assert len(person.places) == min(region_matches.SHOWN, person.kept)
        assert [place.rank for place in person.places] == sorted(p.rank for p in person.places)
        assert person.places[0].rank == 1


def test_a_later_result_takes_the_place_of_an_earlier_one(region: Region) -> None:
    first = region.matched()
    second = region.matched(Right.TRIAGER)
    lead, triager = region.viewers[Right.LEAD], region.viewers[Right.TRIAGER]
    with region.as_viewer(Right.LEAD) as session:
        assert region_matches.list_matches(session, lead, first.id).items == ()
        assert list_people(session, lead, first.id).items == ()
        assert len(list_places(session, lead, first.id).items) == len(region.places)
        assert region_matches.later_result(session, lead, first) == second.id
        assert region_matches.later_result(session, lead, second) is None
        page = jobs.list_jobs(session, lead, kind=NAME, limit=1)
        assert [job.id for job in page.items] == [second.id]
        older = jobs.list_jobs(session, lead, cursor=page.next_cursor)
        assert [job.id for job in older.items] == [first.id]
    with region.as_viewer(Right.TRIAGER) as session:
        assert [job.id for job in jobs.list_jobs(session, triager).items] == [second.id]
        with pytest.raises(NotFound):
            list_places(session, triager, first.id)


def test_who_may_ask_and_how_often(region: Region) -> None:
    lead, coach = region.viewers[Right.LEAD], region.viewers[Right.COACH]
    submit: Callable[..., JobRecord] = jobs.submit
    with region.as_viewer(Right.LEAD) as session:
        with pytest.raises(Forbidden):
            submit(session, coach, MATCH_REGION, {}, now=NOW)
        with pytest.raises(InvalidInput) as refused:
            submit(session, lead, MATCH_REGION, {"top": 3}, now=NOW)
        assert [problem.where for problem in refused.value.problems] == ["top"]
        made = submit(session, lead, MATCH_REGION, {}, now=NOW, idempotency_key="k")
        again = submit(session, lead, MATCH_REGION, {}, now=NOW, idempotency_key="k")
        assert made.id == again.id
        with pytest.raises(Conflict):
            submit(session, lead, MATCH_REGION, {}, now=NOW)
        with pytest.raises(NotFound):
            list_places(session, lead, made.id)
