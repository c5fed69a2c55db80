"""What has to be so before a step of a placement, and what is said when it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Problem, Refused
from matcher.domain.months import months_later
from matcher.domain.transitions import Need, NotListed, State, Step, Transition, listed, right_for
from matcher.models import Candidate, Introduction, Placement
from matcher.models.states import CheckState, ConsentAnswer, PlacementState
from matcher.reference.codes import load_codes
from matcher.reference.placements import load_placement_terms
from matcher.repositories import displacement, placement_steps
from matcher.services.calendar import day_of
from matcher.services.checks import refuse

CONTRACTS, REASONS, TRIAL_REASONS = "job_contracts", "no_introduction", "trial_reasons"
TRIAL = "trial"
HOURS_MAXIMUM = 60
AHEAD = timedelta(days=366)
_BACK = timedelta(days=3 * 366)
_DAY = timedelta(days=1)
DETAILS = ("hours_a_week", "contract", "contract_until", "first_pay_on")
WRITTEN = ("starts_on", *DETAILS)
OF_TRIAL = ("trial_until", "trial_reason", "intends_contract")
_LETS_WORK = (CheckState.CLEAR, CheckState.APPROVED)

NOTED = {Step.TRY: "tried", Step.AGREE: "recorded", Step.START: "started", Step.END: "ended"}
AGREED_AFTER = "agreed"
"""What is noted when a trial becomes work."""


class PlacementNotPossible(Refused):
    """The state forbids it; `why` is a code that pages put in words.

    ``already`` (this person is placed now), ``not_met`` (the introduction did not come that far),
    ``other_person`` (of the introduction), ``consent`` (there is no yes), ``displacement`` (the
    questions about the place are not answered, or wait), ``worked_there`` (no trial where somebody
    worked before), ``reason`` (neither an introduction nor why not), ``not_yet`` (before the first
    day), ``over`` (no longer open for this step) or ``key_used`` (the same key came with another
    step).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why, _WORDS[why])


_WORDS = {
    "already": "this candidate has a placement that has not ended",
    "not_met": "this introduction is not one in which both met",
    "other_person": "this introduction is of another candidate",
    "consent": "the candidate did not say yes to this introduction",
    "displacement": "the displacement questions of this place are open, or an officer looks",
    "worked_there": "this candidate worked at this employer before; no trial placement there",
    "reason": "name an introduction in which both met, or why there was none",
    "not_yet": "the first day of this placement has not come",
    "over": "this placement is not open for this step",
    "key_used": "this key came before with another step; use a new one",
}


@dataclass(frozen=True, slots=True)
class Start:
    """What a step is about; `introduction` and `candidate` None where there is none."""

    candidate: Candidate | None
    introduction: Introduction | None
    without: str | None
    starts_on: date
    now: datetime


def check_needs(session: Session, line: Transition, start: Start) -> None:
    """PlacementNotPossible with the first need of a step that is not met."""
    for need in line.needs:
        why = CHECKS[need](session, start)
        if why is not None:
            raise PlacementNotPossible(why)


def _consent(_session: Session, start: Start) -> str | None:
    asked = start.introduction
    said_yes = asked is not None and asked.answer is ConsentAnswer.YES
    return None if said_yes and start.candidate is not None else "consent"


def _displacement(session: Session, start: Start) -> str | None:
    asked = start.introduction
    state = None if asked is None else displacement.state_before(session, asked.vacancy_id)
    return None if state in _LETS_WORK else "displacement"


def _first_time(session: Session, start: Start) -> str | None:
    asked, person = start.introduction, start.candidate
    if asked is None or person is None:
        return None
    worked = placement_steps.worked_at(session, person.id, asked.organisation_id)
    return "worked_there" if worked else None


def _reason(_session: Session, start: Start) -> str | None:
    known = load_codes().list(REASONS).codes
    return None if start.introduction is None and start.without in known else "reason"


def _day(_session: Session, start: Start) -> str | None:
    return "not_yet" if start.starts_on > day_of(start.now) else None


