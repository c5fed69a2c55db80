from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import NOBODY, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.repositories.records import CallRequestRecord
from matcher.services.call_requests import (
    due_at,
    file_call_request,
    finish_call_request,
    get_call_request,
    list_call_requests,
    take_call_request,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def ask(session: Session, viewer: Viewer, now: datetime, **changes: object) -> CallRequestRecord:
    values: dict[str, object] = {
        "region": "demo",
        "name": "Site manager",
        "phone": "078 123 45 67",
        "work": "Paving, one pair of hands",
        "people": 1,
        "wanted_when": "Thursday",
        **changes,
    }
    return file_call_request(session, viewer, **values, now=now)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        ("2027-03-01 06:45", "2027-03-01 17:00"),  # Monday, in the van
        ("2027-03-01 14:59", "2027-03-01 17:00"),
        ("2027-03-01 15:00", "2027-03-02 17:00"),
        ("2027-03-05 16:00", "2027-03-08 17:00"),  # Friday afternoon
        ("2027-03-06 09:00", "2027-03-08 17:00"),  # Saturday
        ("2027-03-07 23:59", "2027-03-08 17:00"),  # Sunday night
        ("2027-03-26 16:00", "2027-03-30 17:00"),  # Easter, and the clock goes forward
        ("2027-10-29 16:00", "2027-11-01 17:00"),  # and back
    ],
)
def test_the_call_is_promised_before_five_on_a_working_day(asked: str, promised: str) -> None:
    moment = datetime.fromisoformat(asked).replace(tzinfo=AMSTERDAM).astimezone(UTC)

    due = due_at(moment)

    assert due.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M") == promised


def test_a_visitor_without_an_account_is_called_by_the_region(
    session: Session, service_point: Viewer, stranger: Viewer, coach: Viewer, now: datetime
) -> None:
    made = ask(session, NOBODY, now)

    assert (made.phone, made.status, made.organisation_id) == ("0781234567", "new", None)
    assert get_call_request(session, service_point, made.id) == made
    for viewer in (stranger, coach, NOBODY):
        with pytest.raises(NotFound):
            get_call_request(session, viewer, made.id)


def test_a_contractor_sees_the_own_requests_only(
    session: Session, contractor: Viewer, rival: Viewer, now: datetime
) -> None:
    made = ask(session, contractor, now)
    ask(session, NOBODY, now)

    assert [record.id for record in list_call_requests(session, contractor).items] == [made.id]
    assert list_call_requests(session, rival).items == ()
    with pytest.raises(Forbidden):
        take_call_request(session, contractor, made.id, now=now)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"work": ""}, "work"),
        ({"work": "BSN 111222333"}, "work"),
        ({"phone": "111222333"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "0" * 50}, "phone"),
        ({"people": 0}, "people"),
        ({"people": 501}, "people"),
        ({"region": "atlantis"}, "region"),
        ({"region": ""}, "region"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(
    session: Session, now: datetime, changes: dict[str, object], where: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(session, NOBODY, now, **changes)

    assert [problem.where for problem in refused.value.problems] == [where]
    assert "111222333" not in str(refused.value)


@pytest.mark.parametrize("phone", ["06-10000008", "+31 6 1000 0008", "0031 78 123 4567"])
def test_every_usual_way_to_write_a_number_is_understood(
    session: Session, now: datetime, phone: str
) -> None:
    assert ask(session, NOBODY, now, phone=phone).phone.lstrip("+").isdigit()


def test_one_person_calls_and_says_what_came_of_it(
    session: Session, service_point: Viewer, triager: Viewer, now: datetime
) -> None:
    made = ask(session, NOBODY, now)

    taken = take_call_request(session, service_point, made.id, now=now)
    with pytest.raises(Conflict):
        take_call_request(session, triager, made.id, now=now)
    again = take_call_request(session, service_point, made.id, now=now)
    nobody_there = finish_call_request(session, service_point, made.id, "no_answer", now=now)
    done = finish_call_request(session, service_point, made.id, "vacancy_filed", now=now)

    assert (taken.status, taken.handled_by) == ("taken", service_point.account_id)
    assert again.status == "taken"
    assert (nobody_there.status, nobody_there.due_at) == ("taken", made.due_at + timedelta(days=1))
    assert (done.status, done.outcome) == ("done", "vacancy_filed")
    with pytest.raises(Conflict):
        finish_call_request(session, service_point, made.id, "no_need", now=now)
    with pytest.raises(Conflict):
        take_call_request(session, service_point, made.id, now=now)
    with pytest.raises(InvalidInput):
        finish_call_request(session, service_point, made.id, "whatever", now=now)


def test_requests_are_listed_by_when_they_are_due(
    session: Session, service_point: Viewer, now: datetime
) -> None:
    late, early, middle = (ask(session, NOBODY, now + timedelta(days=days)) for days in (3, 0, 1))
    take_call_request(session, service_point, middle.id, now=now)

    first = list_call_requests(session, service_point, limit=2)
    rest = list_call_requests(session, service_point, limit=2, cursor=first.next_cursor)

    assert [r.id for r in first.items + rest.items] == [early.id, middle.id, late.id]
    new = list_call_requests(session, service_point, status="new").items
    assert [r.id for r in new] == [early.id, late.id]
    with pytest.raises(InvalidInput):
        list_call_requests(session, service_point, cursor="WyJ4IiwgMV0")
