"""Agreeing on work: a trial or work after an introduction in which both met, or found otherwise.

The steps *try* and *agree* of ``matcher.domain.transitions``, written down by the employer or by
who guides the person. What follows once there is a placement: ``matcher.services.placements``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.transitions import NotListed, State, Step, Transition, listed, rights_of
from matcher.models import Candidate, Introduction, Placement, PlacementEvent, Vacancy
from matcher.models.states import IntroductionState, PlacementState
from matcher.models.wall import whole_database
from matcher.repositories import agreements, candidates, placement_steps
from matcher.repositories import introductions as introduction_rows
from matcher.repositories import placements as rows
from matcher.repositories.placements import PlacementRecord
from matcher.services.calendar import day_of
from matcher.services.introduction_checks import NotPossible
from matcher.services.introduction_steps import NOTED as NOTED_THERE
from matcher.services.introduction_steps import is_repeated, state_of
from matcher.services.placement_checks import (
    AGREED_AFTER,
    NOTED,
    OF_TRIAL,
    TRIAL,
    WRITTEN,
    PlacementNotPossible,
    Start,
    check_needs,
    checked,
    may_take,
)
from matcher.services.transactions import unit_of_work

AGREERS = rights_of(Step.AGREE)
"""Who writes down what was agreed: who guides the person, and the employer of the introduction."""


def record_placement(
    session: Session,
    viewer: Viewer,
    candidate_id: int,
    values: Mapping[str, Any],
    *,
    introduction_id: int | None = None,
    without: str | None = None,
    trial: bool = False,
    key: str | None = None,
    now: datetime,
) -> PlacementRecord:
    """Keeps that a candidate in reach starts work, or a trial, on a day.

    With an introduction in which both met, the placement takes over its place of the vacancy and
    the introduction ends; without, it is work found otherwise, and `without` says why: a code of
    ``no_introduction``. `values` holds `starts_on` and what is known of hours, contract, its last
    day, the first pay day, and `sector` for other work; for a trial `trial_until`, `trial_reason`
    and `intends_contract`.
    """
    with unit_of_work(session):
        step = Step.TRY if trial else Step.AGREE
        met = None
        if introduction_id is not None:
            met = introduction_rows.locked(session, viewer, introduction_id)
        candidate = candidates.get_row(session, viewer, candidate_id)
        if met is not None:
            return _after(session, viewer, *met, candidate, step, values, key, now)
        earlier = placement_steps.recorded_under(session, viewer, candidate.id, key)
        if earlier is not None:
            return rows.get_record(session, viewer, earlier)
        line, right = listed(State.NEW, step, viewer.rights)
        clean = checked({"starts_on": None, **values}, {}, now, sector=True, trial=trial)
        start = Start(candidate, None, without, clean["starts_on"], now)
        check_needs(session, line, start)
        row = _new(candidate, line, clean, now)
        row.without_introduction = without
        return _keep(session, viewer, row, step, right, key, now)


def agree_after_meeting(
    session: Session,
    viewer: Viewer,
    introduction_id: int,
    values: Mapping[str, Any],
    *,
    trial: bool = False,
    key: str | None = None,
    now: datetime,
) -> PlacementRecord:
    """The same after an introduction in reach, whoever of both sides writes it down."""
    with unit_of_work(session):
        row, vacancy = introduction_rows.locked(session, viewer, introduction_id)
        candidate = introduction_rows.candidate_of(session, row)
        step = Step.TRY if trial else Step.AGREE
        return _after(session, viewer, row, vacancy, candidate, step, values, key, now)


def _after(
    session: Session,
    viewer: Viewer,
    introduction: Introduction,
    vacancy: Vacancy,
    candidate: Candidate | None,
    step: Step,
    values: Mapping[str, Any],
    key: str | None,
    now: datetime,
) -> PlacementRecord:
    """The place that the introduction kept is the placement's; the introduction is over."""
    if candidate is None or introduction.candidate_id != candidate.id:
        raise PlacementNotPossible("other_person" if candidate is not None else "not_met")
    try:
        if is_repeated(session, viewer, introduction, step, key):
            number = placement_steps.after_introduction(session, introduction.id)
            if number is None:
                raise PlacementNotPossible("key_used")
            return rows.get_record(session, viewer, number)
        line, right = listed(state_of(session, viewer, introduction, now), step, viewer.rights)
    except NotListed:
        raise PlacementNotPossible("not_met") from None
    except NotPossible as refused:
        raise PlacementNotPossible(refused.why) from None
    clean = checked({"starts_on": None, **values}, {}, now, trial=step is Step.TRY)
    check_needs(session, line, Start(candidate, introduction, None, clean["starts_on"], now))
    row = _new(candidate, line, clean, now)
    row.introduction_id = introduction.id
    row.vacancy_id, row.organisation_id = vacancy.id, introduction.organisation_id
    row.sector, row.arrangement = vacancy.sector, vacancy.arrangement
    noted = NOTED_THERE[step]
    introduction.state = IntroductionState.CLOSED
    introduction.closed_code, introduction.closed_at = noted, now
    introduction.shares, introduction.shown = (), {}
    introduction.updated_at = now
    introduction_rows.add_event(session, introduction, noted, right, viewer, now, key=key)
    kept = _keep(session, viewer, row, step, right, key, now)
    agreements.move(session, introduction.id, row.id)
    return kept


