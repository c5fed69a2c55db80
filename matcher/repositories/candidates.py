"""Candidates, their commitments and their attributes for the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import NotFound
from matcher.domain.vocabulary import LOADS, Lane
from matcher.models import Assessment, Candidate, CandidateAudit, Commitment
from matcher.models.candidate import SUPPORT_LEVELS
from matcher.models.states import CandidateStatus
from matcher.repositories.paging import after, decode_cursor, read_page
from matcher.repositories.recording import note_read
from matcher.repositories.records import CandidateRecord, CommitmentRecord, Page
from matcher.repositories.scope import caseload_owners, numbered, scoped, unscoped

PROFILE_FIELDS = tuple(item.name for item in fields(CandidateProfile))
OWN_WORDS = ("first_name", "contact_kind", "contact_value", "goal")
"""What is kept beside the profile; no rule reads it."""

_PLAIN_FIELDS = tuple(name for name in PROFILE_FIELDS if name not in (*LOADS, *SUPPORT_LEVELS))

LAST_DAY = date(9999, 12, 31)


def to_profile(row: Candidate) -> CandidateProfile:
    """What the rules may see of a row."""
    return CandidateProfile(**{name: getattr(row, name) for name in PROFILE_FIELDS})


def to_record(row: Candidate) -> CandidateRecord:
    """The row as a frozen value."""
    return CandidateRecord(
        id=row.id,
        version=row.version,
        profile=to_profile(row),
        status=row.status,
        first_name=row.first_name,
        contact_kind=row.contact_kind,
        contact_value=row.contact_value,
        owner_account_id=row.owner_account_id,
        goal=row.goal,
        manual_only=row.manual_only,
        not_reached=row.not_reached,
        closed_code=row.closed_code,
        closed_on=row.closed_on,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def fill(row: Candidate, values: Mapping[str, Any]) -> bool:
    """Sets `values` on `row`; whether anything is different now."""
    changed = False
    for name, value in values.items():
        if getattr(row, name, None) != value:
            setattr(row, name, value)
            changed = True
    return changed


def new_row(profile: CandidateProfile, *, now: datetime, owner: int | None) -> Candidate:
    """A row of `profile`, active and on the caseload of `owner`."""
    return Candidate(
        **{name: getattr(profile, name) for name in PROFILE_FIELDS},
        status=CandidateStatus.ACTIVE,
        manual_only=False,
        owner_account_id=owner,
        not_reached=0,
        created_at=now,
        updated_at=now,
    )


def new_values(profile: CandidateProfile, *, now: datetime) -> dict[str, Any]:
    """The columns of such a row without an owner, for one statement that adds many."""
    given = {name: getattr(profile, name) for name in PROFILE_FIELDS}
    values: dict[str, Any] = {name: given.pop(name) for name in _PLAIN_FIELDS}
    for column, names in (("loads", LOADS), ("support", SUPPORT_LEVELS)):
        held = {name: given[name] for name in names}
        values[column] = {name: level for name, level in held.items() if level is not None}
    return {
        **values,
        **dict.fromkeys((*OWN_WORDS, "owner_account_id", "closed_code", "closed_on")),
        "status": CandidateStatus.ACTIVE,
        "manual_only": False,
        "not_reached": 0,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def get_row(
    session: Session, viewer: Viewer, candidate_id: int, *, for_update: bool = False
) -> Candidate:
    """The row in reach of `viewer`, locked for a change on request; NotFound for any other."""
    statement = scoped(
        select(Candidate).where(numbered(Candidate, candidate_id)), viewer, Candidate
    )
    if for_update:
        # Read anew under the lock: what this session read before may be older.
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise NotFound("candidate")
    note_read(session, viewer, found)
    return found


def find_row(session: Session, viewer: Viewer, reference: str) -> Candidate | None:
    """The row with that reference in the viewer's region, None when there is none."""
    found = session.scalar(
        scoped(select(Candidate).where(Candidate.reference == reference), viewer, Candidate)
    )
    if found is not None:
        note_read(session, viewer, found)
    return found


