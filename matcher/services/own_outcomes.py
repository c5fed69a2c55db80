"""The service's own outcomes as a table to learn from: under a pseudonym, as of the intake day.

Whatever stands in it is what an artefact of the service may ask for (``offered``) and what became
of it; no money, no home, no group, no text and no place. ``data/cohorts/own/outcomes.yaml`` is the
cohort file that fits it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile, without_expired
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.follow_up import month_after
from matcher.models.keyring import keyring_of
from matcher.models.states import AuditAction
from matcher.reference.artefact_terms import load_artefact_terms
from matcher.reference.follow_up import load_follow_up_terms
from matcher.reference.paths import data_dir
from matcher.repositories.content import from_content
from matcher.services.audit import note_list
from matcher.services.intake_outcomes import IntakeOutcome, intake_outcomes
from matcher.services.offered import OFFERED, offered_answers
from matcher.services.rule_versions import rules_on
from matcher.services.visibility import Kind

_KEY: Final = "outcomes"
_PSEUDONYM: Final = 16
_KINDS: Final = {"number": "number", "boolean": "boolean", "category": "text"}


def outcome_name(months: int) -> str:
    """How the outcome after so many months is called, in the table and in an artefact."""
    return f"at_work_{months}m"


def months_of_outcome(name: object) -> int | None:
    """The months of an outcome of this service; None for another one."""
    text = str(name)
    number = text.removeprefix("at_work_").removesuffix("m")
    return int(number) if number.isdigit() and outcome_name(int(number)) == text else None


def started_and_works(
    one: IntakeOutcome, months: int, *, within_months: int, on: date
) -> bool | None:
    """Whether somebody started within some months of the intake and works some months after that.

    None as long as it cannot be known: not asked yet, not answered, or lost sight of before the
    time to start was over. Whoever was followed all that time and did not start is a no.
    """
    until = month_after(one.intake_on, within_months)
    if one.placed_on is not None and one.placed_on < until:
        return one.works.get(months)
    if on < until or (one.closed_on is not None and one.closed_on < until):
        return None
    return False


def columns(on: date) -> tuple[tuple[str, str], ...]:
    """Columns of the table with their kinds, in order."""
    features = ((name, _KINDS[kind]) for name, kind in OFFERED.items())
    months = load_follow_up_terms(on).months
    outcomes = ((outcome_name(number), "boolean") for number in months)
    return (("person", "text"), ("intake_on", "date"), *features, *outcomes)


def cohort_file(table: str) -> str:
    """The cohort file that fits the table, which is called `table` and stands beside it."""
    text = (data_dir() / "cohorts" / "own" / "outcomes.yaml").read_text(encoding="utf-8")
    return text.replace("table: outcomes.csv", f"table: {table}")


def answers_then(session: Session, one: IntakeOutcome) -> dict[str, Any]:
    """The features of somebody as they were on the day of the intake."""
    profile = from_content(CandidateProfile, one.profile)
    shelf_life = rules_on(session, one.region, one.intake_on).shelf_life_weeks
    return offered_answers(without_expired(profile, shelf_life, one.intake_on))


def export_outcomes(session: Session, viewer: Viewer, *, on: date) -> list[dict[str, Any]]:
    """One row an intake of the viewer's region, in the order of a pseudonym; for the operator.

    The pseudonym is the same in every export of this installation and means nothing elsewhere.
    """
    if viewer.region is None:
        raise InvalidInput([Problem("region", "is required: outcomes are those of one region")])
    found = sorted(_rows(session, viewer.region, on), key=lambda row: str(row["person"]))
    note_list(session, viewer, Kind.ASSESSMENT, action=AuditAction.EXPORT, count=len(found))
    return found


def _rows(session: Session, region: str, on: date) -> Iterator[dict[str, Any]]:
    key = keyring_of(session).derived_key(_KEY)
    within = load_artefact_terms(on).started_within_months
    months = load_follow_up_terms(on).months
    booleans = {name for name, kind in OFFERED.items() if kind == "boolean"}
    for one in intake_outcomes(session, region, on=on):
        who = f"{one.region}\0{one.reference}".encode()
        answers = answers_then(session, one)
        yield {
            "person": hmac.new(key, who, hashlib.sha256).hexdigest()[:_PSEUDONYM],
            "intake_on": one.intake_on,
            **{name: bool(value) if name in booleans else value for name, value in answers.items()},
            **{
                outcome_name(number): started_and_works(one, number, within_months=within, on=on)
                for number in months
            },
        }
