"""What other rules would have made of the accounts of the past year: the three numbers.

Each account is reckoned as it stands now, by the version it keeps, and once more as though the
other rules had held all along. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.account import Account, account_of
from matcher.domain.months import months_later
from matcher.domain.obligation import base_column
from matcher.domain.rules import RuleSetError
from matcher.reference.money_rules import money_rules
from matcher.reference.rule_changes import as_though_always
from matcher.repositories.contracts import ContractRecord
from matcher.services.contracts import AccountView, countable, list_accounts
from matcher.services.rule_versions import document_on

Document = Mapping[str, Any]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One account as it stands and as it would stand; what changes is what is still to do."""

    record: ContractRecord
    old: Account
    new: Account
    uncounted: int
    """Contributions that the other rules cannot count."""

    @property
    def cents(self) -> int:
        """How much more is still to do; below zero it is less."""
        return self.new.balance_cents - self.old.balance_cents

    @property
    def is_changed(self) -> bool:
        """Whether anything that is owed, that counts or that a shortfall costs changes."""
        return _sums(self.old) != _sums(self.new)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Accounts of contracts that were awarded or ran in the months up to a day."""

    since: date
    until: date
    accounts: tuple[AccountChange, ...]
    not_judged: tuple[tuple[ContractRecord, str], ...]
    """Contracts that one of the two rules cannot judge, and why."""

    @property
    def changed(self) -> tuple[AccountChange, ...]:
        """The accounts that change, the largest change first."""
        found = [one for one in self.accounts if one.is_changed]
        return tuple(sorted(found, key=lambda one: (-abs(one.cents), one.record.id)))

    @property
    def largest_cents(self) -> int:
        """The largest change of one account, with its sign."""
        return self.changed[0].cents if self.changed else 0

    @property
    def total_cents(self) -> int:
        """All changes together."""
        return sum(one.cents for one in self.accounts)


def numbers_of(session: Session, viewer: Viewer, document: Document, on: date) -> Numbers:
    """The three numbers of a rule set without problems, over the year that ends on `on`."""
    since = months_later(on, -MONTHS)
    now = document_on(session, str(viewer.region), on)
    always = as_though_always(document, now)
    accounts: list[AccountChange] = []
    not_judged: list[tuple[ContractRecord, str]] = []
    for view in list_accounts(session, viewer, on):
        if not was_live(view.record, since, on):
            continue
        found = _change_of(view, always, on, viewer.language)
        if isinstance(found, AccountChange):
            accounts.append(found)
        else:
            not_judged.append((view.record, found))
    return Numbers(since, on, tuple(accounts), tuple(not_judged))


def was_live(record: ContractRecord, since: date, until: date) -> bool:
    """Whether a contract was awarded or ran between two days."""
    contract = record.contract
    awarded = contract.awarded_on
    ran = contract.start_on <= until and contract.end_on >= since
    return ran or (awarded is not None and since <= awarded <= until)


def _change_of(
    view: AccountView, document: Document, on: date, language: str
) -> AccountChange | str:
    if view.account is None:
        return str(view.refusal)
    contract = view.record.contract
    try:
        rules = money_rules(document, contract)
    except RuleSetError as error:
        return str(error)
    if getattr(contract, base_column(rules)) is None:
        return f"{base_column(rules)} is needed"
    done, problems = countable(view.given, rules, language)
    new = account_of(contract, done, rules, on)
    return AccountChange(view.record, view.account, new, len(problems))


def _sums(account: Account) -> tuple[int | None, ...]:
    return account.obligation_cents, account.credited_cents, account.settlement.cents
