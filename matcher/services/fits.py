"""How many people fit: an exact number for staff, a band for contractors, a rounded one for all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.assessment import current
from matcher.domain.pairs import assess_pair
from matcher.domain.vocabulary import Lane, section_of
from matcher.reference.codes import load_codes
from matcher.repositories import pool as rows
from matcher.repositories import vacancies
from matcher.services.inputs import region_inputs
from matcher.services.transactions import READ_ONCE

BANDS = ((3, "under_3"), (10, "3_9"), (25, "10_24"))
MOST = "25_up"
"""Bands of people: each upper bound (exclusive) with its code. The lowest hides whether there is
anybody at all, so that nobody is found by elimination (practice.md section 7, 4)."""

POOL_MINIMUM = 10
POOL_ROUNDING = 5
"""contract.md section 4: counts of 10 and more, rounded to 5."""

INTRODUCED = (Lane.READY_NOW, Lane.READY_WITH_SUPPORT)


@dataclass(frozen=True, slots=True)
class FitCount:
    """How many people fit: `count` for staff, `band` for contractors."""

    count: int
    band: str


def band_of(count: int) -> str:
    """The code of the band that `count` people fall in."""
    return next((code for upper, code in BANDS if count < upper), MOST)


def count_fits(session: Session, viewer: Viewer, vacancy_id: int, *, on: date) -> FitCount:
    """How many people of the region fit a vacancy in the viewer's reach on a day.

    They are active and not paused, their newest assessment says that they can start, alone or
    with support, nothing blocks them, and nothing has to be asked first.
    """
    row = vacancies.get_row(session, viewer, vacancy_id)
    vacancy = vacancies.to_profile(row)
    # One page asks for many vacancies: within a request the people are read once.
    shared = session.info.setdefault(READ_ONCE, {})
    key = ("ready_people", row.region, on)
    if key not in shared:
        shared[key] = rows.ready_people(session, row.region, INTRODUCED, on)
    setting = None
    count = 0
    for profile in shared[key]:
        if setting is None:
            inputs = region_inputs(session, row.region, on=on, language="nl")
            setting = inputs.advisor.setting(profile)
        pair = assess_pair(current(profile, setting), vacancy, setting)
        count += pair.eligible and not pair.ask_first
    return FitCount(count, band_of(count))


def sector_pool(session: Session, region: str, *, on: date) -> list[dict[str, Any]]:
    """For every sector, how many active people of the region want to work there.

    A wish for a section counts for the section alone, one for a division for both. A count under
    10 is None, any other is rounded to 5; paused people count, for they come back.
    """
    wanted: Counter[str] = Counter()
    for sectors in rows.wishes(session, region):
        wanted.update({*sectors, *(section_of(sector) for sector in sectors)})
    return [
        {
            "sector": code.code,
            "label": {"nl": code.label("nl"), "en": code.label("en")},
            "count": _rounded(wanted[code.code]),
            "as_of": on,
        }
        for code in load_codes().list("sectors").codes.values()
    ]


def _rounded(count: int) -> int | None:
    if count < POOL_MINIMUM:
        return None
    return POOL_ROUNDING * round(count / POOL_ROUNDING)
