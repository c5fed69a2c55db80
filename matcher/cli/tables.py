"""Input tables of commands: read, reported a line a problem, and never silently empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from matcher.cli.output import Progress, tell_problems
from matcher.domain.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from matcher.domain.candidate import CandidateProfile
    from matcher.domain.decided_pairs import DecidedPair
    from matcher.domain.programme import Programme
    from matcher.domain.vacancy import VacancyProfile
    from matcher.files.results import Loaded, Options
    from matcher.files.source import Source
    from matcher.services.obligation import Numbered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables that one command reads: their names, and how strictly."""

    candidates: str
    vacancies: str | None = None
    programmes: str | None = None
    strict: bool = False
    pairs: str | None = None

    @property
    def names(self) -> list[str]:
        """The names given."""
        given = (self.candidates, self.vacancies, self.programmes, self.pairs)
        return [name for name in given if name is not None]

    def read_candidates(self) -> list[CandidateProfile]:
        """The candidates, without what only the audit may read."""
        from matcher.files.loading import load_candidates

        return [profile for profile, _ in self._read(self.candidates, load_candidates)]

    def read_vacancies(self) -> list[VacancyProfile] | None:
        """The vacancies, None when none were given."""
        from matcher.files.loading import load_vacancies

        return None if self.vacancies is None else self._read(self.vacancies, load_vacancies)

    def read_programmes(self) -> list[Programme] | None:
        """The programmes, None when none were given."""
        from matcher.files.loading import load_programmes

        return None if self.programmes is None else self._read(self.programmes, load_programmes)

    def read_pairs(self) -> list[DecidedPair]:
        """The decided pairs, none when no file was given."""
        from matcher.files.loading import load_pairs

        return [] if self.pairs is None else self._read(self.pairs, load_pairs)

    def _read(self, name: str, load: Callable[[Source, Options], Loaded[T]]) -> list[T]:
        from matcher.files.results import Options
        from matcher.files.source import STANDARD_STREAM, open_source

        if self.names.count(STANDARD_STREAM) > 1:
            raise InvalidInput([Problem("-", "standard input can be read only once")])
        source = open_source(name)
        several = source.name if len(self.names) > 1 else None
        progress = Progress(f"reading {source.name}, row")
        try:
            loaded = load(source, Options(strict=self.strict, counted=progress.step))
        except InvalidInput as error:
            if several is None:
                raise
            raise InvalidInput([_named(several, problem) for problem in error.problems]) from None
        finally:
            progress.clear()
        tell_problems(loaded.problems, loaded.warnings, several)
        if loaded.problems and not loaded.items:
            raise InvalidInput([Problem(source.name, "has no row that can be used")])
        return loaded.items


def read_numbered(
    name: str,
    load: Callable[[Source, Options], Loaded[T]],
    strict: bool,
    names: Sequence[str],
    *,
    may_be_empty: bool = False,
) -> list[Numbered]:
    """The items of one of the tables `names` with their rows; problems are told."""
    from matcher.files.results import Options
    from matcher.files.source import STANDARD_STREAM, open_source
    from matcher.services.obligation import Numbered

    if list(names).count(STANDARD_STREAM) > 1:
        raise InvalidInput([Problem("-", "standard input can be read only once")])
    source = open_source(name)
    try:
        loaded = load(source, Options(strict=strict))
    except InvalidInput as error:
        raise InvalidInput([_named(source.name, found) for found in error.problems]) from None
    tell_problems(loaded.problems, loaded.warnings, source.name)
    if not loaded.items and (loaded.problems or not may_be_empty):
        raise InvalidInput([Problem(source.name, "has no row that can be used")])
    return [Numbered(item, row) for item, row in zip(loaded.items, loaded.rows, strict=True)]


def _named(source: str, problem: Problem) -> Problem:
    """`problem` with the name of its file in front, unless it begins with that."""
    if problem.where == source:
        return problem
    where = problem.where if problem.row is None else f"row {problem.row}, column {problem.where}"
    return Problem(f"{source}: {where}", problem.why)
