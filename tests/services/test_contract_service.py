"""Accounts in the database: the ledger is only added to, and always sums to the balance."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.models.database import session_factory
from matcher.models.states import SettlementChoice, SettlementVote
from matcher.models.wall import whole_database
from matcher.services.call_requests import file_call_request
from matcher.services.candidates import create_candidate
from matcher.services.contract_imports import import_contracts, import_contributions
from matcher.services.contracts import (
    book_of,
    create_contract,
    get_account,
    get_contract,
    list_accounts,
    page_of_contracts,
    post_account,
)
from matcher.services.retention import run_retention
from matcher.services.settlements import answer, decide, efforts_of, may_confirm, proposal_of
from tests.services.conftest import account_of
from tests.services.contracting import (
    CONTRACTS,
    CONTRIBUTIONS,
    NOW,
    ON,
    balance,
    brought_in,
    lines,
    numbers,
    source,
)

PAST_CURE = date(2027, 3, 2)
"""O-2 ends on 2026-11-30; the demo region gives 90 days to make up for a shortfall."""


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def second(session: Session) -> Viewer:
    return account_of(session, "second-officer", Right.OFFICER)


def test_what_a_file_brings_stands_in_the_ledger_line_by_line(
    session: Session, officer: Viewer
) -> None:
    found = brought_in(session, officer)

    # 300,000 × 5 %; 30,000 × 18/36 × 6/12 and 10,000 for a permanent contract; 12 × 100
    assert lines(session, found["O-1"]) == [
        {"rule": "obligation", "subject": None, "cents": 1_500_000, "is_contra": False},
        {"rule": "thresholds", "subject": None, "cents": 0, "is_contra": False},
        {"rule": "building_blocks", "subject": "I-1", "cents": -750_000, "is_contra": False},
        {"rule": "bonuses.permanent", "subject": "I-1", "cents": -1_000_000, "is_contra": False},
        {"rule": "alternatives.activity", "subject": "I-2", "cents": -120_000, "is_contra": False},
    ]
    view = get_account(session, officer, found["O-1"], ON)
    assert view.account is not None
    assert view.account.balance_cents == balance(session, found["O-1"]) == -370_000
    book = book_of(session, officer, view)
    assert book.to_post == ()
    assert book.balance_cents == -370_000
    assert [line.posting.step.key for line in book.lines] == [s.key for s in view.account.steps]


def test_importing_twice_changes_nothing(session: Session, officer: Viewer) -> None:
    found = brought_in(session, officer)
    before = {name: lines(session, number) for name, number in found.items()}

    contracts = import_contracts(session, officer, source(CONTRACTS), now=NOW)
    contributions = import_contributions(session, officer, source(CONTRIBUTIONS), now=NOW)

    assert (contracts.unchanged, contributions.unchanged) == (3, 3)
    assert (contracts.created, contracts.changed, contracts.refused) == (0, 0, 0)
    assert {name: lines(session, number) for name, number in found.items()} == before


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(
    session: Session, officer: Viewer
) -> None:
    report = import_contracts(session, officer, source(CONTRACTS), dry_run=True, now=NOW)

    assert (report.created, report.dry_run) == (3, True)
    assert numbers(session) == {}


def test_a_change_is_posted_by_contra_entries_and_nothing_is_edited(
    session: Session, officer: Viewer
) -> None:
    found = brought_in(session, officer)
    before = lines(session, found["O-1"])

    changed = CONTRIBUTIONS.replace("2026-10-31;18", "2026-10-31;36")
    report = import_contributions(session, officer, source(changed), now=NOW)

    assert (report.changed, report.unchanged) == (1, 2)
    after = lines(session, found["O-1"])
    assert after[: len(before)] == before
    # 30,000 × 36/36 × 6/12
    assert after[len(before) :] == [
        {"rule": "building_blocks", "subject": "I-1", "cents": 750_000, "is_contra": True},
        {"rule": "building_blocks", "subject": "I-1", "cents": -1_500_000, "is_contra": False},
    ]
    assert balance(session, found["O-1"]) == -1_120_000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET cents = 0",
        "UPDATE ledger_entry SET is_contra = NOT is_contra WHERE subject IS NULL",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_entry WHERE cents = 0",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_line(
    session: Session, officer: Viewer, statement: str
) -> None:
    found = brought_in(session, officer)
    before = lines(session, found["O-1"])

    with (
        whole_database(session, "trying to bend a ledger"),
        pytest.raises(DBAPIError, match=r"never (changed|removed)"),
        session.begin_nested(),
    ):
        session.connection().execute(text(statement))

    assert lines(session, found["O-1"]) == before


def test_a_ledger_goes_with_its_contract_some_years_after_the_end(
    session: Session, officer: Viewer
) -> None:
    found = brought_in(session, officer)
    on = date(2028, 11, 29)
    assert next(line.rows for line in run_retention(session, on=on, now=NOW, dry_run=True)
                if line.rule.name == "contracts") == 0  # fmt: skip

    on += timedelta(days=1)
    ended = {line.rule.name: line.rows for line in run_retention(session, on=on, now=NOW)}

    assert ended["contracts"] == 1
    assert set(numbers(session)) == {"O-1", "O-3"}
    assert lines(session, found["O-2"]) == []
    assert len(lines(session, found["O-1"])) == 5


def test_any_order_of_changes_leaves_the_ledger_at_the_balance(
    session: Session, officer: Viewer
) -> None:
    found = brought_in(session, officer)
    chance = random.Random(7)  # noqa: S311  which change comes next
    number = found["O-1"]
    for turn in range(25):
        hours = chance.randint(0, 160) / 4
        cents = chance.randint(0, 5_000_000)
        group = chance.choice(["p_wet", "ww", "bbl"])
        head = CONTRIBUTIONS.splitlines()[0]
        body = chance.choice(
            [
                f"I-{turn % 4};O-1;placement;p-{turn % 3};{group};;;2026-05-01;;{hours};;",
                f"B-{turn % 4};O-1;purchase;;;;;2026-06-01;;;;{cents}",
                f"A-{turn % 4};O-1;activity;;;;;2026-06-01;;;{hours};",
            ]
        )
        before = lines(session, number)
        report = import_contributions(session, officer, source(f"{head}\n{body}\n"), now=NOW)
        assert report.refused == 0
        view = get_account(session, officer, number, ON)
        assert view.account is not None
        assert balance(session, number) == view.account.balance_cents
        assert lines(session, number)[: len(before)] == before
        assert post_account(session, officer, number, on=ON, now=NOW) == 0


def test_an_expired_certificate_ends_its_effect_the_day_after_and_keeps_the_history(
    session: Session, officer: Viewer
) -> None:
    held = CONTRACTS.replace("pso_level", "pso_level;pso_holder;pso_valid_until").replace(
        "2028-03-31;none", "2028-03-31;2;main;2027-03-10"
    )
    import_contracts(session, officer, source(held), now=NOW)
    number = numbers(session)["O-1"]
    # 15,000 less half of it
    assert balance(session, number) == 750_000

    assert post_account(session, officer, number, on=date(2027, 3, 10), now=NOW) == 0
    assert post_account(session, officer, number, on=date(2027, 3, 11), now=NOW) == 2

    assert balance(session, number) == 1_500_000
    assert [row["cents"] for row in lines(session, number) if row["rule"] == "pso_effect"] == [
        *(-750_000, 750_000, 0)
    ]


def test_bad_rows_are_named_and_a_pseudonym_must_name_nobody(
    session: Session, officer: Viewer
) -> None:
    coach = account_of(session, "coach", Right.COACH)
    create_candidate(session, coach, {"reference": "K-77", "region": "demo"}, now=NOW)
    brought_in(session, officer)
    head = CONTRIBUTIONS.splitlines()[0]
    rows = [
        "J-1;O-9;activity;;;;;;;;3;",
        "J-2;O-1;placement;K-77;p_wet;;;2026-05-01;;20;;",
        "J-3;O-1;placement;p-9;p_wt;;;2026-05-01;;20;;",
        "J-4;O-1;placement;p-9;p_wet;;;2026-05-01;;;;",
        "J-5;O-1;activity;;;;;;;;3;",
    ]

    report = import_contributions(session, officer, source("\n".join([head, *rows])), now=NOW)

    assert report.created == 1
    pseudonym = "use a pseudonym that names nobody"
    assert [str(problem) for problem in report.problems] == [
        "row 2, column contract: 'O-9' is no contract here; import contracts first",
        f"row 3, column person: is the reference of a candidate here; {pseudonym}",
        "row 4, column group: 'p_wt' is not a group of demo; nearest: p_wet",
        "row 5, column hours_week: is needed for placement; fill it in",
    ]


def test_a_contract_of_a_region_without_money_rules_is_refused_by_name(
    session: Session, officer: Viewer
) -> None:
    text = CONTRACTS.replace(";demo;", ";drechtsteden;")
    report = import_contracts(session, operator("drechtsteden"), source(text), now=NOW)

    assert (report.created, report.refused) == (0, 3)
    assert "drechtsteden: has no rule set of its own" in str(report.problems[0])
    values = {
        "reference": "O-8", "contractor": "Wegen", "kind": "works", "value_cents": 1,
        "start_on": date(2018, 1, 1), "end_on": date(2019, 1, 1), "tendered_on": date(2017, 1, 1),
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="has no value for tendered_on 2017-01-01"):
        create_contract(session, officer, values, on=ON, now=NOW)
    assert numbers(session) == {}


def test_only_officers_keep_accounts_and_a_firm_finds_only_its_own(
    session: Session, officer: Viewer
) -> None:
    found = brought_in(session, officer)
    record = get_contract(session, officer, found["O-1"])
    firm = replace(
        account_of(session, "firm", Right.CONTRACTOR), organisation_id=record.organisation_id
    )
    analyst = account_of(session, "analyst", Right.ANALYST)
    elsewhere = account_of(session, "far-officer", Right.OFFICER, region="haaglanden")

    assert len(list_accounts(session, analyst, ON)) == 3
    assert {v.record.contract.reference for v in list_accounts(session, firm, ON)} == {"O-1", "O-2"}
    assert page_of_contracts(session, elsewhere, cursor=None, limit=10).items == ()
    for viewer in (firm, elsewhere):
        with pytest.raises(NotFound):
            get_account(session, viewer, found["O-3"], ON)
    with pytest.raises(Forbidden):
        list_accounts(session, account_of(session, "coach", Right.COACH), ON)
    for viewer in (firm, analyst):
        with pytest.raises(Forbidden):
            post_account(session, viewer, found["O-1"], on=ON, now=NOW)
        with pytest.raises(Forbidden):
            import_contracts(session, viewer, source(CONTRACTS), now=NOW)
    with pytest.raises(NotFound):
        post_account(session, elsewhere, found["O-1"], on=ON, now=NOW)


def test_a_shortfall_is_settled_by_two_officers_after_the_cure_period(
    session: Session, officer: Viewer, second: Viewer
) -> None:
    number = brought_in(session, officer)["O-2"]
    soon = date(2027, 2, 28)
    with pytest.raises(Conflict, match="cure period"):
        decide(session, officer, number, "ask", "Niets gedaan", on=soon, now=NOW)
    view = get_account(session, officer, number, PAST_CURE)
    proposal = proposal_of(view)
    # 500,000 × 5 % - 2,500; the demo region asks it once
    assert proposal is not None
    assert (proposal.is_open, proposal.shortfall_cents, proposal.cents) == (
        *(True, 2_250_000, 2_250_000),
    )

    first = decide(session, officer, number, "ask", "Niets gedaan", on=PAST_CURE, now=NOW)

    assert (first.state, first.cents) == (SettlementVote.ASKED, 2_250_000)
    assert not may_confirm(officer, first)
    with pytest.raises(Forbidden):
        answer(session, officer, number, first.id, confirms=True, now=NOW)
    with pytest.raises(Conflict, match="waits"):
        decide(session, second, number, "excuse", "Toch", on=PAST_CURE, now=NOW)
    done = answer(session, second, number, first.id, confirms=True, now=NOW)
    assert (done.state, done.second_by) == (SettlementVote.CONFIRMED, second.account_id)
    with pytest.raises(Conflict, match="answered"):
        answer(session, second, number, first.id, confirms=False, now=NOW)
    with pytest.raises(Conflict, match="confirmed"):
        decide(session, officer, number, "ask", "Nog eens", on=PAST_CURE, now=NOW)


def test_a_refused_decision_makes_room_for_another(
    session: Session, officer: Viewer, second: Viewer
) -> None:
    number = brought_in(session, officer)["O-2"]
    first = decide(session, officer, number, "ask", "Niets gedaan", on=PAST_CURE, now=NOW)
    answer(session, second, number, first.id, confirms=False, now=NOW)

    excused = decide(session, second, number, "excuse", "Vier keer gevraagd", on=PAST_CURE, now=NOW)

    assert (excused.choice, excused.cents) == (SettlementChoice.EXCUSE, 0)
    assert may_confirm(officer, excused)
    view = get_account(session, officer, number, PAST_CURE)
    states = [one.state for one in book_of(session, officer, view).settlements]
    assert states == [SettlementVote.ASKED, SettlementVote.REFUSED]


def test_one_officer_cannot_be_both_by_any_road(session: Session, officer: Viewer) -> None:
    number = brought_in(session, officer)["O-2"]
    decide(session, officer, number, "ask", "Niets gedaan", on=PAST_CURE, now=NOW)

    with (
        whole_database(session, "trying to be two people"),
        pytest.raises(DBAPIError, match="two_people"),
        session.begin_nested(),
    ):
        session.connection().execute(text("UPDATE settlement_decision SET second_by = first_by"))


def test_what_a_firm_asked_for_is_the_proof_of_its_effort(
    session: Session, officer: Viewer
) -> None:
    number = brought_in(session, officer)["O-1"]
    record = get_contract(session, officer, number)
    firm = replace(
        account_of(session, "firm", Right.CONTRACTOR), organisation_id=record.organisation_id
    )
    asked: dict[str, Any] = {"name": "N", "phone": "0612345678", "work": "Bestraten"}
    file_call_request(session, firm, region="demo", **asked, people=1, wanted_when="later", now=NOW)

    found = efforts_of(session, officer, get_account(session, officer, number, ON))

    assert [(effort.kind, effort.on) for effort in found] == [("call", ON)]


def test_of_many_who_post_at_once_one_adds_the_lines(engine_alone: Engine) -> None:
    factory = session_factory(engine_alone)
    with factory() as session:
        officer = account_of(session, "officer", Right.OFFICER)
        held = CONTRACTS.replace("pso_level", "pso_level;pso_holder;pso_valid_until").replace(
            "2028-03-31;none", "2028-03-31;2;main;2027-03-10"
        )
        import_contracts(session, officer, source(held), now=NOW)
        number = numbers(session)["O-1"]
    start = threading.Barrier(12)
    added: list[int] = []

    def post() -> None:
        start.wait()
        with factory() as own:
            added.append(post_account(own, officer, number, on=date(2027, 4, 1), now=NOW))

    threads = [threading.Thread(target=post) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(added) == [0] * 11 + [2]
    with factory() as session:
        assert balance(session, number) == 1_500_000
