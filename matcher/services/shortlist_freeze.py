"""What a place asks stands once its list was asked for: else who drops out tells who cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.errors import Conflict
from matcher.domain.shortlists import DEMANDS, asked_only
from matcher.domain.vacancy import VacancyProfile
from matcher.models import Vacancy
from matcher.repositories import shortlists as rows
from matcher.repositories import vacancies
from matcher.repositories.content import hash_of, to_content


class DemandsStand(Conflict):
    """The list of who fits was asked for: a copy of the place can ask something else."""

    def __init__(self) -> None:
        super().__init__(
            "what this vacancy asks stands, because its shortlist was asked for; make a copy to "
            "ask something else"
        )


def demands_hash(place: VacancyProfile) -> str:
    """The hash of what a place asks: equal for two places that ask the same."""
    return hash_of(to_content(asked_only(place)))


def refuse_other_demands(session: Session, row: Vacancy, values: Mapping[str, Any]) -> None:
    """DemandsStand when `values` would change what a vacancy asks and may not any more."""
    if would_break(rows.frozen(session, [row.id]), row, values):
        raise DemandsStand


def would_break(frozen: Mapping[int, str], row: Vacancy, values: Mapping[str, Any]) -> bool:
    """Whether `values` change what a vacancy asks, of which `frozen` says that it stands."""
    asked = {name: value for name, value in values.items() if name in DEMANDS}
    if row.id not in frozen or not asked:
        return False
    return demands_hash(replace(vacancies.to_profile(row), **asked)) != frozen[row.id]


def standing(session: Session, vacancy_ids: Collection[int]) -> frozenset[int]:
    """Those of these vacancies whose demands stand."""
    return frozenset(rows.frozen(session, vacancy_ids))
