"""Erasing somebody reaches every table, and no older backup or file brings them back."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import (
    Account,
    AuditEntry,
    Base,
    BrowserSession,
    Candidate,
    CandidateAccount,
    CandidateAudit,
    IdempotencyRecord,
    Message,
    SignInLink,
    Tombstone,
)
from matcher.models.database import make_engine, session_factory
from matcher.models.keyring import keyring_of
from matcher.models.states import (
    AuditAction,
    Channel,
    LinkKind,
    MessageState,
    RequestState,
    SignInMethod,
)
from matcher.models.wall import whole_database
from matcher.repositories.scope import unscoped
from matcher.repositories.tombstones import read_file, write_out
from matcher.services.assessments import assess_candidate, match_candidate, plan_candidate
from matcher.services.backup import backup, restore
from matcher.services.candidates import add_commitment, create_candidate
from matcher.services.decisions import record_decision
from matcher.services.erasure import erase_by_reference, erase_candidate, is_erased
from matcher.services.imports import import_candidates
from matcher.services.intake import save_draft
from matcher.services.introductions import invite
from matcher.services.notes import add_note
from matcher.services.vacancies import create_vacancy, open_vacancy
from tests.services.test_fits import PLACE, READY

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
ON = date(2027, 3, 1)
OPERATOR = operator("demo")
CANARY = "Kanarie7Q"
REFERENCE = "K-CANARY-9Z"
OWN_TABLES = {"tombstone", "audit_entry", "audit_head"}
"""What outlives an erasure; neither holds content."""


@pytest.fixture
def engine_of_its_own(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A database whose keys and tombstones nobody shares."""
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path / "instance"))
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def somebody(session: Session) -> int:
    """A candidate with something in every table that can be about one."""
    coach = Account(
        name="coach",
        rights=frozenset({"coach"}),
        region="demo",
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(coach)
    session.commit()
    viewer = Viewer(coach.id, frozenset({Right.COACH}), "demo", None, "nl")
    person = create_candidate(
        session,
        viewer,
        {
            **READY,
            "reference": REFERENCE,
            "first_name": CANARY,
            "contact_kind": "mail",
            "contact_value": f"{CANARY}@example.org",
        },
        now=NOW,
    )
    place = create_vacancy(session, OPERATOR, {**PLACE, "contractor": "Firm"}, now=NOW)
    open_vacancy(session, OPERATOR, place.id, expected_version=1, now=NOW)
    assessed = assess_candidate(session, viewer, person.id, on=ON, now=NOW)
    match_candidate(session, viewer, person.id, on=ON, now=NOW)
    plan_candidate(session, viewer, person.id, on=ON, now=NOW)
    record_decision(
        session,
        viewer,
        person.id,
        subject="lane",
        chosen=str(assessed.lane),
        reason="agrees",
        text=f"zo gekozen {CANARY}",
        assessment_id=assessed.id,
        now=NOW,
    )
    add_commitment(session, viewer, person.id, hours_a_week=4, until=date(2027, 9, 1), now=NOW)
    add_note(session, viewer, person.id, f"komt op tijd {CANARY}", now=NOW)
    save_draft(session, viewer, card="work", answers={"a": CANARY}, candidate_id=person.id, now=NOW)
    invite(session, viewer, person.id, place.id, now=NOW)
    own = Account(
        name=f"own-{CANARY}",
        rights=frozenset({"candidate"}),
        region="demo",
        language="nl",
        is_active=True,
        failed_sign_ins=0,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(own)
    session.flush()
    later = NOW + timedelta(days=1)
    session.add_all(
        [
            CandidateAccount(account_id=own.id, candidate_id=person.id),
            CandidateAudit(region="demo", reference=REFERENCE, benefit="pwet", birth_year=1990),
            BrowserSession(
                account_id=own.id,
                secret_hash="a" * 64,
                method=SignInMethod.LINK_AND_CODE,
                began_at=NOW,
                seen_at=NOW,
            ),
            SignInLink(
                account_id=own.id,
                kind=LinkKind.CANDIDATE,
                secret_hash="b" * 64,
                failed=0,
                created_at=NOW,
                expires_at=later,
            ),
            Message(
                dedupe_key=f"m-{CANARY}",
                template="something_ready",
                channel=Channel.MAIL,
                language="nl",
                region="demo",
                candidate_id=person.id,
                recipient=f"{CANARY}@example.org",
                params={"link": CANARY},
                state=MessageState.QUEUED,
                attempts=0,
                created_at=NOW,
                next_try_at=NOW,
            ),
            answer("POST /api/v1/candidates", json.dumps({"reference": REFERENCE})),
            answer(f"POST /api/v1/candidates/{person.id}/decisions", "{}"),
            answer("POST /mensen/nieuw", f"<p>{REFERENCE}</p>"),
            answer("POST /api/v1/previews", json.dumps([{"candidate_id": person.id}])),
            answer("POST /api/v1/vacancies", json.dumps({"reference": "V-1", "places": [1, "x"]})),
        ]
    )
    session.commit()
    return person.id


def answer(route: str, body: str) -> IdempotencyRecord:
    """A kept answer of the API or of a page."""
    return IdempotencyRecord(
        key=route,
        route=route,
        actor="1",
        request_hash="0" * 64,
        state=RequestState.FINISHED,
        status=201,
        headers={},
        body=body,
        created_at=NOW,
    )


def whole(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, opened."""
    with whole_database(session, "a test looks for what is left"):
        return {
            table.name: [
                dict(row) for row in session.connection().execute(select(table)).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def about(rows: dict[str, list[dict[str, Any]]], number: int) -> dict[str, int]:
    """How many rows of each table still speak of the person."""
    found = {}
    for name, held in rows.items():
        if name in OWN_TABLES:
            held = [{k: v for k, v in row.items() if k not in ("candidate_id",)} for row in held]
        count = sum(
            REFERENCE in str(row) or CANARY in str(row) or row.get("candidate_id") == number
            for row in held
        )
        if count:
            found[name] = count
    return found


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
                assert key.ondelete == "CASCADE" or table.name == "introduction"


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


@pytest.mark.parametrize("known_by", ["the database", "the file", "a file given"])
def test_an_older_backup_does_not_bring_an_erased_person_back(
    engine_of_its_own: Engine, tmp_path: Path, known_by: str
) -> None:
    engine = engine_of_its_own
    with session_factory(engine)() as session:
        number = somebody(session)
        other = create_candidate(session, OPERATOR, {"reference": "K-stays"}, now=NOW)
        session.commit()
        backup(engine, tmp_path / "old.backup", now=NOW)
        erase_candidate(session, OPERATOR, number, now=NOW)
        path = keyring_of(session).beside("tombstones")
    assert path is not None
    given = None
    if known_by == "the database":
        path.unlink()
    elif known_by == "a file given":
        given = path.rename(tmp_path / "from elsewhere")
    if known_by != "the database":
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM tombstone"))

    report = restore(engine, tmp_path / "old.backup", force=True, tombstones=given)

    with session_factory(engine)() as session:
        left = whole(session)
        assert report.erased == 1
        assert about(left, number) == {}
        assert [row["id"] for row in left["candidate"]] == [other.id]
        assert {row["name"] for row in left["account"]} == {"coach"}
        assert is_erased(session, "demo", REFERENCE), "also after the next restore"
        again = backup(engine, tmp_path / "new.backup", now=NOW)
        assert again.rows["tombstone"] == 1


def test_a_backup_from_after_the_erasure_knows_it_by_itself(
    engine_of_its_own: Engine, tmp_path: Path
) -> None:
    engine = engine_of_its_own
    with session_factory(engine)() as session:
        erase_candidate(session, OPERATOR, somebody(session), now=NOW)
        path = keyring_of(session).beside("tombstones")
    backup(engine, tmp_path / "b", now=NOW)
    assert path is not None
    path.unlink()
    restore(engine, tmp_path / "b", force=True)
    with session_factory(engine)() as session:
        assert is_erased(session, "demo", REFERENCE)


def test_every_table_is_looked_at() -> None:
    # `about` looks at whole rows of the models; a table outside them would be missed.
    engine = make_engine("sqlite:///:memory:")
    Base.metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) == set(Base.metadata.tables)
    engine.dispose()
