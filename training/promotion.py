"""Whether an artefact has earned its place; each gate passes or says why not.

Passing is a proposal: in the service two people promote (issue 7.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

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
) -> list[Gate]:
    """Every condition of promotion for one learner."""
    told = evaluation["learners"][learner]
    found = [
        _better(learner, BASE_RATE, "the base rate", told),
        _better(learner, RULE_SCORE, "the rule score", told),
        _later(learner, evaluation),
        _calibrated(learner, told),
        _believable(learner, told),
        _no_alarm(findings),
        _real(is_synthetic, in_production),
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


def _better(learner: str, other: str, called: str, told: dict[str, Any]) -> Gate:
    gain = told["against"][other]["brier_gain"]
    passed = gain["low"] > 0
    verb = "is better than" if passed else "is not better than"
    sentence = (
        f"{learner} {verb} {called} by its interval: Brier gain {gain['value']:.4f} "
        f"({gain['low']:.4f} to {gain['high']:.4f})"
    )
    return Gate(f"better_than_{other}", passed, sentence)


def _later(learner: str, evaluation: dict[str, Any]) -> Gate | None:
    """Where dates exist the last window alone must say the same."""
    later = evaluation.get("later_window")
    if later is None:
        return None
    own, others = later["learners"][learner]["brier"], later["learners"]
    best = min(others[BASE_RATE]["brier"], others[RULE_SCORE]["brier"])
    passed = own < best
    sentence = (
        f"in the last window {learner} has Brier {own:.4f} against {best:.4f} for the better of "
        f"base rate and rule score{'' if passed else ': it did not hold later'}"
    )
    return Gate("later_window", passed, sentence)


def _calibrated(learner: str, told: dict[str, Any]) -> Gate:
    error, floor, slope = told["ece"]["value"], told["ece_noise_floor"]["p95"], told["slope"]
    inside = slope["low"] <= 1 <= slope["high"]
    passed = error <= floor or inside
    sentence = (
        f"the calibration error of {learner} is {error:.3f}, chance alone gives up to {floor:.3f}; "
        f"slope {slope['value']:.2f} ({slope['low']:.2f} to {slope['high']:.2f})"
    )
    return Gate("calibrated", passed, sentence if passed else f"{sentence}: not calibrated")


def _believable(learner: str, told: dict[str, Any]) -> Gate:
    auc = told["auc"]["value"]
    if auc > ALARM_AUC:
        sentence = f"an AUC of {auc:.3f} is over {ALARM_AUC}: a leak or made-up data; find it first"
        return Gate("believable", False, sentence)
    return Gate("believable", True, f"an AUC of {auc:.3f} is what intake features can give")


def _no_alarm(findings: Sequence[Finding]) -> Gate:
    alarms = [finding for finding in findings if finding.gravity == ALARM]
    if alarms:
        named = "; ".join(f"{finding.column} {finding.sentence}" for finding in alarms)
        return Gate("no_leak", False, named)
    return Gate("no_leak", True, "no feature alone nearly is the outcome")


def _real(is_synthetic: bool, in_production: bool) -> Gate:
    if is_synthetic and in_production:
        return Gate("real", False, "it was learned on made-up people: never in production")
    if is_synthetic:
        return Gate("real", True, "learned on made-up people: for demonstration only")
    return Gate("real", True, "learned on the outcomes that the cohort names")
