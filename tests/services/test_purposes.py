"""Contact is read for a purpose that is said, logged, and told to the candidate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, NotFound
from matcher.models import AuditEntry
from matcher.reference.codes import load_codes
from matcher.repositories.acting import actor_of
from matcher.repositories.records import CandidateRecord
from matcher.repositories.scope import unscoped
from matcher.services.audit import write_noted
from matcher.services.candidates import create_candidate
from matcher.services.purposes import may_ask, purposes_of, read_for_purpose
from tests.services.conftest import account_of

REACH = {"first_name": "Bo", "contact_kind": "sms", "contact_value": "06 12345678"}


@pytest.fixture
def person(session: Session, coach: Viewer, now: datetime) -> CandidateRecord:
    return create_candidate(session, coach, {**REACH, "money": 1}, now=now)


def test_every_purpose_belongs_to_rights_that_see_more_for_it() -> None:
    for code in load_codes().list("purposes").codes.values():
        assert code.attributes["rights"]
        for right in code.attributes["rights"]:
            assert may_ask(Viewer(1, frozenset({Right(right)}), "demo")), code.code


def test_a_triager_reads_contact_for_a_purpose_and_the_log_says_which(
    session: Session, triager: Viewer, person: CandidateRecord, now: datetime
) -> None:
    found = read_for_purpose(session, triager, person.id, "no_show", now=now)

    assert found == {
        "id": person.id,
        "reference": person.profile.reference,
        "first_name": "Bo",
        "contact_kind": "sms",
        "contact_value": "06 12345678",
    }
    write_noted(session)
    statement = select(AuditEntry).where(AuditEntry.candidate_id == person.id)
    entries = session.scalars(unscoped(statement, AuditEntry).order_by(AuditEntry.position)).all()
    read = entries[-1]
    assert (read.action, read.purpose, read.right_used) == ("read", "no_show", Right.TRIAGER)
    assert read.account_id == triager.account_id


@pytest.mark.parametrize("purpose", ["", "complaint", "because"])
def test_a_purpose_of_somebody_else_or_of_nobody_opens_nothing(
    session: Session, triager: Viewer, person: CandidateRecord, now: datetime, purpose: str
) -> None:
    with pytest.raises(InvalidInput):
        read_for_purpose(session, triager, person.id, purpose, now=now)
    assert actor_of(session) is None


def test_who_sees_contact_anyway_or_never_has_no_purpose_to_give(
    session: Session, person: CandidateRecord, coach: Viewer, contractor: Viewer, now: datetime
) -> None:
    service_point = account_of(session, "point", Right.SERVICE_POINT)
    for viewer in (coach, contractor, service_point):
        assert not may_ask(viewer)
        assert purposes_of(viewer) == []
        with pytest.raises(Forbidden):
            read_for_purpose(session, viewer, person.id, "appointment", now=now)


def test_a_purpose_reaches_no_further_than_the_right_does(
    session: Session, triager: Viewer, person: CandidateRecord, now: datetime
) -> None:
    elsewhere = replace(triager, region="haaglanden")
    officer = account_of(session, "officer", Right.OFFICER)
    for viewer, purpose in ((elsewhere, "appointment"), (officer, "complaint")):
        with pytest.raises(NotFound):
            read_for_purpose(session, viewer, person.id, purpose, now=now)
        assert actor_of(session) is None
