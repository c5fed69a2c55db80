"""Social return accounts from files: contracts and contributions in, one row a contract out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from matcher.domain.account import Account, Settlement, account_of
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.credits import missing
from matcher.domain.errors import Problem
from matcher.domain.filling import Combination, what_fills
from matcher.domain.money_rules import BuildingBlocks, MoneyRules
from matcher.domain.numbers import decimal_of, hundredths
from matcher.domain.obligation import base_column
from matcher.domain.postings import Part, Step
from matcher.domain.rules import RuleSetError
from matcher.files.messages import CellError, quoted
from matcher.reference.codes import load_codes
from matcher.reference.money_rules import money_rules, problem_of, region_document

Row = dict[str, Any]
REASONS = "uncounted_reasons"
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A contract or contribution with its row in the file, None where it came otherwise."""

    item: Any
    row: int | None = None


def accounts_of(
    contracts: Sequence[Numbered],
    contributions: Sequence[Numbered],
    document: Mapping[str, Any] | None,
    on: date,
    lang: str = "en",
) -> tuple[list[Account], list[Problem], list[Problem]]:
    """The account of every contract on `on`, what is wrong with contracts and contributions.

    Without a `document` each contract is judged by the rule set of its own region.
    """
    accounts: list[Account] = []
    wrong: list[Problem] = []
    bad: list[Problem] = list(_strangers(contracts, contributions, lang))
    by_contract: dict[str, list[Numbered]] = defaultdict(list)
    for found in contributions:
        by_contract[found.item.contract].append(found)
    for found in contracts:
        contract: Contract = found.item
        rules = _rules(contract, document, found.row, lang, wrong)
        if rules is None:
            continue
        good = []
        for done in by_contract[contract.reference]:
            contribution, problems = check(done.item, rules, done.row, lang)
            bad.extend(problems)
            if not problems:
                good.append(contribution)
        accounts.append(account_of(contract, good, rules, on))
    bad.sort(key=lambda problem: problem.row or 0)
    return accounts, wrong, bad


def _rules(
    contract: Contract,
    document: Mapping[str, Any] | None,
    row: int | None,
    lang: str,
    wrong: list[Problem],
) -> MoneyRules | None:
    """The rules that hold for a contract; None with the reason in `wrong`."""
    try:
        if document is None and contract.region is None:
            wrong.append(CellError("required").problem("region", row, lang))
            return None
        chosen = document if document is not None else region_document(str(contract.region))
        rules = money_rules(chosen, contract)
    except RuleSetError as error:
        wrong.append(replace(problem_of(error, "region"), row=row))
        return None
    column = base_column(rules)
    if getattr(contract, column) is None:
        wrong.append(CellError("needed_base", rules=rules.slug).problem(column, row, lang))
        return None
    return rules


def check(
    contribution: Contribution, rules: MoneyRules, row: int | None, lang: str
) -> tuple[Contribution, list[Problem]]:
    """A contribution with its group as the rules write it, and why it cannot be counted."""
    blocks = rules.building_blocks.value
    group = contribution.group
    if group is not None:
        known = group_of(group, blocks)
        if known is None:
            refusal = CellError(
                "no_group",
                value=quoted(group),
                rules=rules.slug,
                nearest=", ".join(nearest_groups(group, blocks)),
            )
            return contribution, [refusal.problem("group", row, lang)]
        contribution = replace(contribution, group=known)
    problems = [
        CellError("needed_for", kind=found.kind).problem(found.column, row, lang)
        for found in missing(contribution, rules)
    ]
    return contribution, problems


def group_of(text: str, blocks: BuildingBlocks) -> str | None:
    """The group that `text` names, also when its capitals differ."""
    return {code.casefold(): code for code in blocks.groups}.get(text.casefold())


def nearest_groups(text: str, blocks: BuildingBlocks) -> list[str]:
    """The groups whose code or name looks most like `text`."""
    names = {code: code for code in blocks.groups}
    for group in blocks.groups.values():
        names.setdefault(group.nl.casefold(), group.code)
        names.setdefault(group.en.casefold(), group.code)
    near = get_close_matches(text[:60].casefold(), list(names), n=2 * NEAREST, cutoff=0.4)
    found = list(dict.fromkeys(names[name] for name in near))
    return (found or list(blocks.groups))[:NEAREST]


def _strangers(
    contracts: Sequence[Numbered], contributions: Sequence[Numbered], lang: str
) -> Iterable[Problem]:
    known = [found.item.reference for found in contracts]
    for found in contributions:
        named = found.item.contract
        if named in known:
            continue
        near = get_close_matches(named[:60], known, n=NEAREST, cutoff=0.4) or known[:NEAREST]
        facts = {"value": quoted(named), "nearest": ", ".join(near)}
        yield CellError("no_contract", **facts).problem("contract", found.row, lang)


def account_row(account: Account, lang: str = "en") -> Row:
    """One account as a row of `obligation`."""
    forecast = account.forecast
    return {
        "contract": account.contract.reference,
        "contractor": account.contract.contractor,
        "region": account.rules.slug,
        "steps": [step_row(step, lang) for step in account.steps],
        "obligation_cents": account.obligation_cents,
        "credited_cents": account.credited_cents,
        "realised_cents": account.realised_cents,
        "balance_cents": account.balance_cents,
        "settlement": settlement_row(account.settlement),
        "forecast": {
            "percent": None
            if forecast.percent is None
            else decimal_of(hundredths(forecast.percent)),
            "full_on": forecast.full_on,
        },
        "fills": [combination_row(found) for found in what_fills(account)],
        "on": account.on,
        "rules_version": account.rules.version,
    }


def combination_row(found: Combination) -> Row:
    """One way to fill what is left, part by part."""
    return {
        "way": found.way.value,
        "cents": found.cents,
        "parts": [
            {
                "kind": part.kind,
                "people": part.people if part.hours_week is not None else None,
                "hours_week": part.hours_week,
                "months": part.months,
                "group": part.group,
                "activity_hours": None
                if part.activity_hours is None
                else decimal_of(hundredths(part.activity_hours)),
                "invoice_cents": part.invoice_cents,
                "arithmetic": part.arithmetic,
                "cents": part.cents,
            }
            for part in found.parts
        ],
    }


def step_row(step: Step, lang: str) -> Row:
    """One step: rule, source, what went in, the arithmetic and the cents."""
    arithmetic = step.arithmetic
    if step.reason is not None:
        label = load_codes().label(REASONS, step.reason, lang)
        arithmetic = label if arithmetic == "not counted" else f"{arithmetic}: {label}"
    return {
        "part": step.part.value,
        "rule": step.rule,
        "source": step.source,
        "subject": step.subject,
        "input": {name: _whole(value) for name, value in step.input.items()},
        "arithmetic": arithmetic,
        "cents": step.cents,
        "reason": step.reason,
        "example": step.is_example,
    }


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def settlement_row(settlement: Settlement) -> Row:
    """What a shortfall would cost, and what still stands between now and asking it."""
    factor = settlement.factor_percent
    return {
        "state": settlement.state.value,
        "shortfall_cents": settlement.shortfall_cents,
        "cents": settlement.cents,
        "factor_percent": None if factor is None else decimal_of(hundredths(factor)),
        "arithmetic": settlement.arithmetic,
        "cure_until": settlement.cure_until,
        "effort_defence": settlement.effort_defence,
        "source": settlement.source,
    }


def is_uncounted(step: Step) -> bool:
    """Whether something was brought in that does not count."""
    return step.part is Part.CREDIT and step.reason is not None
