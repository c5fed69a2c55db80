"""Jobs outlive contracts: the jobs at stake, a plan for each, and telling of it once a term."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.models import Account, Message, PublicContract
from matcher.models.states import PlacementState
from matcher.repositories.scope import unscoped
from matcher.services import placements, placing, retender
from tests.services.conftest import NOW, account_of
from tests.services.introducing import open_place, person_of
from tests.services.placing import START, met, placement_row

DAY = timedelta(days=1)
END = date(2027, 9, 30)


@pytest.fixture
def officer(session: Session) -> Viewer:
    viewer = account_of(session, "officer", Right.OFFICER)
    session.get_one(Account, viewer.account_id).email = "officer@voorbeeld.example"
    session.commit()
    return viewer


@pytest.fixture
def contract(session: Session, contractor: Viewer, now: datetime) -> int:
    return contract_of(session, contractor, "O-1", END, now)


def contract_of(session: Session, firm: Viewer, reference: str, end_on: date, now: datetime) -> int:
    row = PublicContract(
        region="demo", reference=reference, organisation_id=firm.organisation_id, kind="works",
        value_cents=1, start_on=date(2026, 1, 1), end_on=end_on, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row.id


@pytest.fixture
def job(
    session: Session,
    coach: Viewer,
    contractor: Viewer,
    person: Viewer,
    place: int,
    contract: int,
    now: datetime,
) -> int:
    asked = met(session, coach, contractor, person, place, now)
    made = placing.agree_after_meeting(session, contractor, asked, {"starts_on": START}, now=now)
    placements.start(session, contractor, made.id, now=now)
    retender.name_contract(session, contractor, made.id, contract, now=now)
    return made.id


def seen(session: Session, viewer: Viewer, on: date) -> Any:
    return [
        (one.contract.reference, one.alert, one.red, [job.job.plan for job in one.jobs])
        for one in retender.at_stake(session, viewer, on=on)
    ]


def test_the_end_of_a_contract_ends_no_job_and_neither_does_erasing_it(
    session: Session, officer: Viewer, job: int, contract: int
) -> None:
    assert placement_row(session, job).state is PlacementState.ACTIVE
    assert seen(session, officer, END - 181 * DAY) == []
    assert seen(session, officer, END - 180 * DAY) == [("O-1", 180, 1, [None])]
    assert seen(session, officer, END - 30 * DAY) == [("O-1", 30, 1, [None])]
    assert seen(session, officer, END + DAY) == [("O-1", None, 1, [None])], "still red after it"
    session.execute(
        unscoped(delete(PublicContract).where(PublicContract.id == contract), PublicContract)
    )
    session.commit()
    row = placement_row(session, job)
    assert (row.state, row.contract_id) == (PlacementState.ACTIVE, None)
    assert seen(session, officer, END) == []


def test_who_looks_sees_jobs_and_nothing_of_whose_they_are(
    session: Session, officer: Viewer, service_point: Viewer, coach: Viewer, job: int
) -> None:
    for viewer in (officer, service_point):
        ((ending,),) = ([*retender.at_stake(session, viewer, on=END)],)
        (one,) = ending.jobs
        assert one.job.pseudonym.startswith("J-")
        assert not {"candidate_id", "reference", "first_name"} & set(one.job.as_mapping())
    for viewer in (coach, account_of(session, "analyst", Right.ANALYST)):
        with pytest.raises(Forbidden):
            retender.at_stake(session, viewer, on=END)
    elsewhere = account_of(session, "elsewhere", Right.OFFICER, region="haaglanden")
    assert retender.at_stake(session, elsewhere, on=END) == []
    with pytest.raises(NotFound):
        retender.plan_job(session, elsewhere, job, "continue", END, now=NOW)


def test_a_plan_has_an_owner_and_a_day_and_takes_the_red_away(
    session: Session, officer: Viewer, contractor: Viewer, job: int, now: datetime
) -> None:
    for plan, due in (("keep", END), ("continue", None), ("continue", date(2027, 2, 28))):
        with pytest.raises(InvalidInput):
            retender.plan_job(session, officer, job, plan, due, now=now)
    with pytest.raises(Forbidden):
        retender.plan_job(session, contractor, job, "continue", END, now=now)
    retender.plan_job(session, officer, job, "continue", END, now=now)
    row = placement_row(session, job)
    assert (row.plan, row.plan_due_on, row.plan_owner_id) == ("continue", END, officer.account_id)
    assert seen(session, officer, END - 30 * DAY) == [("O-1", 30, 0, ["continue"])]
    assert seen(session, officer, END + DAY) == [], "what ended with a plan is done"


def test_a_transfer_needs_the_candidates_own_yes(
    session: Session, officer: Viewer, coach: Viewer, person: Viewer, job: int, now: datetime
) -> None:
    with pytest.raises(Conflict):
        retender.agree_to_transfer(session, person, job, now=now)
    due = END - 10 * DAY
    retender.plan_job(session, officer, job, "transfer", due, now=now)
    assert seen(session, officer, due)[0][2] == 0
    assert seen(session, officer, due + DAY)[0][2] == 1, "without a yes it is no plan after its day"
    with pytest.raises(Forbidden):
        retender.agree_to_transfer(session, officer, job, now=now)
    other = person_of(session, coach, now)
    with pytest.raises(NotFound):
        retender.agree_to_transfer(session, other, job, now=now)
    retender.agree_to_transfer(session, person, job, now=now)
    retender.agree_to_transfer(session, person, job, now=now + DAY)
    assert placement_row(session, job).plan_consented_at == now
    assert seen(session, officer, due + DAY)[0][2] == 0
    retender.plan_job(session, officer, job, "other_job", due, now=now)
    retender.plan_job(session, officer, job, "transfer", due, now=now)
    assert placement_row(session, job).plan_consented_at is None, "asked anew"


def test_an_employer_names_its_own_contracts_alone(
    session: Session, contractor: Viewer, rival: Viewer, coach: Viewer, job: int, now: datetime
) -> None:
    foreign = contract_of(session, rival, "O-2", END, now)
    with pytest.raises(NotFound):
        retender.name_contract(session, contractor, job, foreign, now=now)
    with pytest.raises(NotFound):
        retender.name_contract(session, rival, job, foreign, now=now)
    with pytest.raises(Forbidden):
        retender.name_contract(session, coach, job, None, now=now)
    retender.name_contract(session, contractor, job, None, now=now)
    assert placement_row(session, job).contract_id is None


def test_each_term_is_told_once_to_who_looks_at_it(
    session: Session, officer: Viewer, contractor: Viewer, coach: Viewer, job: int, now: datetime
) -> None:
    contract_of(session, contractor, "O-without-jobs", END, now)
    told = []
    for left in (200, 180, 179, 90, 89, 31, 30, 1, 0, -1):
        at = datetime.combine(END - left * DAY, now.timetz())
        told.append(retender.tell_in_time(session, now=at))
        assert retender.tell_in_time(session, now=at) == 0
    assert told == [0, 1, 0, 1, 0, 0, 1, 0, 0, 0]
    kept = session.scalars(
        unscoped(select(Message).where(Message.dedupe_key.startswith("retender:")), Message)
    ).all()
    assert [(row.template, row.account_id, row.params) for row in kept] == [
        ("something_ready", officer.account_id, {"link": "/aflopend"})
    ] * 3


def test_a_job_that_ended_is_at_stake_no_more(
    session: Session, officer: Viewer, coach: Viewer, contractor: Viewer, job: int, now: datetime
) -> None:
    placements.end(session, coach, job, "hours", now=now)
    assert seen(session, officer, END) == []
    with pytest.raises(NotFound):
        retender.plan_job(session, officer, job, "continue", END, now=now)
    with pytest.raises(Conflict):
        retender.name_contract(session, contractor, job, None, now=now)
    assert open_place(session, contractor, {}, now)
