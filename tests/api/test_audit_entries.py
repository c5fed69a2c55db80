"""``/audit-entries``: who may see which entries and which of their fields; searching is noted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from matcher.domain.access import Right
from matcher.http.db import engine_of
from matcher.models import AuditEntry
from matcher.models.database import session_factory
from matcher.repositories.scope import unscoped
from tests.api.conftest import Caller, CallerOf
from tests.api.test_candidates import filed


def items(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    answer = caller.get(f"/audit-entries{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


@pytest.fixture
def person(coach: Caller) -> int:
    number: int = filed(coach)["id"]
    assert coach.get(f"/candidates/{number}").status_code == 200
    return number


def test_an_officer_finds_who_opened_a_person_and_why(caller_of: CallerOf, person: int) -> None:
    found = items(caller_of(Right.OFFICER), f"?candidateId={person}&action=read")

    assert len(found) == 1
    assert found[0]["candidate_id"] == person
    assert (found[0]["right_used"], found[0]["purpose"]) == ("coach", "guidance")
    assert found[0]["account"].startswith("machine-")
    assert found[0]["at"] == "2027-03-01T08:30:00Z"


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("?right=coach&action=create", {"create"}),
        ("?right=coach&since=2027-03-01&until=2027-03-01", {"create", "read"}),
        ("?since=2027-03-02", set()),
        ("?right=coach&until=2027-02-28", set()),
        ("?accountId=987654321", set()),
    ],
)
def test_filters_narrow_what_is_found(
    caller_of: CallerOf, person: int, query: str, actions: set[str]
) -> None:
    assert {entry["action"] for entry in items(caller_of(Right.OFFICER), query)} == actions


def test_a_search_is_an_entry_itself(caller_of: CallerOf, person: int) -> None:
    officer = caller_of(Right.OFFICER)
    items(officer, f"?candidateId={person}")

    found = items(officer, "?action=list&right=officer")[0]
    assert (found["kind"], found["candidate_id"], found["right_used"]) == (
        "audit_entry", person, "officer",
    )  # fmt: skip


def test_pages_follow_each_other_without_a_gap_while_entries_come_in(
    caller_of: CallerOf, person: int
) -> None:
    officer = caller_of(Right.OFFICER)
    first = officer.get("/audit-entries?limit=2").get_json()
    second = officer.get(f"/audit-entries?limit=2&cursor={first['next_cursor']}").get_json()

    ids = [entry["id"] for entry in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == len(ids) >= 3


def test_another_region_finds_nothing_of_this_one(caller_of: CallerOf, person: int) -> None:
    far = caller_of(Right.OFFICER, region="haaglanden")

    assert items(far, f"?candidateId={person}") == []
    assert {entry["region"] for entry in items(far)} <= {"haaglanden"}


def test_an_administrator_sees_operations_and_nothing_about_a_person(
    caller_of: CallerOf, person: int
) -> None:
    found = items(caller_of(Right.ADMIN, region=None), "?limit=200")

    assert found
    assert all("candidate_id" not in entry and "query" not in entry for entry in found)
    assert {entry["kind"] for entry in found} <= {"account", "api_token", "organisation"}


def test_an_analyst_sees_no_names_of_accounts(caller_of: CallerOf, person: int) -> None:
    assert all("account" not in entry for entry in items(caller_of(Right.ANALYST)))


@pytest.mark.parametrize(
    "query",
    ["?action=peek", "?right=boss", "?since=yesterday", "?candidateId=x", "?cursor=!", "?name=Sam"],
)
def test_what_cannot_be_searched_for_is_refused(caller_of: CallerOf, query: str) -> None:
    assert caller_of(Right.OFFICER).get(f"/audit-entries{query}").status_code == 400


def test_an_answer_that_cannot_be_accounted_for_does_not_go_out(
    coach: Caller, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("matcher.repositories.recording.append", fail)

    answer = coach.get(f"/candidates/{person}")

    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "reference" not in answer.get_json()


def test_nothing_typed_in_a_search_reaches_the_log(coach: Caller, person: int) -> None:
    coach.get("/candidates?reference=Zeldzaamwoord")
    coach.get("/candidates")

    engine = engine_of(coach.client.application)
    with session_factory(engine)() as session:
        rows = session.scalars(unscoped(select(AuditEntry), AuditEntry)).all()
    assert any(row.kind == "candidate_list" for row in rows)
    assert not any("zeldzaam" in str(row.query).lower() for row in rows)
