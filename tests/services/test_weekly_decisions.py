"""Deciding about proposals: each step is the candidate's own after it, and happens once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import Introduction
from matcher.models.states import ProposalState, SeatState
from matcher.repositories.weekly import AllocationRecord, Sort
from matcher.repositories.weekly_lines import LineRecord
from matcher.services import decisions, introduction_views, introductions, own_copy
from matcher.services import seats as seats_service
from matcher.services.weekly_choices import decide_pair
from matcher.services.weekly_decisions import (
    LIST_MAXIMUM,
    ProposalNotPossible,
    accept,
    decide_list,
    depart,
)
from tests.services.conftest import NOW
from tests.services.weekly_region import WeeklyRegion, weekly_region


@pytest.fixture
def region(database_url: str) -> Iterator[WeeklyRegion]:
    made = weekly_region(database_url)
    yield made
    made.factory.kw["bind"].dispose()


def a_place(region: WeeklyRegion, made: AllocationRecord) -> LineRecord:
    lines = region.lines(made, sorts=(Sort.PLACES,))
    return next(line for line in lines if line.programme_id is None)


def own_view(candidate_id: int) -> Viewer:
    return Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=candidate_id)


def test_accepting_a_place_asks_the_candidate_and_nothing_more(region: WeeklyRegion) -> None:
    made = region.run()
    line = a_place(region, made)
    with region.session() as session:
        done = accept(session, region.lead, made.id, line.id, now=NOW)
    assert (done.state, done.why, done.decided_at) == (ProposalState.ACCEPTED, "agrees", NOW)
    with region.session() as session:
        own = own_view(line.candidate_id)
        (asked,) = introduction_views.for_candidate(session, own, now=NOW)
        assert asked.can_answer
        introductions.answer(session, own, asked.id, "yes", (), now=NOW)
        (kept,) = decisions.list_decisions(session, region.lead, line.candidate_id)
    assert (kept.subject, kept.accepted, kept.decided_by) == ("place", True, region.lead.account_id)
    assert done.introduction_id == asked.id


def test_accepting_a_seat_offers_it(region: WeeklyRegion) -> None:
    made = region.run()
    through = next(
        line for line in region.lines(made) if line.programme_id == region.courses["VCA"]
    )
    with region.session() as session:
        done = accept(session, region.lead, made.id, through.id, now=NOW)
        (seat,) = seats_service.for_candidate(session, region.lead, through.candidate_id)
    assert (done.seat_id, seat.state, seat.starts_on) == (
        seat.id, SeatState.OFFERED, through.starts_on,
    )  # fmt: skip
    assert region.count(Introduction) == 0, "the place comes after the course"


def test_departing_asks_a_reason_and_nothing_follows(region: WeeklyRegion) -> None:
    made = region.run()
    line = a_place(region, made)
    with region.session() as session:
        for wrong in ("agrees", "because"):
            with pytest.raises(InvalidInput):
                depart(session, region.lead, made.id, line.id, wrong, now=NOW)
        done = depart(session, region.lead, made.id, line.id, "candidate_wish", now=NOW)
        (kept,) = decisions.list_decisions(session, region.lead, line.candidate_id)
    assert (done.state, done.why) == (ProposalState.DEPARTED, "candidate_wish")
    assert (kept.accepted, kept.chosen, kept.reason) == (False, "not_proposed", "candidate_wish")
    assert region.count(Introduction) == 0
    with region.session() as session, pytest.raises(ProposalNotPossible) as refused:
        accept(session, region.lead, made.id, line.id, now=NOW)
    assert refused.value.why == "decided"


def test_a_list_goes_on_past_what_cannot_be(region: WeeklyRegion) -> None:
    first, second = region.run(), region.run()
    in_first, in_second = a_place(region, first), a_place(region, second)
    assert in_first.candidate_id == in_second.candidate_id
    rest = [line.id for line in region.lines(second) if line.id != in_second.id]
    with region.session() as session:
        accept(session, region.lead, first.id, in_first.id, now=NOW)
        wanted = {in_second.id: "accept", rest[0]: "safety", rest[1]: "accept", 987_654: "accept"}
        outcome = decide_list(session, region.lead, second.id, wanted, now=NOW)
    assert outcome.not_possible == {in_second.id: "under_way", 987_654: "gone"}
    assert (outcome.accepted, outcome.departed) == ((rest[1],), (rest[0],))
    states = {line.id: line.state for line in region.lines(second)}
    assert states[in_second.id] is ProposalState.OPEN
    many = dict.fromkeys(range(LIST_MAXIMUM + 1), "accept")
    with region.session() as session, pytest.raises(InvalidInput):
        decide_list(session, region.lead, second.id, many, now=NOW)


def test_who_may_decide(region: WeeklyRegion) -> None:
    made = region.run()
    line = a_place(region, made)
    for right in (Right.COACH, Right.SERVICE_POINT, Right.OFFICER):
        viewer = region.viewers[right]
        with region.session(right) as session:
            for act in (
                lambda s=session, v=viewer: accept(s, v, made.id, line.id, now=NOW),
                lambda s=session, v=viewer: depart(s, v, made.id, line.id, "safety", now=NOW),
                lambda s=session, v=viewer: decide_pair(
                    s, v, line.candidate_id, line.vacancy_id or 0, "locked", "other", now=NOW
                ),
            ):
                with pytest.raises(Forbidden):
                    act()
    elsewhere = replace(region.lead, region="haaglanden")
    with region.session() as session:
        with pytest.raises(NotFound):
            accept(session, elsewhere, made.id, line.id, now=NOW)
        for wrong in ("refused", "nonsense"):
            with pytest.raises(InvalidInput):
                decide_pair(
                    session, region.lead, line.candidate_id, line.vacancy_id or 0, wrong, "other",
                    now=NOW,
                )  # fmt: skip


def test_two_who_accept_at_the_same_moment_invite_once(region: WeeklyRegion) -> None:
    made = region.run()
    line = a_place(region, made)
    start, results = Barrier(2), []

    def work(right: Right) -> None:
        with region.session(right) as session:
            start.wait()
            try:
                accept(session, region.viewers[right], made.id, line.id, now=NOW)
                results.append("done")
            except ProposalNotPossible as error:
                results.append(error.why)

    threads = [Thread(target=work, args=(right,)) for right in (Right.LEAD, Right.TRIAGER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["decided", "done"]
    assert region.count(Introduction) == 1


def test_the_own_copy_tells_what_was_proposed_and_agreed_and_nobody_else(
    region: WeeklyRegion,
) -> None:
    made = region.run()
    line = a_place(region, made)
    place = line.vacancy_id or 0
    with region.session() as session:
        decide_pair(session, region.lead, line.candidate_id, place, "locked", "other", now=NOW)
        copy = own_copy.take_copy(session, own_view(line.candidate_id), now=NOW)
    reference = next(name for name, number in region.places.items() if number == place)
    assert copy["proposals"] == [
        {
            "on": made.on.isoformat(), "vacancy": reference, "programme": None, "starts_on": None,
            "state": "open",
        }
    ]  # fmt: skip
    (agreed,) = copy["kept_together_or_apart"]
    assert (agreed["vacancy"], agreed["decision"], agreed["why"]) == (reference, "locked", "other")
    assert line.runner_up is None or line.runner_up not in str(copy)
