"""Small worlds of people and vacancies over time, drawn without the demo region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.domain.simulation import (
    BLOCKED,
    NEVER,
    Arrivals,
    Ints,
    Openings,
    Placements,
    World,
)
from matcher.reference.simulation import load_assumptions

FEW_FUTURES = replace(load_assumptions(), futures=4, weeks_ahead=5)


def small_world(seed: int, weeks: int = 8, people: int = 14, vacancies: int = 6) -> World:
    """A stream of `weeks` weeks and a past of as many, with everything that can happen in it."""
    draw = np.random.default_rng(seed)
    shape = (2 * people, 2 * vacancies)
    fit = np.where(draw.random(shape) < 0.6, draw.integers(3_000, 10_000, shape), BLOCKED)
    return World(
        weeks=weeks,
        people=_people(draw, weeks, people),
        openings=_openings(draw, weeks, vacancies),
        past_people=_people(draw, weeks, people),
        past_openings=_openings(draw, weeks, vacancies),
        past_weeks=weeks,
        fit=fit.astype(np.int16),
    )


def _people(draw: np.random.Generator, weeks: int, count: int) -> Arrivals:
    arrives = np.sort(draw.integers(0, weeks, count))
    talks = np.where(draw.random(count) < 0.3, draw.integers(1, 4, count), 0)
    in_programme = draw.random(count) < 0.3
    ready = arrives + talks + np.where(in_programme, draw.integers(1, 4, count), 0)
    gone = arrives + draw.integers(1, 9, count)
    pause = arrives + draw.integers(0, 20, count)
    return Arrivals(
        arrives=arrives,
        answered=arrives + talks,
        ready=np.where(draw.random(count) < 0.15, NEVER, ready),
        gone=gone,
        pause=pause,
        back=pause + draw.integers(1, 4, count),
        free=arrives + np.where(draw.random(count) < 0.2, draw.integers(1, 5, count), 0),
        in_programme=in_programme,
        level=draw.integers(0, 10_000, count),
        need=100 * draw.integers(0, 6, count),
    )


def _openings(draw: np.random.Generator, weeks: int, count: int) -> Openings:
    opens = np.sort(draw.integers(0, weeks, count))
    begins = opens + draw.integers(0, 4, count)
    return Openings(
        opens=opens,
        begins=begins,
        lapses=begins + draw.integers(0, 5, count),
        places=draw.integers(1, 4, count),
        offer=100 * draw.integers(3, 12, count),
    )


def another_future(world: World, week: int, seed: int) -> World:
    """The same until `week`; whatever comes, leaves, pauses or is answered later is different."""
    draw = np.random.default_rng(seed)
    people, openings = world.people, world.openings
    other_people = _people(draw, world.weeks, len(people))
    other_openings = _openings(draw, world.weeks, len(openings))
    later = people.arrives > week
    unanswered = later | (people.answered > week)
    opens_later = openings.opens > week

    def moved(old: Ints, to: Ints, at: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
        return np.where(at, np.maximum(to, week + 1), old)

    fit = world.fit.copy()
    fit[: len(people)][unanswered] = draw.permutation(fit[: len(people)][unanswered], axis=1)
    columns = np.flatnonzero(opens_later)
    fit[:, columns] = draw.integers(3_000, 10_000, (len(fit), len(columns)))
    shown = np.maximum(other_people.ready, people.answered)
    pauses_later = people.pause > week
    pause = moved(people.pause, other_people.pause, pauses_later)
    return replace(
        world,
        people=replace(
            people,
            arrives=moved(people.arrives, other_people.arrives, later),
            answered=moved(people.answered, other_people.answered, unanswered),
            ready=moved(people.ready, shown, unanswered),
            gone=moved(people.gone, other_people.gone, people.gone > week + 1),
            pause=pause,
            back=np.where(pauses_later, pause + 2, people.back),
            free=np.where(later, other_people.free, people.free),
        ),
        openings=Openings(
            opens=moved(openings.opens, other_openings.opens, opens_later),
            begins=np.where(opens_later, week + 2, openings.begins),
            lapses=np.where(opens_later, week + 4, openings.lapses),
            places=np.where(opens_later, other_openings.places, openings.places),
            offer=np.where(opens_later, other_openings.offer, openings.offer),
        ),
        fit=fit,
    )


def decided(placed: Placements, until: int) -> list[tuple[int, int, int]]:
    """(week, person, vacancy) of what was decided up to and including week `until`."""
    rows = zip(placed.week.tolist(), placed.person.tolist(), placed.vacancy.tolist(), strict=True)
    return sorted(row for row in rows if row[0] <= until)
