"""Who is learned from and who is judged: never the same person, never the future.

By dates the judged rows are later windows, and only rows whose outcome was known when a window
opened are learned from. Without dates folds are drawn again and again, people (and groups, where
asked) kept whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from matcher.domain.errors import InvalidInput, Problem
from training.cohort import GROUPED, REPEATED, TEMPORAL, Split
from training.dataset import Dataset, Ints

MANY_ROWS = 5_000
"""From here one drawing of the folds says enough."""
VERY_MANY_ROWS = 50_000
LEAST = 40
"""Rows to learn from, below which a fold teaches nothing."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Positions to learn from and to judge on; folds of one `repeat` judge each row once."""

    repeat: int
    number: int
    learn: Ints
    judge: Ints


def split_of(data: Dataset) -> Split:
    """What the cohort asks for, else later windows where dates exist, else repeated folds."""
    if data.cohort.split is not None:
        return data.cohort.split
    if data.days is not None and len(np.unique(data.days)) >= 12:
        return Split(TEMPORAL, folds=4, repeats=1)
    return Split(REPEATED)


def folds_of(data: Dataset) -> list[Fold]:
    """The folds of a data set; a function of data, cohort and seed."""
    split = split_of(data)
    if split.kind == TEMPORAL:
        return _temporal(data, split)
    groups = data.clusters
    if split.kind == GROUPED and data.split_groups is not None:
        groups = data.split_groups
    repeats = 1 if data.rows >= MANY_ROWS else split.repeats
    count = min(split.folds, 3) if data.rows >= VERY_MANY_ROWS else split.folds
    grouped = data.has_repeats or split.kind == GROUPED
    return list(_drawn(data.y, groups if grouped else None, count, repeats, data.cohort.seed))


def inner_folds(data: Dataset, learn: Ints, seed: int) -> list[tuple[Ints, Ints]]:
    """Folds inside the rows to learn from: what settings and calibration are chosen on."""
    grouped = data.has_repeats or data.split_groups is not None
    groups = data.split_groups if data.split_groups is not None else data.clusters
    chosen = groups[learn] if grouped else None
    count = 2 if len(learn) > 20_000 else 5
    found = _drawn(data.y[learn], chosen, count, 1, seed)
    return [(learn[fold.learn], learn[fold.judge]) for fold in found]


def _drawn(y: Ints, groups: Ints | None, count: int, repeats: int, seed: int) -> Iterator[Fold]:
    rarest = int(np.bincount(y, minlength=2).min())
    enough = rarest if groups is None else min(rarest, len(np.unique(groups)))
    if enough < 2:
        why = "has one value in nearly every row: there is nothing to tell apart"
        raise InvalidInput([Problem("outcome", why)])
    count = min(count, enough)
    for repeat in range(repeats):
        state = (seed + 7919 * repeat) % 2**32
        nothing = np.zeros(len(y))
        if groups is None:
            drawn = StratifiedKFold(count, shuffle=True, random_state=state).split(nothing, y)
        else:
            splitter = StratifiedGroupKFold(count, shuffle=True, random_state=state)
            drawn = splitter.split(nothing, y, groups)
        for number, (learn, judge) in enumerate(drawn):
            yield Fold(repeat, number, learn.astype(np.int64), judge.astype(np.int64))


def _temporal(data: Dataset, split: Split) -> list[Fold]:
    """Windows of about equal size over the later part, each judged by what came before it."""
    if data.days is None:
        raise InvalidInput([Problem("split", "temporal needs as_of: the column with the day")])
    first_judged = 1 / (split.folds + 1)
    bounds = np.quantile(data.days, np.linspace(first_judged, 1.0, split.folds + 1))
    folds = []
    for number, (opens, closes) in enumerate(itertools.pairwise(bounds)):
        last = number == split.folds - 1
        judge = (data.days >= opens) & ((data.days <= closes) if last else (data.days < closes))
        known = data.days + data.cohort.outcome.horizon_days < opens
        people = np.unique(data.clusters[judge])
        learn = known & ~np.isin(data.clusters, people)
        both = len(np.unique(data.y[learn])) == 2
        if judge.any() and learn.sum() >= LEAST and both:
            folds.append(Fold(0, number, np.flatnonzero(learn), np.flatnonzero(judge)))
    if not folds:
        why = (
            "leaves no window whose earlier outcomes were known when it opened: bring more months, "
            "a shorter horizon, or ask for repeated folds"
        )
        raise InvalidInput([Problem("split", why)])
    return folds
