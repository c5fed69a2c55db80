"""One contractor's learning-work vacancy, as the rules see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from matcher.domain.vocabulary import LOADS


@dataclass(frozen=True, slots=True)
class VacancyProfile:
    """One vacancy of `places` learning-work places at one site; None is *unknown*.

    Demands are 0 (none), 1 (some), 2 (much); needs are levels; hours are hours a week;
    `employer_size` is in FTE, `guidance_hours` a week for the whole site, `wage_hour_cents` in
    integer cents. An empty `reachable_by` means any mode. There is no need for money, benefit,
    age, gender, origin or health, and there cannot be one.
    """

    reference: str
    contractor: str
    region: str
    sector: str
    places: int
    title: str | None = None
    employer_size: float | None = None
    occupation: str | None = None
    contract_type: str | None = None
    employer_of_record: str | None = None
    arrangement: str | None = None
    learning_level: str | None = None
    hours_min: float | None = None
    hours_max: float | None = None
    shifts: tuple[str, ...] = ("day",)
    day_starts_at: time | None = None
    site_pc4: int | None = None
    reachable_by: frozenset[str] = frozenset()
    lift: int | None = None
    stand: int | None = None
    walk: int | None = None
    bend: int | None = None
    outdoor: int | None = None
    height: int | None = None
    pace: int | None = None
    interruptions: int | None = None
    group: int | None = None
    alone: int | None = None
    customers: int | None = None
    adaptable: frozenset[str] = frozenset()
    rhythm: int | None = None
    work_skills: int | None = None
    language_speak: int | None = None
    language_read: int | None = None
    digital: int | None = None
    education: int | None = None
    licences: frozenset[str] = frozenset()
    credentials: frozenset[str] = frozenset()
    credentials_taught: frozenset[str] = frozenset()
    guidance_hours: float | None = None
    buddies: int | None = None
    start_on: date | None = None
    flex_weeks: int = 0
    contract_months: float | None = None
    wage_hour_cents: int | None = None

    def need(self, name: str) -> int | None:
        """The level or demand asked for under `name`; None is unknown."""
        value: int | None = getattr(self, name)
        return value

    def demand(self, load: str) -> int | None:
        """The demand after adapting: an adaptable demand counts one step less (contract 3)."""
        value: int | None = getattr(self, load)
        if value is None or load not in self.adaptable:
            return value
        return max(0, value - 1)

    def demands(self) -> dict[str, int | None]:
        """Every demand after adapting, by load."""
        return {load: self.demand(load) for load in LOADS}

    @property
    def latest_start(self) -> date | None:
        """The last day on which someone can still start: `start_on` plus `flex_weeks`."""
        if self.start_on is None:
            return None
        return self.start_on + timedelta(weeks=self.flex_weeks)
