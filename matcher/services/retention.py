"""Ending what was kept long enough, class by class, as ``data/accountability/retention.yaml`` says.

Every block of rows is one transaction: a run that stops goes on where it was, and running twice
does nothing twice. The log gets one entry a rule with how many rows ended, never which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

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
    CandidateAudit,
    Decision,
    DisplacementReport,
    IdempotencyRecord,
    ImportRun,
    InputSnapshot,
    IntakeDraft,
    Introduction,
    Job,
    MatchList,
    Message,
    OutcomeCount,
    Plan,
    PublicContract,
    RememberedColumns,
    RightsChange,
    RuleVersion,
    Seat,
    Shortlist,
    ShortlistLine,
    SignInLink,
    Upload,
    Vacancy,
)
from matcher.models.states import (
    AuditAction,
    CallStatus,
    CandidateStatus,
    ClosingCode,
    MessageState,
    ReportState,
    RuleState,
    SeatState,
    VacancyStatus,
)
from matcher.models.wall import whole_database
from matcher.reference.retention import Ending, RetentionRule, load_retention
from matcher.repositories.tombstones import write_out
from matcher.services import audit, introduction_ends, seat_releases
from matcher.services.erasure import erase_closed_file
from matcher.services.transactions import unit_of_work

ROWS_AT_ONCE = 200
"""One transaction."""
WHY = "ending what was kept long enough"
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """What a rule did, or on a dry run would do: how many rows, kept until before `before`."""

    rule: RetentionRule
    before: date | None
    rows: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one rule: those for which `is_over` holds at a moment."""

    table: type[Base]
    is_over: Callable[[Any, datetime], Condition]
    empties: Mapping[str, Any] | None = None
    key: str = "id"


def _named_by_no_advice(table: Any) -> Condition:
    """No advice was computed on this snapshot, and no set that one was computed on names it."""
    hashes = ("rules_hash", "vacancies_hash", "programmes_hash", "places_hash")
    direct = [
        ~exists().where(getattr(advice, name) == table.hash)
        for advice in (Assessment, MatchList, Plan)
        for name in hashes
    ]
    lists = select(InputSnapshot.content).where(InputSnapshot.kind.in_(_LISTS)).subquery()
    # A set is a JSON text with the hashes of its parts in it.
    in_a_set = exists().where(type_coerce(lists.c.content, Text).contains(table.hash))
    condition = direct[0]
    for part in [*direct[1:], ~in_a_set]:
        condition &= part
    return condition


_LIST: Any = Shortlist.__table__
_LISTS = ("vacancies_list", "programmes_list")

