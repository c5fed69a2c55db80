"""Whatever is asked, answered, ended, declared and taken back: the sums stay what is owed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import MatcherError
from matcher.domain.shares import OWN
from matcher.services.contract_imports import import_contracts
from matcher.services.contracts import get_account
from matcher.services.declarations import declarations_of, declare, end_declaration
from matcher.services.shares import (
    answer_share,
    ask_share,
    chain_of,
    declare_for_share,
    end_for_share,
    end_share,
)
from tests.services.conftest import account_of
from tests.services.contracting import CONTRACTS, NOW, ON, balance, lines, numbers, source
from tests.services.declaring import firm_of

which = st.integers(0, 5)
who = st.integers(0, 2)
acts = st.one_of(
    st.tuples(st.just("ask"), who, st.integers(1, 9_000)),
    st.tuples(st.just("answer"), which, st.booleans()),
    st.tuples(st.just("end share"), which, st.booleans()),
    st.tuples(st.just("declare"), which, st.integers(1, 500_000)),
    st.tuples(st.just("take back"), which, which),
    st.tuples(st.just("own"), which, st.integers(1, 500_000)),
    st.tuples(st.just("own back"), which, which),
)
turn = iter(range(1, 10_000))


class Firms:
    """One contract, its firm and three others, and what each kept of what it did."""

    def __init__(self, session: Session, tag: int) -> None:
        self.session = session
        self.officer = account_of(session, f"officer-{tag}", Right.OFFICER)
        read = CONTRACTS.replace("O-", f"T{tag}-").replace("Twee", f"Nr {tag}")
        import_contracts(
            session, self.officer, source(read.replace("20000000", "20000101")), now=NOW
        )
        self.number = numbers(session)[f"T{tag}-3"]
        self.giver = firm_of(session, self.officer, self.number, f"giver-{tag}")
        self.names = [f"Neem {tag} {letter}" for letter in "abc"]
        self.takers = [
            account_of(session, name, Right.CONTRACTOR, firm=name) for name in self.names
        ]
        self.done: list[tuple[int, int]] = []

    def shares(self) -> list[Any]:
        return list(self.chain().shares)

    def chain(self) -> Any:
        view = get_account(self.session, self.officer, self.number, ON)
        return chain_of(self.session, self.officer, view)

    def taker_of(self, share: Any) -> Viewer:
        return next(one for one in self.takers if one.organisation_id == share.organisation_id)

    def do(self, act: tuple[Any, ...]) -> None:
        """One act; what the state forbids is refused and changes nothing."""
        session, (name, at, more) = self.session, act
        if name == "ask":
            ask_share(
                session, self.giver, self.number, firm=self.names[at], part=more, on=ON, now=NOW
            )
            return
        values = {"kind": "purchase", "start_on": date(2026, 9, 1), "invoice_cents": more}
        if name == "own":
            declare(session, self.giver, self.number, values, now=NOW)
            return
        if name == "own back":
            found = declarations_of(session, self.giver, self.number)
            one = found[at % len(found)]
            end_declaration(session, self.giver, self.number, one.id, end_on=None, now=NOW)
            return
        if name == "take back":
            share_id, made = self.done[at % len(self.done)]
            share = next(one for one in self.shares() if one.id == share_id)
            end_for_share(session, self.taker_of(share), share_id, made, end_on=None, now=NOW)
            return
        found = self.shares()
        share = found[at % len(found)]
        taker = self.taker_of(share)
        if name == "answer":
            answer_share(
                session, taker, share.id, accepts=more, expected_version=share.version, now=NOW
            )
        elif name == "end share":
            ends = taker if more else self.giver
            end_share(session, ends, share.id, expected_version=share.version, now=NOW)
        else:
            made = declare_for_share(session, taker, share.id, values, now=NOW)
            self.done.append((share.id, made.id))


@given(st.lists(acts, max_size=14))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_passed_and_own_are_all_of_it_and_no_cent_is_lost(
    session: Session, todo: list[Any]
) -> None:
    firms = Firms(session, next(turn))
    book, ledger = (), lines(session, firms.number)
    for act in todo:
        with suppress(MatcherError, ZeroDivisionError):
            firms.do(act)
        chain = firms.chain()
        account = chain.view.account
        assert account is not None
        owed = account.obligation_cents
        assert sum(chain.cents.values()) == owed
        assert all(type(cents) is int and cents >= 0 for cents in chain.cents.values())
        accepted = session.execute(
            text(
                "SELECT id, part FROM contract_share"
                " WHERE contract_id = :number AND state = 'accepted'"
            ),
            {"number": firms.number},
        ).all()
        assert chain.own + sum(row.part for row in accepted) == 10_000
        for row in accepted:
            assert abs(chain.cents[row.id] * 10_000 - owed * row.part) < 10_000
        # What went over and came back sums, share by share, to what each has now.
        left = {OWN: owed}
        for one in chain.movements:
            assert sum(one.cents.values()) == 0
            for holder, cents in one.cents.items():
                left[holder] = left.get(holder, 0) + cents
        assert {holder: cents for holder, cents in left.items() if cents} == {
            holder: cents for holder, cents in chain.cents.items() if cents
        }
        assert len(chain.movements) >= len(book)
        book = chain.movements
        # The account stays one: the ledger is only added to and sums to the balance.
        posted = lines(session, firms.number)
        assert posted[: len(ledger)] == ledger
        ledger = posted
        assert balance(session, firms.number) == account.balance_cents
        counted = session.scalar(
            text(
                "SELECT coalesce(sum(invoice_cents), 0) FROM contribution"
                " WHERE contract_id = :number AND withdrawn_at IS NULL"
            ),
            {"number": firms.number},
        )
        assert owed - account.balance_cents == counted
