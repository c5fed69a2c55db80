"""The one computation behind command line, API and pages (P-10): rows as contract.md section 3.

Stateless: what goes in decides what comes out, together with the rules, the places and the day.
Decimals have two digits; texts are in the language asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain.assessment import Assessment, assess, current, lane_of
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.explanation import programme_name
from matcher.domain.matching import places_now, rank_vacancies
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.places import Places
from matcher.domain.plans import openings, plan_for, weeks_until, what_if
from matcher.domain.programme import Programme
from matcher.domain.readiness import assess_readiness
from matcher.domain.rules import RuleSet
from matcher.domain.search import Commitment
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import Lane
from matcher.reference.catalogue import load_catalogue
from matcher.reference.places import load_places
from matcher.reference.rules import rule_set_for
from matcher.reference.texts import load_wording
from matcher.services.advice_rows import Row, assessment_row, match_row, plan_row

__all__ = ["Advisor", "LeftOut", "Row", "assess_rows", "left_out", "match_rows", "plan_rows"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate left out of matches and plans, with the date as reason."""

    reference: str
    paused_until: date


class Advisor:
    """Everything that stays the same over the candidates of one request.

    `rules` is one rule set for all, or None: then each candidate's region decides. `programmes`
    None means the shipped catalogue. Tables and searches are made once for each rule set.
    """

    def __init__(
        self,
        *,
        on: date,
        vacancies: Sequence[VacancyProfile] = (),
        programmes: Sequence[Programme] | None = None,
        rules: RuleSet | None = None,
        places: Places | None = None,
        lang: str = "nl",
    ) -> None:
        self.on = on
        self.vacancies = tuple(vacancies)
        self.programmes = load_catalogue(on, lang) if programmes is None else tuple(programmes)
        self.places = load_places() if places is None else places
        self.wording = load_wording(lang)
        self._rules = rules
        self._settings: dict[str, Setting] = {}
        self._by_region: dict[str, Setting] = {}
        self._tables: dict[str, VacancyTable] = {}
        self._pathways: dict[str, Pathways] = {}

    def setting(self, candidate: CandidateProfile) -> Setting:
        """The rules, places and day that `candidate` is judged on."""
        known = self._by_region.get(candidate.region)
        if known is None:
            rules = self._rules or rule_set_for(candidate.region)
            known = self._settings.setdefault(rules.slug, Setting(rules, self.places, self.on))
            self._by_region[candidate.region] = known
        return known

    def table(self, candidate: CandidateProfile) -> VacancyTable:
        """The vacancies as columns under the candidate's rules."""
        setting = self.setting(candidate)
        if setting.rules.slug not in self._tables:
            self._tables[setting.rules.slug] = VacancyTable(self.vacancies, setting)
        return self._tables[setting.rules.slug]

    def pathways(self, candidate: CandidateProfile) -> Pathways:
        """The programmes under the candidate's rules."""
        setting = self.setting(candidate)
        if setting.rules.slug not in self._pathways:
            self._pathways[setting.rules.slug] = Pathways(self.programmes, setting)
        return self._pathways[setting.rules.slug]

    def assess(self, candidate: CandidateProfile) -> Assessment:
        """The assessment in domain values, for pages that draw more than a row holds."""
        return assess(candidate, self.pathways(candidate))

    def lane(self, candidate: CandidateProfile) -> Lane:
        """The lane alone, the same as in the assessment."""
        pathways = self.pathways(candidate)
        today = current(candidate, pathways.setting)
        return lane_of(today, assess_readiness(today, pathways.setting.rules), pathways).lane

    def assess_row(self, candidate: CandidateProfile, *, count_places: bool) -> Row:
        """One row of `assess`; `places_now` is None without vacancies."""
        now = places_now(candidate, self.table(candidate)) if count_places else None
        return assessment_row(self.assess(candidate), self.setting(candidate), now, self.wording)

    def match_rows(
        self,
        candidate: CandidateProfile,
        *,
        top: int | None = None,
        include_blocked: bool = False,
        seed: int = 0,
    ) -> list[Row]:
        """The rows of `match` for one candidate; none while paused."""
        if candidate.is_paused(self.on):
            return []
        matches = rank_vacancies(
            candidate, self.table(candidate), top=top, include_blocked=include_blocked, seed=seed
        )
        return [match_row(match, self.wording) for match in matches]

    def plan_row(
        self, candidate: CandidateProfile, commitments: tuple[Commitment, ...] = ()
    ) -> Row | None:
        """The row of `plan` for one candidate; None while paused."""
        if candidate.is_paused(self.on):
            return None
        plan = plan_for(candidate, self.vacancies, self.pathways(candidate), commitments)
        return plan_row(plan, self.setting(candidate), self.wording)

    def ways_in(
        self, candidate: CandidateProfile, commitments: tuple[Commitment, ...] = ()
    ) -> dict[str, Row]:
        """The nearest way in to each vacancy: weeks, day and programmes, by its reference.

        A vacancy that programmes cannot open within the horizon is not in it.
        """
        assessed = self.assess(candidate).candidate
        found = openings(assessed, self.vacancies, self.pathways(candidate), commitments)
        return {
            reference: {
                "weeks": weeks_until(self.on, opening.place_on),
                "place_on": opening.place_on,
                "programmes": [step.programme.reference for step in opening.steps],
                "titles": [
                    step.programme.title or step.programme.reference for step in opening.steps
                ],
            }
            for reference, opening in found.items()
        }


