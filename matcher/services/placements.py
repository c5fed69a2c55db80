"""Placements: somebody starts work, how a moment of contact was, and how it ends.

The steps *start* and *end* of ``matcher.domain.transitions``; how it came about:
``matcher.services.placing``. A placement belongs to the person and the employer: no contract that
ends closes it. What is asked months later: ``matcher.services.outcomes``; what is to do:
``matcher.services.follow_up``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Problem, Stale
from matcher.domain.transitions import Step, rights_of
from matcher.models import Placement
from matcher.models.states import PlacementState
from matcher.reference.codes import load_codes
from matcher.repositories import candidates, recording
from matcher.repositories import placements as rows
from matcher.repositories.placements import NOT_STARTED, EventRecord, PlacementRecord
from matcher.repositories.records import Page
from matcher.services.calendar import day_of
from matcher.services.checks import refuse
from matcher.services.placement_checks import (
    AHEAD,
    NOTED,
    TRIAL,
    WRITTEN,
    PlacementNotPossible,
    Start,
    check_needs,
    checked,
    may_take,
)
from matcher.services.placing import note_step
from matcher.services.transactions import unit_of_work

PLACERS = rights_of(Step.END)
"""Who records that somebody started, and follows how it goes."""
READERS = rights_of(Step.AGREE)
"""They, and the employer."""
STARTERS = READERS
"""Who says that somebody began; the candidate does so with a moment of contact."""

FIRST_DAY, FIRST_WEEK, FIRST_PAY, FIRST_MONTH, BETWEEN = (
    "first_day", "first_week", "first_pay", "first_month", "between",
)  # fmt: skip
CONTACTS = (FIRST_DAY, FIRST_WEEK, FIRST_PAY, FIRST_MONTH, BETWEEN)
"""Moments of contact; the last is one that nobody planned."""
RESULTS, ENDINGS = "contact_results", "placement_endings"
DID_NOT_COME, NOT_REACHED = "did_not_come", "not_reached"


# --- changing -------------------------------------------------------------------------------------


def change_placement(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    values: Mapping[str, Any],
    *,
    expected_version: int,
    now: datetime,
) -> PlacementRecord:
    """Changes what is known of a placement; the first day only as long as nobody started."""
    with unit_of_work(session):
        _check_placer(viewer)
        row = rows.locked(session, viewer, placement_id)
        if row.version != expected_version:
            raise Stale("placement", row.version)
        kept = {name: getattr(row, name) for name in WRITTEN}
        clean = checked(values, kept, now)
        if clean.get("contract", row.contract) == TRIAL and row.state is not PlacementState.TRIAL:
            raise InvalidInput([Problem("contract", "is a trial, which this is not")])
        changed = {name: value for name, value in clean.items() if kept[name] != value}
        if "starts_on" in changed and row.state is not PlacementState.AGREED:
            raise PlacementNotPossible("over")
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.updated_at = now
            session.flush()
        return rows.get_record(session, viewer, placement_id)


# --- steps ----------------------------------------------------------------------------------------


def start(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    *,
    key: str | None = None,
    now: datetime,
) -> PlacementRecord:
    """Somebody began: from the first day on it is work."""
    with unit_of_work(session):
        row = rows.locked(session, viewer, placement_id)
        _start(session, viewer, row, key, now)
        return rows.get_record(session, viewer, placement_id)


def _start(
    session: Session, viewer: Viewer, row: Placement, key: str | None, now: datetime
) -> None:
    taken = may_take(session, viewer, row, Step.START, NOTED[Step.START], key)
    if taken is None:
        return
    line, right = taken
    check_needs(session, line, Start(None, None, None, row.starts_on, now))
    row.state, row.updated_at = PlacementState.ACTIVE, now
    session.flush()
    note_step(session, viewer, row, NOTED[Step.START], right, key=key, now=now, on=row.starts_on)


def end(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    code: str,
    *,
    on: date | None = None,
    key: str | None = None,
    now: datetime,
) -> PlacementRecord:
    """Somebody does not work there any more since `on`; the place is free again.

    `code` is one of ``placement_endings``, which the employer never reads. How the person is months
    after the start is asked all the same.
    """
    with unit_of_work(session):
        row = rows.locked(session, viewer, placement_id)
        taken = may_take(session, viewer, row, Step.END, NOTED[Step.END], key)
        if taken is None:
            return rows.get_record(session, viewer, placement_id)
        known = load_codes().list(ENDINGS).codes
        ended_on = on or day_of(now)
        problems = []
        if code not in known:
            problems.append(Problem("code", f"must be one of {', '.join(known)}"))
        first = row.starts_on if row.trial_from is None else row.trial_from
        earliest = min(first, ended_on) if code == NOT_STARTED else first
        if not earliest <= ended_on <= day_of(now):
            problems.append(Problem("on", f"must lie from {earliest} to today"))
        refuse(problems)
        row.state, row.ended_on, row.ended_code = PlacementState.ENDED, ended_on, code
        row.updated_at = now
        session.flush()
        note_step(session, viewer, row, NOTED[Step.END], taken[1], key=key, now=now, on=ended_on)
        return rows.get_record(session, viewer, placement_id)


def note_contact(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    step: str,
    result: str,
    *,
    now: datetime,
) -> None:
    """Keeps how a moment of contact was; on the first day somebody who came has started.

    The candidate says it in the own view, with the results meant for that.
    """
    is_own = viewer.has(Right.CANDIDATE)
    with unit_of_work(session):
        if not is_own:
            _check_placer(viewer)
        problems = []
        if step not in CONTACTS:
            problems.append(Problem("step", f"must be one of {', '.join(CONTACTS)}"))
        allowed = results_for("candidate" if is_own else "coach")
        if result not in allowed:
            problems.append(Problem("result", f"must be one of {', '.join(allowed)}"))
        refuse(problems)
        row = rows.locked(session, viewer, placement_id)
        if row.state is PlacementState.ENDED:
            raise PlacementNotPossible("over")
        right = Right.CANDIDATE if is_own else _right(viewer)
        rows.add_event(session, row, step, right, viewer, on=day_of(now), result=result, now=now)
        came = result not in (DID_NOT_COME, NOT_REACHED)
        if came and row.starts_on <= day_of(now) and row.state is PlacementState.AGREED:
            _start(session, viewer, row, None, now)
        row.updated_at = now
        session.flush()


def results_for(who: str) -> tuple[str, ...]:
    """The codes of ``contact_results`` that `who` can choose."""
    codes = load_codes().list(RESULTS).codes.values()
    return tuple(code.code for code in codes if who in code.attributes["given_by"].split("|"))


# --- reading --------------------------------------------------------------------------------------


def for_candidate(session: Session, viewer: Viewer, candidate_id: int) -> list[PlacementRecord]:
    """The placements of a candidate in reach, newest first."""
    _check_placer(viewer)
    candidates.get_row(session, viewer, candidate_id)
    return rows.of_candidate(session, viewer, candidate_id)


def own_placements(session: Session, viewer: Viewer) -> list[PlacementRecord]:
    """The placements of the viewer, a candidate, newest first."""
    if viewer.candidate_id is None:
        raise Forbidden("only a candidate has an own view")
    return rows.of_candidate(session, viewer, viewer.candidate_id)


def for_firm(session: Session, viewer: Viewer, *, on: date) -> list[PlacementRecord]:
    """Who works at the viewer's organisation, or did in the time that is asked about."""
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only a contractor has this view")
    found: list[PlacementRecord] = rows.in_reach(session, viewer, since=on - AHEAD)
    recording.note_list(session, viewer, "placement", count=len(found))
    return found


