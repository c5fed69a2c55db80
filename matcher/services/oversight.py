"""Whether people still decide themselves: how often the advice is followed, by lane and team.

An advice that is nearly always followed is the decision itself (practice.md section 7, 5). Figures
are those of a region, never of one member of staff (section 7, 16).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.domain.vocabulary import Lane
from matcher.reference.oversight import OversightTerms, load_oversight_terms
from matcher.repositories import oversight as rows

OVERSEERS = (Right.OFFICER, Right.ANALYST, Right.LEAD)
"""Who sees the figures of the region."""
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class LaneFigure:
    """One lane: `same` of `count` followed or equalled the advice.

    All three numbers are None where there are too few to be shown without pointing at somebody.
    `is_alarm` says that it is followed so often that somebody has to look.
    """

    lane: Lane
    count: int | None
    same: int | None
    percent: int | None
    is_alarm: bool = False


def acceptance(session: Session, viewer: Viewer, *, on: date) -> list[LaneFigure]:
    """For each lane, how many of the last decisions on it took the suggestion."""
    region, terms = _region_of(viewer), load_oversight_terms(on)
    return [_acceptance(session, region, lane, terms) for lane in Lane]


def _acceptance(session: Session, region: str, lane: Lane, terms: OversightTerms) -> LaneFigure:
    found = rows.last_decisions(session, region, lane, terms.last_decisions)
    staff = {decided.decided_by for decided in found if decided.decided_by is not None}
    if len(found) < terms.least_decisions or len(staff) < terms.least_staff:
        return LaneFigure(lane, None, None, None)
    same = sum(decided.accepted for decided in found)
    is_alarm = len(found) >= terms.last_decisions and same * _WHOLE >= terms.alarm_percent * len(
        found
    )
    return LaneFigure(lane, len(found), same, _percent(same, len(found)), is_alarm)


def agreement(session: Session, viewer: Viewer, *, on: date) -> list[LaneFigure]:
    """For each lane, how many of the last own choices were the same as the advice."""
    region, terms = _region_of(viewer), load_oversight_terms(on)
    found = {lane: rows.last_choices(session, region, lane, terms.last_decisions) for lane in Lane}
    return [
        LaneFigure(lane, None, None, None)
        if len(same) < terms.least_choices
        else LaneFigure(lane, len(same), sum(same), _percent(sum(same), len(same)))
        for lane, same in found.items()
    ]


def _percent(part: int, whole: int) -> int:
    # Rounded down: 94.9 is not yet 95.
    return part * _WHOLE // whole


def _region_of(viewer: Viewer) -> str:
    if not viewer.has(*OVERSEERS) or viewer.region is None:
        raise Forbidden("only who oversees a region sees its figures")
    return viewer.region
