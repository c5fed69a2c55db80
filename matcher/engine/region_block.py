"""One block of a region: the best places of some people, as a pure function of plain values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from threading import Lock
from typing import Any

import numpy as np

from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.vacancy import VacancyProfile
from matcher.engine.batch import best_pairs, every_pair
from matcher.engine.layout import Country
from matcher.engine.spread import Block, Common
from matcher.models.types import canonical_json

COUNTRIES_MAXIMUM = 4
"""Regions whose vacancies stay laid out: laying them out costs more than a block."""
LEFT_OUT = frozenset(
    {"wants_start", "adult", "current_hours", "money", "home_base", "waiting_since"}
)
"""Answers that no fit and no blocker reads: they do not travel."""
TRAVELLING = tuple(each.name for each in fields(CandidateProfile) if each.name not in LEFT_OUT)
_values_of = attrgetter(*TRAVELLING)


@dataclass(frozen=True, slots=True)
class RegionWork:
    """The vacancies of a region with their numbers in the database, and what they are judged by."""

    vacancies: tuple[VacancyProfile, ...]
    numbers: tuple[int, ...]
    setting: Setting
    top: int


@dataclass(frozen=True, slots=True)
class People:
    """People who take part, by number in rising order, and how many of the block do not.

    `answers` has for each of them the values of `TRAVELLING`: packing profiles for a journey would
    cost more than matching them.
    """

    numbers: tuple[int, ...]
    answers: tuple[tuple[Any, ...], ...]
    left_out: int

    def profiles(self) -> list[CandidateProfile]:
        """The people again; what did not travel is unknown."""
        return [CandidateProfile(**dict(zip(TRAVELLING, one, strict=True))) for one in self.answers]


def taking_part(found: Mapping[int, CandidateProfile], asked: int, setting: Setting) -> People:
    """Those of `found` who are not paused, with no more of them than the rules of fit read."""
    present = {key: one for key, one in found.items() if not one.is_paused(setting.on)}
    answers = tuple(_values_of(one) for one in present.values())
    return People(tuple(present), answers, asked - len(present))


def match_block(common: Common, block: Block) -> bytes:
    """The best places of each person of a block, and how many people of it fit each vacancy.

    `common` holds a RegionWork and `block` People. Canonical JSON: `lines` of person, vacancy, rank
    and fit in hundredths; `fits` by row of vacancy; counts of people.
    """
    region: RegionWork = common.value
    people: People = block.value
    country = _country(common)
    profiles = people.profiles()
    best = best_pairs(profiles, country, top=region.top)
    pairs = every_pair(profiles, country, best.eligible)
    fits = np.bincount(pairs.vacancy, minlength=len(region.vacancies))
    lines = []
    for person, places, points in zip(
        people.numbers, best.vacancies.tolist(), best.vacancy_fits.tolist(), strict=True
    ):
        known = [(v, fit) for v, fit in zip(places, points, strict=True) if v >= 0]
        for vacancy, fit in known:
            rank = 1 + sum(other > fit for _, other in known)
            lines.append([person, region.numbers[vacancy], rank, fit])
    return canonical_json(
        {
            "people": len(profiles),
            "left_out": people.left_out,
            "without": int((best.eligible == 0).sum()),
            "fits": fits.tolist(),
            "lines": lines,
        }
    ).encode()


_laid_out: OrderedDict[str, Country] = OrderedDict()
_lock = Lock()


def _country(common: Common) -> Country:
    """The vacancies laid out, once for all blocks of this process that start from them."""
    with _lock:
        found = _laid_out.get(common.key)
        if found is None:
            region: RegionWork = common.value
            found = Country(region.vacancies, region.setting)
            _laid_out[common.key] = found
            while len(_laid_out) > COUNTRIES_MAXIMUM:
                _laid_out.popitem(last=False)
        _laid_out.move_to_end(common.key)
        return found
