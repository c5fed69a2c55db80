"""A region over time, as plain arrays: who and what arrives when, and how it went.

Weeks are whole numbers from 0. A *stream* is drawn once and is the same for every policy: nothing
in it depends on what is decided. Fits are hundredths of a point, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEVER = np.iinfo(np.int32).max
"""A week that does not come."""
BLOCKED = -1
"""The fit of a pair that cannot be."""
FULL_FIT = 10_000


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed; shares are 0 to 1, `price_of_a_week` hundredths of a point of fit.

    The meaning and the reason of each stands in ``data/parameters/simulation.yaml``.
    """

    leaves_weekly: float
    pauses_weekly: float
    pause_weeks: tuple[int, int]
    conversation_weeks: tuple[int, int]
    finishes_programme: float
    lasting_at_no_fit: float
    lasting_at_full_fit: float
    past_weeks: int
    futures: int
    weeks_ahead: int
    price_of_a_week: int

    def lasting(self, fit: Ints) -> Floats:
        """The share of placements of each fit that is assumed to last."""
        slope = self.lasting_at_full_fit - self.lasting_at_no_fit
        return self.lasting_at_no_fit + slope * fit / FULL_FIT


@dataclass(frozen=True, slots=True)
class Arrivals:
    """People, one row each; all weeks.

    Somebody can be proposed from `ready` until before `gone`, except from `pause` until before
    `back`, and can begin to work from `free`. `ready` is `NEVER` for who can not be placed at all.
    Until `ready`, `in_programme` says that it depends on finishing one. Before `answered` nobody
    can say where they fit or when they are ready. `level` is the start level on arrival and `need`
    the guidance, both in hundredths.
    """

    arrives: Ints
    answered: Ints
    ready: Ints
    gone: Ints
    pause: Ints
    back: Ints
    free: Ints
    in_programme: Bools
    level: Ints
    need: Ints

    def __len__(self) -> int:
        return len(self.arrives)

    def here(self, week: int) -> Bools:
        """Who can be proposed in a week."""
        paused = (self.pause <= week) & (week < self.back)
        return (self.ready <= week) & (week < self.gone) & ~paused


@dataclass(frozen=True, slots=True)
class Openings:
    """Vacancies, one row each: `places` to fill from week `opens` up to and including `lapses`.

    Work begins in `begins`, or as much later as somebody is found; `offer` is the guidance at the
    site in hundredths of an hour.
    """

    opens: Ints
    begins: Ints
    lapses: Ints
    places: Ints
    offer: Ints

    def __len__(self) -> int:
        return len(self.opens)


@dataclass(frozen=True, slots=True)
class World:
    """One seed: `weeks` weeks of arrivals, and the past that a policy may learn from.

    `fit` is (people, vacancies) with the past's rows and columns after the stream's own, `BLOCKED`
    where a pair cannot be; the start rule is left to the weeks.
    """

    weeks: int
    people: Arrivals
    openings: Openings
    past_people: Arrivals
    past_openings: Openings
    past_weeks: int
    fit: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Placements:
    """Who was placed where in which week, in the order in which it was decided."""

    person: Ints
    vacancy: Ints
    week: Ints


def first_common_weeks(people: Arrivals, openings: Openings, weeks: int) -> Ints:
    """By person and vacancy the first week in which both are there, `NEVER` without one.

    Whoever cannot begin by the day a vacancy lapses does not count.
    """
    first = np.maximum(people.ready[:, None], openings.opens[None, :])
    paused = (people.pause[:, None] <= first) & (first < people.back[:, None])
    first = np.where(paused, people.back[:, None], first)
    last = np.minimum(np.minimum(people.gone[:, None] - 1, openings.lapses[None, :]), weeks - 1)
    possible = (first <= last) & (people.free[:, None] <= openings.lapses[None, :])
    return np.where(possible, first, NEVER)


def quarters(level: Ints) -> Ints:
    """The quarter of the start level of each person, 0 the lowest; ties stay together."""
    below = np.searchsorted(np.sort(level), level, side="left")
    return np.asarray(np.minimum(3, below * 4 // max(1, len(level))), np.int64)


def outcomes(world: World, placed: Placements, assumed: Assumptions) -> dict[str, float]:
    """How it went, by name of the outcome.

    `value` is the sum of fit in points. Waiting is from arrival to the first day of work of those
    placed; a place is empty in the weeks between the begin of the work and somebody's first day or
    the end of the count. `from_quarter_n` is the share in percent of the people of that quarter by
    start level who were placed.
    """
    people, openings = world.people, world.openings
    fit = world.fit[placed.person, placed.vacancy].astype(np.int64)
    begins = np.maximum(placed.week, openings.begins[placed.vacancy])
    begins = np.maximum(begins, people.free[placed.person])
    places = int(openings.places.sum())
    empty_weeks = float((openings.places * np.maximum(0, world.weeks - openings.begins)).sum())
    worked = float(np.maximum(0, world.weeks - begins).sum())
    waited = begins - people.arrives[placed.person]
    quarter = quarters(people.level)
    of_all = np.bincount(quarter, minlength=4)
    of_placed = np.bincount(quarter[placed.person], minlength=4)
    found = {
        "value": float(fit.sum()) / 100,
        "placements": float(len(fit)),
        "lasting_placements": float(assumed.lasting(fit).sum()),
        "mean_fit": float(fit.mean()) / 100 if len(fit) else 0.0,
        "waiting_weeks": float(waited.mean()) if len(fit) else 0.0,
        "empty_places": float(places - len(fit)),
        "empty_place_weeks": empty_weeks - worked,
    }
    for number in range(4):
        share = of_placed[number] / of_all[number] if of_all[number] else 0.0
        found[f"from_quarter_{number + 1}"] = 100 * float(share)
    return found
