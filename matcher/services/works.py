"""*Werkt dit?*: what a programme or an arrangement led to, and what was decided about it.

Every figure is counted from rows, unknown apart from a no, and under ten people no share is said.
On its day an officer decides: go on, change or stop, with a reason; the figures of that day stay
with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.arrangements import Progress, progress_of
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from matcher.domain.follow_up import settle
from matcher.domain.works import Figures, Start, Work, figures_of
from matcher.models import Arrangement, Evaluation, Placement, Programme
from matcher.models.states import ClosingCode, PlacementState, Verdict
from matcher.reference.follow_up import FollowUpTerms, load_follow_up_terms, outcome_meanings
from matcher.repositories import arrangements, placements
from matcher.repositories import works as rows
from matcher.services.calendar import day_of
from matcher.services.checks import checked_texts, refuse
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

READERS = (Right.LEAD, Right.TRIAGER, Right.OFFICER, Right.ANALYST)
PLANNERS = (Right.LEAD, Right.TRIAGER, Right.OFFICER)
"""Who sets the day of a decision."""
REASON_MAXIMUM = 500
_AHEAD = timedelta(days=3 * 366)
_LOST = (ClosingCode.NO_CONTACT, ClosingCode.MOVED, ClosingCode.DIED)
"""Files that closed so cannot be followed: whether somebody works is not known."""


class Subject(StrEnum):
    """What is looked at."""

    PROGRAMME = "programme"
    ARRANGEMENT = "arrangement"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on a day, and why."""

    decide_on: date
    verdict: Verdict
    reason: str
    decided_on: date
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """One programme or arrangement with its figures, and the same figures for all others.

    `decide_on` is the day of the next decision, None when none was set; `version` guards it.
    `progress` is of an arrangement: people placed against its target.
    """

    subject: Subject
    id: int
    name: str
    detail: str | None
    figures: Figures
    others: Figures
    decide_on: date | None
    version: int
    decided: tuple[Decided, ...]
    progress: Progress | None

    def is_due(self, on: date) -> bool:
        """Whether it is to be decided by now."""
        return self.decide_on is not None and self.decide_on <= on


@dataclass(frozen=True, slots=True)
class _Region:
    """What all figures of a region are counted from, read once."""

    terms: FollowUpTerms
    on: date
    starts: Mapping[int, Sequence[Start]]
    works: Mapping[int, Sequence[Work]]
    placed: Sequence[Placement]
    lost: frozenset[int]

    def figures(self, starts: Sequence[Start]) -> Figures:
        """The figures of these starts."""
        return figures_of(
            starts,
            self.works,
            self.lost,
            months=self.terms.months,
            on=self.on,
            smallest=self.terms.smallest,
        )


def look_at_all(session: Session, viewer: Viewer, *, on: date) -> list[Looked]:
    """Programmes that somebody began and arrangements, of the viewer's region: due first."""
    _check(viewer, READERS)
    region = _read(session, viewer, on)
    evaluations = rows.evaluations_of(session, viewer)
    programmes = rows.programmes_of(session, viewer)
    found = [
        *_programmes(region, programmes, evaluations),
        *_arrangements(region, arrangements.list_rows(session, viewer), programmes, evaluations),
    ]
    shown = [one for one in found if one.figures.started or one.decide_on or one.decided]
    return sorted(
        shown, key=lambda one: (not one.is_due(on), one.subject, -one.figures.started, one.name)
    )


def look_at(session: Session, viewer: Viewer, subject: Subject, number: int, *, on: date) -> Looked:
    """One programme or arrangement in reach; NotFound for any other."""
    _check(viewer, READERS)
    region = _read(session, viewer, on)
    evaluations = rows.evaluations_of(session, viewer)
    programmes = rows.programmes_of(session, viewer)
    if subject is Subject.PROGRAMME:
        found = _programmes(region, programmes, evaluations)
    else:
        of_region = arrangements.list_rows(session, viewer)
        found = _arrangements(region, of_region, programmes, evaluations)
    one = next((one for one in found if one.id == number), None)
    if one is None:
        raise NotFound(subject.value)
    return one


def set_day(
    session: Session,
    viewer: Viewer,
    subject: Subject,
    number: int,
    decide_on: date | None,
    *,
    now: datetime,
) -> None:
    """Sets or moves the day on which it is decided whether this goes on."""
    _check(viewer, PLANNERS)
    day = _checked_day(decide_on, day_of(now))
    with unit_of_work(session):
        look_at(session, viewer, subject, number, on=day_of(now))
        earlier = rows.open_evaluation(session, viewer, **_key(subject, number))
        if earlier is None:
            rows.add(session, [_new(viewer, subject, number, day, now)])
        elif earlier.decide_on != day:
            earlier.decide_on, earlier.updated_at = day, now
            session.flush()


def decide(
    session: Session,
    viewer: Viewer,
    subject: Subject,
    number: int,
    verdict: str,
    reason: str | None,
    *,
    next_on: date | None = None,
    expected_version: int,
    now: datetime,
) -> None:
    """An officer decides on or after the day: go on, change or stop, with a reason.

    With `go_on` and `change` comes the day of the next decision. The figures as they are now stay
    with it. Conflict before the day, and when somebody else decided or moved the day meanwhile.
    """
    _check(viewer, (Right.OFFICER,))
    said = choice(Verdict, "verdict", verdict)
    limits = {"reason": REASON_MAXIMUM}
    texts, problems = checked_texts(limits, {"reason": reason}, viewer.language)
    if not problems and not texts.get("reason"):
        problems = [Problem("reason", "is required; say why in a sentence")]
    refuse(problems)
    on = day_of(now)
    with unit_of_work(session):
        looked = look_at(session, viewer, subject, number, on=on)
        row = rows.open_evaluation(session, viewer, **_key(subject, number))
        if row is None or row.decide_on > on or row.version != expected_version:
            raise Conflict("there is nothing to decide here now")
        following = None if said is Verdict.STOP else _checked_day(next_on, on)
        row.verdict, row.reason = said, texts["reason"]
        row.figures = looked.figures.as_mapping()
        row.decided_by, row.decided_at, row.updated_at = viewer.account_id, now, now
        session.flush()
        if following is not None:
            rows.add(session, [_new(viewer, subject, number, following, now)])


