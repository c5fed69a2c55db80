"""The weekly report: the board and the monitors of this week beside those of the week before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.monitors import with_small_hidden
from matcher.reference.inflow import load_inflow_terms
from matcher.services import inflow, monitors
from matcher.services.inflow import CENTRE, Board, Target
from matcher.services.monitors import Departures, Monitors

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One sector or arrangement; None is a number that is too small for this reader."""

    name: str
    open: int
    ready: int | None
    coming: int | None
    short: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the region in one week, as the reader may see them."""

    on: date
    open: int
    ready: int | None
    coming: int | None
    short: int | None
    long: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """One week; `before` are the figures of a board a week older, where there is one."""

    board: Board
    told: int
    now: Figures
    before: Figures | None
    sectors: tuple[GroupFigures, ...]
    causes: tuple[tuple[str, int | None], ...]
    targets: tuple[Target, ...]
    watch: Monitors
    departures: tuple[Departures, ...]


def weekly_report(session: Session, viewer: Viewer, *, on: date) -> Report | None:
    """The report on the newest board; None before the region was ever counted."""
    board = inflow.board(session, viewer)
    if board is None:
        return None
    terms = load_inflow_terms(board.on)
    earlier = inflow.board_before(session, viewer, board.on - _WEEK)
    watch = monitors.monitors(viewer, board)
    sees = viewer.has(*CENTRE)
    found = board.figures["causes"]
    counts = (
        [people for _, people in found]
        if sees
        else with_small_hidden([people for _, people in found], terms.least_count)
    )
    return Report(
        board=board,
        told=terms.told,
        now=_figures(viewer, board, terms.told),
        before=None if earlier is None else _figures(viewer, earlier, terms.told),
        sectors=tuple(_groups(viewer, board, terms.told)),
        causes=tuple((cause, people) for (cause, _), people in zip(found, counts, strict=True)),
        targets=tuple(inflow.targets(session, viewer, on=on)),
        watch=watch,
        departures=tuple(monitors.departures(session, viewer, on=on)),
    )


def _figures(viewer: Viewer, board: Board, told: int) -> Figures:
    total, watch = board.total, monitors.monitors(viewer, board)
    if viewer.has(*CENTRE):
        parts = total.ready, total.coming[told], total.short[told]
        return Figures(board.on, total.open, *parts, watch.long)
    # What comes is few, and would follow from what is short: such a reader sees who can now alone.
    least = load_inflow_terms(board.on).least_count
    ready = None if 0 < total.ready < least else total.ready
    return Figures(board.on, total.open, ready, None, None, watch.long)


def _groups(viewer: Viewer, board: Board, told: int) -> list[GroupFigures]:
    names = list(board.figures["sectors"])
    groups = [inflow.forecast_of(board.figures["sectors"][name]) for name in names]
    if viewer.has(*CENTRE):
        return [
            GroupFigures(name, each.open, each.ready, each.coming[told], each.short[told])
            for name, each in zip(names, groups, strict=True)
        ]
    least = load_inflow_terms(board.on).least_count
    ready = with_small_hidden([each.ready for each in groups], least)
    return [
        GroupFigures(name, each.open, can, None, None)
        for name, each, can in zip(names, groups, ready, strict=True)
    ]
