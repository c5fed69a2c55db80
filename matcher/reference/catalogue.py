"""The programme catalogue of ``data/programmes``, with its repeating starts written out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from matcher.domain.programme import RAISABLE_EXTRAS, Programme
from matcher.domain.vocabulary import ABILITY_MAXIMUM, LEVEL_MAXIMUM, LOADS, MODES
from matcher.reference.codes import CodeLists, load_codes
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import read_yaml

WEEKS_BEFORE = 2
WEEKS_AFTER = 58
"""Starts are written out from two weeks before the day asked for: a plan looks 52 weeks ahead, and
a start of last week still says why its seats are gone."""

EMPLOYER = "employer"


class CatalogueError(ValueError):
    """A catalogue that cannot be used; the message names the programme and the key."""


def load_catalogue(on: date, lang: str = "nl") -> tuple[Programme, ...]:
    """Every programme, with its starts from two weeks before `on` to 58 weeks after it.

    A programme that starts every week has no dates: any Monday. Titles are in `lang`.
    """
    path = data_dir() / "programmes" / "catalogue.yaml"
    return tuple(_programme(entry, on, lang) for entry in _entries(path))


@lru_cache(maxsize=8)
def _entries(path: Path) -> tuple[Mapping[str, Any], ...]:
    content = read_yaml(path)
    codes = load_codes()
    seen: set[str] = set()
    for entry in content["programmes"]:
        reference = entry.get("reference")
        if not reference or reference in seen:
            raise CatalogueError(f"programme {reference!r}: every reference must be there once")
        seen.add(reference)
        try:
            _check(entry, content["sources"], codes)
        except (KeyError, ValueError, TypeError) as error:
            raise CatalogueError(f"programme {reference}: {error}") from error
    return tuple(content["programmes"])


def _check(entry: Mapping[str, Any], sources: Mapping[str, str], codes: CodeLists) -> None:
    """Refuse what the trajectory search could not use, or what says not where it comes from."""
    named = entry["source"]
    if not named or any(source not in sources for source in named):
        raise ValueError(f"source {named} must name at least one of {sorted(sources)}")
    for field, list_name in (("kind", "programme_kinds"), ("funding", "funding")):
        codes.list(list_name)[entry[field]]
    codes.list("evidence")[entry["evidence"]]
    if entry.get("funding_sector"):
        codes.list("sectors")[entry["funding_sector"]]
    for name, steps in entry.get("raises", {}).items():
        if name not in (*LEVEL_MAXIMUM, *LOADS, *RAISABLE_EXTRAS):
            raise ValueError(f"raises {name}, which is no level, load, direction or guidance_hours")
        low, high = entry["range"][name]
        if not low <= steps <= high:
            raise ValueError(f"raises {name} by {steps}, outside its range {low} to {high}")
    papers = {*codes.list("credentials").codes, *codes.list("licences").codes}
    for code in entry.get("gives", ()):
        if code not in papers and code not in MODES:
            raise ValueError(f"gives {code}, which is no credential, licence or way to travel")
    for name, level in entry.get("needs", {}).items():
        if name == "money":
            raise ValueError("needs money, which no programme may ask for (P-3)")
        top = {"hours_max": 40, **LEVEL_MAXIMUM, **dict.fromkeys(LOADS, ABILITY_MAXIMUM)}
        if not 0 < level <= top.get(name, 1) or (name not in top and name not in papers):
            raise ValueError(f"needs {name} of {level}, which is no level, load, hours or paper")
    every, first = entry.get("every_weeks"), entry.get("first_start")
    if (every is None) != (first is None):
        raise ValueError("every_weeks and first_start go together")
    if first is not None and (first.weekday() != 0 or int(every or 0) < 1):
        raise ValueError(f"first_start {first} must be a Monday, every_weeks {every} at least 1")


def _programme(entry: Mapping[str, Any], on: date, lang: str) -> Programme:
    by_employer = entry.get("followed_by") == EMPLOYER
    return Programme(
        reference=entry["reference"],
        kind=entry["kind"],
        title=entry["title"]["nl" if lang == "nl" else "en"],
        provider=entry["provider"],
        raises=tuple(entry.get("raises", {}).items()),
        gives=frozenset(entry.get("gives", ())),
        needs=tuple(entry.get("needs", {}).items()),
        weeks=entry["weeks"],
        hours_a_week=0 if by_employer else entry["hours_a_week"],
        starts_on=_starts(entry, on),
        seats=entry.get("seats"),
        funding=entry["funding"],
        funding_sector=entry.get("funding_sector"),
        evidence=entry["evidence"],
    )


def _starts(entry: Mapping[str, Any], on: date) -> tuple[date, ...]:
    """The starts in the window around `on`; the rhythm itself does not move with `on`."""
    if entry.get("every_weeks") is None:
        return ()
    every = timedelta(weeks=entry["every_weeks"])
    first: date = entry["first_start"]
    window_from = on - timedelta(weeks=WEEKS_BEFORE)
    window_until = on + timedelta(weeks=WEEKS_AFTER)
    passed = -((first - window_from) // every)
    start = first + passed * every
    starts = []
    while start <= window_until:
        if start >= window_from:
            starts.append(start)
        start += every
    return tuple(starts)
