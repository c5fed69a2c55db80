"""Predictions kept beside the assessment they were made with, shown where they may be, replayed.

A prediction changes no lane, no readiness, no fit and no order; it stands on the page of one
person, for the coach and the team lead. What a shadow predicts is shown to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import NotFound
from matcher.models import Artefact, Prediction
from matcher.models.wall import whole_database
from matcher.repositories import artefacts
from matcher.repositories import predictions as rows
from matcher.repositories.predictions import PredictionRecord
from matcher.repositories.records import AdviceRecord
from matcher.services import artefact_files
from matcher.services.artefacts import SERVES, Standing, trip
from matcher.services.predicting import Served, result_of
from matcher.services.transactions import unit_of_work

WHY = "keeping what was predicted beside the advice"


def keep(session: Session, served: Iterable[tuple[Any, Served]], *, now: datetime) -> None:
    """Keeps what was predicted with each kept assessment, and notes the breakers that tripped."""
    found = [(kept, one) for kept, one in served if one.made or one.tripped]
    if not found:
        return
    known = rows.kept_for(session, [kept.id for kept, _one in found])
    new = [
        {
            "region": kept.region,
            "candidate_id": kept.candidate_id,
            "assessment_id": kept.id,
            "artefact_id": made.artefact.id,
            "on": kept.on,
            "is_shown": made.artefact.is_shown,
            "answers": dict(made.answers),
            "result": dict(made.result),
            "created_at": now,
        }
        for kept, one in found
        for made in one.made
        if (kept.id, made.artefact.id) not in known
    ]
    tripped = {key: code for _kept, one in found for key, code in one.tripped.items()}
    if not new and not tripped:
        return
    with unit_of_work(session), whole_database(session, WHY, Artefact, Prediction):
        rows.keep(session, new)
        for key, code in tripped.items():
            trip(session, key, code, now=now)


def shown_beside(
    session: Session, viewer: Viewer, kept: AdviceRecord, standing: Standing
) -> PredictionRecord | None:
    """What the artefact that serves said beside a kept assessment; None where it does not serve.

    For whoever advises one person; nobody who puts people in order is given it. What was taken
    back is gone from the page at once, also where the assessment is of before.
    """
    artefact = kept.result.get("artefact")
    if artefact is None or standing.state != SERVES or standing.artefact != artefact:
        return None
    return rows.shown_beside(session, viewer, kept.id, artefact)


def shown_of(session: Session, viewer: Viewer, candidate_id: int) -> list[PredictionRecord]:
    """All that was shown about somebody in reach, for the copy of the own file."""
    return rows.shown_of(session, viewer, candidate_id)


def replay(session: Session, prediction_id: int) -> tuple[bytes, bytes]:
    """A kept prediction and the same made again, as bytes; they are equal.

    NotFound for a number that is none; ArtefactRefused when its file is not the one any more.
    """
    row = rows.find_row(session, prediction_id)
    if row is None:
        raise NotFound("prediction")
    artefact = artefacts.numbered_row(session, row.artefact_id)
    path = artefact_files.file_of(session, artefact.region, artefact.name)
    predictor = artefact_files.kept(path, artefact.manifest_sha256)
    again = result_of(predictor.predict(row.answers, row.on))
    return _bytes(row.result), _bytes(again)


def _bytes(result: Any) -> bytes:
    return json.dumps(result, sort_keys=True, separators=(",", ":")).encode()
