"""The figures of the inflow board, counted from its lines: each number is that of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain import inflow
from matcher.domain.inflow import Stand
from matcher.domain.monitors import quarters
from matcher.domain.table import BARS
from matcher.domain.vocabulary import LANE_DIMENSIONS
from matcher.repositories.inflow import Counted


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """One open vacancy with what came of all blocks."""

    number: int
    sector: str
    free: int
    due: int | None
    fits: int
    shut: tuple[int, ...]
    near: tuple[tuple[int, str], ...]


def figures_of(
    places: Sequence[OpenPlace],
    lines: Sequence[Counted],
    arrangement: Mapping[int, str],
    *,
    weeks: int,
    waits_long_before: date,
) -> dict[str, Any]:
    """Every figure of a board, as plain JSON: `lines` are all of it, `arrangement` by vacancy."""
    sector = {place.number: place.sector for place in places}
    best = Counter(line.vacancy_id for line in lines if line.stand == Stand.READY)
    return {
        "stands": dict(sorted(Counter(line.stand for line in lines).items())),
        "total": _forecast(places, lines, weeks),
        "sectors": _by_group(places, lines, sector, weeks),
        "arrangements": _by_group(places, lines, arrangement, weeks),
        "causes": _causes(lines),
        "places": [
            {
                "vacancy": place.number,
                "free": place.free,
                "due": place.due,
                "ready": best[place.number],
                "fits": place.fits,
                "near": len(place.near),
                "shut": _worst(place.shut),
            }
            for place in places
        ],
        "monitors": _monitors(lines, waits_long_before),
    }


def _causes(lines: Iterable[Counted]) -> list[list[Any]]:
    """What one thing is missing for how many, most people first."""
    found = Counter(line.cause for line in lines if line.stand == Stand.ONE_STEP and line.cause)
    return [[cause, found[cause]] for cause in sorted(found, key=lambda each: (-found[each], each))]


def _monitors(lines: Sequence[Counted], waits_long_before: date) -> dict[str, Any]:
    waiting = [line for line in lines if line.stand != Stand.AT_WORK]
    levels = [
        (line.start_level, line.stand == Stand.AT_WORK)
        for line in lines
        if line.start_level is not None
    ]
    return {
        "waiting": len(waiting),
        "long": sum(
            line.waiting_since is not None and line.waiting_since < waits_long_before
            for line in waiting
        ),
        "start_level": [
            [part.lowest, part.highest, part.people, part.placed] for part in quarters(levels)
        ],
        "rhythm": dict(sorted(Counter(line.rhythm_age or "" for line in waiting).items())),
        "levels": dict(sorted(Counter(line.levels_age or "" for line in waiting).items())),
        "unknown": [
            sum(bool((line.unknown or 0) >> bit & 1) for line in waiting)
            for bit in range(len(LANE_DIMENSIONS))
        ],
    }


def _worst(shut: Sequence[int]) -> list[Any] | None:
    """What shuts out most people, and how many; None where nothing does."""
    most = max(shut)
    return [BARS[shut.index(most)], most] if most else None


def _forecast(places: Iterable[OpenPlace], lines: Iterable[Counted], weeks: int) -> dict[str, Any]:
    found = inflow.forecast(
        [(place.free, place.due) for place in places],
        [(Stand(line.stand), line.week) for line in lines],
        weeks,
    )
    return {
        "open": found.open,
        "due": list(found.due),
        "ready": found.ready,
        "coming": list(found.coming),
        "likely": list(found.likely),
    }


def _by_group(
    places: Sequence[OpenPlace], lines: Sequence[Counted], group: Mapping[int, str], weeks: int
) -> dict[str, Any]:
    """The forecast of each group of places; everybody counts in the group of the place named."""
    return {
        name: _forecast(
            [place for place in places if group.get(place.number) == name],
            [line for line in lines if group.get(line.vacancy_id or 0) == name],
            weeks,
        )
        for name in sorted({group[place.number] for place in places if place.number in group})
    }
