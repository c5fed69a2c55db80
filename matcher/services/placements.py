"""Placements: somebody starts work, after an introduction or found otherwise, and how it ends.

trial or agreed -> active -> ended, each step with who and when. A placement belongs to the person
and the employer: no contract that ends closes it. What is asked months later:
``matcher.services.outcomes``; what is to do: ``matcher.services.follow_up``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.models import Candidate, Introduction, Placement, Vacancy
from matcher.models.states import IntroductionState, PlacementState
from matcher.reference.codes import load_codes
from matcher.repositories import candidates, recording
from matcher.repositories import introductions as introduction_rows
from matcher.repositories import placements as rows
from matcher.repositories.placements import EventRecord, PlacementRecord
from matcher.repositories.records import Page
from matcher.services.calendar import day_of
from matcher.services.checks import refuse
from matcher.services.transactions import unit_of_work

PLACERS = (Right.COACH, Right.LEAD, Right.TRIAGER)
"""Who records that somebody started, and follows how it goes."""
READERS = (*PLACERS, Right.CONTRACTOR)

RECORDED, STARTED, ENDED = "recorded", "started", "ended"
STEPS = (RECORDED, STARTED, ENDED)
FIRST_DAY, FIRST_WEEK, FIRST_PAY, FIRST_MONTH, BETWEEN = (
    "first_day", "first_week", "first_pay", "first_month", "between",
)  # fmt: skip
CONTACTS = (FIRST_DAY, FIRST_WEEK, FIRST_PAY, FIRST_MONTH, BETWEEN)
"""Moments of contact; the last is one that nobody planned."""
RESULTS, ENDINGS, CONTRACTS = "contact_results", "placement_endings", "job_contracts"
PLACED, NOT_STARTED = "placed", "not_started"
DID_NOT_COME, NOT_REACHED = "did_not_come", "not_reached"
HOURS_MAXIMUM = 60
_AHEAD = timedelta(days=366)
_BACK = timedelta(days=3 * 366)
_DETAILS = ("hours_a_week", "contract", "contract_until", "first_pay_on")
_WRITTEN = ("starts_on", *_DETAILS)


class PlacementNotPossible(Conflict):
    """The state forbids it; `why` is a code that pages put in words.

    ``already`` (this person is placed now), ``not_met`` (the introduction did not come that far),
    ``other_person`` (of the introduction) or ``over`` (no longer open for this step).
    """

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS[why])
        self.why = why


_WORDS = {
    "already": "this candidate has a placement that has not ended",
    "not_met": "this introduction is not one in which both met",
    "other_person": "this introduction is of another candidate",
    "over": "this placement is not open for this step",
}


# --- recording and changing -----------------------------------------------------------------------


def record_placement(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    values: Mapping[str, Any],
    *,
    introduction_id: int | None = None,
    trial: bool = False,
    now: datetime,
) -> PlacementRecord:
    """Keeps that a candidate in reach starts work on a day.

    With an introduction in which both met, the placement takes over its place of the vacancy and
    the introduction ends; without, it is work found otherwise. `values` holds `starts_on` and what
    is known of hours, contract, its last day, the first pay day, and `sector` for other work.
    """
    with unit_of_work(session):
        _check_placer(viewer)
        met = None
        if introduction_id is not None:
            met = introduction_rows.locked(session, viewer, introduction_id)
        candidate = candidates.get_row(session, viewer, candidate_id)
        clean = _checked({"starts_on": None, **values}, {}, now, sector=introduction_id is None)
        row = Placement(
            **{**dict.fromkeys((*_DETAILS, "sector")), **clean},
            region=candidate.region,
            candidate_id=candidate.id,
            state=PlacementState.TRIAL if trial else PlacementState.AGREED,
            created_at=now,
            updated_at=now,
        )
        if met is not None:
            _take_over(session, viewer, row, *met, candidate, now)
        session.add(row)
        _flush(session)
        rows.add_event(session, row, RECORDED, _right(viewer), viewer, on=day_of(now), now=now)
        session.flush()
        return rows.get_record(session, viewer, row.id)


def _take_over(
    session: Session,
    viewer: Viewer,
    row: Placement,
    introduction: Introduction,
    vacancy: Vacancy,
    candidate: Candidate,
    now: datetime,
) -> None:
    """The place that the introduction kept is the placement's; the introduction is over."""
    if introduction.candidate_id != candidate.id:
        raise PlacementNotPossible("other_person")
    if introduction.state is not IntroductionState.INTRODUCED:
        raise PlacementNotPossible("not_met")
    row.introduction_id = introduction.id
    row.vacancy_id, row.organisation_id = vacancy.id, introduction.organisation_id
    row.sector, row.arrangement = vacancy.sector, vacancy.arrangement
    introduction.state = IntroductionState.CLOSED
    introduction.closed_code, introduction.closed_at = PLACED, now
    introduction.shares, introduction.shown = (), {}
    introduction.updated_at = now
    right = _right(viewer)
    introduction_rows.add_event(session, introduction, PLACED, right, viewer, now)


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
        kept = {name: getattr(row, name) for name in _WRITTEN}
        clean = _checked(values, kept, now)
        changed = {name: value for name, value in clean.items() if kept[name] != value}
        if "starts_on" in changed and row.state is not PlacementState.AGREED:
            raise PlacementNotPossible("over")
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.updated_at = now
            session.flush()
        return rows.get_record(session, viewer, placement_id)


