"""Agreements in the demo region: sheets filled and half empty, and jobs on a contract that ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.agreements import Commitments, Side
from matcher.domain.contracts import Contract
from matcher.models.states import CheckMoment, PlacementState, VacancyStatus
from matcher.repositories import placements as rows
from matcher.repositories.agreements import About
from matcher.services import agreements, contracts, retender
from matcher.services.calendar import day_of
from matcher.services.displacement import answer_check, check_of, questions_of
from matcher.services.transactions import unit_of_work
from matcher.services.vacancies import list_vacancies

_ENDS_IN = timedelta(days=84)
_FILLED = {
    Side.CANDIDATE: Commitments(("on_time", "ask_help")),
    Side.EMPLOYER: Commitments(("buddy", "weekly_talk")),
    Side.MUNICIPALITY: Commitments(("coach_calls", "one_number")),
}


def add_agreements(
    session: Session, coach: Viewer, contractor: Viewer, officer: Viewer, now: datetime
) -> None:
    """Of the people at the contractor's: one sheet that is whole, others with empty sides.

    They work on a contract that ends within three months; one job has a plan.
    """
    on = day_of(now)
    with unit_of_work(session):
        _answer_questions(session, contractor, now)
        found = [
            one
            for one in rows.in_reach(session, contractor)
            if one.state is not PlacementState.ENDED
        ]
        contract = contracts.new_row(
            session,
            Contract(
                reference="Onderhoud wijkwegen",
                contractor=str(found[0].contractor) if found else "",
                region=str(officer.region),
                kind="works",
                value_cents=45_000_000,
                tendered_on=on - timedelta(days=760),
                start_on=on - timedelta(days=700),
                end_on=on + _ENDS_IN,
            ),
            now,
        )
        session.flush()
        contracts.post_account(session, officer, contract.id, on=on, now=now)
        for number, one in enumerate(found):
            retender.name_contract(session, contractor, one.id, contract.id, now=now)
            if number:
                continue
            agreements.write_all(
                session,
                coach,
                About(placement_id=one.id),
                {"next_step": "Samen terugkijken op de eerste maanden",
                 "next_on": on + timedelta(days=6), "with_whom": "de jobcoach",
                 "phone": "0612345678"},
                _FILLED,
                fund_pays=False,
                expected_version=0,
                now=now,
            )  # fmt: skip
            retender.plan_job(
                session, officer, one.id, "continue", on + timedelta(days=60), now=now
            )


def _answer_questions(session: Session, contractor: Viewer, now: datetime) -> None:
    """The contractor's open places came in from a file; what is asked of them has no risk."""
    page = list_vacancies(session, contractor, status=VacancyStatus.OPEN, limit=100)
    for place in page.items:
        if check_of(session, contractor, place.id, CheckMoment.BEFORE) is not None:
            continue
        answers = {
            each.code: next(answer for answer in each.answers if answer not in each.flagged)
            for each in questions_of(session, contractor, place.id, on=day_of(now))
        }
        answer_check(session, contractor, place.id, answers, {}, now=now)
