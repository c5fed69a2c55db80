"""What people decide about the proposals of a weekly allocation: one by one, or as a list.

Accepting a place asks the candidate, in an introduction; accepting a seat offers it. Nothing else
follows. Whoever decides otherwise gives a reason. Each line is a transaction of its own: what
cannot be stays open and says why, and the rest of a list goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from matcher.models import AllocationLine
from matcher.models.states import DecisionReason, DecisionSubject, ProposalState
from matcher.repositories import weekly as rows
from matcher.repositories import weekly_lines as lines
from matcher.repositories import weekly_taken as taken
from matcher.repositories.weekly_lines import LineRecord
from matcher.services import introductions, seats
from matcher.services.calendar import day_of
from matcher.services.choices import choice
from matcher.services.decisions import NOT_PROPOSED, record_decision
from matcher.services.introduction_checks import NotPossible
from matcher.services.seat_checks import SeatNotPossible
from matcher.services.transactions import unit_of_work
from matcher.services.weekly import CENTRE

ACCEPT = "accept"
LIST_MAXIMUM = 200
"""So many lines can be decided on in one go."""


class ProposalNotPossible(Conflict):
    """The state forbids it; `why` is a code that pages put in words.

    ``decided`` (somebody decided on this line before), ``under_way`` (an introduction of this
    person is under way), ``seated`` (this person has a seat), or a code of ``NotPossible`` or
    ``SeatNotPossible``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS.get(why, "this proposal cannot be accepted any more; run it again"))
        self.why = why


_WORDS = {
    "decided": "somebody decided on this proposal before",
    "under_way": "an introduction of this candidate is under way; wait for what comes of it",
    "seated": "this candidate has a seat in a programme already",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a list: the lines accepted and departed from, and why others could not be."""

    accepted: tuple[int, ...]
    departed: tuple[int, ...]
    not_possible: Mapping[int, str]


def accept(
    session: Session, viewer: Viewer, allocation_id: int, line_id: int, *, now: datetime
) -> LineRecord:
    """Follows one proposal: invites the candidate, or offers the seat.

    ProposalNotPossible when the state forbids it by now; nothing has happened then.
    """
    _check(viewer)
    with unit_of_work(session):
        row, line = _open_line(session, viewer, allocation_id, line_id)
        if line.programme_id is None:
            row.introduction_id = _invited(session, viewer, line, now)
        else:
            row.seat_id = _offered(session, viewer, line, now)
        place = _place_of(session, viewer, line)
        _decide(session, viewer, row, place, place, DecisionReason.AGREES, now)
        return lines.get_line(session, viewer, allocation_id, line_id)[1]


def depart(
    session: Session, viewer: Viewer, allocation_id: int, line_id: int, why: str, *, now: datetime
) -> LineRecord:
    """Decides otherwise about one proposal, with one of the reasons of every decision."""
    _check(viewer)
    reason = choice(DecisionReason, "why", why)
    if reason is DecisionReason.AGREES:
        raise InvalidInput([Problem("why", "must say why this is not proposed")])
    with unit_of_work(session):
        row, line = _open_line(session, viewer, allocation_id, line_id)
        place = _place_of(session, viewer, line)
        _decide(session, viewer, row, NOT_PROPOSED, place, reason, now)
        return lines.get_line(session, viewer, allocation_id, line_id)[1]


def decide_list(
    session: Session,
    viewer: Viewer,
    allocation_id: int,
    wanted: Mapping[int, str],
    *,
    now: datetime,
) -> Outcome:
    """Decides line by line, in their order: ``accept``, or the reason to depart.

    Lines that are not in `wanted` stay open, and so do those that cannot be any more.
    """
    _check(viewer)
    if len(wanted) > LIST_MAXIMUM:
        raise InvalidInput([Problem("lines", f"holds more than {LIST_MAXIMUM} lines")])
    accepted, departed, refused = [], [], {}
    for number, said in sorted(wanted.items()):
        try:
            if said == ACCEPT:
                accept(session, viewer, allocation_id, number, now=now)
                accepted.append(number)
            else:
                depart(session, viewer, allocation_id, number, said, now=now)
                departed.append(number)
        except ProposalNotPossible as error:
            refused[number] = error.why
        except NotFound:
            # Erased, or closed, since the page was read.
            refused[number] = "gone"
    return Outcome(tuple(accepted), tuple(departed), refused)


def _check(viewer: Viewer) -> None:
    if not viewer.has(*CENTRE):
        raise Forbidden("only a triager or a team lead decides about an allocation")


def _open_line(
    session: Session, viewer: Viewer, allocation_id: int, line_id: int
) -> tuple[AllocationLine, LineRecord]:
    rows.find(session, viewer, allocation_id)
    row, line = lines.get_line(session, viewer, allocation_id, line_id, for_update=True)
    if not line.is_proposal:
        raise NotFound("proposal")
    if line.state is not ProposalState.OPEN:
        raise ProposalNotPossible("decided")
    return row, line


def _invited(session: Session, viewer: Viewer, line: LineRecord, now: datetime) -> int:
    if taken.is_under_way(session, line.candidate_id, now):
        raise ProposalNotPossible("under_way")
    try:
        made = introductions.invite(
            session, viewer, line.candidate_id, line.vacancy_id or 0, now=now
        )
    except NotPossible as error:
        raise ProposalNotPossible(error.why) from error
    return made.id


def _offered(session: Session, viewer: Viewer, line: LineRecord, now: datetime) -> int:
    if taken.is_seated(session, line.candidate_id):
        raise ProposalNotPossible("seated")
    if line.starts_on is None or line.starts_on < day_of(now):
        raise ProposalNotPossible("begun")
    try:
        seat = seats.offer(
            session, viewer, line.candidate_id, line.programme_id or 0, line.starts_on, now=now
        )
    except SeatNotPossible as error:
        raise ProposalNotPossible(error.why) from error
    return seat.id


def _place_of(session: Session, viewer: Viewer, line: LineRecord) -> str:
    """The reference of what is decided on: the seat where there is one, else the place."""
    if line.programme_id is not None:
        return lines.programme_names(session, viewer)[line.programme_id].reference
    return lines.place_names(session, viewer)[line.vacancy_id or 0].reference


def _decide(
    session: Session,
    viewer: Viewer,
    row: AllocationLine,
    chosen: str,
    suggested: str,
    reason: DecisionReason,
    now: datetime,
) -> None:
    about = DecisionSubject.PLACE if row.programme_id is None else DecisionSubject.PROGRAMME
    record_decision(
        session,
        viewer,
        row.candidate_id,
        subject=about,
        chosen=chosen,
        suggested=suggested,
        reason=reason,
        text=_FROM,
        now=now,
    )
    row.state = ProposalState.DEPARTED if chosen == NOT_PROPOSED else ProposalState.ACCEPTED
    row.why = reason
    row.decided_by = viewer.account_id
    row.decided_at = now
    session.flush()


_FROM = "Uit de weekverdeling."
"""Said with each of these decisions, so that the candidate reads where it came from."""
