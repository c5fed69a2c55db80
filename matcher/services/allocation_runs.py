"""One allocation from profiles, rules and a choice alone: the same for command line, API and pages.

Nothing is read from a database and nothing is kept, so the live region, a file and a request get
the same result for the same input (P-10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain.allocating import Choice
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import Setting
from matcher.domain.pathways import Pathways
from matcher.domain.places import Places
from matcher.domain.programme import Programme
from matcher.domain.rules import RuleSet
from matcher.domain.vacancy import VacancyProfile
from matcher.reference.catalogue import load_catalogue
from matcher.reference.places import load_places
from matcher.reference.rules import rule_set_for
from matcher.reference.texts import load_wording
from matcher.services.allocation_decisions import check_known
from matcher.services.allocation_explained import explanation
from matcher.services.allocation_inputs import Standing, participants
from matcher.services.allocation_views import proposal_rows, summary
from matcher.services.allocations import AllocationResult, allocate


@dataclass(frozen=True, slots=True)
class AllocationRun:
    """An allocation and what it was asked; everything it tells can be written as JSON."""

    result: AllocationResult
    choice: Choice
    on: date
    lang: str

    def rows(self) -> list[dict[str, Any]]:
        """The proposals (contract.md section 3)."""
        return [{**row, "on": self.on} for row in proposal_rows(self.result)]

    def summary(self) -> dict[str, Any]:
        """What was possible, why somebody got no place, and what one more would add."""
        return {**summary(self.result, self.choice), "on": self.on.isoformat()}

    def explanation(self) -> dict[str, Any]:
        """Runners-up, nearest ways in, and what would fill an empty vacancy."""
        told = explanation(self.result, load_wording(self.lang))
        return {**told, "on": self.on.isoformat()}


def run_allocation(
    candidates: Sequence[CandidateProfile],
    vacancies: Sequence[VacancyProfile],
    programmes: Sequence[Programme] | None,
    choice: Choice,
    *,
    on: date,
    lang: str = "nl",
    rules: RuleSet | None = None,
    places: Places | None = None,
    standing: Standing | None = None,
    threads: int = 1,
) -> AllocationRun:
    """Allocates everybody who is not paused on `on`.

    `rules` is one rule set for all, None leaves it to each candidate's region. Without
    `programmes` no seats are given out, and the shipped catalogue decides lanes; `standing` is what
    a live region knows beside the profiles. Raises Conflict and InvalidInput as `allocate` and
    `check_known` do.
    """
    paused = {c.reference: c.paused_until for c in candidates if c.is_paused(on)}
    check_known(choice.decided, candidates, vacancies, paused)
    centroids = load_places() if places is None else places
    regions = sorted({candidate.region for candidate in candidates}) or ["demo"]
    stands = standing or Standing()
    offered = programmes if stands.seats is None else stands.seats
    lanes, seats = _routes(regions, programmes, offered, centroids, rules, on, lang)
    people = participants(candidates, lanes, on, stands.lanes)
    result = allocate(people, vacancies, seats, choice, seated=stands.seated, threads=threads)
    return AllocationRun(result, choice, on, lang)


def _routes(
    regions: Sequence[str],
    programmes: Sequence[Programme] | None,
    offered: Sequence[Programme] | None,
    places: Places,
    rules: RuleSet | None,
    on: date,
    lang: str,
) -> tuple[Mapping[str, Pathways], Mapping[str, Pathways]]:
    """By region: the programmes that decide a lane, and those whose seats are given out."""
    lanes: dict[str, Pathways] = {}
    seats: dict[str, Pathways] = {}
    by_rules: dict[str, tuple[Pathways, Pathways]] = {}
    for region in regions:
        rule = rules or rule_set_for(region)
        if rule.slug not in by_rules:
            setting = Setting(rule, places, on)
            catalogue = load_catalogue(on, lang) if programmes is None else programmes
            by_rules[rule.slug] = Pathways(catalogue, setting), Pathways(offered or (), setting)
        lanes[region], seats[region] = by_rules[rule.slug]
    return lanes, seats
