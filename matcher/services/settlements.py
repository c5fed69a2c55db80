"""Settling a shortfall: the system proposes, one officer says what is done, another confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.account import SettlementState
from matcher.domain.errors import Conflict, Forbidden, Problem
from matcher.domain.transitions import Step
from matcher.models import SettlementDecision
from matcher.models.states import SettlementChoice, SettlementVote
from matcher.repositories import contracts as rows
from matcher.repositories import settlement_efforts
from matcher.repositories.contracts import SettlementRecord
from matcher.repositories.settlement_efforts import Came, Effort
from matcher.services.calendar import start_of
from matcher.services.checks import checked_texts, refuse
from matcher.services.choices import choice
from matcher.services.contracts import AccountView, get_account, post_account
from matcher.services.introduction_steps import NOTED
from matcher.services.transactions import unit_of_work

WHY_MAXIMUM = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose on a day, and which choices officers have."""

    is_open: bool
    shortfall_cents: int
    cents: int
    choices: tuple[SettlementChoice, ...]


def proposal_of(view: AccountView) -> Proposal | None:
    """The proposal of the rules; None where the region states none or the account is not judged."""
    if view.account is None or view.account.settlement.cents is None:
        return None
    found = view.account.settlement
    choices = tuple(
        option
        for option in SettlementChoice
        if option is not SettlementChoice.EXCUSE or found.effort_defence
    )
    is_open = found.state is SettlementState.DUE
    return Proposal(is_open, found.shortfall_cents, found.cents or 0, choices)


def efforts_of(session: Session, viewer: Viewer, view: AccountView) -> list[Effort]:
    """What the contractor did during the contract, as it was logged then: day and kind."""
    contract = view.record.contract
    return settlement_efforts.efforts(
        session, viewer, view.record.organisation_id, contract.start_on, contract.end_on
    )


@dataclass(frozen=True, slots=True)
class EffortProof:
    """What a firm did for its contract from `first` to `last`, and what came of it, as numbers.

    `efforts` have their days; of people there are only numbers, so that nobody can be known again
    and no answer can be told from another.
    """

    view: AccountView
    first: date
    last: date
    efforts: tuple[Effort, ...]
    came: Came

    @property
    def places(self) -> int:
        """How many places were opened in all."""
        return sum(one.places or 0 for one in self.efforts)


def proof_of(session: Session, viewer: Viewer, contract_id: int, on: date) -> EffortProof:
    """The proof of effort of a contract in reach, up to `on` or its end."""
    if not viewer.has(Right.OFFICER, Right.CONTRACTOR):
        raise Forbidden("only officers and the firm itself read what it did")
    view = get_account(session, viewer, contract_id, on)
    contract = view.record.contract
    last = min(on, contract.end_on)
    came = settlement_efforts.came_of_it(
        session,
        view.record.organisation_id,
        start_of(contract.start_on),
        start_of(last + timedelta(days=1)),
        met=NOTED[Step.MEET],
    )
    found = efforts_of(session, viewer, view)
    return EffortProof(
        view, contract.start_on, last, tuple(one for one in found if one.on <= last), came
    )


def decide(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    chosen: str,
    why: str,
    *,
    on: date,
    now: datetime,
) -> SettlementRecord:
    """The first officer says what is done about a shortfall; a second one has to confirm.

    Conflict before the cure period is over, when nothing is left, or when a decision waits.
    """
    _check_officer(viewer)
    texts, problems = checked_texts({"why": WHY_MAXIMUM}, {"why": why}, viewer.language)
    if not problems and texts["why"] is None:
        problems.append(Problem("why", "is required; say why"))
    refuse(problems)
    option = choice(SettlementChoice, "choice", chosen)
    with unit_of_work(session):
        post_account(session, viewer, contract_id, on=on, now=now)
        view = get_account(session, viewer, contract_id, on)
        proposal = proposal_of(view)
        if proposal is None or not proposal.is_open:
            raise Conflict("nothing can be settled yet: the cure period is not over")
        if option not in proposal.choices:
            raise Conflict("the rules of this region do not excuse a shortfall")
        earlier = rows.settlements_of(session, viewer, contract_id)
        if any(one.state is not SettlementVote.REFUSED for one in earlier):
            raise Conflict("a decision about this shortfall waits or was confirmed")
        row = SettlementDecision(
            region=view.record.contract.region,
            contract_id=contract_id,
            shortfall_cents=proposal.shortfall_cents,
            cents=proposal.cents if option is SettlementChoice.ASK else 0,
            choice=option,
            why=texts["why"],
            state=SettlementVote.ASKED,
            first_by=viewer.account_id,
            first_at=now,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("another decision about this shortfall waits") from error
        return rows.to_settlement(row)


def may_confirm(viewer: Viewer, found: SettlementRecord) -> bool:
    """Whether `viewer` is the second officer: another one than who decided first."""
    return (
        viewer.has(Right.OFFICER)
        and found.state is SettlementVote.ASKED
        and viewer.account_id is not None
        and viewer.account_id != found.first_by
    )


def answer(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    number: int,
    *,
    confirms: bool,
    now: datetime,
) -> SettlementRecord:
    """The second officer confirms or refuses; Forbidden for who decided first."""
    _check_officer(viewer)
    with unit_of_work(session):
        row = rows.settlement_row(session, viewer, contract_id, number)
        if row.state is not SettlementVote.ASKED:
            raise Conflict("this decision was answered already")
        if not may_confirm(viewer, rows.to_settlement(row)):
            raise Forbidden("somebody else answers: not who decided first")
        row.state = SettlementVote.CONFIRMED if confirms else SettlementVote.REFUSED
        row.second_by = viewer.account_id
        row.second_at = now
        session.flush()
        return rows.to_settlement(row)


def _check_officer(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(Right.OFFICER):
        raise Forbidden("only officers settle a shortfall")
