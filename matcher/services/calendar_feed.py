"""The agenda of who guides people: days and neutral words, by a private link of the account.

A calendar program sends no password, so whoever has the link reads it. So there is nothing of
anybody in it: how many contacts, questions or reviews there are on a day, and the way to sign in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden
from matcher.domain.follow_up_tasks import TaskKind
from matcher.models import CalendarLink
from matcher.reference.follow_up import load_follow_up_terms
from matcher.repositories import accounts, feeds
from matcher.repositories import caseload as caseload_rows
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.reach import with_reach
from matcher.services.calendar import day_of
from matcher.services.follow_up import coming_tasks
from matcher.services.links import hash_of
from matcher.services.placements import PLACERS
from matcher.services.transactions import unit_of_work

PATH = "/agenda"
CONTACT, QUESTION, REVIEW = "contact", "question", "review"
KINDS = (CONTACT, QUESTION, REVIEW)


@dataclass(frozen=True, slots=True)
class GivenCalendarLink:
    """A link to hand to one's own calendar program, readable only now."""

    address_path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FeedDay:
    """So many things of one kind on one day; `uid` the same each time."""

    uid: str
    on: date
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar program reads, in the language of the account."""

    language: str
    days: tuple[FeedDay, ...]


def give_link(session: Session, viewer: Viewer, *, now: datetime) -> GivenCalendarLink:
    """A new link of the viewer's own agenda; the one before it works no longer."""
    account_id = _account(viewer)
    secret = secrets.token_urlsafe(32)
    expires_at = now + load_follow_up_terms(day_of(now)).feed_link
    with unit_of_work(session):
        feeds.withdraw(session, account_id, now)
        session.add(
            CalendarLink(
                account_id=account_id,
                secret_hash=hash_of(secret),
                created_at=now,
                expires_at=expires_at,
            )
        )
    return GivenCalendarLink(f"{PATH}/{secret}.ics", expires_at)


def withdraw_link(session: Session, viewer: Viewer, *, now: datetime) -> None:
    """The viewer's link works no longer, from this moment on."""
    account_id = _account(viewer)
    with unit_of_work(session):
        feeds.withdraw(session, account_id, now)


def has_link(session: Session, viewer: Viewer, *, now: datetime) -> bool:
    """Whether a link of the viewer works now."""
    return feeds.has_open(session, _account(viewer), now)


def read_feed(session: Session, secret: str, *, now: datetime) -> Feed | None:
    """What the link of that secret shows; None for one that opens nothing any more."""
    account = feeds.account_of(session, hash_of(secret), now)
    if account is None:
        return None
    viewer = with_reach(session, accounts.to_viewer(account), day_of(now))
    if not viewer.has(*PLACERS):
        return None
    # Whoever has the link reads what its account may, and only days of it.
    act_as(session, Actor(viewer, now))
    on = day_of(now)
    until = on + load_follow_up_terms(on).feed_ahead
    counts: Counter[tuple[date, str]] = Counter()
    for task in coming_tasks(session, viewer, on=on, until=until):
        is_question = task.kind in (TaskKind.OUTCOME, TaskKind.DIFFERS)
        counts[task.due_on, QUESTION if is_question else CONTACT] += 1
    people = [row.id for row in caseload_rows.active_caseload(session, viewer)]
    for day in caseload_rows.reviews_due(session, viewer, people, until).values():
        if day >= on:
            counts[day, REVIEW] += 1
    days = tuple(
        FeedDay(_uid(viewer, day, kind), day, kind, count)
        for (day, kind), count in sorted(counts.items())
    )
    return Feed(viewer.language, days)


def _uid(viewer: Viewer, day: date, kind: str) -> str:
    """The same for the same day and kind, and nothing to read in it."""
    text = f"{viewer.account_id}:{day.isoformat()}:{kind}"
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@matcher"


def _account(viewer: Viewer) -> int:
    if viewer.account_id is None or not viewer.has(*PLACERS):
        raise Forbidden("only who guides people has an agenda here")
    return viewer.account_id
