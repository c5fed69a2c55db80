"""Workers killed at fifty random moments of an import: each row in once, and the counts add up.

At each of those moments a row stands as it stood before, or as the file says; never in between.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.files.source import source_of
from matcher.models import AuditEntry, Candidate, CandidateNote
from matcher.models.database import make_engine, session_factory
from matcher.models.states import AuditAction, ImportKind, JobState, UploadState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import scoped, unscoped
from matcher.repositories.uploads import UploadRecord
from matcher.services import audit, job_runs, uploads
from matcher.services.imports import import_candidates
from matcher.services.job_kinds import KINDS
from tests.services.killing import life

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
DEMO = operator("demo")
LEAD = Viewer(None, frozenset({Right.LEAD}), region="demo")
KILLS = 50
ROWS = 400
A_BLOCK = 2
STATEMENTS = {"sqlite": 60, "postgresql": 220}
"""A worker is killed before so many of its statements: after some blocks, or in the first. On
PostgreSQL each statement about many regions says so in one of its own."""


def people() -> bytes:
    """Rows that are new, rows that change somebody, and rows that are refused."""
    lines = ["referentie;voornaam;postcode;werkritme;opmerkingen"]
    for number in range(ROWS):
        rhythm = "veel" if number % 9 == 0 else "3"
        reference = f"K-{number - number % 25 if number % 25 == 1 else number:04d}"
        lines.append(f"{reference};Jan {number};3311;{rhythm};wil buiten werken {number}")
    return "\n".join(lines).encode()


def before() -> bytes:
    """Every fourth of them is known, with another rhythm."""
    rows = [f"K-{number:04d},demo,1" for number in range(0, ROWS, 4)]
    return "\n".join(["reference,region,rhythm", *rows]).encode()


def send(session: Session) -> int:
    act_as(session, Actor(DEMO, NOW))
    import_candidates(session, DEMO, source_of("before.csv", before(), "csv"), now=NOW)
    source = source_of("people.csv", people(), "csv")
    upload = uploads.receive(session, LEAD, ImportKind.CANDIDATES, source, now=NOW).upload
    uploads.choose_columns(session, LEAD, upload.id, {}, now=NOW)
    uploads.confirm(session, LEAD, upload.id, now=NOW)
    return upload.id


def test_workers_killed_at_fifty_random_moments_import_every_row_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "ROWS_A_BLOCK", A_BLOCK)
    engine = make_engine(database_url)
    with session_factory(engine)() as session:
        upload_id = send(session)
    most = STATEMENTS[engine.dialect.name]
    engine.dispose()
    drawn = random.Random(20270301)  # noqa: S311  decides moments, keeps no secret
    in_the_middle = 0
    for number in range(KILLS):
        at = NOW + 2 * number * job_runs.LEASE
        assert life(database_url, KINDS, at, drawn.randrange(most), from_outside=True)
        in_the_middle += 0 < seen_halfway(database_url) < ROWS

    assert in_the_middle > KILLS / 2
    engine = make_engine(database_url)
    last = NOW + 2 * KILLS * job_runs.LEASE
    assert job_runs.run_one(session_factory(engine), "w", lambda: last, KINDS) is JobState.DONE
    with session_factory(engine)() as session:
        act_as(session, Actor(DEMO, NOW))
        done = uploads.get_upload(session, LEAD, upload_id)
        check_the_end(session, done)
    engine.dispose()


def seen_halfway(url: str) -> int:
    """How many rows are in; each that is there is whole, old or new."""
    engine = make_engine(url)
    with session_factory(engine)() as session:
        rows = session.scalars(scoped(select(Candidate), DEMO, Candidate)).all()
    engine.dispose()
    new = [row for row in rows if row.first_name is not None]
    for row in rows:
        is_old = (row.first_name, row.pc4, row.rhythm) == (None, None, 1)
        assert is_old or (row.pc4 == 3311 and row.rhythm in (3, None))
    return len(new)


def check_the_end(session: Session, done: UploadRecord) -> None:
    wanted = {f"K-{n:04d}" for n in range(ROWS) if n % 25 != 1}
    known = {f"K-{n:04d}" for n in range(0, ROWS, 4)}
    repeated = sum(1 for n in range(ROWS) if n % 25 == 1)
    outcome = done.outcome
    assert done.state is UploadState.DONE
    assert outcome is not None
    assert outcome["created"] == len(wanted - known)
    assert outcome["changed"] == len(wanted & known)
    assert (outcome["unchanged"], outcome["left_out"]) == (0, 0)
    assert outcome["refused"] == repeated
    assert sum(outcome[s] for s in ("created", "changed", "refused")) == ROWS

    rows = session.scalars(scoped(select(Candidate), DEMO, Candidate)).all()
    assert Counter(row.reference for row in rows) == Counter(wanted | known)
    notes = session.scalars(scoped(select(CandidateNote.text), DEMO, CandidateNote)).all()
    assert len(notes) == len(set(notes)) == len(wanted)
    created = session.scalars(
        unscoped(
            select(AuditEntry.object_id).where(
                AuditEntry.kind == "candidate", AuditEntry.action == AuditAction.CREATE
            ),
            AuditEntry,
        )
    ).all()
    assert len(created) == len(set(created)) == len(rows)
    assert audit.verify(session).broken is None
