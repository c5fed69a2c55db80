"""Who would be wrongly flagged, by group, and what each way to change that would cost.

Groups are never features. A flag is a prediction among the lowest `flag_share`; it is false when
the person succeeded all the same. A place is a prediction among the highest `places_share`. Groups
under 200 people are put together, and withheld when together they are still under 200.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.cells import Column, Floats
from training.cohort import CATEGORY, AuditGroup
from training.dataset import Dataset, Ints
from training.metrics import Ranked
from training.nested import OutOfFold

SMALLEST: Final = 200
OTHERS: Final = "others"
UNKNOWN: Final = "unknown"
PROXY_AUC: Final = 0.7
"""A feature that tells a group apart this well may stand in for it."""
MANY_VALUES: Final = 8
_Z: Final = 1.959964

Mask = NDArray[np.bool_]
Rate = dict[str, float | int | None]


def rate(hits: int, of: int) -> Rate:
    """A share with its 95 % interval (Wilson, 1927); None where nobody counts."""
    if of == 0:
        return {"value": None, "low": None, "high": None, "of": 0}
    share = hits / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    return {
        "value": round(share, 6),
        "low": round(max(middle - half, 0.0), 6),
        "high": round(min(middle + half, 1.0), 6),
        "of": of,
    }


def group_masks(column: Column, group: AuditGroup) -> tuple[dict[str, Mask], int]:
    """The groups of 200 and more by name, and how many people are withheld."""
    labels = _labels(column, group)
    names, counts = np.unique(labels, return_counts=True)
    large = [str(name) for name, count in zip(names, counts, strict=True) if count >= SMALLEST]
    masks: dict[str, Mask] = {name: labels == name for name in large}
    rest = ~np.isin(labels, large)
    if rest.sum() >= SMALLEST:
        return {**masks, OTHERS: rest}, 0
    return masks, int(rest.sum())


def _labels(column: Column, group: AuditGroup) -> NDArray[np.str_]:
    values = column.values
    unknown = np.isnan(values)
    if column.kind == CATEGORY:
        named = [
            UNKNOWN if u else column.levels[int(v)] for v, u in zip(values, unknown, strict=True)
        ]
        return np.array(named)
    known = values[~unknown]
    bands = group.bands
    if not bands and len(np.unique(known)) > MANY_VALUES:
        bands = tuple(np.unique(np.quantile(known, [0.25, 0.5, 0.75])).tolist())
    if not bands:
        return np.array([UNKNOWN if np.isnan(v) else f"{v:g}" for v in values])
    place = np.searchsorted(np.array(bands), values, side="right")
    names = [f"under {bands[0]:g}"]
    names += [f"{a:g} to {b:g}" for a, b in itertools.pairwise(bands)]
    names.append(f"{bands[-1]:g} and over")
    return np.array([UNKNOWN if u else names[i] for i, u in zip(place, unknown, strict=True)])


def audit(
    data: Dataset,
    learner: str,
    found: OutOfFold,
    again: Callable[[Dataset], OutOfFold],
) -> dict[str, Any]:
    """`audit.json`: every group, with all features and without proxies, and the price of each.

    `again` gives out-of-fold predictions for the same rows with fewer features.
    """
    groups: dict[str, tuple[dict[str, Mask], int]] = {}
    for group in data.cohort.audit_groups:
        masks, withheld = group_masks(data.groups[group.name], group)
        groups[group.name] = ({n: m[found.judged] for n, m in masks.items()}, withheld)
    proxies = _proxies(data, {name: masks for name, (masks, _) in groups.items()}, found.judged)
    options = {"all_features": _option(data, learner, found, groups)}
    removed = frozenset(proxy["feature"] for proxy in proxies)
    if removed and len(removed) < len(data.features):
        fewer = again(data.without(removed))
        options["without_proxies"] = _option(data, learner, fewer, groups)
    options["equal_place_rates"] = _floor(data, learner, found, groups)
    return {
        "cohort": data.cohort.name,
        "learner": learner,
        "smallest_group": SMALLEST,
        "flag_share": data.cohort.flag_share,
        "places_share": data.cohort.places_share,
        "proxies": proxies,
        "withheld": {name: withheld for name, (_, withheld) in groups.items()},
        "options": options,
        "findings": _findings(options["all_features"]),
    }


def _proxies(data: Dataset, groups: dict[str, dict[str, Mask]], rows: Ints) -> list[dict[str, Any]]:
    """Features that the cohort calls proxies, and those that tell a group apart."""
    told: dict[str, dict[str, Any]] = {
        feature.name: {"feature": feature.name, "why": "declared in the cohort file"}
        for feature in data.features
        if feature.is_proxy
    }
    for index, (feature, column) in enumerate(zip(data.features, data.columns, strict=True)):
        values = data.x[rows, index]
        for group, masks in groups.items():
            for name, mask in masks.items():
                auc = _tells(values, mask, is_category=column.kind == CATEGORY)
                if auc > PROXY_AUC and feature.name not in told:
                    why = f"tells {group} {name} apart with an AUC of {auc:.2f}"
                    told[feature.name] = {"feature": feature.name, "why": why}
    return list(told.values())


def _tells(values: Floats, mask: Mask, *, is_category: bool) -> float:
    if mask.all() or not mask.any() or np.isnan(values).all():
        return 0.5
    member = mask.astype(np.int64)
    if is_category:
        index = np.where(np.isnan(values), values[~np.isnan(values)].max() + 1, values).astype(int)
        size = np.bincount(index)
        score = (np.bincount(index, weights=mask) / np.maximum(size, 1))[index]
    else:
        score = np.where(np.isnan(values), np.nanmedian(values), values)
    auc = Ranked(member, score).auc()
    return max(auc, 1 - auc)


def _option(
    data: Dataset,
    learner: str,
    found: OutOfFold,
    groups: dict[str, tuple[dict[str, Mask], int]],
) -> dict[str, Any]:
    y, p = data.y[found.judged], found.p[learner][:, found.judged].mean(axis=0)
    ranked = Ranked(y, p)
    flagged = _lowest(p, data.cohort.flag_share)
    placed = ~_lowest(p, 1 - data.cohort.places_share)
    lanes = None if data.lanes is None else (data.lanes, found.judged)
    told = {
        name: _groups(masks, y, p, flagged, placed, lanes) for name, (masks, _) in groups.items()
    }
    return {
        "auc": round(ranked.auc(), 6),
        "brier": round(ranked.brier(), 6),
        "successes_among_placed": round(float(y[placed].mean()), 6),
        "groups": told,
    }


def _lowest(p: Floats, share: float) -> Mask:
    """The lowest `share` by prediction; equal predictions fall the same way."""
    return np.asarray(p <= np.quantile(p, share, method="lower"))


def _groups(
    masks: dict[str, Mask],
    y: Ints,
    p: Floats,
    flagged: Mask,
    placed: Mask,
    lanes: tuple[Column, Ints] | None,
) -> dict[str, Any]:
    members = {name: _member(mask, y, p, flagged, placed, lanes) for name, mask in masks.items()}
    known = {
        name: float(member["false_flag_rate"]["value"])
        for name, member in members.items()
        if member["false_flag_rate"]["value"] is not None
    }
    ratio: dict[str, Any] = {"value": None, "worst": None, "best": None, "low": None, "high": None}
    if len(known) > 1:
        worst, best = max(known, key=lambda n: known[n]), min(known, key=lambda n: known[n])
        pairs = len(known) * (len(known) - 1) / 2
        ratio = {"worst": worst, "best": best, **_ratio(members[worst], members[best], pairs)}
    return {"members": members, "false_flag_ratio": ratio}


def _member(
    mask: Mask,
    y: Ints,
    p: Floats,
    flagged: Mask,
    placed: Mask,
    lanes: tuple[Column, Ints] | None,
) -> dict[str, Any]:
    good = mask & (y == 1)
    size = int(mask.sum())
    error = float(p[mask].mean() - y[mask].mean())
    spread = _Z * float((y[mask] - p[mask]).std()) / math.sqrt(size)
    member = {
        "people": size,
        "succeeded": rate(int(good.sum()), size),
        "calibration": {
            "value": round(error, 6),
            "low": round(error - spread, 6),
            "high": round(error + spread, 6),
        },
        "false_flag_rate": rate(int((good & flagged).sum()), int(good.sum())),
        "flag_rate": rate(int((mask & flagged).sum()), size),
        "place_rate": rate(int((mask & placed).sum()), size),
    }
    if lanes is not None:
        column, rows = lanes
        lane = column.values[rows]
        member["lane_rates"] = {
            level: rate(int((mask & (lane == index)).sum()), size)
            for index, level in enumerate(column.levels)
        }
    return member


def _ratio(worst: dict[str, Any], best: dict[str, Any], pairs: float) -> dict[str, float | None]:
    """The ratio of two rates with its interval on the log scale (Katz, 1978); half a case added.

    The two are the furthest apart of all `pairs`, so the interval is that much wider (Bonferroni).
    """
    (a, n), (b, m) = (
        (member["false_flag_rate"]["value"] * member["false_flag_rate"]["of"] + 0.5,
         member["false_flag_rate"]["of"] + 0.5)
        for member in (worst, best)
    )  # fmt: skip
    ratio = (a / n) / (b / m)
    z = NormalDist().inv_cdf(1 - 0.025 / pairs)
    half = z * math.sqrt(max(1 / a - 1 / n + 1 / b - 1 / m, 0.0))
    return {
        "value": round(ratio, 6),
        "low": round(ratio * math.exp(-half), 6),
        "high": round(ratio * math.exp(half), 6),
    }


def _floor(
    data: Dataset,
    learner: str,
    found: OutOfFold,
    groups: dict[str, tuple[dict[str, Mask], int]],
) -> dict[str, Any]:
    """Places in each group in proportion to its size, and what that costs in successes."""
    y, p = data.y[found.judged], found.p[learner][:, found.judged].mean(axis=0)
    share = data.cohort.places_share
    free = ~_lowest(p, 1 - share)
    told = {}
    for name, (masks, _) in groups.items():
        placed = np.zeros(len(p), dtype=bool)
        for mask in masks.values():
            placed[mask] = ~_lowest(p[mask], 1 - share)
        rest = ~np.any(list(masks.values()), axis=0) if masks else np.ones(len(p), dtype=bool)
        placed |= rest & free
        with_floor, without = float(y[placed].mean()), float(y[free].mean())
        told[name] = {
            "successes_among_placed": round(with_floor, 6),
            "price": round(without - with_floor, 6),
        }
    return told


def _findings(option: dict[str, Any]) -> list[str]:
    """In words: groups whose false-flag ratio or calibration is off beyond chance."""
    found = []
    for name, told in option["groups"].items():
        ratio = told["false_flag_ratio"]
        if ratio["low"] is not None and ratio["low"] > 1:
            found.append(
                f"{name}: {ratio['worst']} is wrongly flagged {ratio['value']:.1f} times as often "
                f"as {ratio['best']} ({ratio['low']:.1f} to {ratio['high']:.1f})"
            )
        for group, member in told["members"].items():
            off = member["calibration"]
            if off["high"] < 0 or off["low"] > 0:
                way = "lower" if off["value"] < 0 else "higher"
                found.append(
                    f"{name}: {group} is predicted {abs(off['value']):.3f} {way} than it did "
                    f"({off['low']:+.3f} to {off['high']:+.3f})"
                )
    return found
