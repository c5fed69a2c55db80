"""What each side may read of introductions.

Contractor and staff read the same words for a no, no answer and somebody who is not available any
more: *waiting* until the invitation expires, *not available* from then on. What they are shown is
made of the introduction alone; that somebody said no stands elsewhere and is not looked at here,
except for the candidate who said it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Introduction, Vacancy
from matcher.models.states import ConsentAnswer, IntroductionState, VacancyStatus
from matcher.repositories import candidates, recording, vacancies
from matcher.repositories import introductions as rows
from matcher.repositories.introductions import NOT_AVAILABLE
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered
from matcher.services.calendar import day_of
from matcher.services.introduction_preview import Choices, choices_of, pair_of, shown_of
from matcher.services.introductions import INVITERS, kept_since
from matcher.services.visibility import Kind, Stage, show

_DAY = timedelta(days=1)
YES_IS_NEWS_FOR = timedelta(days=7)
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
class IntroductionLine(Record):
    """One introduction for contractor and staff.

    `answer_by` is the last day for an answer. `ended` is a code of ``introduction_endings`` once it
    ended. `person` is what the contractor may see of the candidate, empty before a yes and after
    the end; in a list it is the first name alone. For staff alone: `candidate_id`, `reference` and
    `first_name` of whom they reach, and `wants_talk`: the candidate asked to talk first, which
    says nothing about the answer.
    """

    id: int
    vacancy_id: int
    vacancy: str
    title: str | None
    sector: str
    contractor: str
    pseudonym: str
    status: Status
    invited_on: date
    answer_by: date
    ended: str | None
    person: Mapping[str, Any]
    candidate_id: int | None = None
    reference: str | None = None
    first_name: str | None = None
    wants_talk: bool = False


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
    asked_coach: bool
    can_answer: bool
    can_withdraw: bool
    ended: str | None
    shares: tuple[str, ...]
    shown: Mapping[str, Any]
    choices: Choices | None


@dataclass(frozen=True, slots=True)
class VacancyOverview:
    """The introductions of one vacancy in reach; `places_left` counts what nobody has yet."""

    vacancy_id: int
    vacancy: str
    title: str | None
    sector: str
    contractor: str
    places: int
    places_left: int
    lines: tuple[IntroductionLine, ...]


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
        answer_by=_last_day(row),
        asked_coach=row.asked_coach_at is not None,
        can_answer=choices is not None,
        can_withdraw=status in (OwnStatus.TO_ANSWER, OwnStatus.SAID_YES, OwnStatus.MET),
        ended=row.closed_code if status is OwnStatus.ENDED else None,
        shares=row.shares,
        shown=_person(row),
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


# --- staff --------------------------------------------------------------------------------------


def for_staff(
    session: Session, viewer: Viewer, candidate_id: int, *, now: datetime
) -> list[IntroductionLine]:
    """The introductions of one candidate in reach, newest first."""
    _check_staff(viewer)
    candidates.get_row(session, viewer, candidate_id)
    statement = rows.narrowed(viewer, kept_since=kept_since(now), candidate_id=candidate_id)
    return _staff_lines(session, viewer, rows.list_rows(session, statement), now)


def for_region(
    session: Session, viewer: Viewer, *, now: datetime, vacancy_id: int | None = None
) -> list[VacancyOverview]:
    """What runs in the viewer's reach by vacancy, the vacancy with the newest invitation first."""
    _check_staff(viewer)
    statement = rows.narrowed(viewer, kept_since=kept_since(now), vacancy_id=vacancy_id)
    found = rows.list_rows(session, statement)
    query = {"vacancy": vacancy_id}
    recording.note_list(session, viewer, "introduction", query=query, count=len(found))
    return _by_vacancy(session, found, _staff_lines(session, viewer, found, now))


def for_today(session: Session, viewer: Viewer, *, now: datetime) -> list[IntroductionLine]:
    """What came in for a coach: who wants to talk first, and who said yes this past week."""
    _check_staff(viewer)
    asked = and_(
        Introduction.state == IntroductionState.INVITED,
        Introduction.asked_coach_at.is_not(None),
        Introduction.talked_at.is_(None),
    )
    said_yes = Introduction.answered_at > now - YES_IS_NEWS_FOR
    statement = rows.narrowed(viewer, kept_since=kept_since(now)).where(or_(asked, said_yes))
    lines = _staff_lines(session, viewer, rows.list_rows(session, statement), now)
    return [line for line in lines if line.wants_talk or line.status is Status.TO_MEET]


def _check_staff(viewer: Viewer) -> None:
    if not viewer.has(*INVITERS):
        raise Forbidden("only staff who work with candidates see this")


def _staff_lines(
    session: Session,
    viewer: Viewer,
    found: Sequence[tuple[Introduction, Vacancy]],
    now: datetime,
) -> list[IntroductionLine]:
    ids = [row.candidate_id for row, _vacancy in found if row.candidate_id is not None]
    names = rows.names_of(session, viewer, ids)
    lines = []
    for row, vacancy in found:
        status = status_of(row, now)
        reference, first_name = names.get(row.candidate_id or 0, (None, None))
        asked = row.asked_coach_at is not None and row.talked_at is None
        lines.append(
            IntroductionLine(
                **_common(row, vacancy, status),
                person={},
                candidate_id=row.candidate_id,
                reference=reference,
                first_name=first_name,
                wants_talk=asked and status is Status.WAITING,
            )
        )
    return lines


# --- the contractor -----------------------------------------------------------------------------


