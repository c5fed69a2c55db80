"""A cohort's table as arrays: outcome, features, days, groups and treatment, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.domain.errors import InvalidInput, Problem
from training.cells import Column, Floats, day_of, is_unknown, read_column
from training.cohort import CATEGORY, DATE, Cohort, Feature
from training.table import Table, read_table

UNREADABLE_SHARE: Final = 0.05
"""More cells of a column than this that say nothing: the kind is wrong, not the cells."""

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Dataset:
    """Everything a run reads, rows in the order of the file.

    `x` has a column a feature: numbers, days before intake for a date, the index of the level for
    a category, NaN where unknown. `y` is 0 or 1 (empty when the outcome is an amount without a
    bound), `amount` the outcome as a number. `days` are intake days since 1970. `extra` are
    columns of the treatment model that are no features. `clusters` number the people: the same
    person is never learned from and judged on.
    """

    cohort: Cohort
    features: tuple[Feature, ...]
    columns: tuple[Column, ...]
    x: Floats
    y: Ints
    amount: Floats
    is_binary: bool
    days: Floats | None
    dated: dict[str, Floats]
    clusters: Ints
    has_repeats: bool
    split_groups: Ints | None
    groups: dict[str, Column]
    extra: dict[str, Column]
    treated: Ints | None
    rule: Floats | None
    lanes: Column | None
    programmes: Column | None
    numbers: Ints
    sha256: str
    left_out: dict[str, int]
    notes: list[str]

    @property
    def rows(self) -> int:
        """How many are learned from and judged."""
        return len(self.amount)

    def without(self, names: frozenset[str]) -> Dataset:
        """The same rows with fewer features."""
        keep = [i for i, feature in enumerate(self.features) if feature.name not in names]
        return replace(
            self,
            features=tuple(self.features[i] for i in keep),
            columns=tuple(self.columns[i] for i in keep),
            x=self.x[:, keep],
        )


def wanted_columns(cohort: Cohort) -> set[str]:
    """Every column that the cohort speaks of."""
    named = {feature.column for feature in cohort.features} | {cohort.outcome.name}
    named |= {feature.dated for feature in cohort.features if feature.dated is not None}
    named |= {group.column for group in cohort.audit_groups}
    single = (cohort.unit, cohort.rule_score, cohort.lanes, cohort.programmes)
    named |= {column for column in single if column is not None}
    if cohort.as_of is not None and day_of(cohort.as_of) is None:
        named.add(cohort.as_of)
    if cohort.treatment is not None:
        named |= {cohort.treatment.column, *cohort.treatment.model}
    if cohort.split is not None and cohort.split.column is not None:
        named.add(cohort.split.column)
    return named


def load_dataset(cohort: Cohort, progress: Callable[[int], None] = lambda done: None) -> Dataset:
    """The cohort's rows; `InvalidInput` names every column that cannot be read."""
    table = read_table(cohort.tables, wanted_columns(cohort), progress)
    return _Builder(cohort, table).build()


