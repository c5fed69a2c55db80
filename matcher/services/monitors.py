"""What a team keeps an eye on: who waits long, who is placed, what is old, where people depart.

Whoever works in the centre sees each number with its people; who oversees a region sees numbers
alone, and no small ones. Figures are those of a region, never of one member of staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.domain.monitors import Age, Quarter, passes_over, with_small_hidden
from matcher.domain.vocabulary import LANE_DIMENSIONS, Lane
from matcher.reference.inflow import load_inflow_terms
from matcher.reference.oversight import load_oversight_terms
from matcher.reference.queue import load_queue_terms
from matcher.repositories import oversight as rows
from matcher.repositories.oversight import Departed
from matcher.services.audit import note_list
from matcher.services.inflow import CENTRE, Board
from matcher.services.transactions import unit_of_work

READERS = (*CENTRE, Right.OFFICER, Right.ANALYST)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A quarter of the people by start level; `percent` is the share of them who are at work.

    None is hidden; a share is not given for fewer people than the least.
    """

    lowest: int
    highest: int
    people: int | None
    placed: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Departures:
    """One lane: of the last `count` decisions so many departed from the advice.

    All numbers are None where too few people decided too little; `is_outside` says that the share
    lies outside of the band, so that somebody should look.
    """

    lane: Lane
    count: int | None
    departed: int | None
    percent: int | None
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Monitors:
    """The figures of one board; None is a number that is too small for this reader.

    `unknown` counts by answer of ``LANE_DIMENSIONS`` who has not given it.
    """

    waiting: int
    long: int | None
    long_wait: timedelta
    parts: tuple[Part, ...]
    passes_over: bool
    unknown: dict[str, int | None]
    rhythm: dict[Age, int | None]
    levels: dict[Age, int | None]


def monitors(viewer: Viewer, board: Board) -> Monitors:
    """The figures of a board as the viewer may see them."""
    _check(viewer)
    found, terms = board.figures["monitors"], load_inflow_terms(board.on)
    least = 0 if viewer.has(*CENTRE) else terms.least_count
    waiting = found["waiting"]
    quarters = [Quarter(*part) for part in found["start_level"]]
    return Monitors(
        waiting=waiting,
        long=_of(found["long"], waiting, least),
        long_wait=load_queue_terms(board.on).long_wait,
        parts=_parts(quarters, least, terms.least_count),
        passes_over=passes_over(
            quarters, percent=terms.start_level_percent, least_placed=terms.least_placed
        ),
        unknown={
            name: _of(count, waiting, least)
            for name, count in zip(LANE_DIMENSIONS, found["unknown"], strict=True)
        },
        rhythm=_ages(found["rhythm"], least),
        levels=_ages(found["levels"], least),
    )


def _of(count: int, whole: int, least: int) -> int | None:
    """A part of a known whole: hidden where it, or what it leaves, is small."""
    return with_small_hidden((count, whole - count), least)[0]


def _ages(found: dict[str, int], least: int) -> dict[Age, int | None]:
    counts = with_small_hidden([found.get(age, 0) for age in Age], least)
    return dict(zip(Age, counts, strict=True))


def _parts(quarters: Sequence[Quarter], least: int, least_for_share: int) -> tuple[Part, ...]:
    people = with_small_hidden([part.people for part in quarters], least)
    placed = with_small_hidden([part.placed for part in quarters], least)
    return tuple(
        Part(
            part.lowest,
            part.highest,
            shown,
            works,
            None
            if shown is None or works is None or shown < least_for_share
            else works * _WHOLE // shown,
        )
        for part, shown, works in zip(quarters, people, placed, strict=True)
    )


def departures(session: Session, viewer: Viewer, *, on: date) -> list[Departures]:
    """By lane how many of the last decisions departed from the suggestion."""
    region = _check(viewer)
    terms, band = load_oversight_terms(on), load_inflow_terms(on)
    found = []
    for lane in Lane:
        decided = rows.last_decisions(session, region, lane, terms.last_decisions)
        staff = {each.decided_by for each in decided if each.decided_by is not None}
        if len(decided) < terms.least_decisions or len(staff) < terms.least_staff:
            found.append(Departures(lane, None, None, None, False))
            continue
        departed = sum(not each.accepted for each in decided)
        percent = departed * _WHOLE // len(decided)
        outside = not band.departures_low <= percent <= band.departures_high
        found.append(Departures(lane, len(decided), departed, percent, outside))
    return found


def list_departed(session: Session, viewer: Viewer, lane: Lane, *, on: date) -> list[Departed]:
    """On whom somebody departed from that suggestion, the newest first; nothing where no figure is.

    By whom it was is not among it: figures about single members of staff do not exist.
    """
    _check(viewer)
    if not viewer.has(*CENTRE):
        raise Forbidden("only a triager or a team lead sees who stands behind a number")
    figure = next(each for each in departures(session, viewer, on=on) if each.lane is lane)
    if figure.count is None:
        return []
    with unit_of_work(session):
        limit = load_oversight_terms(on).last_decisions
        found = rows.departed(session, viewer, lane, limit)
        note_list(
            session, viewer, "decision", query={"view": "departed", "lane": lane}, count=len(found)
        )
        return found


def _check(viewer: Viewer) -> str:
    if not viewer.has(*READERS) or viewer.region is None:
        raise Forbidden("only who works in or oversees a region sees its figures")
    return viewer.region
