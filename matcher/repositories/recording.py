"""What is done on a session, noted for the log without anybody having to remember it.

Changes are noted as the session flushes them and written before it commits, in the same
transaction: a change stands with its entry, or not at all. Reads of a person are noted by the
roads to one (``matcher.repositories.candidates``), lists by whoever makes one; the edge writes them
before the answer goes out. What was undone is not noted, what was read stays noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from matcher.config import utc_now
from matcher.domain.access import Right, Viewer
from matcher.models import (
    Account,
    Assessment,
    BrowserSession,
    Candidate,
    CandidateAccount,
    Decision,
    ImportRun,
    Introduction,
    Seat,
    SignInLink,
)
from matcher.models.advice import Advice
from matcher.models.base import Purpose
from matcher.models.database import GuardedSession
from matcher.models.states import AuditAction
from matcher.repositories.acting import actor_of
from matcher.repositories.audit_trail import append
from matcher.repositories.recorded_tables import RECORDED, silent_fields

PURPOSES: Mapping[Right | None, Purpose] = {
    None: Purpose.OPERATION,
    Right.COACH: Purpose.GUIDANCE,
    Right.TRIAGER: Purpose.GUIDANCE,
    Right.LEAD: Purpose.GUIDANCE,
    Right.SERVICE_POINT: Purpose.INTRODUCTION,
    Right.CONTRACTOR: Purpose.INTRODUCTION,
    Right.OFFICER: Purpose.ACCOUNTABILITY,
    Right.ANALYST: Purpose.ACCOUNTABILITY,
    Right.CANDIDATE: Purpose.OWN_SAY,
    Right.ADMIN: Purpose.ACCESS,
}
"""What somebody at work by a right is after, unless ``Actor.purpose`` says otherwise."""

QUERY_MAXIMUM = 500
SIGNED_IN, SIGNED_OUT, SIGN_IN_FAILED = "sign_in", "sign_out", "sign_in_failed"

_NOTED = "matcher_noted"
_Entry = dict[str, Any]


@dataclass(slots=True)
class _Noted:
    """What was noted on one session and is not in the log yet."""

    entries: list[_Entry] = field(default_factory=list)
    reads: dict[int, _Entry] = field(default_factory=dict)
    lists: list[_Entry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    """Candidates about whom this piece of work left an entry already."""
    marks: WeakKeyDictionary[SessionTransaction, int] = field(default_factory=WeakKeyDictionary)
    """How many entries there were when each open savepoint began."""


def _noted(session: Session) -> _Noted:
    found: _Noted = session.info.setdefault(_NOTED, _Noted())
    return found


# --- noting -------------------------------------------------------------------------------------


def note_read(session: Session, viewer: Viewer, row: Candidate) -> None:
    """Somebody's file was opened; one entry a piece of work, however often that happens."""
    note_read_of(session, viewer, row.id, row.region)


def note_read_of(session: Session, viewer: Viewer, candidate_id: int, region: str) -> None:
    """Likewise, of what is kept about somebody elsewhere."""
    _noted(session).reads.setdefault(
        candidate_id,
        {
            "action": AuditAction.READ,
            "kind": Candidate.__tablename__,
            "object_id": candidate_id,
            "candidate_id": candidate_id,
            "region": region,
            **_by_viewer(session, viewer),
        },
    )


def note_list(
    session: Session,
    viewer: Viewer,
    kind: str,
    *,
    action: AuditAction = AuditAction.LIST,
    query: Mapping[str, object] | None = None,
    count: int,
    candidate_id: int | None = None,
) -> None:
    """People were shown as a list, or taken along as a file: one entry with how many.

    `query` holds the filters as codes; a filter without a value is left out.
    """
    _noted(session).lists.append(
        {
            "action": action,
            "kind": kind,
            "candidate_id": candidate_id,
            "region": viewer.region,
            "query": query_text(query or {}),
            "count": count,
            **_by_viewer(session, viewer),
        }
    )


def note(session: Session, entry: Mapping[str, Any]) -> None:
    """One more entry with these columns, written when the unit of work commits."""
    _noted(session).entries.append(dict(entry))


