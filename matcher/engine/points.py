"""Points of fit by class of candidates and class of vacancies, from the explained column rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.classes import classes_of, person
from matcher.domain.fit import sector_points
from matcher.domain.pairs import Setting
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.domain.vocabulary import NEED_LEVELS

Points = NDArray[np.int16]


class Kinds:
    """The distinct kinds of vacancies on some fields: a small table of them, and which is which."""

    def __init__(
        self, vacancies: Sequence[VacancyProfile], setting: Setting, names: Sequence[str]
    ) -> None:
        self.rows, classes = classes_of(
            tuple(getattr(v, name) for name in names) for v in vacancies
        )
        kinds = [
            VacancyProfile("", "", "", "", 1, **dict(zip(names, values, strict=True)))
            for values in classes
        ]
        self.table = VacancyTable(kinds, setting)


class PointTables:
    """Tables of points for the vacancies of one country, in hundredths."""

    def __init__(
        self, vacancies: Sequence[VacancyProfile], table: VacancyTable, setting: Setting
    ) -> None:
        self.table = table
        self.setting = setting
        self._kept: dict[tuple[str, Hashable], Points] = {}
        self.needs = Kinds(vacancies, setting, NEED_LEVELS)
        self.week = Kinds(vacancies, setting, ("shifts", "hours_min", "hours_max"))
        self.offer = Kinds(vacancies, setting, ("guidance_hours", "education"))

    def of_level(self, classes: Sequence[tuple[int | None, ...]]) -> Points:
        """Points for the five levels."""
        table = self.needs.table

        def points(levels: tuple[int | None, ...]) -> Any:
            return sum(
                table.level(level, table.needs[name], name)[0]
                for name, level in zip(NEED_LEVELS, levels, strict=True)
            )

        return self._rows("level", classes, points, len(table))

    def of_sector(self, classes: Sequence[tuple[Any, Any]]) -> Points:
        """Points for the sector, by distinct sector."""
        fit, sectors = self.setting.rules.fit, self.table.sectors.values

        def points(answer: tuple[Any, Any]) -> Any:
            who = person(sectors=answer[0], sectors_never=answer[1])
            return [sector_points(who, sector, fit) for sector in sectors]

        return self._rows("sector", classes, points, len(sectors))

    def of_week(self, classes: Sequence[tuple[Any, Any, Any]]) -> Points:
        """Points for the week."""
        table = self.week.table

        def points(answer: tuple[Any, Any, Any]) -> Any:
            low, high, blocked = answer
            return table.week(person(hours_min=low, hours_max=high, blocked=blocked))[0]

        return self._rows("week", classes, points, len(table))

    def of_offer(self, classes: Sequence[tuple[float | None, int | None]]) -> Points:
        """Points for guidance and education."""
        table = self.offer.table

        def points(answer: tuple[float | None, int | None]) -> Any:
            who = person(guidance_need=answer[0], education=answer[1])
            return table.support(who)[0] + table.schooling(who)

        return self._rows("offer", classes, points, len(table))

    def of_occupation(self, classes: Sequence[frozenset[str]]) -> Points:
        """Points for work done before, by distinct occupation."""
        table = self.table

        def points(codes: frozenset[str]) -> Any:
            return table.experience_by_occupation(
                person(occupations=tuple((code, None) for code in codes))
            )

        return self._rows("occupation", classes, points, len(table.occupations.values))

    def _rows(
        self, rule: str, classes: Sequence[Any], points: Callable[[Any], Any], width: int
    ) -> Points:
        """A row for each class; what another block of candidates asked before is kept."""
        found = np.empty((len(classes), width), np.int16)
        for row, answer in enumerate(classes):
            kept = self._kept.get((rule, answer))
            if kept is None:
                kept = self._kept[rule, answer] = np.asarray(points(answer), np.int16)
            found[row] = kept
        return found
