"""A row of answers as the numbers that an artefact reads, the same when learning and in service.

A feature gives one or more columns: its value (unknown replaced as declared, and kept within the
range that was learned from), a flag for unknown where the imputation asks for one, or a column a
level for a category. Levels that were rare or never seen share no column: they stand at nought.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from matcher.scoring.refusals import NotPredicted

Answer = float | int | bool | str | date | None
"""A value as the service holds it; None is unknown."""

TRUE_WORDS: Final = frozenset({"1", "true", "t", "yes", "y", "ja", "j", "waar"})
FALSE_WORDS: Final = frozenset({"0", "false", "f", "no", "n", "nee", "onwaar"})


@dataclass(frozen=True, slots=True)
class EncodedFeature:
    """How one feature becomes columns.

    `fill` stands in for an unknown number; `low` and `high` bound what was learned from; `has_flag`
    adds a column that is 1 when unknown. For a category `levels` have a column each, and
    `fill_level` stands in for an unknown (None: it stands at nought, or at its flag).
    """

    name: str
    kind: str
    fill: float = 0.0
    low: float = -math.inf
    high: float = math.inf
    has_flag: bool = False
    levels: tuple[str, ...] = ()
    fill_level: str | None = None

    @property
    def width(self) -> int:
        """Number of columns."""
        values = len(self.levels) if self.kind == "category" else 1
        return values + self.has_flag

    def columns(self, answer: Answer, as_of: date | None) -> list[float]:
        """The columns of one answer; `NotPredicted` names the feature when it cannot be read."""
        if self.kind == "category":
            return self._levels(answer)
        number = self._number(answer, as_of)
        flag = [0.0 if number is not None else 1.0] if self.has_flag else []
        if number is None:
            return [self.fill, *flag]
        return [min(max(number, self.low), self.high), *flag]

    def _levels(self, answer: Answer) -> list[float]:
        known = None if answer is None else level_text(answer)
        level = self.fill_level if known is None else known
        columns = [1.0 if level == each else 0.0 for each in self.levels]
        if self.has_flag:
            columns.append(0.0 if known is not None else 1.0)
        return columns

    def _number(self, answer: Answer, as_of: date | None) -> float | None:
        if answer is None:
            return None
        if self.kind == "date":
            if not isinstance(answer, date) or as_of is None:
                raise NotPredicted(f"{self.name} must be a date, with the day of intake beside it")
            return float((as_of - answer).days)
        if self.kind == "boolean" and isinstance(answer, str):
            word = answer.strip().casefold()
            if word in TRUE_WORDS or word in FALSE_WORDS:
                return float(word in TRUE_WORDS)
        if isinstance(answer, date):
            raise NotPredicted(f"{self.name} must be a number")
        try:
            number = float(answer)
        except ValueError:
            raise NotPredicted(f"{self.name} must be a number") from None
        if not math.isfinite(number):
            raise NotPredicted(f"{self.name} is not a finite number")
        return number

    def to_plain(self) -> dict[str, Any]:
        """As it stands in the artefact; an unbounded side is None."""
        plain = asdict(self)
        plain["low"] = None if math.isinf(self.low) else self.low
        plain["high"] = None if math.isinf(self.high) else self.high
        return plain


def feature_from_plain(plain: Mapping[str, Any]) -> EncodedFeature:
    """The inverse of `EncodedFeature.to_plain`; TypeError or ValueError when it is none."""
    low, high = plain["low"], plain["high"]
    return EncodedFeature(
        name=str(plain["name"]),
        kind=str(plain["kind"]),
        fill=float(plain["fill"]),
        low=-math.inf if low is None else float(low),
        high=math.inf if high is None else float(high),
        has_flag=bool(plain["has_flag"]),
        levels=tuple(str(level) for level in plain["levels"]),
        fill_level=None if plain["fill_level"] is None else str(plain["fill_level"]),
    )


def level_text(value: object) -> str:
    """The one spelling of a category's level: 1, 1.0 and " 1 " are the same."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
