"""Declaring, looking at it and correcting it where the database shows each viewer their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import NotFound
from matcher.models.database import make_engine, session_factory
from matcher.repositories.acting import Actor, act_as
from matcher.services.accounts import add_account
from matcher.services.contracts import get_account, get_contract
from matcher.services.contribution_checks import answer_verdict, give_verdict, to_look_at
from matcher.services.declarations import (
    declarations_of,
    declare,
    end_declaration,
    get_declaration,
)
from matcher.services.settlements import proof_of
from matcher.services.shares import (
    answer_share,
    ask_share,
    chain_of,
    declare_for_share,
    end_for_share,
    end_share,
    get_share,
    shares_taken,
)
from tests.services.contracting import NOW, ON, balance, brought_in
from tests.services.declaring import PAID, PLACED, seed_with

pytestmark = pytest.mark.postgres

As = Callable[[Viewer], Any]
NAMES = {
    "officer": Right.OFFICER,
    "second": Right.OFFICER,
    "firm": Right.CONTRACTOR,
    "rival": Right.CONTRACTOR,
    "lead": Right.LEAD,
}


@pytest.fixture
def at_work(app_role: str) -> Iterator[As]:
    engine = make_engine(app_role)

    @contextmanager
    def acting(viewer: Viewer) -> Iterator[Session]:
        with session_factory(engine)() as session:
            act_as(session, Actor(viewer, NOW))
            yield session

    yield acting
    engine.dispose()


@pytest.fixture
def world(owner_url: str) -> Iterator[tuple[dict[str, Viewer], int, Session]]:
    """Everybody at work, the number of a contract of the firm, and the whole database."""
    owner = make_engine(owner_url)
    with session_factory(owner)() as session:
        made = {
            name: add_account(
                session, name=name, password=None, rights=[right], region="demo", now=NOW,
                organisation=f"Firma {name}" if right is Right.CONTRACTOR else None,
            )
            for name, right in NAMES.items()
        }  # fmt: skip
        of = {
            name: Viewer(one.id, one.rights, one.region, one.organisation_id)
            for name, one in made.items()
        }
        found = brought_in(session, of["officer"])
        number = found["O-3"]
        for name, reference in (("firm", "O-3"), ("rival", "O-1")):
            record = get_contract(session, of["officer"], found[reference])
            of[name] = replace(of[name], organisation_id=record.organisation_id)
        session.commit()
        yield of, number, session
    owner.dispose()


def seen(session: Session, table: str) -> int:
    return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608  our tables


def test_the_whole_way_from_a_declaration_to_its_contra_entry(
    world: tuple[dict[str, Viewer], int, Session], at_work: As
) -> None:
    of, number, owner = world
    firm = of["firm"]
    with at_work(firm) as session:
        made = declare(session, firm, number, PLACED, now=NOW)
        paid = declare(session, firm, number, PAID, now=NOW, seed=seed_with(above=1_000))
        end_declaration(session, firm, number, paid.id, end_on=None, now=NOW)
        assert made.check is not None
        # What was posted for the firm is not shown to it.
        assert seen(session, "ledger_entry") == 0
        assert seen(session, "contribution_check") == 2
        assert proof_of(session, firm, number, ON).came.invited == 0
    owner.rollback()
    assert balance(owner, number) == 250_000
    with at_work(of["officer"]) as session:
        (waiting,) = to_look_at(session, of["officer"])
        give_verdict(
            session, of["officer"], made.check.id, "corrected", found={"hours_week": 12.0},
            why="Minder uren", expected_version=1, now=NOW,
        )  # fmt: skip
        assert waiting.id == made.id
    with at_work(of["second"]) as session:
        answer_verdict(
            session, of["second"], made.check.id, confirms=True, expected_version=2, now=NOW
        )
    owner.rollback()
    assert balance(owner, number) == 500_000
    with at_work(firm) as session:
        read = get_declaration(session, firm, number, made.id)
        assert read.hours_week == 12.0
        view = get_account(session, firm, number, ON)
        assert view.shown_balance_cents == 500_000


def test_a_rival_and_whoever_has_nothing_to_do_with_it_find_nothing(
    world: tuple[dict[str, Viewer], int, Session], at_work: As
) -> None:
    of, number, _owner = world
    with at_work(of["firm"]) as session:
        declare(session, of["firm"], number, PLACED, now=NOW)
    with at_work(of["rival"]) as session:
        assert seen(session, "contribution_check") == 0
        with pytest.raises(NotFound):
            declarations_of(session, of["rival"], number)
        with pytest.raises(NotFound):
            declare(session, of["rival"], number, PAID, now=NOW)
    with at_work(of["lead"]) as session:
        assert seen(session, "contribution_check") == 0
        assert seen(session, "contribution") == 0


def test_two_firms_share_a_contract_and_read_nothing_more_of_each_other(
    world: tuple[dict[str, Viewer], int, Session], at_work: As
) -> None:
    of, number, owner = world
    with at_work(of["firm"]) as session:
        asked = ask_share(session, of["firm"], number, firm="Wegen Een", part=2_500, on=ON, now=NOW)
        assert seen(session, "contract_share") == 1
    with at_work(of["rival"]) as session:
        (one,) = shares_taken(session, of["rival"])
        assert (one.id, one.contract, one.giver) == (asked.id, "O-3", "Groen Twee")
        answer_share(session, of["rival"], one.id, accepts=True, expected_version=1, now=NOW)
        made = declare_for_share(session, of["rival"], one.id, PLACED, now=NOW)
        assert get_share(session, of["rival"], one.id, on=ON).left_cents == 250_000 - 750_000
        with pytest.raises(NotFound):
            get_account(session, of["rival"], number, ON)
        assert seen(session, "ledger_entry") == 0
    owner.rollback()
    assert balance(owner, number) == 250_000
    with at_work(of["firm"]) as session:
        view = get_account(session, of["firm"], number, ON)
        assert chain_of(session, of["firm"], view).own == 7_500
        assert declarations_of(session, of["firm"], number) == []
    with at_work(of["officer"]) as session:
        view = get_account(session, of["officer"], number, ON)
        assert [each.taker for each in chain_of(session, of["officer"], view).shares] == [
            "Wegen Een"
        ]
        assert [each.id for each in declarations_of(session, of["officer"], number)] == [made.id]
    with at_work(of["rival"]) as session:
        end_for_share(session, of["rival"], asked.id, made.id, end_on=None, now=NOW)
        end_share(session, of["rival"], asked.id, expected_version=2, now=NOW)
    owner.rollback()
    assert balance(owner, number) == 1_000_000
    with at_work(of["lead"]) as session:
        assert seen(session, "contract_share") == 0
