"""What programmes can change, as conditions on a state: the ground of the trajectory search.

A state is what counts of a candidate and can grow: levels, abilities, papers, ways to travel and
guidance hours won at the site. Programmes only add, so a condition once met stays met, and the
order in which programmes were followed does not matter for the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from matcher.domain.candidate import CandidateProfile
from matcher.domain.loads import load_gaps, small_employer
from matcher.domain.pairs import LEVEL_STEPS_THAT_BLOCK, Setting, never_wanted, pair_facts
from matcher.domain.programme import Programme
from matcher.domain.travel import TravelState, travel_to
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import ABILITY_MAXIMUM, LEVEL_MAXIMUM, LOADS, MODES, NEED_LEVELS

GUIDANCE_HOURS = "guidance_hours"


@dataclass(frozen=True, slots=True)
class State:
    """A candidate after some programmes, and the guidance hours those won at a site."""

    candidate: CandidateProfile
    guidance_hours: float = 0

    def after(self, programmes: Iterable[Programme]) -> State:
        """The state once `programmes` are finished: levels capped, unknown stays unknown."""
        raised: dict[str, int] = {}
        papers: set[str] = set()
        guidance = self.guidance_hours
        for programme in programmes:
            papers |= programme.gives
            for name, steps in programme.raises:
                if name == GUIDANCE_HOURS:
                    guidance += steps
                elif name in LEVEL_MAXIMUM or name in LOADS:
                    raised[name] = raised.get(name, 0) + steps
        return State(raise_candidate(self.candidate, raised, papers), guidance)


def raise_candidate(
    candidate: CandidateProfile, raised: Mapping[str, int], papers: Iterable[str]
) -> CandidateProfile:
    """`candidate` with levels raised to the top at most, and with `papers` and modes added.

    An unknown level stays unknown, and someone whose modes are unknown keeps them unknown.
    """
    values: dict[str, object] = {}
    for name, steps in raised.items():
        level = candidate.level(name)
        if level is not None:
            values[name] = min(LEVEL_MAXIMUM.get(name, ABILITY_MAXIMUM), level + steps)
    papers = frozenset(papers)
    if candidate.travel_modes is not None:
        values["travel_modes"] = candidate.travel_modes | papers & frozenset(MODES)
    if held := papers - frozenset(MODES):
        values["credentials"] = candidate.credentials | held
        values["licences"] = candidate.licences | held
    return candidate.with_values(values) if values else candidate


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold before a place opens.

    `kind` is ``level`` (name, minimum), ``load`` (the vacancy), ``paper`` (a code), ``travel``
    (the vacancy) or ``guidance`` (the vacancy).
    """

    kind: str
    name: str
    minimum: int = 0
    vacancy: VacancyProfile | None = field(default=None, compare=False)

    def is_met(self, state: State, setting: Setting) -> bool:
        """Whether `state` meets it; an unknown level meets a level (it blocks nothing)."""
        candidate = state.candidate
        if self.kind == "level":
            level = candidate.level(self.name)
            return level is None or level >= self.minimum
        if self.kind == "paper":
            return self.name in candidate.credentials or self.name in candidate.licences
        assert self.vacancy is not None  # noqa: S101 - the kinds below are made with one
        if self.kind == "load":
            return loads_allow(candidate, self.vacancy, setting)
        if self.kind == "travel":
            rules = setting.rules
            way = travel_to(
                candidate, self.vacancy, setting.places, rules.travel, rules.shifts.ends_at
            )
            return way.state is not TravelState.OVER
        need = setting.rules.guidance_value(candidate.guidance_need)
        offered = self.vacancy.guidance_hours
        return need is None or offered is None or need <= offered + state.guidance_hours

    def touched_by(self, programme: Programme) -> bool:
        """Whether finishing `programme` can help to meet it."""
        raised = {name for name, _ in programme.raises}
        if self.kind == "level":
            return self.name in raised
        if self.kind == "paper":
            return self.name in programme.gives
        if self.kind == "travel":
            return bool(programme.gives & frozenset(MODES))
        if self.kind == "guidance":
            return GUIDANCE_HOURS in raised
        return bool(raised & frozenset(LOADS))


def loads_allow(candidate: CandidateProfile, vacancy: VacancyProfile, setting: Setting) -> bool:
    """No load blocks, the employer can carry it, and nothing must be asked first (P-6)."""
    gaps = load_gaps(candidate, vacancy)
    employer = small_employer(gaps, vacancy.employer_size, setting.rules.small_employers)
    return gaps.largest < 2 and not employer.blocks and not employer.ask_first


def open_conditions(
    candidate: CandidateProfile, vacancy: VacancyProfile, setting: Setting
) -> tuple[Condition, ...] | None:
    """What must still come true before the pair is feasible; None when nothing here can.

    Hours, windows, a sector never wanted and a start that has passed are not for programmes to
    change; neither is an answer that must be asked for first.
    """
    facts = pair_facts(candidate, vacancy, setting)
    latest = vacancy.latest_start
    if (
        facts.hours.blocks
        or never_wanted(candidate, vacancy.sector)
        or (latest is not None and latest < setting.on)
        or (
            latest is not None
            and candidate.start_from is not None
            and candidate.start_from > latest
        )
        or facts.employer.ask_first
    ):
        return None
    conditions = []
    for name in NEED_LEVELS:
        need, level = vacancy.need(name), candidate.level(name)
        if need is not None and level is not None and need - level >= LEVEL_STEPS_THAT_BLOCK:
            conditions.append(Condition("level", name, need - LEVEL_STEPS_THAT_BLOCK + 1))
    conditions += [
        Condition("paper", code)
        for code in sorted(
            (vacancy.credentials - candidate.credentials) | (vacancy.licences - candidate.licences)
        )
    ]
    if not loads_allow(candidate, vacancy, setting):
        conditions.append(Condition("load", vacancy.reference, vacancy=vacancy))
    if facts.travel.state is TravelState.OVER:
        conditions.append(Condition("travel", vacancy.reference, vacancy=vacancy))
    if (
        facts.guidance is not None
        and vacancy.guidance_hours is not None
        and facts.guidance > vacancy.guidance_hours
    ):
        conditions.append(Condition("guidance", vacancy.reference, vacancy=vacancy))
    return tuple(conditions)
