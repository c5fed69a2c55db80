"""Introductions in the demo region, one of each kind: asked by the demo coach, all invented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Candidate, Vacancy
from matcher.services import introductions
from matcher.services.transactions import unit_of_work

LONG_AGO = timedelta(days=20)
"""Long enough for an invitation to have expired, and not to be erased yet."""
YESTERDAY = timedelta(days=1)

Pair = tuple[Candidate, Vacancy]


def add_introductions(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    people: Sequence[Candidate],
    places: Sequence[Vacancy],
    now: datetime,
) -> int:
    """Invites some of `people` for `places`, the contractor's own first; returns how many.

    Of the contractor's: one without an answer, one who wants to talk first, one who said yes, and
    one that expired; of another firm one whom it met. Fewer where fewer fit.
    """
    own = [row for row in places if row.organisation_id == contractor.organisation_id]
    others = [row for row in places if row.organisation_id != contractor.organisation_id]
    used: set[int] = set()
    done = 0
    with unit_of_work(session):
        for kind, candidates, at in (
            ("expired", own, now - LONG_AGO),
            ("yes", own, now - YESTERDAY),
            ("talk", own, now - YESTERDAY),
            ("waiting", own, now - YESTERDAY),
            ("met", others, now - YESTERDAY),
        ):
            pair = next(_fitting(session, coach, people, candidates, used, at), None)
            if pair is not None:
                used.add(pair[0].id)
                _introduce(session, coach, pair, kind, at)
                done += 1
    return done


def _fitting(
    session: Session,
    coach: Viewer,
    people: Sequence[Candidate],
    places: Sequence[Vacancy],
    used: set[int],
    at: datetime,
) -> Iterator[Pair]:
    for place in places:
        for person in people:
            if person.id in used:
                continue
            if introductions.why_not_invite(session, coach, person.id, place.id, now=at) is None:
                yield person, place


def _introduce(session: Session, coach: Viewer, pair: Pair, kind: str, at: datetime) -> None:
    person, place = pair
    number = introductions.invite(session, coach, person.id, place.id, now=at).id
    themselves = Viewer(None, frozenset({Right.CANDIDATE}), person.region, candidate_id=person.id)
    if kind == "talk":
        introductions.answer(session, themselves, number, "ask_coach", now=at)
    if kind in ("yes", "met"):
        introductions.answer(session, themselves, number, "yes", now=at)
    if kind == "met":
        firm = Viewer(None, frozenset({Right.CONTRACTOR}), place.region, place.organisation_id)
        introductions.mark_met(session, firm, number, now=at)
