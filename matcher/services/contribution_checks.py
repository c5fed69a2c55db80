"""Looking at what was drawn: one officer finds, and against the firm a second one confirms.

Nothing has to be sent in: a firm shows it at a visit or tells it in a call. What is corrected or
could not be shown leaves by a contra-entry; what stays is posted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.declaring import correctable
from matcher.domain.drawing import AGAINST, CheckVerdict, SampleState
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.files.columns_contract import CONTRIBUTION_BY_NAME
from matcher.models import ContractContribution, ContributionCheck
from matcher.repositories import contracts as contract_rows
from matcher.repositories import declarations as rows
from matcher.repositories.declarations import DeclarationRecord
from matcher.services.calendar import day_of
from matcher.services.checks import checked_texts, checked_values, refuse
from matcher.services.choices import choice
from matcher.services.contracts import post_account
from matcher.services.obligation import check
from matcher.services.rule_versions import kept_rules
from matcher.services.transactions import unit_of_work

WHY_MAXIMUM = 300
_MOST = 200
_OPEN = (SampleState.ASKED, SampleState.PROPOSED)


def to_look_at(session: Session, viewer: Viewer) -> list[DeclarationRecord]:
    """What waits for an officer of the region, soonest due first."""
    _check_officer(viewer)
    return rows.in_states(session, viewer, _OPEN, limit=_MOST)


def give_verdict(
    session: Session,
    viewer: Viewer,
    check_id: int,
    verdict: str,
    *,
    found: Mapping[str, Any],
    why: str | None,
    expected_version: int,
    now: datetime,
) -> None:
    """What one officer found; in order closes the check, anything else waits for a second one.

    `found` holds by column what was found otherwise. A result against the firm takes a reason,
    which the firm reads.
    """
    _check_officer(viewer)
    chosen = choice(CheckVerdict, "verdict", verdict)
    if chosen is CheckVerdict.WITHDRAWN:
        raise InvalidInput([Problem("verdict", "is for the firm, which takes it back itself")])
    texts, problems = checked_texts({"why": WHY_MAXIMUM}, {"why": why}, viewer.language)
    if chosen in AGAINST and "why" in texts and texts["why"] is None:
        problems.append(Problem("why", "is required; the firm reads it"))
    refuse(problems)
    with unit_of_work(session):
        row = rows.check_row(session, viewer, check_id)
        contract_rows.lock(session, viewer, row.contract_id)
        _refuse_unless(row, SampleState.ASKED, expected_version)
        done = rows.row_of(session, viewer, row.contract_id, row.contribution_id)
        row.corrected = {}
        if chosen is CheckVerdict.CORRECTED:
            row.corrected = _otherwise(session, viewer, done, found)
        row.verdict, row.why = chosen, texts["why"]
        row.state = SampleState.PROPOSED if chosen in AGAINST else SampleState.CLOSED
        row.first_by, row.first_at, row.updated_at = viewer.account_id, now, now
        session.flush()


def _refuse_unless(row: ContributionCheck, state: SampleState, expected_version: int) -> None:
    if row.version != expected_version:
        raise Stale("check", row.version)
    if row.state is not state:
        raise Conflict("this check was already answered")


def _otherwise(
    session: Session, viewer: Viewer, done: ContractContribution, found: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """What was declared and what was found, by column; InvalidInput where nothing differs."""
    names = correctable(done.kind)
    given = {name: value for name, value in found.items() if value is not None}
    values, problems = checked_values(
        CONTRIBUTION_BY_NAME,
        {name: value for name, value in given.items() if name in names},
        viewer.language,
    )
    problems += [
        Problem(name, "is not found otherwise here") for name in given if name not in names
    ]
    refuse(problems)
    changed = {name: value for name, value in values.items() if value != getattr(done, name)}
    if not changed:
        raise InvalidInput([Problem("verdict", "says corrected; fill in what is otherwise")])
    record = contract_rows.get_record(session, viewer, done.contract_id)
    before = contract_rows.to_contribution(done, record.contract.reference)
    after = replace(before, **changed)
    rules = kept_rules(session, record.contract, record.rule_version_id)
    _checked, problems = check(after, rules, None, viewer.language)
    if after.start_on and after.end_on and after.end_on < after.start_on:
        problems.append(Problem("end_on", "must not lie before the start"))
    refuse(problems)
    return {name: [_plain(getattr(done, name)), _plain(value)] for name, value in changed.items()}


def may_confirm(viewer: Viewer, found: DeclarationRecord) -> bool:
    """Whether `viewer` is the second officer: another one than who found it."""
    return (
        viewer.has(Right.OFFICER)
        and found.check is not None
        and found.check.state is SampleState.PROPOSED
        and viewer.account_id is not None
        and viewer.account_id != found.check.first_by
    )


def answer_verdict(
    session: Session,
    viewer: Viewer,
    check_id: int,
    *,
    confirms: bool,
    expected_version: int,
    now: datetime,
) -> None:
    """The second officer confirms, and the ledger follows; or refuses, and it is looked at again.

    Forbidden for who found it.
    """
    _check_officer(viewer)
    with unit_of_work(session):
        row = rows.check_row(session, viewer, check_id)
        contract_rows.lock(session, viewer, row.contract_id)
        _refuse_unless(row, SampleState.PROPOSED, expected_version)
        if viewer.account_id is None or viewer.account_id == row.first_by:
            raise Forbidden("somebody else answers: not who found it")
        row.updated_at = now
        if not confirms:
            row.state, row.verdict, row.why, row.corrected = SampleState.ASKED, None, None, {}
            row.first_by = row.first_at = None
            session.flush()
            return
        row.state = SampleState.CLOSED
        row.second_by, row.second_at = viewer.account_id, now
        done = rows.row_of(session, viewer, row.contract_id, row.contribution_id)
        _apply(row, done, now)
        session.flush()
        post_account(session, viewer, row.contract_id, on=day_of(now), now=now)


def _apply(row: ContributionCheck, done: ContractContribution, now: datetime) -> None:
    if row.verdict is CheckVerdict.NOT_SHOWN:
        done.withdrawn_at = now
    for name, (_declared, found) in row.corrected.items():
        is_day = name in ("start_on", "end_on") and found is not None
        setattr(done, name, date.fromisoformat(found) if is_day else found)
    done.updated_at = now


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check_officer(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(Right.OFFICER):
        raise Forbidden("an officer looks at what was declared")
