"""Candidates: enter, change, find, pause, close, and what they do elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.domain.vocabulary import Lane
from matcher.files.columns_candidate import CANDIDATE_COLUMNS
from matcher.files.messages import CellError
from matcher.models import Candidate, Commitment
from matcher.models.states import CandidateStatus, ClosingCode, ContactKind
from matcher.repositories import candidates as rows
from matcher.repositories import tombstones
from matcher.repositories.records import CandidateRecord, CommitmentRecord, Page
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.checks import (
    allowed_values,
    checked_texts,
    checked_values,
    hours_problems,
    refuse,
)
from matcher.services.choices import choice
from matcher.services.seat_releases import end_with_the_file
from matcher.services.transactions import unit_of_work
from matcher.services.visibility import Kind

COLUMNS = {column.name: column for column in CANDIDATE_COLUMNS}
TEXTS = {"first_name": 60, "contact_value": 120, "goal": 200}
NAMES = ("first_name", "contact_value")
READ_ONLY_FOR_STAFF = ("wants_start",)
NOT_REACHED_MAXIMUM = 3
HOURS_IN_A_WEEK = 168

# Without letters and digits that are easily read for each other on paper.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_reference(prefix: str) -> str:
    """A reference that says nothing about whom it is of, such as ``K-7FQ2M9XA``."""
    return f"{prefix}-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def create_candidate(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, now: datetime
) -> CandidateRecord:
    """Enters somebody new in the viewer's region.

    `values` go by field name of `CandidateProfile`, with `first_name`, `contact_kind`,
    `contact_value` and `goal`; without `reference` one is drawn. A coach becomes the owner. Waiting
    counts from today unless `waiting_since` is given.
    """
    with unit_of_work(session):
        if viewer.region is None or not viewer.has(Right.COACH, Right.LEAD):
            raise Forbidden("only a coach or a team lead enters candidates")
        given = allowed_values(
            Kind.CANDIDATE,
            viewer,
            values,
            always=("reference", "region"),
            ignored=READ_ONLY_FOR_STAFF,
        )
        given = {
            "reference": new_reference("K"),
            "waiting_since": day_of(now),
            **given,
        }
        if given.pop("region", viewer.region) != viewer.region:
            raise InvalidInput([Problem("region", "must be your own region")])
        clean = _clean({**given, "region": viewer.region}, {}, viewer.language)
        words = {name: clean.pop(name) for name in rows.OWN_WORDS if name in clean}
        owner = viewer.account_id if viewer.has(Right.COACH) else None
        row = rows.new_row(CandidateProfile(**clean), now=now, owner=owner)
        rows.fill(row, words)
        return _added(session, viewer, row)


def _added(session: Session, viewer: Viewer, row: Candidate) -> CandidateRecord:
    taken = Conflict("there is already a candidate with this reference in the region")
    if rows.find_row(session, viewer, row.reference) is not None:
        raise taken
    if tombstones.is_erased(session, row.region, row.reference):
        refuse([CellError("erased").problem("reference", None, viewer.language)])
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise taken from error
    return rows.to_record(row)


def _clean(values: Mapping[str, Any], earlier: Mapping[str, Any], language: str) -> dict[str, Any]:
    """`values` as they may be kept on top of `earlier`; InvalidInput with all problems at once."""
    texts, problems = checked_texts(TEXTS, values, language, names=NAMES)
    profile = {k: v for k, v in values.items() if k not in (*TEXTS, "contact_kind")}
    clean, more = checked_values(COLUMNS, profile, language)
    problems += more
    clean.update(texts)
    if "contact_kind" in values:
        kind = values["contact_kind"]
        try:
            clean["contact_kind"] = None if kind in (None, "") else ContactKind(kind)
        except ValueError:
            words = ", ".join(member.value for member in ContactKind)
            problems.append(Problem("contact_kind", f"must be one of {words}"))
    refuse(problems + hours_problems({**earlier, **clean}, language))
    return clean


def update_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """Changes the fields named in `values` (None makes one unknown again).

    `expected_version` is the version that the caller read; Stale when somebody changed the
    candidate since. Nothing different leaves the version as it is.
    """
    with unit_of_work(session):
        row = _locked(session, viewer, candidate_id, expected_version)
        given = allowed_values(Kind.CANDIDATE, viewer, values, ignored=READ_ONLY_FOR_STAFF)
        earlier = {name: getattr(row, name) for name in ("hours_min", "hours_max")}
        return _changed(session, row, _clean(given, earlier, viewer.language), now)


def _locked(session: Session, viewer: Viewer, candidate_id: int, expected: int) -> Candidate:
    row = rows.get_row(session, viewer, candidate_id, for_update=True)
    if row.version != expected:
        raise Stale("candidate", row.version)
    return row


def _changed(
    session: Session, row: Candidate, values: Mapping[str, Any], now: datetime
) -> CandidateRecord:
    if rows.fill(row, values):
        row.updated_at = now
        session.flush()
    return rows.to_record(row)


def get_candidate(session: Session, viewer: Viewer, candidate_id: int) -> CandidateRecord:
    """One candidate in reach of `viewer`; NotFound for any other."""
    return rows.to_record(rows.get_row(session, viewer, candidate_id))


def find_candidate(session: Session, viewer: Viewer, reference: str) -> CandidateRecord | None:
    """The candidate in reach with that reference, None when there is none."""
    row = rows.find_row(session, viewer, reference)
    return None if row is None else rows.to_record(row)


def list_candidates(
    session: Session,
    viewer: Viewer,
    *,
    caseload: str = "own",
    status: str | None = "active",
    lane: str | None = None,
    search: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CandidateRecord]:
    """Candidates, longest waiting first; nothing sorts by readiness.

    `caseload` is own or region; own narrows for coaches only, and region gives all in reach. `lane`
    is that of the newest assessment; `search` looks in reference and first name.
    """
    if caseload not in ("own", "region"):
        raise InvalidInput([Problem("caseload", "must be own or region")])
    own = caseload == "own" and viewer.has(Right.COACH) and viewer.account_id is not None
    statement = rows.narrowed(
        viewer,
        status=None if status is None else choice(CandidateStatus, "status", status),
        own=own,
        lane=None if lane is None else choice(Lane, "lane", lane),
        search=search,
    )
    page = rows.page(session, statement, cursor=cursor, limit=limit)
    note_list(
        session,
        viewer,
        "candidate_list",
        query={
            "caseload": caseload,
            "status": status,
            "lane": lane,
            # What was searched for may be a name, so only that there was a search is kept.
            "search": "yes" if search else None,
            "page": None if cursor is None else "next",
        },
        count=len(page.items),
    )
    return page


def pause_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    until: date | None,
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """Away until that day, or back when None; why is never asked (practice.md section 1)."""
    return update_candidate(
        session,
        viewer,
        candidate_id,
        {"paused_until": until},
        expected_version=expected_version,
        now=now,
    )


def close_candidate(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    code: str,
    *,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """Closes a file with one of the closing codes; seats that are open end with it."""
    chosen = choice(ClosingCode, "code", code)
    closed = {
        "status": CandidateStatus.CLOSED,
        "closed_code": chosen,
        "closed_on": day_of(now),
    }
    with unit_of_work(session):
        record = _set_state(session, viewer, candidate_id, closed, expected_version, now)
        end_with_the_file(session, candidate_id, chosen.value, now=now)
        return record


def reopen_candidate(
    session: Session, viewer: Viewer, candidate_id: int, *, expected_version: int, now: datetime
) -> CandidateRecord:
    """Takes somebody back: there is always a way back."""
    opened = {"status": CandidateStatus.ACTIVE, "closed_code": None, "closed_on": None}
    return _set_state(session, viewer, candidate_id, opened, expected_version, now)


def mark_not_reached(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    reached: bool = False,
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    """One more attempt without contact, three at most; back to none once somebody was reached."""
    row = rows.get_row(session, viewer, candidate_id)
    attempts = 0 if reached else min(row.not_reached + 1, NOT_REACHED_MAXIMUM)
    state = {"not_reached": attempts}
    return _set_state(session, viewer, candidate_id, state, expected_version, now)


def _set_state(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    values: Mapping[str, Any],
    expected_version: int,
    now: datetime,
) -> CandidateRecord:
    with unit_of_work(session):
        row = _locked(session, viewer, candidate_id, expected_version)
        if not viewer.has(Right.COACH, Right.LEAD, Right.TRIAGER):
            raise Forbidden("only a coach, a triager or a team lead changes this")
        return _changed(session, row, values, now)


def add_commitment(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    *,
    hours_a_week: float,
    until: date,
    now: datetime,
) -> CommitmentRecord:
    """Hours a week that somebody spends elsewhere, until and including a day; never on what."""
    with unit_of_work(session):
        candidate = rows.get_row(session, viewer, candidate_id)
        if not viewer.has(Right.COACH, Right.LEAD, Right.TRIAGER):
            raise Forbidden("only a coach, a triager or a team lead adds this")
        problems = []
        if not 0 < hours_a_week <= HOURS_IN_A_WEEK:
            why = f"must be more than 0 and at most {HOURS_IN_A_WEEK}"
            problems.append(Problem("hours_a_week", why))
        if until < day_of(now):
            problems.append(Problem("until", "must not lie in the past"))
        refuse(problems)
        row = Commitment(
            region=candidate.region,
            candidate_id=candidate.id,
            hours_a_week=float(hours_a_week),
            until=until,
            created_at=now,
        )
        session.add(row)
        session.flush()
        return rows.to_commitment(row)


def list_commitments(session: Session, viewer: Viewer, candidate_id: int) -> list[CommitmentRecord]:
    """What a candidate does elsewhere, what ends first on top."""
    rows.get_row(session, viewer, candidate_id)
    found = rows.commitment_rows(session, viewer, candidate_id)
    return [rows.to_commitment(row) for row in found]


def remove_commitment(
    session: Session, viewer: Viewer, candidate_id: int, commitment_id: int
) -> None:
    """Takes one commitment away; NotFound when this candidate has no such one."""
    with unit_of_work(session):
        for row in rows.commitment_rows(session, viewer, candidate_id):
            if row.id == commitment_id:
                session.delete(row)
                return
        raise NotFound("commitment")
