"""Data of ``demo-data --scale`` for benchmarks of many pairs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from matcher.demo.region import generate
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting, assess_pair
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.reference.places import load_places
from matcher.reference.rules import load_rule_set

ON = date(2026, 11, 23)
SEED = 7
SCALES = {2: "national", 40: "regional"}
"""The scale that data of about so many percent feasible come from."""


@dataclass(frozen=True)
class Scale:
    """People and work of one scale, and the setting that they are judged in."""

    candidates: tuple[CandidateProfile, ...]
    vacancies: tuple[VacancyProfile, ...]
    setting: Setting


@lru_cache(maxsize=1)
def scale(percent: int, people: int, places: int) -> Scale:
    """`people` and `places` with about `percent` of their pairs feasible."""
    region = generate(
        SEED, ON, people, places, 20, SCALES[percent], lessons=False, feasible=percent
    )
    setting = Setting(load_rule_set("demo"), load_places(), ON)
    return Scale(region.candidates, region.vacancies, setting)


def feasible_share(data: Scale, people: int = 500) -> float:
    """The share of pairs, in percent, that nothing blocks and that need not be asked first.

    Counted over evenly spread people.
    """
    table = VacancyTable(data.vacancies, data.setting)
    chosen = data.candidates[:: 1 + len(data.candidates) // people]
    count = 0
    for candidate in chosen:
        scores = table.score(current(candidate, data.setting))
        count += int((scores.eligible & ~scores.ask_first).sum())
    return 100 * count / (len(chosen) * len(table))


def removed_by(data: Scale, sample: int = 120) -> dict[str, float]:
    """The share of pairs, in percent, that each blocker shuts out by itself."""
    people = data.candidates[:: 1 + len(data.candidates) // sample]
    places = data.vacancies[:: 1 + len(data.vacancies) // sample]
    found: Counter[str] = Counter()
    for candidate in people:
        known = current(candidate, data.setting)
        for vacancy in places:
            pair = assess_pair(known, vacancy, data.setting)
            found.update({blocker.code for blocker in pair.blockers})
    return {code: 100 * count / (len(people) * len(places)) for code, count in found.items()}
