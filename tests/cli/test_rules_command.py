"""`matcher rules simulate`: the three numbers of a draft, and every fault of a bad one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.services.contracting import CONTRACTS
from tests.services.ruling import DEMO, HIGHER, PERCENT

Run = Callable[..., Result]


@pytest.fixture
def filled(run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An own migrated database with three contracts, found in the environment."""
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    (tmp_path / "contracts.csv").write_text(CONTRACTS, encoding="utf-8")
    result = run("import", "contracts", str(tmp_path / "contracts.csv"))
    assert result.exit_code == 0, result.stderr
    return tmp_path


def simulated(run: Run, folder: Path, text: str) -> Result:
    (folder / "draft.yaml").write_text(text, encoding="utf-8")
    draft = str(folder / "draft.yaml")
    return run("rules", "simulate", "--region", "demo", "--draft", draft, "--on", "2027-03-01")


def test_the_three_numbers_and_one_line_a_contract(run: Run, filled: Path) -> None:
    result = simulated(run, filled, DEMO.replace(PERCENT, HIGHER))

    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "accounts_changed;2",
        "largest_change_cents;300000",
        "total_change_cents;500000",
        "O-1;1500000;1800000;300000",
        "O-3;1000000;1200000;200000",
    ]


def test_every_fault_of_a_draft_is_named_and_nothing_is_reckoned(run: Run, filled: Path) -> None:
    bad = DEMO.replace(PERCENT, "percent: {works: 101, services: vijf, supplies: 2}")
    result = simulated(run, filled, bad)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "entries.obligation.value.percent.works" in result.stderr
    assert "entries.obligation.value.percent.services" in result.stderr
