"""Results as lines that people read; the files hold more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def _value(told: dict[str, Any], digits: int = 3) -> str:
    if told["value"] is None:
        return "-"
    return f"{told['value']:.{digits}f} ({told['low']:.{digits}f} to {told['high']:.{digits}f})"


def evaluation_lines(document: dict[str, Any]) -> Iterator[str]:
    """One row a learner, beside base rate and rule score."""
    yield (
        f"{document['cohort']}: {document['rows']} rows, {document['judged_rows']} judged out of "
        f"fold ({document['split']}), base rate {document['base_rate']:.3f}"
        f"{', MADE-UP PEOPLE' if document['is_synthetic'] else ''}"
    )
    yield ""
    yield "| learner | AUC | Brier | skill | slope | ECE | ECE of chance, up to |"
    yield "|---|---|---|---|---|---|---|"
    for name, told in document["learners"].items():
        slope = "-" if told["slope"] is None else _value(told["slope"], 2)
        yield (
            f"| {name} | {_value(told['auc'])} | {_value(told['brier'], 4)} | "
            f"{_value(told['skill'])} | {slope} | {_value(told['ece'])} | "
            f"{told['ece_noise_floor']['p95']:.3f} |"
        )
    yield ""
    for name, told in document["learners"].items():
        for other, gain in told.get("against", {}).items():
            yield f"{name} against {other}: Brier gain {_value(gain['brier_gain'], 4)}"
        if told["suspicious"]:
            yield (
                f"ALARM: {name} has an AUC of {told['auc']['value']:.3f}: a leak or made-up data"
            )


def audit_lines(document: dict[str, Any]) -> Iterator[str]:
    """One row a group and option, then the prices."""
    yield f"{document['cohort']}: audit of {document['learner']}"
    for option, found in document["options"].items():
        yield ""
        if "groups" not in found:
            yield f"{option}: price in successes among those placed"
            for group, told in found.items():
                yield f"  {group}: {told['price']:+.4f}"
            continue
        yield f"{option}: AUC {found['auc']:.3f}, Brier {found['brier']:.4f}"
        yield "| group | people | off by | wrongly flagged | placed |"
        yield "|---|---|---|---|---|"
        for group, told in found["groups"].items():
            for name, member in told["members"].items():
                yield (
                    f"| {group} {name} | {member['people']} | {_value(member['calibration'])} | "
                    f"{_value(member['false_flag_rate'])} | {_value(member['place_rate'])} |"
                )
    yield ""
    for proxy in document["proxies"]:
        yield f"proxy: {proxy['feature']} {proxy['why']}"
    for group, count in document["withheld"].items():
        if count:
            least = document["smallest_group"]
            yield f"withheld: {count} people in groups of {group} under {least}"
    yield from (f"found: {finding}" for finding in document["findings"])


def effect_lines(document: dict[str, Any]) -> Iterator[str]:
    """The estimates, what they rest on, and what rules would be worth."""
    ground = "by lot" if document["randomised"] else "not by lot"
    yield (
        f"{document['cohort']}: {document['treatment']} ({ground}), effect on {document['whom']}, "
        f"{document['treated']} treated, {document['untreated']} not"
    )
    for told in (document, document.get("as_share")):
        if told is None or "difference" not in told:
            continue
        yield ""
        yield f"in {told['unit']}: {told['why']}"
        yield f"  effective sample {told['effective_sample_size']}"
        for name in ("difference", "ipw", "aipw"):
            yield f"  {name}: {'refused' if told[name] is None else _value(told[name])}"
    if "difference" not in document:
        yield document["why"]
    policy = document.get("policy")
    if policy is not None:
        yield ""
        yield f"rules: {policy['answer']}"
        for name, found in policy["policies"].items():
            yield f"  {name}: {_value(found['value'])}, {found['treated_share']:.0%} treated"
    for row in document.get("programmes", ()):
        yield (
            f"programme {row['programme']}: {_value(row['effect'])}, "
            f"{row['own_weight']:.0%} from its own {row['outcomes']} outcomes"
        )
