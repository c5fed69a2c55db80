"""A cohort as its file describes it: which table, which outcome, which features, judged how.

Everything that a run depends on stands here, in the data and in the seed; nothing reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from matcher.scoring.manifest import RANKS

NUMBER: Final = "number"
BOOLEAN: Final = "boolean"
CATEGORY: Final = "category"
DATE: Final = "date"

TEMPORAL: Final = "temporal"
REPEATED: Final = "repeated"
GROUPED: Final = "grouped"

IMPUTATIONS: Final = ("none", "median", "mean", "zero", "constant", "mode", "flag", "level")
"""What stands in for an unknown: nothing (there must be none), a middle value, nought, a constant,
the commonest level, the median with a flag beside it, or a level of its own."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One column to learn from. `monotone` is 1, -1 or 0; `kind` None is found from the cells.

    `dated` names a column with the day that the value was observed; `levels` order words from low
    to high; `is_proxy` marks what may stand in for membership of a group.
    """

    name: str
    column: str
    kind: str | None
    monotone: int
    imputation: str
    constant: float | str | None = None
    levels: tuple[str, ...] = ()
    dated: str | None = None
    dimension: str | None = None
    is_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is predicted: the cell itself when it has two values, else what lies over a bound.

    `horizon_days` after the day of intake it is known; `positive` names the cell that counts as 1.
    """

    name: str
    horizon_days: int = 0
    above: float | None = None
    at_least: float | None = None
    positive: str | None = None


@dataclass(frozen=True, slots=True)
class AuditGroup:
    """Membership that is audited and never learned from; numbers are cut at `bands`."""

    name: str
    column: str
    bands: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """How the judged rows are kept apart from the learned ones."""

    kind: str
    folds: int = 5
    repeats: int = 3
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """Who was treated, and the features that say why when it was not by lot.

    `whom` is ``all`` (the average effect) or ``treated`` (the effect on those who were).
    """

    column: str
    model: tuple[str, ...] = ()
    is_randomised: bool = True
    whom: str = "all"


@dataclass(frozen=True, slots=True)
class TableSource:
    """Where rows come from: a file, or a data set inside an installed package.

    `where` keeps the rows with those cells; `rename` gives columns other names; `label` is what
    messages call it.
    """

    path: Path | None = None
    package: str | None = None
    data: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    rename: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """How messages call it."""
        return self.path.name if self.path is not None else f"{self.package}/{self.data}"


@dataclass(frozen=True, slots=True)
class Cohort:
    """The whole description; `text` is what the file said, for the run's hash and folder."""

    name: str
    tables: tuple[TableSource, ...]
    outcome: Outcome
    features: tuple[Feature, ...]
    split: Split | None
    seed: int
    text: Mapping[str, Any]
    unit: str | None = None
    as_of: str | None = None
    audit_groups: tuple[AuditGroup, ...] = ()
    treatment: Treatment | None = None
    rule_score: str | None = None
    places_share: float = 0.5
    flag_share: float = 0.25
    lanes: str | None = None
    programmes: str | None = None
    programme_evidence: tuple[tuple[str, str], ...] = ()
    purpose: str = RANKS
    is_synthetic: bool = False
    about: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
