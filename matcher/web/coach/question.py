"""What every question is: fields to fill in from a profile, and an answer to read back.

A question makes the fields of a form, fills them from a profile and reads them back. It knows
whether somebody changed its answer, so that saving a page writes only what was changed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matcher.domain.candidate import CandidateProfile

Values = dict[str, Any]
Fields = Mapping[str, Any]


class Question(ABC):
    """One question; `name` is the profile field that it is mainly about.

    `kind` tells the template how to draw it: ``tiles``, ``wide``, ``four``, ``boxes``, ``input``,
    ``pick``, ``windows``, ``wishes`` or ``work``.
    """

    kind = "tiles"

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields of the form that this question makes."""
        return (self.name,)

    @property
    @abstractmethod
    def title(self) -> str:
        """The question in words."""

    @property
    def unit(self) -> str | None:
        """What stands behind an input."""
        return None

    @abstractmethod
    def fields(self, profile: CandidateProfile | None) -> Fields:
        """Unbound form fields by name."""

    def fill(self, profile: CandidateProfile) -> Values:
        """What the form shows for `profile`."""
        return {self.name: getattr(profile, self.name)}

    def read(self, form: Any, profile: CandidateProfile | None = None) -> Values:
        """Profile values by field name; `profile` is what the form was filled from."""
        return {self.name: form[self.name].data}

    def is_changed(self, form: Any, profile: CandidateProfile) -> bool:
        """Whether the form says something else than `profile` did when it was filled in."""
        filled = self.fill(profile)
        return any(
            _comparable(form[name].data) != _comparable(filled.get(name))
            for name in self.field_names
        )

    def problems(self, form: Any) -> dict[str, str]:
        """What is wrong with fields looked at together: a message by field name."""
        return {}

    def is_known(self, profile: CandidateProfile) -> bool:
        """Whether the profile holds an answer."""
        return getattr(profile, self.name) not in (None, (), frozenset())

    def say(self, value: Any) -> str:
        """A value of the profile in words; empty when unknown."""
        return "" if value is None else str(value)


def _comparable(value: Any) -> Any:
    if isinstance(value, list | tuple | frozenset | set):
        return tuple(sorted(value))
    return None if value == "" else value


def questions_by_name(questions: Iterable[Question]) -> dict[str, Question]:
    """The same questions by the profile field that they are about."""
    return {question.name: question for question in questions}


def known_count(questions: Sequence[Question], profile: CandidateProfile) -> int:
    """How many of `questions` the profile answers."""
    return sum(question.is_known(profile) for question in questions)
