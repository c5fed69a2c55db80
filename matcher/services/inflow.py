"""The inflow board as it is read: the newest figures, and the people and places behind a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.arrangements import Progress, progress_of
from matcher.domain.errors import Forbidden, NotFound
from matcher.domain.inflow import Forecast
from matcher.domain.pathways import MODES_HELP
from matcher.domain.programme import Programme
from matcher.models import InflowBoard
from matcher.repositories import arrangements, seats
from matcher.repositories import inflow as rows
from matcher.repositories import inflow_people as people
from matcher.repositories.inflow_people import Behind, PlaceName, StandsAt
from matcher.repositories.jobs import JobRecord
from matcher.repositories.paging import page_of_list
from matcher.repositories.records import Page
from matcher.services import jobs
from matcher.services.audit import note_list
from matcher.services.inflow_count import COUNT_INFLOW, NAME
from matcher.services.transactions import unit_of_work

CENTRE = COUNT_INFLOW.rights
"""Who sees the people behind a number."""


@dataclass(frozen=True, slots=True)
class Board:
    """One counting of a region; `figures` as ``matcher.services.inflow_figures`` makes them."""

    job_id: int
    on: date
    counted_at: datetime
    figures: dict[str, Any]

    @property
    def total(self) -> Forecast:
        """The figures of the whole region."""
        return forecast_of(self.figures["total"])

    def group(self, kind: str, name: str) -> Forecast | None:
        """The figures of one sector (``sectors``) or arrangement (``arrangements``)."""
        found = self.figures[kind].get(name)
        return None if found is None else forecast_of(found)


def forecast_of(found: dict[str, Any]) -> Forecast:
    """The figures of a group of places, as they were kept."""
    return Forecast(
        open=found["open"],
        due=tuple(found["due"]),
        ready=found["ready"],
        coming=tuple(found["coming"]),
        likely=tuple(found["likely"]),
    )


def board(session: Session, viewer: Viewer) -> Board | None:
    """The newest board of the viewer's region; None before it was ever counted."""
    return _board(rows.newest(session, viewer))


def board_before(session: Session, viewer: Viewer, day: date) -> Board | None:
    """The last board that was counted on or before a day."""
    return _board(rows.newest(session, viewer, by=day))


def _board(row: InflowBoard | None) -> Board | None:
    return None if row is None else Board(row.job_id, row.on, row.counted_at, row.figures)


def running(session: Session, viewer: Viewer) -> JobRecord | None:
    """The counting that the viewer asked for and that is under way."""
    page = jobs.list_jobs(session, viewer, kind=NAME, limit=1)
    return next((job for job in page.items if not job.has_ended), None)


