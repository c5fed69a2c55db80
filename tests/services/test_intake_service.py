from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound, Stale
from matcher.services.candidates import create_candidate, get_candidate, list_candidates
from matcher.services.intake import (
    discard_draft,
    find_draft,
    finish_draft,
    get_draft,
    list_drafts,
    save_draft,
)

BSN = "111222333"


def test_a_card_half_filled_in_is_resumed_as_it_was_left(
    session: Session, coach: Viewer, now: datetime
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    answers = {"sectors": ["F42"], "remark": "é", "lift": "partly", "hours": 24.5}

    first = save_draft(
        session, coach, card="work", answers=answers, candidate_id=person.id, now=now
    )
    again = save_draft(
        session, coach, card="work", answers={"sectors": []}, candidate_id=person.id, now=now
    )

    assert first.answers == answers
    assert again.id == first.id
    assert get_draft(session, coach, first.id).answers == {"sectors": []}
    assert find_draft(session, coach, person.id, "work") == again
    assert find_draft(session, coach, person.id, "time") is None
    assert get_candidate(session, coach, person.id).version == 1


def test_a_quick_start_begins_before_there_is_a_candidate_and_makes_one(
    session: Session, coach: Viewer, now: datetime
) -> None:
    draft = save_draft(session, coach, card="quick_start", answers={"name": "Robin"}, now=now)
    draft = save_draft(
        session, coach, card="quick_start", answers={"name": "Sam"}, draft_id=draft.id, now=now
    )

    made = finish_draft(session, coach, draft.id, {"first_name": "Sam", "rhythm": 2}, now=now)

    assert (made.first_name, made.profile.rhythm, made.version) == ("Sam", 2, 1)
    assert list_drafts(session, coach) == []
    with pytest.raises(NotFound):
        get_draft(session, coach, draft.id)


def test_a_finished_card_changes_the_profile_and_nothing_else(
    session: Session, coach: Viewer, now: datetime
) -> None:
    person = create_candidate(session, coach, {"rhythm": 3, "money": 1}, now=now)
    draft = save_draft(session, coach, card="time", answers={}, candidate_id=person.id, now=now)

    changed = finish_draft(session, coach, draft.id, {"hours_max": 24}, now=now)

    assert (changed.profile.hours_max, changed.profile.rhythm, changed.profile.money) == (24, 3, 1)
    assert changed.version == 2


def test_a_card_that_cannot_be_applied_stays_a_draft(
    session: Session, coach: Viewer, now: datetime
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    draft = save_draft(session, coach, card="time", answers={}, candidate_id=person.id, now=now)

    with pytest.raises(InvalidInput):
        finish_draft(session, coach, draft.id, {"hours_max": 99}, now=now)
    with pytest.raises(Stale):
        finish_draft(session, coach, draft.id, {"hours_max": 9}, expected_version=7, now=now)

    assert get_draft(session, coach, draft.id) == draft
    assert get_candidate(session, coach, person.id) == person


def test_drafts_are_listed_newest_first_for_who_saved_them(
    session: Session, coach: Viewer, colleague: Viewer, lead: Viewer, now: datetime
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    for number, card in enumerate(("work", "time", "body")):
        save_draft(
            session,
            coach,
            card=card,
            answers={},
            candidate_id=person.id,
            now=now + timedelta(minutes=number),
        )

    assert [draft.card for draft in list_drafts(session, coach)] == ["body", "time", "work"]
    assert list_drafts(session, lead) == []
    of_person = list_drafts(session, lead, candidate_id=person.id)
    assert [draft.card for draft in of_person] == ["body", "time", "work"]
    assert list_drafts(session, colleague, candidate_id=person.id) == []


def test_a_discarded_draft_leaves_the_profile_alone(
    session: Session, coach: Viewer, now: datetime
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    draft = save_draft(session, coach, card="time", answers={}, candidate_id=person.id, now=now)

    discard_draft(session, coach, draft.id)

    assert list_drafts(session, coach, candidate_id=person.id) == []
    assert get_candidate(session, coach, person.id) == person


def test_nobody_outside_the_region_and_no_contractor_reaches_a_draft(
    session: Session, coach: Viewer, stranger: Viewer, contractor: Viewer, now: datetime
) -> None:
    person = create_candidate(session, coach, {}, now=now)
    draft = save_draft(session, coach, card="time", answers={}, candidate_id=person.id, now=now)

    for viewer in (stranger, contractor):
        with pytest.raises(NotFound):
            get_draft(session, viewer, draft.id)
        with pytest.raises(NotFound):
            discard_draft(session, viewer, draft.id)
        with pytest.raises((NotFound, Forbidden)):
            save_draft(session, viewer, card="time", answers={}, candidate_id=person.id, now=now)
    assert list_candidates(session, coach).items == (person,)


@pytest.mark.parametrize(
    ("card", "answers", "where"),
    [
        ("Not a card", {}, "card"),
        ("", {}, "card"),
        ("work", {"remark": f"my number is {BSN}"}, "remark"),
        ("work", {"deep": {"list": [BSN]}}, "deep"),
        ("work", {"remark": "x" * 20_001}, "answers"),
    ],
)
def test_a_draft_is_checked_before_it_is_kept(
    session: Session,
    coach: Viewer,
    now: datetime,
    card: str,
    answers: dict[str, object],
    where: str,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        save_draft(session, coach, card=card, answers=answers, now=now)

    assert [problem.where for problem in refused.value.problems] == [where]
    assert BSN not in str(refused.value)


def test_a_phone_number_in_a_draft_is_no_citizen_service_number(
    session: Session, coach: Viewer, now: datetime
) -> None:
    answers = {"contact_value": "06 10000008"}

    draft = save_draft(session, coach, card="quick_start", answers=answers, now=now)

    assert draft.answers == answers
