"""Why an allocation is as it is: who is next, what is nearest, and what would fill a place.

Everything is in codes and references, so that pages, files and the API say the same (P-10); what
would close a gap is said in one sentence too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matcher.domain.allocating import DEFAULT_LANES, Method
from matcher.domain.assessment import change_that_counts, current
from matcher.domain.pairs import Pair, Setting, assess_pair
from matcher.domain.readiness import assess_readiness
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.wording import Wording
from matcher.engine.chains import NOBODY
from matcher.engine.compared import Compared, compared
from matcher.engine.problem import NO_SEAT
from matcher.services.allocation_inputs import Participant, site_hours
from matcher.services.allocation_vacant import vacant_rows
from matcher.services.allocations import AllocationResult

Row = dict[str, Any]
LEFT_OUT_LOOKED_INTO = 5_000
"""Among so many people at most the one change that would give another lane is looked for."""


def explanation(result: AllocationResult, wording: Wording) -> dict[str, list[Row]]:
    """The proposals, who is left out, and the vacancies that stay empty, each with why.

    Runners-up and margins are those of the optimum: another method gives none.
    """
    beside = None
    if result.allocation.method == Method.OPTIMAL.value:
        beside = compared(result.problem, result.allocation, result.settled)
    return {
        "proposals": _proposals(result, beside),
        "left_out": _left_out(result, beside, wording),
        "empty_vacancies": vacant_rows(result),
    }


def _proposals(result: AllocationResult, beside: Compared | None) -> list[Row]:
    """`margin` is by how much the pair's value can fall before another allocation is better."""
    at = {} if beside is None else {int(pair): row for row, pair in enumerate(beside.pair)}
    rows = []
    for proposal in result.proposals:
        if proposal.vacancy is None:
            continue
        row: Row = {
            "candidate": proposal.candidate,
            "vacancy": proposal.vacancy,
            "programme": proposal.programme,
            "value": proposal.value,
            "locked": proposal.locked,
            "guidance_guessed": proposal.guidance_guessed,
            "margin": None,
            "exact": None,
            "runner_up": None,
            "instead": None,
        }
        if beside is not None and proposal.pair in at:
            own = at[proposal.pair]
            row["margin"] = int(beside.margin[own])
            row["exact"] = beside.is_exact
            row["runner_up"] = _pair(result, int(beside.runner_up[own]))
            row["instead"] = _pair(result, int(beside.instead[own]))
        rows.append(row)
    return rows


def _pair(result: AllocationResult, pair: int) -> Row | None:
    if pair == NOBODY:
        return None
    pairs = result.pairs
    seat = int(pairs.seat[pair])
    return {
        "candidate": result.placeable[int(pairs.candidate[pair])].profile.reference,
        "vacancy": result.sites[int(pairs.vacancy[pair])].reference,
        "programme": None if seat == NO_SEAT else pairs.seats[seat].programme.reference,
        "value": int(pairs.fit[pair]),
    }


def _left_out(result: AllocationResult, beside: Compared | None, wording: Wording) -> list[Row]:
    """The reason and the nearest way in of everybody without a place.

    Who fits a place that others have: the place where least is missing, and by how much. Who fits
    none: the vacancy that the fewest rules shut, and what would open each. Whose lane is another:
    the programme to begin with, and the one change that would give a lane with places.
    """
    row_of = {person.profile.reference: row for row, person in enumerate(result.placeable)}
    people = {person.profile.reference: person for person in result.people}
    seats = {p.candidate: p.programme for p in result.proposals if p.vacancy is None}
    doors = _Doors(result, wording)
    rows = []
    for reference, reason in result.unplaced.items():
        person = people[reference]
        suggested = result.seats.suggested.get(reference, ())
        row: Row = {
            "candidate": reference,
            "reason": reason,
            "lane": person.lane.value,
            "seat": seats.get(reference),
            "programme": suggested[0].reference if suggested else None,
            "vacancy": None,
            "short_by": None,
            "blockers": [],
            "would_change": None,
        }
        if reason == "places_taken" and beside is not None:
            row |= _nearest_place(result, beside, row_of[reference])
        elif reason == "no_place_fits":
            row |= doors.nearest(person)
        elif reason == "lane" and len(result.unplaced) <= LEFT_OUT_LOOKED_INTO:
            row["would_change"] = _one_change(result, person)
        rows.append(row)
    return rows


def _one_change(result: AllocationResult, person: Participant) -> Row | None:
    """One level, or one answer that is not known yet, that would give a lane with places."""
    pathways = result.pathways[person.profile.region]
    known = current(person.profile, pathways.setting)
    readiness = assess_readiness(known, pathways.setting.rules)
    change = change_that_counts(known, readiness, person.lane, pathways)
    if change is None or change.lane not in DEFAULT_LANES:
        return None
    return {
        "field": change.field,
        "value": change.value,
        "lane": change.lane.value,
        "is_answer": change.is_answer,
    }


def _nearest_place(result: AllocationResult, beside: Compared, row: int) -> Row:
    """Where least is missing; by the best fit alone where hours, seats or floors decide."""
    nearest = int(beside.nearest[row])
    if nearest != NOBODY:
        vacancy = result.sites[int(result.pairs.vacancy[nearest])]
        return {"vacancy": vacancy.reference, "short_by": int(beside.short_by[row])}
    own = np.flatnonzero(result.pairs.candidate == row)
    best = own[np.argmax(result.pairs.fit[own])]
    return {"vacancy": result.sites[int(result.pairs.vacancy[best])].reference}


class _Doors:
    """The vacancies as columns by rule set, to find the one that the fewest rules shut."""

    def __init__(self, result: AllocationResult, wording: Wording) -> None:
        self.result = result
        self.wording = wording
        self._tables: dict[str, VacancyTable] = {}

    def nearest(self, person: Participant) -> Row:
        """The vacancy where the least stands in the way, and what would open it."""
        sites = self.result.sites
        if not sites:
            return {}
        setting = self.result.pathways[person.profile.region].setting
        known = current(person.profile, setting)
        count, scores = self._table(setting).barriers(known)
        order = np.lexsort((-scores.fit, scores.ask_first, count))
        vacancy = sites[int(order[0])]
        pair = assess_pair(known, vacancy, setting)
        shut: list[Row] = [
            {
                "code": blocker.code,
                "subject": blocker.subject,
                "closed_by": self.wording.say(blocker.closed_by),
            }
            for blocker in pair.blockers
        ]
        blockers = shut or [_not_yet(pair, vacancy, setting)]
        return {"vacancy": vacancy.reference, "blockers": blockers}

    def _table(self, setting: Setting) -> VacancyTable:
        slug = setting.rules.slug
        if slug not in self._tables:
            self._tables[slug] = VacancyTable(self.result.sites, setting)
        return self._tables[slug]


def _not_yet(pair: Pair, vacancy: VacancyProfile, setting: Setting) -> Row:
    """Why a pair that nothing blocks could not be chosen."""
    if pair.ask_first:
        code, subject = "ask_first", "|".join(pair.facts.loads.ask)
    elif site_hours(vacancy, setting) is None:
        code, subject = "site_hours", "guidance_hours"
    else:
        code, subject = "decided", ""
    return {"code": code, "subject": subject, "closed_by": None}
