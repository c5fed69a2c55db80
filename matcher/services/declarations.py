"""What a firm declares for its contract: it counts at once, and some of it is looked at later.

A declaration is posted to the ledger in the same transaction, and drawn for a check or not. Taking
one back, or ending a placement, posts a contra-entry; nothing is ever edited there.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.account import SettlementState
from matcher.domain.contracts import Contribution
from matcher.domain.credits import PLACEMENT
from matcher.domain.declaring import asked, groups_used, kinds_used
from matcher.domain.drawing import CheckVerdict, Draw, SampleState, draw, has_light_path
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from matcher.domain.money_rules import MoneyRules
from matcher.files.columns_contract import CONTRIBUTION_BY_NAME
from matcher.models import ContractContribution, ContributionCheck, LedgerEntry
from matcher.models.states import SettlementVote
from matcher.models.wall import whole_database
from matcher.repositories import contracts as contract_rows
from matcher.repositories import declarations as rows
from matcher.repositories.contracts import ContractRecord
from matcher.repositories.declarations import DeclarationRecord
from matcher.repositories.records import Page
from matcher.services.calendar import after_working_days, day_of
from matcher.services.checks import checked_values, refuse
from matcher.services.contracts import READERS, AccountView, get_account, post_account
from matcher.services.obligation import check
from matcher.services.transactions import unit_of_work

WHOLE = (Right.OFFICER,)
"""Who reads all that was done for a contract; a firm reads what it declared itself."""
_PERSONS = ("person", "group", "age", "permanent")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""No digits: eight of them can look like a citizen service number by chance."""
_OWN_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What a firm is asked for one contract, by kind; `light` says that it is less than usual."""

    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    light: bool
    rules: MoneyRules

    def fields(self, kind: str, *, whole: bool = False) -> tuple[str, ...]:
        """The columns asked of a declaration of `kind`; `whole` asks all of them in any case."""
        return asked(kind, self.rules, light=self.light and not whole)


def asked_of(session: Session, view: AccountView, firm_id: int | None = None) -> Asked | None:
    """What the firm of a contract, or of a share of it, is asked; None without money rules."""
    if view.account is None:
        return None
    rules = view.account.rules
    verdicts, _first = rows.verdicts_of(session, firm_id or view.record.organisation_id)
    return Asked(kinds_used(rules), groups_used(rules), has_light_path(rules, verdicts), rules)


def is_open(view: AccountView) -> bool:
    """Whether something may still be declared: until the time to make up for it is over."""
    return view.account is not None and view.account.settlement.state is not SettlementState.DUE


def own_number() -> str:
    """A reference for a declaration that brings none."""
    return "M-" + "".join(secrets.choice(_LETTERS) for _place in range(_OWN_LENGTH))


def declarations_of(session: Session, viewer: Viewer, contract_id: int) -> list[DeclarationRecord]:
    """What was done for a contract in reach, last one first; a firm reads its own declarations."""
    _check_reader(viewer)
    contract_rows.get_record(session, viewer, contract_id)
    return rows.of_contract(session, viewer, contract_id, declared_only=not viewer.has(*WHOLE))


def page_of_declarations(
    session: Session, viewer: Viewer, contract_id: int, *, cursor: str | None, limit: int
) -> Page[DeclarationRecord]:
    """One page of what was done for a contract in reach, first one first."""
    _check_reader(viewer)
    contract_rows.get_record(session, viewer, contract_id)
    return rows.page(
        session,
        viewer,
        contract_id,
        declared_only=not viewer.has(*WHOLE),
        cursor=cursor,
        limit=limit,
    )


def of_firm(
    session: Session, viewer: Viewer, contract_id: int, firm_id: int
) -> list[DeclarationRecord]:
    """What another firm declared for its share of a contract in reach, last one first."""
    return rows.of_contract(session, viewer, contract_id, declared_only=True, firm_id=firm_id)


def get_declaration(
    session: Session, viewer: Viewer, contract_id: int, contribution_id: int
) -> DeclarationRecord:
    """One of a contract in reach; NotFound for any other."""
    _check_reader(viewer)
    whole = viewer.has(*WHOLE)
    return rows.find(session, viewer, contract_id, contribution_id, declared_only=not whole)


def people_of(found: list[DeclarationRecord]) -> dict[str, date | None]:
    """The pseudonyms that a firm gave before, each with the day that its first placement began."""
    people: dict[str, date | None] = {}
    for one in sorted(found, key=lambda each: (each.start_on or date.max, each.id)):
        if one.person is not None and one.kind == PLACEMENT and one.withdrawn_at is None:
            people.setdefault(one.person, one.start_on)
    return people


def declare(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    values: Mapping[str, Any],
    *,
    now: datetime,
    seed: str | None = None,
    firm_id: int | None = None,
) -> DeclarationRecord:
    """Keeps what a firm did for its contract; it counts at once.

    `values` by column. The same reference with the same values again changes nothing and gives the
    first one; with other values it is a Conflict. `seed` is thrown unless a test gives it.
    `firm_id` is another firm that did it for its share of the contract.
    """
    _check_firm(viewer)
    given = {name: value for name, value in values.items() if value is not None}
    reference = str(given.setdefault("reference", own_number()))
    on = day_of(now)
    with unit_of_work(session):
        contract_rows.lock(session, viewer, contract_id)
        view = get_account(session, viewer, contract_id, on)
        earlier = rows.by_reference(session, viewer, contract_id, reference)
        if view.account is None:
            raise Conflict(str(view.refusal))
        rules = view.account.rules
        item = _checked(session, viewer, view, rules, given, on)
        if earlier is not None:
            return _again(session, viewer, earlier, item, firm_id)
        _refuse_when_over(session, viewer, view)
        verdicts, first = rows.verdicts_of(session, firm_id or view.record.organisation_id)
        drawn = draw(rules, verdicts, first=first, seed=seed or secrets.token_hex(16))
        row = _row(view, item, firm_id, now)
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict("there is already a contribution of this reference") from error
        session.add(_check(row, drawn, rules, on, now))
        session.flush()
        _post(session, view.record, on=on, now=now)
        return rows.find(session, viewer, contract_id, row.id, declared_only=True, firm_id=firm_id)


def _checked(
    session: Session,
    viewer: Viewer,
    view: AccountView,
    rules: MoneyRules,
    given: Mapping[str, Any],
    on: date,
) -> Contribution:
    """The declaration as the rules read it; InvalidInput names all that is wrong with it."""
    kind = str(given.get("kind"))
    if kind not in kinds_used(rules):
        words = ", ".join(kinds_used(rules))
        raise InvalidInput([Problem("kind", f"must be one of {words}")])
    known = {"reference", "kind", *asked(kind, rules, light=False)}
    values, problems = checked_values(
        CONTRIBUTION_BY_NAME,
        {name: value for name, value in given.items() if name in known},
        viewer.language,
    )
    problems += [Problem(name, "is not asked here") for name in sorted(set(given) - known)]
    refuse(problems)
    item, problems = check(
        Contribution(contract=view.record.contract.reference, **values),
        rules,
        None,
        viewer.language,
    )
    problems = [*problems, *_impossible(session, item, str(view.record.contract.region), on)]
    refuse(problems)
    return item


def _impossible(session: Session, item: Contribution, region: str, on: date) -> list[Problem]:
    """What no rule of a region allows: a day to come, an end before the start, a name."""
    found = []
    if item.start_on is None:
        found.append(Problem("start_on", "is required; without a day nobody can look at it"))
    elif item.start_on > on:
        found.append(Problem("start_on", "must not lie ahead; declare it once it has begun"))
    elif item.end_on is not None and item.end_on < item.start_on:
        found.append(Problem("end_on", "must not lie before the start"))
    for name in ("hours_week", "activity_hours", "invoice_cents"):
        value = getattr(item, name)
        if value is not None and value <= 0:
            found.append(Problem(name, "must be more than zero"))
    if item.person is not None and (
        not is_pseudonym(item.person)
        or contract_rows.references_of_people(session, region, [item.person])
    ):
        found.append(Problem("person", "must be a pseudonym such as P-07; never a name or number"))
    return found


def is_pseudonym(text: str) -> bool:
    """Whether `text` can be no name and no number of somebody: a few letters, then a few digits."""
    letters, dash, digits = text.partition("-")
    return (
        dash == "-"
        and letters.isascii()
        and letters.isalpha()
        and len(letters) <= 2
        and digits.isascii()
        and digits.isdecimal()
        and len(digits) <= 4
    )


def _again(
    session: Session,
    viewer: Viewer,
    earlier: ContractContribution,
    item: Contribution,
    firm_id: int | None,
) -> DeclarationRecord:
    kept = contract_rows.to_contribution(earlier, item.contract)
    person = contract_rows.whose(firm_id, item.person)
    item = replace(item, person=person, firm_id=firm_id)
    is_same = earlier.declared_at is not None and earlier.firm_id == firm_id and item == kept
    if not is_same:
        raise Conflict("there is already a contribution of this reference")
    return rows.find(
        session, viewer, earlier.contract_id, earlier.id, declared_only=True, firm_id=firm_id
    )


def _refuse_when_over(session: Session, viewer: Viewer, view: AccountView) -> None:
    settled = contract_rows.settlements_of(session, viewer, view.record.id)
    if not is_open(view) or any(one.state is not SettlementVote.REFUSED for one in settled):
        raise Conflict("this account is being settled; nothing more can be declared")


def _row(
    view: AccountView, item: Contribution, firm_id: int | None, now: datetime
) -> ContractContribution:
    of_person = {name: getattr(item, name) for name in _PERSONS}
    return ContractContribution(
        region=view.record.contract.region,
        contract_id=view.record.id,
        reference=item.reference,
        **{name: getattr(item, name) for name in contract_rows.CONTRIBUTION_FIELDS},
        of_person={name: value for name, value in of_person.items() if value is not None},
        declared_at=now,
        firm_id=firm_id,
        created_at=now,
        updated_at=now,
    )


def _check(
    row: ContractContribution, drawn: Draw, rules: MoneyRules, on: date, now: datetime
) -> ContributionCheck:
    due_on = None
    if drawn.is_drawn and rules.sampled_checks is not None:
        due_on = after_working_days(on, rules.sampled_checks.value.working_days)
    return ContributionCheck(
        region=row.region,
        contract_id=row.contract_id,
        contribution_id=row.id,
        ground=drawn.ground,
        rate=drawn.rate,
        seed=drawn.seed,
        number=drawn.number,
        state=SampleState.ASKED if drawn.is_drawn else SampleState.SKIPPED,
        due_on=due_on,
        corrected={},
        created_at=now,
        updated_at=now,
    )


def end_declaration(
    session: Session,
    viewer: Viewer,
    contract_id: int,
    contribution_id: int,
    *,
    end_on: date | None,
    expected_version: int | None = None,
    now: datetime,
    firm_id: int | None = None,
) -> DeclarationRecord:
    """Ends a placement on a day, or takes a declaration back where no day is given.

    The ledger gets a contra-entry. What two officers are deciding about waits for them. `firm_id`
    is another firm that declared it for its share.
    """
    _check_firm(viewer)
    on = day_of(now)
    with unit_of_work(session):
        contract_rows.lock(session, viewer, contract_id)
        row = rows.row_of(session, viewer, contract_id, contribution_id)
        if row.firm_id != firm_id:
            raise NotFound("contribution")
        looked_at = rows.check_of(session, viewer, contribution_id)
        if expected_version is not None and row.version != expected_version:
            raise Stale("contribution", row.version)
        if row.withdrawn_at is not None:
            raise Conflict("this declaration counts no more")
        if looked_at is not None and looked_at.state is SampleState.PROPOSED:
            raise Conflict("two officers are deciding about this declaration")
        view = get_account(session, viewer, contract_id, on)
        _refuse_when_over(session, viewer, view)
        if end_on is None:
            row.withdrawn_at = now
            _close(looked_at, now)
        else:
            _end_on(row, end_on, on)
        row.updated_at = now
        session.flush()
        _post(session, view.record, on=on, now=now)
        return rows.find(
            session, viewer, contract_id, contribution_id, declared_only=True, firm_id=firm_id
        )


def _close(looked_at: ContributionCheck | None, now: datetime) -> None:
    if looked_at is not None and looked_at.state is not SampleState.CLOSED:
        looked_at.state, looked_at.verdict = SampleState.CLOSED, CheckVerdict.WITHDRAWN
        looked_at.first_at = looked_at.updated_at = now


def _end_on(row: ContractContribution, end_on: date, on: date) -> None:
    if row.kind != PLACEMENT:
        raise InvalidInput([Problem("end_on", "is for a placement; take back anything else")])
    if row.start_on is None or end_on < row.start_on:
        raise InvalidInput([Problem("end_on", "must not lie before the start")])
    if end_on > on:
        raise InvalidInput([Problem("end_on", "must not lie ahead; end it once it has ended")])
    if row.end_on is not None and end_on > row.end_on:
        raise InvalidInput([Problem("end_on", "must not lie after the end that was declared")])
    row.end_on = end_on


def _post(session: Session, record: ContractRecord, *, on: date, now: datetime) -> None:
    """Brings the ledger up to date for a firm, which is shown no line of it."""
    with whole_database(session, "posting what a firm declared", LedgerEntry):
        post_account(session, operator(record.contract.region), record.id, on=on, now=now)


def _check_reader(viewer: Viewer) -> None:
    if not viewer.has(*(right for right in READERS if right is not Right.ANALYST)):
        raise Forbidden("none of your rights sees what was done for a contract")


def _check_firm(viewer: Viewer) -> None:
    if viewer.organisation_id is None or not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only the firm of a contract declares what it did")
