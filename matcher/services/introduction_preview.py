"""What an employer sees of somebody once they said yes: the same for preview and for keeping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right
from matcher.domain.assessment import current
from matcher.domain.hours import workable_hours
from matcher.domain.pairs import Pair, Setting, assess_pair
from matcher.domain.travel import TravelState
from matcher.models import Candidate, Vacancy
from matcher.models.states import ContactKind
from matcher.reference.codes import load_codes
from matcher.reference.introductions import load_introduction_terms
from matcher.reference.rules import rule_set_for
from matcher.repositories import candidates, vacancies
from matcher.services.inputs import all_places
from matcher.services.rule_versions import rules_on
from matcher.services.visibility import Kind, Stage, show

CONTACT = "contact"
GOAL = "goal"
AGREE = "agree-"
"""What a candidate can tick beyond the minimum: the own way to be reached, the goal, and each
demand about which something has to be agreed, such as ``agree-lift``."""

REACHABLE = (ContactKind.CALL, ContactKind.SMS, ContactKind.MAIL)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the candidate can decide about; nothing is ticked beforehand.

    `contact_kind` and `contact_value` are the own way to be reached, None when there is none: then
    the employer hears how through the coach. `loads` are the demands about which something has to
    be agreed, because they ask a step more than the candidate can.
    """

    contact_kind: ContactKind | None
    contact_value: str | None
    goal: str | None
    loads: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Everything that can be ticked."""
        found = [CONTACT] if self.contact_kind is not None else []
        found += [GOAL] if self.goal else []
        return (*found, *(f"{AGREE}{load}" for load in self.loads))


def pair_of(session: Session, candidate: Candidate, vacancy: Vacancy, *, on: date) -> Pair:
    """The judgement of candidate and vacancy on a day."""
    setting = _setting(session, vacancy, on)
    profile = current(candidates.to_profile(candidate), setting)
    return assess_pair(profile, vacancies.to_profile(vacancy), setting)


def _setting(session: Session, vacancy: Vacancy, on: date) -> Setting:
    return Setting(rules_on(session, vacancy.region, on), all_places(session), on)


def choices_of(candidate: Candidate, pair: Pair) -> Choices:
    """What this candidate can decide about for this place."""
    own = candidate.contact_kind in REACHABLE and bool(candidate.contact_value)
    return Choices(
        contact_kind=candidate.contact_kind if own else None,
        contact_value=candidate.contact_value if own else None,
        goal=candidate.goal,
        loads=tuple(pair.facts.loads.known),
    )


def shown_of(
    candidate: Candidate,
    vacancy: Vacancy,
    pair: Pair,
    shares: Iterable[str],
    *,
    pseudonym: str,
    on: date,
) -> dict[str, Any]:
    """Exactly what the employer sees after a yes with these ticks, as codes and plain values.

    Goes through the visibility table, so that nothing can be shown that may not be.
    """
    ticked = set(shares)
    choices = choices_of(candidate, pair)
    own = CONTACT in ticked and choices.contact_kind is not None
    asked = sorted(vacancy.credentials | vacancy.licences)
    record = {
        "pseudonym": pseudonym,
        "first_name": candidate.first_name,
        "contact_kind": (choices.contact_kind if own else None) or ContactKind.VIA_COACH,
        "contact_value": choices.contact_value if own else None,
        "hours_band": _hours_band(candidate, vacancy, on),
        "start_month": _start_month(candidate, vacancy, on),
        "travel_fits": True if pair.facts.travel.state is TravelState.WITHIN else None,
        "meets_needs": pair.eligible,
        "credentials_asked": asked if pair.eligible else [],
        "guidance_band": _guidance_band(pair.facts.guidance),
        "agreement_needed": [load for load in choices.loads if f"{AGREE}{load}" in ticked],
    }
    if GOAL in ticked:
        record["goal"] = choices.goal
    return show(Kind.CANDIDATE, record, [Right.CONTRACTOR], Stage.AFTER_CONSENT)


def _hours_band(candidate: Candidate, vacancy: Vacancy, on: date) -> list[int] | None:
    """The band of the most hours that this person can work here."""
    # No region may change what a shift is: every version says the same of it.
    rules = rule_set_for(vacancy.region).shifts
    if candidate.hours_max is None:
        return None
    most = [candidate.hours_max, workable_hours(candidate.blocked, vacancy.shifts, rules)]
    if vacancy.hours_max is not None:
        most.append(vacancy.hours_max)
    band = load_introduction_terms(on).hours_band(min(most))
    return None if band is None else list(band)


def _start_month(candidate: Candidate, vacancy: Vacancy, on: date) -> str:
    """The first month in which it can begin, such as ``2027-03``."""
    days = [day for day in (candidate.start_from, vacancy.start_on) if day is not None]
    return f"{max([on, *days]):%Y-%m}"


def _guidance_band(value: float | None) -> str | None:
    """The code of ``guidance_bands`` whose value counts for this pair; None when unknown."""
    bands = load_codes().list("guidance_bands").codes.values()
    return next((code.code for code in bands if code.attributes["value"] == value), None)
