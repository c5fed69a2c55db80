from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import InvalidInput
from matcher.repositories.records import CandidateRecord
from matcher.services import caseload
from matcher.services.assessments import assess_candidate, assess_stale, latest_assessment
from matcher.services.candidates import (
    close_candidate,
    create_candidate,
    mark_not_reached,
    update_candidate,
)
from matcher.services.caseload import Focus, lane_counts, talent_centre_list, today_list
from matcher.services.decisions import record_decision
from matcher.services.intake import save_draft
from tests.services.conftest import account_of
from tests.services.introducing import open_place

KNOWN = {
    "pc4": 3311,
    "travel_max_minutes": 60,
    "travel_modes": frozenset({"car"}),
    "sectors": ("F42",),
    "hours_max": 40,
    "rhythm": 4,
    "work_skills": 4,
    "language_speak": 4,
    "language_read": 4,
    "lift": 2,
    "stand": 2,
    "bend": 2,
    "outdoor": 2,
    "group": 2,
}


def make(session: Session, coach: Viewer, now: datetime, **values: object) -> CandidateRecord:
    return create_candidate(session, coach, {**KNOWN, **values}, now=now)


def test_today_names_one_thing_a_person_in_the_order_of_the_rule(
    session: Session, coach: Viewer, now: datetime, on: date
) -> None:
    new = make(session, coach, now, first_name="New")
    unknown = create_candidate(session, coach, {"first_name": "Unknown"}, now=now)
    drafted = make(session, coach, now, first_name="Drafted")
    reviewed = make(session, coach, now, first_name="Reviewed")
    back = make(session, coach, now, first_name="Back", paused_until=on)
    away = make(session, coach, now, first_name="Away", paused_until=on + timedelta(days=1))
    long_ago = on - timedelta(days=300)
    for person, day in (
        (unknown, on),
        (drafted, on),
        (reviewed, long_ago),
        (back, long_ago),
        (away, long_ago),
    ):
        assess_candidate(session, coach, person.id, on=day, now=now)
    save_draft(session, coach, card="work", answers={}, candidate_id=drafted.id, now=now)
    save_draft(session, coach, card="quick_start", answers={}, now=now)

    lines = today_list(session, coach, on=on)

    assert [(line.why, line.first_name) for line in lines] == [
        ("returns", "Back"),
        ("review", "Reviewed"),
        ("draft", "Drafted"),
        ("draft", None),
        ("missing", "Unknown"),
        ("new", "New"),
    ]
    assert lines[2].detail == ("work",)
    asked = latest_assessment(session, coach, unknown.id)
    assert asked is not None
    assert lines[4].detail == tuple(q["field"] for q in asked.result["ask_next"])
    assert len(lines[4].detail) == 2
    assert new.id == lines[5].candidate_id


def test_answers_that_came_in_since_the_advice_stand_first_until_the_advice_is_opened(
    session: Session, coach: Viewer, now: datetime, on: date
) -> None:
    person = make(session, coach, now, first_name="Answered")
    assess_candidate(session, coach, person.id, on=on, now=now)
    assert today_list(session, coach, on=on) == []

    renamed = update_candidate(
        session,
        coach,
        person.id,
        {"first_name": "Renamed"},
        expected_version=person.version,
        now=now,
    )
    assert today_list(session, coach, on=on) == []

    update_candidate(
        session, coach, person.id, {"rhythm": 3}, expected_version=renamed.version, now=now
    )
    assert [line.why for line in today_list(session, coach, on=on)] == ["answers"]

    assess_candidate(session, coach, person.id, on=on, now=now)
    assert today_list(session, coach, on=on) == []


def test_today_holds_ten_lines_at_most_and_only_of_the_own_caseload(
    session: Session, coach: Viewer, colleague: Viewer, triager: Viewer, now: datetime, on: date
) -> None:
    people = [make(session, coach, now + timedelta(minutes=n)) for n in range(12)]
    make(session, colleague, now)

    lines = today_list(session, coach, on=on)

    assert [line.candidate_id for line in lines] == [person.id for person in people[:10]]
    assert len(today_list(session, coach, on=on, limit=3)) == 3
    assert len(today_list(session, coach, on=on, limit=99)) == 10
    assert today_list(session, triager, on=on) == []


def test_opening_an_advice_again_is_no_review_but_deciding_on_it_is(
    session: Session, coach: Viewer, now: datetime, on: date
) -> None:
    person = make(session, coach, now)
    assess_candidate(session, coach, person.id, on=on - timedelta(days=300), now=now)

    def why() -> list[str]:
        return [line.why for line in today_list(session, coach, on=on)]

    assert why() == ["review"]
    fresh = assess_candidate(session, coach, person.id, on=on, now=now)
    assert why() == ["review"]
    record_decision(
        session,
        coach,
        person.id,
        subject="lane",
        chosen=str(fresh.lane),
        reason="agrees",
        assessment_id=fresh.id,
        now=now,
    )
    assert why() == []
    review_on = fresh.result["review_on"]
    later = today_list(session, coach, on=review_on - timedelta(days=6))
    assert [(line.why, line.due_on) for line in later] == [("review", review_on)]
    assert today_list(session, coach, on=review_on - timedelta(days=7)) == []


