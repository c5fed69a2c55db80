"""What officers do with a version of the rules: write, advice of the client council, two people.

Nothing that holds changes before the first day of a version that a second person approved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem, Stale
from matcher.domain.rule_problems import RuleProblem
from matcher.models import RuleVersion, RuleVersionStep
from matcher.models.states import RuleState, RuleStep
from matcher.reference.rule_texts import (
    TEXT_MAXIMUM,
    file_text,
    next_version,
    problems_of,
    version_in,
    with_version,
)
from matcher.repositories import rule_versions as rows
from matcher.repositories.rule_versions import ApprovedRules, RuleRecord, RuleStepRecord
from matcher.services.calendar import day_of
from matcher.services.checks import checked_texts, refuse
from matcher.services.rule_versions import approved_versions, forget
from matcher.services.transactions import unit_of_work

WRITERS = (Right.OFFICER,)
WHY_MAXIMUM = 500
COUNCIL_MAXIMUM = 2000
_OPEN = (RuleState.DRAFT, RuleState.ADVISED)


def list_versions(session: Session, viewer: Viewer) -> list[RuleRecord]:
    """Every version of the region, the one begun last first."""
    _check_right(viewer)
    return rows.list_records(session, viewer)


def get_version(session: Session, viewer: Viewer, version_id: int) -> RuleRecord:
    """One version of the region; NotFound for any other."""
    _check_right(viewer)
    return rows.to_record(session, rows.get_row(session, viewer, version_id))


def steps_of(session: Session, viewer: Viewer, version_id: int) -> list[RuleStepRecord]:
    """Who did what with a version, the latest first."""
    _check_right(viewer)
    return rows.steps_of(session, viewer, version_id)


def begin(session: Session, viewer: Viewer, *, now: datetime) -> RuleRecord:
    """A draft that says what the last version says; Conflict where the region has no rules yet."""
    region = _check_account(viewer)
    with unit_of_work(session):
        versions = approved_versions(session, region)
        last = versions[-1] if versions else None
        text = file_text(region) if last is None else last.text
        if text is None:
            raise Conflict("this region has no rules of its own yet; put its file in place first")
        # A draft of somebody else has its name already.
        others = {str(one.name) for one in rows.list_records(session, viewer)}
        used = used_versions(versions, region) | others
        name = next_version(version_in(text) or "1", used)
        row = RuleVersion(
            region=region,
            name=name,
            text=with_version(text, name),
            base_id=None if last is None else last.id,
            state=RuleState.DRAFT,
            author_id=viewer.account_id,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return _stepped(session, viewer, row, RuleStep.BEGIN, None, now)


def write(
    session: Session,
    viewer: Viewer,
    version_id: int,
    text: str,
    *,
    now: datetime,
    effective_on: date | None = None,
    expected_version: int | None = None,
) -> RuleRecord:
    """Puts another text in a draft; an advice about the text before has to be recorded anew.

    Any text is kept, right or wrong: what is wrong with it is told by `problems`, and stops it
    from being offered.
    """
    _check_account(viewer)
    if len(text) > TEXT_MAXIMUM or "\0" in text:
        raise InvalidInput([Problem("text", f"is at most {TEXT_MAXIMUM} characters of plain text")])
    with unit_of_work(session):
        row = _own(session, viewer, version_id, expected_version, _OPEN)
        text = text.replace("\r\n", "\n")
        if text != row.text:
            row.text, row.name, row.state = text, version_in(text), RuleState.DRAFT
        if effective_on is not None:
            row.effective_on = effective_on
        return _stepped(session, viewer, row, RuleStep.WRITE, None, now)


def is_behind(session: Session, row: RuleRecord | RuleVersion) -> bool:
    """Whether another version was approved since a draft was begun."""
    if row.state in (RuleState.APPROVED, RuleState.WITHDRAWN):
        return False
    versions = approved_versions(session, row.region)
    return row.base_id != (versions[-1].id if versions else None)


def catch_up(session: Session, viewer: Viewer, version_id: int, *, now: datetime) -> RuleRecord:
    """Sets a draft beside the version approved last; its text stays, the advice is asked anew."""
    _check_account(viewer)
    with unit_of_work(session):
        row = _own(session, viewer, version_id, None, (*_OPEN, RuleState.OFFERED))
        versions = approved_versions(session, row.region)
        row.base_id = versions[-1].id if versions else None
        row.state = RuleState.DRAFT
        return _stepped(session, viewer, row, RuleStep.WRITE, None, now)


def advise(
    session: Session,
    viewer: Viewer,
    version_id: int,
    values: Mapping[str, Any],
    *,
    now: datetime,
    expected_version: int | None = None,
) -> RuleRecord:
    """Records what the client council advised on which day and what was done with it.

    `values` holds `council_advice`, `council_on` and `council_done`, or `not_asked_why` alone.
    """
    _check_account(viewer)
    limits = dict.fromkeys(("council_advice", "council_done"), COUNCIL_MAXIMUM)
    limits["not_asked_why"] = WHY_MAXIMUM
    given = {name: values.get(name) for name in limits}
    texts, problems = checked_texts(limits, given, viewer.language)
    day = values.get("council_on")
    if not problems:
        problems = _council_problems(texts, day, day_of(now))
    refuse(problems)
    with unit_of_work(session):
        row = _own(session, viewer, version_id, expected_version, _OPEN)
        asked = texts["not_asked_why"] is None
        row.council_advice, row.council_done = texts["council_advice"], texts["council_done"]
        row.council_on = day if asked else None
        row.not_asked_why = texts["not_asked_why"]
        row.state = RuleState.ADVISED
        return _stepped(session, viewer, row, RuleStep.ADVISE, None, now)


def _council_problems(texts: Mapping[str, Any], day: date | None, today: date) -> list[Problem]:
    """A rule set needs the advice (text, day, what was done), or why it was not asked."""
    told = [texts["council_advice"], texts["council_done"]]
    if texts["not_asked_why"] is not None:
        if any(told):
            return [Problem("not_asked_why", "leave it empty when the council was asked")]
        return []
    problems = [
        Problem(name, "is required, or say why the council was not asked")
        for name in ("council_advice", "council_done")
        if texts[name] is None
    ]
    if day is None:
        problems.append(Problem("council_on", "is required: the day of the advice"))
    elif day > today:
        problems.append(Problem("council_on", "lies ahead; the advice has been given"))
    return problems


def offer(
    session: Session,
    viewer: Viewer,
    version_id: int,
    effective_on: date | None,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> RuleRecord:
    """Asks a second person to approve it from a day; refused while anything is wrong with it."""
    _check_account(viewer)
    if effective_on is None:
        raise InvalidInput([Problem("effective_on", "is required: the first day it holds")])
    with unit_of_work(session):
        row = _own(session, viewer, version_id, expected_version, _OPEN)
        if row.state is not RuleState.ADVISED:
            raise Conflict("record the advice of the client council first, or why it was not asked")
        row.effective_on = effective_on
        _check_may_hold(session, row, day_of(now))
        row.state = RuleState.OFFERED
        return _stepped(session, viewer, row, RuleStep.OFFER, None, now)


def send_back(
    session: Session,
    viewer: Viewer,
    version_id: int,
    why: str | None,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> RuleRecord:
    """Gives an offered version back with the reason; who wrote it takes it back the same way."""
    _check_account(viewer)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        row = _locked(session, viewer, version_id, expected_version)
        if row.state is not RuleState.OFFERED:
            raise Conflict("this version is not offered; there is nothing to give back")
        row.state = RuleState.ADVISED
        return _stepped(session, viewer, row, RuleStep.RETURN, reason, now)


def approve(
    session: Session,
    viewer: Viewer,
    version_id: int,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> RuleRecord:
    """Lets an offered version hold from its first day; Forbidden for who wrote it.

    Conflict when it is not offered, when another version was approved since it was begun, or when
    its day has come; InvalidInput when the text leaves the bounds.
    """
    region = _check_account(viewer)
    with unit_of_work(session):
        everything = rows.lock_region(session, viewer, region)
        row = _locked(session, viewer, version_id, expected_version)
        if row.state is not RuleState.OFFERED:
            raise Conflict("this version is not offered, or somebody was first")
        if row.author_id is None or row.author_id == viewer.account_id:
            raise Forbidden("whoever wrote a version does not approve it; somebody else does")
        forget(session)
        _check_may_hold(session, row, day_of(now))
        approved = [one for one in everything if one.state is RuleState.APPROVED]
        last = max(approved, key=lambda one: one.effective_on or date.min, default=None)
        if row.base_id != (None if last is None else last.id):
            raise Conflict("another version was approved since; begin again from that one")
        row.state, row.second_by, row.approved_at = RuleState.APPROVED, viewer.account_id, now
        try:
            found = _stepped(session, viewer, row, RuleStep.APPROVE, None, now)
        except IntegrityError as error:
            raise Conflict("another version has this name or this first day") from error
        forget(session)
        return found


def withdraw(
    session: Session,
    viewer: Viewer,
    version_id: int,
    why: str | None,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> RuleRecord:
    """Ends a draft that will not hold; what it said stays to be read."""
    _check_account(viewer)
    reason = _reason(viewer, why)
    with unit_of_work(session):
        states = (*_OPEN, RuleState.OFFERED)
        row = _own(session, viewer, version_id, expected_version, states)
        row.state = RuleState.WITHDRAWN
        return _stepped(session, viewer, row, RuleStep.WITHDRAW, reason, now)


def problems(session: Session, row: RuleRecord | RuleVersion) -> list[RuleProblem]:
    """All that is wrong with the text of a version that is not approved yet."""
    used = used_versions(approved_versions(session, row.region), row.region)
    return problems_of(row.text, row.region, used, row.effective_on)


def used_versions(versions: tuple[ApprovedRules, ...], region: str) -> set[str]:
    """The versions that a region had, the one of its file too."""
    first = version_in(file_text(region) or "")
    return {*(version.name for version in versions), *([first] if first else [])}


def _check_may_hold(session: Session, row: RuleVersion, today: date) -> None:
    """The one gate before a version holds: no fault in the text, and a first day that comes."""
    wrong = [Problem(one.path, str(one).partition(": ")[2]) for one in problems(session, row)]
    refuse(wrong)
    versions = approved_versions(session, row.region)
    day = row.effective_on
    if day is None or day <= today:
        raise InvalidInput([Problem("effective_on", "must lie after today")])
    if versions and day <= versions[-1].effective_on:
        why = f"must lie after {versions[-1].effective_on}, when the version before it begins"
        raise InvalidInput([Problem("effective_on", why)])


def _own(
    session: Session,
    viewer: Viewer,
    version_id: int,
    expected_version: int | None,
    states: tuple[RuleState, ...],
) -> RuleVersion:
    row = _locked(session, viewer, version_id, expected_version)
    if row.state not in states:
        raise Conflict(f"this version is {row.state.value}; that cannot be done with it now")
    if row.author_id is not None and row.author_id != viewer.account_id:
        raise Forbidden("only who began a version writes it; begin one of your own")
    row.author_id = viewer.account_id
    return row


def _locked(
    session: Session, viewer: Viewer, version_id: int, expected_version: int | None
) -> RuleVersion:
    row = rows.get_row(session, viewer, version_id, for_update=True)
    if expected_version is not None and row.version != expected_version:
        raise Stale("rule version", row.version)
    return row


def _stepped(
    session: Session,
    viewer: Viewer,
    row: RuleVersion,
    step: RuleStep,
    why: str | None,
    now: datetime,
) -> RuleRecord:
    row.updated_at = now
    session.add(
        RuleVersionStep(
            region=row.region,
            rule_version_id=row.id,
            step=step,
            why=why,
            text_sha256=hashlib.sha256(row.text.encode()).hexdigest(),
            account_id=viewer.account_id,
            at=now,
        )
    )
    session.flush()
    return rows.to_record(session, row)


def _reason(viewer: Viewer, why: str | None) -> str:
    texts, found = checked_texts({"why": WHY_MAXIMUM}, {"why": why}, viewer.language)
    if not found and texts["why"] is None:
        found.append(Problem("why", "is required; say why"))
    refuse(found)
    return str(texts["why"])


def _check_right(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(*WRITERS):
        raise Forbidden("only officers keep the rules of a region")


def _check_account(viewer: Viewer) -> str:
    _check_right(viewer)
    if viewer.account_id is None:
        raise Forbidden("two people with an account decide about rules; the operator is neither")
    return str(viewer.region)
