"""The agenda: valid for another program, nobody in it, and gone once it is withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.files.calendars import DayEvent, write_calendar
from matcher.models import Account, CalendarLink
from matcher.services import calendar_feed
from tests.services.introducing import person_of
from tests.services.placing import START, placed

DAY = timedelta(days=1)
NOW = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2100, 1, 1)), TEXTS), max_size=5))
def test_another_reader_finds_exactly_what_was_written(found: list[tuple[date, str]]) -> None:
    events = [
        DayEvent(f"u{number}@matcher", on, text, "https://matcher.example/nazorg")
        for number, (on, text) in enumerate(found)
    ]
    text = write_calendar(events, name="matcher", made_at=NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    read = Calendar.from_ical(text)
    assert (str(read["VERSION"]), read["PRODID"] != "") == ("2.0", True)
    for event, component in zip(events, read.walk("VEVENT"), strict=True):
        assert component.decoded("DTSTART") == event.on
        assert component.decoded("DTEND") == event.on + DAY
        assert component.decoded("DTSTAMP") == NOW
        assert str(component["UID"]) == event.uid
        assert str(component["SUMMARY"]) == event.summary
        assert str(component["URL"]) == event.url


def secret_of(given_link: calendar_feed.GivenCalendarLink) -> str:
    return given_link.address_path.removeprefix("/agenda/").removesuffix(".ics")


def test_the_link_shows_days_of_the_own_people_and_counts_alone(
    session: Session, coach: Viewer, colleague: Viewer, now: datetime
) -> None:
    for guide in (coach, coach, colleague):
        placed(session, guide, person_of(session, guide, now), now, starts_on=START + 2 * DAY)
    secret = secret_of(calendar_feed.give_link(session, coach, now=now))
    feed = calendar_feed.read_feed(session, secret, now=now)
    assert feed is not None
    days = {(day.on, day.kind): day.count for day in feed.days}
    assert days[START + 2 * DAY, "contact"] == 2
    assert (START + 9 * DAY, "contact") in days
    assert len({day.uid for day in feed.days}) == len(feed.days)
    again = calendar_feed.read_feed(session, secret, now=now)
    assert again == feed, "the same things have the same number each time"
    assert all(day.on <= START + 90 * DAY for day in feed.days)


def test_a_link_is_withdrawn_replaced_expires_and_ends_with_the_account(
    session: Session, coach: Viewer, now: datetime
) -> None:
    first = secret_of(calendar_feed.give_link(session, coach, now=now))
    second = secret_of(calendar_feed.give_link(session, coach, now=now))
    assert calendar_feed.read_feed(session, first, now=now) is None
    assert calendar_feed.read_feed(session, second, now=now) is not None
    assert calendar_feed.has_link(session, coach, now=now)
    late = now + timedelta(days=366)
    assert calendar_feed.read_feed(session, second, now=late) is None
    calendar_feed.withdraw_link(session, coach, now=now)
    assert calendar_feed.read_feed(session, second, now=now) is None
    assert not calendar_feed.has_link(session, coach, now=now)
    third = secret_of(calendar_feed.give_link(session, coach, now=now))
    account = session.get_one(Account, coach.account_id)
    account.is_active = False
    session.commit()
    assert calendar_feed.read_feed(session, third, now=now) is None
    account.is_active, account.rights = True, frozenset({"officer"})
    session.commit()
    assert calendar_feed.read_feed(session, third, now=now) is None
    assert calendar_feed.read_feed(session, "", now=now) is None


def test_only_the_hash_of_a_link_is_kept_and_only_guides_have_one(
    session: Session, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    secret = secret_of(calendar_feed.give_link(session, coach, now=now))
    (row,) = session.scalars(select(CalendarLink))
    assert secret not in repr(vars(row))
    officer = Viewer(9, frozenset({Right.OFFICER}), "demo")
    for viewer in (contractor, officer, Viewer(None, frozenset({Right.COACH}), "demo")):
        with pytest.raises(Forbidden):
            calendar_feed.give_link(session, viewer, now=now)
