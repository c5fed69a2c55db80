"""Watching an artefact: how far its inputs moved, and whether what it said came true, by month.

What is kept are counts and distances, of which nobody can be read. A person counts once a month,
with the first prediction. Run every night; a month is counted anew until its outcomes are in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from matcher.domain.drift import spread_from_plain, stability_index
from matcher.domain.follow_up import month_after, wilson
from matcher.models import Artefact, ArtefactMonth, Prediction
from matcher.models.wall import whole_database
from matcher.reference.artefact_terms import ArtefactTerms, load_artefact_terms
from matcher.repositories import artefacts as rows
from matcher.repositories import predictions
from matcher.repositories.artefacts import MonthRecord
from matcher.repositories.scope import unscoped
from matcher.services.intake_outcomes import IntakeOutcome, intake_outcomes
from matcher.services.own_outcomes import months_of_outcome, started_and_works
from matcher.services.transactions import unit_of_work

MONTHS_BACK: Final = 36
"""So far back outcomes may still come in."""
WHY: Final = "counting how predictions held"
LOOK, SHIFT, CALIBRATION = "look", "shift", "calibration"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at: inputs that moved (`feature`), or predictions that did not hold."""

    kind: str
    month: date
    feature: str | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """How predictions of a month held: what was said on average, what happened, its interval.

    In ten-thousandths; all None where fewer outcomes are known than are judged on.
    """

    known: int
    unknown: int
    said: int | None
    happened: int | None
    low: int | None
    high: int | None

    @property
    def misses(self) -> bool:
        """Whether what was said lies outside the interval of what happened."""
        if self.said is None or self.low is None or self.high is None:
            return False
        return not self.low <= self.said <= self.high


def held_of(month: MonthRecord, terms: ArtefactTerms) -> Held | None:
    """How the predictions of a month held; None where the outcome is none of this service."""
    told = month.calibration
    if not told:
        return None
    known, unknown = told["known"], told["unknown"]
    if known < terms.least_known:
        return Held(known, unknown, None, None, None, None)
    low, high = wilson(told["happened"], known)
    return Held(
        known,
        unknown,
        said=_share(told["predicted"], known * _MILLION),
        happened=_share(told["happened"], known),
        low=round(low * _WHOLE),
        high=round(high * _WHOLE),
    )


_WHOLE: Final = 10_000
_MILLION: Final = 1_000_000


def _share(part: int, whole: int) -> int:
    return round(_WHOLE * part / whole)


def alerts_of(months: Sequence[MonthRecord], terms: ArtefactTerms) -> list[Alert]:
    """What calls for a look: inputs of the last month that could be judged, and every month within
    the last twelve judged ones of which the outcomes lie elsewhere, the latest first."""
    found = []
    judged = [one for one in months if any(index is not None for index in one.drift.values())]
    for month in judged[-1:]:
        for feature, index in sorted(month.drift.items()):
            if index is not None and index >= terms.look:
                kind = SHIFT if index >= terms.shift else LOOK
                found.append(Alert(kind, month.month, feature, index))
    for month in reversed(_with_outcomes(months, terms)[-_YEAR:]):
        held = held_of(month, terms)
        if held is not None and held.misses:
            found.append(Alert(CALIBRATION, month.month))
    return found


_YEAR: Final = 12


def _with_outcomes(months: Sequence[MonthRecord], terms: ArtefactTerms) -> list[MonthRecord]:
    return [
        one for one in months if (held := held_of(one, terms)) is not None and held.said is not None
    ]


def watch(session: Session, region: str, *, on: date, now: datetime) -> int:
    """Counts every month of every artefact of a region anew; how many months there are."""
    terms = load_artefact_terms(on)
    with unit_of_work(session), whole_database(session, WHY):
        outcomes = {one.candidate_id: one for one in intake_outcomes(session, region, on=on)}
        count = 0
        for artefact in rows.of_region(session, region):
            months = _months(session, artefact, on)
            dated = [(month, _first_of_each(found)) for month, found in sorted(months.items())]
            known = [month for month, _found in dated]
            _forget(session, artefact, known)
            for month, found in dated:
                session.add(
                    ArtefactMonth(
                        region=region,
                        artefact_id=artefact.id,
                        month=month,
                        people=len(found),
                        drift=_drift(artefact, found, terms),
                        calibration=_calibration(artefact, found, outcomes, terms, on),
                        watched_at=now,
                    )
                )
            count += len(dated)
        return count


def _months(session: Session, artefact: Artefact, on: date) -> dict[date, list[Prediction]]:
    first = month_after(on.replace(day=1), -MONTHS_BACK)
    after = month_after(on.replace(day=1), 1)
    found: dict[date, list[Prediction]] = defaultdict(list)
    for row in predictions.of_artefact(session, artefact.id, first, after):
        found[row.on.replace(day=1)].append(row)
    return found


def _first_of_each(found: Iterable[Prediction]) -> list[Prediction]:
    first: dict[int, Prediction] = {}
    for row in found:
        first.setdefault(row.candidate_id, row)
    return list(first.values())


def _forget(session: Session, artefact: Artefact, months: Sequence[date]) -> None:
    statement = delete(ArtefactMonth).where(
        ArtefactMonth.artefact_id == artefact.id, ArtefactMonth.month.in_(months)
    )
    session.execute(unscoped(statement, ArtefactMonth))


def _drift(
    artefact: Artefact, found: Sequence[Prediction], terms: ArtefactTerms
) -> dict[str, int | None]:
    spreads: Mapping[str, Any] = artefact.manifest.get("details", {}).get("spreads", {})
    told: dict[str, int | None] = {}
    for name, plain in spreads.items():
        spread = spread_from_plain(plain)
        values = [row.answers.get(name) for row in found]
        enough = len(found) >= terms.least_people
        told[name] = stability_index(spread, spread.counts(values)) if enough else None
    return told


def _calibration(
    artefact: Artefact,
    found: Sequence[Prediction],
    outcomes: Mapping[int, IntakeOutcome],
    terms: ArtefactTerms,
    on: date,
) -> dict[str, int]:
    months = months_of_outcome(artefact.manifest.get("outcome", {}).get("name"))
    if months is None:
        return {}
    known = happened = predicted = 0
    for row in found:
        one = outcomes.get(row.candidate_id)
        works = None
        if one is not None:
            within = terms.started_within_months
            works = started_and_works(one, months, within_months=within, on=on)
        if works is None:
            continue
        known += 1
        happened += works
        predicted += round(row.result["probability"] * _MILLION)
    return {
        "known": known,
        "unknown": len(found) - known,
        "happened": happened,
        "predicted": predicted,
    }
