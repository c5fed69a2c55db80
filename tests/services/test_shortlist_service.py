from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, NotFound
from matcher.models import Introduction, Shortlist, ShortlistLine
from matcher.models.database import make_engine, session_factory
from matcher.models.request_states import ShortlistState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services import introductions, place_calls, shortlists
from matcher.services.assessments import assess_stale
from matcher.services.call_requests import finish_call_request
from matcher.services.candidates import close_candidate, create_candidate, update_candidate
from matcher.services.decisions import record_decision
from matcher.services.erasure import erase_candidate
from matcher.services.retention import run_retention
from matcher.services.shortlist_freeze import DemandsStand
from matcher.services.vacancies import get_vacancy, update_vacancy
from tests.services.conftest import account_of
from tests.services.introducing import PLACE, READY, invite, open_place, person_of

DAY = timedelta(days=1)
SMALL = {"employer_size": 7}
"""Of a small firm: who can lift only partly can start elsewhere, and is blocked here."""


def some(session: Session, coach: Viewer, count: int, now: datetime, **change: Any) -> list[int]:
    """So many people who can start at the place."""
    found = [
        create_candidate(session, coach, {**READY, **change}, now=now).id for _ in range(count)
    ]
    assess_stale(session, coach, on=now.date(), now=now)
    return found


def edit(session: Session, viewer: Viewer, place: int, now: datetime, **change: Any) -> None:
    version = get_vacancy(session, viewer, place).version
    update_vacancy(session, viewer, place, change, expected_version=version, now=now)


def behind(session: Session, place: int) -> list[int | None]:
    """Who stands on the list, in its order."""
    statement = (
        select(ShortlistLine.candidate_id)
        .join(Shortlist, Shortlist.id == ShortlistLine.shortlist_id)
        .where(Shortlist.vacancy_id == place)
        .order_by(ShortlistLine.position)
    )
    return list(session.scalars(unscoped(statement, ShortlistLine, Shortlist)))


# --- who, and how many ----------------------------------------------------------------------------


@pytest.mark.parametrize(("fits", "lines"), [(2, 0), (3, 3), (4, 3), (6, 5), (11, 10)])
def test_as_many_lines_are_shown_as_the_largest_size_that_fits(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime, fits: int, lines: int
) -> None:
    some(session, coach, fits, now)
    some(session, coach, 6, now, lift=1)
    place = open_place(session, contractor, SMALL, now)

    found = shortlists.ask(session, contractor, place, now=now)

    assert len(found.lines) == lines
    assert found.state is (ShortlistState.SHOWN if lines else ShortlistState.TOO_FEW)
    assert (found.call_by is None) == (lines > 0)


