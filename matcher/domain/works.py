"""Does this work? What programmes and arrangements led to, counted from starts and placements.

A plain comparison says how it went for others; it proves nothing about the cause, because people
were not divided by lot (evidence page: selection).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from matcher.domain.follow_up import Share, month_after, share_of


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody began something on a day; `is_over` once it ended, `finished` when to the end."""

    candidate_id: int
    on: date
    is_over: bool
    finished: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody started work on a day; `works` by months after it, None or absent is unknown."""

    candidate_id: int
    on: date
    works: Mapping[int, bool | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of people: how many began, finished, were placed, and work months later.

    `running` of those who began are still in it. `placed` is of those for whom it is over, with who
    cannot be followed any more as unknown. `at_work` is of those placed for whom that day came.
    """

    started: int
    running: int
    finished: Share
    placed: Share
    at_work: Mapping[int, Share]

    def as_mapping(self) -> dict[str, Any]:
        """The counts as plain values, to be kept with a decision."""
        return {
            "started": self.started,
            "running": self.running,
            "finished": asdict(self.finished),
            "placed": asdict(self.placed),
            "at_work": {str(months): asdict(share) for months, share in self.at_work.items()},
        }


def figures_of(
    starts: Iterable[Start],
    works: Mapping[int, Sequence[Work]],
    lost: frozenset[int],
    *,
    months: Sequence[int],
    on: date,
    smallest: int,
) -> Figures:
    """The figures of people who began something; each person counts once, by the first start.

    `works` holds everybody's work in order of its first day; `lost` whom nobody can follow any
    more.
    """
    first: dict[int, Start] = {}
    for start in sorted(starts, key=lambda one: (one.on, not one.is_over)):
        first.setdefault(start.candidate_id, start)
    over = [start for start in first.values() if start.is_over]
    led_to = {
        start.candidate_id: next(
            (work for work in works.get(start.candidate_id, ()) if work.on >= start.on), None
        )
        for start in first.values()
    }
    found = [led_to[start.candidate_id] for start in over]
    placed = [work for work in found if work is not None]
    unknown = sum(
        led_to[start.candidate_id] is None and start.candidate_id in lost for start in over
    )
    return Figures(
        started=len(first),
        running=len(first) - len(over),
        finished=share_of(sum(start.finished for start in over), 0, len(over), smallest=smallest),
        placed=share_of(len(placed), unknown, len(over), smallest=smallest),
        at_work=at_work(placed, months=months, on=on, smallest=smallest),
    )


def at_work(
    works: Iterable[Work], *, months: Sequence[int], on: date, smallest: int
) -> dict[int, Share]:
    """Of those whose day so many months after the start came: who works, and who is unknown."""
    kept = list(works)
    found = {}
    for number in months:
        due = [work for work in kept if month_after(work.on, number) <= on]
        said = [work.works.get(number) for work in due]
        found[number] = share_of(
            sum(one is True for one in said),
            sum(one is None for one in said),
            len(due),
            smallest=smallest,
        )
    return found
