"""What is wrong with a cohort's data before anything is learned: leaks, drift, gaps, constants.

A `stop` is refused: what was dated after the day of intake cannot have been known then. An `alarm`
lets the run go on, is told, and bars promotion. A `note` is worth knowing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from matcher.domain.errors import InvalidInput, Problem
from training.cells import Floats, day_text
from training.cohort import CATEGORY, DATE
from training.dataset import Dataset
from training.evaluation import ALARM_AUC
from training.metrics import Ranked

STOP: Final = "stop"
ALARM: Final = "alarm"
NOTE: Final = "note"

MUCH_UNKNOWN: Final = 0.5
GAP_OF_UNKNOWN: Final = 0.1
"""Difference in the share of unknowns between the two outcomes that is told."""
DRIFT: Final = 0.25
"""Population stability index over which a feature has moved, by custom of the field."""
FEWEST: Final = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: how grave, what kind, which column, and a sentence."""

    gravity: str
    kind: str
    column: str
    sentence: str


def check(data: Dataset) -> list[Finding]:
    """Everything found, the gravest first."""
    findings = [
        *_dated_after_intake(data),
        *_nearly_the_outcome(data),
        *_unknowns(data),
        *_constants(data),
        *_drift(data),
        *_twins(data),
    ]
    order = (STOP, ALARM, NOTE)
    return sorted(findings, key=lambda finding: order.index(finding.gravity))


def stop_if_leaking(findings: list[Finding]) -> None:
    """Raises `InvalidInput` with every finding that is a stop."""
    stops = [finding for finding in findings if finding.gravity == STOP]
    if stops:
        raise InvalidInput([Problem(finding.column, finding.sentence) for finding in stops])


def findings_document(data: Dataset, findings: list[Finding]) -> dict[str, Any]:
    """`checks.json`."""
    missing = {
        feature.name: round(float(np.isnan(data.x[:, index]).mean()), 6)
        for index, feature in enumerate(data.features)
    }
    return {
        "rows": data.rows,
        "left_out": {why: count for why, count in data.left_out.items() if count},
        "notes": data.notes,
        "unknown_share": missing,
        "findings": [asdict(finding) for finding in findings],
    }


def _dated_after_intake(data: Dataset) -> Iterator[Finding]:
    """What was observed after the day of intake, by its own date or by the one beside it."""
    if data.days is None:
        return
    observed: dict[str, Floats] = dict(data.dated)
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        if column.kind == DATE:
            observed[feature.name] = data.days - data.x[:, index]
    for name, days in observed.items():
        late = np.flatnonzero(days > data.days)
        if late.size:
            first = int(late[0])
            sentence = (
                f"row {int(data.numbers[first])} was dated {day_text(days[first])}, after the "
                f"intake of {day_text(data.days[first])} ({late.size} rows in all): it was not "
                "known then; take the value of the intake day, or leave the feature out"
            )
            yield Finding(STOP, "leak", name, sentence)


def _nearly_the_outcome(data: Dataset) -> Iterator[Finding]:
    """A feature, or its being unknown, that alone tells the outcomes apart."""
    if not data.is_binary or len(np.unique(data.y)) < 2:
        return
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        values = data.x[:, index]
        unknown = np.isnan(values)
        if unknown.all():
            continue
        score = _by_level(values, data) if column.kind == CATEGORY else values
        filled = np.where(unknown, np.nanmedian(score), score)
        alone = Ranked(data.y, filled).auc()
        gaps = Ranked(data.y, unknown.astype(float)).auc()
        for what, auc in (("alone", alone), ("by being unknown", gaps)):
            found = max(auc, 1 - auc)
            if found > ALARM_AUC:
                sentence = (
                    f"tells the outcome {what} with an AUC of {found:.3f}: it nearly is the "
                    "outcome, or was written down after it; check when it is known"
                )
                yield Finding(ALARM, "leak", feature.name, sentence)
                break


def _by_level(values: Floats, data: Dataset) -> Floats:
    """The success rate of a row's level among the others of that level, so that rare ones tell
    nothing."""
    known = ~np.isnan(values)
    index = np.where(known, values, 0).astype(np.int64)
    size = np.bincount(index[known], minlength=index.max() + 1)
    good = np.bincount(index[known], weights=data.y[known], minlength=index.max() + 1)
    mean = data.y.mean()
    # Ten average people more in each level; the row itself is left out of its own.
    rate = (good[index] - data.y + 10 * mean) / (size[index] - 1 + 10)
    return np.where(known, rate, np.nan)


def _unknowns(data: Dataset) -> Iterator[Finding]:
    for index, feature in enumerate(data.features):
        unknown = np.isnan(data.x[:, index])
        share = float(unknown.mean())
        if share > MUCH_UNKNOWN:
            sentence = f"is unknown in {share:.0%} of the rows; what is learned rests on the rest"
            yield Finding(NOTE, "missing", feature.name, sentence)
        both = data.is_binary and min((data.y == 1).sum(), (data.y == 0).sum()) >= FEWEST
        if both and share > 0:
            good, bad = unknown[data.y == 1].mean(), unknown[data.y == 0].mean()
            if abs(good - bad) > GAP_OF_UNKNOWN:
                sentence = (
                    f"is unknown for {good:.0%} of those who succeeded and {bad:.0%} of the "
                    "others: being unknown tells something; check how it is asked"
                )
                yield Finding(NOTE, "missing", feature.name, sentence)


def _constants(data: Dataset) -> Iterator[Finding]:
    for index, feature in enumerate(data.features):
        known = data.x[:, index][~np.isnan(data.x[:, index])]
        if len(np.unique(known)) <= 1 and len(known) == data.rows:
            yield Finding(NOTE, "constant", feature.name, "is the same in every row: tells nothing")
        elif not len(known):
            yield Finding(NOTE, "missing", feature.name, "is unknown in every row: tells nothing")


def _drift(data: Dataset) -> Iterator[Finding]:
    """Features whose spread in the last quarter of the days is another than before."""
    if data.days is None or len(np.unique(data.days)) < 2:
        return
    later = data.days >= np.quantile(data.days, 0.75)
    if min(later.sum(), (~later).sum()) < 4 * FEWEST:
        return
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        moved = stability_index(
            data.x[~later, index], data.x[later, index], is_category=column.kind == CATEGORY
        )
        if moved > DRIFT:
            sentence = (
                f"has moved: stability index {moved:.2f} between the first three quarters of the "
                "days and the last; what was learned may not hold"
            )
            yield Finding(NOTE, "drift", feature.name, sentence)


def stability_index(before: Floats, after: Floats, *, is_category: bool) -> float:
    """Population stability index over tenths of `before`, or over its levels; unknown is a bin."""
    known = before[~np.isnan(before)]
    tenths = np.quantile(known, np.arange(0.1, 1, 0.1)) if known.size else known
    edges = np.unique(known if is_category else tenths)

    def shares(values: Floats) -> Floats:
        bins = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values))
        counts = np.bincount(bins.astype(np.int64), minlength=len(edges) + 2)
        return (counts + 0.5) / (len(values) + 0.5 * len(counts))

    first, second = shares(before), shares(after)
    return float(((second - first) * np.log(second / first)).sum())


def _twins(data: Dataset) -> Iterator[Finding]:
    """Features that say the same twice."""
    seen: dict[bytes, str] = {}
    for index, feature in enumerate(data.features):
        key = np.ascontiguousarray(data.x[:, index]).tobytes()
        first = seen.setdefault(key, feature.name)
        if first != feature.name:
            yield Finding(NOTE, "duplicate", feature.name, f"holds the same as {first}")
