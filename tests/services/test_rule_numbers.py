"""What other rules make of the accounts: what was decided keeps its version, and three numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.cli import main
from matcher.domain.access import Right, Viewer
from matcher.domain.candidate import CandidateProfile
from matcher.domain.contracts import Contract
from matcher.models import Assessment, LedgerEntry, PublicContract, SettlementDecision
from matcher.reference.money_rules import money_rules, region_document
from matcher.reference.rule_changes import (
    Unit,
    as_though_always,
    differences,
    usual_values,
    with_values,
)
from matcher.reference.rule_texts import document_of, problems_of
from matcher.repositories import candidates
from matcher.repositories.scope import unscoped
from matcher.services import rule_steps, settlements
from matcher.services.assessments import assess_candidate
from matcher.services.contract_imports import import_contracts
from matcher.services.contracts import create_contract, get_account, post_account
from matcher.services.rule_numbers import numbers_of
from tests.services.conftest import NOW, TODAY, account_of
from tests.services.contracting import brought_in, numbers, source
from tests.services.ruling import DEMO, HIGHER, PERCENT, approved, with_city

FIRST = date(2027, 4, 1)
LATER = datetime(2027, 9, 1, 8, 30, tzinfo=NOW.tzinfo)
LATER_ON = date(2027, 9, 1)
NEW = {
    "reference": "O-9", "contractor": "Wegen Een", "kind": "works", "value_cents": 300_000_00,
    "tendered_on": date(2027, 5, 1), "start_on": date(2027, 6, 1), "end_on": date(2029, 5, 31),
}  # fmt: skip


@pytest.fixture
def author(session: Session) -> Viewer:
    return account_of(session, "author", Right.OFFICER)


@pytest.fixture
def second(session: Session) -> Viewer:
    return account_of(session, "second", Right.OFFICER)


def everything_kept(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """The bare rows of what was decided: contracts, ledgers, settlements, advice."""
    found = {}
    for model in (PublicContract, LedgerEntry, SettlementDecision, Assessment):
        table = model.__table__
        statement = unscoped(select(table).order_by(table.c.id), model)  # type: ignore[type-var]
        found[table.name] = [tuple(map(str, row)) for row in session.execute(statement)]
    return found


def test_a_new_version_changes_no_account_posting_settlement_or_advice_that_was(
    session: Session, author: Viewer, second: Viewer, coach: Viewer
) -> None:
    ids = brought_in(session, author)
    settlements.decide(session, author, ids["O-2"], "ask", "Niets gedaan.", on=TODAY, now=NOW)
    row = candidates.new_row(CandidateProfile("K-1", "demo"), now=NOW, owner=coach.account_id)
    session.add(row)
    session.commit()
    advice = assess_candidate(session, coach, row.id, on=TODAY, now=NOW)
    before = everything_kept(session)
    old = {number: get_account(session, author, number, LATER_ON) for number in ids.values()}

    approved(session, author, second, FIRST, now=NOW)

    assert everything_kept(session) == before
    for number, was in old.items():
        now = get_account(session, author, number, LATER_ON)
        assert was.account is not None
        assert now.account is not None
        assert now.account.steps == was.account.steps
        assert now.account.rules.version == "demo 2026.3 / national 2026.1"
    # Bringing a ledger up to a later day goes by the version the contract keeps.
    for number in ids.values():
        post_account(session, author, number, on=LATER_ON, now=LATER)
    versions = select(LedgerEntry.rules_version).distinct()
    assert session.scalars(unscoped(versions, LedgerEntry)).all() == [
        "demo 2026.3 / national 2026.1"
    ]
    owed = [line for line in everything_kept(session)["ledger_entry"] if line[3] == "obligation"]
    assert owed == [line for line in before["ledger_entry"] if line[3] == "obligation"]
    # New advice is made with the new version; what was made stays as it was.
    again = assess_candidate(session, coach, row.id, on=LATER_ON, now=LATER)
    assert (advice.rules_version[:11], again.rules_version[:11]) == ("demo 2026.3", "demo 2026.4")
    assert everything_kept(session)["assessment"][0] == before["assessment"][0]


def test_new_contracts_go_by_the_version_of_their_own_day_and_keep_it(
    session: Session, author: Viewer, second: Viewer
) -> None:
    approved(session, author, second, FIRST, now=NOW)

    def opened(reference: str, tendered_on: date, now: datetime) -> tuple[int, int]:
        values = {**NEW, "reference": reference, "tendered_on": tendered_on}
        made = create_contract(session, author, values, on=now.date(), now=now)
        account = get_account(session, author, made.id, now.date()).account
        assert account is not None
        return made.id, account.obligation_cents

    assert opened("O-10", date(2027, 3, 31), LATER)[1] == 300_000_00 * 5 // 100
    number, owed = opened("O-11", FIRST, LATER)
    assert owed == 300_000_00 * 6 // 100

    change = ("percent: {works: 6", "percent: {works: 9")
    third = approved(session, second, author, date(2028, 1, 1), now=LATER, replace=change)
    assert third.name == "2026.5"
    kept = get_account(session, author, number, date(2028, 6, 1)).account
    assert kept is not None
    assert kept.obligation_cents == 300_000_00 * 6 // 100
    assert kept.rules.version == "demo 2026.4 / national 2026.1"
    # A file that brings the contract once more changes what it says, not its version.
    text = "reference;contractor;region;kind;value_cents;tendered_on;start_on;end_on\n"
    text += "O-11;Wegen Een;demo;works;40000000;2028-02-01;2027-06-01;2029-05-31\n"
    import_contracts(session, author, source(text), now=LATER)
    again = get_account(session, author, numbers(session)["O-11"], date(2028, 6, 1)).account
    assert again is not None
    assert again.obligation_cents == 400_000_00 * 6 // 100


def test_command_line_and_account_agree_on_a_version_saved_as_a_file(
    session: Session, author: Viewer, second: Viewer, tmp_path: Path
) -> None:
    done = approved(session, author, second, FIRST, now=NOW)
    made = create_contract(session, author, NEW, on=LATER_ON, now=LATER)
    account = get_account(session, author, made.id, LATER_ON).account
    assert account is not None
    (tmp_path / "demo.yaml").write_text(done.text, encoding="utf-8")
    (tmp_path / "contract.json").write_text(
        json.dumps([{**NEW, "region": "demo"}], default=str), encoding="utf-8"
    )
    (tmp_path / "done.csv").write_text("reference;contract;kind\n", encoding="utf-8")
    arguments = [
        *("obligation", "--contract", str(tmp_path / "contract.json")),
        *("--contributions", str(tmp_path / "done.csv"), "--on", "2027-09-01"),
        *("--rules", str(tmp_path / "demo.yaml"), "--out", str(tmp_path / "out.json")),
    ]
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 0, result.output
    (row,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert row["obligation_cents"] == account.obligation_cents == 300_000_00 * 6 // 100
    assert row["rules_version"] == account.rules.version


# --- the three numbers --------------------------------------------------------------------------


def test_the_three_numbers_are_those_of_the_bare_rows(session: Session, author: Viewer) -> None:
    ids = brought_in(session, author)
    post_account(session, author, ids["O-1"], on=TODAY, now=NOW)
    # One that ended before the year and one of another region never count.
    text = "reference;contractor;region;kind;value_cents;tendered_on;awarded_on;start_on;end_on\n"
    text += "O-0;Wegen Een;demo;works;90000000;2024-01-01;2024-02-01;2024-03-01;2026-02-28\n"
    text += "O-4;Wegen Een;demo;works;60000000;2026-12-01;2026-12-31;2027-06-01;2028-02-28\n"
    import_contracts(session, author, source(text), now=NOW)
    before = everything_kept(session)

    found = numbers_of(session, author, document_of(DEMO.replace(PERCENT, HIGHER), "demo"), TODAY)

    # From the bare rows: one percent of the value of works that ran or were awarded in the year.
    table = PublicContract.__table__
    rows = session.execute(unscoped(select(table), PublicContract)).mappings().all()
    expected = {
        row["reference"]: Fraction(row["value_cents"], 100)
        for row in rows
        if row["kind"] == "works"
        and row["reference"] != "O-0"
        and (row["start_on"] <= TODAY or row["awarded_on"] is not None)
    }
    assert {one.record.contract.reference: one.cents for one in found.changed} == expected
    assert set(expected) == {"O-1", "O-3", "O-4"}
    assert found.total_cents == sum(expected.values()) == 300_000 + 200_000 + 600_000
    assert found.largest_cents == 600_000
    assert len(found.accounts) == 4
    assert found.not_judged == ()
    assert everything_kept(session) == before


def test_a_value_dated_from_the_future_is_reckoned_as_though_it_had_always_held(
    session: Session, author: Viewer
) -> None:
    brought_in(session, author)
    document = document_of(DEMO, "demo")
    works = next(one for one in usual_values(document) if one.name == "obligation-percent-works")
    text = with_values(DEMO, {works: 7}, source="Besluit", version="2026.4", on=FIRST)
    new = document_of(text, "demo")

    found = numbers_of(session, author, new, TODAY)

    assert found.total_cents == 2 * (300_000 + 200_000)
    entry = new["entries"]["obligation"]
    assert (entry["valid_from"], entry["value"]["percent"]["works"]) == (FIRST, 7)
    assert entry["earlier"][0]["value"]["percent"]["works"] == 5
    assert entry["earlier"][0]["valid_until"] == date(2027, 3, 31)
    assert new["sources"][entry["source"]] == "Besluit"
    assert as_though_always(new, document)["entries"]["obligation"]["earlier"] == []


def test_a_number_changed_twice_in_one_draft_leaves_no_value_in_between() -> None:
    def works(document: Any) -> Any:
        return next(one for one in usual_values(document) if one.name == "obligation-percent-works")

    text = DEMO
    for percent, day in ((6, FIRST), (7, date(2027, 5, 1))):
        wanted = {works(document_of(text, "demo")): percent}
        text = with_values(text, wanted, source=f"Besluit {percent}", version="2026.4", on=day)

    entry = document_of(text, "demo")["entries"]["obligation"]
    assert (entry["value"]["percent"]["works"], entry["valid_from"]) == (7, date(2027, 5, 1))
    (before,) = entry["earlier"]
    assert (before["value"]["percent"]["works"], before["valid_until"]) == (5, date(2027, 4, 30))
    again = with_values(text, {}, source="Besluit 8", version="2026.4", on=FIRST)
    entry = document_of(again, "demo")["entries"]["obligation"]
    assert (entry["valid_from"], entry["earlier"][0]["valid_until"]) == (FIRST, date(2027, 3, 31))


def test_what_the_other_rules_cannot_judge_is_told_and_never_a_zero(
    session: Session, author: Viewer
) -> None:
    brought_in(session, author)
    wages = DEMO.replace("base: contract_value", "base: wage_sum")

    found = numbers_of(session, author, document_of(wages, "demo"), TODAY)

    assert found.accounts == ()
    assert [record.contract.reference for record, _why in found.not_judged] == ["O-2", "O-1", "O-3"]


@settings(max_examples=20, deadline=None)
@given(changes=st.dictionaries(st.integers(0, 30), st.integers(1, 60), max_size=4))
def test_the_form_changes_the_numbers_it_was_given_and_nothing_else(
    changes: dict[int, int],
) -> None:
    document = document_of(DEMO, "demo")
    usual = usual_values(document)
    chosen = [(usual[place % len(usual)], number) for place, number in changes.items()]
    # A municipality stays inside 2 to 7, which the region leaves it.
    wanted = {one: 2 + number % 6 if one.municipality else number for one, number in chosen}

    text = with_values(DEMO, wanted, source="Besluit", version="2026.4", on=FIRST)

    assert problems_of(text, "demo", on=FIRST) == []
    after = {one.name: one.value for one in usual_values(document_of(text, "demo"))}
    names = {one.name: new for one, new in wanted.items()}
    assert after == {one.name: names.get(one.name, one.value) for one in usual}
    told = {
        (f"gemeente-{one.municipality}-" if one.municipality else "")
        + f"{one.entry}-{one.path.replace('.', '-')}": one.new
        for one in differences(document, document_of(text, "demo"))
    }
    was = {one.name: one.value for one in usual}
    assert told == {name: new for name, new in names.items() if new != was[name]}
    assert {one.unit for one in usual} == set(Unit)


# --- municipalities -----------------------------------------------------------------------------


def test_a_municipality_inside_the_bounds_asks_its_own_percentage_and_nothing_else() -> None:
    document = document_of(with_city(3), "demo")
    contract = Contract(
        "O-1", "works", 300_000_00, date(2027, 4, 1), date(2029, 3, 31), region="demo"
    )

    def percent(municipality: str | None, kind: str = "works") -> Fraction:
        rules = money_rules(document, replace(contract, municipality=municipality, kind=kind))
        return rules.obligation.value.percent[kind]

    assert (percent("voorbeeldstad"), percent("Sample City (Invented)")) == (3, 3)
    assert (percent(None), percent("elders"), percent("voorbeeldstad", "services")) == (5, 5, 5)
    held_before = region_document("demo")
    assert money_rules(held_before, contract).obligation.value.percent["works"] == 5


def test_what_a_region_leaves_to_nobody_is_refused_for_a_municipality() -> None:
    (problem,) = problems_of(
        with_city(3).replace("{percent: {works: 3}}", "{cap_cents: 5}"), "demo"
    )
    assert problem.path == "municipalities.voorbeeldstad.entries.obligation.value.cap_cents"
    other = with_city(3).replace(
        "      obligation:\n        source: demo", "      full_time:\n        source: demo"
    )
    assert [one.fault.value for one in problems_of(other, "demo")] == ["not_open"]


def test_a_contract_that_names_its_municipality_owes_by_it(
    session: Session, author: Viewer, second: Viewer
) -> None:
    draft = rule_steps.begin(session, author, now=NOW)
    rule_steps.write(session, author, draft.id, with_city(3, draft.text), now=NOW)
    rule_steps.advise(
        session, author, draft.id, {"not_asked_why": "Proef in een gemeente."}, now=NOW
    )
    rule_steps.offer(session, author, draft.id, FIRST, now=NOW)
    rule_steps.approve(session, second, draft.id, now=NOW)

    values = {**NEW, "municipality": "Voorbeeldstad"}
    made = create_contract(session, author, values, on=LATER_ON, now=LATER)

    account = get_account(session, author, made.id, LATER_ON).account
    assert account is not None
    assert account.obligation_cents == 300_000_00 * 3 // 100
    assert account.rules.municipality == "voorbeeldstad"
