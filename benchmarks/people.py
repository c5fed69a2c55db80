"""A region of 300 people and 60 vacancies: assessments, matches and plans for everybody."""

from __future__ import annotations

from datetime import date

from benchmarks.tables import Measured, measure
from matcher.demo.region import generate
from matcher.services.advice import assess_rows, match_rows, plan_rows

TITLE = "A region: 300 people, 60 vacancies, the shipped programmes"
ON = date(2026, 11, 23)


def rows() -> list[Measured]:
    """Each of the three results for the whole region, against the first."""
    region = generate(seed=7, on=ON)
    people, places = region.candidates, region.vacancies
    assessed, assessed_worst = measure(lambda: assess_rows(people, places, None, on=ON), 3)
    matched, matched_worst = measure(lambda: match_rows(people, places, on=ON, top=10), 3)
    planned, planned_worst = measure(lambda: plan_rows(people, places, None, on=ON), 3)
    return [
        Measured("assess", assessed, assessed_worst),
        Measured("match, top 10", matched, matched_worst, "assess", assessed / matched),
        Measured("plan", planned, planned_worst, "assess", assessed / planned),
    ]
