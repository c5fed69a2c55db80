"""Whatever is declared, taken back, ended, found and decided, in any order: the ledger adds up."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import MatcherError
from matcher.domain.postings import euros
from matcher.services.contract_imports import import_contracts
from matcher.services.contracts import get_account, post_account
from matcher.services.contribution_checks import answer_verdict, give_verdict, to_look_at
from matcher.services.declarations import declarations_of, declare, end_declaration
from tests.services.conftest import account_of
from tests.services.contracting import CONTRACTS, NOW, ON, balance, lines, numbers, source
from tests.services.declaring import firm_of

FIRST = date(2026, 4, 1)
days = st.integers(0, 330).map(lambda more: FIRST + timedelta(days=more))
hours = st.integers(1, 240).map(lambda quarters: quarters / 4)
cents = st.integers(1, 5_000_000)
which = st.integers(0, 7)
acts = st.one_of(
    st.tuples(st.just("place"), which, days, hours, st.booleans(), st.integers(1, 2)),
    st.tuples(st.just("pay"), which, days, cents),
    st.tuples(st.just("act"), which, days, hours),
    st.tuples(st.just("take back"), which),
    st.tuples(st.just("end"), which, days),
    st.tuples(st.just("in order"), which),
    st.tuples(st.just("not shown"), which),
    st.tuples(st.just("corrected"), which, hours, cents),
    st.tuples(st.just("confirm"), which, st.booleans()),
)
turn = iter(range(1, 10_000))


def do(
    session: Session, firm: Viewer, officers: tuple[Viewer, Viewer], number: int, act: Any
) -> None:
    """One act; what the state forbids is refused and changes nothing."""
    name, at, *rest = act
    if name in ("place", "pay", "act"):
        values: dict[str, Any] = {"reference": f"M-{'abcdefgh'[at]}", "start_on": rest[0]}
        if name == "place":
            _on, week, permanent, who = rest
            values |= {"kind": "placement", "hours_week": week, "permanent": permanent}
            values["person"] = f"P-{who}"
        elif name == "pay":
            values |= {"kind": "purchase", "invoice_cents": rest[1]}
        else:
            values |= {"kind": "activity", "activity_hours": rest[1]}
        declare(session, firm, number, values, now=NOW)
        return
    found = declarations_of(session, firm, number)
    if name in ("take back", "end"):
        one = found[at % len(found)]
        end_on = rest[0] if rest else None
        end_declaration(session, firm, number, one.id, end_on=end_on, now=NOW)
        return
    waiting = [one for one in to_look_at(session, officers[0]) if one.contract_id == number]
    one = waiting[at % len(waiting)]
    assert one.check is not None
    if name == "confirm":
        answer_verdict(
            session, officers[1], one.check.id, confirms=rest[0],
            expected_version=one.check.version, now=NOW,
        )  # fmt: skip
        return
    otherwise = {}
    if name == "corrected":
        key = {"placement": "hours_week", "activity": "activity_hours"}.get(one.kind)
        otherwise = {key: rest[0]} if key else {"invoice_cents": rest[1]}
    give_verdict(
        session, officers[0], one.check.id, name.replace(" ", "_"), found=otherwise, why="Zo",
        expected_version=one.check.version, now=NOW,
    )  # fmt: skip


@given(st.lists(acts, max_size=14))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_ledger_is_only_added_to_and_sums_to_the_balance(
    session: Session, todo: list[Any]
) -> None:
    tag = next(turn)
    firm, officers, number = contracted(session, tag)
    before = lines(session, number)
    for act in todo:
        with suppress(MatcherError, ZeroDivisionError):
            do(session, firm, officers, number, act)
        ledger = lines(session, number)
        assert ledger[: len(before)] == before
        assert all(type(line["cents"]) is int for line in ledger)
        before = ledger
        view = get_account(session, officers[0], number, ON)
        assert view.account is not None
        assert balance(session, number) == view.account.balance_cents
        assert post_account(session, officers[0], number, on=ON, now=NOW) == 0
        # Each sum says the cents that it was rounded to, once.
        for step in view.account.steps:
            if step.reason is None:
                assert step.arithmetic.endswith(euros(step.cents)) or step.cents <= 0


def contracted(session: Session, tag: int) -> tuple[Viewer, tuple[Viewer, Viewer], int]:
    """A contract of its own for one example, with its firm and two officers."""
    first = account_of(session, f"officer-{tag}", Right.OFFICER)
    second = account_of(session, f"second-{tag}", Right.OFFICER)
    text = CONTRACTS.replace("O-", f"T{tag}-").replace("Twee", f"Nr {tag}")
    import_contracts(session, first, source(text), now=NOW)
    number = numbers(session)[f"T{tag}-3"]
    return firm_of(session, first, number, f"firm-{tag}"), (first, second), number
