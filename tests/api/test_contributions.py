"""Declaring over the API: counts at once, once a key, and for the firm of the contract alone."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.domain.access import Right
from tests.api.conftest import Caller, CallerOf
from tests.api.test_contracts import NEW
from tests.api.test_conventions import assert_problem

OF, A, K = Right.OFFICER, Right.ANALYST, Right.CONTRACTOR
PLACED: dict[str, Any] = {
    "reference": "I-1", "kind": "placement", "start_on": "2026-05-01", "end_on": "2026-10-31",
    "hours_week": 18,
}  # fmt: skip
PAID: dict[str, Any] = {
    "reference": "I-2", "kind": "purchase", "start_on": "2026-06-01", "invoice_cents": 123_456,
}  # fmt: skip


@pytest.fixture
def officer(caller_of: CallerOf) -> Caller:
    return caller_of(OF)


@pytest.fixture
def path(officer: Caller) -> str:
    """The contributions of a contract of 300,000 that owes 15,000."""
    return f"/contracts/{officer.post('/contracts', NEW).get_json()['id']}"


@pytest.fixture
def firm(caller_of: CallerOf, path: str) -> Caller:
    return caller_of(K, firm="Firma")


def balance(officer: Caller, path: str) -> int:
    found: int = officer.get(f"{path}/account?on=2027-03-01").get_json()["balance_cents"]
    return found


def test_a_declaration_counts_at_once_and_can_be_read_back(
    officer: Caller, firm: Caller, path: str
) -> None:
    answer = firm.post(f"{path}/contributions", PLACED)

    assert answer.status_code == 201
    one = answer.get_json()
    assert answer.headers["ETag"] == '"v1"'
    assert answer.headers["Location"].endswith(f"{path}/contributions/{one['id']}")
    assert {name: one[name] for name in PLACED} == PLACED
    assert not {"person", "group", "age", "permanent"} & set(one)
    assert one["check"]["ground"] == "first"
    assert one["check"]["state"] == "asked"
    # 15,000 less 30,000 × 18/36 × 6/12
    assert balance(officer, path) == 750_000
    assert firm.get(f"{path}/contributions/{one['id']}").get_json() == one
    unchanged = firm.get(f"{path}/contributions/{one['id']}", headers={"If-None-Match": '"v1"'})
    assert unchanged.status_code == 304
    seen = officer.get(f"{path}/contributions/{one['id']}").get_json()
    assert seen["person"] is None
    assert seen["check"]["seed"] == one["check"]["seed"]


def test_the_same_key_or_reference_twice_counts_once(
    officer: Caller, firm: Caller, path: str
) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = firm.post(f"{path}/contributions", PAID, headers=key)
    again = firm.post(f"{path}/contributions", PAID, headers=key)
    unkeyed = firm.post(f"{path}/contributions", PAID)

    assert first.get_json() == again.get_json() == unkeyed.get_json()
    assert_problem(
        firm.post(f"{path}/contributions", {**PAID, "invoice_cents": 5}, headers=key), 422
    )
    assert_problem(firm.post(f"{path}/contributions", {**PAID, "invoice_cents": 5}), 409)
    assert balance(officer, path) == 1_500_000 - 123_456


def test_a_placement_ends_and_a_declaration_is_taken_back(
    officer: Caller, firm: Caller, path: str
) -> None:
    one = firm.post(f"{path}/contributions", PLACED).get_json()["id"]
    ending = f"{path}/contributions/{one}/endings"

    ended = firm.post(ending, {"end_on": "2026-08-31"})

    assert (ended.status_code, ended.get_json()["end_on"]) == (201, "2026-08-31")
    # 30,000 × 18/36 × 4/12
    assert balance(officer, path) == 1_000_000
    gone = firm.post(ending)
    assert gone.get_json()["withdrawn_at"] == "2027-03-01T08:30:00Z"
    assert balance(officer, path) == 1_500_000
    assert_problem(firm.post(ending), 409)
    assert_problem(firm.post(ending, {"why": "x"}), 400)


def test_a_list_comes_in_pages_and_a_firm_reads_only_its_own(
    officer: Caller, firm: Caller, caller_of: CallerOf, path: str
) -> None:
    for number in range(5):
        firm.post(f"{path}/contributions", {**PAID, "reference": f"I-{number}"})

    seen, cursor = [], ""
    while cursor is not None:
        page = firm.get(f"{path}/contributions?limit=2{cursor}").get_json()
        seen += [one["reference"] for one in page["items"]]
        following = page["next_cursor"]
        cursor = None if following is None else f"&cursor={following}"
    assert seen == [f"I-{number}" for number in range(5)]
    assert len(officer.get(f"{path}/contributions").get_json()["items"]) == 5
    rival = caller_of(K, firm="Ander")
    assert_problem(rival.get(f"{path}/contributions"), 404)
    assert_problem(rival.post(f"{path}/contributions", PLACED), 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"kind": "lottery"}, 400),
        ({"group": "p_wet"}, 400),
        ({"person": "Jan Jansen"}, 400),
        ({"start_on": None}, 400),
        ({"hours_week": 61}, 400),
        ({"bsn": "111222333"}, 400),
        ({"reference": "111222333"}, 400),
    ],
)
def test_what_is_not_asked_or_cannot_be_is_refused(
    officer: Caller, firm: Caller, path: str, change: dict[str, Any], status: int
) -> None:
    assert_problem(firm.post(f"{path}/contributions", {**PLACED, **change}), status)
    assert officer.get(f"{path}/contributions").get_json()["items"] == []
    assert balance(officer, path) == 1_500_000
