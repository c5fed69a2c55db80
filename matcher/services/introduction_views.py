"""How far an introduction is, and what the candidate it is about reads of it.

Contractor and staff read the same words for a no, no answer and somebody who is not available any
more: *waiting* until the invitation expires, *not available* from then on (`Status`). That somebody
said no stands elsewhere and is looked at here for the candidate who said it, and for nobody else.
What staff, contractors and programs read: ``matcher.services.introduction_lists``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Introduction, Vacancy
from matcher.models.request_states import HalfDay
from matcher.models.states import ConsentAnswer, IntroductionState, VacancyStatus
from matcher.repositories import candidates, vacancies
from matcher.repositories import introductions as rows
from matcher.repositories.introductions import NOT_AVAILABLE
from matcher.services.calendar import day_of
from matcher.services.introduction_ends import kept_since
from matcher.services.introduction_preview import Choices, choices_of, pair_of, shown_of
from matcher.services.visibility import Kind, Stage, show

_DAY = timedelta(days=1)
TRIED = "PREVIEW"
"""Stands for the pseudonym in the preview of an introduction that does not exist yet."""


class Status(StrEnum):
    """How far it is, for everybody but the candidate."""

    WAITING = "waiting"
    TO_MEET = "to_meet"
    MET = "met"
    ENDED = "ended"
    """By the contractor, with a code."""
    NOT_AVAILABLE = "not_available"


class OwnStatus(StrEnum):
    """How far it is, for the candidate."""

    TO_ANSWER = "to_answer"
    SAID_NO = "said_no"
    SAID_YES = "said_yes"
    MET = "met"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class OwnIntroduction:
    """One introduction for the candidate it is about.

    `vacancy` holds the fields of the place that a candidate may see. `asked_coach` stays true
    after it was asked. `choices` is what can be ticked, None when there is nothing to answer any
    more; `shown` is what the employer sees now, empty before a yes and after the end. `can_answer`
    is False when the place went meanwhile, too.
    """

    id: int
    vacancy_id: int
    vacancy: Mapping[str, Any]
    status: OwnStatus
    invited_on: date
    answer_by: date
    meet_on: date | None
    meet_half: HalfDay | None
    asked_coach: bool
    can_answer: bool
    can_withdraw: bool
    ended: str | None
    shares: tuple[str, ...]
    shown: Mapping[str, Any]
    choices: Choices | None


def status_of(row: Introduction, now: datetime) -> Status:
    """How far it is at a moment, whether or not the daily round was made."""
    if row.state is IntroductionState.INVITED:
        return Status.WAITING if now < row.expires_at else Status.NOT_AVAILABLE
    if row.state is IntroductionState.ACCEPTED:
        return Status.TO_MEET
    if row.state is IntroductionState.INTRODUCED:
        return Status.MET
    return Status.NOT_AVAILABLE if row.closed_code == NOT_AVAILABLE else Status.ENDED


# --- the candidate ------------------------------------------------------------------------------


def for_candidate(session: Session, viewer: Viewer, *, now: datetime) -> list[OwnIntroduction]:
    """The candidate's own introductions, newest first."""
    if not viewer.has(Right.CANDIDATE) or viewer.candidate_id is None:
        raise Forbidden("only a candidate has an own view")
    statement = rows.narrowed(viewer, kept_since=kept_since(now), candidate_id=viewer.candidate_id)
    refused = rows.refused_ids(session, viewer)
    return [
        _own(session, row, vacancy, refused, now)
        for row, vacancy in rows.list_rows(session, statement)
    ]


def own_introduction(
    session: Session, viewer: Viewer, introduction_id: int, *, now: datetime
) -> OwnIntroduction:
    """One introduction of the candidate; NotFound for any other."""
    found = [one for one in for_candidate(session, viewer, now=now) if one.id == introduction_id]
    if not found:
        raise NotFound("introduction")
    return found[0]