ROWS: Mapping[str, _Rows] = {
    "drafts": _Rows(IntakeDraft, lambda t, at: t.updated_at < at),
    "snapshots": _Rows(
        InputSnapshot, lambda t, at: (t.created_at < at) & _named_by_no_advice(t), key="hash"
    ),
    "call_requests": _Rows(
        CallRequest, lambda t, at: (t.status == CallStatus.DONE) & (t.handled_at < at)
    ),
    "reports_looked_at": _Rows(
        DisplacementReport,
        lambda t, at: t.state.not_in([ReportState.NEW, ReportState.ASKED]) & (t.decided_at < at),
    ),
    "reports_left": _Rows(
        DisplacementReport,
        lambda t, at: t.state.in_([ReportState.NEW, ReportState.ASKED]) & (t.created_at < at),
    ),
    "vacancies": _Rows(
        Vacancy,
        lambda t, at: (
            t.status.in_([VacancyStatus.FILLED, VacancyStatus.WITHDRAWN]) & (t.updated_at < at)
        ),
    ),
    "closed_accounts": _Rows(
        Account,
        lambda t, at: (
            t.is_active.is_(False)
            & (t.updated_at < at)
            & ~exists().where(Decision.decided_by == t.id)
            & ~exists().where(
                RuleVersion.state == RuleState.APPROVED,
                or_(RuleVersion.author_id == t.id, RuleVersion.second_by == t.id),
            )
        ),
    ),
    "tokens": _Rows(ApiToken, lambda t, at: or_(t.expires_at < at, t.revoked_at < at)),
    "rights_changes": _Rows(RightsChange, lambda t, at: t.decided_at < at),
    "kept_answers": _Rows(IdempotencyRecord, lambda t, at: t.created_at < at),
    "import_problems": _Rows(
        ImportRun,
        lambda t, at: (t.finished_at < at) & (func.length(t.problems) > len("[]")),
        empties={"problems": []},
    ),
    "imports": _Rows(ImportRun, lambda t, at: t.finished_at < at),
    "uploads": _Rows(Upload, lambda t, at: t.created_at < at),
    "remembered_columns": _Rows(RememberedColumns, lambda t, at: t.used_at < at),
    "jobs": _Rows(Job, lambda t, at: t.finished_at < at),
    "sessions": _Rows(BrowserSession, lambda t, at: t.seen_at < at),
    "links": _Rows(SignInLink, lambda t, at: t.expires_at < at),
    "attendance_links": _Rows(AttendanceLink, lambda t, at: t.expires_at < at),
    "calendar_links": _Rows(CalendarLink, lambda t, at: or_(t.expires_at < at, t.revoked_at < at)),
    "attendance": _Rows(Attendance, lambda t, at: t.on < at.date()),
    "offers_not_taken": _Rows(
        Seat, lambda t, at: (t.state == SeatState.NOT_TAKEN) & (t.closed_on < at.date())
    ),
    "shortlist_lines": _Rows(
        ShortlistLine,
        lambda t, at: t.shortlist_id.in_(select(_LIST.c.id).where(_LIST.c.drawn_at < at)),
    ),
    "contracts": _Rows(PublicContract, lambda t, at: t.end_on < at.date()),
    "messages": _Rows(
        Message,
        lambda t, at: (
            (t.state != MessageState.QUEUED) & (func.coalesce(t.sent_at, t.created_at) < at)
        ),
    ),
}
"""The rows behind the rules that end rows of one table by themselves."""

ELSEWHERE: Mapping[str, str] = {
    "closed_files": "erases people one by one, counted first",
    "introductions": "is done by the introductions themselves",
    "log": "is done by the log, which has to stay a chain",
}

_TABLES: Mapping[str, tuple[type[Base], ...]] = {
    **{name: (rows.table,) for name, rows in ROWS.items()},
    "closed_files": (Candidate, CandidateAudit),
    "introductions": (Introduction,),
    "log": (AuditEntry,),
}


def rules_of(table: Table, rules: Sequence[RetentionRule]) -> list[RetentionRule]:
    """Those of `rules` that end rows of a table: its own, else of the rows that it goes with."""
    own = [
        rule
        for rule in rules
        if any(model.__table__ is table for model in _TABLES.get(rule.name, ()))
    ]
    parents = {key.column.table for key in table.foreign_keys if key.ondelete == "CASCADE"} - {
        table
    }
    return own or [rule for parent in parents for rule in rules_of(parent, rules)]


def run_retention(
    session: Session, *, on: date, now: datetime, dry_run: bool = False, region: str | None = None
) -> list[RetentionLine]:
    """Ends what is over on `on`; `region` narrows to rows that have a region.

    Seats whose offer passed are given back first, of every region. `dry_run` counts and changes
    nothing.
    """
    if not dry_run:
        seat_releases.end_passed_offers(session, now)
    lines = []
    for rule in load_retention(on):
        if rule.days is None or rule.ending is Ending.WITH_THE_FILE:
            lines.append(RetentionLine(rule, None, 0))
            continue
        before = on - timedelta(days=rule.days)
        if rule.name == "closed_files":
            before = before.replace(day=1)
        rows = _end(session, rule, before, now, dry_run=dry_run, region=region)
        lines.append(RetentionLine(rule, before, rows))
    if not dry_run:
        with unit_of_work(session):
            write_out(session)
    return lines


def _end(
    session: Session,
    rule: RetentionRule,
    before: date,
    now: datetime,
    *,
    dry_run: bool,
    region: str | None,
) -> int:
    moment = datetime.combine(before, time(), UTC)
    if rule.name == "closed_files":
        return _end_files(session, rule, before, now, dry_run=dry_run, region=region)
    if rule.name == "introductions":
        if region is not None:
            return 0
        return (
            _count(
                session, Introduction, Introduction.closed_at <= introduction_ends.kept_since(now)
            )
            if dry_run
            else introduction_ends.expire(session, now)
        )
    if rule.name == "log":
        if region is not None:
            return 0
        if dry_run:
            return _count(session, AuditEntry, AuditEntry.at < moment)
        return audit.forget_before(session, moment)
    rows = ROWS[rule.name]
    table: Any = rows.table
    condition = rows.is_over(table, moment)
    if region is not None:
        if "region" not in table.__table__.columns:
            return 0
        condition &= table.region == region
    if dry_run:
        return _count(session, table, condition)
    return _end_rows(session, rule, rows, condition)


