"""Displacement: which questions a firm answers, and which answers a person has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question; an answer in `flagged` goes to a person and decides nothing by itself."""

    code: str
    for_larger: bool
    answers: tuple[str, ...]
    flagged: frozenset[str]
    asked_again: bool


def questions_for(
    questions: Iterable[Question], size: float | None, larger_from: float
) -> tuple[Question, ...]:
    """The questions for a firm of `size` FTE; one of unknown size is asked all of them."""
    is_small = size is not None and size < larger_from
    return tuple(each for each in questions if not (each.for_larger and is_small))


def flagged_by(questions: Iterable[Question], answers: Mapping[str, str]) -> tuple[str, ...]:
    """The questions whose answer somebody has to look at, in the order in which they are asked."""
    return tuple(each.code for each in questions if answers.get(each.code) in each.flagged)


def trials_are_flagged(trials: int, became_contracts: int, flagged_from: int) -> bool:
    """Whether so many unpaid places without one contract are a sign; source: product.md, D5."""
    return trials >= flagged_from and became_contracts == 0
