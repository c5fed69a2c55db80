"""Erasing somebody reaches every table, and no file brings them back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import (
    AuditEntry,
    Base,
    Candidate,
    Tombstone,
)
from matcher.models.database import make_engine, session_factory
from matcher.models.keyring import keyring_of
from matcher.models.states import (
    AuditAction,
)
from matcher.repositories.scope import unscoped
from matcher.repositories.tombstones import read_file, write_out
from matcher.services.candidates import create_candidate
from matcher.services.erasure import erase_by_reference, erase_candidate, is_erased
from matcher.services.imports import import_candidates
from tests.services.erased import (
    CANARY,
    NOW,
    OPERATOR,
    REFERENCE,
    about,
    somebody,
    whole,
)


def test_before_an_erasure_the_person_stands_in_every_table_that_can_hold_one(
    engine_of_its_own: Engine,
) -> None:
    with session_factory(engine_of_its_own)() as session:
        number = somebody(session)
        found = set(about(whole(session), number))

    tables = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "candidate"
    }
    # Whoever adds a table about candidates adds it to `somebody`, or says here why not.
    assert tables - found == {
        "blind_choice",
        "caseload_change",
        "introduction_refusal",
        "own_request",
    }, "written by other use cases, deleted by the same foreign key"
    for table in (Base.metadata.tables[name] for name in tables):
        for key in table.foreign_keys:
            if key.column.table.name == "candidate":
                # A line that others see stays with nobody behind it; who comes next is only named.
                lines = ("introduction", "shortlist_line")
                named = table.name in lines or key.parent.name == "runner_up_id"
                assert key.ondelete == "CASCADE" or named


def test_an_erasure_leaves_a_tombstone_and_the_log_and_nothing_else(
    engine_of_its_own: Engine,
) -> None:
    with session_factory(engine_of_its_own)() as session:
        number = somebody(session)
        before = whole(session)
        erase_candidate(session, OPERATOR, number, now=NOW)
        left = whole(session)

        assert about(left, number) == {}
        assert len(left["tombstone"]) == 1
        assert [row["route"] for row in left["idempotency_record"]] == ["POST /api/v1/vacancies"]
        assert {row["name"] for row in left["account"]} == {"coach"}
        assert left["vacancy"] == before["vacancy"]
        assert [row["candidate_id"] for row in left["introduction"]] == [None]
        assert is_erased(session, "demo", REFERENCE)
        assert not is_erased(session, "haaglanden", REFERENCE)
        assert not is_erased(session, "demo", "K-other")
        entries = session.scalars(
            unscoped(
                select(AuditEntry).where(
                    AuditEntry.kind == "candidate", AuditEntry.action == AuditAction.ERASE
                ),
                AuditEntry,
            )
        ).all()
        assert [entry.object_id for entry in entries] == [number]


def test_the_file_of_the_database_holds_nothing_of_the_person_either(sqlite_url: str) -> None:
    from matcher.models.database import let_go

    engine = make_engine(sqlite_url)
    path = Path(str(engine.url.database))
    with session_factory(engine)() as session:
        number = somebody(session)
        erase_candidate(session, OPERATOR, number, now=NOW)
    let_go(engine)
    engine.dispose()

    for file in path.parent.glob(f"{path.name}*"):
        assert REFERENCE.encode() not in file.read_bytes(), file.name
        assert CANARY.encode() not in file.read_bytes(), file.name


def test_only_a_coach_or_lead_in_reach_erases(session: Session, coach: Viewer) -> None:
    person = create_candidate(session, coach, {"reference": "K-1"}, now=NOW)
    for viewer, refusal in (
        (Viewer(9, frozenset({Right.TRIAGER}), "demo"), Forbidden),
        (Viewer(9, frozenset({Right.COACH}), "haaglanden"), NotFound),
        (Viewer(9, frozenset({Right.CONTRACTOR}), "demo"), NotFound),
        (Viewer(9, frozenset({Right.ADMIN}), None), NotFound),
    ):
        with pytest.raises(refusal):
            erase_candidate(session, viewer, person.id, now=NOW)
        assert session.scalar(unscoped(select(Candidate.id), Candidate)) == person.id
    with pytest.raises(NotFound):
        erase_by_reference(session, coach, "K-2", now=NOW)


def test_an_erasure_that_fails_half_way_leaves_everything(
    engine_of_its_own: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.services import erasure

    def refuse(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("the disk is full")

    with session_factory(engine_of_its_own)() as session:
        number = somebody(session)
        before = about(whole(session), number)
        session.commit()
        monkeypatch.setattr(erasure.tombstones, "keep", refuse)
        with pytest.raises(RuntimeError):
            erase_candidate(session, OPERATOR, number, now=NOW)

        assert about(whole(session), number) == before
        path = keyring_of(session).beside("tombstones")
        assert path is not None
        assert not path.exists()


def test_a_file_or_a_form_does_not_bring_somebody_back(
    engine_of_its_own: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"reference,region\n{REFERENCE},demo\nK-2,demo\n", encoding="utf-8")
    with session_factory(engine_of_its_own)() as session:
        number = somebody(session)
        erase_candidate(session, OPERATOR, number, now=NOW)
        report = import_candidates(session, OPERATOR, file, now=NOW)

        assert (report.created, report.refused) == (1, 1)
        [problem] = report.problems
        assert (problem.row, problem.where) == (2, "reference")
        assert REFERENCE not in problem.why
        with pytest.raises(InvalidInput, match="reference"):
            create_candidate(session, OPERATOR, {"reference": REFERENCE}, now=NOW)
        assert session.scalars(unscoped(select(Candidate.reference), Candidate)).all() == ["K-2"]


def test_the_file_of_tombstones_is_for_its_owner_and_follows_the_database(
    engine_of_its_own: Engine,
) -> None:
    with session_factory(engine_of_its_own)() as session:
        number = somebody(session)
        erase_candidate(session, OPERATOR, number, now=NOW)
        path = keyring_of(session).beside("tombstones")
        assert path is not None
        kept = session.scalars(select(Tombstone.subject_hash)).all()

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(read_file(path)) == kept
        assert REFERENCE not in path.read_text()
        path.unlink()
        assert write_out(session) == 1, "a file that was lost is written again"
        assert write_out(session) == 0
        path.write_text(path.read_text() + "cut off")
        assert list(read_file(path)) == kept


def test_every_table_is_looked_at() -> None:
    # `about` looks at whole rows of the models; a table outside them would be missed.
    engine = make_engine("sqlite:///:memory:")
    Base.metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) == set(Base.metadata.tables)
    engine.dispose()
