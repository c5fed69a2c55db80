"""Rows as bodies and files carry them, drawn from a seed."""

from __future__ import annotations

from typing import Any

from matcher.files.records import candidate_record, programme_record, vacancy_record
from tests.domain.world import World

Row = dict[str, Any]

CANDIDATE: Row = {
    "reference": "K-0001",
    "region": "demo",
    "rhythm": 3,
    "work_skills": 2,
    "sectors": ["F42"],
    "hours_max": 36,
    "pc4": 3311,
    "travel_max_minutes": 45,
    "travel_modes": ["bike"],
}
VACANCY: Row = {
    "reference": "V-017",
    "contractor": "Voorbeeld Wegen",
    "region": "demo",
    "sector": "F42",
    "places": 2,
    "rhythm": 3,
    "site_pc4": 3331,
    "hours_min": 24,
    "hours_max": 36,
}
PROGRAMME: Row = {
    "reference": "P-01",
    "kind": "werkfit",
    "raises": ["rhythm:+1"],
    "weeks": 12,
    "hours_a_week": 20,
}


def world_rows(seed: int, candidates: int, vacancies: int, programmes: int) -> dict[str, list[Row]]:
    """A body for a preview of plans: random people, places and programmes of the demo region."""
    world = World(seed)
    people = [world.candidate(f"K{number:04d}") for number in range(candidates)]
    return {
        "candidates": [candidate_record(profile) for profile in people],
        "vacancies": [vacancy_record(vacancy) for vacancy in world.vacancies(vacancies)],
        "programmes": [programme_record(p) for p in world.programmes(programmes)],
    }
