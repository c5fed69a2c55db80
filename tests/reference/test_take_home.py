"""What do I keep: a range from dated parameters, or the four questions and no number."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.paths import data_dir
from matcher.reference.take_home import Parameter, TakeHome, TakeHomeError, load_take_home

CONTENT = yaml.safe_load((data_dir() / "parameters" / "take-home.yaml").read_text("utf-8"))
SHARES = {
    "minimum_wage_hour_cents": (1471, 1471),
    "net_share_percent": (85, 95),
    "kept_from_creditors_percent": (70, 90),
    "allowance_loss_percent": (0, 20),
}


def known(**shares: tuple[int, int]) -> TakeHome:
    return TakeHome(
        on=date(2026, 3, 1),
        parameters={
            name: Parameter(name, low, high, date(2026, 1, 1), None, "made up for this test")
            for name, (low, high) in {**SHARES, **shares}.items()
        },
        missing={},
        questions=(),
    )


def test_the_minimum_wage_holds_for_the_half_year_of_its_decision_only() -> None:
    assert load_take_home(date(2025, 12, 31)).parameters == {}
    held = load_take_home(date(2026, 6, 30)).parameters["minimum_wage_hour_cents"]
    assert (held.low, held.high) == (1471, 1471)
    assert "2025-0000213859" in held.source
    assert "minimum_wage_hour_cents" in load_take_home(date(2026, 7, 1)).missing


def test_without_every_parameter_there_are_four_questions_and_no_number() -> None:
    take_home = load_take_home(date(2026, 11, 23))

    assert take_home.missing
    assert all(labels["nl"] and labels["en"] for labels in take_home.missing.values())
    assert len(take_home.questions) == 4
    assert all(
        q.text["nl"] and q.text["en"] and q.ask["nl"] and q.ask["en"] for q in take_home.questions
    )
    assert take_home.kept(32, 1500, creditors=False, allowance=False) is None


@pytest.mark.parametrize(
    ("creditors", "allowance", "low", "high"),
    [
        # 30 hours at 15.60 is 2028.00 a month gross.
        (False, False, 172_380, 192_660),
        (False, True, 137_904, 192_660),
        (True, False, 120_666, 173_394),
        (True, True, 96_533, 173_394),
    ],
)
def test_the_range_follows_from_the_shares(
    creditors: bool, allowance: bool, low: int, high: int
) -> None:
    kept = known().kept(30, 1560, creditors=creditors, allowance=allowance)

    assert kept is not None
    assert (kept.gross_cents, kept.low_cents, kept.high_cents) == (202_800, low, high)


@given(
    hours=st.integers(1, 40),
    wage=st.integers(500, 4000),
    creditors=st.booleans(),
    allowance=st.booleans(),
    net=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
    keeps=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
    loss=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
)
def test_low_is_never_over_high_and_help_never_shows_more_than_the_wage(
    hours: int,
    wage: int,
    creditors: bool,
    allowance: bool,
    net: list[int],
    keeps: list[int],
    loss: list[int],
) -> None:
    take_home = known(
        net_share_percent=(net[0], net[1]),
        kept_from_creditors_percent=(keeps[0], keeps[1]),
        allowance_loss_percent=(loss[0], loss[1]),
    )

    kept = take_home.kept(hours, wage, creditors=creditors, allowance=allowance)

    assert kept is not None
    assert 0 <= kept.low_cents <= kept.high_cents <= kept.gross_cents


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "luck_percent"}, "luck_percent is not one of"),
        ({"source": "hearsay"}, "hearsay"),
        ({"low": 1500}, "low must not be over high"),
        ({}, "two values"),
    ],
)
def test_a_parameter_that_cannot_be_trusted_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], complaint: str
) -> None:
    (tmp_path / "parameters").mkdir()
    rows = [*CONTENT["parameters"], {**CONTENT["parameters"][0], **change}]
    content = yaml.safe_dump({**CONTENT, "parameters": rows})
    (tmp_path / "parameters" / "take-home.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setenv("MATCHER_DATA_DIR", str(tmp_path))

    with pytest.raises(TakeHomeError, match=complaint):
        load_take_home(date(2026, 3, 1))
