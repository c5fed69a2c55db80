"""The hand-made teaching cases of ``data/demo/lessons.yaml``, one per teaching point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matcher.demo.spec import load_lessons
from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.vocabulary import ABILITIES, LOADS

SETS = ("travel_modes", "licences", "credentials", "blocked", "sectors_never")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the case under `reference` shows, in Dutch and English."""

    reference: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Case:
    """One hand-made candidate, with what only the audit may read."""

    candidate: CandidateProfile
    audit: AuditAttributes


def lesson_cases(on: date, region: str) -> tuple[tuple[Case, Lesson], ...]:
    """Every case on `on`, in the order of the file."""
    spec = load_lessons()
    audit = spec["audit"]
    found = []
    for entry in spec["cases"]:
        reference = entry["reference"]
        values = profile_values({**spec["base"], **entry["change"]}, on)
        case = Case(
            CandidateProfile(reference=reference, region=region, **values),
            AuditAttributes(reference, audit["benefit"], on.year - audit["birth_year_ago"]),
        )
        found.append((case, Lesson(reference, entry["nl"], entry["en"])))
    return tuple(found)


def profile_values(written: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The values of a profile as the file writes them; days count from `on`."""
    values: dict[str, Any] = {}
    for name, value in written.items():
        if value == UNKNOWN:
            continue
        if name in LOADS:
            values[name] = ABILITIES.index(value)
        elif name in SETS:
            values[name] = frozenset(value)
        elif name == "sectors":
            values[name] = tuple(value)
        elif name == "occupations":
            values[name] = tuple((code, float(years)) for code, years in value.items())
        elif name == "observed_days_ago":
            values["observed_on"] = on - timedelta(days=value)
        elif name == "waiting_days":
            values["waiting_since"] = on - timedelta(days=value)
        elif name == "paused_days":
            values["paused_until"] = on + timedelta(days=value)
        else:
            values[name] = value
    return values
