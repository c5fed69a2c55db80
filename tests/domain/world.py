"""Thousands of random people and places from a seed: quick to make, so that many can be tried."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random

from matcher.domain.candidate import CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import LEVEL_MAXIMUM, LOADS, MODES, NEED_LEVELS, SHIFTS, WINDOWS
from tests.domain.strategies import LICENCES, ON, PAPERS, POSTCODES, RAISES, SECTORS


class World:
    """Draws from one seed; unknown about one time in `unknown_one_in`."""

    def __init__(self, seed: int, unknown_one_in: int = 5) -> None:
        self.random = Random(seed)  # noqa: S311 - test data, no secret
        self.unknown_one_in = unknown_one_in

    def maybe(self, value):
        return None if self.random.randrange(self.unknown_one_in) == 0 else value

    def some(self, values, most: int) -> frozenset:
        return frozenset(self.random.sample(list(values), self.random.randint(0, most)))

    def day(self, first: int, last: int):
        return ON + timedelta(days=self.random.randint(first, last))

    def candidate(self, reference: str = "K1") -> CandidateProfile:
        r = self.random
        low, high = sorted((r.randint(1, 40), r.randint(8, 40)))
        values = {name: self.maybe(r.randint(0, top)) for name, top in LEVEL_MAXIMUM.items()}
        values |= {load: self.maybe(r.choice([2, 2, 2, 1, 0])) for load in LOADS}
        return CandidateProfile(
            reference=reference,
            region="demo",
            pc4=self.maybe(r.choice(POSTCODES)),
            travel_max_minutes=self.maybe(r.choice([0, 15, 30, 45, 60, 90, 180])),
            travel_modes=self.maybe(self.some(MODES, 3) | {r.choice(MODES)}),
            licences=self.some(LICENCES, 2),
            sectors=tuple(r.sample(SECTORS, r.randint(0, 3))),
            sectors_never=self.some(SECTORS, 1),
            current_hours=self.maybe(r.choice([0, 0, 8, 16, 24])),
            hours_min=self.maybe(low),
            hours_max=self.maybe(high),
            blocked=self.some(WINDOWS, 6),
            start_from=self.maybe(self.day(-20, 40)),
            credentials=self.some(PAPERS, 2),
            education=self.maybe(r.randint(1, 6)),
            occupations=r.choice([(), (("9312", 2.0),), (("8342", 3.0),)]),
            guidance_need=self.maybe(r.randint(0, 14)),
            observed_on=self.maybe(self.day(-250, 0)),
            **values,
        )

    def vacancy(self, reference: str = "V1") -> VacancyProfile:
        r = self.random
        low, high = sorted((r.randint(8, 40), r.randint(8, 40)))
        values = {
            name: self.maybe(r.randint(0, LEVEL_MAXIMUM[name] - (name != "digital")))
            for name in NEED_LEVELS
        }
        values |= {load: self.maybe(r.choice([0, 0, 0, 1, 2])) for load in LOADS}
        return VacancyProfile(
            reference=reference,
            contractor="Aannemer",
            region="demo",
            sector=r.choice(SECTORS),
            places=r.randint(1, 5),
            employer_size=self.maybe(r.choice([5, 9.5, 10, 30, 49.5, 50, 500])),
            occupation=self.maybe(r.choice(["9312", "9313", "8342"])),
            hours_min=self.maybe(low),
            hours_max=self.maybe(high),
            shifts=tuple(r.sample(SHIFTS, r.randint(1, 2))),
            day_starts_at=self.maybe(r.choice([time(6, 15), time(6, 30), time(7), time(23)])),
            site_pc4=self.maybe(r.choice(POSTCODES)),
            reachable_by=self.some(MODES, 3),
            adaptable=self.some(LOADS, 3),
            education=self.maybe(r.choice([1, 1, 2, 4])),
            licences=self.some(LICENCES, 1),
            credentials=self.some(PAPERS, 1),
            guidance_hours=self.maybe(r.choice([2, 4, 7, 12, 20])),
            start_on=self.maybe(self.day(-20, 120)),
            flex_weeks=r.choice([0, 2, 8]),
            **values,
        )

    def programme(self, reference: str = "P1") -> Programme:
        r = self.random
        names = r.sample(RAISES, r.randint(0, 2))
        need = r.choice(["language_read", "rhythm", "work_skills"])
        return Programme(
            reference=reference,
            kind="course",
            raises=tuple((name, r.randint(1, 2)) for name in names),
            gives=self.some((*PAPERS, "B", "ebike"), 1),
            needs=((need, 1),) if r.random() < 0.4 else (),
            weeks=r.choice([1, 4, 8, 12, 20]),
            hours_a_week=r.choice([1, 6, 8, 16, 20, 32]),
            starts_on=tuple(sorted({self.day(-10, 200) for _ in range(r.randint(0, 4))})),
            seats=self.maybe(r.randint(0, 12)),
        )

    def vacancies(self, count: int) -> list[VacancyProfile]:
        return [self.vacancy(f"V{number:04d}") for number in range(count)]

    def programmes(self, count: int) -> list[Programme]:
        return [self.programme(f"P{number:02d}") for number in range(count)]
