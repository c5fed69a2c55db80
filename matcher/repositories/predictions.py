"""Predictions that were kept: beside an assessment, by artefact, and by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models import Artefact, Prediction
from matcher.repositories.records import Record
from matcher.repositories.scope import numbered, scoped, unscoped

_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PredictionRecord(Record):
    """One prediction that may be shown, with what it was learned on."""

    id: int
    candidate_id: int
    assessment_id: int
    on: date
    artefact: str
    is_synthetic: bool
    outcome: dict[str, Any]
    log_odds: int
    probability: float
    parts: list[tuple[str, int]]


def kept_for(session: Session, assessment_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(assessment, artefact) of what is kept already; for the service itself."""
    statement = select(Prediction.assessment_id, Prediction.artefact_id).where(
        Prediction.assessment_id.in_(list(assessment_ids))
    )
    rows = session.execute(unscoped(statement, Prediction))
    return {(assessment, artefact) for assessment, artefact in rows}


def keep(session: Session, rows: list[dict[str, Any]]) -> None:
    """Keeps predictions, each once, also when somebody else keeps the same meanwhile."""
    if rows:
        insert = _INSERT[session.get_bind().dialect.name]
        session.execute(insert(Prediction).values(rows).on_conflict_do_nothing())


def shown_of(session: Session, viewer: Viewer, candidate_id: int) -> list[PredictionRecord]:
    """What was shown about somebody in reach, the latest first."""
    statement = select(Prediction).where(Prediction.candidate_id == candidate_id)
    rows = session.scalars(scoped(statement, viewer, Prediction).order_by(Prediction.id.desc()))
    return _records(session, list(rows))


def shown_beside(
    session: Session, viewer: Viewer, assessment_id: int, artefact: str
) -> PredictionRecord | None:
    """What the promoted artefact of that name said beside an assessment in reach."""
    statement = select(Prediction).where(Prediction.assessment_id == assessment_id)
    rows = list(session.scalars(scoped(statement, viewer, Prediction)))
    return next((row for row in _records(session, rows) if row.artefact == artefact), None)


def _records(session: Session, rows: list[Prediction]) -> list[PredictionRecord]:
    # The name of an artefact is for everybody who may see what it said.
    wanted = select(Artefact).where(Artefact.id.in_({row.artefact_id for row in rows}))
    known = {row.id: row for row in session.scalars(unscoped(wanted, Artefact))} if rows else {}
    return [
        PredictionRecord(
            id=row.id,
            candidate_id=row.candidate_id,
            assessment_id=row.assessment_id,
            on=row.on,
            artefact=known[row.artefact_id].name,
            is_synthetic=known[row.artefact_id].is_synthetic,
            outcome=known[row.artefact_id].manifest["outcome"],
            log_odds=row.result["log_odds"],
            probability=row.result["probability"],
            parts=[(name, part) for name, part in row.result["parts"]],
        )
        for row in rows
    ]


def find_row(session: Session, prediction_id: int) -> Prediction | None:
    """One prediction, of a shadow too; for the service that makes it again."""
    statement = select(Prediction).where(numbered(Prediction, prediction_id))
    return session.scalar(unscoped(statement, Prediction))


def of_artefact(
    session: Session, artefact_id: int, since: date, before: date
) -> Iterator[Prediction]:
    """The first prediction of everybody by one artefact in a period; for counts alone."""
    last = 0
    while True:
        statement = (
            select(Prediction)
            .where(
                Prediction.artefact_id == artefact_id,
                Prediction.on >= since,
                Prediction.on < before,
                Prediction.id > last,
            )
            .order_by(Prediction.id)
            .limit(_ROWS_AT_ONCE)
        )
        rows = list(session.scalars(unscoped(statement, Prediction)))
        yield from rows
        if len(rows) < _ROWS_AT_ONCE:
            return
        last = rows[-1].id
