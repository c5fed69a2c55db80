"""What is said about money and home, so that it can be kept in a fold of its own.

Both count for support only (P-3) and are nobody's business on a screen that others can see
(practice.md section 7, 7): pages and downloads leave these sentences and steps out until the fold
is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.domain.explanation import programme_name
from matcher.domain.programme import Programme
from matcher.domain.vocabulary import Lane
from matcher.domain.wording import Reason
from matcher.reference.texts import load_wording

MONEY = "money"
HOME = "home_base"
FOLDED_FIELDS = (MONEY, HOME)
"""The answers that are folded away."""
FOLDED_ANSWERS = (*FOLDED_FIELDS, "obstacles")
"""The same in a form: what is in the way can be money or home."""

_DIMENSION = {MONEY: "money", HOME: "home"}
_CHANGES = ("change.readiness", "change.lane")
_WAYS_OUT = ("wayout.programme", "wayout.week", "wayout.beside")


def money_changes(language: str) -> frozenset[str]:
    """What the rules say when a step more of calm about money would change most."""
    return _changes(MONEY, language)


def money_sentences(language: str) -> frozenset[str]:
    """Every sentence of the rules about somebody's money, as the rules say it."""
    return _sentences(MONEY, language)


def folded_sentences(language: str) -> frozenset[str]:
    """Every sentence of the rules about somebody's money or home."""
    return _sentences(MONEY, language) | _sentences(HOME, language)


def _changes(field: str, language: str) -> frozenset[str]:
    wording = load_wording(language)
    return frozenset(
        wording.say(Reason.of(code, level=field, lane=lane.value))
        for lane in Lane
        for code in _CHANGES
    )


def _sentences(field: str, language: str) -> frozenset[str]:
    wording = load_wording(language)
    asked = Reason.of(f"ask.{field}")
    question = wording.say(asked)
    states = ("met", "short", "unknown")
    reasons = [Reason.of(f"{_DIMENSION[field]}.{state}") for state in states]
    reasons.append(asked)
    for lane in (lane.value for lane in Lane):
        reasons += [Reason.of(f"{code}_answer", question=question, lane=lane) for code in _CHANGES]
    return frozenset(wording.say(reason) for reason in reasons) | _changes(field, language)


def programme_sentences(programmes: Iterable[Programme], language: str) -> frozenset[str]:
    """What the rules say when the way out is a programme for money or home alone."""
    wording = load_wording(language)
    return frozenset(
        wording.say(
            Reason.of(code, programme=programme_name(programme), weeks=float(programme.weeks))
        )
        for programme in programmes
        if is_folded_programme(programme)
        for code in _WAYS_OUT
    )


def is_folded_programme(programme: Programme) -> bool:
    """Whether a programme is there for money or home alone."""
    raises = {name for name, _steps in programme.raises}
    return bool(raises) and raises <= set(FOLDED_FIELDS) and not programme.gives


def is_money_step(step: Mapping[str, Any]) -> bool:
    """Whether a step of a plan or what-if only calms money worries."""
    raises = set(step.get("raises", ()))
    return bool(step.get("alongside")) or (raises == {MONEY} and not step.get("gives"))


def is_folded_step(step: Mapping[str, Any]) -> bool:
    """Whether a step of a plan is about money or home alone."""
    raises = set(step.get("raises", ()))
    return is_money_step(step) or (raises == {HOME} and not step.get("gives"))
