"""One candidate and one vacancy: what blocks, what is short or unknown, and the fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.domain.candidate import CandidateProfile
from matcher.domain.fit import Component, education_state, fit_components
from matcher.domain.hours import HoursState, hours_state
from matcher.domain.loads import LoadGaps, SmallEmployer, load_gaps, small_employer
from matcher.domain.places import Places
from matcher.domain.rules import RuleSet
from matcher.domain.travel import Travel, TravelState, travel_to
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import NEED_LEVELS, Certainty, covers
from matcher.domain.wording import Reason

LEVEL_STEPS_THAT_BLOCK = 2
LOAD_STEPS_THAT_BLOCK = 2
"""Two or more steps short block, one step is a gap (contract.md section 3, blockers)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a computation stands on: the rules, where postcodes lie, and the day."""

    rules: RuleSet
    places: Places
    on: date


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that blocks a pair, in words, and what would close it."""

    code: str
    text: Reason
    closed_by: Reason
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing short or unknown that does not block.

    `code` is a blocker's code, ``education``, ``job_coach``, ``ask_first`` or ``unknown``;
    `subject` the field it is about; `is_unknown` whether it lowers certainty.
    """

    code: str
    text: Reason
    subject: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class PairFacts:
    """What was worked out once for a pair and is read by blockers, gaps and fit alike."""

    travel: Travel
    hours: HoursState
    loads: LoadGaps
    employer: SmallEmployer
    guidance: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The judgement of one pair; `fit` is in hundredths and the sum of the components' points."""

    candidate: CandidateProfile
    vacancy: VacancyProfile
    facts: PairFacts
    blockers: tuple[Blocker, ...]
    gaps: tuple[Gap, ...]
    components: tuple[Component, ...]
    certainty: Certainty

    @property
    def eligible(self) -> bool:
        """Whether nothing blocks."""
        return not self.blockers

    @property
    def ask_first(self) -> bool:
        """Whether something must be asked before anyone is introduced (P-6)."""
        return self.facts.employer.ask_first

    @property
    def fit(self) -> int:
        """Fit in hundredths."""
        return sum(component.points for component in self.components)


def assess_pair(candidate: CandidateProfile, vacancy: VacancyProfile, setting: Setting) -> Pair:
    """Judge one pair; the candidate's levels must be current already."""
    facts = pair_facts(candidate, vacancy, setting)
    gaps = tuple(_gaps(candidate, vacancy, facts))
    return Pair(
        candidate=candidate,
        vacancy=vacancy,
        facts=facts,
        blockers=tuple(_blockers(candidate, vacancy, facts, setting)),
        gaps=gaps,
        components=fit_components(
            candidate, vacancy, facts.travel, facts.hours, facts.loads, setting.rules
        ),
        certainty=certainty_of(sum(gap.is_unknown for gap in gaps), setting.rules),
    )


def certainty_of(unknown: int, rules: RuleSet) -> Certainty:
    """How sure the fit of a pair is of which so many things are unknown."""
    if unknown <= rules.certainty["high"]:
        return Certainty.HIGH
    return Certainty.MEDIUM if unknown <= rules.certainty["medium"] else Certainty.LOW


def pair_facts(candidate: CandidateProfile, vacancy: VacancyProfile, setting: Setting) -> PairFacts:
    """Travel, hours, loads and guidance of a pair."""
    rules = setting.rules
    loads = load_gaps(candidate, vacancy)
    return PairFacts(
        travel=travel_to(candidate, vacancy, setting.places, rules.travel, rules.shifts.ends_at),
        hours=hours_state(candidate, vacancy, rules.shifts),
        loads=loads,
        employer=small_employer(loads, vacancy.employer_size, rules.small_employers),
        guidance=rules.guidance_value(candidate.guidance_need),
    )


def steps_short(candidate: CandidateProfile, vacancy: VacancyProfile, name: str) -> int | None:
    """Steps under the need for level `name`; None when it depends on what is not known."""
    need, level = vacancy.need(name), candidate.level(name)
    if need == 0:
        return 0
    if need is None or level is None:
        return None
    return max(0, need - level)


