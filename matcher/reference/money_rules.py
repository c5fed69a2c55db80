"""The money rules of a region, read from its rule set as they hold for one contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from matcher.domain.contracts import Contract
from matcher.domain.errors import Problem
from matcher.domain.money_rules import (
    Alternative,
    Bonus,
    BuildingBlocks,
    ChainShares,
    ExistingStaff,
    FullTime,
    Group,
    LightPath,
    MoneyRules,
    ObligationRule,
    PsoEffect,
    SampledChecks,
    SettlementRule,
    Sourced,
    Thresholds,
)
from matcher.domain.numbers import exact
from matcher.domain.rules import RuleSetError
from matcher.reference.municipalities import holds_on, laid_over, municipality_of
from matcher.reference.rule_schema import check_document
from matcher.reference.rules import NATIONAL, overlay, read_document, rules_dir
from matcher.reference.yaml_files import read_yaml

T = TypeVar("T")
Document = Mapping[str, Any]

NEEDED: Final = ("obligation", "building_blocks", "full_time")
"""Money rules that no account can do without; a rule that a region leaves out is not used."""
DATED_BY: Final = ("tendered_on", "awarded_on", "start_on")
ENDINGS: Final = (".yaml", ".yml")


@lru_cache(maxsize=64)
def money_document(name: str) -> Document:
    """The rule set `name`, a slug or the path of a YAML file; refused where it has no money rules.

    Money rules stand only in a region's own file: what it lacks is named.
    """
    document = _of_file(Path(name)) if name.endswith(ENDINGS) else read_document(name)
    lacks = [key for key in NEEDED if key not in document["entries"]]
    if lacks:
        slug = document["slug"]
        raise RuleSetError(
            f"{slug}: has no money rules ({', '.join(lacks)}); they stand only in a region's own "
            "file, see data/rules/README.md"
        )
    return document


def region_document(region: str) -> Document:
    """The rule set of `region` with its money rules; refused by name where it has no file."""
    if not (rules_dir() / f"{region}.yaml").is_file():
        raise RuleSetError(
            f"{region}: has no rule set of its own, and money rules stand only in a region's own "
            f"file; write data/rules/{region}.yaml or name one with --rules"
        )
    return money_document(region)


def _of_file(path: Path) -> Document:
    if not path.is_file():
        raise RuleSetError(f"{path.name}: does not exist; check the path")
    document: dict[str, Any] = read_yaml(path)
    if not isinstance(document, dict):
        raise RuleSetError(f"{path.name}: is no rule set; see data/rules/README.md")
    check_document(document, path.name)
    below = document.get("extends", NATIONAL)
    beside = (path.parent / f"{below}.yaml").is_file()
    return overlay(read_document(below, path.parent if beside else None), document, path.name)


def reference_date(document: Document, contract: Contract) -> tuple[str, date]:
    """The column of `contract` that says which values hold, and its date.

    The one that the rule set names; where that is empty the first known of the others.
    """
    entry = document["entries"].get("reference_date")
    named = DATED_BY[0] if entry is None else entry["value"]["by"]
    for column in (named, *DATED_BY):
        found = getattr(contract, column)
        if found is not None:
            return column, found
    return "start_on", contract.start_on


def money_rules(document: Document, contract: Contract) -> MoneyRules:
    """The rules that hold for `contract`; refused when a rule has no value for its date.

    What its municipality writes inside the bounds of the region stands over the region's values.
    """
    column, day = reference_date(document, contract)

    local = municipality_of(document, contract.municipality)

    def needed(name: str, make: Callable[[Any], T]) -> Sourced[T]:
        found = _holding(document, name, document["entries"][name], column, day)
        found = laid_over(document, local, name, found, day)
        return _sourced(document, name, found, make)

    def entry(name: str, make: Callable[[Any], T]) -> Sourced[T] | None:
        return needed(name, make) if name in document["entries"] else None

    return MoneyRules(
        slug=document["slug"],
        version=str(document["version"]),
        municipality=local,
        reference_column=column,
        reference_date=day,
        obligation=needed("obligation", _obligation),
        building_blocks=needed("building_blocks", _building_blocks),
        full_time=needed("full_time", _full_time),
        thresholds=entry("thresholds", lambda value: Thresholds(**value)),
        counting_window=entry("counting_window", lambda value: int(value["default_months"])),
        pre_contract_window=entry("pre_contract_window", lambda value: int(value["months"])),
        bonuses=entry("bonuses", lambda value: tuple(_bonus(bonus) for bonus in value)),
        alternatives=entry("alternatives", _alternatives),
        pso_effect=entry("pso_effect", _pso_effect),
        existing_staff=entry("existing_staff", _existing_staff),
        settlement=entry("settlement", _settlement),
        sampled_checks=entry("sampled_checks", _sampled_checks),
        light_path=entry("light_path", _light_path),
        chain_shares=entry("chain_shares", _chain_shares),
    )


def _holding(document: Document, name: str, found: Document, column: str, day: date) -> Document:
    """The version of an entry that holds on `day`: the present one, or one of the earlier."""
    versions: tuple[Document, ...] = (found, *found.get("earlier", ()))
    for version in versions:
        if holds_on(version, day):
            return version
    spans = ", ".join(
        f"{version.get('valid_from') or '...'} to {version.get('valid_until') or '...'}"
        for version in versions
    )
    raise RuleSetError(
        f"{document['slug']}: {name} has no value for {column} {day}; it holds {spans}"
    )


def _sourced(
    document: Document, name: str, version: Document, make: Callable[[Any], T]
) -> Sourced[T]:
    sources = document["sources"]
    return Sourced(
        name=name,
        value=make(version["value"]),
        source=str(sources.get(version["source"], version["source"])),
        valid_from=version.get("valid_from"),
        valid_until=version.get("valid_until"),
        is_example=bool(version.get("example", document.get("example", False))),
    )


def _percentages(value: Document) -> dict[str, Any]:
    return {str(key): exact(number) for key, number in value.items()}


def _obligation(value: Document) -> ObligationRule:
    return ObligationRule(value["base"], _percentages(value["percent"]), value["cap_cents"])


def _building_blocks(value: Document) -> BuildingBlocks:
    groups = {code: Group(code=code, **group) for code, group in value["groups"].items()}
    return BuildingBlocks(groups, value.get("cents_per_year"))


def _full_time(value: Document) -> FullTime:
    return FullTime(exact(value["hours_week"]), value.get("more_counts", True))


def _bonus(value: Document) -> Bonus:
    sets = {key: frozenset(value.get(key, ())) for key in ("groups", "after_groups")}
    return Bonus(**{**value, **sets})


def _alternatives(value: Document) -> Mapping[str, Alternative]:
    def one(terms: Document) -> Alternative:
        percent = terms.get("percent_of_invoice")
        return Alternative(
            **{**terms, "percent_of_invoice": None if percent is None else exact(percent)}
        )

    return {kind: one(terms) for kind, terms in value.items()}


def _pso_effect(value: Document) -> PsoEffect:
    discounts = _percentages(value["discount_percent"])
    return PsoEffect(value["holder"], value["valid_at"], discounts)


def _existing_staff(value: Document) -> ExistingStaff:
    return ExistingStaff(value["cents_per_fte"], exact(value["maximum_percent"]))


def _settlement(value: Document) -> SettlementRule:
    return SettlementRule(
        exact(value["factor_percent"]), value["cure_period_days"], value["effort_defence"]
    )


def _sampled_checks(value: Document) -> SampledChecks:
    return SampledChecks(exact(value["percent"]), value["working_days"])


def _light_path(value: Document) -> LightPath:
    return LightPath(
        value["checks_in_order"], value["fields_maximum"], exact(value["rate_percent"])
    )


def _chain_shares(value: Document) -> ChainShares:
    return ChainShares(exact(value["maximum_percent"]))


def problem_of(error: RuleSetError, column: str) -> Problem:
    """A refusal of the rules as a problem of a contract's row."""
    return Problem(column, str(error))
