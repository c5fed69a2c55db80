"""Displacement in the demo region: a place that waits, one to look back on, and reports."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.models.states import VacancyStatus
from matcher.services.calendar import day_of
from matcher.services.displacement import answer_check, questions_of
from matcher.services.displacement_reports import file_report, judge_report, open_reports
from matcher.services.vacancies import create_vacancy, fill_vacancy, list_vacancies, open_vacancy

_WHY = "Een vakman ging met pensioen. Wij willen een leerling opleiden in dat werk."
_START = timedelta(weeks=26, days=2)


def add_displacement(session: Session, contractor: Viewer, now: datetime) -> None:
    """Of the contractor's: one place that replaces somebody, and one filled half a year ago."""
    page = list_vacancies(session, contractor, status=VacancyStatus.OPEN, limit=1)
    if not page.items:
        return
    sector = page.items[0].profile.sector
    waits = {"sector": sector, "places": 1, "title": "Leerling vakman", "hours_max": 32}
    answered_place(session, contractor, waits, {"d3": _WHY}, now)
    then = now - _START
    worked = {"sector": sector, "places": 1, "title": "Hulp op de werf", "hours_max": 24}
    place = answered_place(session, contractor, worked, {}, then)
    opened = open_vacancy(session, contractor, place, expected_version=1, now=then)
    fill_vacancy(session, contractor, place, expected_version=opened.version, now=then)


def add_reports(session: Session, officer: Viewer, now: datetime) -> None:
    """One report from outside that waits, one being asked about, and one that was judged."""
    seen = (
        ("green", "Een groenbedrijf bij het Wantijpark", ["stopped"], "this_month", None),
        ("paving", "Een stratenmaker in Papendrecht", ["replaced"], "half_year", "078 000 00 00"),
        ("cleaning", "De keten bij de sluis in Zwijndrecht", ["will_lose"], "ahead", None),
    )
    for ago, (work, place, signs, happened, reach) in enumerate(seen):
        file_report(
            session, region=officer.region or "", work=work, place=place, signs=signs,
            happened=happened, reach=reach, language="nl", now=now - timedelta(days=7 * ago),
        )  # fmt: skip
    found = {report.work: report for report in open_reports(session, officer)}
    for work, state, why in (
        ("paving", "asked", "Het bedrijf gebeld. Zij zoeken het rooster op."),
        ("cleaning", "unfounded", "Er kwam een ploeg bij. Niemand verloor uren."),
    ):
        judge_report(
            session, officer, found[work].id, state, why=why,
            expected_version=found[work].version, now=now,
        )  # fmt: skip


def answered_place(
    session: Session,
    contractor: Viewer,
    values: dict[str, object],
    flagged: dict[str, str],
    now: datetime,
) -> int:
    """The number of a new place whose questions are answered, with a yes at what is flagged."""
    place = create_vacancy(session, contractor, values, now=now).id
    answers = {
        each.code: next(
            answer for answer in each.answers if (answer in each.flagged) is (each.code in flagged)
        )
        for each in questions_of(session, contractor, place, on=day_of(now))
    }
    answer_check(session, contractor, place, answers, flagged, now=now)
    return place
