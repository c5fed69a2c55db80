"""Looking at what was drawn: two officers against a firm, and a ledger that is never edited."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.drawing import CheckVerdict, Ground, SampleState
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import ContributionCheck
from matcher.repositories.declarations import DeclarationRecord
from matcher.repositories.scope import unscoped
from matcher.services.contracts import get_account
from matcher.services.contribution_checks import (
    answer_verdict,
    give_verdict,
    may_confirm,
    to_look_at,
)
from matcher.services.declaration_rows import declaration_shown
from matcher.services.declarations import asked_of, declare, end_declaration, get_declaration
from tests.services.conftest import account_of
from tests.services.contracting import NOW, ON, balance, brought_in, lines
from tests.services.declaring import PAID, PLACED, firm_of, seed_with

WHY = "Op het rooster stonden minder uren."


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def second(session: Session) -> Viewer:
    return account_of(session, "second-officer", Right.OFFICER)


@pytest.fixture
def number(session: Session, officer: Viewer) -> int:
    return brought_in(session, officer)["O-3"]


@pytest.fixture
def firm(session: Session, officer: Viewer, number: int) -> Viewer:
    return firm_of(session, officer, number)


@pytest.fixture
def made(session: Session, firm: Viewer, number: int) -> DeclarationRecord:
    """The first declaration of a firm, which is always drawn."""
    return declare(session, firm, number, PLACED, now=NOW)


def find(
    session: Session,
    officer: Viewer,
    one: DeclarationRecord,
    verdict: str,
    *,
    why: str | None = WHY,
    version: int = 1,
    **found: Any,
) -> int:
    """One officer's verdict about a declaration; the number of its check."""
    assert one.check is not None
    give_verdict(
        session, officer, one.check.id, verdict, found=found, why=why, expected_version=version,
        now=NOW,
    )  # fmt: skip
    return one.check.id


def confirm(
    session: Session, officer: Viewer, check_id: int, *, confirms: bool = True, version: int = 2
) -> None:
    answer_verdict(session, officer, check_id, confirms=confirms, expected_version=version, now=NOW)


def test_what_is_in_order_is_closed_by_one_officer_and_changes_no_euro(
    session: Session, officer: Viewer, firm: Viewer, number: int, made: DeclarationRecord
) -> None:
    ledger = lines(session, number)

    find(session, officer, made, "in_order", why=None)

    assert to_look_at(session, officer) == []
    assert lines(session, number) == ledger
    check = declaration_shown(get_declaration(session, firm, number, made.id), firm)["check"]
    assert (check["state"], check["verdict"]) == (SampleState.CLOSED, CheckVerdict.IN_ORDER)


def test_a_correction_takes_two_officers_then_a_contra_entry_and_a_new_line(
    session: Session,
    officer: Viewer,
    second: Viewer,
    firm: Viewer,
    number: int,
    made: DeclarationRecord,
) -> None:
    ledger = lines(session, number)

    check_id = find(session, officer, made, "corrected", hours_week=12.0)

    assert lines(session, number) == ledger
    waiting = to_look_at(session, second)[0]
    assert may_confirm(second, waiting)
    assert not may_confirm(officer, waiting)
    own = declaration_shown(get_declaration(session, firm, number, made.id), firm)
    assert own["hours_week"] == 18.0
    assert own["check"]["state"] is SampleState.ASKED
    assert [own["check"][name] for name in ("verdict", "why", "corrected", "decided_at")] == (
        [None] * 4
    )
    with pytest.raises(Forbidden):
        confirm(session, officer, check_id)
    with pytest.raises(Conflict, match="two officers"):
        end_declaration(session, firm, number, made.id, end_on=None, now=NOW)

    confirm(session, second, check_id)

    # 30,000 × 18/36 × 6/12 = 7,500 goes, 30,000 × 12/36 × 6/12 = 5,000 comes.
    assert lines(session, number) == [
        *ledger,
        {"rule": "building_blocks", "subject": "M-1", "cents": 750_000, "is_contra": True},
        {"rule": "building_blocks", "subject": "M-1", "cents": -500_000, "is_contra": False},
    ]
    view = get_account(session, officer, number, ON)
    assert view.account is not None
    assert balance(session, number) == view.account.balance_cents == 500_000
    own = declaration_shown(get_declaration(session, firm, number, made.id), firm)
    assert (own["hours_week"], own["check"]["verdict"], own["check"]["why"]) == (
        *(12.0, CheckVerdict.CORRECTED, WHY),
    )
    assert own["check"]["corrected"] == {"hours_week": [18.0, 12.0]}


def test_what_could_not_be_shown_leaves_by_a_contra_entry(
    session: Session, officer: Viewer, second: Viewer, number: int, made: DeclarationRecord
) -> None:
    before = balance(session, number)

    confirm(session, second, find(session, officer, made, "not_shown"))

    assert balance(session, number) == before + 750_000
    assert lines(session, number)[-1]["is_contra"]
    assert get_declaration(session, officer, number, made.id).withdrawn_at == NOW


def test_a_second_officer_who_disagrees_has_it_looked_at_again(
    session: Session, officer: Viewer, second: Viewer, number: int, made: DeclarationRecord
) -> None:
    ledger = lines(session, number)
    check_id = find(session, officer, made, "not_shown")

    confirm(session, second, check_id, confirms=False)

    assert lines(session, number) == ledger
    check = to_look_at(session, officer)[0].check
    assert check is not None
    assert (check.state, check.verdict, check.why, check.first_by) == (
        *(SampleState.ASKED, None, None, None),
    )
    find(session, second, made, "in_order", why=None, version=3)
    assert to_look_at(session, officer) == []