def assess_rows(
    candidates: Sequence[CandidateProfile],
    vacancies: Sequence[VacancyProfile] | None,
    programmes: Sequence[Programme] | None,
    *,
    on: date,
    rules: RuleSet | None = None,
    places: Places | None = None,
    lang: str = "nl",
) -> list[Row]:
    """A row for each candidate, in their order (contract.md section 3, `assess`)."""
    advisor = Advisor(
        on=on,
        vacancies=vacancies or (),
        programmes=programmes,
        rules=rules,
        places=places,
        lang=lang,
    )
    return [advisor.assess_row(c, count_places=vacancies is not None) for c in candidates]


def match_rows(
    candidates: Sequence[CandidateProfile],
    vacancies: Sequence[VacancyProfile],
    *,
    on: date,
    rules: RuleSet | None = None,
    places: Places | None = None,
    top: int | None = None,
    include_blocked: bool = False,
    seed: int = 0,
    lang: str = "nl",
) -> list[Row]:
    """Ranked vacancies for each candidate, in their order; paused candidates have none."""
    advisor = Advisor(
        on=on, vacancies=vacancies, programmes=(), rules=rules, places=places, lang=lang
    )
    return [
        row
        for candidate in candidates
        for row in advisor.match_rows(
            candidate, top=top, include_blocked=include_blocked, seed=seed
        )
    ]


def plan_rows(
    candidates: Sequence[CandidateProfile],
    vacancies: Sequence[VacancyProfile],
    programmes: Sequence[Programme] | None,
    *,
    on: date,
    rules: RuleSet | None = None,
    places: Places | None = None,
    commitments: Mapping[str, tuple[Commitment, ...]] | None = None,
    lang: str = "nl",
) -> list[Row]:
    """A plan for each candidate, in their order; paused candidates have none.

    `commitments` are what runs outside, by candidate reference.
    """
    advisor = Advisor(
        on=on, vacancies=vacancies, programmes=programmes, rules=rules, places=places, lang=lang
    )
    outside = commitments or {}
    rows = [advisor.plan_row(c, outside.get(c.reference, ())) for c in candidates]
    return [row for row in rows if row is not None]


def left_out(candidates: Sequence[CandidateProfile], on: date) -> list[LeftOut]:
    """Who is left out of matches and plans, with the date as the only reason ever given."""
    return [
        LeftOut(candidate.reference, candidate.paused_until)
        for candidate in candidates
        if candidate.is_paused(on) and candidate.paused_until is not None
    ]


def what_if_result(
    candidate: CandidateProfile,
    vacancies: Sequence[VacancyProfile],
    programmes: Sequence[Programme] | None,
    *,
    on: date,
    changes: Mapping[str, Any] | None = None,
    choose: Sequence[str] = (),
    rules: RuleSet | None = None,
    places: Places | None = None,
    commitments: tuple[Commitment, ...] = (),
    lang: str = "nl",
) -> Row:
    """What opens with some `changes` and the programmes in `choose`; nothing is kept.

    `before` and `after` are assess rows: after the changes and once the programmes are done.
    `opens` are the vacancies closed now and open then, `places` the places over them, `clashes`
    the chosen programmes that do not fit in the hours or the year.
    """
    advisor = Advisor(
        on=on, vacancies=vacancies, programmes=programmes, rules=rules, places=places, lang=lang
    )
    changed = candidate.with_values(changes or {})
    chosen = chosen_programmes(choose, advisor.programmes)
    outcome = what_if(changed, chosen, advisor.vacancies, advisor.pathways(changed), commitments)
    before_refs = _eligible(candidate, advisor)
    opens = sorted((_eligible(changed, advisor) | set(outcome.opens)) - before_refs)
    places_by_reference = {vacancy.reference: vacancy.places for vacancy in advisor.vacancies}
    return {
        "before": advisor.assess_row(candidate, count_places=True),
        "after": advisor.assess_row(outcome.after, count_places=True),
        "steps": [
            {
                "programme": step.programme.reference,
                "title": programme_name(step.programme),
                "starts_on": step.starts_on,
                "ends_on": step.ends_on,
            }
            for step in outcome.steps
        ],
        "ready_on": outcome.ready_on,
        "weeks": outcome.weeks,
        "opens": opens,
        "closes": sorted(before_refs - _eligible(changed, advisor)),
        "places": sum(places_by_reference[reference] for reference in opens),
        "clashes": [programme.reference for programme in outcome.left_out],
    }


WHAT_IF_MAXIMUM = 6
"""Programmes in one what-if: every order is tried, and nobody follows more."""


def chosen_programmes(choose: Sequence[str], programmes: Sequence[Programme]) -> list[Programme]:
    """The programmes named in `choose`; InvalidInput names one that is not there, or too many."""
    by_reference = {programme.reference: programme for programme in programmes}
    wanted = list(dict.fromkeys(choose))
    problems = [
        Problem(
            "programmes", f"there is no programme {reference}; see the programmes of the region"
        )
        for reference in wanted
        if reference not in by_reference
    ]
    if len(wanted) > WHAT_IF_MAXIMUM:
        problems.append(Problem("programmes", f"choose at most {WHAT_IF_MAXIMUM} at once"))
    if problems:
        raise InvalidInput(problems)
    return [by_reference[reference] for reference in wanted]


def _eligible(candidate: CandidateProfile, advisor: Advisor) -> set[str]:
    """References of the vacancies that nothing blocks today and that need not be asked first."""
    table = advisor.table(candidate)
    scores = table.score(advisor.assess(candidate).candidate)
    return {
        vacancy.reference
        for vacancy, eligible, ask in zip(
            table.vacancies, scores.eligible, scores.ask_first, strict=True
        )
        if eligible and not ask
    }
