"""Reports of displacement: anybody sends one, an officer of the region says what came of it.

Nothing about who sends one is kept but what they chose to leave. A report is about a place in their
words and names none of ours, so that sending one tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, Problem, Stale
from matcher.files.free_text import never_saved, way_out
from matcher.models import DisplacementReport
from matcher.models.states import ReportState
from matcher.models.wall import whole_database
from matcher.reference.codes import load_codes
from matcher.reference.displacement import load_displacement_terms
from matcher.reference.retention import load_retention
from matcher.repositories import displacement_reports as rows
from matcher.repositories.displacement_reports import ReportRecord
from matcher.services.calendar import after_working_days, day_of
from matcher.services.checks import checked_texts, phone_number, refuse
from matcher.services.choices import choice
from matcher.services.transactions import unit_of_work

OTHER_WORK = "other"
PLACE_MAXIMUM = 120
REACH_MAXIMUM = 120
WHY_MAXIMUM = 300
OPEN = (ReportState.NEW, ReportState.ASKED)
JUDGED = (ReportState.FOUNDED, ReportState.UNFOUNDED, ReportState.OTHER)
_MOST = 200
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def file_report(
    session: Session,
    *,
    region: str,
    work: str,
    place: str | None,
    signs: Sequence[str],
    happened: str,
    reach: str | None,
    language: str,
    now: datetime,
) -> None:
    """Keeps what somebody saw; whoever sends it is told nothing but that it came in."""
    texts, problems = checked_texts({"place": PLACE_MAXIMUM}, {"place": place}, language)
    if "place" in texts and texts["place"] is None:
        problems.append(Problem("place", "is required; say at which firm or where it is"))
    problems += _code_problems(region, work, signs, happened)
    contact, more = _reach(reach, language)
    refuse([*problems, *more])
    terms = load_displacement_terms(day_of(now))
    # Whoever reports may see no report, not even this one.
    with unit_of_work(session), whole_database(session, "reporting", DisplacementReport):
        session.add(
            DisplacementReport(
                region=region,
                work=work,
                place=texts["place"],
                signs=tuple(sign for sign in load_codes().list("displacement_signs").codes
                            if sign in signs),
                happened=happened,
                reach=contact,
                state=ReportState.NEW,
                due_on=after_working_days(day_of(now), terms.report_working_days),
                created_at=now,
                updated_at=now,
            )
        )  # fmt: skip


def _code_problems(region: str, work: str, signs: Sequence[str], happened: str) -> list[Problem]:
    codes = load_codes()
    problems = [
        Problem(name, "is not one of the answers")
        for name, lists, code in (
            ("region", "regions", region),
            ("happened", "displacement_times", happened),
        )
        if code not in codes.list(lists)
    ]
    if work != OTHER_WORK and work not in codes.list("work_types"):
        problems.append(Problem("work", "is not one of the answers"))
    if not signs or any(sign not in codes.list("displacement_signs") for sign in signs):
        problems.append(Problem("signs", "choose what happened"))
    return problems


def _reach(reach: str | None, language: str) -> tuple[str | None, list[Problem]]:
    """A number or an address for mail, as it was left; None for whoever leaves none."""
    text = " ".join((reach or "").split())
    if not text:
        return None, []
    number = phone_number(text)
    if number is not None:
        return number, []
    kinds = never_saved(text)
    if kinds:
        return None, [Problem("reach", way_out(kinds, language))]
    if len(text) > REACH_MAXIMUM or not _MAIL.fullmatch(text):
        return None, [Problem("reach", "must be a phone number or an address for mail")]
    return text, []


def days_kept(on: date) -> int | None:
    """How many days after its judgement a report is erased, as the retention rule says."""
    return next(rule.days for rule in load_retention(on) if rule.name == "reports_looked_at")


def open_reports(session: Session, viewer: Viewer) -> list[ReportRecord]:
    """What an officer of the region still has to answer, what is due first on top."""
    _check_officer(viewer)
    return list(rows.in_states(session, viewer, OPEN, limit=_MOST))


def judged_reports(session: Session, viewer: Viewer) -> list[ReportRecord]:
    """What was judged and is still kept."""
    _check_officer(viewer)
    return list(rows.in_states(session, viewer, JUDGED, limit=_MOST))


def judge_report(
    session: Session,
    viewer: Viewer,
    report_id: int,
    state: str,
    *,
    why: str | None,
    expected_version: int,
    now: datetime,
) -> None:
    """An officer says what came of a report, always with a reason; *asked* leaves it open."""
    _check_officer(viewer)
    reached = choice(ReportState, "state", state)
    texts, problems = checked_texts({"why": WHY_MAXIMUM}, {"why": why}, viewer.language)
    if "why" in texts and texts["why"] is None:
        problems.append(Problem("why", "is required; say what you found"))
    if reached is ReportState.NEW:
        problems.append(Problem("state", "must say what came of it"))
    refuse(problems)
    with unit_of_work(session):
        row = rows.get_row(session, viewer, report_id)
        if row.version != expected_version:
            raise Stale("displacement report", row.version)
        if row.state not in OPEN:
            raise Conflict("this report was already judged")
        row.state, row.why = reached, texts["why"]
        row.decided_by, row.decided_at, row.updated_at = viewer.account_id, now, now
        session.flush()


def _check_officer(viewer: Viewer) -> None:
    if not viewer.has(Right.OFFICER):
        raise Forbidden("an officer looks at reports of displacement")