def test_a_correction_moves_days_and_amounts_too(
    session: Session, officer: Viewer, second: Viewer, firm: Viewer, number: int
) -> None:
    placed = declare(session, firm, number, PLACED, now=NOW)
    paid = declare(session, firm, number, PAID, now=NOW, seed=seed_with(below=1_000))

    confirm(session, second, find(session, officer, placed, "corrected", end_on=date(2026, 12, 31)))
    confirm(session, second, find(session, officer, paid, "corrected", invoice_cents=100_050))

    assert get_declaration(session, officer, number, placed.id).end_on == date(2026, 12, 31)
    # 10,000 less 30,000 × 18/36 × 4/12 less 1,000.50
    assert balance(session, number) == 1_000_000 - 500_000 - 100_050


@pytest.mark.parametrize(
    ("verdict", "why", "found", "complaint"),
    [
        ("corrected", WHY, {}, "says corrected; fill in"),
        ("corrected", WHY, {"hours_week": 18.0}, "says corrected; fill in"),
        ("corrected", WHY, {"invoice_cents": 5}, "invoice_cents: is not found otherwise here"),
        ("corrected", WHY, {"end_on": date(2026, 8, 1)}, "end_on: must not lie before the start"),
        ("corrected", None, {"hours_week": 12.0}, "why: is required"),
        ("not_shown", None, {}, "why: is required"),
        ("not_shown", "Zijn BSN is 123456782", {}, "why: "),
        ("withdrawn", WHY, {}, "verdict: is for the firm"),
        ("fine", WHY, {}, "verdict: must be one of"),
    ],
)
def test_a_verdict_that_says_too_little_is_refused_by_name(
    session: Session,
    officer: Viewer,
    number: int,
    made: DeclarationRecord,
    verdict: str,
    why: str | None,
    found: dict[str, Any],
    complaint: str,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        find(session, officer, made, verdict, why=why, **found)

    assert complaint in str(refused.value)
    assert [one.id for one in to_look_at(session, officer)] == [made.id]


def test_a_check_is_answered_once_and_by_officers_of_the_region(
    session: Session, officer: Viewer, second: Viewer, firm: Viewer, made: DeclarationRecord
) -> None:
    elsewhere = account_of(session, "far-officer", Right.OFFICER, region="haaglanden")
    assert to_look_at(session, elsewhere) == []
    with pytest.raises(NotFound):
        find(session, elsewhere, made, "in_order")
    for viewer in (firm, account_of(session, "analyst", Right.ANALYST)):
        with pytest.raises(Forbidden):
            to_look_at(session, viewer)
        with pytest.raises(Forbidden):
            find(session, viewer, made, "in_order")
        with pytest.raises(Forbidden):
            confirm(session, viewer, 1)
    with pytest.raises(Stale):
        find(session, officer, made, "in_order", version=7)
    check_id = find(session, officer, made, "not_shown")
    with pytest.raises(Conflict, match="answered"):
        find(session, second, made, "in_order", version=2)
    confirm(session, second, check_id)
    with pytest.raises(Conflict, match="answered"):
        confirm(session, second, check_id, version=3)


def test_a_good_record_asks_less_and_looks_half_as_often_until_it_is_lost(
    session: Session, officer: Viewer, second: Viewer, firm: Viewer, number: int
) -> None:
    def declared(turn: int, seed: str) -> DeclarationRecord:
        return declare(
            session, firm, number, {**PAID, "reference": f"M-{turn}"}, now=NOW, seed=seed
        )

    for turn in range(3):
        assert ground_of(declared(turn, seed_with(below=500))) is not Ground.LIGHT
        find(session, officer, to_look_at(session, officer)[0], "in_order", why=None)

    asked = asked_of(session, get_account(session, firm, number, ON))
    assert asked is not None
    assert asked.light
    assert all(len(asked.fields(kind)) <= 5 for kind in asked.kinds)
    once = declared(3, seed_with(above=500))
    assert once.check is not None
    assert (once.check.ground, once.check.rate) == (Ground.LIGHT, 500)

    # What one officer proposed already ends it, and a second one makes it stand.
    drawn = declared(4, seed_with(below=500))
    check_id = find(session, officer, drawn, "not_shown")
    assert ground_of(declared(5, seed_with(above=1_000))) is Ground.SAMPLE
    confirm(session, second, check_id, confirms=False)
    assert ground_of(declared(6, seed_with(above=1_000))) is Ground.LIGHT
    confirm(session, second, find(session, officer, drawn, "not_shown", version=3), version=4)
    assert ground_of(declared(7, seed_with(above=1_000))) is Ground.SAMPLE


def ground_of(one: DeclarationRecord) -> Ground:
    assert one.check is not None
    return one.check.ground


def test_what_was_drawn_can_be_recomputed_from_the_rows_alone(
    session: Session, officer: Viewer, firm: Viewer, number: int
) -> None:
    for turn in range(20):
        declare(session, firm, number, {**PAID, "reference": f"M-{turn}"}, now=NOW)

    rows = session.scalars(unscoped(select(ContributionCheck), ContributionCheck)).all()
    assert len(rows) == 20
    for row in rows:
        drawn = int(hashlib.sha256(row.seed.encode()).hexdigest(), 16) % 10_000
        assert drawn == row.number
        assert (row.state is SampleState.ASKED) == (drawn < row.rate)
    assert sorted({row.rate for row in rows}) == [1_000, 10_000]
