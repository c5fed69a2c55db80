"""A no, no answer and absence look the same to everybody, on every day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import (
    AuditEntry,
    Candidate,
    Introduction,
    IntroductionEvent,
    IntroductionRefusal,
    Message,
)
from matcher.repositories import introductions as rows
from matcher.repositories.scope import unscoped
from matcher.services import introduction_ends, introductions
from matcher.services import introduction_lists as lists
from matcher.services import introduction_views as views
from matcher.services.candidates import update_candidate
from tests.services.conftest import account_of
from tests.services.introducing import firm_lines, invite, open_place, person_of, row_of, steps_of

DAY = timedelta(days=1)
LATE = timedelta(days=20)


def everything_seen(session: Session, viewers: list[Viewer], place: int, at: datetime) -> list[Any]:
    """All that contractor and staff can read, without what differs between persons anyway."""
    seen: list[Any] = []
    for viewer in viewers:
        if viewer.has(Right.CONTRACTOR):
            overviews = lists.for_contractor(session, viewer, now=at, vacancy_id=place)
        else:
            overviews = lists.for_region(session, viewer, now=at, vacancy_id=place)
        seen += [(one.places_left, len(one.lines)) for one in overviews]
        for line in (line for one in overviews for line in one.lines):
            flat = line.as_mapping()
            for own in ("id", "vacancy_id", "vacancy", "pseudonym", "candidate_id", "reference"):
                flat.pop(own)
            seen.append(flat)
    return seen


@pytest.mark.parametrize("round_is_made", [False, True])
def test_no_expired_withdrawn_erased_and_away_look_the_same_on_every_day(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    contractor: Viewer,
    now: datetime,
    round_is_made: bool,
) -> None:
    viewers = [contractor, triager, account_of(session, "lead", Right.LEAD)]
    people = {name: person_of(session, coach, now) for name in ("no", "silent", "back", "away")}
    places = {name: open_place(session, contractor, {}, now) for name in people}
    numbers = {
        name: invite(session, coach, person, places[name], now) for name, person in people.items()
    }
    introductions.answer(session, people["no"], numbers["no"], "no", now=now + DAY)
    introductions.withdraw(session, people["back"], numbers["back"], now=now + 2 * DAY)
    away = people["away"].candidate_id
    assert away is not None
    paused = {"paused_until": date(2027, 9, 1)}
    update_candidate(session, coach, away, paused, expected_version=1, now=now + DAY)

    by_day = []
    for days in range(46):
        at = now + days * DAY
        if round_is_made:
            introduction_ends.expire(session, at)
        seen = [everything_seen(session, viewers, place, at) for place in places.values()]
        assert all(one == seen[0] for one in seen), f"day {days}"
        status = {line["status"] for line in seen[0] if isinstance(line, dict)}
        by_day.append(status.pop() if status else None)
    assert by_day == ["waiting"] * 15 + ["not_available"] * 28 + [None] * 3


def test_the_day_turns_at_midnight_here_and_not_at_the_hour_of_the_invitation(
    session: Session, coach: Viewer, contractor: Viewer, invited: int, now: datetime
) -> None:
    last = row_of(session, invited).expires_at
    assert (last.hour, last.minute) == (23, 0), "midnight in Amsterdam, in winter time"
    (line,) = firm_lines(session, contractor, last - timedelta(seconds=1))
    assert (line.status, line.answer_by) == ("waiting", date(2027, 3, 15))
    (line,) = firm_lines(session, contractor, last)
    assert line.status == "not_available"


def test_a_refusal_leaves_no_trace_that_anybody_else_reaches(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    person: Viewer,
    invited: int,
    now: datetime,
) -> None:
    def columns() -> dict[str, Any]:
        row = row_of(session, invited)
        return {column.key: getattr(row, column.key) for column in row.__table__.columns}

    def log() -> int:
        return len(session.scalars(unscoped(select(AuditEntry.id), AuditEntry)).all())

    before, entries, steps = columns(), log(), steps_of(session, invited)
    introductions.answer(session, person, invited, "no", now=now + DAY)
    assert (columns(), log(), steps_of(session, invited)) == (before, entries, steps)
    assert session.scalars(unscoped(select(Message.template), Message)).all() == ["candidate_ready"]
    (own,) = views.for_candidate(session, person, now=now + DAY)
    assert own.status == "said_no"
    others = [coach, contractor, account_of(session, "lead", Right.LEAD, Right.TRIAGER)]
    for viewer in others:
        assert rows.refused_ids(session, viewer) == frozenset()


def test_erasing_somebody_tells_the_contractor_nothing(
    session: Session, coach: Viewer, contractor: Viewer, place: int, now: datetime
) -> None:
    gone, refusing, met = (person_of(session, coach, now) for _ in range(3))
    first, second, third = (
        invite(session, coach, each, place, now) for each in (gone, refusing, met)
    )
    introductions.answer(session, refusing, second, "no", now=now)
    introductions.answer(session, met, third, "yes", ["contact"], now=now)
    for viewer in (gone, refusing, met):
        assert viewer.candidate_id is not None
        introduction_ends.let_go(session, viewer.candidate_id, now=now)
        session.delete(
            session.scalars(
                unscoped(select(Candidate).where(Candidate.id == viewer.candidate_id), Candidate)
            ).one()
        )
        session.commit()

    lines = {line.id: line for line in firm_lines(session, contractor, now)}
    assert [lines[n].status for n in (first, second, third)] == [
        "waiting", "waiting", "not_available",
    ]  # fmt: skip
    assert all(line.person == {} for line in lines.values())
    assert all(row_of(session, n).candidate_id is None for n in (first, second, third))
    lines = {line.id: line for line in firm_lines(session, contractor, now + LATE)}
    assert {line.status for line in lines.values()} == {"not_available"}


def test_four_weeks_after_closing_nothing_is_left(
    session: Session, person: Viewer, invited: int, now: datetime
) -> None:
    introductions.answer(session, person, invited, "no", now=now)
    closed = row_of(session, invited).expires_at
    assert introduction_ends.expire(session, closed + 28 * DAY - timedelta(seconds=1)) == 0
    assert introduction_ends.expire(session, closed + 28 * DAY) == 1
    for model in (Introduction, IntroductionRefusal, IntroductionEvent):
        assert session.scalars(unscoped(select(model.id), model)).all() == []