def test_the_talent_centre_sees_its_people_by_waiting_time(
    session: Session, coach: Viewer, triager: Viewer, now: datetime, on: date
) -> None:
    days = (date(2027, 2, 1), None, date(2026, 12, 1), date(2027, 1, 1))
    people = [make(session, coach, now, waiting_since=day) for day in days]
    unreached = make(session, coach, now, waiting_since=date(2026, 1, 1))
    version = 1
    for _ in range(3):
        version = mark_not_reached(
            session, triager, unreached.id, expected_version=version, now=now
        ).version
    closed = make(session, coach, now, waiting_since=date(2026, 1, 1))
    close_candidate(session, coach, closed.id, "moved", expected_version=1, now=now)

    lines = []
    cursor = None
    while True:
        page = talent_centre_list(session, triager, on=on, limit=2, cursor=cursor)
        lines += page.items
        cursor = page.next_cursor
        if cursor is None:
            break

    expected = [people[2].id, people[3].id, people[0].id, people[1].id, unreached.id]
    assert [line.candidate_id for line in lines] == expected
    assert [line.waiting_days for line in lines] == [90, 59, 28, None, 424]
    assert lines[-1].not_reached == 3
    assert all(line.lane is None for line in lines)


def test_lanes_narrow_the_list_and_are_counted(
    session: Session, coach: Viewer, triager: Viewer, stranger: Viewer, now: datetime, on: date
) -> None:
    ready = make(session, coach, now)
    unknown = create_candidate(session, coach, {}, now=now)
    assess_stale(session, coach, on=on, now=now)
    new = make(session, coach, now)
    elsewhere = make(session, stranger, now)
    assess_stale(session, stranger, on=on, now=now)
    assessed = latest_assessment(session, coach, ready.id)
    assert assessed is not None

    def ids(lane: str | None) -> list[int]:
        page = talent_centre_list(session, triager, on=on, lane=lane)
        return [line.candidate_id for line in page.items]

    counts = lane_counts(session, triager)

    assert counts == {
        **dict.fromkeys(counts, 0),
        str(assessed.lane): 1,
        "not_enough_known": 1,
        "unassessed": 1,
    }
    assert ids(str(assessed.lane)) == [ready.id]
    assert ids("not_enough_known") == [unknown.id]
    assert ids("unassessed") == [new.id]
    assert elsewhere.id not in ids(None)
    with pytest.raises(InvalidInput):
        ids("best")


@pytest.mark.parametrize(
    ("sector", "expected"),
    [
        ("F42", {0, 1, 2}),
        ("F", {0, 1, 2}),
        ("N81", {2}),
        ("H49", set()),
        ("%", set()),
    ],
)
def test_a_sector_narrows_the_list_to_who_wants_it(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    now: datetime,
    on: date,
    sector: str,
    expected: set[int],
) -> None:
    wishes = [("F42",), ("F",), ("N81", "F42"), ()]
    people = [make(session, coach, now, sectors=wish) for wish in wishes]

    page = talent_centre_list(session, triager, on=on, sector=sector)

    assert {line.candidate_id for line in page.items} == {people[n].id for n in expected}


def test_the_newest_assessment_gives_the_lane(
    session: Session, coach: Viewer, triager: Viewer, now: datetime, on: date
) -> None:
    person = make(session, coach, now, observed_on=on)
    assess_candidate(session, coach, person.id, on=on, now=now)
    later = on + timedelta(weeks=9)
    assess_candidate(session, coach, person.id, on=later, now=now)

    [line] = talent_centre_list(session, triager, on=later).items

    assert line.lane == "not_enough_known", "the rhythm was seen more than 8 weeks ago"
    assert lane_counts(session, triager)["not_enough_known"] == 1


def test_the_list_narrows_to_who_waits_long_lacks_an_answer_or_is_one_step_from_a_place(
    session: Session, coach: Viewer, triager: Viewer, now: datetime, on: date
) -> None:
    firm = account_of(session, "firm", Right.CONTRACTOR, firm="Paving firm")
    open_place(session, firm, {"credentials": frozenset({"vca_basic"}), "work_skills": 2}, now)
    long_ago, lately = on - timedelta(days=57), on - timedelta(days=56)
    values: list[dict[str, object]] = [
        {"waiting_since": long_ago, "observed_on": on, "credentials": frozenset({"vca_basic"})},
        {"waiting_since": lately, "observed_on": on},
        {"waiting_since": None, "observed_on": on, "hours_max": None},
        {"waiting_since": on, "observed_on": on - timedelta(weeks=8)},
        {"waiting_since": on, "observed_on": on - timedelta(weeks=8, days=1), "rhythm": 0},
        {"waiting_since": on, "observed_on": on, "work_skills": 0},
    ]
    people = [make(session, coach, now, **each).id for each in values]

    def shown(focus: Focus | None) -> list[int]:
        page = talent_centre_list(session, triager, on=on, focus=focus)
        return [people.index(line.candidate_id) for line in page.items]

    assert shown(None) == [0, 1, 3, 4, 5, 2]
    assert shown(Focus.LONG_WAIT) == [0]
    assert shown(Focus.ANSWERS) == [4, 2]
    # The certificate is their one step; the first has it, and the last lacks work skills too.
    assert shown(Focus.ONE_STEP) == [1, 3, 4, 2]


def test_who_is_one_step_away_is_looked_for_among_so_many_people_a_page(
    session: Session,
    coach: Viewer,
    triager: Viewer,
    now: datetime,
    on: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(caseload, "SEARCHED", 2)
    firm = account_of(session, "firm", Right.CONTRACTOR, firm="Paving firm")
    open_place(session, firm, {"credentials": frozenset({"vca_basic"})}, now)
    held = {"credentials": frozenset({"vca_basic"})}
    people = [make(session, coach, now, **values).id for values in (held, held, {}, held, {})]
    pages, cursor = [], None
    while True:
        page = talent_centre_list(
            session, triager, on=on, focus=Focus.ONE_STEP, limit=1, cursor=cursor
        )
        pages.append([people.index(line.candidate_id) for line in page.items])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == [[], [2], [4]]