def _checked(
    values: Mapping[str, Any], kept: Mapping[str, Any], now: datetime, *, sector: bool = False
) -> dict[str, Any]:
    """`values` as they can be kept; InvalidInput with all that is wrong with them."""
    known = {*_WRITTEN, "sector"} if sector else set(_WRITTEN)
    problems = [Problem(name, "cannot be set here") for name in sorted(set(values) - known)]
    clean = {name: value for name, value in values.items() if name in known}
    whole = {**kept, **clean}
    starts_on: date | None = whole.get("starts_on")
    today = day_of(now)
    if starts_on is None or not today - _BACK <= starts_on <= today + _AHEAD:
        earliest, latest = today - _BACK, today + _AHEAD
        problems.append(Problem("starts_on", f"must lie from {earliest} to {latest}"))
    else:
        problems += [
            Problem(name, "must not lie before the first day")
            for name in ("contract_until", "first_pay_on")
            if whole.get(name) is not None and whole[name] < starts_on
        ]
    hours = clean.get("hours_a_week")
    if hours is not None and not 0 < hours <= HOURS_MAXIMUM:
        problems.append(Problem("hours_a_week", f"must be over 0, at most {HOURS_MAXIMUM}"))
    for name, codes in (("contract", CONTRACTS), ("sector", "sectors")):
        code = clean.get(name)
        if code is not None and code not in load_codes().list(codes).codes:
            problems.append(Problem(name, f"is not a known code of {codes}"))
    refuse(problems)
    return clean


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise PlacementNotPossible("already") from error


# --- steps ----------------------------------------------------------------------------------------


def start(session: Session, viewer: Viewer, placement_id: int, *, now: datetime) -> PlacementRecord:
    """Somebody began: from the first day on it is work. Twice is once."""
    with unit_of_work(session):
        _check_placer(viewer)
        row = rows.locked(session, viewer, placement_id)
        _start(session, viewer, row, _right(viewer), now)
        return rows.get_record(session, viewer, placement_id)


def _start(session: Session, viewer: Viewer, row: Placement, right: Right, now: datetime) -> None:
    if row.state is PlacementState.ACTIVE:
        return
    if row.state is PlacementState.ENDED or row.starts_on > day_of(now):
        raise PlacementNotPossible("over")
    row.state, row.updated_at = PlacementState.ACTIVE, now
    rows.add_event(session, row, STARTED, right, viewer, on=row.starts_on, now=now)
    session.flush()


def end(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    code: str,
    *,
    on: date | None = None,
    now: datetime,
) -> PlacementRecord:
    """Somebody does not work there any more since `on`; the place is free again.

    `code` is one of ``placement_endings``, which the employer never reads. How the person is months
    after the start is asked all the same.
    """
    with unit_of_work(session):
        _check_placer(viewer)
        row = rows.locked(session, viewer, placement_id)
        if row.state is PlacementState.ENDED:
            raise PlacementNotPossible("over")
        known = load_codes().list(ENDINGS).codes
        ended_on = on or day_of(now)
        problems = []
        if code not in known:
            problems.append(Problem("code", f"must be one of {', '.join(known)}"))
        earliest = min(row.starts_on, ended_on) if code == NOT_STARTED else row.starts_on
        if not earliest <= ended_on <= day_of(now):
            problems.append(Problem("on", f"must lie from {earliest} to today"))
        refuse(problems)
        row.state, row.ended_on, row.ended_code = PlacementState.ENDED, ended_on, code
        row.updated_at = now
        rows.add_event(session, row, ENDED, _right(viewer), viewer, on=ended_on, now=now)
        session.flush()
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
            _start(session, viewer, row, right, now)
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
    found: list[PlacementRecord] = rows.in_reach(session, viewer, since=on - _AHEAD)
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