def list_people(
    session: Session,
    viewer: Viewer,
    board: Board,
    wanted: Behind,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[int, Page[StandsAt]]:
    """How many people a number is made of, and one page of them, longest waiting first."""
    _check(viewer)
    with unit_of_work(session):
        count = people.count_behind(session, viewer, board.job_id, wanted)
        page = people.behind(session, viewer, board.job_id, wanted, cursor=cursor, limit=limit)
        _note(
            session, viewer, page.items, {"stand": "|".join(wanted.stands), "cause": wanted.cause}
        )
        return count, page


def list_near(session: Session, viewer: Viewer, board: Board, vacancy_id: int) -> list[StandsAt]:
    """Who is one step from a place that nobody fits."""
    _check(viewer)
    with unit_of_work(session):
        found = people.near_to(session, viewer, board.job_id, vacancy_id)
        _note(session, viewer, found, {"vacancy": vacancy_id})
        return found


def _note(
    session: Session, viewer: Viewer, shown: Sequence[StandsAt], query: dict[str, Any]
) -> None:
    note_list(session, viewer, rows.KIND, query=query, count=len(shown))


@dataclass(frozen=True, slots=True)
class OpenPlaces:
    """One vacancy of the board: `free` places, `ready` whom it suits best of all places, `fits`
    all who can start there; `near` counts who is named as one step away, `shut` is what shuts out
    most of those who can start, with how many."""

    place: PlaceName
    free: int
    due: int | None
    ready: int
    fits: int
    near: int
    shut: tuple[str, int] | None


def list_places(
    session: Session,
    viewer: Viewer,
    board: Board,
    *,
    sector: str | None = None,
    arrangement: str | None = None,
    due: int | None = None,
    only: int | None = None,
) -> list[OpenPlaces]:
    """The open vacancies of the board, those that nobody fits first and then the soonest due.

    `due` keeps those where somebody has to have started by that week, `only` that vacancy.
    """
    _check(viewer)
    figures = {
        line["vacancy"]: line
        for line in board.figures["places"]
        if only is None or line["vacancy"] == only
    }
    names = people.place_names(session, viewer, figures)
    found = [
        OpenPlaces(
            names[number],
            line["free"],
            line["due"],
            line["ready"],
            line["fits"],
            line["near"],
            None if line["shut"] is None else (line["shut"][0], line["shut"][1]),
        )
        for number, line in figures.items()
        if number in names
        and (sector is None or names[number].sector == sector)
        and (arrangement is None or names[number].arrangement == arrangement)
        and (due is None or (line["due"] is not None and line["due"] <= due))
    ]
    return sorted(found, key=_order_of)


def get_place(session: Session, viewer: Viewer, board: Board, vacancy_id: int) -> OpenPlaces:
    """One vacancy of the board; NotFound for any other."""
    found = list_places(session, viewer, board, only=vacancy_id)
    if not found:
        raise NotFound("place")
    return found[0]


def page_of_places(
    lines: Sequence[OpenPlaces], *, cursor: str | None, limit: int
) -> Page[OpenPlaces]:
    """One page of `list_places`."""
    return page_of_list(lines, cursor=cursor, limit=limit, kinds=(int, int, int), key_of=_order_of)


_ANY_DAY = 1_000
"""Later than any week in which somebody has to have started."""


def _order_of(line: OpenPlaces) -> tuple[int, int, int]:
    due = _ANY_DAY if line.due is None else line.due
    return min(line.fits, 1), due, line.place.id


@dataclass(frozen=True, slots=True)
class Target:
    """How far an arrangement is on the way to its target, and until when it has."""

    name: str
    until: date | None
    progress: Progress


def targets(session: Session, viewer: Viewer, *, on: date) -> list[Target]:
    """The arrangements of the viewer's region that have a target, by name."""
    counted = rows.at_work_by_arrangement(session, str(viewer.region), on)
    found = []
    for row in arrangements.list_rows(session, viewer):
        if row.target is not None:
            placed, working = counted.get(row.name, (0, 0))
            progress = progress_of(
                row.target, row.until, placed=placed, still_working=working, on=on
            )
            found.append(Target(row.name, row.until, progress))
    return found


@dataclass(frozen=True, slots=True)
class Help:
    """A programme that takes away a cause; `starts_on` is that of the first group with room.

    Without a group every day is a start; `free` is None where there is no limit.
    """

    programme_id: int
    title: str
    starts_on: date | None
    free: int | None
    is_full: bool


def helps(session: Session, viewer: Viewer, causes: Sequence[str], *, on: date) -> dict[str, Help]:
    """For each cause the programme of the region that takes it away soonest, if there is one."""
    _check(viewer)
    free = seats.free_by_programme(session, str(viewer.region), on)
    offered = rows.programmes(session, viewer, offered_only=True)
    found = {}
    for cause in causes:
        options = [
            _help(number, programme, starts_of(programme, free.get(number, ()), on))
            for number, programme in offered.items()
            if takes_away(programme, cause)
        ]
        if options:
            found[cause] = min(
                options, key=lambda each: (each.is_full, each.starts_on or on, each.programme_id)
            )
    return found


def takes_away(programme: Programme, cause: str) -> bool:
    """Whether a programme can take a cause away: it gives the paper, the way, or a step up."""
    if cause.startswith(("credential:", "licence:")):
        return cause.partition(":")[2] in programme.gives
    if cause.startswith("travel"):
        return bool(programme.gives & MODES_HELP)
    return cause in {name for name, _ in programme.raises}


def starts_of(
    programme: Programme, groups: Iterable[tuple[date, int | None]], on: date
) -> list[tuple[date, int | None]]:
    """The coming starts with the seats that are free, first one first; groups are those made."""
    made = dict(groups)
    planned = {day: programme.seats for day in programme.starts_on if day >= on}
    return sorted({**planned, **made}.items())


def _help(number: int, programme: Programme, starts: Sequence[tuple[date, int | None]]) -> Help:
    title = programme.title or programme.reference
    for day, free in starts:
        if free is None or free > 0:
            return Help(number, title, day, free, is_full=False)
    if starts:
        return Help(number, title, starts[0][0], 0, is_full=True)
    return Help(number, title, None, None, is_full=False)


def _check(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(*CENTRE):
        raise Forbidden("only a triager or a team lead sees who stands behind a number")
