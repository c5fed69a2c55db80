"""What was predicted is kept, replays to the same bytes, and in shadow is shown to nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Prediction
from matcher.repositories.scope import scoped, unscoped
from matcher.scoring.artefact import load
from matcher.services import artefact_files, artefact_steps, artefacts, predictions
from matcher.services.assessments import assess_candidate, assess_stale, get_advice, replay
from matcher.services.candidates import create_candidate
from tests.scoring.made import TREES
from tests.services.conftest import TODAY, account_of
from tests.services.learned import in_shadow, serving


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


def kept(session: Session) -> list[Prediction]:
    return list(session.scalars(unscoped(select(Prediction).order_by(Prediction.id), Prediction)))


def somebody(session: Session, coach: Viewer, now: datetime, n: int = 1, **known: Any) -> int:
    values = {"reference": f"K-{n}", "rhythm": n % 5, "sectors": ("F42",), **known}
    return create_candidate(session, coach, values, now=now).id


def test_a_shadow_predicts_and_logs_and_shows_nobody(
    session: Session, coach: Viewer, folder: Path, now: datetime
) -> None:
    person = somebody(session, coach, now)
    before = assess_candidate(session, coach, person, on=TODAY, now=now)
    in_shadow(session, folder, now)

    after = assess_candidate(session, coach, person, on=TODAY, now=now)

    assert (after.id, after.result) == (before.id, before.result), "the advice is the same advice"
    (row,) = kept(session)
    assert (row.candidate_id, row.assessment_id, row.is_shown) == (person, after.id, False)
    own = replace(coach, rights=frozenset(Right), candidate_id=person)
    for right in Right:
        viewer = replace(own, rights=frozenset({right}))
        assert session.scalars(scoped(select(Prediction), viewer, Prediction)).all() == []
    standing = artefacts.standing_of(session, "demo")
    assert standing.state == "rules"
    assert predictions.shown_beside(session, own, after, standing) is None
    assert predictions.shown_of(session, own, person) == []


def test_one_that_serves_stands_beside_the_advice_for_coach_and_lead_alone(
    session: Session, coach: Viewer, folder: Path, now: datetime
) -> None:
    person = somebody(session, coach, now)
    serving(session, folder, now)
    advice = assess_candidate(session, coach, person, on=TODAY, now=now)
    standing = artefacts.standing_of(session, "demo")

    found = {
        right
        for right in Right
        if predictions.shown_beside(
            session,
            replace(coach, rights=frozenset({right}), candidate_id=person),
            advice,
            standing,
        )
    }
    # The person gets it with the copy of the own file; nobody who puts people in order does.
    assert found == {Right.COACH, Right.LEAD, Right.CANDIDATE}
    shown = predictions.shown_beside(session, coach, advice, standing)
    assert shown is not None
    assert shown.log_odds == -250_000 + sum(part for _name, part in shown.parts)


def test_an_artefact_changes_nothing_of_the_advice_but_its_own_name(
    session: Session, coach: Viewer, folder: Path, now: datetime
) -> None:
    person = somebody(session, coach, now, money=0)
    before = assess_candidate(session, coach, person, on=TODAY, now=now)
    serving(session, folder, now)
    after = assess_candidate(session, coach, person, on=TODAY, now=now)
    assert before.result["artefact"] is None
    assert after.result == {**before.result, "artefact": "learned-1"}
    assert replay(session, coach, after.id) == after.result
    assert replay(session, coach, before.id) == before.result


def test_what_was_taken_back_is_gone_from_the_page_at_once(
    session: Session, coach: Viewer, admin: Viewer, folder: Path, now: datetime
) -> None:
    person = somebody(session, coach, now)
    made = serving(session, folder, now)
    advice = assess_candidate(session, coach, person, on=TODAY, now=now)
    artefact_steps.roll_back(session, admin, made.id, "people changed", now=now)

    again = get_advice(session, coach, advice.id)
    standing = artefacts.standing_of(session, "demo")
    assert again.result["artefact"] == "learned-1", "it was made with it"
    assert predictions.shown_beside(session, coach, again, standing) is None
    assert assess_candidate(session, coach, person, on=TODAY, now=now).result["artefact"] is None


@pytest.mark.parametrize("reading", ["linear", "trees"])
def test_every_logged_prediction_replays_to_the_same_bytes(
    session: Session, coach: Viewer, folder: Path, now: datetime, reading: str
) -> None:
    more: dict[str, Any] = {"reading": TREES} if reading == "trees" else {}
    serving(session, folder, now, **more)
    in_shadow(session, folder, now, "learned-2")
    for n in range(12):
        known = {"credentials": frozenset({"vca_basic"})} if n % 2 else {}
        somebody(session, coach, now, n, **known)
    lead = account_of(session, "lead", Right.LEAD)
    assert assess_stale(session, lead, on=TODAY, now=now) == 12

    rows = kept(session)
    assert len(rows) == 24
    for row in rows:
        then, again = predictions.replay(session, row.id)
        assert then == again
        name = "learned-1" if row.is_shown else "learned-2"
        fresh = load(artefact_files.file_of(session, "demo", name)).predict(row.answers, row.on)
        assert row.result["log_odds"] == fresh.log_odds
        assert row.result["probability"] == fresh.probability


def test_the_same_advice_given_again_is_no_second_prediction(
    session: Session, coach: Viewer, folder: Path, now: datetime
) -> None:
    person = somebody(session, coach, now)
    serving(session, folder, now)
    for _ in range(3):
        assess_candidate(session, coach, person, on=TODAY, now=now)
    assert len(kept(session)) == 1


def test_a_level_past_its_shelf_life_goes_in_as_unknown(
    session: Session, coach: Viewer, folder: Path, now: datetime
) -> None:
    person = somebody(session, coach, now, 3, observed_on=TODAY - timedelta(weeks=9))
    serving(session, folder, now)
    assess_candidate(session, coach, person, on=TODAY, now=now)
    (row,) = kept(session)
    assert row.answers["rhythm"] is None
