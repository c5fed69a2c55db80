"""Contracts and accounts over the API: the same numbers as the command line, merged for a firm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from matcher.cli import main
from matcher.domain.access import Right, operator
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.services.contract_imports import import_contributions
from tests.api.conftest import Caller, CallerOf
from tests.api.test_conventions import assert_problem
from tests.services.contracting import source

OF, A, K = Right.OFFICER, Right.ANALYST, Right.CONTRACTOR
NEW: dict[str, Any] = {
    "reference": "O-1",
    "contractor": "Firma",
    "kind": "works",
    "value_cents": 30_000_000,
    "tendered_on": "2026-02-01",
    "start_on": "2026-04-01",
    "end_on": "2028-03-31",
    "pso_level": "none",
}
DONE = [
    {"reference": "I-1", "contract": "O-1", "kind": "placement", "person": "p-1", "group": "p_wet",
     "start_on": "2026-05-01", "end_on": "2026-10-31", "hours_week": 18},
    {"reference": "I-2", "contract": "O-1", "kind": "activity", "start_on": "2026-06-01",
     "activity_hours": 12},
]  # fmt: skip
HEAD = "reference;contract;kind;person;group;start_on;end_on;hours_week;activity_hours"


def with_contributions(app: Flask) -> None:
    """What was done, brought in from a file."""
    columns = HEAD.split(";")
    rows = [";".join(str(row.get(name, "")) for name in columns) for row in DONE]
    with app.app_context():
        report = import_contributions(
            current_session(), operator("demo"), source("\n".join([HEAD, *rows])), now=now()
        )
    assert report.created == len(DONE)


def made(officer: Caller) -> dict[str, Any]:
    answer = officer.post("/contracts", NEW)
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def test_a_contract_is_made_listed_and_opened(caller_of: CallerOf) -> None:
    officer = caller_of(OF)
    one = made(officer)

    assert {name: one[name] for name in NEW} == NEW
    assert one["region"] == "demo"
    (listed,) = officer.get("/contracts").get_json()["items"]
    assert listed == one == officer.get(f"/contracts/{one['id']}").get_json()
    assert officer.get(f"/contracts/{one['id']}").headers["ETag"] == '"v1"'
    again = officer.post("/contracts", NEW)
    assert_problem(again, 409)


def test_the_account_gives_the_numbers_of_the_command_line(
    app: Flask, caller_of: CallerOf, tmp_path: Path
) -> None:
    officer = caller_of(OF)
    one = made(officer)
    with_contributions(app)
    paths = {"contract": [NEW], "contributions": DONE}
    given = []
    for name, rows in paths.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(rows), encoding="utf-8")
        given += [f"--{name}", str(path)]
    out = tmp_path / "out.json"
    arguments = [*given, "--rules", "demo", "--on", "2027-03-01", "--lang", "en", "--out", str(out)]
    result = CliRunner().invoke(main, ["obligation", *arguments])
    assert result.exit_code == 0, result.output
    (row,) = json.loads(out.read_text("utf-8"))

    account = officer.get(f"/contracts/{one['id']}/account?on=2027-03-01").get_json()

    lines = account.pop("lines")
    assert account == row
    # 30,000 × 18/36 × 6/12 and 12 × 100 of 300,000 × 5 %
    assert [(line["kind"], line["count"], line["cents"]) for line in lines] == [
        ("activity", 1, 120_000),
        ("placement", 1, 750_000),
    ]
    assert account["balance_cents"] == 1_500_000 - 870_000


def test_a_firm_sees_totals_of_its_own_contract_and_no_step(
    app: Flask, caller_of: CallerOf
) -> None:
    one = made(caller_of(OF))
    with_contributions(app)
    firm, rival = caller_of(K, firm="Firma"), caller_of(K, firm="Ander")

    account = firm.get(f"/contracts/{one['id']}/account?on=2027-03-01").get_json()

    assert not {"steps", "realised_cents"} & set(account)
    assert account["credited_cents"] == 870_000
    assert "p_wet" not in json.dumps(account)
    assert_problem(rival.get(f"/contracts/{one['id']}/account"), 404)
    assert rival.get("/contracts").get_json()["items"] == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"value_cents": 1.5}, "value_cents"),
        ({"value_cents": -1}, "value_cents"),
        ({"kind": "wroks"}, "kind"),
        ({"end_on": "2026-03-31"}, "end_on"),
        ({"tendered_on": "2019-12-31"}, "region"),
        ({"contractor": ""}, "contractor"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_a_contract_that_cannot_be_judged_is_refused_by_field(
    caller_of: CallerOf, change: dict[str, Any], where: str
) -> None:
    problem = assert_problem(caller_of(OF).post("/contracts", {**NEW, **change}), 400)

    assert where in json.dumps(problem["errors"])


def test_an_analyst_reads_and_does_not_write(caller_of: CallerOf) -> None:
    one = made(caller_of(OF))
    analyst = caller_of(A)

    assert (
        analyst.get(f"/contracts/{one['id']}/account").get_json()["obligation_cents"] == 1_500_000
    )
    assert_problem(analyst.post("/contracts", {**NEW, "reference": "O-2"}), 403)
