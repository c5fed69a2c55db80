"""Drift and calibration by month, counted again from the rows; and the outcomes to learn from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.drift import stability_index
from matcher.files.writing import table_bytes
from matcher.models import Prediction
from matcher.models.states import ClosingCode
from matcher.reference.artefact_terms import load_artefact_terms
from matcher.reference.paths import data_dir
from matcher.repositories.scope import unscoped
from matcher.services import artefacts, outcomes, own_outcomes
from matcher.services.artefact_watch import alerts_of, held_of, watch
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import create_candidate
from matcher.services.intake_outcomes import IntakeOutcome
from matcher.services.offered import NEVER_OFFERED, OFFERED
from matcher.services.own_outcomes import export_outcomes, started_and_works
from matcher.services.placing import record_placement
from tests.services.conftest import TODAY, account_of
from tests.services.learned import SPREADS, in_shadow

TERMS = load_artefact_terms(TODAY)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


def predicted_for(session: Session, coach: Viewer, now: datetime, count: int) -> list[int]:
    """People who were assessed, each with a rhythm that was rare when it was learned."""
    made = []
    for number in range(count):
        values = {"reference": f"K-{number}", "rhythm": number % 2, "sectors": ("F42",)}
        made.append(create_candidate(session, coach, values, now=now).id)
        assess_candidate(session, coach, made[-1], on=TODAY, now=now)
    return made


def test_drift_is_counted_by_month_from_the_first_prediction_of_each(
    session: Session, coach: Viewer, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = in_shadow(session, folder, now)
    people = predicted_for(session, coach, now, 12)
    assess_candidate(session, coach, people[0], on=TODAY + timedelta(days=2), now=now)
    viewer = account_of(session, "analyst", Right.ANALYST)

    assert watch(session, "demo", on=TODAY, now=now) == 1
    (month,) = artefacts.months_of(session, viewer, made.id)
    assert (month.month, month.people) == (date(2027, 3, 1), 12)
    assert set(month.drift.values()) == {None}, "fewer people than are judged on"
    assert alerts_of([month], TERMS) == []

    monkeypatch.setattr(
        "matcher.services.artefact_watch.load_artefact_terms",
        lambda on: __import__("dataclasses").replace(TERMS, least_people=10),
    )
    watch(session, "demo", on=TODAY, now=now)
    (month,) = artefacts.months_of(session, viewer, made.id)
    rows = session.scalars(unscoped(select(Prediction), Prediction)).all()
    first = {row.candidate_id: row for row in sorted(rows, key=lambda row: -row.id)}
    for name, spread in SPREADS.items():
        values = [row.answers[name] for row in first.values()]
        counts = [
            sum(spread.band(value) == band for value in values) for band in range(spread.bands)
        ]
        assert month.drift[name] == stability_index(spread, counts)
    assert Counter(alert.kind for alert in alerts_of([month], TERMS))["shift"] >= 1


def test_calibration_is_what_happened_beside_what_was_said(
    session: Session, coach: Viewer, folder: Path, now: datetime
) -> None:
    made = in_shadow(session, folder, now)
    people = predicted_for(session, coach, now, 36)
    start = TODAY + timedelta(days=10)
    later = datetime(2028, 4, 1, 8, tzinfo=UTC)
    for number, person in enumerate(people):
        if number % 3 == 0:
            days: dict[str, Any] = {"starts_on": start}
            placement = record_placement(session, coach, person, days, without="own_found", now=now)
            if number % 2 == 0:
                at = datetime(2028, 3, 12, 8, tzinfo=UTC)
                outcomes.answer(session, coach, placement.id, 12, "same_job", now=at)

    watch(session, "demo", on=later.date(), now=later)
    viewer = account_of(session, "analyst", Right.ANALYST)
    (month,) = artefacts.months_of(session, viewer, made.id)
    rows = session.scalars(unscoped(select(Prediction), Prediction)).all()
    silent = {people[number] for number in range(3, 36, 6)}
    said = [
        round(row.result["probability"] * 1e6) for row in rows if row.candidate_id not in silent
    ]
    assert month.calibration == {
        "known": 30, "unknown": 6, "happened": 6, "predicted": sum(said),
    }  # fmt: skip
    held = held_of(month, TERMS)
    assert held is not None
    assert held.happened == 2000
    assert held.low is not None
    assert held.high is not None
    assert (held.low, held.happened, held.high) == tuple(sorted((held.low, 2000, held.high)))
    assert held.misses == (not held.low <= (held.said or 0) <= held.high)


# --- the table to learn from --------------------------------------------------------------------


def intake(**changes: Any) -> IntakeOutcome:
    values: dict[str, Any] = {
        "candidate_id": 1, "reference": "K", "region": "demo", "intake_on": date(2026, 1, 5),
        "profile": {}, "lane": "ready_now", "start_level": 0, "rules_slug": "demo",
        "rules_version": "1", "placed_on": None, "works": {3: None, 6: None, 12: None},
        "closed_on": None, "closed_code": None,
    }  # fmt: skip
    return IntakeOutcome(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "on", "expected"),
    [
        ({}, date(2026, 12, 1), None),
        ({}, date(2027, 1, 5), False),
        ({"placed_on": date(2026, 3, 1)}, date(2027, 6, 1), None),
        ({"placed_on": date(2026, 3, 1), "works": {12: True}}, date(2027, 6, 1), True),
        ({"placed_on": date(2026, 3, 1), "works": {12: False}}, date(2027, 6, 1), False),
        ({"placed_on": date(2027, 2, 1), "works": {12: True}}, date(2028, 6, 1), False),
        (
            {"closed_on": date(2026, 4, 1), "closed_code": ClosingCode.MOVED},
            date(2027, 6, 1),
            None,
        ),
        ({"closed_on": date(2027, 4, 1)}, date(2027, 6, 1), False),
    ],
)
def test_unknown_stays_unknown_until_it_can_be_known(
    changes: dict[str, Any], on: date, expected: bool | None
) -> None:
    assert started_and_works(intake(**changes), 12, within_months=12, on=on) is expected


def test_the_table_holds_no_name_no_money_no_place_and_the_same_pseudonym_each_time(
    session: Session, coach: Viewer, now: datetime
) -> None:
    for number in range(4):
        values = {
            "reference": f"K-{number}", "rhythm": number, "money": 0, "home_base": 1, "pc4": 3311,
            "first_name": "Kanarie", "sectors": ("F42",), "licences": frozenset({"B"}),
        }  # fmt: skip
        person = create_candidate(session, coach, values, now=now)
        assess_candidate(session, coach, person.id, on=TODAY, now=now)
    rows = export_outcomes(session, operator("demo"), on=TODAY)
    again = export_outcomes(session, operator("demo"), on=TODAY)
    assert rows == again
    names = [name for name, _kind in own_outcomes.columns(TODAY)]
    assert list(rows[0]) == names
    assert set(names) == {"person", "intake_on", *OFFERED} | {f"at_work_{n}m" for n in (3, 6, 12)}
    assert not set(names) & NEVER_OFFERED
    text = table_bytes("csv", rows, own_outcomes.columns(TODAY), "outcomes").decode()
    assert not [word for word in ("Kanarie", "K-0", "3311", "demo") if word in text]
    assert len({row["person"] for row in rows}) == 4
    read = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert {row["at_work_12m"] for row in read} == {""}
    assert export_outcomes(session, operator("haaglanden"), on=TODAY) == []


def test_the_cohort_file_that_ships_asks_for_what_the_table_holds() -> None:
    path = data_dir() / "cohorts" / "own" / "outcomes.yaml"
    cohort = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = {name for name, _kind in own_outcomes.columns(TODAY)}
    asked = {feature["name"] for feature in cohort["features"]}
    assert asked <= set(OFFERED)
    assert {cohort["unit"], cohort["as_of"], cohort["outcome"]["name"]} <= names
    assert not asked & {"money", "home_base"}
    assert "table: mine.csv" in own_outcomes.cohort_file("mine.csv")
