"""A run of retention ends exactly what is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import operator
from matcher.domain.vocabulary import Lane
from matcher.models import (
    Account,
    ApiToken,
    Assessment,
    Attendance,
    AttendanceLink,
    AuditEntry,
    Base,
    BrowserSession,
    CalendarLink,
    CallRequest,
    Candidate,
    Decision,
    IdempotencyRecord,
    ImportRun,
    InputSnapshot,
    IntakeDraft,
    Job,
    Message,
    OutcomeCount,
    RememberedColumns,
    RightsChange,
    Seat,
    SignInLink,
    Tombstone,
    Vacancy,
)
from matcher.models.database import make_engine, session_factory
from matcher.models.states import (
    CallStatus,
    ChangeState,
    Channel,
    ClosingCode,
    DecisionReason,
    DecisionSubject,
    JobState,
    LinkKind,
    MessageState,
    RequestState,
    SeatState,
    SignInMethod,
)
from matcher.models.wall import whole_database
from matcher.repositories.scope import unscoped
from matcher.services.assessments import assess_candidate, replay
from matcher.services.candidates import close_candidate, create_candidate
from matcher.services.cohorts import open_group
from matcher.services.programmes import create_programme
from matcher.services.retention import ROWS, ROWS_AT_ONCE, run_retention
from matcher.services.vacancies import create_vacancy, withdraw_vacancy
from tests.services.opening import open_vacancy, opened_before_the_questions
from tests.services.test_fits import PLACE, READY
from tests.storage.rows import contract_of, line_of_a_list, report_of, upload_of

ON = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 3, tzinfo=UTC)
OPERATOR = operator("demo")


@pytest.fixture
def session(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """A session on a database whose tombstones nobody shares."""
    monkeypatch.setenv("MATCHER_INSTANCE_DIR", str(tmp_path / "instance"))
    engine = make_engine(database_url)
    with session_factory(engine)() as session:
        yield session
    engine.dispose()


def run(session: Session, on: date = ON, **options: Any) -> dict[str, int]:
    """How many rows each rule ended, without those that ended none."""
    at = datetime.combine(on, NOW.time(), UTC)
    lines = run_retention(session, on=on, now=at, **options)
    return {line.rule.name: line.rows for line in lines if line.rows}


def rows_of(session: Session, table: type[Base]) -> list[Any]:
    with whole_database(session, "a test looks"):
        return list(session.connection().execute(select(table.__table__)).mappings())


def closed(session: Session, reference: str, at: datetime, code: str = "moved", **more: Any) -> int:
    """A file that was closed at a moment."""
    values = {"reference": reference, **more}
    record = create_candidate(session, OPERATOR, values, now=at)
    close_candidate(session, OPERATOR, record.id, code, expected_version=record.version, now=at)
    return record.id


# --- a run --------------------------------------------------------------------------------------


def old_and_new(session: Session) -> dict[str, type[Base]]:
    """For each rule of one table a row that is over and one that is not; the tables by rule."""
    stamps = [NOW - timedelta(days=days) for days in (4_000, 0)]
    course = create_programme(session, OPERATOR, {"kind": "werkfit", "weeks": 1}, now=NOW)
    group = open_group(session, OPERATOR, course.id, ON, now=NOW)
    person = create_candidate(session, OPERATOR, {"reference": "K-0"}, now=NOW)
    about = {"region": "demo", "candidate_id": person.id}
    for number, at in enumerate(stamps):
        moments = {"created_at": at, "updated_at": at}
        account = Account(
            name=f"a{number}", rights=frozenset({"lead"}), region="demo", language="nl",
            is_active=False, failed_sign_ins=0, **moments,
        )  # fmt: skip
        still = Account(
            name=f"s{number}", rights=frozenset({"lead"}), region="demo", language="nl",
            is_active=True, failed_sign_ins=0, **moments,
        )  # fmt: skip
        session.add_all([account, still])
        session.flush()
        place = create_vacancy(session, OPERATOR, {**PLACE, "contractor": "Firm"}, now=at)
        version = opened_before_the_questions(session, place.id, now=at)
        withdraw_vacancy(session, OPERATOR, place.id, expected_version=version, now=at)
        session.add_all(
            [
                Seat(
                    **about, programme_id=course.id, cohort_id=group.id, asked_at=at, cents=0,
                    state=SeatState.NOT_TAKEN, wants_talk=False, closed_on=at.date(), **moments,
                ),
                AttendanceLink(
                    region="demo", cohort_id=group.id, secret_hash=f"h{number}", created_at=at,
                    expires_at=at,
                ),
                IntakeDraft(region="demo", card="work", answers={}, **moments),
                InputSnapshot(hash=f"{number}" * 64, kind="places", content={}, created_at=at),
                CallRequest(
                    region="demo", name="N", phone="0781234567", work="W", due_at=at,
                    status=CallStatus.DONE, handled_at=at, **moments,
                ),
                report_of("demo", at, state="founded", decided_at=at),
                report_of("demo", at),
                ApiToken(
                    account_id=still.id, prefix=f"p{number}", secret_hash="x", title="t",
                    scopes=frozenset(), expires_at=at, created_at=at,
                ),
                CalendarLink(
                    account_id=still.id, secret_hash=f"c{number}", created_at=at, expires_at=at,
                ),
                RightsChange(
                    wanted={}, why="w", state=ChangeState.CONFIRMED, decided_at=at, **moments,
                ),
                IdempotencyRecord(
                    key=f"k{number}", route="r", actor="1", request_hash="h",
                    state=RequestState.FINISHED, body="{}", created_at=at,
                ),
                ImportRun(
                    kind="candidates", region="demo", file_hash="h", created=0, changed=0,
                    unchanged=0, refused=1, problems=[{"row": 2, "where": "x"}], finished_at=at,
                ),
                upload_of("demo", at),
                contract_of("demo", place.organisation_id, at),
                RememberedColumns(
                    region="demo", kind="candidates", header_hash=f"{number}", mapping={},
                    used_at=at,
                ),
                Job(
                    kind="k", region="demo", arguments={}, state=JobState.DONE, done=0, claims=1,
                    fruitless_claims=0, submitted_at=at, finished_at=at,
                ),
                BrowserSession(
                    account_id=still.id, secret_hash=f"h{number}", method=SignInMethod.PASSWORD,
                    began_at=at, seen_at=at,
                ),
                SignInLink(
                    account_id=still.id, kind=LinkKind.SIGN_IN, secret_hash=f"h{number}", failed=0,
                    created_at=at, expires_at=at,
                ),
                Message(
                    dedupe_key=f"m{number}", template="t", channel=Channel.MAIL, language="nl",
                    params={}, state=MessageState.SENT, attempts=1, created_at=at, next_try_at=at,
                    sent_at=at,
                ),
            ]
        )  # fmt: skip
        session.flush()
        kept = create_vacancy(session, OPERATOR, {**PLACE, "contractor": "Firm"}, now=NOW)
        session.add(line_of_a_list(session, kept.organisation_id, kept.id, drawn_at=at))
        held = Seat(
            **about, programme_id=course.id, cohort_id=group.id, asked_at=at, cents=0,
            state=SeatState.FINISHED, wants_talk=False, **moments,
        )  # fmt: skip
        session.add(held)
        session.flush()
        session.add(
            Attendance(
                **about, seat_id=held.id, on=at.date(), mark="came", by_provider=False, at=at
            )
        )
    session.commit()
    return {name: rows.table for name, rows in ROWS.items() if name != "import_problems"}


def test_a_run_ends_what_is_over_and_nothing_else(session: Session) -> None:
    tables = old_and_new(session)
    before = {name: len(rows_of(session, table)) for name, table in tables.items()}

    wanted = dict.fromkeys(ROWS, 1)
    assert {k: v for k, v in run(session, dry_run=True).items() if k in ROWS} == wanted
    assert {name: len(rows_of(session, table)) for name, table in tables.items()} == before
    assert {k: v for k, v in run(session).items() if k in ROWS} == wanted

    for name, table in tables.items():
        gone = list(tables.values()).count(table)
        assert len(rows_of(session, table)) == before[name] - gone, name
    assert {row["name"] for row in rows_of(session, Account)} == {"a1", "s0", "s1"}
    assert run(session) == {}, "a second run has nothing left to do"


def test_problems_of_an_import_are_emptied_before_the_import_itself_ends(session: Session) -> None:
    old_and_new(session)
    run(session)
    assert run(session, ON + timedelta(days=8))["import_problems"] == 1
    [row] = rows_of(session, ImportRun)
    assert row["problems"] in ([], "[]")


def test_a_message_that_waits_is_never_ended(session: Session) -> None:
    at = NOW - timedelta(days=4_000)
    session.add(
        Message(
            dedupe_key="m", template="t", channel=Channel.MAIL, language="nl", params={},
            state=MessageState.QUEUED, attempts=0, created_at=at, next_try_at=at,
        )
    )  # fmt: skip
    session.commit()
    assert run(session) == {}


def test_more_rows_than_a_block_end_in_several_transactions(session: Session) -> None:
    at = NOW - timedelta(days=10)
    count = 2 * ROWS_AT_ONCE + 5
    session.add_all(
        IdempotencyRecord(
            key=f"k{number}", route="r", actor="1", request_hash="h",
            state=RequestState.FINISHED, body="{}", created_at=at,
        )
        for number in range(count)
    )  # fmt: skip
    session.commit()

    assert run(session) == {"kept_answers": count}
    counted = session.scalars(
        unscoped(
            select(AuditEntry.count).where(AuditEntry.kind == "idempotency_record"), AuditEntry
        )
    ).all()
    assert sorted(counted) == [5, ROWS_AT_ONCE, ROWS_AT_ONCE]


def test_a_closed_account_stays_while_a_decision_names_it(session: Session) -> None:
    at = NOW - timedelta(days=4_000)
    account = Account(
        name="gone", rights=frozenset({"coach"}), region="demo", language="nl", is_active=False,
        failed_sign_ins=0, created_at=at, updated_at=at,
    )  # fmt: skip
    session.add(account)
    session.flush()
    person = create_candidate(session, OPERATOR, {"reference": "K-1"}, now=NOW)
    session.add(
        Decision(
            region="demo", candidate_id=person.id, subject=DecisionSubject.PLAN, chosen="x",
            accepted=False, reason=DecisionReason.OTHER, facts_checked=(),
            decided_by=account.id, decided_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    assert "closed_accounts" not in run(session)


def test_a_snapshot_stays_while_an_advice_can_be_replayed_on_it(session: Session) -> None:
    at = NOW - timedelta(days=100)
    place = create_vacancy(session, OPERATOR, {**PLACE, "contractor": "Firm"}, now=at)
    open_vacancy(session, OPERATOR, place.id, expected_version=1, now=at)
    person = create_candidate(session, OPERATOR, {**READY, "reference": "K-1"}, now=at)
    kept = assess_candidate(session, OPERATOR, person.id, on=at.date(), now=at)
    session.add(InputSnapshot(hash="f" * 64, kind="places", content={}, created_at=at))
    session.commit()
    before = len(rows_of(session, InputSnapshot))

    assert run(session)["snapshots"] == 1

    assert len(rows_of(session, InputSnapshot)) == before - 1
    assert replay(session, OPERATOR, kept.id)["lane"] == kept.lane


# --- files --------------------------------------------------------------------------------------


def test_a_file_is_erased_a_year_after_the_month_in_which_it_was_closed(session: Session) -> None:
    january = datetime(2026, 1, 20, 9, tzinfo=UTC)
    closed(session, "K-january", january)
    closed(session, "K-march", datetime(2026, 3, 2, 9, tzinfo=UTC))
    create_candidate(session, OPERATOR, {"reference": "K-active"}, now=january)

    assert "closed_files" not in run(session, date(2027, 1, 31))
    assert run(session, date(2027, 2, 1), dry_run=True)["closed_files"] == 1
    assert run(session, date(2027, 2, 1))["closed_files"] == 1
    assert {row["reference"] for row in rows_of(session, Candidate)} == {"K-march", "K-active"}
    assert len(rows_of(session, Tombstone)) == 1
    assert "closed_files" not in run(session, date(2027, 2, 1))


def test_five_and_more_that_ended_alike_are_counted_and_fewer_are_not(session: Session) -> None:
    at = datetime(2026, 1, 20, 9, tzinfo=UTC)
    for number in range(5):
        person = closed(session, f"K-{number}", at, "started_work", **READY)
        assess_candidate(session, OPERATOR, person, on=at.date(), now=at)
    for number in range(4):
        closed(session, f"M-{number}", at, "moved")

    assert run(session)["closed_files"] == 9
    [count] = session.scalars(select(OutcomeCount)).all()
    lanes = {Lane.READY_NOW, Lane.READY_WITH_SUPPORT}
    assert (count.region, count.month, count.closed_code, count.people) == (
        "demo", date(2026, 1, 1), ClosingCode.STARTED_WORK, 5,
    )  # fmt: skip
    assert count.lane in lanes
    assert rows_of(session, Assessment) == []


def test_one_region_can_be_run_alone(session: Session) -> None:
    at = datetime(2025, 1, 20, 9, tzinfo=UTC)
    closed(session, "K-1", at)
    assert run(session, region="haaglanden") == {}
    assert run(session, region="demo") == {"closed_files": 1}


def test_a_run_that_stops_goes_on_where_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.services import retention

    for month in (1, 2, 3):
        closed(session, f"K-{month}", datetime(2025, month, 20, 9, tzinfo=UTC))
    erase, seen = retention.erase_closed_file, []

    def stops(*arguments: Any, **more: Any) -> None:
        if len(seen) == 1:
            raise RuntimeError("the power went off")
        seen.append(arguments)
        erase(*arguments, **more)

    monkeypatch.setattr(retention, "erase_closed_file", stops)
    with pytest.raises(RuntimeError):
        run(session)
    assert len(rows_of(session, Candidate)) == 2
    monkeypatch.undo()
    assert run(session)["closed_files"] == 2


def test_the_log_outlives_what_it_speaks_of_and_ends_after_seven_years(session: Session) -> None:
    closed(session, "K-1", datetime(2025, 1, 20, 9, tzinfo=UTC))
    run(session)
    assert rows_of(session, Candidate) == []
    entries = len(rows_of(session, AuditEntry))
    assert entries > 0
    later = date.today() + timedelta(days=2_558 + 400)  # noqa: DTZ011  entries carry the real time
    assert run(session, later)["log"] >= entries


def test_vacancies_that_are_open_stay(session: Session) -> None:
    at = NOW - timedelta(days=4_000)
    place = create_vacancy(session, OPERATOR, {**PLACE, "contractor": "Firm"}, now=at)
    opened_before_the_questions(session, place.id, now=at)
    assert "vacancies" not in run(session)
    assert len(rows_of(session, Vacancy)) == 1