def test_everybody_on_a_list_can_start_and_nobody_is_blocked_paused_or_to_be_asked_first(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    good = some(session, coach, 4, now)
    some(session, coach, 3, now, sectors_never=frozenset({"F42"}))
    some(session, coach, 3, now, paused_until=now.date() + DAY)
    some(session, coach, 3, now, rhythm=0)
    some(session, coach, 3, now, height=None)
    create_candidate(session, coach, {}, now=now)
    for number in some(session, coach, 3, now):
        close_candidate(session, coach, number, "moved", expected_version=1, now=now)
    place = open_place(session, contractor, {"employer_size": 7, "height": 2}, now)

    shortlists.ask(session, contractor, place, now=now)

    assert len(behind(session, place)) == 3
    assert set(behind(session, place)) <= set(good)


def test_who_was_asked_for_this_place_or_decided_otherwise_by_a_person_is_not_listed(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    place = open_place(session, contractor, SMALL, now)
    asked = person_of(session, coach, now)
    invite(session, coach, asked, place, now)
    decided = some(session, coach, 1, now)[0]
    record_decision(
        session, coach, decided, subject="lane", chosen="pre_placement", reason="agrees", now=now
    )
    good = some(session, coach, 3, now)
    some(session, coach, 5, now, lift=1)

    shortlists.ask(session, contractor, place, now=now)

    assert sorted(number or 0 for number in behind(session, place)) == sorted(good)


def test_a_line_tells_hours_and_start_only_as_far_as_five_share_them(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 5, now)
    some(session, coach, 1, now, hours_max=28)
    place = open_place(session, contractor, {"credentials": frozenset()}, now)

    found = shortlists.ask(session, contractor, place, now=now)

    assert {line.hours_band for line in found.lines} == {None}, "28 hours are held by one alone"
    some(session, coach, 5, now, hours_max=28)
    other = open_place(session, contractor, {"places": 1}, now)
    found = shortlists.ask(session, contractor, other, now=now)
    assert found.state is ShortlistState.WAITING
    found = shortlists.ask(session, contractor, other, now=now + DAY)
    assert {line.hours_band for line in found.lines} <= {(24, 31), (32, 40)}
    assert {line.start_period for line in found.lines} == {"2027-03"}
    assert all(line.meets_needs for line in found.lines)


# --- a list stands --------------------------------------------------------------------------------


def test_a_list_stays_the_same_to_the_byte_whoever_leaves_until_its_time_is_over(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 12, now)
    place = open_place(session, contractor, {}, now)
    first = shortlists.ask(session, contractor, place, now=now)
    numbers = [number or 0 for number in behind(session, place)]

    update_candidate(
        session, coach, numbers[0], {"paused_until": now.date() + 40 * DAY}, expected_version=1,
        now=now,
    )  # fmt: skip
    update_candidate(session, coach, numbers[1], {"lift": 0}, expected_version=1, now=now)
    close_candidate(session, coach, numbers[2], "moved", expected_version=1, now=now)
    some(session, coach, 4, now)
    erase_candidate(session, coach, numbers[3], now=now)
    session.expire_all()

    later = now + 13 * DAY
    assert shortlists.ask(session, contractor, place, now=later) == first
    assert shortlists.peek(session, contractor, place, now=later) == first
    assert behind(session, place)[3] is None

    over = now + 14 * DAY
    assert shortlists.peek(session, contractor, place, now=over) is None
    anew = shortlists.ask(session, contractor, place, now=over)
    assert not {line.pseudonym for line in anew.lines} & {line.pseudonym for line in first.lines}
    assert not set(behind(session, place)) & {None, *numbers[:4]}


def test_lines_that_stood_their_time_go_in_the_daily_round(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 5, now)
    place = open_place(session, contractor, {}, now)
    shortlists.ask(session, contractor, place, now=now)

    def daily(days: int) -> None:
        run_retention(session, on=(now + days * DAY).date(), now=now + days * DAY)

    daily(14)
    assert len(behind(session, place)) == 5, "it stands to the end of its last day"
    daily(15)
    assert behind(session, place) == []
    with pytest.raises(DemandsStand):
        edit(session, contractor, place, now + 16 * DAY, lift=1)


def test_only_an_open_place_in_reach_has_a_list(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 5, now)
    place = open_place(session, contractor, {}, now)
    rival = account_of(session, "rival", Right.CONTRACTOR, firm="Firma Twee")

    with pytest.raises(NotFound):
        shortlists.ask(session, rival, place, now=now)
    with pytest.raises(NotFound):
        shortlists.peek(session, rival, place, now=now)
    with pytest.raises(Forbidden):
        shortlists.ask(session, coach, place, now=now)
    draft = shortlists.copy_place(session, contractor, place, now=now).id
    with pytest.raises(Conflict, match="open"):
        shortlists.ask(session, contractor, draft, now=now)


def test_staff_who_call_contractors_read_the_same_list(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 5, now)
    place = open_place(session, contractor, {}, now)
    point = account_of(session, "point", Right.SERVICE_POINT)

    assert shortlists.ask(session, contractor, place, now=now) == shortlists.ask(
        session, point, place, now=now
    )


# --- too few --------------------------------------------------------------------------------------


def test_where_too_few_fit_the_service_point_calls_and_reads_why(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 2, now)
    some(session, coach, 5, now, sectors_never=frozenset({"F42"}))
    place = open_place(session, contractor, {}, now)
    point = account_of(session, "point", Right.SERVICE_POINT)

    found = shortlists.ask(session, contractor, place, now=now)

    [line] = place_calls.list_places(session, point, now=now).page.items
    assert (line.place.id, line.call_by) == (place, found.call_by)
    assert found.call_by is not None
    some(session, coach, 4, now)
    assert shortlists.ask(session, contractor, place, now=now + DAY) == found, "it stands too"

    call = place_calls.take_place(session, point, place, now=now)
    finish_call_request(session, point, call.id, "vacancy_filed", now=now)
    [line] = place_calls.list_places(session, point, now=now).page.items
    assert line.call_by is None, "the promise was kept"


# --- at once --------------------------------------------------------------------------------------


def test_a_hundred_who_ask_at_once_get_one_list(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    sessions = session_factory(engine)
    with sessions() as session:
        coach = account_of(session, "coach", Right.COACH)
        contractor = account_of(session, "firm", Right.CONTRACTOR, firm="Firma Een")
        act_as(session, Actor(coach, now, Right.COACH))
        some(session, coach, 12, now)
        act_as(session, Actor(contractor, now, Right.CONTRACTOR))
        place = open_place(session, contractor, {}, now)

    def one(_number: int) -> tuple[Any, ...]:
        with sessions() as session:
            act_as(session, Actor(contractor, now, Right.CONTRACTOR))
            return shortlists.ask(session, contractor, place, now=now).lines

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(one, range(100)))

    assert len(answers) == 1
    with sessions() as session:
        count = select(func.count()).select_from(ShortlistLine)
        assert session.scalar(unscoped(count, ShortlistLine)) == 10
    engine.dispose()


def test_reading_a_list_again_computes_nothing_and_takes_few_queries(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    some(session, coach, 12, now)
    place = open_place(session, contractor, {}, now)
    first = shortlists.ask(session, contractor, place, now=now)

    def never(*_: object, **__: object) -> Any:
        raise AssertionError("nobody is compared with the place again")

    monkeypatch.setattr(shortlists, "who_fits", never)
    monkeypatch.setattr(shortlists, "ready_people", never)
    taken: list[str] = []
    bind = session.connection().engine

    def count(*args: Any) -> None:
        taken.append(args[2])

    event.listen(bind, "before_cursor_execute", count)
    try:
        assert shortlists.peek(session, contractor, place, now=now + DAY) == first
    finally:
        event.remove(bind, "before_cursor_execute", count)
    assert 1 <= len(taken) <= 4, taken


# --- nothing else shows ---------------------------------------------------------------------------


def test_money_benefit_refusals_and_lanes_that_can_start_change_no_list(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(shortlists, "new_seed", lambda: "seed")
    people = some(session, coach, 7, now)
    elsewhere = open_place(session, contractor, {"reference": "V-ELDERS"}, now)
    place = open_place(session, contractor, {}, now)
    first = shortlists.ask(session, contractor, place, now=now)

    for number in people:
        update_candidate(
            session, coach, number, {"money": 0, "home_base": 1, "guidance_need": 7},
            expected_version=1, now=now,
        )  # fmt: skip
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=people[0])
    number = invite(session, coach, own, elsewhere, now)
    introductions.answer(session, own, number, "no", now=now)
    assess_stale(session, coach, on=now.date(), now=now)

    again = shortlists.ask(session, contractor, place, now=now + 14 * DAY)
    same = [replace(line, pseudonym="") for line in first.lines]
    assert [replace(line, pseudonym="") for line in again.lines] == same


@pytest.fixture
def noted() -> Callable[[Session], int]:
    def count(session: Session) -> int:
        statement = select(func.count()).select_from(Introduction)
        return session.scalar(unscoped(statement, Introduction)) or 0

    return count


def test_a_list_alone_invites_nobody(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime,
    noted: Callable[[Session], int],
) -> None:  # fmt: skip
    some(session, coach, 5, now)
    shortlists.ask(session, contractor, open_place(session, contractor, {}, now), now=now)
    assert noted(session) == 0
    assert PLACE["places"] == 3
