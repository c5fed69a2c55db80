"""Load gaps: what the work demands against what someone can do; abilities, never causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain.candidate import CandidateProfile
from matcher.domain.rules import SmallEmployerLimits
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import ABILITY_MAXIMUM, LOADS


def load_gap(demand: int, ability: int) -> int:
    """Steps short on one load: demand minus ability, if positive (contract.md section 3)."""
    return max(0, demand - ability)


@dataclass(frozen=True, slots=True)
class LoadGaps:
    """Gaps of a pair: `known` load -> steps short, above nothing; `unknown` loads, unsettled.

    `ask` are the unsettled loads that lack the candidate's ability on a demand still some or much.
    """

    known: Mapping[str, int]
    unknown: tuple[str, ...]
    ask: tuple[str, ...]

    @property
    def largest(self) -> int:
        """The largest known gap in steps."""
        return max(self.known.values(), default=0)

    @property
    def half_steps(self) -> int:
        """Gap in half steps for the points of fit: an unsettled load counts as half a step."""
        return 2 * sum(self.known.values()) + len(self.unknown)


def load_gaps(candidate: CandidateProfile, vacancy: VacancyProfile) -> LoadGaps:
    """The gaps of `candidate` on every load of `vacancy`, after adapting.

    A load is unsettled when the gap depends on what is not known: an unknown ability on a demand
    of some or much, or an unknown demand on an ability below *can*.
    """
    known: dict[str, int] = {}
    unknown: list[str] = []
    ask: list[str] = []
    for load in LOADS:
        demand, ability = vacancy.demand(load), candidate.level(load)
        if demand == 0 or ability == ABILITY_MAXIMUM:
            continue
        if demand is None:
            unknown.append(load)
        elif ability is None:
            unknown.append(load)
            ask.append(load)
        elif gap := load_gap(demand, ability):
            known[load] = gap
    return LoadGaps(known, tuple(unknown), tuple(ask))


@dataclass(frozen=True, slots=True)
class SmallEmployer:
    """P-6 for one pair: whether it blocks, must be asked first, or needs a job coach."""

    blocks: bool = False
    ask_first: bool = False
    job_coach: bool = False


def small_employer(
    gaps: LoadGaps, employer_size: float | None, limits: SmallEmployerLimits
) -> SmallEmployer:
    """What a small employer can carry (P-6; sizes in FTE, an unknown size counts as stated).

    The smallest: any known load gap blocks, and an unknown ability is asked first. Small: one
    demand with a gap of one step, with a job coach.
    """
    size = limits.unknown_counts_as if employer_size is None else employer_size
    if size < limits.smallest_below:
        return SmallEmployer(blocks=bool(gaps.known), ask_first=bool(gaps.ask))
    if size < limits.small_below:
        too_much = len(gaps.known) > limits.gaps_allowed_small or gaps.largest > 1
        return SmallEmployer(blocks=too_much, job_coach=bool(gaps.known) and not too_much)
    return SmallEmployer()
