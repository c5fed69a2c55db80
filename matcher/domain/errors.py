"""What can go wrong, as facts; the edges turn them into a page, a problem document or a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in input: where it stands, why it cannot be read, and the way out.

    `row` counts a file's header as 1; None outside files. `where` is the column or field.
    """

    where: str
    why: str
    row: int | None = None

    def __str__(self) -> str:
        if self.row is None:
            return f"{self.where}: {self.why}"
        return f"row {self.row}, column {self.where}: {self.why}"


class MatcherError(Exception):
    """The family of errors that are an answer, not a fault of the program."""

    @property
    def told(self) -> Mapping[str, Any] | None:
        """What a job that ended so keeps of it: counts and codes that name nobody."""
        return None


class InvalidInput(MatcherError):
    """Input that cannot be used; `problems` names all of it at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotFound(MatcherError):
    """Nothing of `kind` under that key, or nothing that this viewer may know of."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no such {kind}")
        self.kind = kind


class Forbidden(MatcherError):
    """Signed in, but without the right that this asks for."""


class Conflict(MatcherError):
    """The state forbids it; the message says which state and what can be done."""


class Refused(Conflict):
    """A Conflict of which `why` is a code: programs read it, and pages put it in words."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


class Stale(MatcherError):
    """The record changed since it was read; `current` is its present version."""

    def __init__(self, kind: str, current: int) -> None:
        super().__init__(f"this {kind} was changed by someone else in the meantime")
        self.kind = kind
        self.current = current
