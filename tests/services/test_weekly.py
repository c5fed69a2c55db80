"""The weekly allocation of a live region: the optimum of what is left, and nobody placed by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.models import Introduction, Seat
from matcher.models.states import JobState, ProposalState
from matcher.repositories.weekly import AllocationRecord, Sort
from matcher.services import candidates, introduction_ends, introductions, jobs, seats, weekly_views
from matcher.services.assessments import match_candidate
from matcher.services.decisions import record_decision
from matcher.services.erasure import erase_candidate
from matcher.services.job_kinds import KINDS
from matcher.services.job_runs import run_one
from matcher.services.weekly import ALLOCATE_REGION
from matcher.services.weekly_choices import decide_pair, end_pair, list_pairs, switch_order
from matcher.services.weekly_decisions import ProposalNotPossible, accept
from tests.services.conftest import NOW, TODAY
from tests.services.placing import met, placed
from tests.services.weekly_region import WeeklyRegion, weekly_region

Fits = dict[tuple[int, int], int]


@pytest.fixture
def region(database_url: str) -> Iterator[WeeklyRegion]:
    made = weekly_region(database_url)
    yield made
    made.factory.kw["bind"].dispose()


@pytest.fixture
def plain(sqlite_url: str) -> Iterator[WeeklyRegion]:
    """Without courses: every proposal is a place right away."""
    made = weekly_region(sqlite_url, courses=False)
    yield made
    made.factory.kw["bind"].dispose()


def fits_of(region: WeeklyRegion) -> Fits:
    """What the explained match says of each pair, in hundredths."""
    found = {}
    with region.session(Right.COACH) as session:
        for person in region.people[:5]:
            rows = match_candidate(
                session, region.viewers[Right.COACH], person, on=TODAY, now=NOW
            ).result
            for row in rows:
                if row["eligible"]:
                    fit = int(Decimal(str(row["fit"])) * 100)
                    found[person, region.places[row["vacancy"]]] = fit
    return found


def best_total(fits: Fits, places: dict[int, int]) -> int:
    """The largest sum of fits by trying everything."""
    people = sorted({person for person, _place in fits})
    options = [[None, *(place for who, place in fits if who == person)] for person in people]
    totals = [0]
    for chosen in product(*options):
        used = [place for place in chosen if place is not None]
        if all(used.count(place) <= places[place] for place in set(used)):
            pairs = zip(people, chosen, strict=True)
            totals.append(sum(fits[who, place] for who, place in pairs if place is not None))
    return max(totals)


def test_proposals_are_the_optimum_of_the_explained_fits(plain: WeeklyRegion) -> None:
    made = plain.run()
    fits = fits_of(plain)
    lines = plain.lines(made, sorts=(Sort.PLACES,))

    assert lines
    places = {plain.places["V-A"]: 1, plain.places["V-B"]: 1, plain.places["V-VCA"]: 2}
    for line in lines:
        assert line.value == fits[line.candidate_id, line.vacancy_id or 0]
    total = sum(line.value for line in lines)
    assert total == best_total(fits, places) == made.figures["objective"]
    assert made.figures["proposed"] == len(lines) == 2
    taken = [line.vacancy_id for line in lines]
    assert all(taken.count(place) <= most for place, most in places.items()), "P-7"


def test_one_more_of_something_helps_as_many_as_allocating_again_says(
    plain: WeeklyRegion,
) -> None:
    made = plain.run()
    fits = fits_of(plain)
    places = {plain.places["V-A"]: 1, plain.places["V-B"]: 1, plain.places["V-VCA"]: 2}
    before = best_total(fits, places)

    assert made.figures["helps"]
    for row in made.figures["helps"]:
        more = {**places, row["id"]: places[row["id"]] + 1}
        assert row["kind"] == "place"
        assert row["value"] == best_total(fits, more) - before > 0
        assert row["new"] == 1, "nobody without a place would gain otherwise"
        assert row["people"] == row["new"] + row["better"]
    order = [(-row["new"], -row["better"], -row["value"]) for row in made.figures["helps"]]
    assert order == sorted(order)


def test_one_more_seat_in_a_course_is_told_by_name_and_day(region: WeeklyRegion) -> None:
    made = region.run()
    helps = {(row["kind"], row["reference"]): row for row in made.figures["helps"]}

    seat = helps["seat", "VCA"]
    assert (seat["id"], seat["new"]) == (region.courses["VCA"], 1)
    assert made.figures["starts"][str(region.courses["VCA"])] == "2027-03-09"
    through = [line for line in region.lines(made) if line.programme_id == region.courses["VCA"]]
    assert len(through) == 1, "one seat, two places behind it"
    assert through[0].vacancy_id == region.places["V-VCA"]


def test_nothing_is_placed_by_itself(region: WeeklyRegion) -> None:
    region.run()
    assert (region.count(Introduction), region.count(Seat)) == (0, 0)


def test_the_same_region_gives_the_same_bytes(region: WeeklyRegion) -> None:
    first, second = region.run(), region.run()
    assert (first.input_hash, first.result_hash) == (second.input_hash, second.result_hash)
    assert first.figures == second.figures

    def bare(made: AllocationRecord) -> list[dict[str, Any]]:
        left = {"id", "allocation_id"}
        rows = [line.as_mapping() for line in region.lines(made, sorts=tuple(Sort))]
        return [{k: v for k, v in row.items() if k not in left} for row in rows]

    assert bare(first) == bare(second)
    with region.session(Right.COACH) as session:
        coach = region.viewers[Right.COACH]
        one = candidates.get_candidate(session, coach, region.people[0])
        candidates.update_candidate(
            session, coach, one.id, {"rhythm": 3}, expected_version=one.version, now=NOW
        )
    assert region.run().input_hash != first.input_hash


def test_the_lane_that_a_person_decided_stands(region: WeeklyRegion) -> None:
    first = region.proposed(region.run())
    person = next(who for who in region.people[:5] if first.get(who, (None,))[0])
    with region.session() as session:
        record_decision(
            session, region.lead, person, subject="lane", chosen="pre_placement",
            reason="knows_more", now=NOW,
        )  # fmt: skip
    made = region.run()
    line = next(e for e in region.lines(made, sorts=tuple(Sort)) if e.candidate_id == person)
    assert (line.vacancy_id, line.lane, line.reason) == (None, "pre_placement", "lane")


def test_who_is_being_introduced_takes_no_part_and_keeps_the_place(region: WeeklyRegion) -> None:
    first = region.run()
    who, place = next(
        (line.candidate_id, line.vacancy_id)
        for line in region.lines(first, sorts=(Sort.PLACES,))
        if line.programme_id is None
    )
    with region.session() as session:
        introductions.invite(session, region.lead, who, place or 0, now=NOW)
    second = region.run()

    assert who not in {line.candidate_id for line in region.lines(second, sorts=tuple(Sort))}
    assert second.figures["places"] == first.figures["places"] - 1
    assert place not in {vacancy for vacancy, _course in region.proposed(second).values()}

    # Once the invitation has passed, everything is free again, but not for the same two.
    region.now = NOW + timedelta(days=30)
    with region.session() as session:
        introduction_ends.expire(session, NOW + timedelta(days=9))
    third = region.run()
    assert region.proposed(third).get(who, (None, None))[0] != place


def test_who_works_takes_no_part_and_keeps_the_place(region: WeeklyRegion) -> None:
    first = region.run()
    line = next(e for e in region.lines(first, sorts=(Sort.PLACES,)) if e.programme_id is None)
    other = next(who for who in region.people[:5] if who != line.candidate_id)
    coach, firm = region.viewers[Right.COACH], region.viewers[Right.CONTRACTOR]
    with region.session(Right.COACH) as session:
        own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=line.candidate_id)
        number = met(session, coach, firm, own, line.vacancy_id or 0, NOW)
        placed(session, coach, own, NOW, introduction_id=number)
        found = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=other)
        placed(session, coach, found, NOW)
    second = region.run()

    there = {each.candidate_id for each in region.lines(second, sorts=tuple(Sort))}
    assert not there & {line.candidate_id, other}
    assert second.figures["places"] == first.figures["places"] - 1
    with region.session() as session, pytest.raises(ProposalNotPossible) as refused:
        accept(session, region.lead, first.id, line.id, now=NOW)
    assert refused.value.why == "under_way"


def test_a_forbidden_pair_is_never_proposed_and_a_lock_stays(region: WeeklyRegion) -> None:
    first = region.run()
    line = next(e for e in region.lines(first, sorts=(Sort.PLACES,)) if e.programme_id is None)
    other = next(
        who for who in region.people[:5] if region.proposed(first).get(who, (None,))[0] is None
    )
    place = line.vacancy_id or 0
    with region.session() as session:
        lead = region.lead
        decide_pair(session, lead, line.candidate_id, place, "forbidden", "safety", now=NOW)
    assert region.proposed(region.run()).get(line.candidate_id, (None,))[0] != place

    with region.session() as session:
        kept = decide_pair(session, lead, other, place, "locked", "knows_more", now=NOW)
    made = region.run()
    found = next(e for e in region.lines(made) if e.candidate_id == other)
    assert (found.vacancy_id, found.is_locked) == (place, True)
    assert made.figures["unkept"] == []
    with region.session() as session:
        (again, first_one) = list_pairs(session, lead)
        assert (again.id, again.decided_by, again.decided_at, again.why) == (
            kept.id, lead.account_id, NOW, "knows_more",
        )  # fmt: skip
        end_pair(session, lead, kept.id, now=NOW)
        assert list_pairs(session, lead) == [first_one]
        with pytest.raises(NotFound):
            end_pair(session, lead, kept.id, now=NOW)


def test_a_lock_that_cannot_be_is_told_and_the_rest_goes_on(region: WeeklyRegion) -> None:
    blocked, ready = region.people[5], region.people[0]
    with region.session() as session:
        one = decide_pair(
            session, region.lead, blocked, region.places["V-B"], "locked", "other", now=NOW
        )
        two = decide_pair(
            session, region.lead, ready, region.places["V-A"], "locked", "other", now=NOW
        )
        gone = decide_pair(
            session, region.lead, region.people[1], region.places["V-B"], "locked", "other", now=NOW
        )
        coach = region.viewers[Right.COACH]
        record = candidates.get_candidate(session, coach, region.people[1])
        candidates.update_candidate(
            session, coach, record.id, {"paused_until": TODAY + timedelta(days=9)},
            expected_version=record.version, now=NOW,
        )  # fmt: skip
    made = region.run()
    assert made.figures["unkept"] == [[one.id, "not_possible"], [gone.id, "paused"]]
    assert region.proposed(made)[ready][0] == region.places["V-A"]
    assert two.id not in [pair for pair, _why in made.figures["unkept"]]


def test_seats_go_by_waiting_unless_an_officer_switches_with_the_price(
    region: WeeklyRegion,
) -> None:
    made = region.run()
    alone = region.lines(made, sorts=(Sort.SEATS,))
    fit = [line.candidate_id for line in alone if line.programme_id == region.courses["FIT"]]
    assert fit == [region.people[5]], "who waits longest"
    assert (made.choice["seats"], made.figures["seats"]["order"]) == ("waiting", "waiting")

    officer = region.viewers[Right.OFFICER]
    with region.session(Right.OFFICER) as session:
        with pytest.raises(InvalidInput):
            switch_order(session, officer, "value", "  ", now=NOW)
        switched = switch_order(session, officer, "value", "proef van een maand", now=NOW)
    assert switched.price is not None
    assert switched.price["price_percent"] == made.figures["seats"]["price_percent"]
    with region.session() as session, pytest.raises(Forbidden):
        switch_order(session, region.lead, "waiting", "terug", now=NOW)
    assert region.run().choice["seats"] == "value"


def test_seats_that_people_in_line_have_a_claim_on_stay_theirs(region: WeeklyRegion) -> None:
    with region.session(Right.COACH) as session:
        coach = region.viewers[Right.COACH]
        seats.wait(session, coach, region.people[6], region.courses["FIT"], now=NOW)
    made = region.run()
    alone = region.lines(made, sorts=(Sort.SEATS,))
    assert [line for line in alone if line.programme_id == region.courses["FIT"]] == []


def test_at_most_three_scenarios_stand_side_by_side_and_decided_ones_stay(
    region: WeeklyRegion,
) -> None:
    first = region.run()
    line = next(e for e in region.lines(first, sorts=(Sort.PLACES,)) if e.programme_id is None)
    with region.session() as session:
        accept(session, region.lead, first.id, line.id, now=NOW)
    others = [region.run(floor=floor) for floor in (0, 50, 80, 0)]
    with region.session() as session:
        found = weekly_views.list_allocations(session, region.lead).items
    assert [each.id for each in found] == [
        *(each.id for each in reversed(others[1:])), first.id,
    ]  # fmt: skip
    assert [each.choice["floor"] for each in others] == [0, 50, 80, 0]


def test_what_a_worker_lost_is_not_shown_and_comes_the_same_again(region: WeeklyRegion) -> None:
    job = region.ask()
    with region.session() as session:
        assert weekly_views.list_allocations(session, region.lead).items == ()
        jobs.cancel(session, region.lead, job.id, KINDS, now=NOW)
        assert weekly_views.allocation_of_job(session, region.lead, job.id) is None
    assert run_one(region.factory, "w", lambda: NOW, KINDS) is None
    made = region.run()
    assert run_one(region.factory, "w", lambda: NOW, KINDS) is None
    with region.session() as session:
        assert jobs.get_job(session, region.lead, made.job_id).state is JobState.DONE


def test_who_may_ask_and_read(region: WeeklyRegion) -> None:
    made = region.run()
    for right in (Right.COACH, Right.SERVICE_POINT, Right.CONTRACTOR, Right.OFFICER):
        viewer = region.viewers[right]
        with region.session(right) as session:
            with pytest.raises(Forbidden):
                jobs.submit(session, viewer, ALLOCATE_REGION, {}, now=NOW)
            with pytest.raises(Forbidden):
                weekly_views.list_lines(session, viewer, made.id)
    officer = region.viewers[Right.OFFICER]
    with region.session(Right.OFFICER) as session:
        assert weekly_views.get_allocation(session, officer, made.id).figures == made.figures
    with region.session() as session:
        for wrong in (
            {"floor": 101},
            {"floor": 0.5},
            {"floor": True},
            {"floor": 0, "seats": "value"},
        ):
            with pytest.raises(InvalidInput):
                jobs.submit(session, region.lead, ALLOCATE_REGION, wrong, now=NOW)
        jobs.submit(session, region.lead, ALLOCATE_REGION, {}, now=NOW)
        with pytest.raises(Conflict):
            jobs.submit(session, region.lead, ALLOCATE_REGION, {"floor": 50}, now=NOW)


def test_who_is_erased_leaves_no_line_and_is_nobodys_next(region: WeeklyRegion) -> None:
    made = region.run()
    second = next(e.runner_up_id for e in region.lines(made) if e.runner_up_id is not None)
    with region.session(Right.COACH) as session:
        erase_candidate(session, region.viewers[Right.COACH], second, now=NOW)
    lines = region.lines(made, sorts=tuple(Sort))
    assert second not in {e.candidate_id for e in lines} | {e.runner_up_id for e in lines}
    assert all(line.state is ProposalState.OPEN for line in lines)
