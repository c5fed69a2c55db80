"""Good rows of a file into the tables, some hundreds at a time, and what became of each.

New candidates go in as one statement: their entries in the log are noted here, because the session
does not see them. Everything else goes through the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.errors import Problem
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.messages import CellError
from matcher.models import Candidate, CandidateAudit
from matcher.models.states import VacancyStatus
from matcher.repositories import candidates, programmes, shortlists, tombstones, vacancies
from matcher.repositories.recording import note_created
from matcher.services.calendar import day_of
from matcher.services.shortlist_freeze import would_break

T = TypeVar("T")

AUDIT_FIELDS: Final = ("benefit", "birth_year")
_TABLE = cast("Table", Candidate.__table__)


@dataclass
class Outcome:
    """What became of the rows so far; `rows` says it by number for those that are in."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    rows: dict[int, str] = field(default_factory=dict)

    def count(self, row: int | None, *, created: bool, changed: bool) -> None:
        """Counts one row that is in now."""
        if created:
            self.created += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1
        if row is not None:
            self.rows[row] = "created" if created else "changed" if changed else "unchanged"


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One good row: its number in the file, its region and its value.

    `beside` is what a file says beside the profile, by field of the table; for new rows it is set,
    of known ones only what is given.
    """

    number: int
    region: str
    value: T
    beside: Mapping[str, Any] = field(default_factory=dict)


def write_candidates(
    session: Session,
    viewer: Viewer,
    chunk: Sequence[Row[tuple[CandidateProfile, AuditAttributes]]],
    fields: frozenset[str],
    now: datetime,
    outcome: Outcome,
) -> dict[str, int]:
    """Candidates of one region; the numbers of those that are in now, by their reference.

    An owner that a row names is for new people only: handing over is decided elsewhere.
    """
    references = [row.value[0].reference for row in chunk]
    known = candidates.rows_by_reference(session, viewer, references)
    region = chunk[0].region
    audits = candidates.audit_by_reference(session, region, references)
    erased = tombstones.erased_among(session, region, references)
    named = fields.intersection(candidates.PROFILE_FIELDS)
    added: list[dict[str, Any]] = []
    for row in chunk:
        profile, audit = row.value
        if profile.reference in erased:
            outcome.problems.append(
                CellError("erased").problem("reference", row.number, viewer.language)
            )
            continue
        stored = known.get(profile.reference)
        if stored is None:
            added.append({**candidates.new_values(profile, now=now), **row.beside})
            changed = True
        else:
            given = {k: v for k, v in row.beside.items() if k != "owner_account_id"}
            values = {name: getattr(profile, name) for name in named}
            changed = candidates.fill(stored, values | given)
            if changed:
                stored.updated_at = now
        changed |= _write_audit(session, region, audit, fields, audits)
        outcome.count(row.number, created=stored is None, changed=changed)
    numbers = {reference: row.id for reference, row in known.items()}
    return numbers | _insert_candidates(session, added)


def _insert_candidates(session: Session, added: Sequence[dict[str, Any]]) -> dict[str, int]:
    if not added:
        return {}
    statement = insert(_TABLE).returning(_TABLE.c.id, sort_by_parameter_order=True)
    numbers = list(session.execute(statement, added).scalars())
    for number, values in zip(numbers, added, strict=True):
        note_created(session, number, values)
    return {values["reference"]: number for values, number in zip(added, numbers, strict=True)}


def _write_audit(
    session: Session,
    region: str,
    audit: AuditAttributes,
    fields: frozenset[str],
    audits: Mapping[str, CandidateAudit],
) -> bool:
    attributes: dict[str, Any] = {
        name: getattr(audit, name) for name in AUDIT_FIELDS if name in fields
    }
    noted = audits.get(audit.reference)
    if noted is not None:
        return candidates.fill_audit(noted, attributes)
    if any(value is not None for value in attributes.values()):
        session.add(CandidateAudit(region=region, reference=audit.reference, **attributes))
        return True
    return False


def write_vacancies(
    session: Session,
    viewer: Viewer,
    chunk: Sequence[Row[VacancyProfile]],
    fields: frozenset[str],
    now: datetime,
    outcome: Outcome,
) -> None:
    """Vacancies of one region, open at once; an unknown contractor is made known."""
    known = vacancies.rows_by_reference(session, viewer, [row.value.reference for row in chunk])
    frozen = shortlists.frozen(session, [row.id for row in known.values()])
    firms: dict[str, Any] = {}
    for row in chunk:
        profile = row.value
        name = profile.contractor
        if name not in firms:
            firms[name] = vacancies.organisation_named(
                session, row.region, name, now=now, size_fte=profile.employer_size
            )
        stored = known.get(profile.reference)
        if stored is None:
            new = vacancies.new_row(profile, firms[name], status=VacancyStatus.OPEN, now=now)
            new.opened_on = day_of(now)
            session.add(new)
            outcome.count(row.number, created=True, changed=True)
            continue
        named = fields.intersection(vacancies.PROFILE_FIELDS)
        values = {field_name: getattr(profile, field_name) for field_name in named}
        if would_break(frozen, stored, values):
            outcome.problems.append(
                CellError("demands_stand").problem("reference", row.number, viewer.language)
            )
            continue
        changed = vacancies.fill(stored, {**values, "organisation_id": firms[name].id})
        if changed:
            stored.updated_at = now
        outcome.count(row.number, created=False, changed=changed)


def write_programmes(
    session: Session,
    viewer: Viewer,
    chunk: Sequence[Row[Programme]],
    fields: frozenset[str],
    now: datetime,
    outcome: Outcome,
) -> None:
    """Programmes of one region."""
    known = programmes.rows_by_reference(session, viewer, [row.value.reference for row in chunk])
    for row in chunk:
        stored = known.get(row.value.reference)
        if stored is None:
            session.add(programmes.new_row(row.value, region=row.region, now=now))
            outcome.count(row.number, created=True, changed=True)
            continue
        named = fields.intersection(programmes.VALUE_FIELDS) - {"region"}
        changed = programmes.fill(stored, {name: getattr(row.value, name) for name in named})
        if changed:
            stored.updated_at = now
        outcome.count(row.number, created=False, changed=changed)
