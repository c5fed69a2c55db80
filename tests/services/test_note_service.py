"""Notes beside a file: who writes them, who reads them, and who takes them away."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import InvalidInput, NotFound
from matcher.models.states import NoteKind
from matcher.repositories.records import CandidateRecord
from matcher.services import notes
from matcher.services.accounts import add_account
from matcher.services.candidates import create_candidate

NOW = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))
ON = NOW.date()


def _account(session: Session, name: str, *rights: Right, region: str = "demo") -> Viewer:
    record = add_account(
        session, name=name, password=None, rights=list(rights), region=region, now=NOW
    )
    return Viewer(account_id=record.id, rights=frozenset(rights), region=region)


@pytest.fixture
def coach(session: Session) -> Viewer:
    return _account(session, "coach", Right.COACH)


@pytest.fixture
def person(session: Session, coach: Viewer) -> CandidateRecord:
    return create_candidate(session, coach, {"first_name": "Sam", "rhythm": 2}, now=NOW)


@pytest.fixture
def own(session: Session, person: CandidateRecord) -> Viewer:
    account = add_account(
        session, name="own", password=None, rights=[Right.CANDIDATE], region="demo", now=NOW
    )
    return Viewer(
        account_id=account.id,
        rights=frozenset({Right.CANDIDATE}),
        region="demo",
        candidate_id=person.id,
    )


def test_the_candidate_reads_every_note_and_puts_an_own_one_next_to_it(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    opinion = notes.add_note(session, coach, person.id, "Kwam later dan afgesproken.", now=NOW)
    reply = notes.add_note(
        session, own, person.id, "De bus reed niet.", beside_id=opinion.id, now=NOW
    )
    found = notes.list_notes(session, own, person.id)
    assert [note.kind for note in found] == [NoteKind.COACH, NoteKind.CANDIDATE]
    assert reply.beside_id == opinion.id
    assert notes.list_notes(session, coach, person.id) == found


def test_nobody_takes_away_the_note_of_somebody_else(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    opinion = notes.add_note(session, coach, person.id, "Werkt graag buiten.", now=NOW)
    reply = notes.add_note(session, own, person.id, "Klopt.", beside_id=opinion.id, now=NOW)
    with pytest.raises(NotFound):
        notes.remove_note(session, own, person.id, opinion.id)
    with pytest.raises(NotFound):
        notes.remove_note(session, coach, person.id, reply.id)
    notes.remove_note(session, coach, person.id, opinion.id)
    left = notes.list_notes(session, own, person.id)
    assert [note.id for note in left] == [reply.id]


def test_a_note_about_a_field_names_one_that_is_kept(
    session: Session, coach: Viewer, person: CandidateRecord
) -> None:
    with pytest.raises(InvalidInput, match="field"):
        notes.add_note(session, coach, person.id, "Ja", field="diagnosis", now=NOW)
    with pytest.raises(InvalidInput, match="text"):
        notes.add_note(session, coach, person.id, "  ", now=NOW)


def test_a_contractor_writes_no_notes(session: Session, person: CandidateRecord) -> None:
    firm = Viewer(account_id=1, rights=frozenset({Right.CONTRACTOR}), organisation_id=1)
    with pytest.raises(NotFound):
        notes.add_note(session, firm, person.id, "Hallo", now=NOW)