class _Builder:
    def __init__(self, cohort: Cohort, table: Table) -> None:
        self.cohort = cohort
        self.table = table
        self.problems: list[Problem] = []
        self.notes = [*cohort.warnings, *(str(problem) for problem in table.problems[:20])]
        self.left_out = {"unreadable": len(table.problems)}

    def build(self) -> Dataset:
        cohort, table = self.cohort, self.table
        amount, y, is_binary = self._outcome()
        days = self._days()
        columns = []
        for feature in cohort.features:
            column = self._column(feature.column, feature.kind, feature.levels)
            columns.append(self._against_intake(feature, column, days))
        groups = {group.name: self._column(group.column, None) for group in cohort.audit_groups}
        treated = self._treated()
        known = {feature.column for feature in cohort.features}
        model = cohort.treatment.model if cohort.treatment is not None else ()
        extra = {name: self._column(name, None) for name in model if name not in known}
        rule = None if cohort.rule_score is None else self._column(cohort.rule_score, "number")
        dated = {
            feature.name: self._column(feature.dated, DATE).values
            for feature in cohort.features
            if feature.dated is not None
        }
        if self.problems:
            raise InvalidInput(self.problems)
        keep = self._kept(amount, treated, days)
        clusters = _numbered(table.columns[cohort.unit] if cohort.unit else None, table.rows)
        split_by = cohort.split.column if cohort.split is not None else None
        split_groups = None if split_by is None else _numbered(table.columns[split_by], table.rows)
        x = np.column_stack([column.values for column in columns])[keep]
        kept_clusters = clusters[keep]
        return Dataset(
            cohort=cohort,
            features=cohort.features,
            columns=tuple(replace(c, values=c.values[keep]) for c in columns),
            x=x,
            y=y[keep],
            amount=amount[keep],
            is_binary=is_binary,
            days=None if days is None else days[keep],
            dated={name: values[keep] for name, values in dated.items()},
            clusters=kept_clusters,
            has_repeats=len(np.unique(kept_clusters)) < len(kept_clusters),
            split_groups=None if split_groups is None else split_groups[keep],
            groups={n: replace(c, values=c.values[keep]) for n, c in groups.items()},
            extra={n: replace(c, values=c.values[keep]) for n, c in extra.items()},
            treated=None if treated is None else treated[keep].astype(np.int64),
            rule=None if rule is None else rule.values[keep],
            lanes=self._kept_category(cohort.lanes, keep),
            programmes=self._kept_category(cohort.programmes, keep),
            numbers=np.array(table.numbers, dtype=np.int64)[keep],
            sha256=table.sha256,
            left_out=self.left_out,
            notes=self.notes,
        )

    def _column(self, name: str, kind: str | None, levels: tuple[str, ...] = ()) -> Column:
        column = read_column(self.table.columns[name], kind, levels)
        if column.unreadable:
            first = column.unreadable[0]
            row, cell = self.table.numbers[first], str(self.table.columns[name][first])[:40]
            share = len(column.unreadable) / self.table.rows
            why = f"{cell!r} is no {column.kind}"
            if share > UNREADABLE_SHARE:
                why += (
                    f" and {len(column.unreadable)} more cells are none either; is it a category?"
                )
                self.problems.append(Problem(name, why, row))
            else:
                extra = len(column.unreadable) - 1
                also = f", and {extra} more" if extra else ""
                self.notes.append(f"row {row}, column {name}: {why}; read as unknown{also}")
        return column

    def _kept_category(self, name: str | None, keep: NDArray[np.bool_]) -> Column | None:
        if name is None:
            return None
        column = read_column(self.table.columns[name], CATEGORY)
        return replace(column, values=column.values[keep])

    def _against_intake(self, feature: Feature, column: Column, days: Floats | None) -> Column:
        """A date becomes the days that lie between it and the intake."""
        if column.kind != DATE:
            return column
        if days is None:
            why = "is a date, so as_of must name the day of intake"
            self.problems.append(Problem(feature.name, why))
            return column
        return replace(column, values=days - column.values)

    def _days(self) -> Floats | None:
        as_of = self.cohort.as_of
        if as_of is None:
            return None
        fixed = day_of(as_of)
        if fixed is not None:
            return np.full(self.table.rows, float(fixed))
        return self._column(as_of, DATE).values

    def _treated(self) -> Floats | None:
        treatment = self.cohort.treatment
        if treatment is None:
            return None
        column = self._column(treatment.column, None)
        known = column.values[~np.isnan(column.values)]
        if not set(np.unique(known)) <= {0.0, 1.0}:
            why = "is the treatment, so it must hold two values: treated or not"
            self.problems.append(Problem(treatment.column, why))
        return column.values

    def _outcome(self) -> tuple[Floats, Ints, bool]:
        outcome = self.cohort.outcome
        cells = self.table.columns[outcome.name]
        if outcome.positive is not None:
            wanted = outcome.positive.strip().casefold()
            amount = np.array(
                [
                    np.nan if is_unknown(cell) else float(str(cell).strip().casefold() == wanted)
                    for cell in cells
                ]
            )
        else:
            column = self._column(outcome.name, None)
            if column.kind == CATEGORY:
                levels = " or ".join(column.levels[:6])
                why = f"holds words; say outcome.positive: {levels}"
                self.problems.append(Problem(outcome.name, why))
            amount = column.values
        bound, strict = outcome.above, True
        if bound is None:
            bound, strict = outcome.at_least, False
        known = amount[~np.isnan(amount)]
        if bound is not None:
            y = amount > bound if strict else amount >= bound
        elif set(np.unique(known)) <= {0.0, 1.0}:
            y = amount == 1.0
        else:
            return amount, np.zeros(len(amount), np.int64), False
        return amount, y.astype(np.int64), True

    def _kept(
        self, amount: Floats, treated: Floats | None, days: Floats | None
    ) -> NDArray[np.bool_]:
        """Rows with an outcome, a day and a treatment, each kept once."""
        keep = ~np.isnan(amount)
        self.left_out["outcome unknown"] = int((~keep).sum())
        for what, values in (("treatment unknown", treated), ("day of intake unknown", days)):
            if values is not None:
                self.left_out[what] = int((keep & np.isnan(values)).sum())
                keep &= ~np.isnan(values)
        if self.cohort.unit is not None:
            twice = self._repeated(keep)
            self.left_out["stands twice"] = int(twice.sum())
            keep &= ~twice
        if not keep.any():
            raise InvalidInput([Problem(self.cohort.outcome.name, "is unknown in every row")])
        return keep

    def _repeated(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows that say the very same of the same person as an earlier one."""
        names = sorted(self.table.columns)
        seen: set[tuple[str, ...]] = set()
        twice = np.zeros(len(keep), dtype=bool)
        for index, cells in enumerate(
            zip(*(self.table.columns[name] for name in names), strict=True)
        ):
            key = tuple(str(cell) for cell in cells)
            twice[index] = keep[index] and key in seen
            if keep[index]:
                seen.add(key)
        return twice


def _numbered(cells: list[object] | None, rows: int) -> Ints:
    """A number for each different cell; an empty cell is nobody else's."""
    if cells is None:
        return np.arange(rows, dtype=np.int64)
    place: dict[str, int] = {}
    numbers = []
    for index, cell in enumerate(cells):
        key = f"\0{index}" if is_unknown(cell) else str(cell).strip()
        numbers.append(place.setdefault(key, len(place)))
    return np.array(numbers, dtype=np.int64)