def never_wanted(candidate: CandidateProfile, sector: str) -> bool:
    """Whether the candidate never wants the sector; a section covers its divisions."""
    return any(covers(never, sector) for never in candidate.sectors_never)


def _blockers(
    candidate: CandidateProfile, vacancy: VacancyProfile, facts: PairFacts, setting: Setting
) -> list[Blocker]:
    """Every blocker that holds; the list of contract.md section 3 is complete (P-5)."""
    found = [
        *_level_blockers(candidate, vacancy),
        *_load_blockers(vacancy, facts),
        *_paper_blockers(candidate, vacancy),
    ]
    if facts.hours.blocks:
        found.append(_hours_blocker(candidate, vacancy, facts.hours))
    if facts.travel.state is TravelState.OVER:
        found.append(_travel_blocker(candidate, vacancy, facts.travel))
    if never_wanted(candidate, vacancy.sector):
        found.append(
            Blocker(
                "sector",
                Reason.of("blocked.sector", "no", sector=vacancy.sector),
                Reason.of("closes.sector"),
                vacancy.sector,
            )
        )
    if blocker := _start_blocker(candidate, vacancy, setting.on):
        found.append(blocker)
    if (
        facts.guidance is not None
        and vacancy.guidance_hours is not None
        and facts.guidance > vacancy.guidance_hours
    ):
        found.append(
            Blocker(
                "guidance",
                Reason.of(
                    "blocked.guidance", "no", hours=facts.guidance, offered=vacancy.guidance_hours
                ),
                Reason.of("closes.guidance", hours=facts.guidance),
            )
        )
    return found


def _level_blockers(candidate: CandidateProfile, vacancy: VacancyProfile) -> list[Blocker]:
    found = []
    for name in NEED_LEVELS:
        short = steps_short(candidate, vacancy, name)
        if short is not None and short >= LEVEL_STEPS_THAT_BLOCK:
            need, level = vacancy.need(name), candidate.level(name)
            found.append(
                Blocker(
                    "level",
                    Reason.of("blocked.level", "no", level=name, have=level, need=need),
                    Reason.of("closes.level", level=name, to=(need or 0) - 1),
                    name,
                )
            )
    return found


def _load_blockers(vacancy: VacancyProfile, facts: PairFacts) -> list[Blocker]:
    found = [
        Blocker(
            "load",
            Reason.of("blocked.load", "no", load=load),
            Reason.of("closes.load", load=load),
            load,
        )
        for load, gap in facts.loads.known.items()
        if gap >= LOAD_STEPS_THAT_BLOCK
    ]
    if facts.employer.blocks:
        loads = tuple(facts.loads.known)
        found.append(
            Blocker(
                "small_employer",
                Reason.of("blocked.small_employer", "no", load=loads),
                Reason.of("closes.small_employer", load=loads),
                "|".join(loads),
            )
        )
    return found


def _paper_blockers(candidate: CandidateProfile, vacancy: VacancyProfile) -> list[Blocker]:
    return [
        Blocker(
            code,
            Reason.of(f"blocked.{code}", "no", **{code: paper}),
            Reason.of(f"closes.{code}", **{code: paper}),
            paper,
        )
        for code, asked, held in (
            ("credential", vacancy.credentials, candidate.credentials),
            ("licence", vacancy.licences, candidate.licences),
        )
        for paper in sorted(asked - held)
    ]


def _hours_blocker(
    candidate: CandidateProfile, vacancy: VacancyProfile, state: HoursState
) -> Blocker:
    if state is HoursState.WINDOWS:
        return Blocker(
            "windows",
            Reason.of("blocked.windows", "no", shift=vacancy.shifts),
            Reason.of("closes.windows"),
        )
    if (
        candidate.hours_max is not None
        and vacancy.hours_min is not None
        and candidate.hours_max < vacancy.hours_min
    ):
        return Blocker(
            "hours",
            Reason.of("blocked.hours", "no", have=candidate.hours_max, need=vacancy.hours_min),
            Reason.of("closes.hours", need=vacancy.hours_min),
        )
    return Blocker(
        "hours",
        Reason.of("blocked.hours_few", "no", offered=vacancy.hours_max or 0),
        Reason.of("closes.hours_few", wanted=candidate.hours_min or 0),
    )


