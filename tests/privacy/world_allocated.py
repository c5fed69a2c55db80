"""A weekly allocation in the world of canaries, with a pair that was locked beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.services.weekly import ALLOCATE_REGION
from matcher.services.weekly_choices import decide_pair
from matcher.services.weekly_views import allocation_of_job, list_lines

NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)


def allocated(session: Session, world: Any, done: Callable[..., int]) -> None:
    """Allocates by a job that `done` works on; who was invited takes no part in it."""
    lead, dee = world.accounts["lead"], world.people["dee"]
    vacancy = world.ids["contractor"]["vacancy_id"]
    pair = decide_pair(session, lead, dee.number, vacancy, "locked", "knows_more", now=NOW)
    dee.ids["pair_id"] = pair.id
    number = allocation_of_job(session, lead, done(session, lead, ALLOCATE_REGION))
    assert number is not None
    world.ids["lead"] = {"allocation_id": number}
    (line,) = list_lines(session, lead, number).items
    assert line.candidate_id == dee.number
    dee.ids["line_id"] = line.id
