"""Draws one seed of a region over time: people, the way they take to a place, and vacancies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

import numpy as np

from matcher.demo.people import draw_people
from matcher.demo.spec import load_population, load_work
from matcher.demo.work import draw_work
from matcher.domain.allocating import DEFAULT_LANES
from matcher.domain.assessment import lane_of, sector_to_work_on
from matcher.domain.candidate import CandidateProfile
from matcher.domain.conditions import State
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.places import Places
from matcher.domain.readiness import assess_readiness
from matcher.domain.rules import RuleSet
from matcher.domain.simulation import (
    BLOCKED,
    NEVER,
    Arrivals,
    Assumptions,
    Ints,
    Openings,
    World,
)
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LEVELS, LOADS, Lane
from matcher.reference.catalogue import load_catalogue
from matcher.services.allocation_inputs import Participant, guidance_of
from matcher.services.allocation_pairs import possible_pairs

PAST = 1 << 32
"""Added to the seed of a stream to draw its past."""
DAYS = 7
ASKED = (*(name for name in LEVELS if name not in ("money", "home_base")), *LOADS, "hours_max")
"""What a conversation answers; worries and home decide no place."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What arrives: `arrivals` people and `places` places a week on average, `weeks` weeks long."""

    region: str
    weeks: int
    arrivals: float
    places: float


def draw_world(
    pace: Pace, rules: RuleSet, places: Places, assumed: Assumptions, seed: int, on: date
) -> World:
    """One seed; the same for every policy, and the same again for the same arguments.

    People, places and distances are those of the invented demo region, under `rules`.
    """
    drawer = _Drawer(pace, rules, places, assumed, on)
    people, profiles = drawer.people(seed, pace.weeks)
    openings, vacancies = drawer.openings(seed, pace.weeks)
    past = assumed.past_weeks
    past_people, past_profiles = drawer.people(PAST + seed, past)
    past_openings, past_vacancies = drawer.openings(PAST + seed, past)
    fit, need, offer = drawer.fits(
        [*profiles, *past_profiles],
        np.concatenate([people.ready, past_people.ready]) < NEVER,
        [*vacancies, *past_vacancies],
    )
    rows, columns = len(people), len(openings)
    return World(
        weeks=pace.weeks,
        people=replace(people, need=need[:rows]),
        openings=replace(openings, offer=offer[:columns]),
        past_people=replace(past_people, need=need[rows:]),
        past_openings=replace(past_openings, offer=offer[columns:]),
        past_weeks=past,
        fit=fit,
    )


