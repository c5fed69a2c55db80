"""What a firm asks and answers, in the world of canaries."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import DisplacementReport
from matcher.repositories.scope import unscoped
from matcher.services.calendar import day_of
from matcher.services.call_requests import file_call_request
from matcher.services.displacement import answer_check, questions_of
from matcher.services.displacement_reports import file_report
from matcher.services.vacancies import create_vacancy

if TYPE_CHECKING:
    from tests.privacy.world import World


def asks_to_be_called(session: Session, world: World, now: datetime) -> None:
    """The firm's own request to be called."""
    call = file_call_request(
        session, world.accounts["contractor"], region="demo",
        name=world.word("call", "name", "firm"), phone="0612345678",
        work=world.word("call", "work", "firm"), people=1, wanted_when=None, now=now,
    )  # fmt: skip
    world.ids["contractor"]["call_id"] = call.id


def is_reported(session: Session, world: World, now: datetime) -> None:
    """Somebody in town reports the firm, and leaves a way to be reached."""
    file_report(
        session, region="demo", work="paving", place=world.word("report", "place", "town"),
        signs=["replaced"], happened="this_month", language="nl", now=now,
        reach=f"{world.word('report', 'reach', 'town')}@voorbeeld.example",
    )  # fmt: skip
    rows = select(DisplacementReport.id).where(DisplacementReport.region == "demo")
    number = session.scalars(unscoped(rows, DisplacementReport)).one()
    world.ids["region"]["report_id"] = number


def waits_for_an_officer(
    session: Session, world: World, place: dict[str, Any], now: datetime
) -> None:
    """A place of the firm that waits for an officer, with what the firm wrote about it."""
    firm = world.accounts["contractor"]
    made = create_vacancy(session, firm, place, now=now)
    asked = questions_of(session, firm, made.id, on=day_of(now))
    answers = {
        each.code: next(answer for answer in each.answers if answer not in each.flagged)
        for each in asked
    }
    reasons = {"d3": world.word("check", "reasons", "firm")}
    check = answer_check(session, firm, made.id, {**answers, "d3": "yes"}, reasons, now=now)
    world.ids["contractor"]["check_id"] = check.id
