"""Displacement: which questions a firm answers, and which answers a person has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is beside a firm; no score, lane or rank reads it (P-4)."""

    MUNICIPALITY = "municipality"
    """The municipality that this installation works for: its own places are shown as such."""
    PUBLIC = "public"
    """Another public body."""
    INSOURCER = "insourcer"
    """A firm that takes work back from companies where people work through social return."""


class AskedOf(StrEnum):
    """Who answers a question."""

    EVERYBODY = "everybody"
    LARGER = "larger"
    """Firms of the size from which a works council is due, and of unknown size."""
    TAKES_BACK = "takes_back"
    """Public bodies, and whoever takes work back in house."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; an answer in `flagged` goes to a person and decides nothing by itself."""

    code: str
    asked_of: AskedOf
    answers: tuple[str, ...]
    flagged: frozenset[str]
    asked_again: bool


def questions_for(
    questions: Iterable[Question],
    size: float | None,
    larger_from: float,
    kind: OrganisationKind | None,
) -> tuple[Question, ...]:
    """The questions for an organisation of `size` FTE; one of unknown size counts as larger.

    Whether work comes back in house is asked of who is known to do such a thing: `kind` None is a
    firm of which nobody said anything.
    """
    asked = {AskedOf.EVERYBODY}
    if size is None or size >= larger_from:
        asked.add(AskedOf.LARGER)
    if kind is not None:
        asked.add(AskedOf.TAKES_BACK)
    return tuple(each for each in questions if each.asked_of in asked)


def flagged_by(questions: Iterable[Question], answers: Mapping[str, str]) -> tuple[str, ...]:
    """The questions whose answer somebody has to look at, in the order in which they are asked."""
    return tuple(each.code for each in questions if answers.get(each.code) in each.flagged)


def trials_are_flagged(trials: int, became_contracts: int, flagged_from: int) -> bool:
    """Whether so many unpaid places without one contract are a sign; source: product.md, D5."""
    return trials >= flagged_from and became_contracts == 0
