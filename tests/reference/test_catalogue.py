"""The shipped catalogue: complete, sourced, and usable by the trajectory search."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.programme import Programme
from matcher.domain.vocabulary import LEVEL_MAXIMUM
from matcher.reference.catalogue import CatalogueError, load_catalogue
from matcher.reference.codes import load_codes
from matcher.reference.paths import data_dir

ON = date(2026, 11, 23)
CONTENT = yaml.safe_load((data_dir() / "programmes" / "catalogue.yaml").read_text("utf-8"))

KINDS = {
    "werkfit": 4,
    "orientation": 1,
    "pre_course": 2,
    "safety": 2,
    "language": 2,
    "money_support": 1,
    "income_talk": 1,
    "condition": 1,
    "licence": 2,
    "transport": 1,
    "traffic": 1,
    "care_hours": 1,
    "buddy_training": 1,
}


def test_the_catalogue_holds_the_twenty_programmes_of_the_demo_region() -> None:
    catalogue = load_catalogue(ON)

    assert {kind: sum(p.kind == kind for p in catalogue) for kind in KINDS} == KINDS
    assert len(catalogue) == sum(KINDS.values()) == 20


@pytest.mark.parametrize("entry", CONTENT["programmes"], ids=lambda entry: entry["reference"])
def test_every_programme_names_its_evidence_and_where_its_figures_come_from(
    entry: dict[str, Any],
) -> None:
    assert entry["evidence"] in load_codes().list("evidence")
    assert entry["source"]
    assert set(entry["source"]) <= set(CONTENT["sources"])


@pytest.mark.parametrize("programme", load_catalogue(ON), ids=lambda p: p.reference)
def test_a_programme_changes_something_and_asks_nothing_about_money(programme: Programme) -> None:
    assert programme.raises or programme.gives
    assert "money" not in dict(programme.needs)


def test_no_level_that_rule_four_speaks_of_is_out_of_reach_of_all_programmes() -> None:
    raised = {name for programme in load_catalogue(ON) for name, _ in programme.raises}

    assert {"rhythm", "work_skills", "language_speak", "language_read"} <= raised
    assert raised & set(LEVEL_MAXIMUM) == {*LEVEL_MAXIMUM} - {"digital"}


def test_the_employer_follows_the_buddy_training_so_it_takes_no_hours_of_a_candidate() -> None:
    (training,) = [p for p in load_catalogue(ON) if p.kind == "buddy_training"]

    assert training.hours_a_week == 0
    assert dict(training.raises) == {"guidance_hours": 4}


def test_debt_help_and_the_income_talk_run_beside_a_plan() -> None:
    beside = {p.reference for p in load_catalogue(ON) if p.is_money_support}

    assert beside == {"money-calm", "income-talk"}


def test_titles_are_in_the_language_asked_for() -> None:
    dutch, english = load_catalogue(ON), load_catalogue(ON, lang="en")

    assert [p.reference for p in dutch] == [p.reference for p in english]
    assert all(a.title != b.title for a, b in zip(dutch, english, strict=True))


@given(days=st.integers(min_value=-400, max_value=4000))
def test_starts_keep_their_rhythm_whatever_the_day_of_asking(days: int) -> None:
    on = ON + timedelta(days=days)
    entries = {entry["reference"]: entry for entry in CONTENT["programmes"]}
    for programme in load_catalogue(on):
        entry = entries[programme.reference]
        if "every_weeks" not in entry:
            assert programme.starts_on == ()
            continue
        every = timedelta(weeks=entry["every_weeks"])
        starts = programme.starts_on
        assert all(start.weekday() == 0 for start in starts)
        assert all((start - entry["first_start"]) % every == timedelta(0) for start in starts)
        assert all(b - a == every for a, b in pairwise(starts))
        assert on - timedelta(weeks=2) <= starts[0] < on - timedelta(weeks=2) + every
        assert on + timedelta(weeks=58) - every < starts[-1] <= on + timedelta(weeks=58)


def test_no_month_of_the_coming_year_is_without_a_start() -> None:
    starts = {start for programme in load_catalogue(ON) for start in programme.starts_on}
    months = {(start.year, start.month) for start in starts if start >= ON}

    first = ON.year * 12 + ON.month - 1
    assert {divmod(first + n, 12) for n in range(1, 13)} <= {(y, m - 1) for y, m in months}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"raises": {"charm": 1}}, "charm"),
        ({"raises": {"rhythm": 3}}, "outside its range"),
        ({"gives": ["vca_gold"]}, "vca_gold"),
        ({"needs": {"money": 3}}, "P-3"),
        ({"needs": {"rhythm": 5}}, "rhythm of 5"),
        ({"needs": {"mood": 1}}, "mood"),
        ({"kind": "magic"}, "magic"),
        ({"source": []}, "source"),
        ({"source": ["hearsay"]}, "hearsay"),
        ({"first_start": date(2026, 1, 6)}, "must be a Monday"),
        ({"first_start": None}, "go together"),
        ({"every_weeks": 0}, "at least 1"),
        ({"reference": "werkfit-infra-2"}, "once"),
    ],
)
def test_a_programme_that_no_plan_could_use_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], complaint: str
) -> None:
    (tmp_path / "programmes").mkdir()
    (tmp_path / "codes").symlink_to(data_dir() / "codes")
    programmes = [{**CONTENT["programmes"][0], **change}, *CONTENT["programmes"][1:]]
    broken = yaml.safe_dump({**CONTENT, "programmes": programmes}, allow_unicode=True)
    (tmp_path / "programmes" / "catalogue.yaml").write_text(broken, encoding="utf-8")
    monkeypatch.setenv("MATCHER_DATA_DIR", str(tmp_path))

    with pytest.raises(CatalogueError, match=complaint):
        load_catalogue(ON)
