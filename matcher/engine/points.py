"""Points of fit by class of candidates and class of vacancies, from the explained column rules."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.candidate import CandidateProfile
from matcher.domain.fit import sector_points
from matcher.domain.pairs import Setting
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import NEED_LEVELS

Points = NDArray[np.int16]


class Classes:
    """Values met so far, each with a number."""

    def __init__(self) -> None:
        self.numbers: dict[Hashable, int] = {}

    def number(self, value: Hashable) -> int:
        """The number of `value`, a new one when it was not met before."""
        return self.numbers.setdefault(value, len(self.numbers))

    def values(self) -> list[Any]:
        """The values by number."""
        return list(self.numbers)


class Kinds:
    """The distinct kinds of vacancies on some fields: a small table of them, and which is which."""

    def __init__(
        self, vacancies: Sequence[VacancyProfile], setting: Setting, names: Sequence[str]
    ) -> None:
        classes = Classes()
        self.rows = np.array(
            [classes.number(tuple(getattr(v, name) for name in names)) for v in vacancies],
            np.int32,
        )
        kinds = [
            VacancyProfile("", "", "", "", 1, **dict(zip(names, values, strict=True)))
            for values in classes.values()
        ]
        self.table = VacancyTable(kinds, setting)


class PointTables:
    """Tables of points for the vacancies of one country, in hundredths."""

    def __init__(
        self, vacancies: Sequence[VacancyProfile], table: VacancyTable, setting: Setting
    ) -> None:
        self.table = table
        self.setting = setting
        self.needs = Kinds(vacancies, setting, NEED_LEVELS)
        self.week = Kinds(vacancies, setting, ("shifts", "hours_min", "hours_max"))
        self.offer = Kinds(vacancies, setting, ("guidance_hours", "education"))

    def of_level(self, classes: Sequence[tuple[int | None, ...]]) -> Points:
        """Points for the five levels."""
        table = self.needs.table
        by_level = {
            (name, level): table.level(level, table.needs[name], name)[0]
            for at, name in enumerate(NEED_LEVELS)
            for level in {levels[at] for levels in classes}
        }
        return _points(
            (
                sum(by_level[key] for key in zip(NEED_LEVELS, levels, strict=True))
                for levels in classes
            ),
            len(table),
        )

    def of_sector(self, classes: Sequence[tuple[Any, Any]]) -> Points:
        """Points for the sector, by distinct sector."""
        fit, sectors = self.setting.rules.fit, self.table.sectors.values
        people = (_person(sectors=wishes, sectors_never=never) for wishes, never in classes)
        return _points(
            ([sector_points(person, sector, fit) for sector in sectors] for person in people),
            len(sectors),
        )

    def of_week(self, classes: Sequence[tuple[Any, Any, Any]]) -> Points:
        """Points for the week."""
        table = self.week.table
        people = (
            _person(hours_min=low, hours_max=high, blocked=blocked)
            for low, high, blocked in classes
        )
        return _points((table.week(person)[0] for person in people), len(table))

    def of_offer(self, classes: Sequence[tuple[float | None, int | None]]) -> Points:
        """Points for guidance and education."""
        table = self.offer.table
        people = (_person(guidance_need=need, education=level) for need, level in classes)
        return _points((table.support(p)[0] + table.schooling(p) for p in people), len(table))

    def of_occupation(self, classes: Sequence[frozenset[str]]) -> Points:
        """Points for work done before, by distinct occupation."""
        table = self.table
        people = (_person(occupations=tuple((c, None) for c in codes)) for codes in classes)
        return _points(
            (table.experience_by_occupation(person) for person in people),
            len(table.occupations.values),
        )


def _person(**values: Any) -> CandidateProfile:
    """Somebody of whom only `values` are known, to ask a column rule about those."""
    return CandidateProfile("", "", **values)


def _points(rows: Iterable[Any], width: int) -> NDArray[np.int16]:
    return np.array(list(rows), np.int16).reshape(-1, width)