class _Drawer:
    def __init__(
        self, pace: Pace, rules: RuleSet, places: Places, assumed: Assumptions, on: date
    ) -> None:
        self.pace = pace
        self.assumed = assumed
        self.on = on
        self.rules = rules
        self.places = places

    def routes(self, week: int) -> Pathways:
        day = self.on + timedelta(weeks=week)
        return Pathways(load_catalogue(day, "nl"), Setting(self.rules, self.places, day))

    def people(self, seed: int, weeks: int) -> tuple[Arrivals, list[CandidateProfile]]:
        """Everybody who arrives in `weeks` weeks, and who they are once they can be placed."""
        rng = np.random.default_rng([1, seed])
        arrives = np.repeat(np.arange(weeks), rng.poisson(self.pace.arrivals, weeks))
        count = len(arrives)
        drawn = draw_people(load_population(), seed, self.on, count, self.pace.region, None)
        # Levels are kept up to date by the coach; pauses and waiting come from the assumptions.
        free = [
            0 if c.start_from is None else ceil(max(0, (c.start_from - self.on).days) / DAYS)
            for c in drawn.candidates
        ]
        nothing = dict.fromkeys(("observed_on", "paused_until", "waiting_since", "start_from"))
        profiles = [c.with_values(nothing) for c in drawn.candidates]
        ready = np.full(count, NEVER, np.int64)
        answered = arrives.copy()
        in_programme = np.zeros(count, np.bool_)
        level = np.zeros(count, np.int64)
        routes = [self.routes(week) for week in range(weeks)]
        talks = rng.integers(*self.assumed.conversation_weeks, count, endpoint=True)
        donors = rng.integers(0, max(1, count), (count, len(ASKED)))
        originals = tuple(profiles)
        for row, profile in enumerate(originals):
            week = int(arrives[row])
            way = _Way(routes[week])
            lane, level[row] = way.lane(profile)
            if lane is Lane.NOT_ENOUGH_KNOWN:
                profile = _answered(profile, originals, donors[row])
                week += int(talks[row])
                answered[row] = week
                lane, _ = way.lane(profile)
            if lane is Lane.PRE_PLACEMENT:
                profile, lane, took = way.after_programmes(profile)
                week += took
                in_programme[row] = True
            if lane in DEFAULT_LANES:
                ready[row] = week
            profiles[row] = profile
        finishes = rng.random(count) < self.assumed.finishes_programme
        gone = arrives + rng.geometric(self.assumed.leaves_weekly, count)
        gone = np.where(in_programme & ~finishes, np.minimum(gone, ready), gone)
        pause, back = self.pauses(rng, arrives)
        return Arrivals(
            arrives=arrives,
            answered=answered,
            ready=ready,
            gone=gone,
            pause=pause,
            back=back,
            free=arrives + np.array(free, np.int64),
            in_programme=in_programme,
            level=level,
            need=np.zeros(count, np.int64),
        ), profiles

    def pauses(self, rng: np.random.Generator, arrives: Ints) -> tuple[Ints, Ints]:
        """The first pause of everybody: a second one is rare within the time people stay."""
        share = self.assumed.pauses_weekly
        if share <= 0:
            return np.full(len(arrives), NEVER), np.full(len(arrives), NEVER)
        pause = arrives + rng.geometric(share, len(arrives))
        lasts = rng.integers(*self.assumed.pause_weeks, len(arrives), endpoint=True)
        return pause, pause + lasts

    def openings(self, seed: int, weeks: int) -> tuple[Openings, list[VacancyProfile]]:
        """Vacancies in a random order, each week as many as its places ask for."""
        rng = np.random.default_rng([2, seed])
        wanted = np.cumsum(rng.poisson(self.pace.places, weeks))
        total = int(wanted[-1])
        # Every vacancy has a place at least, so there are always enough.
        work = draw_work(
            load_work(), load_population(), seed, self.on, total, self.pace.region, None, "nl"
        )
        vacancies: list[VacancyProfile] = []
        opens: list[int] = []
        given = 0
        for row in rng.permutation(total):
            if given >= total:
                break
            vacancy = work.vacancies[row]
            # The last one has only the places that are still missing.
            vacancy = replace(vacancy, places=min(vacancy.places, total - given))
            opens.append(int(np.searchsorted(wanted, given, side="right")))
            given += vacancy.places
            vacancies.append(vacancy)
        ahead = [((v.start_on or self.on) - self.on).days // DAYS for v in vacancies]
        begins = np.array(opens, np.int64) + np.array(ahead, np.int64)
        return Openings(
            opens=np.array(opens, np.int64),
            begins=begins,
            lapses=begins + np.array([v.flex_weeks for v in vacancies], np.int64),
            places=np.array([v.places for v in vacancies], np.int64),
            offer=np.zeros(len(vacancies), np.int64),
        ), [replace(v, start_on=None) for v in vacancies]

    def fits(
        self,
        profiles: Sequence[CandidateProfile],
        placeable: np.ndarray[tuple[int], np.dtype[np.bool_]],
        vacancies: Sequence[VacancyProfile],
    ) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int16]], Ints, Ints]:
        """The fit of every pair by the kernel of every allocation, and guidance on both sides."""
        routes = {self.pace.region: Pathways((), Setting(self.rules, self.places, self.on))}
        people = [Participant(profile, Lane.READY_NOW, 0, 0) for profile in profiles]
        rows = np.flatnonzero(placeable)
        pairs = possible_pairs([people[row] for row in rows], vacancies, routes)
        fit = np.full((len(profiles), len(vacancies)), BLOCKED, np.int16)
        fit[rows[pairs.candidate], pairs.vacancy] = pairs.fit
        need, offer = guidance_of(people, vacancies, routes)
        return fit, need, offer


class _Way:
    """How somebody comes to a place under the rules of one week."""

    def __init__(self, routes: Pathways) -> None:
        self.routes = routes

    def lane(self, profile: CandidateProfile) -> tuple[Lane, int]:
        """The lane and the start level in hundredths."""
        readiness = assess_readiness(profile, self.routes.setting.rules)
        return lane_of(profile, readiness, self.routes).lane, readiness.start_level

    def after_programmes(self, profile: CandidateProfile) -> tuple[CandidateProfile, Lane, int]:
        """Who somebody is after the soonest way, the lane then, and in how many weeks."""
        way = self.routes.towards_support(profile, sector_to_work_on(profile, self.routes))
        if way is None:
            return profile, Lane.PRE_PLACEMENT, 0
        grown = State(profile).after([step.programme for step in way.steps]).candidate
        took = max(step.ready_on for step in way.steps) - self.routes.setting.on
        return grown, self.lane(grown)[0], ceil(took.days / DAYS)


def _answered(
    profile: CandidateProfile, everybody: Sequence[CandidateProfile], donors: Ints
) -> CandidateProfile:
    """The profile with each open answer taken from the next person who gave it."""
    found: dict[str, object] = {}
    for name, first in zip(ASKED, donors, strict=True):
        if getattr(profile, name) is not None:
            continue
        for step in range(len(everybody)):
            answer = getattr(everybody[(int(first) + step) % len(everybody)], name)
            if answer is not None:
                found[name] = answer
                break
    return profile.with_values(found)
