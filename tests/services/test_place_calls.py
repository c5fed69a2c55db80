"""Calls about open places: whom they are for, by when, and figures that follow from the rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, NotFound
from matcher.models import CallRequest, Vacancy
from matcher.models.database import make_engine, session_factory
from matcher.models.states import CallOutcome, CallStatus, VacancyStatus
from matcher.models.wall import stand_before
from matcher.reference.place_calls import load_place_call_terms
from matcher.repositories import vacancies
from matcher.repositories.scope import unscoped
from matcher.services.call_requests import (
    file_call_request,
    finish_call_request,
    list_call_requests,
)
from matcher.services.place_calls import call_due_at, list_places, take_place
from tests.services.conftest import account_of
from tests.services.introducing import open_place


def row_of(session: Session, viewer: Viewer, number: int) -> Vacancy:
    return vacancies.get_row(session, viewer, number)


def test_what_binds_stands_in_dated_data(on: date) -> None:
    terms = load_place_call_terms(on)

    assert (terms.working_days, terms.ahead, terms.hints) == (2, (4, 8), 3)
    with pytest.raises(ValueError, match="holds no calls"):
        load_place_call_terms(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("2027-03-01 08:30", "2027-03-03 17:00"),  # Monday
        ("2027-03-04 23:30", "2027-03-08 17:00"),  # Thursday night, over the weekend
        ("2027-03-26 09:00", "2027-03-31 17:00"),  # Easter, and the clock goes forward
    ],
)
def test_a_call_is_due_in_two_working_days(said: str, due: str) -> None:
    moment = datetime.fromisoformat(f"{said}+01:00")

    assert f"{call_due_at(moment):%Y-%m-%d %H:%M}" == due


def test_who_says_i_call_is_seen_and_nobody_calls_twice(
    session: Session, service_point: Viewer, triager: Viewer, place: int, now: datetime
) -> None:
    call = take_place(session, service_point, place, now=now)

    assert take_place(session, service_point, place, now=now).id == call.id
    with pytest.raises(Conflict, match="colleague"):
        take_place(session, triager, place, now=now)
    line = list_places(session, triager, now=now).page.items[0]
    assert line.call == call
    assert (line.is_taken, line.is_late) == (True, False)
    assert line.caller is not None


def test_the_outcome_is_kept_with_its_day_and_who_and_the_place_can_be_called_about_again(
    session: Session, service_point: Viewer, triager: Viewer, place: int, now: datetime
) -> None:
    call = take_place(session, service_point, place, now=now)
    later = now + timedelta(days=1)
    finish_call_request(session, triager, call.id, CallOutcome.NO_NEED, now=later)

    line = list_places(session, service_point, now=later).page.items[0]
    assert line.call is not None
    assert not line.is_taken
    assert line.call.outcome is CallOutcome.NO_NEED
    assert (line.call.handled_by, line.call.handled_at) == (triager.account_id, later)
    assert take_place(session, service_point, place, now=later).id != call.id


def test_nobody_there_is_called_again_on_the_next_working_day(
    session: Session, service_point: Viewer, place: int, now: datetime
) -> None:
    call = take_place(session, service_point, place, now=now)
    again = finish_call_request(session, service_point, call.id, "no_answer", now=now)

    assert again.status is CallStatus.TAKEN
    assert again.due_at.date() == now.date() + timedelta(days=1)


def test_overdue_comes_first_and_then_what_is_open_longest(
    session: Session, service_point: Viewer, contractor: Viewer, now: datetime
) -> None:
    numbers = []
    for ago in (3, 30, 10):
        number = open_place(session, contractor, {"reference": f"V-{ago}"}, now)
        row_of(session, service_point, number).opened_on = now.date() - timedelta(days=ago)
        session.flush()
        numbers.append(number)
    take_place(session, service_point, numbers[0], now=now - timedelta(days=5))

    found = list_places(session, service_point, now=now)
    assert [line.place.id for line in found.page.items] == [numbers[0], numbers[1], numbers[2]]
    assert [line.days_open for line in found.page.items] == [3, 30, 10]
    assert (found.total, found.late) == (3, 1)
    first = list_places(session, service_point, now=now, limit=2).page
    rest = list_places(session, service_point, now=now, limit=2, cursor=first.next_cursor).page
    assert (*first.items, *rest.items) == found.page.items


def test_before_it_was_counted_who_fits_is_unknown_and_not_zero(
    session: Session, service_point: Viewer, place: int, now: datetime
) -> None:
    found = list_places(session, service_point, now=now)

    assert found.counted_at is None
    assert (found.page.items[0].fits, found.page.items[0].all_fit) == (None, None)


def test_a_closed_place_and_one_of_elsewhere_cannot_be_called_about(
    session: Session, service_point: Viewer, stranger: Viewer, place: int, now: datetime
) -> None:
    with pytest.raises((NotFound, Forbidden)):
        take_place(session, stranger, place, now=now)
    row_of(session, service_point, place).status = VacancyStatus.FILLED
    session.flush()
    with pytest.raises(Conflict, match="not open"):
        take_place(session, service_point, place, now=now)


def test_only_who_calls_contractors_sees_the_list_and_calls(
    session: Session, coach: Viewer, contractor: Viewer, place: int, now: datetime
) -> None:
    for viewer in (coach, contractor, NOBODY):
        with pytest.raises(Forbidden):
            list_places(session, viewer, now=now)
        with pytest.raises(Forbidden):
            take_place(session, viewer, place, now=now)


def test_the_call_knows_who_asked_last_at_the_firm_and_is_no_request_of_the_firm(
    session: Session, service_point: Viewer, contractor: Viewer, place: int, now: datetime
) -> None:
    asked = file_call_request(
        session, contractor, region="demo", name="Site manager", phone="078 123 45 67",
        work="Paving", people=1, wanted_when=None, now=now,
    )  # fmt: skip
    call = take_place(session, service_point, place, now=now)

    assert (call.name, call.phone) == (asked.name, asked.phone)
    assert [each.id for each in list_call_requests(session, service_point).items] == [asked.id]
    assert [each.id for each in list_call_requests(session, contractor).items] == [asked.id]


def test_the_database_itself_holds_one_open_call_about_a_place(
    session: Session, service_point: Viewer, place: int, now: datetime
) -> None:
    call = take_place(session, service_point, place, now=now)
    statement = select(CallRequest).where(CallRequest.id == call.id)
    row = session.scalars(unscoped(statement, CallRequest)).one()
    values = {
        column.name: getattr(row, column.name)
        for column in CallRequest.__table__.columns
        if column.name not in ("id", "version")
    }
    session.add(CallRequest(**values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_of_two_who_say_i_call_at_once_one_does_and_the_other_hears_of_it(
    database_url: str, now: datetime
) -> None:
    engine = make_engine(database_url)
    factory = session_factory(engine)
    with factory() as session:
        firm = account_of(session, "firm", Right.CONTRACTOR, firm="Firm")
        number = open_place(session, firm, {}, now)
        callers = [account_of(session, name, Right.SERVICE_POINT) for name in ("one", "two")]
        session.commit()
    start, heard = Barrier(2), []

    def work(viewer: Viewer) -> None:
        with factory() as session:
            stand_before(session, viewer)
            start.wait()
            try:
                take_place(session, viewer, number, now=now)
                heard.append("calls")
            except Conflict:
                heard.append("told")

    threads = [Thread(target=work, args=(viewer,)) for viewer in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(heard) == ["calls", "told"]
