"""What changed since somebody's last visit to the queue: the first tab of the talent centre.

The moment is kept per account, and shown to nobody, not even to the account itself: only what
changed after it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.models import Candidate, QueueVisit
from matcher.reference.queue import load_queue_terms
from matcher.repositories import advice
from matcher.repositories import queue as rows
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.caseload import answered_since_advice
from matcher.services.rule_versions import rules_on
from matcher.services.transactions import unit_of_work

SHOWN = 12
"""Lines of one kind; more are said to be there."""
KINDS = ("new", "answers", "seat", "returns", "stale", "unconfirmed")
TRIAGERS = (Right.TRIAGER, Right.LEAD)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: `why` is one of `KINDS`, `on` its day, `detail` the state of a seat."""

    why: str
    candidate_id: int
    reference: str
    first_name: str | None
    on: date
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one visit by kind; `more` names the kinds of which there are further ones."""

    since: datetime
    lines: tuple[ChangeLine, ...]
    more: frozenset[str]

    def of(self, why: str) -> list[ChangeLine]:
        """The lines of one kind."""
        return [line for line in self.lines if line.why == why]


def begin_visit(session: Session, viewer: Viewer, *, now: datetime) -> datetime:
    """The moment since which changes are new to `viewer`; looking again keeps it for a while."""
    if viewer.account_id is None:
        return now
    terms = load_queue_terms(day_of(now))
    with unit_of_work(session):
        row = rows.visit_of(session, viewer.account_id)
        if row is None:
            since = now - terms.first_visit
            # The same account in two windows at once: the first row stands.
            with suppress(IntegrityError), session.begin_nested():
                session.add(
                    QueueVisit(account_id=viewer.account_id, seen_until=since, looked_at=now)
                )
            return since
        if now - row.looked_at >= terms.visit_ends_after:
            row.seen_until = row.looked_at
        row.looked_at = max(now, row.looked_at)
        return row.seen_until


def changes(session: Session, viewer: Viewer, since: datetime, *, now: datetime) -> Changes:
    """What happened after `since` in the viewer's reach: one entry in the log with how many."""
    if not viewer.has(*TRIAGERS):
        raise Forbidden("only a triager or a team lead looks at the queue")
    lines: list[ChangeLine] = []
    more = set()
    for why in KINDS:
        found = list(_of_kind(session, viewer, why, since, now))
        lines += found[:SHOWN]
        if len(found) > SHOWN:
            more.add(why)
    note_list(session, viewer, "talent_centre", query={"view": "changes"}, count=len(lines))
    return Changes(since, tuple(lines), frozenset(more))


def _of_kind(
    session: Session, viewer: Viewer, why: str, since: datetime, now: datetime
) -> Iterator[ChangeLine]:
    seen, today, limit = day_of(since), day_of(now), SHOWN + 1
    if why == "new":
        for row in rows.entered_since(session, viewer, since, limit):
            yield _line(why, row, day_of(row.created_at))
    elif why == "answers":
        found = rows.changed_since(session, viewer, since, 4 * limit)
        for row in _with_new_answers(session, viewer, found):
            yield _line(why, row, day_of(row.updated_at))
    elif why == "seat":
        for seat, row in rows.seats_since(session, viewer, since, limit):
            yield _line(why, row, day_of(seat.updated_at), seat.state.value)
    elif why == "returns":
        for row in rows.back_between(session, viewer, seen, today, limit):
            if row.paused_until is not None:
                yield _line(why, row, row.paused_until)
    elif why == "stale":
        kept = _rhythm_is_kept(session, viewer, today)
        for row in rows.observed_between(session, viewer, seen - kept, today - kept, limit):
            if row.observed_on is not None:
                yield _line(why, row, row.observed_on + kept)
    else:
        for arranged, row in rows.open_elsewhere(session, viewer, due_by=today, limit=limit):
            yield _line(why, row, arranged.confirm_by)


def _rhythm_is_kept(session: Session, viewer: Viewer, on: date) -> timedelta:
    """From the day of observing to the day on which rhythm is unknown again (contract 3)."""
    rules = rules_on(session, viewer.region or "", on)
    return timedelta(weeks=rules.shelf_life_weeks["rhythm"], days=1)


def _with_new_answers(
    session: Session, viewer: Viewer, people: Iterable[Candidate]
) -> Iterator[Candidate]:
    advised = {row.id: row for row in people if not row.manual_only}
    latest = advice.latest_assessments(session, viewer, advised)
    for key, row in advised.items():
        if answered_since_advice(row, latest.get(key)):
            yield row


def _line(why: str, row: Candidate, on: date, detail: str | None = None) -> ChangeLine:
    return ChangeLine(
        why=why,
        candidate_id=row.id,
        reference=row.reference,
        first_name=row.first_name,
        on=on,
        detail=detail,
    )