def for_contractor(
    session: Session, viewer: Viewer, *, now: datetime, vacancy_id: int | None = None
) -> list[VacancyOverview]:
    """The introductions of the contractor's own vacancies; persons only after their yes."""
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only a contractor has this view")
    statement = rows.narrowed(viewer, kept_since=kept_since(now), vacancy_id=vacancy_id)
    found = rows.list_rows(session, statement)
    query = {"vacancy": vacancy_id}
    recording.note_list(session, viewer, "introduction", query=query, count=len(found))
    return _by_vacancy(session, found, [_firm_line(row, vacancy, now) for row, vacancy in found])


def _firm_line(row: Introduction, vacancy: Vacancy, now: datetime) -> IntroductionLine:
    """As it stands in a list: a first name after a yes, and no more until it is opened."""
    person = {name: value for name, value in _person(row).items() if name == "first_name"}
    return IntroductionLine(**_common(row, vacancy, status_of(row, now)), person=person)


def _opened(
    session: Session, viewer: Viewer, row: Introduction, vacancy: Vacancy, now: datetime
) -> IntroductionLine:
    """With all that the candidate agreed to; opening it is a read of that person."""
    person = _person(row)
    candidate = rows.candidate_of(session, row) if person else None
    if candidate is not None:
        recording.note_read(session, viewer, candidate)
    return IntroductionLine(**_common(row, vacancy, status_of(row, now)), person=person)


def _person(row: Introduction) -> dict[str, Any]:
    """What was agreed to be shown, as far as the table still allows it."""
    if row.state not in (IntroductionState.ACCEPTED, IntroductionState.INTRODUCED):
        return {}
    return show(Kind.CANDIDATE, row.shown, [Right.CONTRACTOR], Stage.AFTER_CONSENT)


# --- for programs -------------------------------------------------------------------------------


def list_introductions(
    session: Session,
    viewer: Viewer,
    *,
    now: datetime,
    candidate_id: int | None = None,
    vacancy_id: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[IntroductionLine]:
    """Introductions in reach of staff or a contractor, in the order of inviting.

    A contractor who asks for one candidate finds nothing: who is behind a pseudonym, and that two
    of them are the same person, is nobody's to try out.
    """
    if candidate_id is not None and not viewer.has(*INVITERS):
        return Page(())
    statement = rows.narrowed(
        viewer, kept_since=kept_since(now), candidate_id=candidate_id, vacancy_id=vacancy_id
    )
    page = rows.page(session, statement, cursor=cursor, limit=limit)
    return Page(tuple(_lines(session, viewer, page.items, now)), page.next_cursor)


def get_introduction(
    session: Session, viewer: Viewer, introduction_id: int, *, now: datetime
) -> IntroductionLine:
    """One introduction in reach of staff or a contractor; NotFound for any other."""
    statement = rows.narrowed(viewer, kept_since=kept_since(now))
    statement = statement.where(numbered(Introduction, introduction_id))
    found = rows.list_rows(session, statement)
    if not found:
        raise NotFound("introduction")
    if viewer.has(*INVITERS):
        return _lines(session, viewer, found, now)[0]
    _check_firm(viewer)
    return _opened(session, viewer, *found[0], now)


def get_status(session: Session, viewer: Viewer, introduction_id: int, *, now: datetime) -> Status:
    """How far an introduction in reach is, without opening it; NotFound for any other."""
    return status_of(rows.get_row(session, viewer, introduction_id), now)


def _lines(
    session: Session,
    viewer: Viewer,
    found: Sequence[tuple[Introduction, Vacancy]],
    now: datetime,
) -> list[IntroductionLine]:
    recording.note_list(session, viewer, "introduction", count=len(found))
    if viewer.has(*INVITERS):
        return _staff_lines(session, viewer, found, now)
    _check_firm(viewer)
    return [_firm_line(row, vacancy, now) for row, vacancy in found]


def _check_firm(viewer: Viewer) -> None:
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only staff and contractors see introductions here")


# --- shared -------------------------------------------------------------------------------------


def _common(row: Introduction, vacancy: Vacancy, status: Status) -> dict[str, Any]:
    over = status in (Status.ENDED, Status.NOT_AVAILABLE)
    return {
        "id": row.id,
        "vacancy_id": vacancy.id,
        "vacancy": vacancy.reference,
        "title": vacancy.title,
        "sector": vacancy.sector,
        "contractor": vacancy.contractor,
        "pseudonym": row.pseudonym,
        "status": status,
        "invited_on": day_of(row.invited_at),
        "answer_by": _last_day(row),
        # Not yet written down by the daily round, and already so.
        "ended": (row.closed_code or NOT_AVAILABLE) if over else None,
    }


def _last_day(row: Introduction) -> date:
    return day_of(row.expires_at) - _DAY


def _by_vacancy(
    session: Session,
    found: Sequence[tuple[Introduction, Vacancy]],
    lines: Sequence[IntroductionLine],
) -> list[VacancyOverview]:
    grouped: dict[int, list[IntroductionLine]] = {}
    known: dict[int, Vacancy] = {}
    for (_row, vacancy), line in zip(found, lines, strict=True):
        grouped.setdefault(vacancy.id, []).append(line)
        known[vacancy.id] = vacancy
    return [
        VacancyOverview(
            vacancy_id=vacancy.id,
            vacancy=vacancy.reference,
            title=vacancy.title,
            sector=vacancy.sector,
            contractor=vacancy.contractor,
            places=vacancy.places,
            places_left=vacancy.places - rows.count_introduced(session, vacancy.id),
            lines=tuple(grouped[vacancy.id]),
        )
        for vacancy in known.values()
    ]
