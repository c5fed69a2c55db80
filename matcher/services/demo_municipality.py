"""The municipality of the demo region, invented: it does itself what it asks of firms."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer, operator
from matcher.domain.contracts import Contract, Contribution
from matcher.domain.displacement import OrganisationKind
from matcher.domain.months import months_later
from matcher.models import Organisation, Placement
from matcher.models.states import PlacementState
from matcher.repositories.scope import unscoped
from matcher.repositories.vacancies import organisation_named
from matcher.services.contracts import new_row, post_account
from matcher.services.demo_accounts import GROUPS, WEEKS, contribution_row
from matcher.services.displacement import answer_check, questions_of
from matcher.services.vacancies import create_vacancy, open_vacancy

NAME = "Gemeente Voorbeeldstad (verzonnen)"
SIZE_FTE = 900
PEOPLE = 14
"""Enough for a number on the public page."""
PLACES = (("N81", 3, "Medewerker groen"), ("E38", 2, "Gastheer milieustraat"))
VALUE_CENTS = 9_000_000_00


def add_municipality(session: Session, officer: Viewer, *, on: date, now: datetime) -> None:
    """Two open vacancies, some people at work, and a contract with its account."""
    region = officer.region or ""
    body = organisation_named(session, region, NAME, now=now, size_fte=SIZE_FTE)
    body.kind = OrganisationKind.MUNICIPALITY
    session.flush()
    for sector, places, title in PLACES:
        _open_place(session, region, sector, places, title, now)
    _put_to_work(session, region, body)
    contract = Contract(
        reference="demo-o201",
        contractor=NAME,
        region=region,
        kind="services",
        value_cents=VALUE_CENTS,
        tendered_on=months_later(on, -16),
        awarded_on=months_later(on, -15),
        start_on=months_later(on, -14),
        end_on=months_later(on, 22),
        pso_level="none",
    )
    row = new_row(session, contract, now)
    session.flush()
    for turn in range(PEOPLE):
        begin = months_later(contract.start_on, 1 + turn % 3)
        item = Contribution(
            reference=f"{contract.reference}-p{turn + 1}",
            contract=contract.reference,
            kind="placement",
            person=f"g{turn + 1:02d}",
            group=GROUPS[turn % len(GROUPS)],
            permanent=turn % 5 == 0,
            start_on=begin,
            end_on=months_later(begin, 18) - timedelta(days=1),
            hours_week=WEEKS[turn % len(WEEKS)],
        )
        session.add(contribution_row(row.id, region, item, now))
    session.flush()
    post_account(session, officer, row.id, on=on, now=now)


def _open_place(
    session: Session, region: str, sector: str, places: int, title: str, now: datetime
) -> None:
    staff = operator(region)
    values = {
        "sector": sector, "places": places, "title": title, "contractor": NAME, "hours_min": 24,
        "hours_max": 32, "employer_size": SIZE_FTE,
    }  # fmt: skip
    made = create_vacancy(session, staff, values, now=now)
    answers = {
        each.code: next(answer for answer in each.answers if answer not in each.flagged)
        for each in questions_of(session, staff, made.id, on=now.date())
    }
    answer_check(session, staff, made.id, answers, {}, now=now)
    open_vacancy(session, staff, made.id, expected_version=made.version, now=now)


def _put_to_work(session: Session, region: str, body: Organisation) -> None:
    """Some of those who found work elsewhere work here."""
    statement = (
        select(Placement)
        .where(
            Placement.region == region,
            Placement.organisation_id.is_(None),
            Placement.state.in_((PlacementState.ACTIVE, PlacementState.TRIAL)),
        )
        .order_by(Placement.id)
        .limit(PEOPLE)
    )
    for row in session.scalars(unscoped(statement, Placement)):
        row.organisation_id = body.id