def _travel_blocker(
    candidate: CandidateProfile, vacancy: VacancyProfile, travel: Travel
) -> Blocker:
    if travel.no_usable_mode:
        return Blocker(
            "travel",
            Reason.of("blocked.travel_mode", "no", mode=vacancy.reachable_by),
            Reason.of("closes.travel_mode", mode=vacancy.reachable_by),
        )
    return Blocker(
        "travel",
        Reason.of(
            "blocked.travel",
            "no",
            minutes=travel.minutes,
            mode=travel.mode,
            maximum=candidate.travel_max_minutes,
        ),
        Reason.of("closes.travel", minutes=travel.minutes),
    )


def _start_blocker(
    candidate: CandidateProfile, vacancy: VacancyProfile, on: date
) -> Blocker | None:
    latest = vacancy.latest_start
    if latest is None:
        return None
    if latest < on:
        return Blocker(
            "start",
            Reason.of("blocked.start_passed", "no", latest=latest),
            Reason.of("closes.start_passed"),
        )
    if candidate.start_from is not None and candidate.start_from > latest:
        return Blocker(
            "start",
            Reason.of("blocked.start", "no", latest=latest, start=candidate.start_from),
            Reason.of("closes.start", start=candidate.start_from),
        )
    return None


def _gaps(candidate: CandidateProfile, vacancy: VacancyProfile, facts: PairFacts) -> list[Gap]:
    """Everything else short of a need, and everything unknown; each is named."""
    found = [
        *_level_gaps(candidate, vacancy),
        *_load_gap_list(facts),
        *_education_gap(candidate, vacancy),
    ]
    if facts.hours is HoursState.UNKNOWN:
        found.append(_unknown("hours"))
    if facts.travel.state is TravelState.UNKNOWN:
        code = "unknown.travel_early" if facts.travel.early else "unknown.travel"
        found.append(Gap("unknown", Reason.of(code, "ask"), "travel", True))
    if vacancy.start_on is None:
        found.append(_unknown("start"))
    if facts.guidance is None or vacancy.guidance_hours is None:
        found.append(_unknown("guidance"))
    return found


def _unknown(subject: str) -> Gap:
    return Gap("unknown", Reason.of(f"unknown.{subject}", "ask"), subject, True)


def _level_gaps(candidate: CandidateProfile, vacancy: VacancyProfile) -> list[Gap]:
    found = []
    for name in NEED_LEVELS:
        short = steps_short(candidate, vacancy, name)
        if short is None:
            side = "vacancy_level" if vacancy.need(name) is None else "level"
            reason = Reason.of(f"unknown.{side}", "ask", level=name)
            found.append(Gap("unknown", reason, name, True))
        elif 0 < short < LEVEL_STEPS_THAT_BLOCK:
            found.append(Gap("level", Reason.of(f"short.{name}", "near"), name))
    return found


def _load_gap_list(facts: PairFacts) -> list[Gap]:
    found = [
        Gap("load", Reason.of("short.load", "near", load=load), load)
        for load, gap in facts.loads.known.items()
        if gap < LOAD_STEPS_THAT_BLOCK
    ]
    found += [
        Gap(
            "unknown",
            Reason.of(
                "unknown.load" if load in facts.loads.ask else "unknown.demand", "ask", load=load
            ),
            load,
            True,
        )
        for load in facts.loads.unknown
    ]
    if facts.employer.ask_first:
        reason = Reason.of("short.ask_first", "ask", load=facts.loads.ask)
        found.append(Gap("ask_first", reason, "|".join(facts.loads.ask)))
    if facts.employer.job_coach:
        loads = tuple(facts.loads.known)
        found.append(Gap("job_coach", Reason.of("short.job_coach", "near", load=loads), loads[0]))
    return found


def _education_gap(candidate: CandidateProfile, vacancy: VacancyProfile) -> list[Gap]:
    state = education_state(candidate, vacancy)
    if state == "unknown":
        asked = "vacancy_education" if vacancy.education is None else "education"
        return [Gap("unknown", Reason.of(f"unknown.{asked}", "ask"), "education", True)]
    if state == "short":
        return [Gap("education", Reason.of("short.education", "near"), "education")]
    return []
