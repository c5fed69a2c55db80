"""What the municipality does itself, on the page of the region: from its rows, silent when few."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Right, Viewer
from matcher.domain.credits import credit_steps
from matcher.domain.vacancy import VacancyProfile
from matcher.models import Organisation, Placement
from matcher.models.states import PlacementState, VacancyStatus
from matcher.reference.talent import load_talent_terms
from matcher.repositories import vacancies
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import unscoped
from matcher.services.contract_imports import import_contracts, import_contributions
from matcher.services.contracts import list_accounts
from matcher.services.talent import count_own, talent_of
from tests.services.contracting import source
from tests.services.introducing import person_of
from tests.storage.rows import STAMPS

OFFICER = Viewer(None, frozenset({Right.OFFICER}), "demo")
CITY, OTHER = "Gemeente", "Wegen Een"


@pytest.fixture
def city(session: Session) -> Organisation:
    """The municipality and a firm, each with open, drafted and filled places."""
    for name, kind in ((CITY, "municipality"), (OTHER, None)):
        body = Organisation(name=name, region="demo", kind=kind, **STAMPS)
        session.add(body)
        session.flush()
        for number, status in enumerate(VacancyStatus):
            profile = VacancyProfile(f"{name}-{number}", name, "demo", "N81", 2 + number)
            session.add(vacancies.new_row(profile, body, status=status, now=STAMPS["created_at"]))
    session.commit()
    return session.scalars(
        unscoped(select(Organisation).where(Organisation.name == CITY), Organisation)
    ).one()


def put_to_work(session: Session, body: int, count: int, now: datetime, **more: object) -> None:
    values = {"state": PlacementState.ACTIVE, "starts_on": now.date(), **more}
    people = [
        person_of(session, OFFICER_OF_ALL, now, reference=f"W-{body}-{number}-{len(more)}")
        for number in range(count)
    ]
    session.add_all(
        Placement(
            region="demo", candidate_id=person.candidate_id, organisation_id=body, **values,
            **STAMPS,
        )
        for person in people
    )  # fmt: skip
    session.commit()


OFFICER_OF_ALL = Viewer(None, frozenset(Right) - {Right.CANDIDATE, Right.CONTRACTOR}, "demo")


def test_without_a_municipality_nothing_is_said(session: Session, on: date) -> None:
    session.add(Organisation(name="Firm", region="demo", kind="public", **STAMPS))
    session.add(Organisation(name=CITY, region="haaglanden", kind="municipality", **STAMPS))
    session.commit()
    assert count_own(session, "demo", on=on) is None
    assert talent_of(session, "demo", on=on).own is None


@pytest.mark.parametrize(("count", "shown"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15)])
def test_its_places_are_exact_and_its_people_rounded_from_ten_on(
    session: Session,
    city: Organisation,
    on: date,
    now: datetime,
    count: int,
    shown: int | None,
) -> None:
    put_to_work(session, city.id, count, now)
    put_to_work(session, city.id, 3, now, starts_on=on + timedelta(days=1))
    ended = {"state": PlacementState.ENDED, "ended_on": on}
    put_to_work(session, city.id, 3, now, **ended)

    found = count_own(session, "demo", on=on)

    open_places = session.execute(
        text(
            "SELECT sum(v.places) FROM vacancy v JOIN organisation o ON o.id = v.organisation_id"
            " WHERE o.name = :name AND v.status = 'open'"
        ),
        {"name": CITY},
    ).scalar_one()
    assert found is not None
    assert (found.names, found.places, found.at_work) == ((CITY,), open_places, shown)
    assert (found.owed_cents, found.done_cents) == (None, None)


CONTRACTS = """\
reference;contractor;region;kind;value_cents;tendered_on;start_on;end_on;pso_level
G-1;Gemeente;demo;works;900000000;2026-01-01;2026-02-01;2028-03-31;none
G-2;Gemeente;demo;services;500000000;2026-01-01;2026-02-01;2028-03-31;none
O-1;Wegen Een;demo;works;900000000;2026-01-01;2026-02-01;2028-03-31;none
"""
HEAD = "reference;contract;kind;person;group;start_on;end_on;hours_week\n"


def contributions(contract: str, people: int) -> str:
    return "".join(
        f"{contract}-{n};{contract};placement;p-{contract}-{n};p_wet;2026-03-01;2027-12-31;24\n"
        for n in range(people)
    )


def test_its_account_is_the_sum_of_its_contracts_and_told_from_ten_people_on(
    session: Session, city: Organisation, on: date, now: datetime
) -> None:
    import_contracts(session, OFFICER, source(CONTRACTS), now=now)
    rows = HEAD + contributions("G-1", 12) + contributions("G-2", 9) + contributions("O-1", 20)
    report = import_contributions(session, OFFICER, source(rows), now=now)
    assert report.problems == ()
    views = {view.record.contract.reference: view for view in list_accounts(session, OFFICER, on)}
    owed = sum(
        step.cents
        for reference in ("G-1", "G-2")
        for step in views[reference].account.steps  # type: ignore[union-attr]  # the region has rules
        if step.part == "obligation"
    )

    act_as(session, Actor(NOBODY, now))
    found = talent_of(session, "demo", on=on).own

    assert found is not None
    assert found.owed_cents == owed
    view = views["G-1"]
    assert view.account is not None
    steps = credit_steps(
        view.record.contract, view.contributions, view.account.rules, on, until=date(2026, 12, 31)
    )
    exact = sum(step.cents for step in steps)
    assert exact > 0
    to = load_talent_terms(on).own_rounding_cents
    assert found.done_cents is not None
    assert found.done_cents % to == 0
    assert abs(found.done_cents - exact) * 2 <= to, "the twelve; of the nine nothing is told"


def test_a_counting_stands_whatever_happens_meanwhile_and_keeps_no_exact_count(
    session: Session, city: Organisation, on: date, now: datetime
) -> None:
    put_to_work(session, city.id, 13, now)
    first = talent_of(session, "demo", on=on)
    put_to_work(session, city.id, 20, now, hours_a_week=8)
    for day in range(7):
        assert talent_of(session, "demo", on=on + timedelta(days=day)) == first
    later = talent_of(session, "demo", on=first.until).own
    assert first.own is not None
    assert later is not None
    assert (first.own.at_work, later.at_work) == (15, 35)
    kept = session.execute(text("SELECT figures FROM talent_count ORDER BY number")).scalars().all()
    assert all("13" not in str(row).split('"own"')[1] for row in kept)
