"""Which regions there is anything of."""

from __future__ import annotations

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from matcher.models import Candidate, Vacancy
from matcher.repositories.scope import unscoped


def known(session: Session) -> list[str]:
    """The regions that have candidates or vacancies, in alphabetical order."""
    # Names of regions only; what is in them is asked for one region at a time.
    statement = union(select(Candidate.region), select(Vacancy.region))
    return sorted(session.scalars(unscoped(select(statement.subquery()), Candidate, Vacancy)))
