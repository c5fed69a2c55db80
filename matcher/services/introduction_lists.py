"""Introductions as staff, contractors and programs read them.

All of it is made of the introduction alone; that somebody said no stands elsewhere and is not
looked at here. Lists are one entry in the log; opening one person after a yes is a read of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Introduction, Vacancy
from matcher.models.request_states import HalfDay
from matcher.models.states import IntroductionState
from matcher.repositories import candidates, recording
from matcher.repositories import introductions as rows
from matcher.repositories.introductions import NOT_AVAILABLE
from matcher.repositories.records import Page, Record
from matcher.repositories.scope import numbered
from matcher.services.calendar import day_of
from matcher.services.introduction_ends import kept_since
from matcher.services.introduction_views import Status, last_day, person_shown, status_of
from matcher.services.introductions import INVITERS

YES_IS_NEWS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class IntroductionLine(Record):
    """One introduction for contractor and staff.

    `answer_by` is the last day for an answer; `meet_on` and `meet_half` are of a half-day on site.
    `ended` is a code of ``introduction_endings`` once it ended. `person` is what the contractor may
    see of the candidate, empty before a yes and after the end; in a list it is the first name
    alone. For staff alone: `candidate_id`, `reference` and `first_name` of whom they reach, and
    `wants_talk`: the candidate asked to talk first, which says nothing about the answer.
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
    meet_on: date | None
    meet_half: HalfDay | None
    person: Mapping[str, Any]
    candidate_id: int | None = None
    reference: str | None = None
    first_name: str | None = None
    wants_talk: bool = False


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
    person = {name: value for name, value in person_shown(row).items() if name == "first_name"}
    return IntroductionLine(**_common(row, vacancy, status_of(row, now)), person=person)


def _opened(
    session: Session, viewer: Viewer, row: Introduction, vacancy: Vacancy, now: datetime
) -> IntroductionLine:
    """With all that the candidate agreed to; opening it is a read of that person."""
    person = person_shown(row)
    candidate = rows.candidate_of(session, row) if person else None
    if candidate is not None:
        recording.note_read(session, viewer, candidate)
    return IntroductionLine(**_common(row, vacancy, status_of(row, now)), person=person)


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
        "answer_by": last_day(row),
        "meet_on": row.meet_on,
        "meet_half": row.meet_half,
        # Not yet written down by the daily round, and already so.
        "ended": (row.closed_code or NOT_AVAILABLE) if over else None,
    }


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
