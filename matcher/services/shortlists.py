"""The anonymous list of who fits a place: asked for once, drawn once, and then it stands.

What a place asks stands from the moment its list is asked for. A copy waits a day, is drawn from
more people and has other pseudonyms. Between two drawings the list is what was stored: somebody who
leaves is still a line, and nothing is computed when it is read again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import Conflict, Forbidden
from matcher.domain.shortlists import (
    Known,
    Label,
    drawn,
    is_like,
    label_everybody,
    lines_for,
    pseudonym,
)
from matcher.models import Shortlist, ShortlistLine, Vacancy
from matcher.models.request_states import HalfDay, ShortlistState
from matcher.models.states import VacancyStatus
from matcher.reference.introductions import load_introduction_terms
from matcher.reference.shortlist import ShortlistTerms, load_shortlist_terms
from matcher.repositories import recording, vacancies
from matcher.repositories import shortlists as rows
from matcher.repositories.records import Record, VacancyRecord
from matcher.services.calendar import day_of
from matcher.services.candidates import new_reference
from matcher.services.fits import INTRODUCED, ready_people, who_fits
from matcher.services.place_calls import call_due_at
from matcher.services.shortlist_freeze import demands_hash
from matcher.services.transactions import unit_of_work
from matcher.services.vacancies import create_vacancy
from matcher.services.visibility import Kind, show

READERS = (Right.CONTRACTOR, Right.SERVICE_POINT, Right.TRIAGER, Right.LEAD)
_SEED_BYTES = 16


@dataclass(frozen=True, slots=True)
class ListLine(Record):
    """One line: all that is told of a person before that person says yes.

    `start_period` is a month, a quarter or a half-year; it and `hours_band` are None where they
    would tell too much. `meets_needs` and `credentials_asked` are the same for everybody.
    """

    pseudonym: str
    hours_band: tuple[int, int] | None
    start_period: str | None
    meets_needs: bool
    credentials_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortlistRecord(Record):
    """A list as it stands. `opens_at` is for a copy that waits, `call_by` where too few people fit;
    `meet_on` and `meet_half` once a half-day was set, to which `asked_people` were invited.
    """

    version: int
    vacancy_id: int
    state: ShortlistState
    is_copy: bool
    opens_at: datetime | None
    drawn_on: date | None
    stands_until: datetime | None
    call_by: datetime | None
    meet_on: date | None
    meet_half: HalfDay | None
    asked_people: int | None
    lines: tuple[ListLine, ...]


def peek(
    session: Session, viewer: Viewer, vacancy_id: int, *, now: datetime
) -> ShortlistRecord | None:
    """The list as it stands, without asking for one; None where none was asked for or stands."""
    place = _place(session, viewer, vacancy_id, lock=False)
    row = rows.find(session, viewer, vacancy_id)
    if row is None or row.asked_at is None or _is_due(row, now):
        return None
    return _record(session, viewer, row, place)


def ask(session: Session, viewer: Viewer, vacancy_id: int, *, now: datetime) -> ShortlistRecord:
    """The list of an open vacancy in reach, drawn now when it is time for it.

    From the first asking on what the vacancy asks stands. Conflict while it is not open.
    """
    with unit_of_work(session):
        # Under the lock of the place: two who ask at once get one list.
        place = _place(session, viewer, vacancy_id, lock=True)
        if place.status is not VacancyStatus.OPEN:
            raise Conflict("only an open vacancy has a list of who fits; open it first")
        terms = load_shortlist_terms(day_of(now))
        row = rows.find(session, viewer, vacancy_id)
        if row is None or row.asked_at is None:
            row = _asked(session, place, row, terms, now)
        if _is_due(row, now):
            _draw(session, place, row, terms, now)
        return _record(session, viewer, row, place)


def own_lines(session: Session, viewer: Viewer) -> list[dict[str, Any]]:
    """The lists on which a candidate stands, and what they show of them, for the own copy."""
    return [
        {
            "place": show(Kind.VACANCY, vacancies.to_record(place).as_mapping(), viewer.rights),
            "drawn_on": None if row.drawn_at is None else day_of(row.drawn_at),
            "shown": show(
                Kind.SHORTLIST_LINE,
                _shown(line, tuple(sorted(place.credentials | place.licences))).as_mapping(),
                viewer.rights,
            ),
        }
        for line, row, place in rows.lines_about(session, viewer)
    ]


def _place(session: Session, viewer: Viewer, vacancy_id: int, *, lock: bool) -> Vacancy:
    if not viewer.has(*READERS):
        raise Forbidden("only the contractor and who calls contractors see this list")
    return vacancies.get_row(session, viewer, vacancy_id, for_update=lock)


def _is_due(row: Shortlist, now: datetime) -> bool:
    """Whether it is time to draw: for a copy after its wait, for a list that stood its time."""
    if row.state is ShortlistState.WAITING:
        return row.opens_at is None or row.opens_at <= now
    return row.stands_until is None or row.stands_until <= now


def _asked(
    session: Session, place: Vacancy, row: Shortlist | None, terms: ShortlistTerms, now: datetime
) -> Shortlist:
    """Notes the first asking: from now on the demands stand, and a copy begins to wait."""
    if row is None:
        row = _new(place, now)
        row.copy_of_id = _like(session, place, terms, now)
        session.add(row)
    row.asked_at, row.updated_at = now, now
    row.demands_hash = demands_hash(vacancies.to_profile(place))
    row.state = ShortlistState.WAITING
    row.opens_at = now + terms.copy_waits if row.copy_of_id is not None else now
    session.flush()
    return row


def _new(place: Vacancy, now: datetime) -> Shortlist:
    return Shortlist(
        region=place.region,
        organisation_id=place.organisation_id,
        vacancy_id=place.id,
        state=ShortlistState.COPIED,
        created_at=now,
        updated_at=now,
    )


def _like(session: Session, place: Vacancy, terms: ShortlistTerms, now: datetime) -> int | None:
    """The place of this firm that this one is a copy of, even if it was typed anew."""
    own = vacancies.to_profile(place)
    earlier = rows.asked_since(
        session, place.organisation_id, now - terms.like_within, besides=place.id
    )
    return next((number for number, other in earlier if is_like(own, other, terms.lists)), None)


def _draw(
    session: Session, place: Vacancy, row: Shortlist, terms: ShortlistTerms, now: datetime
) -> None:
    on = day_of(now)
    people = ready_people(session, place.region, on)
    labels = label_everybody([_known(person, on) for _number, person in people], terms.lists)
    off = rows.kept_off(session, place.region, place.id, INTRODUCED)
    fitting = who_fits(session, place.region, vacancies.to_profile(place), on)
    numbers = [number for number, _person in fitting if number not in off]
    size = lines_for(len(numbers), terms.lists, is_copy=row.copy_of_id is not None)
    row.seed = new_seed()
    row.drawn_at, row.stands_until, row.updated_at = now, now + terms.stands, now
    row.meet_on = row.meet_half = row.met_asked_at = row.asked_people = None
    if labels is None or size == 0:
        row.state, row.call_by = ShortlistState.TOO_FEW, call_due_at(now)
        rows.forget_lines(session, row)
        session.flush()
        return
    row.state, row.call_by = ShortlistState.SHOWN, None
    session.flush()
    label_of = {number: label for (number, _one), label in zip(people, labels, strict=True)}
    chosen = drawn(numbers, row.seed, size)
    rows.replace_lines(
        session,
        row,
        [_line(row, at, number, label_of[number]) for at, number in enumerate(chosen, start=1)],
    )


def new_seed() -> str:
    """What chooses the people of a drawing, their order and their pseudonyms."""
    return secrets.token_hex(_SEED_BYTES)


def _known(person: CandidateProfile, on: date) -> Known:
    starts_on = on if person.start_from is None else max(on, person.start_from)
    return Known(load_introduction_terms(on).hours_band(person.hours_max), starts_on)


def _line(row: Shortlist, position: int, number: int, label: Label) -> ShortlistLine:
    low, high = label.hours or (None, None)
    return ShortlistLine(
        region=row.region,
        organisation_id=row.organisation_id,
        shortlist_id=row.id,
        candidate_id=number,
        position=position,
        pseudonym=pseudonym(f"{row.seed}:{row.vacancy_id}", position),
        hours_from=low,
        hours_to=high,
        start=label.start,
    )


def _record(session: Session, viewer: Viewer, row: Shortlist, place: Vacancy) -> ShortlistRecord:
    found = rows.lines_of(session, viewer, row.id)
    papers = tuple(sorted(place.credentials | place.licences))
    query: Mapping[str, Any] = {"vacancy": place.id}
    recording.note_list(session, viewer, Shortlist.__tablename__, query=query, count=len(found))
    return ShortlistRecord(
        version=row.version,
        vacancy_id=row.vacancy_id,
        state=row.state,
        is_copy=row.copy_of_id is not None,
        opens_at=row.opens_at if row.state is ShortlistState.WAITING else None,
        drawn_on=None if row.drawn_at is None else day_of(row.drawn_at),
        stands_until=row.stands_until,
        call_by=row.call_by,
        meet_on=row.meet_on,
        meet_half=row.meet_half,
        asked_people=row.asked_people,
        lines=tuple(_shown(line, papers) for line in found),
    )


def _shown(line: ShortlistLine, papers: tuple[str, ...]) -> ListLine:
    known = line.hours_from is not None and line.hours_to is not None
    return ListLine(
        pseudonym=line.pseudonym,
        hours_band=(line.hours_from or 0, line.hours_to or 0) if known else None,
        start_period=line.start,
        meets_needs=True,
        credentials_asked=papers,
    )


def copy_place(
    session: Session, viewer: Viewer, vacancy_id: int, *, now: datetime
) -> VacancyRecord:
    """A draft that asks the same, to change and open: its list waits, whatever is changed."""
    with unit_of_work(session):
        place = _place(session, viewer, vacancy_id, lock=False)
        profile = vacancies.to_profile(place)
        values = {
            name: getattr(profile, name)
            for name in vacancies.PROFILE_FIELDS
            if name not in ("reference", "region")
        }
        made = create_vacancy(session, viewer, {**values, "reference": new_reference("V")}, now=now)
        copied = vacancies.get_row(session, viewer, made.id)
        row = _new(copied, now)
        row.copy_of_id = place.id
        session.add(row)
        session.flush()
        return made
