"""Sentences: the domain says what (a code and its facts), a wording says it in a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to say: the `code` of a template and the facts that fill it.

    `tone` is how it is drawn: ``ok`` fits, ``near`` one step short, ``ask`` not known, ``no``
    blocked.
    """

    code: str
    tone: str = "ok"
    params: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, code: str, tone: str = "ok", **params: Any) -> Reason:
        """A reason with its facts by name."""
        return cls(code, tone, tuple(sorted(params.items())))


class Wording:
    """The templates and names of one language.

    `templates` maps a code to a sentence with ``{facts}``; `names` maps a vocabulary to the label
    of each of its codes. A fact called ``load`` is said with the names of ``loads``, and so on.
    """

    def __init__(
        self,
        language: str,
        templates: Mapping[str, str],
        names: Mapping[str, Mapping[str, str]],
        months: tuple[str, ...],
        conjunction: str,
    ) -> None:
        self.language = language
        self.templates = templates
        self.names = names
        self.months = months
        self.conjunction = conjunction

    def say(self, reason: Reason) -> str:
        """The sentence for `reason`."""
        facts = {key: self.fact(key, value) for key, value in reason.params}
        return self.templates[reason.code].format(**facts)

    def fact(self, key: str, value: Any) -> str:
        """One fact in words: a date as a day and month, a code by its name, a list joined."""
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, tuple | list | frozenset):
            items = sorted(value) if isinstance(value, frozenset) else value
            return self.join([self.fact(key, item) for item in items])
        if isinstance(value, float):
            return f"{value:g}".replace(".", "," if self.language == "nl" else ".")
        if isinstance(value, str):
            return self.names.get(key, {}).get(value, value)
        return str(value)

    def day(self, value: date) -> str:
        """A date as people say it: 9 maart 2027."""
        return f"{value.day} {self.months[value.month - 1]} {value.year}"

    def join(self, items: list[str]) -> str:
        """``a, b en c``."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.conjunction} {items[-1]}"
