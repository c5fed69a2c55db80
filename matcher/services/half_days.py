"""*Ontmoet deze mensen*: who stands on a list is invited to one half-day on site.

Each with a consent of their own, through the introductions. Every line is an invitation, also one
behind which nobody can come any more: the contractor sees as many lines wait as were shown, and
nobody's silence differs from another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem
from matcher.domain.transitions import State, Step, listed, rights_of
from matcher.models import Introduction, Shortlist, ShortlistLine, Vacancy
from matcher.models.request_states import HalfDay, ShortlistState
from matcher.models.states import IntroductionState, VacancyStatus
from matcher.reference.introductions import load_introduction_terms
from matcher.reference.shortlist import load_shortlist_terms
from matcher.repositories import introductions, vacancies
from matcher.repositories import shortlists as rows
from matcher.services.calendar import day_of, start_of
from matcher.services.choices import choice
from matcher.services.introduction_checks import NotPossible, Pair, why_not
from matcher.services.introduction_steps import NOTED
from matcher.services.introductions import tell_candidate
from matcher.services.transactions import unit_of_work

HOSTS = rights_of(Step.ASK_TO_SITE)
_DAY = timedelta(days=1)


def days_between(on: date) -> tuple[date, date]:
    """The first and the last day on which a half-day can be."""
    terms = load_shortlist_terms(on)
    return on + terms.first_day, on + terms.last_day


def invite_all(
    session: Session, viewer: Viewer, vacancy_id: int, meet_on: date, half: str, *, now: datetime
) -> int:
    """Invites the lines of a list to a half-day, at most as many as the places left allow; how
    many.

    Conflict without a list that stands, with a half-day that was set already, or without a place.
    """
    if not viewer.has(*HOSTS):
        raise Forbidden("only the contractor invites people to the site")
    part = choice(HalfDay, "half", half)
    first, last = days_between(day_of(now))
    if not first <= meet_on <= last:
        raise InvalidInput([Problem("meet_on", f"must be a day from {first} to {last}")])
    with unit_of_work(session):
        place = vacancies.get_row(session, viewer, vacancy_id, for_update=True)
        row = rows.find(session, viewer, vacancy_id)
        lines = _lines(session, viewer, place, row, now)
        if row is None or row.met_asked_at is not None:
            raise Conflict("people were invited to a half-day already")
        lines = lines[: _room(session, place, now)]
        if not lines:
            raise NotPossible("too_many_invitations")
        row.meet_on, row.meet_half = meet_on, part
        row.met_asked_at, row.updated_at = now, now
        row.asked_people = len(lines)
        _invite(session, viewer, place, lines, {"meet_on": meet_on, "meet_half": part}, now)
        return len(lines)


def _lines(
    session: Session, viewer: Viewer, place: Vacancy, row: Shortlist | None, now: datetime
) -> list[ShortlistLine]:
    if place.status is not VacancyStatus.OPEN:
        raise NotPossible("vacancy_closed")
    stands = row is not None and row.stands_until is not None and now < row.stands_until
    if row is None or row.state is not ShortlistState.SHOWN or not stands:
        raise Conflict("there is no list of who fits; ask for it first")
    return rows.lines_of(session, viewer, row.id)


def _room(session: Session, place: Vacancy, now: datetime) -> int:
    """How many more invitations the vacancy may have open."""
    left = place.places - introductions.count_introduced(session, place.id)
    if left <= 0:
        raise NotPossible("full")
    limit = load_introduction_terms(day_of(now)).open_invitations_a_place * left
    return max(0, limit - introductions.count_open(session, place.id, now))


def _invite(
    session: Session,
    viewer: Viewer,
    place: Vacancy,
    lines: list[ShortlistLine],
    half_day: Mapping[str, Any],
    now: datetime,
) -> None:
    step, right = listed(State.NEW, Step.ASK_TO_SITE, viewer.rights)
    on = day_of(now)
    last_moment = min(
        start_of(on + load_introduction_terms(on).answer_within + _DAY),
        start_of(half_day["meet_on"]),
    )
    behind = []
    for line in lines:
        person = rows.person(session, line.candidate_id)
        # Looked at before any of these invitations stands: one does not take another's room.
        can_come = why_not(session, step, Pair(person, place, None, now)) is None
        behind.append(person if can_come else None)
    for line, person in zip(lines, behind, strict=True):
        made = Introduction(
            region=place.region,
            candidate_id=None if person is None else person.id,
            vacancy_id=place.id,
            organisation_id=place.organisation_id,
            pseudonym=line.pseudonym,
            state=IntroductionState.INVITED,
            invited_by=viewer.account_id,
            invited_at=now,
            expires_at=last_moment,
            **half_day,
            shares=(),
            shown={},
            created_at=now,
            updated_at=now,
        )
        session.add(made)
        session.flush()
        introductions.add_event(session, made, NOTED[Step.ASK_TO_SITE], right, viewer, now)
        if person is not None:
            tell_candidate(session, person, f"introduction:{made.id}:invited", now)
    session.flush()
