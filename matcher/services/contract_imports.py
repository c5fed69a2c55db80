"""Files of contracts and of contributions into the database; twice changes nothing.

Every contract whose row or contributions changed gets its ledger brought up to date in the same
transaction, so that no line of it is ever missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.errors import Forbidden, InvalidInput, Problem
from matcher.files.loading import load_contracts, load_contributions
from matcher.files.messages import CellError, quoted
from matcher.files.results import Options
from matcher.files.source import Source, open_source
from matcher.models import ContractContribution, PublicContract
from matcher.repositories import contracts as rows
from matcher.repositories.records import ImportReport
from matcher.repositories.vacancies import organisation_named
from matcher.services.calendar import day_of
from matcher.services.contracts import check_contract, new_row, post_account
from matcher.services.import_rows import Outcome
from matcher.services.obligation import check
from matcher.services.rule_versions import kept_rules, number_of, version_for
from matcher.services.transactions import unit_of_work

Numbered = tuple[int, Any]


def import_contracts(
    session: Session,
    viewer: Viewer,
    source: Path | Source,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    strict: bool = False,
    now: datetime,
) -> ImportReport:
    """Contracts, matched on their reference within their region."""
    _allowed(viewer)
    opened = source if isinstance(source, Source) else open_source(source, file_format)
    options = Options(region=viewer.region, lang=viewer.language, strict=strict)
    loaded = load_contracts(opened, options)
    outcome = Outcome(problems=list(loaded.problems))
    items = list(zip(loaded.rows, loaded.items, strict=True))
    with unit_of_work(session):
        savepoint = session.begin_nested()
        touched = []
        for reach, of_region in _by_region(viewer, items, outcome):
            touched += _write_contracts(session, reach, of_region, outcome, now)
        _finish(session, savepoint, touched, dry_run, now)
    return _report("contracts", outcome, loaded.warnings, dry_run)


def _write_contracts(
    session: Session,
    viewer: Viewer,
    items: Sequence[Numbered],
    outcome: Outcome,
    now: datetime,
) -> list[tuple[Viewer, int]]:
    known = rows.rows_by_reference(session, viewer, [item.reference for _row, item in items])
    touched = []
    for number, contract in items:
        if contract.contractor is None:
            refusal = CellError("required").problem("contractor", number, viewer.language)
            outcome.problems.append(refusal)
            continue
        stored = known.get(contract.reference)
        kept = (
            number_of(version_for(session, contract)) if stored is None else stored.rule_version_id
        )
        try:
            check_contract(session, contract, kept)
        except InvalidInput as error:
            outcome.problems += [replace(problem, row=number) for problem in error.problems]
            continue
        changed = True
        if stored is None:
            stored = new_row(session, contract, now)
            session.flush()
            outcome.count(number, created=True, changed=True)
        else:
            changed = _fill(session, stored, contract, now)
            outcome.count(number, created=False, changed=changed)
        if changed:
            touched.append((viewer, stored.id))
    return touched


def _fill(session: Session, row: PublicContract, contract: Contract, now: datetime) -> bool:
    firm = organisation_named(session, row.region, str(contract.contractor), now=now)
    values = {name: getattr(contract, name) for name in rows.CONTRACT_FIELDS}
    return _set(row, {**values, "organisation_id": firm.id}, now)


def _set(row: Any, values: dict[str, Any], now: datetime) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    if changed:
        row.updated_at = now
    return changed


def import_contributions(
    session: Session,
    viewer: Viewer,
    source: Path | Source,
    *,
    file_format: str = "auto",
    dry_run: bool = False,
    strict: bool = False,
    now: datetime,
) -> ImportReport:
    """Contributions, matched on their reference within their contract.

    The contract has to be there; `person` must be a pseudonym that names no candidate here.
    """
    _allowed(viewer)
    opened = source if isinstance(source, Source) else open_source(source, file_format)
    loaded = load_contributions(opened, Options(lang=viewer.language, strict=strict))
    outcome = Outcome(problems=list(loaded.problems))
    items: list[Numbered] = list(zip(loaded.rows, loaded.items, strict=True))
    with unit_of_work(session):
        savepoint = session.begin_nested()
        reach = viewer if viewer.account_id is not None else _everywhere(session, viewer)
        touched = _write_contributions(session, reach, items, outcome, now)
        _finish(session, savepoint, touched, dry_run, now)
    return _report("contributions", outcome, loaded.warnings, dry_run)


def _everywhere(session: Session, viewer: Viewer) -> Viewer:
    if viewer.region is None:
        raise InvalidInput([Problem("--region", "is required: references differ by region")])
    return replace(operator(viewer.region), language=viewer.language)


def _write_contributions(
    session: Session,
    viewer: Viewer,
    items: Sequence[Numbered],
    outcome: Outcome,
    now: datetime,
) -> list[tuple[Viewer, int]]:
    contracts = rows.rows_by_reference(session, viewer, {item.contract for _row, item in items})
    numbers = [row.id for row in contracts.values()]
    known = {
        (row.contract_id, row.reference): row
        for found in rows.contributions_of(session, viewer, numbers, withdrawn=True).values()
        for row in found
    }
    names = {item.person for _row, item in items if item.person is not None}
    candidates = rows.references_of_people(session, str(viewer.region), names)
    touched: dict[int, None] = {}
    for number, item in items:
        contract = contracts.get(item.contract)
        problems = _problems(session, item, contract, candidates, number, viewer)
        if contract is None or problems:
            outcome.problems += problems
            continue
        stored = known.get((contract.id, item.reference))
        values = {name: getattr(item, name) for name in rows.CONTRIBUTION_FIELDS}
        values["of_person"] = {
            name: getattr(item, name) for name in rows.OF_PERSON if getattr(item, name) is not None
        }
        if stored is None:
            stored = ContractContribution(
                region=contract.region,
                contract_id=contract.id,
                reference=item.reference,
                **values,
                created_at=now,
                updated_at=now,
            )
            session.add(stored)
            touched[contract.id] = None
            outcome.count(number, created=True, changed=True)
        else:
            changed = _set(stored, values, now)
            outcome.count(number, created=False, changed=changed)
            if changed:
                touched[contract.id] = None
    session.flush()
    return [(viewer, contract_id) for contract_id in touched]


def _problems(
    session: Session,
    item: Contribution,
    contract: PublicContract | None,
    candidates: set[str],
    number: int,
    viewer: Viewer,
) -> list[Problem]:
    language = viewer.language
    if contract is None:
        refusal = CellError("unknown_contract", value=quoted(item.contract))
        return [refusal.problem("contract", number, language)]
    problems = []
    if item.person in candidates:
        problems.append(CellError("no_pseudonym").problem("person", number, language))
    kept = kept_rules(session, rows.to_record(contract, "").contract, contract.rule_version_id)
    _checked, found = check(item, kept, number, language)
    return [*problems, *found]


def _by_region(
    viewer: Viewer, items: Sequence[Numbered], outcome: Outcome
) -> Iterator[tuple[Viewer, list[Numbered]]]:
    def region(item: Numbered) -> str:
        return item[1].region or viewer.region or ""

    for name, group in groupby(sorted(items, key=region), region):
        found = [(row, replace(item, region=name)) for row, item in group]
        if not name:
            refusals = (CellError("required").problem("region", row, "en") for row, _item in found)
            outcome.problems += refusals
        elif viewer.account_id is not None and name != viewer.region:
            why = "must be your own region"
            outcome.problems += [Problem("region", why, row) for row, _item in found]
        elif viewer.account_id is not None:
            yield viewer, found
        else:
            yield replace(operator(name), language=viewer.language), found


def _finish(
    session: Session,
    savepoint: Any,
    touched: Sequence[tuple[Viewer, int]],
    dry_run: bool,
    now: datetime,
) -> None:
    if dry_run:
        savepoint.rollback()
        return
    for reach, contract_id in touched:
        post_account(session, reach, contract_id, on=day_of(now), now=now)
    savepoint.commit()


def _report(
    kind: str, outcome: Outcome, warnings: Sequence[Problem], dry_run: bool
) -> ImportReport:
    outcome.problems.sort(key=lambda problem: problem.row or 0)
    return ImportReport(
        kind=kind,
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        refused=len({problem.row for problem in outcome.problems}),
        problems=tuple(outcome.problems),
        warnings=tuple(warnings),
        dry_run=dry_run,
    )


def _allowed(viewer: Viewer) -> None:
    if not viewer.has(Right.OFFICER) or (viewer.region is None and viewer.account_id is not None):
        raise Forbidden("only an officer imports contracts")
