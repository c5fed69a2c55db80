"""Look-ahead: what people and places are worth when they wait, over futures drawn from the past.

Each week the policy asks, for each person and each open place, what it would bring if it were kept
for later. Futures are drawn: who comes back from a pause or a programme, which people and places
arrive, the last two out of the weeks before the first. In each future the best assignment is found
as if it were known; its prices say what is lost without that person or that place. A pair is
decided now where it brings more than both are worth later, on average over the futures: so a place
waits while somebody better is likely to come in time, and does not when it is about to lapse.

Who leaves, and when, is never drawn. A future that is known in full places everybody just before
they go, so waiting would seem to cost nothing. Instead a pair counts by the chance that the person
is still there, and its place, when the person is not, by what a place like it usually brings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.simulation import BLOCKED, NEVER, Assumptions, Bools, Floats, Ints, World
from matcher.engine.prices import CERTAIN, Ahead, Waiting, later_prices

NEWS = 0.2
"""How much the latest future counts in what a place usually brings."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What waiting is worth, in hundredths: of each person, and of a place at each site.

    `person` counts beside a place that waits as well, `person_alone` beside one that cannot.
    """

    person: Floats
    person_alone: Floats
    site: Floats


class Futures:
    """The futures of one world, drawn anew each week from the seed and the week."""

    def __init__(self, world: World, assumed: Assumptions, seed: int) -> None:
        self.world = world
        self.assumed = assumed
        self.seed = seed
        past = world.past_people
        comes = past.ready < np.minimum(past.gone, NEVER)
        self.choices = np.flatnonzero(comes)
        self.arrivals = len(self.choices) / world.past_weeks
        asked = past.answered > past.arrives
        self.asked = np.flatnonzero(asked & comes)
        self.comes_once_asked = len(self.asked) / max(1, asked.sum())
        self.vacancies = len(world.past_openings) / world.past_weeks
        weeks = np.arange(assumed.weeks_ahead + 1)
        self.stays = np.rint(CERTAIN * (1 - assumed.leaves_weekly) ** weeks).astype(np.int64)
        vacancies = world.fit.shape[1]
        self.usual = np.zeros(vacancies)
        self.seen = np.zeros(vacancies, np.bool_)

    def worth_of_waiting(
        self, week: int, people: Ints, sites: Ints, left: Ints, offer: Ints, placed: Bools
    ) -> Worth:
        """What each of `people` and each of `sites` is worth later.

        `left` and `offer` are the places and the guidance that are left, by vacancy.
        """
        rng = np.random.default_rng([3, self.seed, week])
        person, alone = np.zeros(len(people)), np.zeros(len(people))
        site = np.zeros(len(sites))
        units = np.repeat(np.arange(len(sites)), left[sites])
        known = self._known(week, placed)
        last = min(week + self.assumed.weeks_ahead, self.world.weeks - 1)
        ahead = Ahead(week, last, self.assumed.price_of_a_week, self.stays)
        fit = self._fit(sites, offer)
        for _ in range(self.assumed.futures):
            waiting = self._people(rng, week, last, people, known)
            places = self._places(rng, week, last, sites[units])
            usual = np.rint(self.usual[places.row]).astype(np.int64)
            found = later_prices(fit, waiting, places, usual, ahead)
            person += found.person[: len(people)]
            alone += found.person_most[: len(people)]
            site += np.bincount(units, found.place[: len(units)], len(sites))
            self._learn(places.row, found.place)
        count = self.assumed.futures
        return Worth(person / count, alone / count, site / left[sites] / count)

    def _fit(self, sites: Ints, offer: Ints) -> NDArray[np.int16]:
        """The fits without the pairs for which a site has no guidance left."""
        need = np.concatenate([self.world.people.need, self.world.past_people.need])
        fit = self.world.fit.copy()
        fit[:, sites] = np.where(need[:, None] > offer[sites], BLOCKED, fit[:, sites])
        return fit

    def _learn(self, row: Ints, price: Ints) -> None:
        """Keeps what a place at each vacancy usually brings; the first price counts in full."""
        times = np.bincount(row, minlength=len(self.usual))
        now = times > 0
        mean = np.bincount(row, price, len(self.usual))[now] / times[now]
        rate = np.where(self.seen[now], NEWS, 1.0)
        self.usual[now] += rate * (mean - self.usual[now])
        self.seen |= now

    def _known(self, week: int, placed: Bools) -> Ints:
        """Who has arrived and is expected later: in a pause, a programme or a conversation."""
        people = self.world.people
        expected = (people.ready < NEVER) | (week < people.answered)
        here = (people.arrives <= week) & expected & (week < people.gone) & ~placed
        return np.flatnonzero(here & ~people.here(week))

    def _people(
        self, rng: np.random.Generator, week: int, last: int, people: Ints, known: Ints
    ) -> Waiting:
        own = self.world.people
        talking = week < own.answered[known]
        expected = known[~talking]
        here = np.concatenate([people, expected])
        # When a pause or a programme ends is known; whether somebody is still there then is not.
        paused = (own.pause[expected] <= week) & (week < own.back[expected])
        later = own.ready[expected]
        later = np.where(paused, np.maximum(own.back[expected], later), later)
        fails = rng.random(len(expected)) >= self.assumed.finishes_programme
        fails &= own.in_programme[expected] & (week < own.ready[expected])
        ends = np.full(len(here), NEVER, np.int64)
        ends[len(people) :][fails] = week
        # Whom a conversation will show is not known either: somebody who once came out of one.
        comes = rng.random(int(talking.sum())) < self.comes_once_asked
        asked = _drawn(rng, self.asked, own.arrives[known[talking]][comes])
        new = _drawn(rng, self.choices, _coming(rng, self.arrivals, week, last))
        row, ready, free = (
            np.concatenate(part)
            for part in zip(self._as_in_the_past(*asked), self._as_in_the_past(*new), strict=True)
        )
        ready = np.maximum(ready, week + 1)
        return Waiting(
            row=np.concatenate([here, row]),
            begins=np.concatenate([np.full(len(people), week), later, ready]),
            ends=np.concatenate([ends, np.full(len(row), NEVER, np.int64)]),
            free=np.concatenate([own.free[here], free]),
            # Who is drawn was still there when ready, so only what follows is unsure.
            unsure=np.concatenate([np.full(len(here), week), ready]),
        )

    def _as_in_the_past(self, drawn: Ints, arrives: Ints) -> tuple[Ints, Ints, Ints]:
        """The rows of people of the past, and when they are ready and free if they come then."""
        past = self.world.past_people
        shift = arrives - past.arrives[drawn]
        return len(self.world.people) + drawn, past.ready[drawn] + shift, past.free[drawn] + shift

    def _places(self, rng: np.random.Generator, week: int, last: int, now: Ints) -> Waiting:
        own, past = self.world.openings, self.world.past_openings
        at = _coming(rng, self.vacancies, week, last)
        drawn, at = _drawn(rng, np.arange(len(past)), at)
        units = np.repeat(np.arange(len(at)), past.places[drawn])
        opens, drawn = at[units], drawn[units]
        lapses = opens + past.lapses[drawn] - past.opens[drawn]
        begins = np.concatenate([np.full(len(now), week), opens])
        return Waiting(
            row=np.concatenate([now, len(own) + drawn]),
            begins=begins,
            ends=np.concatenate([own.lapses[now], lapses]),
            free=begins,
            unsure=begins,
        )


def _coming(rng: np.random.Generator, pace: float, week: int, last: int) -> Ints:
    """The week of each arrival after `week` up to and including `last`."""
    weeks = np.arange(week + 1, last + 1)
    return np.repeat(weeks, rng.poisson(pace, len(weeks)))


def _drawn(rng: np.random.Generator, choices: Ints, arrives: Ints) -> tuple[Ints, Ints]:
    """Somebody of `choices` for each arrival; nobody where there is no choice."""
    if not len(choices):
        return choices, choices
    return choices[rng.integers(0, len(choices), len(arrives))], arrives
