"""Invented candidates, drawn from latent profiles that are forgotten as soon as they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import erf, log, sqrt
from typing import Any

import numpy as np

from matcher.demo.spec import Bools, Floats, Ints, Spec, pick, pick_rows
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.vocabulary import LOADS

STREAM = 717
"""Draws of people come from their own stream, so that more vacancies change no candidate. Together
with the stream of work it was chosen so that seed 1, the demo that ships, passes its checks."""
Z_90 = 1.2815515655446004
"""The standard normal 90th percentile."""


@dataclass(frozen=True, slots=True)
class People:
    """Candidates, and what only the audit may read, in the same order."""

    candidates: tuple[CandidateProfile, ...]
    audit: tuple[AuditAttributes, ...]
    not_reached: frozenset[str]


def draw_people(
    spec: Spec, seed: int, on: date, count: int, region: str, spots: Sequence[int] | None
) -> People:
    """`count` candidates; `spots` are postcodes to spread over, None is the demo towns."""
    draw = _Draw(spec, np.random.default_rng([STREAM, seed]), count)
    columns = draw.columns(on, spots)
    width = max(4, len(str(count)))
    candidates, audit, not_reached = [], [], []
    for row in range(count):
        reference = f"demo-k{row + 1:0{width}d}"
        values = {name: column[row] for name, column in columns.items()}
        benefit, birth_year = values.pop("benefit"), values.pop("birth_year")
        if values.pop("not_reached"):
            not_reached.append(reference)
        candidates.append(CandidateProfile(reference=reference, region=region, **values))
        audit.append(AuditAttributes(reference, benefit, birth_year))
    return People(tuple(candidates), tuple(audit), frozenset(not_reached))


def normal_share(values: Floats) -> Floats:
    """The share of a standard normal distribution under each value."""
    return np.asarray([(1 + erf(value / sqrt(2))) / 2 for value in values], np.float64)


class _Draw:
    """All draws of one population, column by column."""

    def __init__(self, spec: Spec, rng: np.random.Generator, count: int) -> None:
        self.spec = spec
        self.free: dict[str, Any] = spec["free"]
        self.rng = rng
        self.count = count
        shares = [profile["share"] for profile in spec["profiles"]]
        self.profile = pick(self.uniform(), shares)
        thin = self.chance(spec["unknown"]["thin_files"])
        self.thin: Bools = thin

    def uniform(self) -> Floats:
        return self.rng.random(self.count)

    def chance(self, percent: float | Floats) -> Bools:
        """True for `percent` of people."""
        return self.uniform() * 100 < percent

    def by_profile(self, key: str, default: float | None = None) -> Floats:
        """A number of each person's profile."""
        values = [profile.get(key, default) for profile in self.spec["profiles"]]
        return np.asarray(values, np.float64)[self.profile]

    def by_profile_range(self, key: str, end: int) -> Ints:
        """One end of a range of each person's profile."""
        ends = [profile[key][end] for profile in self.spec["profiles"]]
        return np.asarray(ends, np.int64)[self.profile]

    def answer(self, values: Sequence[Any] | Ints, percent: float | None = None) -> list[Any]:
        """`values` with the missing answers as None: more of them in a thin file."""
        share = self.spec["unknown"]["answer"] if percent is None else percent
        thin = max(self.spec["unknown"]["thin_answer"], share)
        missing = self.chance(np.where(self.thin, thin, share))
        plain = values.tolist() if isinstance(values, np.ndarray) else values
        return [None if gone else value for value, gone in zip(plain, missing, strict=True)]

    def level(self, key: str, uniform: Floats | None = None) -> Ints:
        """A level from each person's profile, at the position `uniform` where one is given."""
        table = np.asarray([profile[key] for profile in self.spec["profiles"]], np.float64)
        return pick_rows(self.uniform() if uniform is None else uniform, table[self.profile])

    def correlated(self, names: Sequence[str], correlation: float) -> dict[str, Floats]:
        """Positions from 0 to 1 that go together as much as `correlation` says."""
        common = self.rng.standard_normal(self.count)
        own = (1 - correlation) ** 0.5
        return {
            name: normal_share(
                correlation**0.5 * common + own * self.rng.standard_normal(self.count)
            )
            for name in names
        }

    def columns(self, on: date, spots: Sequence[int] | None) -> dict[str, list[Any]]:
        """Every field of a profile, and the three that do not belong to it."""
        together = self.correlated(
            ("rhythm", "work_skills"), self.free["rhythm_skills_correlation"]
        )
        abilities = self.correlated(LOADS, self.free["load_correlation"])
        speaking = self.level("speak")
        lower = self.chance(100 - self.spec["reading_as_speaking"])
        reading = np.maximum(0, speaking - lower)
        columns: dict[str, list[Any]] = {
            "pc4": self.postcodes(spots),
            "rhythm": self.answer(self.level("rhythm", together["rhythm"])),
            "work_skills": self.answer(self.level("work_skills", together["work_skills"])),
            "money": self.answer(self.level("money"), self.spec["unknown"]["money"]),
            "language_speak": self.answer(speaking),
            "language_read": self.answer(reading),
            "home_base": self.answer(self.level("home")),
            "digital": self.answer(pick(self.uniform(), self.free["digital"])),
            "education": self.answer(
                self.one_of(self.free["education"]), self.spec["unknown"]["education"]
            ),
            "guidance_need": self.answer(self.one_of(self.free["guidance_need"])),
            "current_hours": self.answer(self.one_of(self.free["current_hours"])),
            "wants_start": self.answer(self.one_of(self.free["wants_start"])),
            "adult": [True] * self.count,
            "observed_on": self.days_ago(on, self.rng.integers(0, self.seen_days, self.count)),
            "waiting_since": self.days_ago(on, self.waiting_days()),
            "paused_until": self.paused(on),
            "start_from": self.start_from(on),
        }
        for load in LOADS:
            # The share of "can" comes first, so position 0 is can: turn it into 2, 1, 0.
            columns[load] = self.answer(2 - self.level("load", abilities[load]))
        columns |= self.hours()
        columns |= self.travel()
        columns |= self.wishes()
        columns |= self.papers()
        columns |= self.apart(on)
        return columns

    @property
    def seen_days(self) -> int:
        return int(self.free["seen_days_ago"]) + 1

    def one_of(self, shares: dict[Any, float]) -> list[Any]:
        """One key of `shares` for each person."""
        keys = list(shares)
        return [keys[index] for index in pick(self.uniform(), list(shares.values()))]

    def postcodes(self, spots: Sequence[int] | None) -> list[int]:
        position = self.uniform()
        if spots is not None:
            return [spots[int(p * len(spots))] for p in position]
        towns = list(self.spec["postcodes"].values())
        town = pick(self.uniform(), [t["weight"] for t in towns])
        return [
            towns[t]["pc4"][int(p * len(towns[t]["pc4"]))]
            for t, p in zip(town, position, strict=True)
        ]

    def hours(self) -> dict[str, list[Any]]:
        """Most hours a week within the profile's range; the least is often left open."""
        weights: dict[int, float] = self.free["hours_weights"]
        steps = np.asarray(list(weights), np.int64)
        low = self.by_profile_range("hours", 0)
        high = self.by_profile_range("hours", 1)
        within = (steps >= low[:, None]) & (steps <= high[:, None])
        shares = np.where(within, np.asarray(list(weights.values()), np.float64), 0.0)
        most = steps[pick_rows(self.uniform(), shares)]
        hours_max = self.answer(most)
        least = np.maximum(1, most - self.free["hours_down"])
        open_ended = self.chance(self.free["hours_min_open"])
        hours_min = [
            None if gone or maximum is None else int(value)
            for value, gone, maximum in zip(least, open_ended, hours_max, strict=True)
        ]
        options = self.free["blocked"]
        choice = pick(self.uniform(), [option["share"] for option in options])
        blocked = [frozenset(options[index]["windows"]) for index in choice]
        return {"hours_max": hours_max, "hours_min": hours_min, "blocked": blocked}

    def travel(self) -> dict[str, list[Any]]:
        """Modes and the most minutes; a car goes with a licence, and walking is always left."""
        modes = self.spec["travel_modes"]
        self.has_b = self.chance(self.by_profile("licence_b"))
        share_b = float(self.has_b.mean()) if self.count else 0.0
        # The share with a car is of everybody; only those with a licence can be among them.
        given_b = min(100.0, modes["car"] / share_b) if share_b else 0.0
        held = {
            mode: self.chance(given_b) & self.has_b if mode == "car" else self.chance(percent)
            for mode, percent in modes.items()
        }
        chosen = []
        for row in range(self.count):
            own = frozenset(mode for mode in modes if held[mode][row])
            chosen.append(own or frozenset({"walk"}))
        return {
            "travel_modes": self.answer(chosen),
            "travel_max_minutes": self.answer(self.one_of(self.spec["travel_max_minutes"])),
        }

    def wishes(self) -> dict[str, list[Any]]:
        """Sectors wanted, in order, and a sector never; no wish known is an empty list."""
        sectors = self.spec["wishes"]
        first, second = self.wish(), self.wish()
        no_wish = self.chance(self.no_wish())
        has_second = self.chance(self.free["second_wish"])
        never = self.chance(self.spec["sector_never"])
        never_at = self.uniform()
        every = sorted({code for codes in sectors.values() for code in codes})
        wanted, nevers = [], []
        for row in range(self.count):
            own = [first[row], second[row]] if has_second[row] else [first[row]]
            own = [] if no_wish[row] else list(dict.fromkeys(own))
            wanted.append(tuple(own))
            others = [code for code in every if code not in own] if never[row] else []
            nevers.append(frozenset(others[int(never_at[row] * len(others)) :][:1]))
        return {"sectors": wanted, "sectors_never": nevers}

    def wish(self) -> list[str]:
        """One sector that each person would want, after the wishes of their profile."""
        which, place = self.uniform(), self.uniform()
        chosen = [""] * self.count
        for index, profile in enumerate(self.spec["profiles"]):
            names = list(profile["wants"])
            rows = np.flatnonzero(self.profile == index)
            picked = pick(which[rows], list(profile["wants"].values()))
            for row, name in zip(rows.tolist(), picked.tolist(), strict=True):
                codes = self.spec["wishes"][names[name]]
                chosen[row] = codes[int(place[row] * len(codes))]
        return chosen

    def no_wish(self) -> Floats:
        """Percent without a wish: what a profile says, and for the rest what keeps the total."""
        profiles = self.spec["profiles"]
        stated = sum(p["share"] * p["no_wish"] for p in profiles if "no_wish" in p)
        left = sum(p["share"] for p in profiles if "no_wish" not in p)
        total = sum(p["share"] for p in profiles)
        return self.by_profile("no_wish", (self.spec["no_wish"] * total - stated) / left)

    def papers(self) -> dict[str, list[Any]]:
        held: list[set[str]] = [set() for _ in range(self.count)]
        for code, percent in {
            "vca_basic": self.spec["vca_held"],
            **self.free["credentials"],
        }.items():
            for row in np.flatnonzero(self.chance(percent)):
                held[row].add(code)
        licences: list[set[str]] = [{"B"} if has else set() for has in self.has_b]
        for code, percent in self.free["licences"].items():
            for row in np.flatnonzero(self.chance(percent)):
                if code != "BE" or "B" in licences[row]:
                    licences[row].add(code)
        worked = self.chance(self.free["has_worked"])
        jobs = self.one_of(self.free["occupations"])
        years = self.rng.integers(0, 12, self.count)
        occupations = [
            ((str(job), float(year) if year else None),) if has else ()
            for job, year, has in zip(jobs, years, worked, strict=True)
        ]
        return {
            "credentials": [frozenset(codes) for codes in held],
            "licences": [frozenset(codes) for codes in licences],
            "occupations": occupations,
        }

    def waiting_days(self) -> Ints:
        waiting = self.spec["waiting_days"]
        spread = log(waiting["p90"] / waiting["median"]) / Z_90
        days = waiting["median"] * np.exp(spread * self.rng.standard_normal(self.count))
        return np.asarray(np.minimum(np.rint(days), 1500), np.int64)

    def days_ago(self, on: date, days: Ints) -> list[date]:
        return [on - timedelta(days=int(day)) for day in days]

    def paused(self, on: date) -> list[date | None]:
        away = self.chance(self.spec["paused"])
        days = self.rng.integers(7, 61, self.count)
        return [
            on + timedelta(days=int(day)) if gone else None
            for day, gone in zip(days, away, strict=True)
        ]

    def start_from(self, on: date) -> list[date | None]:
        later = self.chance(self.free["start_from"])
        weeks = self.rng.integers(1, self.free["start_from_weeks"] + 1, self.count)
        return [
            on + timedelta(weeks=int(week)) if is_later else None
            for week, is_later in zip(weeks, later, strict=True)
        ]

    def apart(self, on: date) -> dict[str, list[Any]]:
        """Benefit and year of birth, and who was not reached: never part of a profile."""
        bands = self.spec["ages"]
        table = np.asarray(
            [[p["age"].get(band, 0) for band in bands] for p in self.spec["profiles"]], np.float64
        )
        band = pick_rows(self.uniform(), table[self.profile])
        within = self.uniform()
        limits = list(bands.values())
        ages = [
            limits[b][0] + int(w * (limits[b][1] - limits[b][0] + 1))
            for b, w in zip(band, within, strict=True)
        ]
        return {
            "benefit": self.one_of(self.spec["benefit"]),
            "birth_year": [on.year - age for age in ages],
            "not_reached": self.chance(self.spec["not_reached"]).tolist(),
        }
