"""What a firm declares counts at once, and the ledger is only ever added to."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.drawing import Ground, SampleState, lot
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import ContributionCheck
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from matcher.services.candidates import create_candidate
from matcher.services.contract_imports import import_contributions
from matcher.services.contracts import get_account, post_account
from matcher.services.declaration_rows import declaration_shown
from matcher.services.declarations import (
    asked_of,
    declarations_of,
    declare,
    end_declaration,
    get_declaration,
    is_pseudonym,
)
from matcher.services.settlements import decide
from tests.services.conftest import account_of
from tests.services.contracting import (
    CONTRIBUTIONS,
    NOW,
    ON,
    balance,
    brought_in,
    lines,
    numbers,
    source,
)
from tests.services.declaring import PAID, PLACED, firm_of, seed_with

PAST_CURE = date(2027, 3, 2)


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def number(session: Session, officer: Viewer) -> int:
    """O-3, of which nothing was done yet: 200,000 × 5 % = 10,000."""
    return brought_in(session, officer)["O-3"]


@pytest.fixture
def firm(session: Session, officer: Viewer, number: int) -> Viewer:
    return firm_of(session, officer, number)


def test_a_declaration_counts_at_once_with_every_euro_to_its_sum(
    session: Session, officer: Viewer, firm: Viewer, number: int
) -> None:
    before = lines(session, number)

    made = declare(session, firm, number, PLACED, now=NOW)

    assert lines(session, number) == [
        *before,
        {"rule": "building_blocks", "subject": "M-1", "cents": -750_000, "is_contra": False},
    ]
    assert balance(session, number) == 1_000_000 - 750_000
    assert (made.declared_at, made.withdrawn_at) == (NOW, None)
    view = get_account(session, officer, number, ON)
    assert view.account is not None
    assert view.account.balance_cents == balance(session, number)
    assert post_account(session, officer, number, on=ON, now=NOW) == 0


def test_the_same_declaration_again_changes_nothing_and_another_one_is_refused(
    session: Session, firm: Viewer, number: int
) -> None:
    first = declare(session, firm, number, PLACED, now=NOW)
    ledger = lines(session, number)

    again = declare(session, firm, number, dict(PLACED), now=NOW)

    assert again == first
    assert lines(session, number) == ledger
    with pytest.raises(Conflict, match="of this reference"):
        declare(session, firm, number, {**PLACED, "hours_week": 20.0}, now=NOW)


def test_what_is_taken_back_leaves_by_a_contra_entry(
    session: Session, firm: Viewer, number: int
) -> None:
    before = balance(session, number)
    made = declare(session, firm, number, PLACED, now=NOW)
    ledger = lines(session, number)

    gone = end_declaration(session, firm, number, made.id, end_on=None, now=NOW)

    assert gone.withdrawn_at == NOW
    assert lines(session, number) == [
        *ledger,
        {"rule": "building_blocks", "subject": "M-1", "cents": 750_000, "is_contra": True},
    ]
    assert balance(session, number) == before
    with pytest.raises(Conflict, match="no more"):
        end_declaration(session, firm, number, made.id, end_on=None, now=NOW)


def test_a_placement_that_ended_counts_to_its_last_day(
    session: Session, firm: Viewer, number: int
) -> None:
    made = declare(session, firm, number, PLACED, now=NOW)

    ended = end_declaration(session, firm, number, made.id, end_on=date(2026, 12, 31), now=NOW)

    assert ended.end_on == date(2026, 12, 31)
    # 30,000 × 18/36 × 4/12
    assert [line["cents"] for line in lines(session, number)[-2:]] == [750_000, -500_000]
    for day, why in (
        (date(2026, 8, 1), "before the start"),
        (date(2027, 3, 2), "lie ahead"),
        (date(2027, 1, 15), "after the end"),
    ):
        with pytest.raises(InvalidInput, match=why):
            end_declaration(session, firm, number, made.id, end_on=day, now=NOW)
    paid = declare(session, firm, number, PAID, now=NOW)
    with pytest.raises(InvalidInput, match="for a placement"):
        end_declaration(session, firm, number, paid.id, end_on=date(2026, 12, 31), now=NOW)
    with pytest.raises(Stale):
        end_declaration(session, firm, number, paid.id, end_on=None, expected_version=9, now=NOW)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "lottery"}, "kind: must be one of placement, activity, purchase, training"),
        ({"start_on": None}, "start_on: is required"),
        ({"start_on": date(2027, 3, 2), "end_on": None}, "start_on: must not lie ahead"),
        ({"end_on": date(2026, 8, 31)}, "end_on: must not lie before the start"),
        ({"hours_week": None}, "hours_week: is needed for placement"),
        ({"hours_week": 0.0}, "hours_week: must be more than zero"),
        ({"hours_week": 61.0}, "hours_week"),
        ({"group": "p_wet"}, "group: is not asked here"),
        ({"age": 56}, "age: is not asked here"),
        ({"invoice_cents": 5}, "invoice_cents: is not asked here"),
        ({"person": "Jan Jansen"}, "person: must be a pseudonym"),
        ({"person": "123456782"}, "person: holds a citizen service number"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    session: Session, firm: Viewer, number: int, change: dict[str, Any], why: str
) -> None:
    before = lines(session, number)

    with pytest.raises(InvalidInput) as refused:
        declare(session, firm, number, {**PLACED, **change}, now=NOW)

    assert why in str(refused.value)
    assert lines(session, number) == before
    assert declarations_of(session, firm, number) == []


def test_a_pseudonym_is_no_name_no_number_and_no_candidate(
    session: Session, firm: Viewer, number: int
) -> None:
    assert all(map(is_pseudonym, ("P-1", "p-0712", "AB-12")))
    assert not any(map(is_pseudonym, ("P", "Jan-1", "P-12345", "-1", "P-", "P-1a", "é-1", "1-1")))
    coach = account_of(session, "coach", Right.COACH)
    create_candidate(session, coach, {"reference": "K-77", "region": "demo"}, now=NOW)

    with pytest.raises(InvalidInput, match="pseudonym"):
        declare(session, firm, number, {**PLACED, "person": "K-77"}, now=NOW)


def test_one_person_counts_once_for_the_same_months(
    session: Session, firm: Viewer, number: int
) -> None:
    own = {"person": "P-1", "permanent": True}
    declare(session, firm, number, {**PLACED, **own, "reference": "M-1"}, now=NOW)
    declare(session, firm, number, {**PLACED, **own, "reference": "M-2"}, now=NOW)

    bonuses = [one for one in lines(session, number) if one["rule"] == "bonuses.permanent"]
    assert [one["subject"] for one in bonuses] == ["M-1"]


def test_the_first_of_a_firm_is_always_drawn_and_the_draw_can_be_done_again(
    session: Session, firm: Viewer, number: int
) -> None:
    first = declare(session, firm, number, PLACED, now=NOW)
    drawn = seed_with(below=1_000)
    left = seed_with(above=1_000)
    second = declare(session, firm, number, PAID, now=NOW, seed=left)
    third = declare(session, firm, number, {**PAID, "reference": "M-3"}, now=NOW, seed=drawn)

    checks = [one.check for one in (first, second, third)]
    assert [one.ground for one in checks if one] == [Ground.FIRST, Ground.SAMPLE, Ground.SAMPLE]
    assert [one.state for one in checks if one] == [
        SampleState.ASKED,
        SampleState.SKIPPED,
        SampleState.ASKED,
    ]
    rows = session.scalars(unscoped(select(ContributionCheck), ContributionCheck)).all()
    assert len({row.seed for row in rows}) == 3
    for row in rows:
        assert row.number == lot(row.seed)
        assert (row.state is SampleState.ASKED) == (row.number < row.rate)
    # Ten working days after Monday 1 March 2027.
    assert {row.due_on for row in rows if row.due_on} == {date(2027, 3, 15)}


def test_a_first_declaration_that_was_taken_back_was_none(
    session: Session, firm: Viewer, number: int
) -> None:
    made = declare(session, firm, number, PLACED, now=NOW)
    end_declaration(session, firm, number, made.id, end_on=None, now=NOW)

    again = declare(session, firm, number, PAID, now=NOW, seed=seed_with(above=1_000))

    assert again.check is not None
    assert again.check.ground is Ground.FIRST


def test_a_firm_reads_its_own_declarations_and_of_no_draw_that_missed_it(
    session: Session, officer: Viewer, firm: Viewer, number: int
) -> None:
    text = f"{CONTRIBUTIONS.splitlines()[0]}\nJ-1;O-3;placement;p-9;ww;;;2026-05-01;;20;;\n"
    import_contributions(session, officer, source(text), now=NOW)
    made = declare(session, firm, number, {**PLACED, "person": "P-1"}, now=NOW)
    missed = declare(session, firm, number, PAID, now=NOW, seed=seed_with(above=1_000))

    own = declarations_of(session, firm, number)
    assert [one.reference for one in own] == ["M-2", "M-1"]
    shown = [declaration_shown(one, firm) for one in own]
    assert not {"person", "group", "age", "permanent"} & set().union(*shown)
    assert shown[0]["check"] is None
    assert shown[1]["check"]["due_on"] == date(2027, 3, 15)
    assert [one.reference for one in declarations_of(session, officer, number)] == [
        *("M-2", "M-1", "J-1"),
    ]
    theirs = next(one for one in declarations_of(session, officer, number) if not one.declared_at)
    with pytest.raises(NotFound):
        get_declaration(session, firm, number, theirs.id)
    with pytest.raises(NotFound):
        end_declaration(session, firm, number, theirs.id, end_on=None, now=NOW)
    assert declaration_shown(missed, officer)["check"]["number"] >= 1_000
    assert made.check is not None


def test_nobody_but_the_firm_declares_and_only_for_its_own_contract(
    session: Session, officer: Viewer, firm: Viewer, number: int
) -> None:
    other = numbers(session)["O-1"]
    made = declare(session, firm, number, PLACED, now=NOW)
    rival = firm_of(session, officer, other, "rival")

    for viewer in (officer, account_of(session, "analyst", Right.ANALYST)):
        with pytest.raises(Forbidden):
            declare(session, viewer, number, PAID, now=NOW)
        with pytest.raises(Forbidden):
            end_declaration(session, viewer, number, made.id, end_on=None, now=NOW)
    with pytest.raises(Forbidden):
        declarations_of(session, account_of(session, "researcher", Right.ANALYST), number)
    for act in (
        lambda: declare(session, rival, number, PAID, now=NOW),
        lambda: declarations_of(session, rival, number),
        lambda: get_declaration(session, rival, other, made.id),
        lambda: end_declaration(session, rival, number, made.id, end_on=None, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_nothing_is_declared_while_the_account_is_settled(
    session: Session, officer: Viewer
) -> None:
    number = brought_in(session, officer)["O-2"]
    firm = firm_of(session, officer, number)
    # O-2 ended on 30 November; the time to make up for it was over 90 days later, in February.
    made = declare(session, firm, number, PAID, now=NOW.replace(month=2, day=20))
    with pytest.raises(Conflict, match="settled"):
        declare(session, firm, number, {**PAID, "reference": "M-9"}, now=NOW)
    decide(session, officer, number, "ask", "Niets gedaan", on=PAST_CURE, now=NOW)

    with pytest.raises(Conflict, match="settled"):
        end_declaration(session, firm, number, made.id, end_on=None, now=NOW)


def test_what_a_firm_is_asked_follows_from_the_rules_of_its_contract(
    session: Session, firm: Viewer, number: int
) -> None:
    asked = asked_of(session, get_account(session, firm, number, ON))

    assert asked is not None
    assert asked.kinds == ("placement", "activity", "purchase", "training")
    assert asked.groups == ()
    assert asked.fields("placement") == ("start_on", "hours_week", "end_on", "person", "permanent")
    assert not asked.light


def _sent(session: Session, firm: Viewer, number: int) -> int:
    """Declares, and again as a firm would where the one writer of SQLite was busy for too long."""
    while True:
        try:
            return declare(session, replace(firm), number, PLACED, now=NOW).id
        except OperationalError as error:
            if "locked" not in str(error):
                raise


def test_of_a_hundred_who_send_the_same_at_once_one_counts(engine_alone: Engine) -> None:
    factory = session_factory(engine_alone)
    with factory() as session:
        officer = account_of(session, "officer", Right.OFFICER)
        number = brought_in(session, officer)["O-3"]
        firm = firm_of(session, officer, number)
    made: list[int] = []
    start = threading.Barrier(10)

    def send() -> None:
        start.wait()
        for _turn in range(10):
            with factory() as own:
                made.append(_sent(own, firm, number))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 100
    assert len(set(made)) == 1
    with factory() as session:
        assert balance(session, number) == 250_000
        subjects = [line["subject"] for line in lines(session, number)]
        assert subjects.count("M-1") == 1
        assert (
            len(session.scalars(unscoped(select(ContributionCheck), ContributionCheck)).all()) == 1
        )