def _count(session: Session, table: Any, condition: Condition) -> int:
    with whole_database(session, WHY):
        statement = select(func.count()).select_from(table.__table__).where(condition)
        return session.connection().scalar(statement) or 0


def _end_rows(session: Session, rule: RetentionRule, rows: _Rows, condition: Condition) -> int:
    table: Any = rows.table.__table__
    key = table.columns[rows.key]
    block = select(key).where(condition).order_by(key).limit(ROWS_AT_ONCE)
    action = AuditAction.ERASE if rows.empties is None else AuditAction.CHANGE
    ended = 0
    while True:
        with unit_of_work(session), whole_database(session, WHY):
            found = session.connection().scalars(block).all()
            if not found:
                return ended
            ended += len(found)
            work = delete(table) if rows.empties is None else update(table).values(rows.empties)
            session.connection().execute(work.where(key.in_(found)))
            query = {"rule": rule.name}
            audit.note(session, action, kind=table.name, query=query, count=len(found))


# --- files of candidates -------------------------------------------------------------------------


def _end_files(
    session: Session,
    rule: RetentionRule,
    before: date,
    now: datetime,
    *,
    dry_run: bool,
    region: str | None,
) -> int:
    """Whole months at once: a month that is only half counted could not be counted any more."""
    condition: Condition = (Candidate.status == CandidateStatus.CLOSED) & (
        Candidate.closed_on < before
    )
    if region is not None:
        condition &= Candidate.region == region
    if dry_run:
        return _count(session, Candidate, condition)
    ended = 0
    for month, of_region in _months(session, condition):
        with unit_of_work(session), whole_database(session, WHY):
            ended += _end_month(session, rule, month, of_region, now)
    return ended


def _months(session: Session, condition: Condition) -> list[tuple[date, str]]:
    with whole_database(session, WHY):
        statement = select(Candidate.closed_on, Candidate.region).where(condition).distinct()
        found = session.connection().execute(statement).all()
    months = {(row.closed_on.replace(day=1), row.region) for row in found if row.closed_on}
    return sorted(months)


def _end_month(
    session: Session, rule: RetentionRule, month: date, region: str, now: datetime
) -> int:
    after = (month + timedelta(days=31)).replace(day=1)
    latest = (
        select(Assessment.lane)
        .where(Assessment.candidate_id == Candidate.id)
        .order_by(Assessment.id.desc())
        .limit(1)
        .correlate(Candidate)
        .scalar_subquery()
    )
    statement = select(Candidate.id, Candidate.closed_code, latest.label("lane")).where(
        Candidate.status == CandidateStatus.CLOSED,
        Candidate.region == region,
        Candidate.closed_on >= month,
        Candidate.closed_on < after,
    )
    rows = session.connection().execute(statement.order_by(Candidate.id)).all()
    counts = Counter((row.closed_code, row.lane) for row in rows)
    for (code, lane), people in counts.items():
        if people >= (rule.smallest_count or 0) and isinstance(code, ClosingCode):
            _add_count(session, region, month, code, lane, people)
    for row in rows:
        erase_closed_file(session, row.id, now=now)
    return len(rows)


def _add_count(
    session: Session, region: str, month: date, code: ClosingCode, lane: Lane | None, people: int
) -> None:
    of_lane = OutcomeCount.lane.is_(None) if lane is None else OutcomeCount.lane == lane
    earlier = session.scalar(
        select(OutcomeCount).where(
            OutcomeCount.region == region,
            OutcomeCount.month == month,
            OutcomeCount.closed_code == code,
            of_lane,
        )
    )
    if earlier is None:
        session.add(
            OutcomeCount(region=region, month=month, closed_code=code, lane=lane, people=people)
        )
    else:
        earlier.people += people
