from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.models import AuditEntry, QueueVisit
from matcher.models.states import SeatState
from matcher.repositories.recording import settle
from matcher.repositories.scope import unscoped
from matcher.services import seats
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import (
    close_candidate,
    create_candidate,
    update_candidate,
)
from matcher.services.queue_changes import SHOWN, begin_visit, changes
from tests.services.conftest import account_of
from tests.services.introducing import READY
from tests.services.seating import FIRST, number_of, people, programme

HOUR = timedelta(hours=1)


@pytest.fixture
def triager(session: Session) -> Viewer:
    return account_of(session, "triager", Right.TRIAGER)


def log_of(session: Session) -> list[AuditEntry]:
    return list(session.scalars(unscoped(select(AuditEntry), AuditEntry)))


def kinds(session: Session, viewer: Viewer, since: datetime, now: datetime) -> dict[int, str]:
    return {line.candidate_id: line.why for line in changes(session, viewer, since, now=now).lines}


def test_a_visit_shows_what_changed_since_the_one_before_until_a_pause_ends_it(
    session: Session, triager: Viewer, now: datetime
) -> None:
    assert begin_visit(session, triager, now=now) == now - timedelta(days=7)
    assert begin_visit(session, triager, now=now + HOUR) == now - timedelta(days=7)
    assert begin_visit(session, triager, now=now + 4 * HOUR) == now + HOUR
    assert begin_visit(session, triager, now=now + 5 * HOUR) == now + HOUR


def test_a_visit_is_of_one_account_and_stays_out_of_the_log(
    session: Session, triager: Viewer, now: datetime
) -> None:
    other = account_of(session, "other", Right.LEAD)
    begin_visit(session, triager, now=now)
    begin_visit(session, other, now=now + 9 * HOUR)
    assert begin_visit(session, triager, now=now + HOUR) == now - timedelta(days=7)
    assert QueueVisit.__tablename__ not in {row.kind for row in log_of(session)}


def test_each_thing_that_changed_is_told_once_and_what_was_there_is_not(
    session: Session, coach: Viewer, triager: Viewer, now: datetime, on: date
) -> None:
    since = now + timedelta(minutes=1)
    later = now + HOUR
    shelf = timedelta(weeks=8, days=1)
    old = create_candidate(session, coach, READY, now=now)
    answered = create_candidate(session, coach, READY, now=now)
    assess_candidate(session, coach, answered.id, on=on, now=now)
    update_candidate(session, coach, answered.id, {"rhythm": 2}, expected_version=1, now=later)
    tidied = create_candidate(session, coach, READY, now=now)
    assess_candidate(session, coach, tidied.id, on=on, now=now)
    update_candidate(
        session, coach, tidied.id, {"first_name": "Anders"}, expected_version=1, now=later
    )
    back = create_candidate(session, coach, {**READY, "paused_until": on + HOUR * 24}, now=now)
    stale = {**READY, "observed_on": on - shelf + HOUR * 24}
    aged = create_candidate(session, coach, stale, now=now)
    gone = create_candidate(session, coach, READY, now=later)
    close_candidate(session, coach, gone.id, "moved", expected_version=1, now=later)
    new = create_candidate(session, coach, READY, now=later)
    (offered, *_rest) = people(session, coach, 1, now)
    seat = seats.offer(
        session, coach, number_of(offered), programme(session, now), FIRST, now=later
    )

    found = changes(session, triager, since, now=later + timedelta(days=1))

    assert {line.candidate_id: line.why for line in found.lines} == {
        answered.id: "answers",
        back.id: "returns",
        aged.id: "stale",
        new.id: "new",
        number_of(offered): "seat",
    }
    assert old.id not in {line.candidate_id for line in found.lines}
    assert [line.detail for line in found.of("seat")] == [SeatState.OFFERED]
    seats.answer(session, offered, seat.id, "no", now=later + HOUR)
    assert "seat" not in kinds(session, triager, since, later + timedelta(days=1)).values()


def test_more_than_fit_are_said_to_be_there_and_the_list_is_one_entry_of_the_log(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    for number in range(SHOWN + 1):
        create_candidate(session, coach, {"reference": f"K-{number}"}, now=now)
    found = changes(session, triager, now - HOUR, now=now + HOUR)
    assert len(found.of("new")) == SHOWN
    assert found.more == {"new"}
    assert settle(session, reading=True)
    session.commit()
    entries = [row for row in log_of(session) if row.kind == "talent_centre"]
    assert [(row.query, row.count) for row in entries] == [("view=changes", SHOWN)]


def test_only_the_own_region_and_only_those_who_triage(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    create_candidate(session, coach, READY, now=now)
    elsewhere = account_of(session, "elsewhere", Right.TRIAGER, region="haaglanden")
    assert kinds(session, elsewhere, now - HOUR, now) == {}
    with pytest.raises(Forbidden):
        changes(session, coach, now - HOUR, now=now)
