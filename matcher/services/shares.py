"""Passing part of what a contract owes to another firm, which accepts it or not.

The account of the contract stays one: what the other firm declares counts on it. A share says who
does which part; passed and own together are always all of it, and ending one gives it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.disclosure import Disclosed, disclosed
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.domain.shares import (
    OWN,
    Movement,
    ShareState,
    Turn,
    may_pass,
    movements,
    own_part,
    split,
)
from matcher.models import (
    ContractContribution,
    ContractShare,
    ContributionCheck,
    LedgerEntry,
    Organisation,
    PublicContract,
    SettlementDecision,
)
from matcher.models.wall import whole_database
from matcher.repositories import contracts as contract_rows
from matcher.repositories import shares as rows
from matcher.repositories.declarations import DeclarationRecord
from matcher.repositories.shares import OPEN, ShareRecord
from matcher.services import declarations
from matcher.services.calendar import day_of
from matcher.services.contracts import AccountView, get_account
from matcher.services.transactions import unit_of_work


@dataclass(frozen=True, slots=True)
class Chain:
    """Who does which part of what a contract owes on a day.

    `cents` by share, `OWN` for what the firm keeps; they sum to what is owed. `maximum_percent` is
    how much may be passed in all; None where the rules know no shares.
    """

    view: AccountView
    shares: tuple[ShareRecord, ...]
    own: int
    cents: Mapping[int, int]
    movements: tuple[Movement, ...]

    @property
    def names(self) -> dict[int, str]:
        """The firms by share."""
        own = str(self.view.record.contract.contractor)
        return {OWN: own, **{one.id: one.taker for one in self.shares}}

    @property
    def is_used(self) -> bool:
        """Whether the rules of the contract know shares."""
        return self.view.account is not None and self.view.account.rules.chain_shares is not None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a firm is asked to take over: so much, of a contract that runs to a day."""

    cents: int
    end_on: date


@dataclass(frozen=True, slots=True)
class ShareView:
    """One share for the firm that took it: its part, what it did for it, and what that counts."""

    share: ShareRecord
    view: AccountView
    cents: int
    done: tuple[DeclarationRecord, ...]
    shown: Disclosed | None

    @property
    def left_cents(self) -> int:
        """What is still to do of the part, as far as it is shown."""
        return self.cents - (0 if self.shown is None else self.shown.credited_cents)


def chain_of(session: Session, viewer: Viewer, view: AccountView) -> Chain:
    """The parts of a contract in reach."""
    found = rows.of_contract(session, viewer, view.record.id)
    taken = {one.id: one.part for one in found if one.state is ShareState.ACCEPTED}
    own = own_part(list(taken.values()))
    owed = 0 if view.account is None else view.account.obligation_cents
    turns = [
        Turn(one.id, one.part, one.answered_at, one.ended_at)
        for one in found
        if one.answered_at is not None and was_taken(one)
    ]
    parts = split(owed, {OWN: own, **taken})
    return Chain(view, tuple(found), own, parts, tuple(movements(owed, turns)))