# --- counting -------------------------------------------------------------------------------------


def _read(session: Session, viewer: Viewer, on: date) -> _Region:
    """A fixed number of queries, however many programmes there are."""
    region = viewer.region or ""
    meanings = outcome_meanings()
    closed = rows.closed_files(session, region)
    works: dict[int, list[Work]] = {}
    placed: list[Placement] = []
    terms = load_follow_up_terms(on)
    for number, kept in placements.of_people(session, None, region).items():
        for row, answers in kept:
            if row.starts_on > on or row.ended_code == "not_started":
                continue
            said = {
                months: settle(answers.get(months, {}), meanings).works for months in terms.months
            }
            works.setdefault(number, []).append(Work(number, row.starts_on, said))
            placed.append(row)
    for file in closed:
        # Closed with work and without a placement: placed, and not followed after that.
        if file.code is ClosingCode.STARTED_WORK and file.candidate_id not in works:
            works[file.candidate_id] = [Work(file.candidate_id, file.on, {})]
    lost = frozenset(file.candidate_id for file in closed if file.code in _LOST)
    starts = rows.starts_by_programme(session, region, on)
    return _Region(terms, on, starts, works, placed, lost)


def _programmes(
    region: _Region, programmes: Sequence[Programme], evaluations: Sequence[Evaluation]
) -> list[Looked]:
    return [
        Looked(
            subject=Subject.PROGRAMME,
            id=row.id,
            name=row.title or row.reference,
            detail=row.provider,
            figures=region.figures(region.starts.get(row.id, ())),
            others=region.figures(_others(region, {row.id})),
            **_decisions([one for one in evaluations if one.programme_id == row.id]),
            progress=None,
        )
        for row in programmes
    ]


def _others(region: _Region, but: set[int]) -> list[Start]:
    """The starts of all other programmes together, of people who were in none of these."""
    seen = {start.candidate_id for number in but for start in region.starts.get(number, ())}
    return [
        start
        for number, starts in region.starts.items()
        if number not in but
        for start in starts
        if start.candidate_id not in seen
    ]


def _arrangements(
    region: _Region,
    found: Sequence[Arrangement],
    programmes: Sequence[Programme],
    evaluations: Sequence[Evaluation],
) -> list[Looked]:
    looked = []
    for row in found:
        within = {one.id for one in programmes if one.arrangement == row.name}
        direct = [one for one in region.placed if one.arrangement == row.name]
        own = [start for number in within for start in region.starts.get(number, ())]
        began = {start.candidate_id for start in own}
        own += [_as_start(one) for one in direct if one.candidate_id not in began]
        people = {start.candidate_id for start in own}
        others = [start for start in _others(region, within) if start.candidate_id not in people]
        others += [_as_start(one) for one in region.placed if one.candidate_id not in people]
        looked.append(
            Looked(
                subject=Subject.ARRANGEMENT,
                id=row.id,
                name=row.name,
                detail=row.provider,
                figures=region.figures(own),
                others=region.figures(others),
                **_decisions([one for one in evaluations if one.arrangement_id == row.id]),
                progress=_progress(row, direct, region.on),
            )
        )
    return looked


def _as_start(row: Placement) -> Start:
    """Work without a programme before it: the start is the first day of work."""
    return Start(row.candidate_id, row.starts_on, is_over=True, finished=True)


def _progress(row: Arrangement, placed: Sequence[Placement], on: date) -> Progress:
    """Against the target: who was placed in it, and who is not known to have stopped."""
    working = {one.candidate_id for one in placed if one.state is not PlacementState.ENDED}
    return progress_of(
        row.target,
        row.until,
        placed=len({one.candidate_id for one in placed}),
        still_working=len(working),
        on=on,
    )


def _decisions(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    current = next((one for one in evaluations if one.verdict is None), None)
    return {
        "decide_on": None if current is None else current.decide_on,
        "version": 0 if current is None else current.version,
        "decided": tuple(
            Decided(one.decide_on, one.verdict, one.reason or "", day_of(at), one.figures or {})
            for one in evaluations
            for at in (one.decided_at,)
            if one.verdict is not None and at is not None
        ),
    }


# --- shared ---------------------------------------------------------------------------------------


def _key(subject: Subject, number: int) -> dict[str, int | None]:
    of_programme = subject is Subject.PROGRAMME
    return {
        "programme_id": number if of_programme else None,
        "arrangement_id": None if of_programme else number,
    }


def _new(
    viewer: Viewer, subject: Subject, number: int, decide_on: date, now: datetime
) -> Evaluation:
    return Evaluation(
        region=viewer.region,
        **_key(subject, number),
        decide_on=decide_on,
        created_at=now,
        updated_at=now,
    )


def _checked_day(decide_on: date | None, today: date) -> date:
    if decide_on is None or not today <= decide_on <= today + _AHEAD:
        latest = today + _AHEAD
        raise InvalidInput([Problem("decide_on", f"must lie from today to {latest}")])
    return decide_on


def _check(viewer: Viewer, rights: Sequence[Right]) -> None:
    if viewer.region is None or not viewer.has(*rights):
        raise Forbidden("only who plans or reports in a region does this")
