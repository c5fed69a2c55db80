from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.models.states import CandidateStatus, ContactKind
from matcher.services import candidates
from matcher.services.calendar import day_of
from matcher.services.candidates import (
    add_commitment,
    close_candidate,
    create_candidate,
    find_candidate,
    get_candidate,
    list_candidates,
    list_commitments,
    mark_not_reached,
    pause_candidate,
    remove_commitment,
    reopen_candidate,
    update_candidate,
)

BSN = "111222333"  # passes the 11-check and belongs to nobody
FULL = {
    "reference": "K-1",
    "pc4": 3311,
    "travel_max_minutes": 45,
    "travel_modes": frozenset({"bike", "public_transport"}),
    "licences": frozenset({"B"}),
    "sectors": ("F42", "F43"),
    "sectors_never": frozenset({"N81"}),
    "adult": True,
    "paused_until": date(2027, 4, 1),
    "current_hours": 8,
    "hours_min": 16,
    "hours_max": 32.5,
    "blocked": frozenset({"wed_afternoon"}),
    "start_from": date(2027, 3, 8),
    "rhythm": 3,
    "money": 1,
    "lift": 0,
    "group": 2,
    "credentials": frozenset({"vca_basic"}),
    "education": 3,
    "occupations": (("8342", 3.0), ("9312", None)),
    "guidance_need": 3,
    "observed_on": date(2027, 2, 1),
    "waiting_since": date(2027, 1, 4),
    "first_name": "Robin",
    "contact_kind": "sms",
    "contact_value": "06 12",
}


def test_what_a_coach_enters_comes_back_field_by_field(
    session: Session, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, FULL, now=now)
    session.expire_all()

    found = get_candidate(session, coach, made.id)

    shown = found.as_mapping()
    assert {name: shown[name] for name in FULL} == FULL | {"contact_kind": ContactKind.SMS}
    assert found.profile.region == "demo"
    assert found.profile.stand is None, "what was not answered stays unknown"
    assert (found.version, found.status) == (1, CandidateStatus.ACTIVE)
    assert found.owner_account_id == coach.account_id
    assert found.created_at == now


def test_a_new_candidate_waits_from_today_under_a_reference_that_says_nothing(
    session: Session, coach: Viewer, now: datetime
) -> None:
    one = create_candidate(session, coach, {"first_name": "Sam"}, now=now)
    other = create_candidate(session, coach, {"first_name": "Sam"}, now=now)

    assert one.profile.waiting_since == day_of(now)
    assert one.profile.reference != other.profile.reference
    assert "sam" not in one.profile.reference.lower()


