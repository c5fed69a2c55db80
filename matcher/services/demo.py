"""The demo region in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher.models.states import *  # noqa: F403
from matcher.repositories.records import *  # noqa: F403


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was loaded, and one sign-in a role: (role, name, password)."""

    loaded: bool
    candidates: int
    vacancies: int
    programmes: int
    sign_ins: tuple[tuple[str, str, str], ...]


def load_demo(session: Session, *, on: date, seed: int, now: datetime) -> DemoReport:
    """Region, organisations, one account a role, candidates, vacancies, programmes, assessments; does nothing when the demo region is there."""
    raise NotImplementedError
