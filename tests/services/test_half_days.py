from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput
from matcher.models import Introduction, Message, ShortlistLine
from matcher.repositories.scope import unscoped
from matcher.services import half_days, introduction_views, introductions, shortlists
from matcher.services.candidates import close_candidate, update_candidate
from matcher.services.introduction_checks import NotPossible
from tests.services.introducing import firm_lines, invite, open_place, person_of
from tests.services.test_shortlist_service import some

DAY = timedelta(days=1)
MEET = date(2027, 3, 8)


def listed(
    session: Session, contractor: Viewer, now: datetime, **change: Any
) -> tuple[int, list[ShortlistLine]]:
    """A place with its list."""
    place = open_place(session, contractor, change, now)
    shortlists.ask(session, contractor, place, now=now)
    statement = select(ShortlistLine).order_by(ShortlistLine.position)
    return place, list(session.scalars(unscoped(statement, ShortlistLine)))


def invited(session: Session) -> list[Introduction]:
    statement = select(Introduction).order_by(Introduction.id)
    return list(session.scalars(unscoped(statement, Introduction)))


def test_at_most_three_a_place_are_invited_each_with_a_consent_of_their_own(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 12, now, first_name="Een", contact_kind="sms", contact_value="0612345678")
    place, lines = listed(session, contractor, now, places=1)

    assert half_days.invite_all(session, contractor, place, MEET, "morning", now=now) == 3

    made = invited(session)
    assert [row.pseudonym for row in made] == [line.pseudonym for line in lines[:3]]
    assert [row.candidate_id for row in made] == [line.candidate_id for line in lines[:3]]
    messages = session.scalars(unscoped(select(Message), Message)).all()
    assert {row.candidate_id for row in messages} == {line.candidate_id for line in lines[:3]}
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=made[0].candidate_id)
    [one] = introduction_views.for_candidate(session, own, now=now)
    assert (one.meet_on, one.meet_half) == (MEET, "morning")
    assert one.answer_by == MEET - DAY, "an answer after the day itself helps nobody"
    assert one.choices is not None
    introductions.answer(session, own, one.id, "yes", now=now)
    seen = firm_lines(session, contractor, now)
    assert sorted(line.status for line in seen) == ["to_meet", "waiting", "waiting"]
    assert {(line.meet_on, line.meet_half) for line in seen} == {(MEET, "morning")}


def test_who_cannot_come_any_more_is_a_line_that_waits_like_any_other(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 12, now)
    place, lines = listed(session, contractor, now)
    gone = [line.candidate_id or 0 for line in lines]
    update_candidate(
        session, coach, gone[0], {"paused_until": now.date() + 40 * DAY}, expected_version=1,
        now=now,
    )  # fmt: skip
    close_candidate(session, coach, gone[1], "moved", expected_version=1, now=now)

    assert half_days.invite_all(session, contractor, place, MEET, "afternoon", now=now) == 9

    made = invited(session)
    assert [row.candidate_id for row in made][:2] == [None, None]
    assert None not in [row.candidate_id for row in made][2:]
    own = Viewer(None, frozenset({Right.CANDIDATE}), "demo", candidate_id=gone[2])
    introductions.answer(session, own, made[2].id, "no", now=now)

    def shown(at: datetime) -> set[Any]:
        return {
            (line.status, line.invited_on, line.answer_by, line.meet_on, line.ended)
            for line in firm_lines(session, contractor, at)
        }

    for days in range(9):
        assert len(shown(now + days * DAY)) == 1, "gone, refused and silent look alike"


def test_a_half_day_is_set_once_on_a_list_that_stands_on_a_day_that_leaves_time(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 12, now)
    bare = open_place(session, contractor, {"places": 1}, now)
    with pytest.raises(Conflict, match="no list"):
        half_days.invite_all(session, contractor, bare, MEET, "morning", now=now)
    place, _lines = listed(session, contractor, now)

    for day in (now.date() + 2 * DAY, now.date() + 43 * DAY):
        with pytest.raises(InvalidInput):
            half_days.invite_all(session, contractor, place, day, "morning", now=now)
    with pytest.raises(InvalidInput):
        half_days.invite_all(session, contractor, place, MEET, "evening", now=now)
    with pytest.raises(Forbidden):
        half_days.invite_all(session, coach, place, MEET, "morning", now=now)
    with pytest.raises(Conflict, match="no list"):
        half_days.invite_all(
            session, contractor, place, MEET + 14 * DAY, "morning", now=now + 14 * DAY
        )
    half_days.invite_all(session, contractor, place, MEET, "morning", now=now)
    with pytest.raises(Conflict, match="already"):
        half_days.invite_all(session, contractor, place, MEET, "morning", now=now)
    found = shortlists.peek(session, contractor, place, now=now)
    assert found is not None
    assert (found.meet_on, found.meet_half, found.asked_people) == (MEET, "morning", 9)


def test_invitations_that_are_open_take_their_room(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    some(session, coach, 12, now)
    place = open_place(session, contractor, {"places": 1}, now)
    for _ in range(2):
        invite(session, coach, person_of(session, coach, now), place, now)
    shortlists.ask(session, contractor, place, now=now)

    assert half_days.invite_all(session, contractor, place, MEET, "morning", now=now) == 1

    other = open_place(session, contractor, {"places": 1, "reference": "V-VOL", "stand": 1,
        "walk": 1, "bend": 1, "pace": 1, "group": 1, "alone": 1}, now)  # fmt: skip
    shortlists.ask(session, contractor, other, now=now)
    for _ in range(3):
        invite(session, coach, person_of(session, coach, now), other, now)
    with pytest.raises(NotPossible):
        half_days.invite_all(session, contractor, other, MEET, "morning", now=now)
