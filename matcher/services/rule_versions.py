"""Which version of a region's rules holds: its file first, then what two officers approved.

Everybody who is judged by rules asks here, so that pages, API and jobs agree. Commands on files,
and previews, stay on files. Each answer holds for one session until something is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from matcher.domain.contracts import Contract
from matcher.domain.money_rules import MoneyRules
from matcher.domain.rules import RuleSet
from matcher.reference.money_rules import money_rules, reference_date, region_document
from matcher.reference.paths import data_dir
from matcher.reference.rule_texts import document_of, file_text, rule_set_of, version_in
from matcher.reference.rules import list_rule_sets, read_document, rule_set_for
from matcher.repositories import rule_versions as rows
from matcher.repositories.rule_versions import ApprovedRules
from matcher.services.calendar import day_of
from matcher.services.transactions import READ_ONCE

Document = Mapping[str, Any]
FILE = 0
"""The number of the file of the data folder, the first version of every region."""


def approved_versions(session: Session, region: str) -> tuple[ApprovedRules, ...]:
    """The versions that a region approved, the one that holds first in front; read once."""
    shared = session.info.setdefault(READ_ONCE, {})
    key = ("rule_versions", region)
    if key not in shared:
        shared[key] = rows.approved(session, region)
    found: tuple[ApprovedRules, ...] = shared[key]
    return found


def forget(session: Session) -> None:
    """Has the versions read anew, once one was approved."""
    session.info.pop(READ_ONCE, None)


def in_force(versions: Sequence[ApprovedRules], on: date) -> ApprovedRules | None:
    """The version that holds on a day: the last that began; None is the region's file."""
    begun = [version for version in versions if version.effective_on <= on]
    return max(begun, key=lambda version: version.effective_on, default=None)


def rules_on(session: Session, region: str, on: date) -> RuleSet:
    """The rules by which people of `region` are judged on a day."""
    version = in_force(approved_versions(session, region), on)
    return rule_set_for(region) if version is None else rule_set_of(version.text, region)


def document_on(session: Session, region: str, on: date) -> Document:
    """The whole document behind `rules_on`."""
    version = in_force(approved_versions(session, region), on)
    if version is None:
        return read_document(rule_set_for(region).slug)
    return document_of(version.text, region)


def rules_text_on(session: Session, region: str, on: date) -> str:
    """The document behind `rules_on` as YAML text, the same text for the same rules.

    It is what an advice keeps of the rules, so that it can be made again later.
    """
    version = in_force(approved_versions(session, region), on)
    if version is None:
        return _text_of_file(rule_set_for(region).slug, data_dir())
    return _text_of_version(version.text, region, data_dir())


@cache
def _text_of_file(slug: str, _folder: Path) -> str:
    return _dumped(read_document(slug))


@lru_cache(maxsize=16)
def _text_of_version(text: str, region: str, _folder: Path) -> str:
    return _dumped(document_of(text, region))


def _dumped(document: Document) -> str:
    text: str = yaml.safe_dump(document, sort_keys=True, allow_unicode=True)
    return text


def regions_with_rules(session: Session) -> list[str]:
    """Every rule set there is: files, and regions that approved a version without one."""
    return sorted({*list_rule_sets(), *rows.regions_with_versions(session)})


@dataclass(frozen=True, slots=True)
class Span:
    """When one version held, holds or will hold; number 0 is the file."""

    number: int
    version: str
    since: date
    until: date | None
    approved_on: date | None
    in_force: bool


def spans(session: Session, region: str, on: date) -> list[Span]:
    """Every version of a region, the first one first, the file in front where there is one."""
    versions = approved_versions(session, region)
    begins: list[tuple[int, str, date, date | None]] = [
        (version.id, version.name, version.effective_on, day_of(version.approved_at))
        for version in versions
    ]
    if region in list_rule_sets():
        file = read_document(region)
        name = version_in(file_text(region) or "") or str(file["version"])
        begins.insert(0, (FILE, name, file["valid_from"], file.get("adopted_on")))
    until = [since - timedelta(days=1) for _number, _name, since, _on in begins[1:]]
    now = number_of(in_force(versions, on)) or FILE
    return [
        Span(number, name, since, last, adopted, in_force=number == now)
        for (number, name, since, adopted), last in zip(begins, [*until, None], strict=True)
    ]


def numbered_document(session: Session, region: str, number: int) -> Document:
    """The whole document of one version; number 0 is the file."""
    if number == FILE:
        return read_document(region)
    versions = approved_versions(session, region)
    return document_of(next(one.text for one in versions if one.id == number), region)


def version_for(session: Session, contract: Contract) -> ApprovedRules | None:
    """The version under which a contract is opened: the last that held on its own day.

    Its own day is the one that the version names (tender, award or start). From then on the
    contract keeps it, whatever is approved later.
    """
    region = str(contract.region)
    for version in reversed(approved_versions(session, region)):
        _column, day = reference_date(document_of(version.text, region), contract)
        if version.effective_on <= day:
            return version
    return None


def number_of(version: ApprovedRules | None) -> int | None:
    """What a contract keeps of the version that it is opened under; None is the file."""
    return None if version is None else version.id


def kept_document(session: Session, region: str, version_id: int | None) -> Document:
    """The rules that a contract was opened under; refused by name where the region has none."""
    if version_id is None:
        return region_document(region)
    return numbered_document(session, region, version_id)


def kept_rules(session: Session, contract: Contract, version_id: int | None) -> MoneyRules:
    """The money rules of a contract by the version that it was opened under."""
    return money_rules(kept_document(session, str(contract.region), version_id), contract)