def get_placement(session: Session, viewer: Viewer, placement_id: int) -> PlacementRecord:
    """One placement in reach of staff or the employer; NotFound for any other."""
    _check_reader(viewer)
    found = rows.get_record(session, viewer, placement_id)
    recording.note_read_of(session, viewer, found.candidate_id, found.region)
    return found


def list_placements(
    session: Session,
    viewer: Viewer,
    *,
    candidate_id: int | None = None,
    vacancy_id: int | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PlacementRecord]:
    """One page of the placements in reach; an employer who asks for one candidate finds nothing."""
    _check_reader(viewer)
    if candidate_id is not None and not viewer.has(*PLACERS):
        return Page(())
    found = rows.page(
        session,
        viewer,
        candidate_id=candidate_id,
        vacancy_id=vacancy_id,
        state=None if state is None else PlacementState(state),
        cursor=cursor,
        limit=limit,
    )
    recording.note_list(session, viewer, "placement", count=len(found.items))
    return found


def events_of(
    session: Session, viewer: Viewer, placements: list[PlacementRecord]
) -> dict[int, list[EventRecord]]:
    """Steps and contacts in reach, in their order, by placement."""
    return rows.events_of(session, viewer, [one.id for one in placements])


# --- shared ---------------------------------------------------------------------------------------


def _check_placer(viewer: Viewer) -> None:
    if not viewer.has(*PLACERS):
        raise Forbidden("only a coach, a triager or a team lead records this")


def _check_reader(viewer: Viewer) -> None:
    if not viewer.has(*READERS):
        raise Forbidden("only who guides people, and employers, see placements")


def _right(viewer: Viewer) -> Right:
    return next(right for right in PLACERS if viewer.has(right))


def unknown_answer(name: str, allowed: tuple[str, ...]) -> InvalidInput:
    """That an answer is not one of those there are."""
    return InvalidInput([Problem(name, f"must be one of {', '.join(allowed)}")])