def _own(
    session: Session,
    row: Introduction,
    vacancy: Vacancy,
    refused: frozenset[int],
    now: datetime,
) -> OwnIntroduction:
    status = _own_status(row, refused, now)
    is_open = status is OwnStatus.TO_ANSWER and vacancy.status is VacancyStatus.OPEN
    candidate = rows.candidate_of(session, row) if is_open else None
    choices = None
    if candidate is not None:
        choices = choices_of(candidate, pair_of(session, candidate, vacancy, on=day_of(now)))
    place = vacancies.to_record(vacancy).as_mapping()
    return OwnIntroduction(
        id=row.id,
        vacancy_id=row.vacancy_id,
        vacancy=show(Kind.VACANCY, place, [Right.CANDIDATE]),
        status=status,
        invited_on=day_of(row.invited_at),
        answer_by=last_day(row),
        meet_on=row.meet_on,
        meet_half=row.meet_half,
        asked_coach=row.asked_coach_at is not None,
        can_answer=choices is not None,
        can_withdraw=status in (OwnStatus.TO_ANSWER, OwnStatus.SAID_YES, OwnStatus.MET),
        ended=row.closed_code if status is OwnStatus.ENDED else None,
        shares=row.shares,
        shown=person_shown(row),
        choices=choices,
    )


def _own_status(row: Introduction, refused: frozenset[int], now: datetime) -> OwnStatus:
    if row.id in refused:
        return OwnStatus.SAID_NO
    if row.answer is ConsentAnswer.WITHDRAWN:
        return OwnStatus.WITHDRAWN
    return {
        Status.WAITING: OwnStatus.TO_ANSWER,
        Status.TO_MEET: OwnStatus.SAID_YES,
        Status.MET: OwnStatus.MET,
        Status.ENDED: OwnStatus.ENDED,
        Status.NOT_AVAILABLE: OwnStatus.EXPIRED,
    }[status_of(row, now)]


def preview(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    shares: Sequence[str] = (),
    *,
    now: datetime,
) -> dict[str, Any]:
    """What the employer would see after a yes now with these ticks: for the candidate alone.

    The same that a yes keeps. NotFound when there is nothing to answer any more.
    """
    own = own_introduction(session, viewer, introduction_id, now=now)
    row = rows.get_row(session, viewer, own.id)
    candidate = rows.candidate_of(session, row)
    if not own.can_answer or candidate is None:
        raise NotFound("introduction")
    vacancy = rows.vacancy_of(session, row)
    on = day_of(now)
    pair = pair_of(session, candidate, vacancy, on=on)
    return shown_of(candidate, vacancy, pair, shares, pseudonym=row.pseudonym, on=on)


def preview_pair(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    vacancy_id: int,
    shares: Sequence[str] = (),
    *,
    now: datetime,
) -> dict[str, Any]:
    """What the employer would see of somebody who was not invited yet, to talk it over.

    For a coach or team lead, who see all of it anyway.
    """
    if not viewer.has(Right.COACH, Right.LEAD):
        raise Forbidden("only a coach or a team lead sees this beforehand")
    candidate = candidates.get_row(session, viewer, candidate_id)
    vacancy = vacancies.get_row(session, viewer, vacancy_id)
    on = day_of(now)
    pair = pair_of(session, candidate, vacancy, on=on)
    return shown_of(candidate, vacancy, pair, shares, pseudonym=TRIED, on=on)


# --- shared with the lists of others


def person_shown(row: Introduction) -> dict[str, Any]:
    """What was agreed to be shown, as far as the table still allows it."""
    if row.state not in (IntroductionState.ACCEPTED, IntroductionState.INTRODUCED):
        return {}
    return show(Kind.CANDIDATE, row.shown, [Right.CONTRACTOR], Stage.AFTER_CONSENT)


def last_day(row: Introduction) -> date:
    """The last day on which an answer can come."""
    return day_of(row.expires_at) - _DAY
