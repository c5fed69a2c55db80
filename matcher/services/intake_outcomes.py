"""What an intake led to: everything as of its day, and how it was months after a start.

For cohorts to learn from and for figures: per intake what was known on the day it was closed, never
what came in later, and what became of it, with unknown as None. Nothing here names anybody to a
viewer: who may take rows along is decided where they leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.follow_up import settle
from matcher.domain.vocabulary import Lane
from matcher.models.states import ClosingCode
from matcher.reference.follow_up import load_follow_up_terms, outcome_meanings
from matcher.repositories import intakes
from matcher.repositories import placements as rows


@dataclass(frozen=True, slots=True)
class IntakeOutcome:
    """One intake: the file as it was assessed first, and what followed.

    `profile` is the file of that day by the names of its columns, without text. `placed_on` is the
    first start on or after that day, None when there is none; `works` says per number of months
    after it whether somebody works, None where that is not known, not asked yet, or nobody started.
    `closed_on` and `closed_code` tell until when somebody without a start was followed.
    """

    candidate_id: int
    reference: str
    region: str
    intake_on: date
    profile: Mapping[str, Any]
    lane: Lane
    start_level: int
    rules_slug: str
    rules_version: str
    placed_on: date | None
    works: Mapping[int, bool | None]
    closed_on: date | None
    closed_code: ClosingCode | None


def intake_outcomes(session: Session, region: str, *, on: date) -> Iterator[IntakeOutcome]:
    """Every intake of a region that ended in an assessment, the oldest first, as known on `on`."""
    months = load_follow_up_terms(on).months
    meanings = outcome_meanings()
    placed = rows.of_people(session, None, region)
    for first, person in intakes.first_assessments(session, region):
        started = next(
            (pair for pair in placed.get(person.id, ()) if pair[0].starts_on >= first.on), None
        )
        answers = {} if started is None else started[1]
        works = {number: settle(answers.get(number, {}), meanings).works for number in months}
        yield IntakeOutcome(
            candidate_id=person.id,
            reference=person.reference,
            region=region,
            intake_on=first.on,
            profile=first.candidate_input["profile"],
            lane=first.lane,
            start_level=first.start_level,
            rules_slug=first.rules_slug,
            rules_version=first.rules_version,
            placed_on=None if started is None else started[0].starts_on,
            works=works,
            closed_on=person.closed_on,
            closed_code=person.closed_code,
        )
