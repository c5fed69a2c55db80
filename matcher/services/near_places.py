"""Who is one step from an open place, which place that is, and what the step is.

The rule: exactly one thing shuts somebody out of a place that is open now, counted by the same
judgement that decides on fit (``VacancyTable.barriers``); of several such places the one that
suits best is named. It orders nobody: a list is in order of waiting before and after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.assessment import current
from matcher.domain.candidate import CandidateProfile
from matcher.domain.pairs import assess_pair
from matcher.domain.table import VacancyTable
from matcher.domain.vacancy import VacancyProfile
from matcher.services.advice import Advisor
from matcher.services.inputs import region_inputs


@dataclass(frozen=True, slots=True)
class NearPlace:
    """One place with the one step to it; `code` is that of the blocker, `text` its words."""

    vacancy: str
    title: str | None
    sector: str
    code: str
    text: str


def near_places(
    session: Session, viewer: Viewer, people: Iterable[CandidateProfile], *, on: date
) -> dict[str, NearPlace]:
    """By reference, those of `people` who are one step from a place open in the viewer's region.

    Who is paused takes no part, and who fits a place already is not one step away from work.
    """
    if viewer.region is None:
        return {}
    advisor = region_inputs(session, viewer.region, on=on, language=viewer.language).advisor
    if not advisor.vacancies:
        return {}
    table = advisor.table(CandidateProfile("", viewer.region))
    setting = table.setting
    found = {}
    for profile in people:
        if profile.is_paused(on):
            continue
        person = current(profile, setting)
        count, scores = table.barriers(person)
        if scores.eligible.any() or not (count == 1).any():
            continue
        best = int(np.argmax(np.where(count == 1, scores.fit, -1)))
        near = _named(person, advisor.vacancies[best], advisor, table)
        if near is not None:
            found[profile.reference] = near
    return found


def _named(
    person: CandidateProfile, vacancy: VacancyProfile, advisor: Advisor, table: VacancyTable
) -> NearPlace | None:
    pair = assess_pair(person, vacancy, table.setting)
    # One rule can shut out for two reasons, such as two levels of one kind: then it is no one step.
    if len(pair.blockers) != 1:
        return None
    (blocker,) = pair.blockers
    return NearPlace(
        vacancy.reference,
        vacancy.title,
        vacancy.sector,
        blocker.code,
        advisor.wording.say(blocker.text),
    )