def rows_by_reference(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> dict[str, Candidate]:
    """Rows in reach by reference, for many references at once."""
    statement = select(Candidate).where(Candidate.reference.in_(list(references)))
    rows = session.scalars(scoped(statement, viewer, Candidate))
    return {row.reference: row for row in rows}


def audit_by_reference(
    session: Session, region: str, references: Iterable[str]
) -> dict[str, CandidateAudit]:
    """The rows for the group audit, by reference, to be written over."""
    # Whoever imports a file writes these; only few may read them, and nothing here is shown.
    statement = select(CandidateAudit).where(
        CandidateAudit.region == region, CandidateAudit.reference.in_(list(references))
    )
    rows = session.scalars(unscoped(statement, CandidateAudit))
    return {row.reference: row for row in rows}


def fill_audit(row: CandidateAudit, values: Mapping[str, Any]) -> bool:
    """Sets `values` on `row`; whether anything is different now."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def count(session: Session, viewer: Viewer) -> int:
    """How many candidates are in reach, active or not."""
    statement = select(func.count()).select_from(Candidate)
    return session.scalar(scoped(statement, viewer, Candidate)) or 0


def regions_with_people(session: Session) -> list[str]:
    """Every region that has somebody active, for the service's own round."""
    statement = select(Candidate.region).where(Candidate.status == CandidateStatus.ACTIVE)
    return sorted(session.scalars(unscoped(statement.distinct(), Candidate)))


def latest_assessment_id() -> Any:
    """The newest assessment of the candidate in the enclosing statement."""
    return (
        select(func.max(Assessment.id))
        .where(Assessment.candidate_id == Candidate.id)
        .correlate(Candidate)
        .scalar_subquery()
    )


def waiting_order() -> tuple[Any, ...]:
    """Longest waiting first; who is not known to wait comes last."""
    return func.coalesce(Candidate.waiting_since, literal(LAST_DAY)), Candidate.id


def waiting_key(row: Candidate) -> tuple[date, int]:
    """The key of a row in that order."""
    return row.waiting_since or LAST_DAY, row.id


def narrowed(
    viewer: Viewer,
    *,
    status: CandidateStatus | None = None,
    own: bool = False,
    lane: Lane | None = None,
    search: str | None = None,
) -> Select[Any]:
    """Candidates in reach that pass every filter given.

    `own` leaves the caseload of the viewer: own people and those stood in for.
    """
    statement = scoped(select(Candidate), viewer, Candidate)
    if status is not None:
        statement = statement.where(Candidate.status == status)
    if own:
        statement = statement.where(
            or_(
                Candidate.owner_account_id.in_(caseload_owners(viewer)),
                Candidate.id.in_(sorted(viewer.covers_candidates)),
            )
        )
    if search:
        pattern = search.strip()
        statement = statement.where(
            or_(
                Candidate.reference.icontains(pattern, autoescape=True),
                Candidate.first_name.icontains(pattern, autoescape=True),
            )
        )
    if lane is not None:
        statement = scoped(
            statement.join(Assessment, Assessment.id == latest_assessment_id()).where(
                Assessment.lane == lane, Candidate.manual_only.is_(False)
            ),
            viewer,
            Assessment,
        )
    return statement


def after_cursor(statement: Select[Any], cursor: str | None) -> Select[Any]:
    """`statement` in waiting order, from the row behind `cursor` on."""
    order = waiting_order()
    if cursor is not None:
        statement = statement.where(after(order, decode_cursor(cursor, (date, int))))
    return statement.order_by(*order)


def page(
    session: Session, statement: Select[Any], *, cursor: str | None, limit: int
) -> Page[CandidateRecord]:
    """One page of `narrowed`, longest waiting first."""
    return read_page(
        session,
        after_cursor(statement, cursor),
        limit=limit,
        key_of=lambda row: waiting_key(row[0]),
        make=lambda row: to_record(row[0]),
    )


def to_commitment(row: Commitment) -> CommitmentRecord:
    """The row as a frozen value."""
    return CommitmentRecord(
        id=row.id,
        candidate_id=row.candidate_id,
        hours_a_week=row.hours_a_week,
        until=row.until,
        created_at=row.created_at,
    )


def commitment_rows(session: Session, viewer: Viewer, candidate_id: int) -> list[Commitment]:
    """What a candidate does elsewhere, what ends first on top."""
    statement = (
        select(Commitment)
        .where(Commitment.candidate_id == candidate_id)
        .order_by(Commitment.until, Commitment.id)
    )
    return list(session.scalars(scoped(statement, viewer, Commitment)))


def commitments_of(session: Session, candidate_id: int) -> list[Commitment]:
    """What a candidate does elsewhere, for a plan."""
    # The candidate was found in the viewer's scope; a plan counts these hours whoever asks for it.
    statement = (
        select(Commitment)
        .where(Commitment.candidate_id == candidate_id)
        .order_by(Commitment.until, Commitment.id)
    )
    return list(session.scalars(unscoped(statement, Commitment)))
