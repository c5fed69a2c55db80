"""Predicting in service: in time and in numbers, or the rules go on alone.

A breaker trips when a prediction is no number, fails, or takes too long; it stays tripped, for
every process, until somebody tries again. A file that is not exactly the one that was registered is
refused on each look, and serves again by itself once it is restored.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import structlog
from sqlalchemy.orm import Session

from matcher.domain.candidate import CandidateProfile
from matcher.models import Artefact
from matcher.models.states import ArtefactState
from matcher.reference.artefact_terms import ArtefactTerms, load_artefact_terms
from matcher.repositories import artefacts as rows
from matcher.scoring.predictor import Prediction, Predictor
from matcher.scoring.refusals import ArtefactRefused, NotPredicted
from matcher.services import artefact_files
from matcher.services.offered import Value, offered_answers

log = structlog.get_logger(__name__)

GAVE_UP, SLOW, NOT_FINITE, FAULT = "gave_up", "slow", "not_finite", "fault"
_GRACE_SECONDS: Final = 0.03
"""Whoever finishes while this thread waits for its turn has not taken too long."""
_MILLI: Final = 1_000

_slow: Counter[int] = Counter()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class InService:
    """One artefact that predicts now; `is_shown` is that it was promoted."""

    id: int
    name: str
    is_shown: bool
    predictor: Predictor


@dataclass(frozen=True, slots=True)
class Made:
    """One prediction that was made, with the answers that went in."""

    artefact: InService
    answers: Mapping[str, Value]
    result: Mapping[str, Any]


@dataclass(slots=True)
class Served:
    """What came of predicting for one person: predictions, and breakers that tripped."""

    made: list[Made] = field(default_factory=list)
    tripped: dict[int, str] = field(default_factory=dict)

    @property
    def shown(self) -> str | None:
        """The name of the promoted artefact that predicted; None is the rules alone."""
        return next((made.artefact.name for made in self.made if made.artefact.is_shown), None)


def in_service(session: Session, region: str) -> list[InService]:
    """The artefacts of a region that predict now; those that are refused or tripped do not."""
    found = []
    for row in rows.in_service(session, region):
        if row.tripped_code is not None:
            continue
        try:
            predictor = predictor_of(session, row)
        except ArtefactRefused as refusal:
            log.warning("artefact_refused", artefact=row.name, code=refusal.code)
            continue
        is_shown = row.state is ArtefactState.PROMOTED
        found.append(InService(row.id, row.name, is_shown, predictor))
    return found


def predictor_of(session: Session, row: Artefact) -> Predictor:
    """The predictor of a registered artefact; ArtefactRefused for a file that is not the one.

    What was learned on made-up people never serves real ones, however it came to be promoted.
    """
    path = artefact_files.file_of(session, row.region, row.name)
    predictor = artefact_files.kept(path, row.manifest_sha256)
    if row.state is ArtefactState.PROMOTED:
        check_provenance(predictor)
    return predictor


def check_provenance(predictor: Predictor) -> None:
    """Refuses an artefact of made-up people where real people are served."""
    if predictor.manifest.is_synthetic and artefact_files.in_production():
        raise ArtefactRefused("synthetic", name=predictor.manifest.file_name)


def serve(artefacts: Sequence[InService], profile: CandidateProfile, on: date) -> Served:
    """Predicts for somebody, whose expired levels were taken out, by each artefact in service."""
    served = Served()
    if not artefacts:
        return served
    answers = offered_answers(profile)
    terms = load_artefact_terms(on)
    for artefact in artefacts:
        asked = {name: answers[name] for name in artefact.predictor.names}
        try:
            prediction = _timed(artefact, asked, on, terms)
        except NotPredicted:
            # Of this one person; the others are not to blame.
            continue
        except _Tripped as tripped:
            log.error("artefact_tripped", artefact=artefact.name, code=tripped.code)
            served.tripped[artefact.id] = tripped.code
            continue
        served.made.append(Made(artefact, asked, result_of(prediction)))
    return served


class _Tripped(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _timed(
    artefact: InService, answers: Mapping[str, Value], on: date, terms: ArtefactTerms
) -> Prediction:
    """One prediction within the time that the page has for it."""
    began = time.perf_counter()
    work = _hands().submit(artefact.predictor.predict, answers, on)
    prediction = _in_time(work, terms.give_up_ms / _MILLI)
    took = (time.perf_counter() - began) * _MILLI
    with _lock:
        _slow[artefact.id] = _slow[artefact.id] + 1 if took > terms.slow_ms else 0
        if _slow[artefact.id] >= terms.slow_in_a_row:
            _slow[artefact.id] = 0
            raise _Tripped(SLOW)
    if not _is_a_number(prediction):
        raise _Tripped(NOT_FINITE)
    return prediction


def _in_time(work: Future[Prediction], seconds: float) -> Prediction:
    for patience in (seconds, _GRACE_SECONDS):
        try:
            return work.result(timeout=patience)
        except TookTooLong:
            continue
        except NotPredicted:
            raise
        except Exception as fault:  # whatever an artefact does, the rules go on
            raise _Tripped(FAULT) from fault
    work.cancel()
    raise _Tripped(GAVE_UP)


def _is_a_number(prediction: Prediction) -> bool:
    """Whether base, parts and probability are whole and finite, and the last lies in 0 to 1."""
    parts = [prediction.base, *(part for _, part in prediction.parts)]
    if not all(isinstance(part, int) and not isinstance(part, bool) for part in parts):
        return False
    probability = prediction.probability
    return math.isfinite(probability) and 0 <= probability <= 1


@lru_cache(maxsize=1)
def _hands() -> ThreadPoolExecutor:
    # A prediction that hangs must not hang the page; its breaker keeps others from joining it.
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="predict")


def result_of(prediction: Prediction) -> dict[str, Any]:
    """What is kept of a prediction: integers that add up, and the probability."""
    return {
        "base": prediction.base,
        "parts": [[name, part] for name, part in prediction.parts],
        "log_odds": prediction.log_odds,
        "probability": prediction.probability,
    }
