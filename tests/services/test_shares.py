"""Passing part of a contract: with the other firm's yes, always 100 %, and one account."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.domain.shares import ShareState
from matcher.models import ContractShare, Organisation
from matcher.models.database import session_factory
from matcher.repositories.shares import ShareRecord
from matcher.services.contracts import get_account
from matcher.services.declarations import declarations_of, declare, end_declaration
from matcher.services.shares import (
    OWN,
    answer_share,
    ask_share,
    chain_of,
    declare_for_share,
    end_for_share,
    end_share,
    get_share,
    offer_of,
    shares_taken,
)
from tests.services.at_once import at_once
from tests.services.conftest import account_of
from tests.services.contracting import NOW, ON, balance, brought_in, lines, numbers
from tests.services.declaring import PAID, PLACED, firm_of


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def number(session: Session, officer: Viewer) -> int:
    """O-3 of Groen Twee: 200,000 × 5 % = 10,000."""
    return brought_in(session, officer)["O-3"]


@pytest.fixture
def giver(session: Session, officer: Viewer, number: int) -> Viewer:
    return firm_of(session, officer, number, "giver")


@pytest.fixture
def taker(session: Session, officer: Viewer, number: int) -> Viewer:
    """Wegen Een, which has contracts of its own."""
    return firm_of(session, officer, numbers(session)["O-1"], "taker")


def asked(
    session: Session, giver: Viewer, number: int, part: int = 2_500, **change: Any
) -> ShareRecord:
    given = {"firm": "wegen een", "part": part, **change}
    return ask_share(session, giver, number, **given, on=ON, now=NOW)


def taken(
    session: Session, giver: Viewer, taker: Viewer, number: int, part: int = 2_500
) -> ShareRecord:
    one = asked(session, giver, number, part)
    answer_share(session, taker, one.id, accepts=True, expected_version=1, now=NOW)
    return one


def parts(session: Session, viewer: Viewer, number: int) -> list[int]:
    chain = chain_of(session, viewer, get_account(session, viewer, number, ON))
    cents = list(chain.cents.values())
    assert sum(cents) == 1_000_000
    passed = [one.part for one in chain.shares if one.state is ShareState.ACCEPTED]
    assert chain.own + sum(passed) == 10_000
    assert chain.cents[OWN] == cents[0]
    return cents


def test_a_share_counts_from_the_yes_to_the_end_and_is_always_all_of_it(
    session: Session, officer: Viewer, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = asked(session, giver, number)
    assert parts(session, giver, number) == [1_000_000]
    assert offer_of(session, taker, one.id, on=ON).cents == 250_000
    with pytest.raises(NotFound):
        offer_of(session, giver, one.id, on=ON)
    answer_share(session, taker, one.id, accepts=True, expected_version=1, now=NOW)
    assert parts(session, giver, number) == parts(session, officer, number) == [750_000, 250_000]
    assert get_share(session, taker, one.id, on=ON).cents == 250_000
    end_share(session, giver, one.id, expected_version=2, now=NOW)
    assert parts(session, giver, number) == [1_000_000]
    assert get_share(session, taker, one.id, on=ON).cents == 0
    again = asked(session, giver, number)
    assert [each.id for each in shares_taken(session, taker)] == [again.id, one.id]
    book = chain_of(session, giver, get_account(session, giver, number, ON)).movements
    assert [(each.is_contra, each.cents) for each in book] == [
        (False, {OWN: -250_000, one.id: 250_000}),
        (True, {OWN: 250_000, one.id: -250_000}),
    ]


def test_what_the_other_firm_does_counts_on_its_share_and_on_the_one_account(
    session: Session, officer: Viewer, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = taken(session, giver, taker, number)

    made = declare_for_share(session, taker, one.id, PAID, now=NOW)

    found = get_share(session, taker, one.id, on=ON)
    assert found.left_cents == 250_000 - 123_450
    assert [each.id for each in found.done] == [made.id]
    assert balance(session, number) == 1_000_000 - 123_450
    view = get_account(session, officer, number, ON)
    assert view.account is not None
    assert view.account.balance_cents == balance(session, number)
    assert [each.id for each in declarations_of(session, officer, number)] == [made.id]
    # What another firm declared is not the giver's to read or to take back.
    assert declarations_of(session, giver, number) == []
    with pytest.raises(NotFound):
        end_declaration(session, giver, number, made.id, end_on=None, now=NOW)
    end_share(session, taker, one.id, expected_version=2, now=NOW)
    assert balance(session, number) == 1_000_000 - 123_450
    with pytest.raises(Conflict):
        declare_for_share(session, taker, one.id, {**PAID, "reference": "M-9"}, now=NOW)
    # Whose it was may still take it back, and reads what came of it.
    end_for_share(session, taker, one.id, made.id, end_on=None, now=NOW)
    assert balance(session, number) == 1_000_000
    assert lines(session, number)[-1]["is_contra"]
    with pytest.raises(NotFound):
        end_for_share(session, giver, one.id, made.id, end_on=None, now=NOW)


def test_people_of_two_firms_with_one_pseudonym_are_two_people(
    session: Session, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = taken(session, giver, taker, number)
    own = {"person": "P-1", "permanent": True}
    declare(session, giver, number, {**PLACED, **own}, now=NOW)
    declare_for_share(session, taker, one.id, {**PLACED, **own, "reference": "M-7"}, now=NOW)
    declare_for_share(session, taker, one.id, {**PLACED, **own, "reference": "M-7"}, now=NOW)

    bonuses = [line["subject"] for line in lines(session, number) if "bonus" in line["rule"]]
    assert bonuses == ["M-1", "M-7"]
    with pytest.raises(Conflict):
        declare(session, giver, number, {**PLACED, **own, "reference": "M-7"}, now=NOW)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"firm": "Nergens"}, "firm: is not known in this region"),
        ({"firm": None}, "firm: is not known in this region"),
        ({"firm": "Groen Twee"}, "firm: is your own"),
        ({"part": 0}, "percent: must be more than 0 and at most 80"),
        ({"part": None}, "percent: must be more than 0"),
        ({"part": 8_001}, "percent: must be more than 0 and at most 80"),
    ],
)
def test_what_cannot_be_passed_is_refused_by_name(
    session: Session, giver: Viewer, number: int, change: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(session, giver, number, **change)

    assert why in str(refused.value)


def test_only_the_two_firms_and_who_rules_on_it_have_a_say(
    session: Session, officer: Viewer, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = asked(session, giver, number)
    stranger = account_of(session, "stranger", Right.CONTRACTOR, firm="Derde")
    with pytest.raises(Forbidden):
        answer_share(session, giver, one.id, accepts=True, expected_version=1, now=NOW)
    for viewer in (stranger,):
        with pytest.raises(NotFound):
            answer_share(session, viewer, one.id, accepts=True, expected_version=1, now=NOW)
        with pytest.raises(NotFound):
            end_share(session, viewer, one.id, expected_version=1, now=NOW)
        with pytest.raises(NotFound):
            asked(session, viewer, number)
    with pytest.raises(Forbidden):
        ask_share(session, officer, number, firm="Wegen Een", part=1, on=ON, now=NOW)
    with pytest.raises(Stale):
        answer_share(session, taker, one.id, accepts=True, expected_version=9, now=NOW)
    with pytest.raises(Conflict, match="asked already"):
        asked(session, giver, number)
    answer_share(session, taker, one.id, accepts=False, expected_version=1, now=NOW)
    assert shares_taken(session, taker) == []
    with pytest.raises(Conflict, match="already"):
        answer_share(session, taker, one.id, accepts=True, expected_version=2, now=NOW)
    # The taker still does not find the contract itself.
    with pytest.raises(NotFound):
        get_account(session, taker, number, ON)


def test_of_others_a_firm_reads_one_amount_and_nothing_about_people(
    session: Session, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = taken(session, giver, taker, number)
    declare(session, giver, number, PAID, now=NOW)
    declare_for_share(session, taker, one.id, {**PLACED, "person": "P-1"}, now=NOW)

    shown = get_account(session, giver, number, ON).shown
    assert shown is not None
    assert [line.kind for line in shown.lines] == ["purchase"]
    assert shown.others_cents == 750_000
    assert shown.credited_cents == 750_000 + 123_450
    own = get_share(session, taker, one.id, on=ON)
    assert own.shown is not None
    assert [line.kind for line in own.shown.lines] == ["placement"]
    assert own.shown.others_cents == 0
    assert own.left_cents == 250_000 - 750_000


def test_nothing_is_passed_of_a_contract_that_is_being_settled(
    session: Session, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = asked(session, giver, number)
    late = NOW.replace(year=2029)
    with pytest.raises(Conflict, match="settled"):
        answer_share(session, taker, one.id, accepts=True, expected_version=1, now=late)
    with pytest.raises(Conflict, match="nothing"):
        ask_share(session, giver, number, firm="Wegen Een", part=1, on=late.date(), now=late)


def test_the_database_itself_passes_no_more_than_all_of_it(
    session: Session, giver: Viewer, taker: Viewer, number: int
) -> None:
    one = taken(session, giver, taker, number)
    beside = Organisation(name="Derde", region="demo", created_at=NOW, updated_at=NOW)
    session.add(beside)
    session.flush()
    more = {name: getattr(one, name) for name in ("region", "contract_id", "giver_id")}
    too_much = ContractShare(
        **more, organisation_id=beside.id, part=7_501, state=ShareState.ASKED, asked_at=NOW,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    inside = session.begin_nested()
    session.add(too_much)
    with pytest.raises(DatabaseError, match="more than all"):
        session.flush()
    inside.rollback()


def test_of_many_who_pass_at_once_no_more_goes_than_there_is(engine_alone: Engine) -> None:
    factory = session_factory(engine_alone)
    with factory() as session:
        officer = account_of(session, "officer", Right.OFFICER)
        number = brought_in(session, officer)["O-3"]
        giver = firm_of(session, officer, number, "giver")
        names = [f"Firma {turn}" for turn in range(8)]
        for name in names:
            account_of(session, name, Right.CONTRACTOR, firm=name)

    outcomes = at_once(
        engine_alone,
        [lambda own, name=name: asked(own, giver, number, 3_000, firm=name) for name in names],
    )

    # 30 + 30 is within 80, a third 30 is not.
    assert outcomes == {"done": 2, "InvalidInput": 6}


def test_a_hundred_who_say_yes_at_once_take_it_once(engine_alone: Engine) -> None:
    factory = session_factory(engine_alone)
    with factory() as session:
        officer = account_of(session, "officer", Right.OFFICER)
        found = brought_in(session, officer)
        giver = firm_of(session, officer, found["O-3"], "giver")
        taker = firm_of(session, officer, found["O-1"], "taker")
        one = asked(session, giver, found["O-3"])

    def answer(own: Session) -> object:
        return answer_share(own, taker, one.id, accepts=True, expected_version=1, now=NOW)

    outcomes = at_once(engine_alone, [answer] * 100)

    assert outcomes.pop("done") == 1
    assert outcomes.total() == 99
    assert set(outcomes) <= {"Conflict", "Stale"}
    with factory() as session:
        assert parts(session, officer, found["O-3"]) == [750_000, 250_000]
