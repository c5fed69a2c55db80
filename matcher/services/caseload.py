"""The lists that a working day starts with: *Vandaag* of a coach, people of a talent centre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.vocabulary import Lane
from matcher.models import Assessment, Candidate
from matcher.reference.codes import load_codes
from matcher.reference.queue import load_queue_terms
from matcher.repositories import advice, drafts
from matcher.repositories import caseload as rows
from matcher.repositories.candidates import to_profile
from matcher.repositories.content import normal, to_content
from matcher.repositories.decisions import standing_lanes
from matcher.repositories.queue import open_elsewhere
from matcher.repositories.records import CentreLine, NextReview, Page, TodayLine
from matcher.services import blind
from matcher.services.audit import note_list
from matcher.services.calendar import day_of
from matcher.services.choices import choice
from matcher.services.near_places import NearPlace, near_places
from matcher.services.rule_versions import rules_on

TODAY_MAXIMUM = 10
REVIEW_AHEAD = timedelta(days=6)
"""Reviews of this week are on the list from Monday on."""
BACK_SINCE = timedelta(days=7)
"""A pause that ended longer ago has been noticed by now."""
SEARCHED = 200
"""So many people of a page are looked at to find who is one step from a place."""
UNASSESSED = "unassessed"
BY_PERSON = "by_person"
SHEETS = frozenset({"agreements"})
"""Drafts that are kept to be printed again; nothing about them is unfinished."""


class Focus(StrEnum):
    """What the list of a talent centre can be narrowed to, beside lane and sector."""

    LONG_WAIT = "long_wait"
    ANSWERS = "answers"
    ONE_STEP = "one_step"


def today_list(
    session: Session,
    viewer: Viewer,
    *,
    on: date,
    limit: int = TODAY_MAXIMUM,
    one_in: int | None = 0,
) -> list[TodayLine]:
    """*Vandaag* of one coach, with the people stood in for: one line a person, ten at most.

    Each is a thing to do. In order: answers that came in, who came back from a pause, whom nobody
    could reach, whose arrival elsewhere was not confirmed, reviews due this week, drafts,
    too little known, newly entered; within each what is due longest first. What was typed last
    about somebody who has no file yet is always among them: it stands nowhere else.
    Nothing here looks at readiness. That too little is known is an advice, and stays out while
    ``blind.asks_first`` (by `one_in`) asks the viewer for an own choice first.
    """
    if viewer.account_id is None:
        return []
    most = min(limit, TODAY_MAXIMUM)
    lines: list[TodayLine] = []
    seen: set[int] = set()
    for line in _today(session, viewer, on, one_in):
        if line.candidate_id is not None:
            if line.candidate_id in seen:
                continue
            seen.add(line.candidate_id)
        lines.append(line)
        if len(lines) == most:
            break
    if len(lines) == most and not any(map(stands_nowhere_else, lines)):
        typed_last = next(filter(stands_nowhere_else, _drafts(session, viewer, {})), lines[-1])
        lines[-1] = typed_last
    shown = {line.candidate_id for line in lines if line.candidate_id is not None}
    note_list(session, viewer, "today", count=len(shown))
    return lines


def stands_nowhere_else(line: TodayLine) -> bool:
    """Whether a line is the only way back to what was typed: about somebody without a file."""
    return line.why == "draft" and line.candidate_id is None


def _today(session: Session, viewer: Viewer, on: date, one_in: int | None) -> Iterator[TodayLine]:
    people = {row.id: row for row in rows.active_caseload(session, viewer)}
    present = {
        key: row
        for key, row in people.items()
        if row.paused_until is None or row.paused_until <= on
    }
    # Who objected to automated suggestions has no advice that could be new, old or incomplete.
    advised = {key: row for key, row in present.items() if not row.manual_only}
    latest = advice.latest_assessments(session, viewer, advised)
    yield from sorted(_answers(advised, latest), key=_due)
    yield from sorted(_returns(present.values(), on), key=_due)
    yield from sorted(_unreached(present.values()), key=_due)
    for arranged, row in open_elsewhere(session, viewer, due_by=on, own=True, limit=TODAY_MAXIMUM):
        yield _line("elsewhere", row, arranged.confirm_by)
    reviews = rows.reviews_due(session, viewer, present, on + REVIEW_AHEAD)
    yield from sorted(
        (_line("review", present[key], day) for key, day in reviews.items()), key=_due
    )
    yield from _drafts(session, viewer, people)
    shown = {
        key: assessment
        for key, assessment in latest.items()
        if assessment.lane is Lane.NOT_ENOUGH_KNOWN
        and not blind.asks_first(session, viewer, assessment.id, on=on, one_in=one_in)
    }
    yield from sorted(_missing(advised, shown), key=_due)
    new = (row for key, row in advised.items() if key not in latest)
    yield from sorted((_line("new", row, day_of(row.created_at)) for row in new), key=_due)


def _drafts(
    session: Session, viewer: Viewer, people: Mapping[int, Candidate]
) -> Iterator[TodayLine]:
    """What the viewer began to fill in, the last first."""
    for draft in reversed(drafts.list_rows(session, viewer, None)):
        if draft.card in SHEETS:
            continue
        person = None if draft.candidate_id is None else people.get(draft.candidate_id)
        yield TodayLine(
            why="draft",
            candidate_id=draft.candidate_id,
            reference=None if person is None else person.reference,
            first_name=None if person is None else person.first_name,
            due_on=day_of(draft.updated_at),
            draft_id=draft.id,
            detail=(draft.card,),
        )


def _answers(present: dict[int, Candidate], latest: dict[int, Assessment]) -> Iterator[TodayLine]:
    """Whose answers changed after the last advice: by a colleague, a file or another system."""
    for key, row in present.items():
        if answered_since_advice(row, latest.get(key)):
            yield _line("answers", row, day_of(row.updated_at))


def answered_since_advice(row: Candidate, assessment: Assessment | None) -> bool:
    """Whether answers changed after the newest advice; None is no advice yet."""
    if assessment is None or assessment.candidate_version == row.version:
        return False
    kept: object = assessment.candidate_input["profile"]
    return kept != to_content(normal(to_profile(row)))


def _returns(people: Iterable[Candidate], on: date) -> Iterator[TodayLine]:
    for row in people:
        if row.paused_until is not None and on - BACK_SINCE < row.paused_until <= on:
            yield _line("returns", row, row.paused_until)


def _unreached(people: Iterable[Candidate]) -> Iterator[TodayLine]:
    """Whom nobody could reach: with the coach who guides them now, a letter is ready."""
    for row in people:
        if row.not_reached >= rows.NOT_REACHED_MAXIMUM:
            yield _line("unreached", row, day_of(row.updated_at))


def _missing(present: dict[int, Candidate], found: dict[int, Assessment]) -> Iterator[TodayLine]:
    for key, assessment in found.items():
        yield _line("missing", present[key], assessment.on, _questions(assessment))


def _line(why: str, row: Candidate, due_on: date, detail: tuple[str, ...] = ()) -> TodayLine:
    return TodayLine(
        why=why,
        candidate_id=row.id,
        reference=row.reference,
        first_name=row.first_name,
        due_on=due_on,
        detail=detail,
    )


def _due(line: TodayLine) -> tuple[date, int]:
    return line.due_on, line.candidate_id or 0


def _questions(assessment: Assessment) -> tuple[str, ...]:
    return tuple(question["field"] for question in assessment.result["ask_next"])


def talent_centre_list(
    session: Session,
    viewer: Viewer,
    *,
    on: date,
    lane: str | None = None,
    sector: str | None = None,
    focus: Focus | None = None,
    cursor: str | None = None,
    limit: int = 50,
    one_in: int | None = 0,
) -> Page[CentreLine]:
    """Active people of the region, longest waiting first; never by readiness.

    `focus` keeps who waits longer than the terms call long, of whom an answer is missing, or who
    is one step from an open place: for the last, `SEARCHED` people are looked at a page, so that a
    page can hold few or none while another follows.

    `lane` is that of the newest assessment, or ``unassessed``; `sector` keeps who wants it: a
    section stands for its divisions, and who wants a section wants each of them. Who could not be
    reached three times comes last: they leave the top, not the list (practice.md section 1).
    While ``blind.asks_first`` (by `one_in`) asks the viewer for an own choice first, a line says
    nothing of our advice; who asks for one lane is told who is in it.
    """
    statement = rows.centre(
        viewer,
        lane=None if lane in (None, UNASSESSED, BY_PERSON) else choice(Lane, "lane", str(lane)),
        unassessed=lane == UNASSESSED,
        by_person=lane == BY_PERSON,
        sector=sector,
        also=_narrowing(session, viewer, focus, on),
    )
    many = SEARCHED if focus is Focus.ONE_STEP else limit
    page = rows.centre_page(session, statement, cursor=cursor, limit=many)
    known = load_codes().list("sectors").codes
    query = {
        "lane": lane,
        "sector": sector if sector is None or sector in known else "unknown",
        "focus": focus,
        "page": None if cursor is None else "next",
    }
    advised = [row.id for row in page.items if not row.manual_only]
    latest = advice.latest_assessments(session, viewer, advised)
    waiting = {
        key
        for key, assessment in latest.items()
        if lane is None and blind.asks_first(session, viewer, assessment.id, on=on, one_in=one_in)
    }
    shown = [to_profile(row) for row in page.items if not row.manual_only and row.id not in waiting]
    near = near_places(session, viewer, shown, on=on)
    people = [row for row in page.items if focus is not Focus.ONE_STEP or row.reference in near]
    note_list(session, viewer, "talent_centre", query=query, count=len(people))
    decided = standing_lanes(session, viewer, [row.id for row in people])
    lines = tuple(
        replace(
            _centre_line(
                row, None if row.id in waiting else latest.get(row.id), on, row.id in waiting
            ),
            near=_near_words(near.get(row.reference)),
            decided=decided.get(row.id),
        )
        for row in people
    )
    return Page(lines, page.next_cursor)


def _narrowing(
    session: Session, viewer: Viewer, focus: Focus | None, on: date
) -> list[ColumnElement[bool]]:
    if focus is Focus.LONG_WAIT:
        return [rows.waits_since_before(on - load_queue_terms(on).long_wait)]
    if focus is Focus.ANSWERS:
        kept = timedelta(
            weeks=rules_on(session, viewer.region or "", on).shelf_life_weeks["rhythm"]
        )
        return [rows.lacks_an_answer(on - kept)]
    return []


def _near_words(near: NearPlace | None) -> tuple[str, str] | None:
    return None if near is None else (near.title or near.vacancy, near.text)


def _centre_line(
    row: Candidate, assessment: Assessment | None, on: date, asks_first: bool
) -> CentreLine:
    waiting = None if row.waiting_since is None else max(0, (on - row.waiting_since).days)
    return CentreLine(
        candidate_id=row.id,
        reference=row.reference,
        first_name=row.first_name,
        lane=None if assessment is None else assessment.lane,
        manual_only=row.manual_only,
        asks_first=asks_first,
        waiting_days=waiting,
        missing=() if assessment is None else _questions(assessment),
        not_reached=row.not_reached,
        paused_until=row.paused_until,
        review_on=None if assessment is None else assessment.review_on,
    )


def lane_counts(session: Session, viewer: Viewer) -> dict[str, int]:
    """How many active people in reach are in each lane; ``unassessed`` for who has none yet.

    ``by_person`` counts who objected to automated suggestions: they are in no lane.
    """
    found = rows.lane_counts(session, viewer)
    counts = {lane.value: found.get(lane, 0) for lane in Lane}
    counts[UNASSESSED] = found.get(None, 0)
    counts[BY_PERSON] = rows.count_by_person(session, viewer)
    return counts


def next_reviews(
    session: Session,
    viewer: Viewer,
    candidate_ids: Iterable[int],
    *,
    on: date,
    one_in: int | None,
) -> dict[int, NextReview]:
    """Lane of the newest assessment and the day to look again, for the people of one page.

    Both are left out while ``blind.asks_first`` (by `one_in`) asks the viewer for an own choice
    first: the day would tell the lane.
    """
    latest = advice.latest_assessments(session, viewer, list(candidate_ids))
    return {
        key: NextReview(None, None)
        if blind.asks_first(session, viewer, row.id, on=on, one_in=one_in)
        else NextReview(row.lane, row.review_on)
        for key, row in latest.items()
    }
