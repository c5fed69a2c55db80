"""Two people promote, also when they come at the same moment, and one takes back at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import Artefact, ArtefactChange
from matcher.models.database import session_factory
from matcher.models.states import ArtefactState, ChangeState
from matcher.repositories.scope import unscoped
from matcher.scoring.manifest import MANIFEST_SUFFIX
from matcher.scoring.refusals import ArtefactRefused
from matcher.services import artefact_files, artefact_steps, artefacts
from tests.services.at_once import at_once
from tests.services.conftest import NOW, account_of
from tests.services.learned import PROVEN, in_shadow, registered, serving


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files of registered artefacts stand; runs are made beside it."""
    monkeypatch.setenv("MATCHER_ARTEFACTS", str(tmp_path / "kept"))
    return tmp_path / "runs"


@pytest.fixture
def analyst(session: Session) -> Viewer:
    return account_of(session, "analyst", Right.ANALYST)


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


def kept_file(session: Session, name: str = "learned-1") -> Path:
    return artefact_files.file_of(session, "demo", name)


def manifest_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".skops") + MANIFEST_SUFFIX)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def test_a_promotion_takes_two_people_and_a_shadow_before(
    session: Session, analyst: Viewer, officer: Viewer, folder: Path, now: datetime
) -> None:
    made = registered(session, folder, now)
    with pytest.raises(Conflict, match="shadow"):
        artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
    artefact_steps.begin_shadow(session, analyst, made.id, "good", now=now)
    asked = artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)

    with pytest.raises(Forbidden, match="somebody else"):
        artefact_steps.confirm_promotion(session, analyst, made.id, asked.id, now=now)
    with pytest.raises(Conflict, match="waits for a second person"):
        artefact_steps.ask_promotion(session, officer, made.id, "good", now=now)
    with pytest.raises(Stale):
        artefact_steps.confirm_promotion(
            session, officer, made.id, asked.id, now=now, expected_version=9
        )
    assert artefacts.standing_of(session, "demo").state == "rules"

    done = artefact_steps.confirm_promotion(
        session, officer, made.id, asked.id, now=now, expected_version=asked.version
    )
    assert (done.state, done.asked_by_name, done.decided_by_name) == (
        ChangeState.CONFIRMED, "analyst", "officer",
    )  # fmt: skip
    assert artefacts.standing_of(session, "demo").artefact == "learned-1"
    with pytest.raises(Conflict, match="decided already"):
        artefact_steps.confirm_promotion(session, officer, made.id, asked.id, now=now)


def test_the_operator_is_neither_of_the_two(
    session: Session, analyst: Viewer, folder: Path, now: datetime
) -> None:
    nobody = replace(analyst, account_id=None)
    made = in_shadow(session, folder, now)
    with pytest.raises(Forbidden, match="operator"):
        artefact_steps.ask_promotion(session, nobody, made.id, "good", now=now)
    asked = artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
    with pytest.raises(Forbidden, match="operator"):
        artefact_steps.confirm_promotion(session, nobody, made.id, asked.id, now=now)


def test_the_database_itself_holds_that_one_person_is_not_two(
    session: Session, analyst: Viewer, folder: Path, now: datetime
) -> None:
    made = in_shadow(session, folder, now)
    asked = artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
    statement = update(ArtefactChange).where(ArtefactChange.id == asked.id)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(unscoped(statement, ArtefactChange).values(decided_by=analyst.account_id))


def test_refusing_and_withdrawing_leave_everything_as_it_is(
    session: Session, analyst: Viewer, officer: Viewer, folder: Path, now: datetime
) -> None:
    made = in_shadow(session, folder, now)
    states = []
    for viewer in (officer, analyst):
        asked = artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
        said_no = artefact_steps.refuse_promotion(session, viewer, made.id, asked.id, now=now)
        states.append(said_no.state)
    assert states == [ChangeState.REFUSED, ChangeState.WITHDRAWN]
    assert artefacts.get_artefact(session, officer, made.id).state is ArtefactState.SHADOW


@pytest.mark.parametrize("right", [Right.COACH, Right.TRIAGER, Right.CONTRACTOR, Right.CANDIDATE])
def test_who_does_not_oversee_the_region_takes_no_step(
    session: Session, folder: Path, now: datetime, right: Right
) -> None:
    made = in_shadow(session, folder, now)
    viewer = Viewer(1, frozenset({right}), "demo")
    for step in (artefact_steps.ask_promotion, artefact_steps.roll_back, artefact_steps.try_again):
        with pytest.raises(Forbidden):
            step(session, viewer, made.id, "good", now=now)
    with pytest.raises(Forbidden):
        artefacts.list_artefacts(session, viewer)


def test_another_region_finds_nothing(session: Session, folder: Path, now: datetime) -> None:
    made = in_shadow(session, folder, now)
    viewer = account_of(session, "elsewhere", Right.ANALYST, region="haaglanden")
    assert artefacts.list_artefacts(session, viewer) == []
    with pytest.raises(NotFound):
        artefact_steps.ask_promotion(session, viewer, made.id, "good", now=now)


