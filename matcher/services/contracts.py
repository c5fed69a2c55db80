"""Public contracts and their accounts: computed by the rules of the region, kept in a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.account import Account, account_of
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.disclosure import Disclosed, disclosed
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, Problem
from matcher.domain.filling import Combination, what_fills
from matcher.domain.ledger import Posting, additions
from matcher.domain.money_rules import MoneyRules
from matcher.domain.obligation import base_column
from matcher.domain.rules import RuleSetError
from matcher.files.columns_contract import CONTRACT_BY_NAME
from matcher.models import PublicContract
from matcher.repositories import contracts as rows
from matcher.repositories import vacancies
from matcher.repositories.contracts import ContractRecord, LedgerLine, SettlementRecord
from matcher.repositories.records import Page
from matcher.services.checks import checked_values, refuse
from matcher.services.obligation import check
from matcher.services.rule_versions import kept_rules, number_of, version_for
from matcher.services.transactions import unit_of_work

READERS = (Right.OFFICER, Right.ANALYST, Right.CONTRACTOR)


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account of one contract on one day.

    `account` is None where the region has no money rules; `refusal` then says so by name.
    `problems` are contributions that the rules cannot count; `shown` is what the contractor sees.
    """

    record: ContractRecord
    on: date
    account: Account | None
    refusal: str | None
    contributions: tuple[Contribution, ...]
    problems: tuple[Problem, ...]
    shown: Disclosed | None
    given: tuple[Contribution, ...] = ()
    """All contributions as they were brought in, countable or not."""

    @property
    def fills(self) -> tuple[Combination, ...]:
        """What fills the account exactly."""
        return () if self.account is None else what_fills(self.account)

    @property
    def shown_balance_cents(self) -> int | None:
        """What is still to do as far as the contractor is shown."""
        if self.account is None or self.shown is None:
            return None
        return self.account.obligation_cents - self.shown.credited_cents

    @property
    def shown_fills(self) -> tuple[Combination, ...]:
        """What fills the account as far as the contractor is shown it."""
        if self.account is None:
            return ()
        return what_fills(self.account, self.shown_balance_cents)


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger of an account, its lines to come, and what officers decided."""

    lines: tuple[LedgerLine, ...]
    to_post: tuple[Posting, ...]
    settlements: tuple[SettlementRecord, ...]

    @property
    def balance_cents(self) -> int:
        """What is still to do by the ledger: the sum of all its lines."""
        return sum(line.posting.cents for line in self.lines)


def page_of_contracts(
    session: Session, viewer: Viewer, *, cursor: str | None, limit: int
) -> Page[ContractRecord]:
    """One page of the contracts in reach, those that end first on top."""
    _check_reader(viewer)
    return rows.page(session, viewer, cursor=cursor, limit=limit)


def get_contract(session: Session, viewer: Viewer, contract_id: int) -> ContractRecord:
    """One contract in reach; NotFound for any other."""
    _check_reader(viewer)
    return rows.get_record(session, viewer, contract_id)


def list_accounts(session: Session, viewer: Viewer, on: date) -> list[AccountView]:
    """The accounts of all contracts in reach, those that end first on top."""
    _check_reader(viewer)
    records = rows.list_records(session, viewer)
    done = rows.contributions_of(session, viewer, [record.id for record in records])
    return [
        view_of(
            session,
            record,
            [rows.to_contribution(row, record.contract.reference) for row in done[record.id]],
            on,
            viewer.language,
        )
        for record in records
    ]


def get_account(session: Session, viewer: Viewer, contract_id: int, on: date) -> AccountView:
    """The account of one contract in reach; NotFound for any other."""
    record = get_contract(session, viewer, contract_id)
    done = rows.contributions_of(session, viewer, [record.id])[record.id]
    reference = record.contract.reference
    contributions = [rows.to_contribution(row, reference) for row in done]
    return view_of(session, record, contributions, on, viewer.language)


def view_of(
    session: Session,
    record: ContractRecord,
    contributions: Sequence[Contribution],
    on: date,
    language: str,
) -> AccountView:
    """The account of a contract by the rules of its region, in the version it was opened under."""
    try:
        rules = kept_rules(session, record.contract, record.rule_version_id)
    except RuleSetError as error:
        return AccountView(record, on, None, str(error), tuple(contributions), (), None)
    good, problems = countable(contributions, rules, language)
    account = account_of(record.contract, good, rules, on)
    shown = disclosed(account, good)
    given = tuple(contributions)
    return AccountView(record, on, account, None, tuple(good), tuple(problems), shown, given)


def countable(
    contributions: Sequence[Contribution], rules: MoneyRules, language: str
) -> tuple[list[Contribution], list[Problem]]:
    """The contributions that the rules can count, and why the others cannot be."""
    good: list[Contribution] = []
    problems: list[Problem] = []
    for item in contributions:
        checked, found = check(item, rules, None, language)
        problems += [Problem(f"{item.reference}, {one.where}", one.why) for one in found]
        if not found:
            good.append(checked)
    return good, problems


def book_of(session: Session, viewer: Viewer, view: AccountView) -> Book:
    """The ledger and the decisions of an account; nobody but officers and analysts has it."""
    lines = rows.ledger_of(session, viewer, view.record.id)
    to_post: tuple[Posting, ...] = ()
    if view.account is not None:
        to_post = additions([line.posting for line in lines], view.account.steps)
    settlements = rows.settlements_of(session, viewer, view.record.id)
    return Book(tuple(lines), to_post, tuple(settlements))


def post_account(
    session: Session, viewer: Viewer, contract_id: int, *, on: date, now: datetime
) -> int:
    """Brings the ledger up to the account on `on`; how many lines were added.

    Lines are only added: what no longer holds is taken back by a contra-entry. Two at once queue.
    """
    _check_officer(viewer)
    with unit_of_work(session):
        rows.lock(session, viewer, contract_id)
        view = get_account(session, viewer, contract_id, on)
        if view.account is None:
            raise Conflict(str(view.refusal))
        book = book_of(session, viewer, view)
        rows.add_postings(
            session,
            view.record,
            book.to_post,
            on=on,
            rules_version=view.account.rules.version,
            now=now,
        )
        return len(book.to_post)


def create_contract(
    session: Session, viewer: Viewer, values: Mapping[str, Any], *, on: date, now: datetime
) -> ContractRecord:
    """A new contract of the viewer's region, with what it owes in the ledger at once.

    `values` by column; a firm that is not known yet is made known. InvalidInput names all that is
    wrong, also that the region has no money rules for it.
    """
    _check_officer(viewer)
    clean, problems = checked_values(CONTRACT_BY_NAME, values, viewer.language)
    problems += [
        Problem(column.name, "is required; fill it in")
        for column in CONTRACT_BY_NAME.values()
        if (column.required or column.name == "contractor") and clean.get(column.name) is None
    ]
    refuse(problems)
    if clean.setdefault("region", viewer.region) != viewer.region:
        raise InvalidInput([Problem("region", "must be your own region")])
    if clean["end_on"] < clean["start_on"]:
        raise InvalidInput([Problem("end_on", "must not lie before the start")])
    contract = Contract(**clean)
    check_contract(session, contract, number_of(version_for(session, contract)))
    with unit_of_work(session):
        row = new_row(session, contract, now)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("there is already a contract of this reference") from error
        post_account(session, viewer, row.id, on=on, now=now)
        return rows.get_record(session, viewer, row.id)


def check_contract(session: Session, contract: Contract, rule_version_id: int | None) -> None:
    """Refuses a contract that the rules it is opened under cannot judge, by name."""
    try:
        rules = kept_rules(session, contract, rule_version_id)
    except RuleSetError as error:
        raise InvalidInput([Problem("region", str(error))]) from None
    column = base_column(rules)
    if getattr(contract, column) is None:
        raise InvalidInput([Problem(column, "is needed: the region counts with it")])


def new_row(session: Session, contract: Contract, now: datetime) -> PublicContract:
    """A row of `contract`, for callers who may name any firm of the region.

    It keeps the version of the rules that it is opened under.
    """
    firm = vacancies.organisation_named(
        session, str(contract.region), str(contract.contractor), now=now
    )
    row = PublicContract(
        region=contract.region,
        reference=contract.reference,
        organisation_id=firm.id,
        rule_version_id=number_of(version_for(session, contract)),
        **{name: getattr(contract, name) for name in rows.CONTRACT_FIELDS},
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    return row


def _check_reader(viewer: Viewer) -> None:
    if not viewer.has(*READERS):
        raise Forbidden("none of your rights sees accounts of social return")


def _check_officer(viewer: Viewer) -> None:
    if viewer.region is None or not viewer.has(Right.OFFICER):
        raise Forbidden("only an officer keeps accounts of social return")
