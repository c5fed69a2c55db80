"""What people do leaves entries by itself: who, by which right, why, what and when; no content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import InvalidInput, NotFound
from matcher.models import Account, AuditEntry, Base, Candidate, CandidateNote, Commitment
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.recorded_tables import NOT_RECORDED, RECORDED
from matcher.repositories.scope import unscoped
from matcher.services import accounts, audit
from matcher.services.assessments import assess_candidate
from matcher.services.candidates import (
    add_commitment,
    create_candidate,
    find_candidate,
    get_candidate,
    remove_commitment,
    update_candidate,
)
from matcher.services.decisions import record_decision
from matcher.services.transactions import unit_of_work
from tests.services.conftest import account_of

CANARY = "Zeldzaamwoord"


def log_of(session: Session, *, after: int = 0) -> list[AuditEntry]:
    statement = select(AuditEntry).where(AuditEntry.position > after).order_by(AuditEntry.position)
    return list(session.scalars(unscoped(statement, AuditEntry)))


def end_of(session: Session) -> int:
    return int(audit.head_text(session).partition(":")[0])


def lines(session: Session, after: int) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(row.action, row.kind, row.fields) for row in log_of(session, after=after)]


@pytest.fixture
def officer(session: Session) -> Viewer:
    return account_of(session, "officer", Right.OFFICER)


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> int:
    values = {"first_name": CANARY, "rhythm": 3, "work_skills": 2, "sectors": ("F42",)}
    return create_candidate(session, coach, values, now=now).id


@pytest.fixture
def at_work(session: Session, now: datetime) -> Callable[..., None]:
    """Says who is at work on the session, as the edge does."""

    def bind(viewer: Viewer, right: Right | None = Right.COACH, purpose: str | None = None) -> None:
        act_as(session, Actor(viewer, now, right, purpose, "request-1"))

    return bind


def test_every_table_either_leaves_entries_or_says_why_not() -> None:
    tables: set[type[Any]] = {mapper.class_ for mapper in Base.registry.mappers}

    assert tables == set(RECORDED) | set(NOT_RECORDED)
    assert not set(RECORDED) & set(NOT_RECORDED)
    assert all(len(why.split()) >= 3 for why in NOT_RECORDED.values())


def test_a_change_is_an_entry_with_the_names_of_what_changed_and_who_did_it(
    session: Session, coach: Viewer, person: int, at_work: Callable[..., None], now: datetime
) -> None:
    at_work(coach)
    before = end_of(session)

    update_candidate(
        session, coach, person, {"rhythm": 4, "pc4": 3311}, expected_version=1, now=now
    )

    [row] = log_of(session, after=before)
    assert (row.action, row.kind, row.fields) == ("change", "candidate", ("pc4", "rhythm"))
    assert (row.candidate_id, row.object_id, row.region) == (person, person, "demo")
    assert (row.account_id, row.right_used, row.purpose) == (coach.account_id, "coach", "guidance")
    assert (row.at, row.request_id) == (now, "request-1")


def test_a_change_that_is_undone_leaves_no_entry_and_one_that_stands_keeps_its_own(
    session: Session, coach: Viewer, person: int, now: datetime
) -> None:
    before = end_of(session)

    with unit_of_work(session):
        update_candidate(session, coach, person, {"rhythm": 4}, expected_version=1, now=now)
        with pytest.raises(InvalidInput):
            fail_inside(session, coach, person, now)
    with pytest.raises(InvalidInput):
        fail_inside(session, coach, person, now)

    assert lines(session, before) == [("change", "candidate", ("rhythm",))]
    assert audit.verify(session).broken is None


def fail_inside(session: Session, viewer: Viewer, person: int, now: datetime) -> None:
    with unit_of_work(session):
        add_commitment(session, viewer, person, hours_a_week=8, until=date(2027, 9, 1), now=now)
        raise InvalidInput([])


def test_adding_and_removing_are_entries(
    session: Session, coach: Viewer, person: int, now: datetime
) -> None:
    before = end_of(session)
    made = add_commitment(session, coach, person, hours_a_week=8, until=date(2027, 9, 1), now=now)

    remove_commitment(session, coach, person, made.id)

    assert lines(session, before) == [("create", "commitment", ()), ("erase", "commitment", ())]


def test_a_suggestion_and_a_decision_name_rules_artefact_and_program(
    session: Session, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    before = end_of(session)
    advice = assess_candidate(session, coach, person, on=on, now=now)

    record_decision(
        session,
        coach,
        person,
        subject="lane",
        chosen=str(advice.lane),
        reason="agrees",
        assessment_id=advice.id,
        now=now,
    )

    suggested, decided = log_of(session, after=before)
    assert (suggested.action, suggested.kind) == ("suggest", "assessment")
    assert (decided.action, decided.kind) == ("decide", "decision")
    assert decided.versions == suggested.versions
    names = [part.partition("=")[0] for part in str(suggested.versions).split(";")]
    assert names == ["rules", "artefact", "program"]
    assert advice.rules_version in str(suggested.versions)


def test_the_same_advice_given_again_is_no_new_suggestion(
    session: Session, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    assess_candidate(session, coach, person, on=on, now=now)
    before = end_of(session)

    assess_candidate(session, coach, person, on=on, now=now)

    assert lines(session, before) == []


def test_a_person_read_often_in_one_piece_of_work_is_one_entry(
    session: Session, coach: Viewer, person: int, at_work: Callable[..., None]
) -> None:
    at_work(coach)
    audit.write_noted(session)
    before = end_of(session)
    reference = get_candidate(session, coach, person).profile.reference
    find_candidate(session, coach, reference)
    get_candidate(session, coach, person)

    assert audit.write_noted(session)

    [row] = log_of(session, after=before)
    assert (row.action, row.kind, row.candidate_id) == ("read", "candidate", person)
    assert not audit.write_noted(session)


def test_who_may_not_read_a_person_leaves_no_entry_about_them(
    session: Session, stranger: Viewer, person: int
) -> None:
    audit.write_noted(session)
    before = end_of(session)
    with pytest.raises(NotFound):
        get_candidate(session, stranger, person)

    audit.write_noted(session)

    assert lines(session, before) == []


def test_work_that_changes_somebody_is_a_change_and_not_also_a_read(
    session: Session, coach: Viewer, person: int, now: datetime
) -> None:
    other = create_candidate(session, coach, {"rhythm": 1}, now=now).id
    audit.write_noted(session)
    before = end_of(session)
    update_candidate(session, coach, person, {"rhythm": 4}, expected_version=1, now=now)
    get_candidate(session, coach, other)

    audit.write_noted(session, reading=False)

    found = [(row.action, row.candidate_id) for row in log_of(session, after=before)]
    assert found == [("change", person), ("read", other)]


def test_a_list_is_one_entry_with_its_filters_as_codes_and_how_many(
    session: Session, coach: Viewer, at_work: Callable[..., None]
) -> None:
    at_work(coach)
    before = end_of(session)
    audit.note_list(
        session, coach, "candidate_list", query={"lane": "ready_now", "sector": None}, count=12
    )

    audit.write_noted(session)

    [row] = log_of(session, after=before)
    assert (row.action, row.kind, row.query, row.count) == (
        "list", "candidate_list", "lane=ready_now", 12,
    )  # fmt: skip
    assert (row.candidate_id, row.region) == (None, "demo")


@pytest.mark.parametrize(
    ("right", "purpose"),
    [
        (Right.COACH, "guidance"),
        (Right.SERVICE_POINT, "introduction"),
        (Right.OFFICER, "accountability"),
        (Right.CANDIDATE, "own_say"),
        (Right.ADMIN, "access"),
        (None, "operation"),
    ],
)
def test_why_follows_from_the_right_that_opened_the_door(
    session: Session, coach: Viewer, at_work: Callable[..., None], right: Right, purpose: str
) -> None:
    at_work(coach, right)
    audit.note_list(session, coach, "candidate_list", count=0)
    audit.write_noted(session)

    row = log_of(session)[-1]
    assert (row.right_used, row.purpose) == (right, purpose)


def test_whoever_says_why_is_taken_at_their_word(
    session: Session, coach: Viewer, at_work: Callable[..., None]
) -> None:
    at_work(coach, Right.COACH, "complaint")
    audit.note_list(session, coach, "candidate_list", count=0)
    audit.write_noted(session)

    assert log_of(session)[-1].purpose == "complaint"


def test_rows_changed_or_deleted_in_bulk_are_counted_in_one_entry(
    session: Session, coach: Viewer, person: int, now: datetime
) -> None:
    for _ in range(3):
        add_commitment(session, coach, person, hours_a_week=8, until=date(2027, 9, 1), now=now)
    before = end_of(session)
    with unit_of_work(session):
        session.execute(unscoped(update(Commitment), Commitment).values(hours_a_week=4))
        session.execute(unscoped(delete(Commitment), Commitment))

    found = [(row.action, row.kind, row.fields, row.count) for row in log_of(session, after=before)]
    assert found == [
        ("change", "commitment", ("hours_a_week",), 3),
        ("erase", "commitment", (), 3),
    ]


def test_rows_cannot_be_added_past_the_log(session: Session, person: int, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="candidate_note"), unit_of_work(session):
        session.execute(
            insert(CandidateNote).values(
                region="demo", candidate_id=person, kind="coach", text="x", created_at=now
            )
        )


def test_signing_in_out_and_failing_are_entries_by_the_number_of_the_account(
    session: Session, now: datetime
) -> None:
    made = accounts.add_account(
        session,
        name=CANARY,
        password="een lange zin om te onthouden",
        rights=["officer"],
        region="demo",
        now=now,
    )
    before = end_of(session)
    accounts.sign_in(session, CANARY, "een verkeerde lange zin", now=now)
    from matcher.services import sessions

    secret = sessions.begin_session(session, made.id, "password", now=now)
    sessions.end_session(session, secret, now=now + timedelta(minutes=5))

    found = [
        (row.action, row.kind, row.object_id, row.account_id, row.region)
        for row in log_of(session, after=before)
    ]
    assert found == [
        ("sign_in", kind, made.id, made.id, "demo")
        for kind in ("sign_in_failed", "sign_in", "sign_out")
    ]


def test_an_account_that_is_changed_is_an_entry_without_its_values(
    session: Session, admin: Viewer, at_work: Callable[..., None], now: datetime
) -> None:
    at_work(admin, Right.ADMIN)
    before = end_of(session)

    accounts.set_active(session, int(admin.account_id or 0), False, now=now)

    assert lines(session, before) == [("change", "account", ("is_active",))]


def test_nothing_of_a_file_stands_in_the_log(
    session: Session, coach: Viewer, person: int, on: date, now: datetime
) -> None:
    update_candidate(
        session, coach, person, {"contact_kind": "mail", "contact_value": f"{CANARY}@example.org"},
        expected_version=1, now=now,
    )  # fmt: skip
    assess_candidate(session, coach, person, on=on, now=now)
    audit.write_noted(session)

    reference = get_candidate(session, coach, person).profile.reference
    for row in log_of(session):
        text = " ".join(str(getattr(row, column.key)) for column in AuditEntry.__table__.columns)
        assert CANARY.lower() not in text.lower()
        assert reference not in text


def test_the_operator_is_an_account_without_a_number(
    session: Session, person: int, at_work: Callable[..., None], now: datetime
) -> None:
    at_work(operator("demo"), None)
    get_candidate(session, operator("demo"), person)
    audit.write_noted(session)

    row = log_of(session)[-1]
    assert (row.account_id, row.right_used, row.purpose) == (None, None, "operation")
    assert row.candidate_id == person


def test_forgetting_old_entries_is_an_entry(
    session: Session, coach: Viewer, person: int, now: datetime
) -> None:
    # The clock of this machine stamped what is there; what comes now is of years later.
    later = now + timedelta(days=3650)
    act_as(session, Actor(coach, later, Right.COACH))
    before = end_of(session)
    update_candidate(session, coach, person, {"rhythm": 4}, expected_version=1, now=now)

    assert audit.forget_before(session, now - timedelta(days=3650)) == 0
    assert audit.forget_before(session, later) == before

    found = audit.verify(session)
    assert (found.broken, found.entries) == (None, 2)
    kept, noted = log_of(session)
    assert (kept.action, kept.fields) == ("change", ("rhythm",))
    assert (noted.action, noted.kind, noted.count) == ("erase", "audit_entry", before)


def test_what_is_no_head_is_refused_by_name(session: Session) -> None:
    with pytest.raises(InvalidInput, match="--expect"):
        audit.verify(session, "12")


def test_accounts_and_people_of_the_tests_are_in_the_log_too(
    session: Session, coach: Viewer, person: int
) -> None:
    kinds = {(row.kind, row.object_id) for row in log_of(session)}

    assert ("account", coach.account_id) in kinds
    assert ("candidate", person) in kinds
    assert session.get(Account, coach.account_id) is not None
    assert Candidate in RECORDED
