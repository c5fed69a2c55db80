"""Opening a place in tests: the questions about displacement are answered, then it opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Vacancy
from matcher.models.states import VacancyStatus
from matcher.repositories.records import VacancyRecord
from matcher.repositories.scope import unscoped
from matcher.services import displacement, vacancies
from matcher.services.calendar import day_of


def answer_without_risk(session: Session, viewer: Viewer, vacancy_id: int, now: datetime) -> None:
    """Every question is answered so that there is nothing to look at."""
    asked = displacement.questions_of(session, viewer, vacancy_id, on=day_of(now))
    answers = {
        each.code: next(answer for answer in each.answers if answer not in each.flagged)
        for each in asked
    }
    displacement.answer_check(session, viewer, vacancy_id, answers, {}, now=now)


def open_vacancy(
    session: Session, viewer: Viewer, vacancy_id: int, *, expected_version: int, now: datetime
) -> VacancyRecord:
    """The service's own, after the answers where there are none."""
    if displacement.check_of(session, viewer, vacancy_id) is None:
        answer_without_risk(session, viewer, vacancy_id, now)
    return vacancies.open_vacancy(
        session, viewer, vacancy_id, expected_version=expected_version, now=now
    )


def opened_before_the_questions(session: Session, vacancy_id: int, *, now: datetime) -> int:
    """A place that opened before anybody asked about displacement; its version."""
    row = session.scalars(unscoped(select(Vacancy).where(Vacancy.id == vacancy_id), Vacancy)).one()
    row.status, row.opened_on, row.updated_at = VacancyStatus.OPEN, day_of(now), now
    session.commit()
    return row.version
