"""Lists for pages: who is in a group, who waits, who stands by; each read of people is logged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden
from matcher.repositories import introductions as names
from matcher.repositories import seats as rows
from matcher.repositories.recording import note_list
from matcher.repositories.seats import CohortRecord, SeatRecord
from matcher.services.seat_releases import BOOKERS

Named = tuple[SeatRecord, str]
InLine = tuple[int, SeatRecord, str]
COMING = rows.COMING


def waiting_counts(session: Session, viewer: Viewer) -> dict[int, int]:
    """How many wait for each programme of the viewer's region."""
    return {} if viewer.region is None else rows.waiting_counts(session, viewer.region)


def standby_counts(session: Session, viewer: Viewer) -> dict[int, int]:
    """How many stand by for each group of the viewer's region."""
    return {} if viewer.region is None else rows.standby_counts(session, viewer.region)


def running_groups(
    session: Session, viewer: Viewer, programme_id: int, *, on: date
) -> list[CohortRecord]:
    """The groups of a programme that began before `on` and have not ended."""
    found = rows.list_cohorts(session, viewer, ends_from=on, programme_id=programme_id)
    return [group for group in found if group.starts_on < on]


def members(session: Session, viewer: Viewer, cohort_id: int) -> list[Named]:
    """Who of the viewer's people has a seat in a group, with the name they are called by."""
    _check(viewer)
    held = (*rows.HELD,)
    found = _named(session, viewer, rows.of_cohort(session, viewer, cohort_id, held))
    query = {"cohort": cohort_id}
    note_list(session, viewer, "seat", query=query, count=len(found))
    return found


def line_with_names(
    session: Session,
    viewer: Viewer,
    programme_id: int,
    *,
    on: date,
    standby_for: int | None = None,
) -> list[InLine]:
    """Who of the viewer's people waits for a programme: place in the whole line, seat and name."""
    _check(viewer)
    found = rows.waiting_for(session, viewer, programme_id, on=on, standby_for=standby_for)
    places = {who: number for number, who in enumerate(rows.line_of(session, programme_id, on=on))}
    named = _named(session, viewer, found)
    query = {"programme": programme_id, "cohort": standby_for}
    note_list(session, viewer, "seat", query=query, count=len(named))
    return [(places[seat.candidate_id] + 1, seat, name) for seat, name in named]


def _named(session: Session, viewer: Viewer, found: Iterable[SeatRecord]) -> list[Named]:
    found = list(found)
    known = names.names_of(session, viewer, [seat.candidate_id for seat in found])
    return [
        (seat, first_name or reference)
        for seat in found
        for reference, first_name in (known[seat.candidate_id],)
    ]


def _check(viewer: Viewer) -> None:
    if not viewer.has(*BOOKERS):
        raise Forbidden("none of your rights sees who has a seat")


def get_seat(session: Session, viewer: Viewer, seat_id: int) -> SeatRecord:
    """One seat in reach; NotFound for any other."""
    _check(viewer)
    return rows.get_record(session, viewer, seat_id)