def note_created(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """A candidate put in by one statement for many: the entry that the session would make."""
    about: _Entry = {"kind": Candidate.__tablename__, "object_id": number, "candidate_id": number}
    known = {"region": values["region"], "fields": tuple(sorted(_known_of(values)))}
    note(session, {**about, **known, "action": RECORDED[Candidate]})


def query_text(query: Mapping[str, object]) -> str | None:
    """Filters as ``lane=ready_now;status=active``; None without any."""
    parts = [f"{name}={value}" for name, value in sorted(query.items()) if value is not None]
    return ";".join(parts)[:QUERY_MAXIMUM] or None


def settle(session: Session, *, reading: bool) -> bool:
    """Makes entries of what was read, to be written when this unit of work commits.

    `reading` is a piece of work that only shows something: each person read is an entry. Of work
    that changes something, who was changed has an entry already. Returns whether there are any.
    """
    noted = _noted(session)
    reads = noted.reads if reading else noted.reads.keys() - noted.touched
    noted.entries += noted.lists
    noted.entries += [noted.reads[candidate_id] for candidate_id in reads]
    noted.reads, noted.lists, noted.touched = {}, [], set()
    return bool(noted.entries)


def has_notes(session: Session) -> bool:
    """Whether something was read on `session` that is not in the log; if not, work begins anew."""
    noted = _noted(session)
    if noted.reads or noted.lists:
        return True
    noted.touched = set()
    return False


# --- who, by which right, why -------------------------------------------------------------------


def _by_viewer(session: Session, viewer: Viewer) -> _Entry:
    """Who reads, for a session on which nobody was said to be at work."""
    if actor_of(session) is not None:
        return {}
    right = next((right for right in Right if right in viewer.rights), None)
    return {
        "account_id": viewer.account_id,
        "right_used": right if viewer.account_id is not None else None,
    }


def _complete(session: Session, entry: _Entry) -> _Entry:
    actor = actor_of(session)
    common: _Entry = {
        # Without an edge that says so, the clock of the machine is all there is.
        "at": utc_now() if actor is None else actor.at,
        "account_id": None if actor is None else actor.viewer.account_id,
        "right_used": None if actor is None else actor.right,
        "object_id": None,
        "candidate_id": None,
        "region": None if actor is None else actor.viewer.region,
        "fields": (),
        "query": None,
        "count": None,
        "versions": None,
        "request_id": None if actor is None else actor.request_id,
    }
    whole = common | {name: value for name, value in entry.items() if value is not None}
    right = None if whole["right_used"] is None else Right(whole["right_used"])
    purpose = None if actor is None else actor.purpose
    whole.setdefault("purpose", purpose or PURPOSES[right])
    return {**whole, "purpose": str(whole["purpose"]), "right_used": right and right.value}


# --- changes, by construction -------------------------------------------------------------------


@event.listens_for(GuardedSession, "after_flush")
def _note_changes(session: Session, _context: object) -> None:
    entries = _noted(session).entries
    for row in session.new:
        if type(row) in RECORDED:
            entries += _of_new(session, row)
    for row in session.dirty:
        if type(row) in RECORDED:
            entries += _of_changed(session, row, _changed_fields(row))
    for row in session.deleted:
        if type(row) in RECORDED:
            entries.append({**_about(session, row), "action": AuditAction.ERASE})


def _of_new(session: Session, row: Any) -> list[_Entry]:
    entry = {
        **_about(session, row),
        "action": RECORDED[type(row)],
        "versions": _versions(session, row),
    }
    if isinstance(row, BrowserSession):
        entry["kind"] = SIGNED_IN
    if isinstance(row, Candidate):
        # By these names the own view says who put an answer there.
        entry["fields"] = tuple(sorted(_known_fields(row)))
    if isinstance(row, ImportRun):
        entry |= {"count": row.created + row.changed, "query": query_text({"kind": row.kind})}
    return [entry]


def _of_changed(session: Session, row: Any, changed: set[str]) -> list[_Entry]:
    about = _about(session, row)
    found: list[_Entry] = []
    if isinstance(row, BrowserSession):
        ended = "ended_at" in changed and row.ended_at is not None
        return [{**about, "action": AuditAction.SIGN_IN, "kind": SIGNED_OUT}] if ended else []
    if _failed(row, changed):
        found.append({**_signing_in(session, row), "kind": SIGN_IN_FAILED})
    fields = changed - silent_fields(type(row))
    if not fields:
        return found
    if isinstance(row, Introduction | Seat) and _is_candidate(session):
        # What exactly was answered is between the candidate and what they were asked.
        return [*found, {**about, "action": AuditAction.CONSENT}]
    return [*found, {**about, "action": AuditAction.CHANGE, "fields": tuple(sorted(fields))}]


def _failed(row: Any, changed: set[str]) -> bool:
    return (
        isinstance(row, Account) and "failed_sign_ins" in changed and row.failed_sign_ins > 0
    ) or (isinstance(row, SignInLink) and "failed" in changed)


def _is_candidate(session: Session) -> bool:
    actor = actor_of(session)
    return actor is not None and actor.right is Right.CANDIDATE


def _changed_fields(row: Any) -> set[str]:
    state = inspect(row)
    names = state.mapper.column_attrs.keys()
    return {name for name in names if state.attrs[name].history.has_changes()}


def _known_fields(row: Candidate) -> set[str]:
    names = inspect(row).mapper.column_attrs.keys()
    return _known_of({name: getattr(row, name) for name in names})


def _known_of(values: Mapping[str, Any]) -> set[str]:
    empty: tuple[object, ...] = (None, (), frozenset())
    names = values.keys() - silent_fields(Candidate) - {"id"}
    return {name for name in names if values[name] not in empty}


def _about(session: Session, row: Any) -> _Entry:
    if isinstance(row, BrowserSession):
        return _signing_in(session, row)
    if isinstance(row, SignInLink):
        _, region = _account_of(session, row.account_id)
        return {"kind": row.__tablename__, "object_id": row.account_id, "region": region}
    is_person = isinstance(row, Candidate)
    return {
        "kind": row.__tablename__,
        "object_id": row.account_id if isinstance(row, CandidateAccount) else row.id,
        "candidate_id": row.id if is_person else getattr(row, "candidate_id", None),
        "region": getattr(row, "region", None),
    }


def _signing_in(session: Session, row: Any) -> _Entry:
    """An entry about who signs in: the account itself, also while nobody is signed in yet."""
    account_id = row.id if isinstance(row, Account) else row.account_id
    rights, region = _account_of(session, account_id)
    entry: _Entry = {"action": AuditAction.SIGN_IN, "object_id": account_id, "region": region}
    actor = actor_of(session)
    if actor is None or actor.viewer.account_id is None:
        entry["account_id"] = account_id
        entry["right_used"] = next((right for right in Right if right in rights), None)
    return entry


def _account_of(session: Session, account_id: int) -> tuple[frozenset[str], str | None]:
    """Rights and region of an account, past the session: it is in the middle of a flush."""
    table = Account.__table__
    statement = select(table.c.rights, table.c.region).where(table.c.id == account_id)
    found = session.connection().execute(statement).first()
    return (frozenset(), None) if found is None else (found.rights, found.region)


def _versions(session: Session, row: Any) -> str | None:
    """Which rules, artefact and program spoke: of an advice, or of the advice decided on."""
    if isinstance(row, Decision):
        table = Assessment.__table__
        columns = (table.c.rules_slug, table.c.rules_version, table.c.program, table.c.result)
        row = (
            session.connection()
            .execute(select(*columns).where(table.c.id == row.assessment_id))
            .first()
        )
    elif not isinstance(row, Advice):
        return None
    if row is None:
        return None
    result = row.result if isinstance(row.result, dict) else {}
    parts = {
        "rules": f"{row.rules_slug} {row.rules_version}",
        "artefact": result.get("artefact") or "none",
        "program": row.program,
    }
    return ";".join(f"{name}={value}" for name, value in parts.items())[:300]


@event.listens_for(GuardedSession, "do_orm_execute")
def _note_bulk(state: ORMExecuteState) -> Any:
    """A statement that changes or deletes rows unseen is one entry with how many."""
    if state.bind_mapper is None or not (state.is_update or state.is_delete or state.is_insert):
        return None
    table = state.bind_mapper.class_
    if table not in RECORDED:
        return None
    if state.is_insert:
        raise RuntimeError(f"add rows of {table.__tablename__} to the session: each is an entry")
    result = state.invoke_statement()
    values = getattr(state.statement, "_values", None) or {}
    names = {getattr(column, "name", str(column)) for column in values} - silent_fields(table)
    count = getattr(result, "rowcount", 0)
    if count and (names or state.is_delete):
        note(
            state.session,
            {
                "action": AuditAction.CHANGE if state.is_update else AuditAction.ERASE,
                "kind": table.__tablename__,
                "fields": tuple(sorted(names)),
                "count": count,
            },
        )
    return result


# --- writing, and taking back -------------------------------------------------------------------


@event.listens_for(GuardedSession, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    # The session flushes only after this; what it would flush has to be noted first.
    session.flush()
    write(session)


def write(session: Session) -> None:
    """Writes what is noted so far, by whoever is at work now, within the open transaction."""
    noted = _noted(session)
    if noted.entries:
        whole = [_complete(session, entry) for entry in noted.entries]
        noted.entries = []
        append(session, whole)
        noted.touched.update(_candidates_in(whole))


def _candidates_in(entries: Iterable[_Entry]) -> set[int]:
    return {entry["candidate_id"] for entry in entries if entry["candidate_id"] is not None}


@event.listens_for(GuardedSession, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        noted = _noted(session)
        noted.marks[transaction] = len(noted.entries)


@event.listens_for(GuardedSession, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    # Written by now, or undone; what stays would be written with something else later.
    if transaction.parent is None:
        _noted(session).entries.clear()


@event.listens_for(GuardedSession, "after_soft_rollback")
def _take_back(session: Session, previous: SessionTransaction) -> None:
    if previous.nested:
        noted = _noted(session)
        del noted.entries[noted.marks.pop(previous, 0) :]
