"""A programme of the catalogue: what a candidate can follow before or beside a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

RAISABLE_EXTRAS = ("direction", "guidance_hours")
"""`raises` beyond levels and load abilities: a sector chosen, guidance hours at the site."""


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme.

    `raises` are (level or load ability, steps), capped at the top; `gives` holds credentials,
    licences and travel modes. `needs` are lower bounds (name, least) on a level, a load ability,
    ``hours_max`` or a paper (``B>=1``); they never bar anyone whose level is unknown, and can never
    ask for a money level (P-3). `weeks` is the duration, `starts_on` empty means any Monday,
    `seats` are per start and None is unlimited.
    """

    reference: str
    kind: str
    region: str | None = None
    title: str | None = None
    arrangement: str | None = None
    provider: str | None = None
    raises: tuple[tuple[str, int], ...] = ()
    gives: frozenset[str] = frozenset()
    needs: tuple[tuple[str, float], ...] = ()
    weeks: float = 0
    hours_a_week: float = 0
    starts_on: tuple[date, ...] = ()
    seats: int | None = None
    funding: str | None = None
    funding_sector: str | None = None
    evidence: str | None = None

    @property
    def is_money_support(self) -> bool:
        """Whether all it does is calm money worries: it then runs beside a plan (P-3)."""
        return bool(self.raises) and not self.gives and {n for n, _ in self.raises} == {"money"}

    @property
    def duration(self) -> timedelta:
        """From the first day to the day on which its result counts."""
        return timedelta(days=ceil(self.weeks * 7))
