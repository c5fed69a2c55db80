"""Rule sets: YAML in ``data/rules`` read, checked against bounds, and turned into domain values."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from matcher.domain.rules import (
    AllocationRules,
    FitPoints,
    LaneThresholds,
    ReferenceProfile,
    RuleSet,
    RuleSetError,
    ShiftRules,
    SmallEmployerLimits,
    TrajectoryRules,
    TravelRules,
)
from matcher.domain.vocabulary import DEMANDS, DIMENSIONS, NEED_LEVELS, Lane
from matcher.reference.bounds import check_bounds, merge
from matcher.reference.municipalities import check_municipalities
from matcher.reference.paths import data_dir
from matcher.reference.rule_schema import check_document
from matcher.reference.yaml_files import read_yaml

NATIONAL = "national"


def rules_dir() -> Path:
    """The folder of rule-set files."""
    return data_dir() / "rules"


def list_rule_sets() -> tuple[str, ...]:
    """The slugs of all rule sets, in alphabetical order."""
    return tuple(sorted(path.stem for path in rules_dir().glob("*.yaml")))


@cache
def load_rule_set(slug: str) -> RuleSet:
    """The rule set `slug`; a RuleSetError names the file, the key and the way out."""
    return rule_set_from(read_document(slug))


def rule_set_for(region: str) -> RuleSet:
    """The rule set of `region`, or the national one where the region has no file of its own."""
    return load_rule_set(region if (rules_dir() / f"{region}.yaml").is_file() else NATIONAL)


def read_document(slug: str, folder: Path | None = None) -> dict[str, Any]:
    """The document of `slug`, laid over whatever it extends; national extends nothing.

    A region overrides leaves of an entry that states bounds, and adds entries of its own (money
    rules). Versions are chained: ``demo 2026.1 / national 2026.1``.
    """
    folder = folder or rules_dir()
    path = folder / f"{slug}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in folder.glob("*.yaml")))
        raise RuleSetError(f"no rule set called {slug}; there are: {known}")
    document: dict[str, Any] = read_yaml(path)
    check_document(document, path.name)
    if document.get("slug") != slug:
        raise RuleSetError(f"{path.name}: slug must be {slug}, like the file")
    if slug == NATIONAL:
        return document
    base = read_document(document.get("extends", NATIONAL), folder)
    return overlay(base, document, path.name)


def overlay(base: Mapping[str, Any], document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """`document` laid over `base`, refused where it leaves the bounds that `base` states.

    What municipalities write stays beside it, refused where it leaves the bounds of `document`.
    """
    merged = {**deepcopy(dict(base)), **{k: v for k, v in document.items() if k != "entries"}}
    merged["version"] = f"{document['slug']} {document['version']} / {_chain(base)}"
    merged["sources"] = {**base.get("sources", {}), **document.get("sources", {})}
    entries: dict[str, Any] = deepcopy(dict(base["entries"]))
    for key, entry in (document.get("entries") or {}).items():
        if key not in entries:
            entries[key] = entry
            continue
        bounds = entries[key].get("bounds")
        if not bounds:
            raise RuleSetError(
                f"{name}: {key} may not be overridden; the rule set below it states no bounds"
            )
        value = merge(entries[key]["value"], entry["value"])
        check_bounds(f"{name}: {key}", entries[key]["value"], value, bounds)
        entries[key] = {**entry, "value": value, "bounds": entry.get("bounds", bounds)}
    merged["entries"] = entries
    check_municipalities(merged, name)
    return merged


def _chain(document: Mapping[str, Any]) -> str:
    version = str(document["version"])
    return version if version.startswith(document["slug"]) else f"{document['slug']} {version}"


def rule_set_from(document: Mapping[str, Any]) -> RuleSet:
    """Domain values of a whole document; refused when weights do not sum to 100."""
    slug = document["slug"]

    def value(key: str) -> Any:
        try:
            return document["entries"][key]["value"]
        except KeyError as error:
            raise RuleSetError(f"{slug}: entry {key} is missing") from error

    weights = {name: value("readiness_weights")[name] for name in DIMENSIONS}
    if sum(weights.values()) != 100:
        raise RuleSetError(
            f"{slug}: readiness weights sum to {sum(weights.values())}; they must sum to 100"
        )
    shifts = value("windows_and_shifts")
    travel = value("travel")
    fit = value("fit_points")
    _check_fit(slug, fit)
    version = str(document["version"])
    return RuleSet(
        slug=slug,
        version=_chain(document) if slug == NATIONAL else version,
        valid_from=document["valid_from"],
        valid_until=document.get("valid_until"),
        adopted_on=document.get("adopted_on"),
        weights=weights,
        profiles={
            sector: _profile(sector, needs) for sector, needs in value("reference_needs").items()
        },
        lanes=LaneThresholds(
            **value("lane_thresholds"),
            review_days={Lane(lane): days for lane, days in value("review_days").items()},
        ),
        fit=FitPoints(
            sector=fit["sector"],
            sector_rank_step=fit["sector_rank_step"],
            levels=fit["levels"],
            load=fit["load"],
            hours=fit["hours"],
            travel=fit["travel"],
            travel_share_steps=tuple((a, b) for a, b in fit["travel_share_steps"]),
            guidance=fit["guidance"],
            experience=fit["experience"],
            education=fit["education"],
        ),
        small_employers=SmallEmployerLimits(**value("small_employers")),
        travel=TravelRules(
            speed_km_h=travel["speed_km_h"],
            detour_percent=travel["detour_percent"],
            minimum_km=travel["minimum_km"],
            public_transport_from=minutes_of(travel["public_transport_from"]),
            public_transport_until=minutes_of(travel["public_transport_until"]),
        ),
        shifts=ShiftRules(
            windows={
                name: {
                    day: tuple(f"{day}_{part}" for part in shift["parts"]) for day in shift["days"]
                }
                for name, shift in shifts["windows"].items()
            },
            hours_full_day=shifts["hours_full_day"],
            hours_window=shifts["hours_window"],
            hours_week_maximum=shifts["hours_week_maximum"],
            ends_at=shifts["ends_at"],
        ),
        trajectory=TrajectoryRules(
            **{
                **value("trajectory"),
                "stepped_start_hours": tuple(value("trajectory")["stepped_start_hours"]),
            }
        ),
        guidance_bands=tuple((upper, counts) for upper, counts in value("guidance_bands")),
        shelf_life_weeks=value("shelf_life_weeks"),
        load_share=value("load_share"),
        certainty=value("certainty"),
        allocation=AllocationRules(**value("allocation")),
    )


def _profile(sector: str, needs: Mapping[str, Any]) -> ReferenceProfile:
    values = dict(needs)
    demands = {load: DEMANDS.index(word) for load, word in values.pop("demands").items()}
    return ReferenceProfile(
        sector=sector, demands=demands, shifts=tuple(values.pop("shifts")), **values
    )


def _check_fit(slug: str, fit: Mapping[str, Any]) -> None:
    """Tables must fall with every step short, or one step up could lower a fit (P-2)."""
    full = (
        fit["sector"]["wished"]
        + sum(table["met"] for table in fit["levels"].values())
        + fit["load"]["full"]
        + fit["hours"]["full"]
        + max(points for _, points in fit["travel_share_steps"])
        + sum(max(fit[name].values()) for name in ("guidance", "experience", "education"))
    )
    if full != 10_000:
        raise RuleSetError(f"{slug}: fit points sum to {full / 100:.2f}; they must sum to 100.00")
    for name in NEED_LEVELS:
        table = fit["levels"][name]
        if not table["met"] >= table["one_short"] >= table["more_short"] >= 0:
            raise RuleSetError(f"{slug}: fit points of {name} must not rise when a step is missing")


def minutes_of(clock: str) -> int:
    """Minutes after midnight of ``06:30``."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def valid_on(rules: RuleSet, on: date) -> bool:
    """Whether the rule set holds on `on`."""
    return rules.valid_from <= on and (rules.valid_until is None or on <= rules.valid_until)