def ask_share(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    *,
    firm: str | None,
    part: int | None,
    on: date,
    now: datetime,
) -> ShareRecord:
    """Asks another firm to take `part`, in hundredths of a percent; it counts once accepted."""
    _check_firm(viewer)
    with unit_of_work(session):
        contract_rows.lock(session, viewer, contract_id)
        view = get_account(session, viewer, contract_id, on)
        rule = None if view.account is None else view.account.rules.chain_shares
        if rule is None or not declarations.is_open(view):
            raise Conflict("nothing of this contract can be passed")
        found = rows.of_contract(session, viewer, contract_id)
        open_parts = rows.parts_of(found, states=OPEN)
        region = str(view.record.contract.region)
        taker = None if not firm else rows.firm_named(session, region, firm)
        problems = []
        if taker is None:
            problems.append(Problem("firm", "is not known in this region; ask that firm to join"))
        elif taker == view.record.organisation_id:
            problems.append(Problem("firm", "is your own; name another one"))
        if part is None or not may_pass(open_parts, part, rule.value.maximum_percent):
            left = rule.value.maximum_percent - sum(open_parts) / 100
            problems.append(Problem("percent", f"must be more than 0 and at most {float(left):g}"))
        if problems:
            raise InvalidInput(problems)
        row = ContractShare(
            region=region,
            contract_id=contract_id,
            giver_id=view.record.organisation_id,
            organisation_id=taker,
            part=part,
            state=ShareState.ASKED,
            asked_at=now,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("this firm was asked already") from error
        return rows.find(session, viewer, row.id)


def answer_share(
    session: Session,
    viewer: Viewer,
    share_id: int,
    *,
    accepts: bool,
    expected_version: int,
    now: datetime,
) -> None:
    """The other firm takes its part or not."""
    _check_firm(viewer)
    with unit_of_work(session):
        row = rows.row_of(session, viewer, share_id)
        if row.organisation_id != viewer.organisation_id:
            raise Forbidden("only the firm that was asked answers")
        _refuse_unless(row, (ShareState.ASKED,), expected_version)
        if accepts and not _is_open(session, rows.find(session, viewer, share_id), day_of(now)):
            raise Conflict("this account is being settled; nothing more can be passed")
        row.state = ShareState.ACCEPTED if accepts else ShareState.REFUSED
        row.answered_at = row.updated_at = now
        session.flush()


def end_share(
    session: Session, viewer: Viewer, share_id: int, *, expected_version: int, now: datetime
) -> None:
    """One of both ends it: the part is the giver's again, and what was done keeps counting."""
    _check_firm(viewer)
    with unit_of_work(session):
        row = rows.row_of(session, viewer, share_id)
        _refuse_unless(row, OPEN, expected_version)
        row.state = ShareState.ENDED
        row.ended_at = row.updated_at = now
        session.flush()


def _refuse_unless(
    row: ContractShare, states: tuple[ShareState, ...], expected_version: int
) -> None:
    if row.version != expected_version:
        raise Stale("share", row.version)
    if row.state not in states:
        raise Conflict("this share was answered or ended already")


def was_taken(share: ShareRecord) -> bool:
    """Whether the other firm said yes; also when the share was ended since."""
    accepted = share.answered_at is not None and share.state is ShareState.ENDED
    return accepted or share.state is ShareState.ACCEPTED


def shares_taken(session: Session, viewer: Viewer) -> list[ShareRecord]:
    """The shares that the firm of the viewer was asked to take or took."""
    _check_firm(viewer)
    return rows.taken_by(session, viewer, viewer.organisation_id or 0)


def offer_of(session: Session, viewer: Viewer, share_id: int, *, on: date) -> Offer:
    """What the viewer's firm is asked to take over, in cents, and how long the contract runs."""
    _check_firm(viewer)
    share = rows.find(session, viewer, share_id)
    if share.organisation_id != viewer.organisation_id:
        raise NotFound("share")
    with _as_service(session, share) as service:
        view = get_account(session, service, share.contract_id, on)
        found = rows.of_contract(session, service, share.contract_id)
    parts = {
        one.id: one.part for one in found if one.state is ShareState.ACCEPTED or one.id == share_id
    }
    owed = 0 if view.account is None else view.account.obligation_cents
    cents = split(owed, {OWN: own_part(list(parts.values())), **parts})[share_id]
    return Offer(cents, view.record.contract.end_on)


def get_share(session: Session, viewer: Viewer, share_id: int, *, on: date) -> ShareView:
    """One share that the viewer's firm took; NotFound for any other."""
    share = _taken(session, viewer, share_id)
    with _as_service(session, share) as service:
        view = get_account(session, service, share.contract_id, on)
        chain = chain_of(session, service, view)
        done = declarations.of_firm(session, service, share.contract_id, share.organisation_id)
    shown = None
    if view.account is not None:
        own = {one.reference for one in done if one.withdrawn_at is None}
        counted = [one for one in view.contributions if one.reference in own]
        shown = disclosed(view.account, counted, share.organisation_id)
    return ShareView(share, view, chain.cents.get(share.id, 0), tuple(done), shown)


def declare_for_share(
    session: Session, viewer: Viewer, share_id: int, values: Mapping[str, Any], *, now: datetime
) -> DeclarationRecord:
    """Keeps what a firm did for the part that it took; it counts at once."""
    _check_firm(viewer)
    with unit_of_work(session):
        rows.row_of(session, viewer, share_id)
        share = _taken(session, viewer, share_id)
        if share.state is not ShareState.ACCEPTED:
            raise Conflict("this share was ended; nothing more can be declared for it")
        with _as_service(session, share) as service:
            return declarations.declare(
                session, service, share.contract_id, values, firm_id=share.organisation_id, now=now
            )


def end_for_share(
    session: Session,
    viewer: Viewer,
    share_id: int,
    contribution_id: int,
    *,
    end_on: date | None,
    expected_version: int | None = None,
    now: datetime,
) -> DeclarationRecord:
    """Ends a placement that a firm declared for its part, or takes a declaration back."""
    _check_firm(viewer)
    with unit_of_work(session):
        share = _taken(session, viewer, share_id)
        with _as_service(session, share) as service:
            return declarations.end_declaration(
                session, service, share.contract_id, contribution_id, end_on=end_on,
                expected_version=expected_version, firm_id=share.organisation_id, now=now,
            )  # fmt: skip


def _is_open(session: Session, share: ShareRecord, on: date) -> bool:
    with _as_service(session, share) as service:
        return declarations.is_open(get_account(session, service, share.contract_id, on))


def _taken(session: Session, viewer: Viewer, share_id: int) -> ShareRecord:
    _check_firm(viewer)
    share = rows.find(session, viewer, share_id)
    if share.organisation_id != viewer.organisation_id or not was_taken(share):
        raise NotFound("share")
    return share


@contextmanager
def _as_service(session: Session, share: ShareRecord) -> Iterator[Viewer]:
    """The firm of the contract, for what the other firm does in its place and never reads."""
    tables = (
        *(PublicContract, ContractContribution, ContributionCheck, ContractShare),
        *(LedgerEntry, Organisation, SettlementDecision),
    )
    with whole_database(session, "a firm does its share of a contract", *tables):
        yield Viewer(None, frozenset({Right.CONTRACTOR}), share.region, share.giver_id)


def _check_firm(viewer: Viewer) -> None:
    if viewer.organisation_id is None or not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only firms share what a contract asks")
