"""Reports of displacement: anybody sends one, an officer alone reads it, and it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models import AuditEntry, DisplacementReport
from matcher.models.states import ReportState
from matcher.reference.codes import load_codes
from matcher.reference.displacement import load_displacement_terms
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services.displacement_reports import (
    JUDGED,
    file_report,
    judge_report,
    judged_reports,
    open_reports,
)
from matcher.services.retention import run_retention

SEEN: dict[str, Any] = {
    "region": "demo", "work": "paving", "place": "Bouwbedrijf aan de Merwedekade",
    "signs": ["replaced", "stopped"], "happened": "this_month", "reach": None, "language": "nl",
}  # fmt: skip
OFFICER = Viewer(None, frozenset({Right.OFFICER}), "demo")
ELSEWHERE = Viewer(None, frozenset({Right.OFFICER}), "haaglanden")


def reported(session: Session, now: datetime, **values: Any) -> int:
    """The number of a report that somebody sent without an account."""
    act_as(session, Actor(NOBODY, now))
    file_report(session, **{**SEEN, **values}, now=now)
    rows = select(DisplacementReport.id).order_by(DisplacementReport.id.desc()).limit(1)
    number: int = session.scalars(unscoped(rows, DisplacementReport)).one()
    act_as(session, Actor(OFFICER, now, Right.OFFICER))
    return number


def test_a_report_is_for_the_officer_of_the_region_within_five_working_days(
    session: Session, now: datetime
) -> None:
    number = reported(session, now, reach="06 - 12 34 56 78")

    [found] = open_reports(session, OFFICER)

    assert (found.id, found.state, found.place) == (number, ReportState.NEW, SEEN["place"])
    assert found.signs == ("stopped", "replaced"), "in the order of the list"
    assert found.reach == "0612345678"
    days = [now.date() + timedelta(days=ahead) for ahead in range(1, 10)]
    assert found.due_on == [day for day in days if day.weekday() < 5][4]
    act_as(session, Actor(ELSEWHERE, now))
    assert open_reports(session, ELSEWHERE) == []
    with pytest.raises(NotFound):
        judge_report(
            session, ELSEWHERE, number, "founded", why="Klopt", expected_version=1, now=now
        )


@pytest.mark.parametrize("right", [right for right in Right if right is not Right.OFFICER])
def test_nobody_else_reads_or_judges_a_report(
    session: Session, now: datetime, right: Right
) -> None:
    number = reported(session, now)
    viewer = Viewer(1, frozenset({right}), "demo", 1, "nl", candidate_id=1)
    act_as(session, Actor(viewer, now))
    for work in (open_reports, judged_reports):
        with pytest.raises(Forbidden):
            work(session, viewer)
    with pytest.raises(Forbidden):
        judge_report(session, viewer, number, "founded", why="x", expected_version=1, now=now)


def test_nothing_is_kept_of_who_sent_it(session: Session, now: datetime) -> None:
    number = reported(session, now)

    rows = select(DisplacementReport).where(DisplacementReport.id == number)
    row = session.scalars(unscoped(rows, DisplacementReport)).one()
    assert (row.reach, row.decided_by) == (None, None)
    noted = select(AuditEntry).where(AuditEntry.kind == "displacement_report")
    [entry] = session.scalars(unscoped(noted, AuditEntry)).all()
    assert (entry.account_id, entry.right_used) == (None, None)


REFUSED: dict[str, tuple[str, Any]] = {
    "no place": ("place", "  "),
    "a number of somebody in the place": ("place", "Bel Jan op 06 12 34 56 78"),
    "a citizen number in the place": ("place", "111222333"),
    "a long story": ("place", "x" * 121),
    "work that is none": ("work", "spying"),
    "nothing seen": ("signs", []),
    "a sign that is none": ("signs", ["replaced", "angry"]),
    "a time that is none": ("happened", "once"),
    "a region that is none": ("region", "nergens"),
    "a sentence to be reached by": ("reach", "ik ben er altijd wel"),
    "a citizen number to be reached by": ("reach", "111222333"),
    "an address without an end": ("reach", "jan@werk"),
    "a very long address": ("reach", f"{'j' * 120}@werk.example"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_at_its_field(
    session: Session, now: datetime, name: str
) -> None:
    field, value = REFUSED[name]
    with pytest.raises(InvalidInput) as refused:
        file_report(session, **{**SEEN, field: value}, now=now)
    assert [problem.where for problem in refused.value.problems] == [field]
    act_as(session, Actor(OFFICER, now))
    assert open_reports(session, OFFICER) == []


def test_a_report_is_asked_about_and_then_judged_once_with_a_reason(
    session: Session, now: datetime
) -> None:
    number = reported(session, now)
    with pytest.raises(InvalidInput):
        judge_report(session, OFFICER, number, "founded", why=" ", expected_version=1, now=now)
    with pytest.raises(InvalidInput):
        judge_report(session, OFFICER, number, "new", why="Nee", expected_version=1, now=now)
    judge_report(
        session, OFFICER, number, "asked", why="Bedrijf gebeld", expected_version=1, now=now
    )
    [found] = open_reports(session, OFFICER)
    assert (found.state, found.why) == (ReportState.ASKED, "Bedrijf gebeld")
    with pytest.raises(Stale):
        judge_report(session, OFFICER, number, "other", why="Nee", expected_version=1, now=now)

    judge_report(
        session, OFFICER, number, "founded", why="Het klopt", expected_version=found.version,
        now=now,
    )  # fmt: skip

    assert open_reports(session, OFFICER) == []
    [judged] = judged_reports(session, OFFICER)
    assert (judged.state, judged.why, judged.decided_at) == (ReportState.FOUNDED, "Het klopt", now)
    with pytest.raises(Conflict):
        judge_report(
            session, OFFICER, number, "other", why="Toch niet",
            expected_version=judged.version, now=now,
        )  # fmt: skip


@pytest.mark.parametrize("state", JUDGED)
def test_two_months_after_the_judgement_a_report_is_gone(
    session: Session, now: datetime, state: ReportState
) -> None:
    number = reported(session, now, reach="jan@voorbeeld.example")
    waits = reported(session, now)
    judge_report(session, OFFICER, number, state, why="Gezien", expected_version=1, now=now)
    session.commit()

    def left(days: int) -> list[int]:
        later = now + timedelta(days=days)
        run_retention(session, on=later.date(), now=later)
        rows = select(DisplacementReport.id).order_by(DisplacementReport.id)
        return list(session.scalars(unscoped(rows, DisplacementReport)))

    assert left(60) == [number, waits]
    assert left(63) == [waits]
    assert left(364) == [waits], "nobody judged it: it stays a year"
    assert left(367) == []


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)))
def test_every_sign_has_words_and_belongs_to_a_question_that_is_asked(on: date) -> None:
    asked = {question.code for question in load_displacement_terms(on).questions}
    for code in load_codes().list("displacement_signs").codes.values():
        assert code.label("nl")
        assert code.label("en")
        question = code.attributes["question"]
        assert question is None or question in asked