CHECKS: Mapping[Need, Callable[[Session, Start], str | None]] = {
    Need.CONSENT: _consent,
    Need.DISPLACEMENT: _displacement,
    Need.FIRST_TIME: _first_time,
    Need.REASON: _reason,
    Need.DAY: _day,
}
"""Every need of a placement; a step with a need that nobody checks cannot be taken."""

_MEANS = {
    PlacementState.TRIAL: State.TRIAL,
    PlacementState.AGREED: State.AGREED,
    PlacementState.ACTIVE: State.ACTIVE,
    PlacementState.ENDED: State.ENDED,
}


def may_take(
    session: Session, viewer: Viewer, row: Placement, step: Step, noted: str, key: str | None
) -> tuple[Transition, Right] | None:
    """The line of the table and the right that it is taken with; None when `key` took it before.

    Forbidden for who never takes that step; PlacementNotPossible where it is not listed.
    """
    right_for(step, viewer.rights)
    if key is not None:
        earlier = placement_steps.noted_under(session, row, key)
        if earlier == noted:
            return None
        if earlier is not None:
            raise PlacementNotPossible("key_used")
    try:
        return listed(_MEANS[row.state], step, viewer.rights)
    except NotListed:
        raise PlacementNotPossible("over") from None


def checked(
    values: Mapping[str, Any],
    kept: Mapping[str, Any],
    now: datetime,
    *,
    sector: bool = False,
    trial: bool = False,
) -> dict[str, Any]:
    """`values` as they can be kept; InvalidInput with all that is wrong with them."""
    known = {*WRITTEN, *(["sector"] if sector else []), *(OF_TRIAL if trial else ())}
    problems = [Problem(name, "cannot be set here") for name in sorted(set(values) - known)]
    clean = {name: value for name, value in values.items() if name in known}
    whole = {**kept, **clean}
    starts_on: date | None = whole.get("starts_on")
    today = day_of(now)
    if starts_on is None or not today - _BACK <= starts_on <= today + AHEAD:
        earliest, latest = today - _BACK, today + AHEAD
        problems.append(Problem("starts_on", f"must lie from {earliest} to {latest}"))
    else:
        problems += [
            Problem(name, "must not lie before the first day")
            for name in ("contract_until", "first_pay_on")
            if whole.get(name) is not None and whole[name] < starts_on
        ]
        if trial:
            clean, wrong = _checked_trial(clean, starts_on, today)
            problems += wrong
    hours = clean.get("hours_a_week")
    if hours is not None and not 0 < hours <= HOURS_MAXIMUM:
        problems.append(Problem("hours_a_week", f"must be over 0, at most {HOURS_MAXIMUM}"))
    lists = (("contract", CONTRACTS), ("sector", "sectors"), ("trial_reason", TRIAL_REASONS))
    for name, codes in lists:
        code = clean.get(name)
        if code is not None and code not in load_codes().list(codes).codes:
            problems.append(Problem(name, f"is not a known code of {codes}"))
    refuse(problems)
    return clean


def _checked_trial(
    clean: dict[str, Any], starts_on: date, today: date
) -> tuple[dict[str, Any], list[Problem]]:
    """A trial by the terms: as long as is usual, or longer with a reason; a contract is meant."""
    terms = load_placement_terms(today)
    usual, most = (
        months_later(starts_on, months) - _DAY
        for months in (terms.trial_months, terms.trial_months_most)
    )
    until = clean.get("trial_until") or usual
    problems = []
    if not starts_on <= until <= most:
        problems.append(Problem("trial_until", f"must lie from the first day to {most}"))
    elif until > usual and clean.get("trial_reason") is None:
        problems.append(Problem("trial_reason", f"is required for a trial after {usual}"))
    if clean.get("intends_contract") is not True:
        problems.append(Problem("intends_contract", "must be confirmed: a contract is meant"))
    reason = clean.get("trial_reason") if until > usual else None
    kept = {"trial_from": starts_on, "trial_until": until, "trial_reason": reason}
    return {**clean, **kept, "contract": TRIAL}, problems
