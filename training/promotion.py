"""Whether an artefact has earned its place; each gate passes or says why not.

Passing is a proposal: in the service two people promote what passed here. Sentences stand in
``data/cards/texts.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.card_texts import say
from training.checks import ALARM, Finding
from training.evaluation import ALARM_AUC
from training.nested import BASE_RATE, RULE_SCORE


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: whether it holds, and the figures that say so."""

    name: str
    passed: bool
    sentence: str


def gates(
    learner: str,
    evaluation: dict[str, Any],
    findings: Sequence[Finding],
    *,
    is_synthetic: bool,
    in_production: bool,
    lang: str = "en",
) -> list[Gate]:
    """Every condition of promotion for one learner, told in ``nl`` or ``en``."""
    told = evaluation["learners"][learner]
    found = [
        _better(learner, BASE_RATE, told, lang),
        _better(learner, RULE_SCORE, told, lang),
        _later(learner, evaluation, lang),
        _calibrated(learner, told, lang),
        _believable(told, lang),
        _no_alarm(findings, lang),
        _provenance(is_synthetic, in_production, lang),
    ]
    return [gate for gate in found if gate is not None]


def decision(run: str, learner: str, gates_: Sequence[Gate]) -> dict[str, Any]:
    """`promotion.json`: yes or no, and why."""
    failed = [gate for gate in gates_ if not gate.passed]
    return {
        "run": run,
        "learner": learner,
        "promoted": not failed,
        "why": [gate.sentence for gate in (failed or gates_)],
        "gates": [asdict(gate) for gate in gates_],
    }


def _range(told: dict[str, float], digits: int) -> str:
    value, low, high = (f"{told[key]:.{digits}f}" for key in ("value", "low", "high"))
    return f"{value} ({low} – {high})"


def _better(learner: str, other: str, told: dict[str, Any], lang: str) -> Gate:
    gain = told["against"][other]["brier_gain"]
    passed = gain["low"] > 0
    key = "gate_better" if passed else "gate_not_better"
    called = say(f"the_{other}", lang)
    sentence = say(key, lang, learner=learner, other=called, gain=_range(gain, 4))
    return Gate(f"better_than_{other}", passed, sentence)


def _later(learner: str, evaluation: dict[str, Any], lang: str) -> Gate | None:
    """Where dates exist the last window alone must say the same."""
    later = evaluation.get("later_window")
    if later is None:
        return None
    own, others = later["learners"][learner]["brier"], later["learners"]
    best = min(others[BASE_RATE]["brier"], others[RULE_SCORE]["brier"])
    key = "gate_later" if own < best else "gate_not_later"
    sentence = say(key, lang, learner=learner, own=f"{own:.4f}", best=f"{best:.4f}")
    return Gate("later_window", own < best, sentence)


def _calibrated(learner: str, told: dict[str, Any], lang: str) -> Gate:
    """The error within what chance gives, or a slope whose interval holds 1 (evidence.md)."""
    error, floor, slope = told["ece"]["value"], told["ece_noise_floor"]["p95"], told["slope"]
    passed = error <= floor or slope["low"] <= 1 <= slope["high"]
    sentence = say(
        "gate_calibrated" if passed else "gate_not_calibrated",
        lang,
        learner=learner,
        error=f"{error:.3f}",
        floor=f"{floor:.3f}",
        slope=_range(slope, 2),
    )
    return Gate("calibrated", passed, sentence)


def _believable(told: dict[str, Any], lang: str) -> Gate:
    auc = told["auc"]["value"]
    passed = auc <= ALARM_AUC
    key = "gate_believable" if passed else "gate_not_believable"
    return Gate("believable", passed, say(key, lang, auc=f"{auc:.3f}", alarm=ALARM_AUC))


def _no_alarm(findings: Sequence[Finding], lang: str) -> Gate:
    alarms = [finding for finding in findings if finding.gravity == ALARM]
    if not alarms:
        return Gate("no_leak", True, say("gate_no_leak", lang))
    found = "; ".join(f"{finding.column} {finding.sentence}" for finding in alarms)
    return Gate("no_leak", False, say("gate_leak", lang, found=found))


def _provenance(is_synthetic: bool, in_production: bool, lang: str) -> Gate:
    if is_synthetic and in_production:
        return Gate("provenance", False, say("gate_made_up", lang))
    return Gate(
        "provenance", True, say("gate_demonstration" if is_synthetic else "gate_real", lang)
    )