def test_what_was_learned_on_made_up_people_never_serves_real_ones(
    session: Session,
    analyst: Viewer,
    officer: Viewer,
    folder: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = in_shadow(session, folder, now, is_synthetic=True)
    with pytest.raises(ArtefactRefused) as caught:
        artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
    assert caught.value.code == "synthetic"

    monkeypatch.setenv("MATCHER_ENVIRONMENT", "demo")
    asked = artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
    monkeypatch.setenv("MATCHER_ENVIRONMENT", "production")
    with pytest.raises(ArtefactRefused) as caught:
        artefact_steps.confirm_promotion(session, officer, made.id, asked.id, now=now)
    assert caught.value.code == "synthetic"

    monkeypatch.setenv("MATCHER_ENVIRONMENT", "demo")
    artefact_steps.confirm_promotion(session, officer, made.id, asked.id, now=now)
    assert artefacts.standing_of(session, "demo").state == "serves"
    monkeypatch.delenv("MATCHER_ENVIRONMENT")
    standing = artefacts.standing_of(session, "demo")
    assert standing.refusal is not None
    assert (standing.state, standing.refusal.code) == ("refused", "synthetic")


@pytest.mark.parametrize("details", [{**PROVEN, "failed_gates": ["better_than_rule_score"]}, {}])
def test_what_did_not_pass_every_gate_is_not_promoted(
    session: Session, analyst: Viewer, folder: Path, now: datetime, details: dict[str, Any]
) -> None:
    made = in_shadow(session, folder, now, details=details)
    with pytest.raises(ArtefactRefused) as caught:
        artefact_steps.ask_promotion(session, analyst, made.id, "good", now=now)
    assert caught.value.code == "not_proven"


def test_a_why_is_asked_for(session: Session, analyst: Viewer, folder: Path, now: datetime) -> None:
    made = registered(session, folder, now)
    with pytest.raises(InvalidInput, match="why"):
        artefact_steps.begin_shadow(session, analyst, made.id, " ", now=now)


def test_going_back_takes_one_person_and_brings_back_the_one_before(
    session: Session, admin: Viewer, folder: Path, now: datetime
) -> None:
    first = serving(session, folder, now, "learned-1")
    second = serving(session, folder, now, "learned-2")
    assert artefacts.get_artefact(session, admin, first.id).state is ArtefactState.RETIRED

    back = artefact_steps.roll_back(session, admin, second.id, "people changed", now=now)
    assert (back.state, back.artefact) == ("serves", "learned-1")
    with pytest.raises(Conflict, match="does not serve"):
        artefact_steps.roll_back(session, admin, second.id, "again", now=now)
    rules = artefact_steps.roll_back(session, admin, first.id, "all", now=now, to_rules=True)
    assert rules.state == "rules"


def test_going_back_passes_over_a_file_that_is_not_whole(
    session: Session, admin: Viewer, folder: Path, now: datetime
) -> None:
    serving(session, folder, now, "learned-1")
    second = serving(session, folder, now, "learned-2")
    truncate(kept_file(session, "learned-1"))
    assert artefact_steps.roll_back(session, admin, second.id, "why", now=now).state == "rules"


# --- at the same moment -------------------------------------------------------------------------


def test_the_same_person_many_times_at_once_is_still_one_person(
    engine_alone: Engine, folder: Path
) -> None:
    with session_factory(engine_alone)() as session:
        one = account_of(session, "one", Right.ANALYST)
        made = in_shadow(session, folder, NOW)
        asked = artefact_steps.ask_promotion(session, one, made.id, "good", now=NOW)

    def confirm(session: Session) -> object:
        return artefact_steps.confirm_promotion(session, one, made.id, asked.id, now=NOW)

    assert at_once(engine_alone, [confirm] * 12) == {"Forbidden": 12}
    with session_factory(engine_alone)() as session:
        assert artefacts.standing_of(session, "demo").state == "rules"


def test_of_many_askers_and_confirmers_at_once_one_of_each_wins(
    engine_alone: Engine, folder: Path
) -> None:
    with session_factory(engine_alone)() as session:
        people = [account_of(session, f"p-{i}", Right.ANALYST) for i in range(6)]
        made = in_shadow(session, folder, NOW)

    asking = [
        lambda session, who=who: artefact_steps.ask_promotion(session, who, made.id, "w", now=NOW)
        for who in people
    ]
    assert at_once(engine_alone, asking) == {"done": 1, "Conflict": 5}
    with session_factory(engine_alone)() as session:
        (change,) = session.scalars(unscoped(select(ArtefactChange), ArtefactChange).where(
            ArtefactChange.state == ChangeState.ASKED
        ))  # fmt: skip
        asker, number = change.asked_by, change.id
    confirming = [
        lambda session, who=who: artefact_steps.confirm_promotion(
            session, who, made.id, number, now=NOW
        )
        for who in people
    ]
    found = at_once(engine_alone, confirming)
    assert found["done"] == 1
    assert sum(found.values()) == 6
    with session_factory(engine_alone)() as session:
        done = session.get_one(
            ArtefactChange, number, execution_options=dict(
                unscoped(select(ArtefactChange), ArtefactChange).get_execution_options()
            ),
        )  # fmt: skip
        assert done.decided_by not in (None, asker)
        rows = session.scalars(unscoped(select(Artefact), Artefact)).all()
        assert [row.state for row in rows] == [ArtefactState.PROMOTED]
