"""What an allocation gets: who takes part, and the guidance that they need and sites offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.domain.assessment import current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.programme import Programme
from matcher.domain.readiness import assess_readiness
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.engine.problem import UNLIMITED

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Participant:
    """One candidate who is not paused: the lane, the start level in hundredths, days waited."""

    profile: CandidateProfile
    lane: Lane
    start_level: int
    waiting_days: int

    def guidance(self, setting: Setting) -> tuple[float, bool]:
        """Hours a week that count here, and whether they are the cautious guess."""
        need = setting.rules.guidance_value(self.profile.guidance_need)
        if need is None:
            return setting.rules.allocation.unknown_guidance_hours, True
        return need, False


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a region beside the profiles.

    `lanes` are those that a person decided on, by reference; who is `seated` gets no other seat;
    `seats` are the programmes with the start and the seats that are left, None for all of them.
    """

    lanes: Mapping[str, Lane] = field(default_factory=dict)
    seated: frozenset[str] = frozenset()
    seats: Sequence[Programme] | None = None


def participants(
    candidates: Iterable[CandidateProfile],
    pathways: Mapping[str, Pathways],
    on: date,
    decided: Mapping[str, Lane] | None = None,
) -> list[Participant]:
    """Everybody who is not paused, with the lane under the rules of their region.

    `pathways` are by reference of the candidate's region; a lane in `decided` stands.
    """
    stands = decided or {}
    found = []
    for candidate in candidates:
        if candidate.is_paused(on):
            continue
        routes = pathways[candidate.region]
        known = current(candidate, routes.setting)
        readiness = assess_readiness(known, routes.setting.rules)
        since = candidate.waiting_since
        found.append(
            Participant(
                profile=candidate,
                lane=stands.get(candidate.reference) or lane_of(known, readiness, routes).lane,
                start_level=readiness.start_level,
                waiting_days=0 if since is None else max(0, (on - since).days),
            )
        )
    return found


def site_hours(vacancy: VacancyProfile, setting: Setting) -> float | None:
    """Guidance hours a week of a site; from its buddies where it states none; None without both."""
    if vacancy.guidance_hours is not None:
        return vacancy.guidance_hours
    if vacancy.buddies is None:
        return None
    return vacancy.buddies * setting.rules.allocation.hours_a_buddy


def guidance_of(
    people: Sequence[Participant],
    vacancies: Sequence[VacancyProfile],
    pathways: Mapping[str, Pathways],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Guidance needed by candidate and offered by vacancy, in hundredths of an hour a week."""
    need = [
        round(person.guidance(pathways[person.profile.region].setting)[0] * HUNDREDTHS)
        for person in people
    ]
    setting = next(iter(pathways.values())).setting
    offer = [
        UNLIMITED if (hours := site_hours(v, setting)) is None else round(hours * HUNDREDTHS)
        for v in vacancies
    ]
    return np.array(need, np.int64), np.array(offer, np.int64)
