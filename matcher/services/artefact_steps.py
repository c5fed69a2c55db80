"""What people do with a learned artefact: shadow, promotion by two, and back at once by one.

An artefact predicts in shadow, and serves once one person asked for it and another confirmed.
Going back takes one person and no time.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, Problem, Stale
from matcher.models import Artefact, ArtefactChange
from matcher.models.states import ArtefactState, ArtefactStep, ChangeState
from matcher.repositories import artefacts as rows
from matcher.repositories.artefacts import ArtefactRecord, StepRecord
from matcher.scoring.refusals import ArtefactRefused
from matcher.services.artefacts import (
    STEPPERS,
    WATCHERS,
    Standing,
    check_right,
    refusal_of,
    standing_of,
)
from matcher.services.checks import checked_texts, refuse
from matcher.services.predicting import check_provenance, predictor_of
from matcher.services.transactions import unit_of_work

WHY_MAXIMUM = 200


def begin_shadow(
    session: Session, viewer: Viewer, artefact_id: int, why: str | None, *, now: datetime
) -> ArtefactRecord:
    """Lets an artefact predict for nobody to see; its file has to be whole."""
    check_right(viewer, STEPPERS)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        row = rows.get_row(session, viewer, artefact_id, for_update=True)
        if row.state not in (ArtefactState.REGISTERED, ArtefactState.RETIRED):
            raise Conflict(f"this artefact is {row.state.value}; it predicts already")
        predictor_of(session, row)
        row.state = ArtefactState.SHADOW
        return _stepped(session, viewer, row, ArtefactStep.SHADOW, reason, now)


def ask_promotion(
    session: Session, viewer: Viewer, artefact_id: int, why: str | None, *, now: datetime
) -> StepRecord:
    """Asks for an artefact to serve; somebody else confirms. Nothing changes until then.

    ArtefactRefused when its file is not whole, when it did not pass every gate, or, in production,
    when it was learned on made-up people; Conflict when it is not in shadow or one is asked for.
    """
    check_right(viewer, STEPPERS)
    _check_account(viewer)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        row = rows.get_row(session, viewer, artefact_id, for_update=True)
        _may_serve(session, row)
        if rows.asked(session, viewer, row.region) is not None:
            raise Conflict("another promotion waits for a second person; decide on that first")
        change = _change(viewer, row, ArtefactStep.PROMOTE, ChangeState.ASKED, reason, now)
        session.add(change)
        try:
            with session.begin_nested():
                session.flush()
        except IntegrityError:
            raise Conflict("another promotion waits for a second person") from None
        return _record(session, viewer, change)


def confirm_promotion(
    session: Session,
    viewer: Viewer,
    artefact_id: int,
    change_id: int,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> StepRecord:
    """Lets the artefact serve from now on; the one that served is retired.

    Forbidden for who asked; Conflict when it was decided already; ArtefactRefused as when asking.
    """
    check_right(viewer, STEPPERS)
    _check_account(viewer)
    with unit_of_work(session):
        change = _to_decide(session, viewer, artefact_id, change_id, expected_version)
        if change.asked_by is None or change.asked_by == viewer.account_id:
            raise Forbidden("whoever asked for a promotion does not confirm it; somebody else does")
        everything = rows.lock_region(session, viewer, change.region)
        row = next(one for one in everything if one.id == artefact_id)
        _may_serve(session, row)
        for one in everything:
            if one.state is ArtefactState.PROMOTED:
                one.state, one.updated_at = ArtefactState.RETIRED, now
        session.flush()
        row.state, row.promoted_at, row.updated_at = ArtefactState.PROMOTED, now, now
        return _decided(session, viewer, change, ChangeState.CONFIRMED, now)


def refuse_promotion(
    session: Session,
    viewer: Viewer,
    artefact_id: int,
    change_id: int,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> StepRecord:
    """Says no to a promotion that somebody else asked for, or takes back the own one."""
    check_right(viewer, STEPPERS)
    _check_account(viewer)
    with unit_of_work(session):
        change = _to_decide(session, viewer, artefact_id, change_id, expected_version)
        is_own = change.asked_by == viewer.account_id
        state = ChangeState.WITHDRAWN if is_own else ChangeState.REFUSED
        return _decided(session, viewer, change, state, now)


def roll_back(
    session: Session,
    viewer: Viewer,
    artefact_id: int,
    why: str | None,
    *,
    now: datetime,
    to_rules: bool = False,
) -> Standing:
    """Takes back the artefact that serves, at once: the one before serves again if it is whole.

    With `to_rules`, or without one before, the rules speak alone. Conflict when this one does not
    serve.
    """
    check_right(viewer, WATCHERS)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        region = rows.get_row(session, viewer, artefact_id).region
        everything = rows.lock_region(session, viewer, region)
        row = next(one for one in everything if one.id == artefact_id)
        if row.state is not ArtefactState.PROMOTED:
            raise Conflict("this artefact does not serve; there is nothing to take back")
        earlier = [] if to_rules else rows.promoted_before(session, viewer, region)
        row.state = ArtefactState.RETIRED
        _stepped(session, viewer, row, ArtefactStep.ROLL_BACK, reason, now)
        for one in earlier:
            if one.tripped_code is None and refusal_of(session, one) is None:
                one.state, one.promoted_at, one.updated_at = ArtefactState.PROMOTED, now, now
                session.flush()
                if refusal_of(session, one) is None:
                    break
                one.state = ArtefactState.RETIRED
                session.flush()
        return standing_of(session, region)


def try_again(
    session: Session, viewer: Viewer, artefact_id: int, why: str | None, *, now: datetime
) -> ArtefactRecord:
    """Closes a breaker that tripped, so that the artefact predicts again."""
    check_right(viewer, WATCHERS)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        row = rows.get_row(session, viewer, artefact_id, for_update=True)
        if row.tripped_code is None:
            raise Conflict("the breaker of this artefact did not trip")
        row.tripped_code = row.tripped_at = None
        return _stepped(session, viewer, row, ArtefactStep.TRY_AGAIN, reason, now)


def retire(
    session: Session, viewer: Viewer, artefact_id: int, why: str | None, *, now: datetime
) -> ArtefactRecord:
    """Ends the shadow of an artefact; it predicts no more."""
    check_right(viewer, WATCHERS)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        row = rows.get_row(session, viewer, artefact_id, for_update=True)
        if row.state is not ArtefactState.SHADOW:
            raise Conflict("only an artefact in shadow is retired; take back one that serves")
        row.state = ArtefactState.RETIRED
        return _stepped(session, viewer, row, ArtefactStep.RETIRE, reason, now)


def _may_serve(session: Session, row: Artefact) -> None:
    if row.state is not ArtefactState.SHADOW:
        raise Conflict("only an artefact in shadow is promoted; let it predict there first")
    predictor = predictor_of(session, row)
    check_provenance(predictor)
    failed = predictor.manifest.details.get("failed_gates", ["gates"])
    if failed:
        name = predictor.manifest.file_name
        raise ArtefactRefused("not_proven", name=name, found=", ".join(failed))
    if row.tripped_code is not None:
        raise Conflict("the breaker of this artefact tripped; try it again first")


def _to_decide(
    session: Session,
    viewer: Viewer,
    artefact_id: int,
    change_id: int,
    expected_version: int | None,
) -> ArtefactChange:
    row = rows.get_change(session, viewer, artefact_id, change_id)
    if row.state is not ChangeState.ASKED:
        raise Conflict("this promotion was decided already")
    if expected_version is not None and row.version != expected_version:
        raise Stale("promotion", row.version)
    return row


def _decided(
    session: Session, viewer: Viewer, change: ArtefactChange, state: ChangeState, now: datetime
) -> StepRecord:
    change.state = state
    if state is not ChangeState.WITHDRAWN:
        change.decided_by = viewer.account_id
    change.decided_at = change.updated_at = now
    session.flush()
    return _record(session, viewer, change)


def _stepped(
    session: Session,
    viewer: Viewer,
    row: Artefact,
    step: ArtefactStep,
    reason: str,
    now: datetime,
) -> ArtefactRecord:
    row.updated_at = now
    change = _change(viewer, row, step, ChangeState.CONFIRMED, reason, now)
    change.decided_at = now
    session.add(change)
    session.flush()
    return rows.to_record(row)


def _change(
    viewer: Viewer,
    row: Artefact,
    step: ArtefactStep,
    state: ChangeState,
    reason: str,
    now: datetime,
) -> ArtefactChange:
    return ArtefactChange(
        region=row.region,
        artefact_id=row.id,
        step=step,
        why=reason,
        state=state,
        asked_by=viewer.account_id,
        created_at=now,
        updated_at=now,
    )


def _record(session: Session, viewer: Viewer, change: ArtefactChange) -> StepRecord:
    steps = rows.steps_of(session, viewer, change.artefact_id)
    return next(step for step in steps if step.id == change.id)


def _reason(viewer: Viewer, why: str | None) -> str:
    texts, problems = checked_texts({"why": WHY_MAXIMUM}, {"why": why}, viewer.language)
    if not problems and texts["why"] is None:
        problems.append(Problem("why", "is required; say why"))
    refuse(problems)
    return str(texts["why"])


def _check_account(viewer: Viewer) -> None:
    if viewer.account_id is None:
        raise Forbidden("two people with an account promote; the operator is neither")