def test_a_reference_is_used_once_in_a_region(
    session: Session, coach: Viewer, stranger: Viewer, now: datetime
) -> None:
    create_candidate(session, coach, {"reference": "K-1"}, now=now)

    with pytest.raises(Conflict):
        create_candidate(session, coach, {"reference": "K-1"}, now=now)
    elsewhere = create_candidate(session, stranger, {"reference": "K-1"}, now=now)

    assert elsewhere.profile.region == "haaglanden"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"hours_min": 32, "hours_max": 16}, {"hours_min"}),
        ({"pc4": 12}, {"pc4"}),
        ({"rhythm": 5}, {"rhythm"}),
        ({"sectors": ("XX",)}, {"sectors"}),
        ({"region": "haaglanden"}, {"region"}),
        ({"first_name": f"Sam {BSN}"}, {"first_name"}),
        ({"reference": BSN}, {"reference"}),
        ({"contact_kind": "pigeon"}, {"contact_kind"}),
        ({"first_name": "x" * 61, "education": 9, "guidance_need": -1}, None),
    ],
)
def test_what_cannot_be_kept_is_refused_with_every_problem_at_once(
    session: Session, coach: Viewer, now: datetime, values: dict[str, object], where: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_candidate(session, coach, values, now=now)

    assert {problem.where for problem in refused.value.problems} == (where or set(values))
    assert BSN not in str(refused.value)
    assert list_candidates(session, coach).items == ()


def test_only_who_may_enter_candidates_does(
    session: Session, triager: Viewer, service_point: Viewer, contractor: Viewer, now: datetime
) -> None:
    for viewer in (triager, service_point, contractor):
        with pytest.raises(Forbidden):
            create_candidate(session, viewer, {}, now=now)


def test_staff_cannot_set_the_candidates_own_wish_to_start(
    session: Session, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {"wants_start": "now"}, now=now)

    changed = update_candidate(
        session,
        coach,
        made.id,
        {"wants_start": "soon", "rhythm": 2},
        expected_version=made.version,
        now=now,
    )

    assert made.profile.wants_start is None
    assert (changed.profile.wants_start, changed.profile.rhythm) == (None, 2)


def test_a_change_raises_the_version_and_no_change_does_not(
    session: Session, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {"rhythm": 2, "hours_max": 20}, now=now)
    later = now + timedelta(hours=1)

    same = update_candidate(session, coach, made.id, {"rhythm": 2}, expected_version=1, now=later)
    changed = update_candidate(
        session, coach, made.id, {"rhythm": None}, expected_version=1, now=later
    )

    assert (same.version, same.updated_at) == (1, now)
    assert (changed.version, changed.updated_at) == (2, later)
    assert changed.profile.rhythm is None
    assert changed.profile.hours_max == 20


def test_a_change_on_an_older_version_is_stale_and_changes_nothing(
    session: Session, coach: Viewer, lead: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {}, now=now)
    update_candidate(session, lead, made.id, {"rhythm": 3}, expected_version=1, now=now)

    with pytest.raises(Stale) as stale:
        update_candidate(session, coach, made.id, {"rhythm": 1}, expected_version=1, now=now)

    assert stale.value.current == 2
    assert get_candidate(session, coach, made.id).profile.rhythm == 3


def test_hours_are_checked_against_the_one_that_was_kept_before(
    session: Session, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {"hours_max": 20}, now=now)

    with pytest.raises(InvalidInput):
        update_candidate(session, coach, made.id, {"hours_min": 24}, expected_version=1, now=now)


def test_a_triager_changes_what_is_observed_and_no_wishes(
    session: Session, coach: Viewer, triager: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {}, now=now)

    changed = update_candidate(
        session, triager, made.id, {"rhythm": 3}, expected_version=1, now=now
    )
    with pytest.raises(Forbidden):
        update_candidate(session, triager, made.id, {"sectors": ()}, expected_version=2, now=now)

    assert changed.profile.rhythm == 3


def test_somebody_of_another_region_or_a_contractor_finds_nobody(
    session: Session,
    coach: Viewer,
    stranger: Viewer,
    contractor: Viewer,
    admin: Viewer,
    now: datetime,
) -> None:
    made = create_candidate(session, coach, {"reference": "K-1"}, now=now)

    for viewer in (stranger, contractor, admin):
        with pytest.raises(NotFound):
            get_candidate(session, viewer, made.id)
        assert find_candidate(session, viewer, "K-1") is None
        assert list_candidates(session, viewer, caseload="region").items == ()
    with pytest.raises(NotFound):
        update_candidate(session, stranger, made.id, {"rhythm": 1}, expected_version=1, now=now)


def test_a_coach_lists_the_own_caseload_and_on_request_all_in_reach(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime
) -> None:
    mine = create_candidate(session, coach, {}, now=now)
    theirs = create_candidate(session, colleague, {}, now=now)
    nobodys = create_candidate(session, lead, {}, now=now)
    stand_in = replace(coach, covers=frozenset({colleague.account_id or 0}))
    for_one = replace(coach, covers_candidates=frozenset({theirs.id}))

    def listed(viewer: Viewer, caseload: str) -> set[int]:
        return {record.id for record in list_candidates(session, viewer, caseload=caseload).items}

    assert listed(coach, "own") == {mine.id}
    assert listed(coach, "region") == {mine.id, nobodys.id}
    assert listed(stand_in, "own") == listed(for_one, "own") == {mine.id, theirs.id}
    assert listed(lead, "own") == listed(lead, "region") == {mine.id, theirs.id, nobodys.id}


def test_a_colleagues_candidate_is_as_absent_as_one_that_does_not_exist(
    session: Session, coach: Viewer, colleague: Viewer, now: datetime
) -> None:
    theirs = create_candidate(session, colleague, {"reference": "K-1"}, now=now)

    for candidate_id in (theirs.id, theirs.id + 1):
        with pytest.raises(NotFound):
            get_candidate(session, coach, candidate_id)
        with pytest.raises(NotFound):
            update_candidate(
                session, coach, candidate_id, {"rhythm": 3}, expected_version=1, now=now
            )
    assert find_candidate(session, coach, "K-1") is None
    assert get_candidate(session, colleague, theirs.id).version == 1


def test_pages_follow_waiting_time_and_meet_everybody_once(
    session: Session, coach: Viewer, now: datetime
) -> None:
    days = [date(2027, 1, 20), None, date(2026, 12, 1), date(2027, 1, 20), date(2026, 12, 1), None]
    made = [create_candidate(session, coach, {"waiting_since": day}, now=now) for day in days]
    late = date(9999, 12, 31)
    expected = [r.id for r in sorted(made, key=lambda r: (r.profile.waiting_since or late, r.id))]

    seen: list[int] = []
    cursor = None
    while True:
        page = list_candidates(session, coach, cursor=cursor, limit=2)
        seen += [record.id for record in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == expected


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WzEsIDJd", "é", "WyJ4IiwgMV0" * 50])
def test_a_cursor_that_no_page_gave_is_refused(
    session: Session, coach: Viewer, cursor: str
) -> None:
    with pytest.raises(InvalidInput):
        list_candidates(session, coach, cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_a_size(session: Session, coach: Viewer, limit: int) -> None:
    with pytest.raises(InvalidInput):
        list_candidates(session, coach, limit=limit)


def test_search_looks_in_reference_and_first_name_and_takes_no_wildcards(
    session: Session, coach: Viewer, now: datetime
) -> None:
    create_candidate(session, coach, {"reference": "K-100", "first_name": "Robin"}, now=now)
    create_candidate(session, coach, {"reference": "K-200", "first_name": "Sam"}, now=now)

    found = {
        text: [r.profile.reference for r in list_candidates(session, coach, search=text).items]
        for text in ("k-1", "rob", "SAM", "%", "_")
    }

    assert found == {"k-1": ["K-100"], "rob": ["K-100"], "SAM": ["K-200"], "%": [], "_": []}


def test_pausing_asks_for_a_day_and_never_for_a_reason(
    session: Session, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {}, now=now)

    away = pause_candidate(session, coach, made.id, date(2027, 5, 1), expected_version=1, now=now)
    back = pause_candidate(session, coach, made.id, None, expected_version=2, now=now)

    assert away.profile.is_paused(date(2027, 4, 30))
    assert back.profile.paused_until is None


def test_a_closed_file_leaves_the_list_and_can_be_opened_again(
    session: Session, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {}, now=now)

    closed = close_candidate(session, coach, made.id, "moved", expected_version=1, now=now)
    assert list_candidates(session, coach).items == ()
    assert len(list_candidates(session, coach, status=None).items) == 1
    opened = reopen_candidate(session, coach, made.id, expected_version=2, now=now)

    assert (closed.closed_code, closed.closed_on) == ("moved", day_of(now))
    assert (opened.status, opened.closed_code, opened.closed_on) == ("active", None, None)
    with pytest.raises(InvalidInput):
        close_candidate(session, coach, made.id, "bored", expected_version=3, now=now)


def test_attempts_without_contact_are_counted_to_three_and_end_with_contact(
    session: Session, triager: Viewer, coach: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {}, now=now)
    counts = []
    version = made.version
    for _ in range(4):
        record = mark_not_reached(session, triager, made.id, expected_version=version, now=now)
        version = record.version
        counts.append(record.not_reached)
    reached = mark_not_reached(
        session, triager, made.id, reached=True, expected_version=version, now=now
    )

    assert counts == [1, 2, 3, 3]
    assert reached.not_reached == 0


def test_commitments_elsewhere_have_hours_and_an_end_and_no_content(
    session: Session, coach: Viewer, stranger: Viewer, now: datetime
) -> None:
    made = create_candidate(session, coach, {}, now=now)
    until = date(2027, 6, 1)

    added = add_commitment(session, coach, made.id, hours_a_week=6, until=until, now=now)

    assert list_commitments(session, coach, made.id) == [added]
    assert set(added.as_mapping()) == {"id", "candidate_id", "hours_a_week", "until", "created_at"}
    with pytest.raises(NotFound):
        list_commitments(session, stranger, made.id)
    with pytest.raises(NotFound):
        remove_commitment(session, stranger, made.id, added.id)
    for hours, end in ((0, until), (169, until), (6, date(2027, 2, 28))):
        with pytest.raises(InvalidInput):
            add_commitment(session, coach, made.id, hours_a_week=hours, until=end, now=now)
    remove_commitment(session, coach, made.id, added.id)
    assert list_commitments(session, coach, made.id) == []


def test_references_are_drawn_from_letters_that_are_not_read_for_each_other() -> None:
    drawn = {candidates.new_reference("K") for _ in range(200)}

    assert len(drawn) == 200
    assert not set("".join(drawn)) & set("01OI")
