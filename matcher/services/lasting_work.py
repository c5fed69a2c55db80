"""How many people still work at an employer, and for how long: totals, from three people on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.domain.follow_up import month_after
from matcher.reference.follow_up import load_follow_up_terms
from matcher.reference.talent import load_talent_terms
from matcher.repositories import placements as rows


@dataclass(frozen=True, slots=True)
class LastingWork:
    """People at work at a firm today; `total` is None under `least`.

    `lasting` has (months, how many work there so long or longer), the longest first, without what
    is under `least`.
    """

    is_somebody: bool
    total: int | None
    lasting: tuple[tuple[int, int], ...]
    least: int


def lasting_work(session: Session, viewer: Viewer, *, on: date) -> LastingWork:
    """Who works at the viewer's own organisation, in totals; Forbidden for anybody else."""
    if not viewer.has(Right.CONTRACTOR):
        raise Forbidden("only a contractor has this view")
    least = load_talent_terms(on).least_at_work
    starts = rows.starts_at_work(session, viewer, on)
    lasting = [
        (months, sum(month_after(start, months) <= on for start in starts))
        for months in sorted(load_follow_up_terms(on).months, reverse=True)
    ]
    return LastingWork(
        is_somebody=bool(starts),
        total=len(starts) if len(starts) >= least else None,
        lasting=tuple((months, count) for months, count in lasting if count >= least),
        least=least,
    )