def _new(
    candidate: Candidate, line: Transition, clean: Mapping[str, Any], now: datetime
) -> Placement:
    if line.after is State.AGREED:
        _refuse_unpaid(clean)
    empty = dict.fromkeys((*WRITTEN, *OF_TRIAL, "sector", "trial_from"))
    return Placement(
        **{**empty, **clean},
        region=candidate.region,
        candidate_id=candidate.id,
        state=PlacementState(line.after.value),
        created_at=now,
        updated_at=now,
    )


def _refuse_unpaid(clean: Mapping[str, Any]) -> None:
    """A trial is a step of its own: nobody agrees on work that is one."""
    if clean.get("contract") == TRIAL:
        raise InvalidInput([Problem("contract", "is a trial; record it as one")])


def _keep(
    session: Session,
    viewer: Viewer,
    row: Placement,
    step: Step,
    right: Right,
    key: str | None,
    now: datetime,
) -> PlacementRecord:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise PlacementNotPossible("already") from error
    note_step(session, viewer, row, NOTED[step], right, key=key, now=now)
    return rows.get_record(session, viewer, row.id)


def note_step(
    session: Session,
    viewer: Viewer,
    row: Placement,
    step: str,
    right: Right,
    *,
    key: str | None,
    now: datetime,
    on: Any = None,
) -> None:
    """Notes a step with who, when and the key; an employer writes these lines and reads none."""
    with whole_database(session, "noting a step of a placement", PlacementEvent):
        rows.add_event(session, row, step, right, viewer, on=on or day_of(now), now=now, key=key)
        session.flush()


def agree_after_trial(
    session: Session,
    viewer: Viewer,
    placement_id: int,
    values: Mapping[str, Any],
    *,
    key: str | None = None,
    now: datetime,
) -> PlacementRecord:
    """A trial becomes work: from which day, for how many hours, with which contract.

    `starts_on` is the first day of the contract from then on; the days of the trial stay beside it.
    """
    with unit_of_work(session):
        row = rows.locked(session, viewer, placement_id)
        taken = may_take(session, viewer, row, Step.AGREE, AGREED_AFTER, key)
        if taken is None:
            return rows.get_record(session, viewer, placement_id)
        clean = checked({"starts_on": None, **values}, {}, now)
        _refuse_unpaid(clean)
        if row.trial_from is not None and clean["starts_on"] < row.trial_from:
            raise InvalidInput([Problem("starts_on", "must not lie before the trial")])
        row.contract = None
        for name, value in clean.items():
            setattr(row, name, value)
        row.state, row.updated_at = PlacementState.AGREED, now
        session.flush()
        note_step(session, viewer, row, AGREED_AFTER, taken[1], key=key, now=now)
        return rows.get_record(session, viewer, placement_id)
