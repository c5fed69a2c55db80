"""What speaks of money: kept in its own fold, never between the rest (practice.md section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.domain.programme import Programme
from matcher.domain.vocabulary import Lane
from matcher.domain.wording import Reason
from matcher.reference.texts import load_wording

FIELD = "money"
_CHANGES = ("change.readiness", "change.lane")


def money_changes(language: str) -> frozenset[str]:
    """What the rules say when a step more of calm about money would change most."""
    wording = load_wording(language)
    return frozenset(
        wording.say(Reason.of(code, level=FIELD, lane=lane.value))
        for lane in Lane
        for code in _CHANGES
    )


def money_sentences(language: str) -> frozenset[str]:
    """Every sentence of the rules about somebody's money, as the rules say it."""
    wording = load_wording(language)
    question = wording.say(Reason.of("ask.money"))
    reasons = [Reason.of(f"money.{state}") for state in ("met", "short", "unknown")]
    reasons.append(Reason.of("ask.money"))
    for lane in (lane.value for lane in Lane):
        reasons += [Reason.of(f"{code}_answer", question=question, lane=lane) for code in _CHANGES]
    return frozenset(wording.say(reason) for reason in reasons) | money_changes(language)


def is_money_step(step: Mapping[str, Any]) -> bool:
    """Whether a step of a plan or what-if only calms money worries."""
    raises = set(step.get("raises", ()))
    return bool(step.get("alongside")) or (raises == {FIELD} and not step.get("gives"))


def is_money_programme(programme: Programme) -> bool:
    """Whether a programme is there for money alone; it is offered in the fold about money."""
    return programme.is_money_support
