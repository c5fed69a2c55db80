"""The own file: everything that is kept is in it, with purpose and source, and folds hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, InvalidInput, Stale
from matcher.domain.programme import Programme
from matcher.domain.vocabulary import LOADS
from matcher.models import Candidate, CandidateAudit
from matcher.models.base import DataClass, Purpose
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.records import CandidateRecord
from matcher.services import own_copy, own_file
from matcher.services.accounts import add_account
from matcher.services.candidates import create_candidate, update_candidate
from matcher.services.folded import folded_sentences, is_folded_programme, is_folded_step
from matcher.services.intake import save_draft
from matcher.services.visibility import Kind, visible_fields

NOW = datetime(2027, 1, 4, 8, 35, tzinfo=ZoneInfo("Europe/Amsterdam"))


def _account(session: Session, name: str, right: Right) -> Viewer:
    record = add_account(session, name=name, password=None, rights=[right], region="demo", now=NOW)
    return Viewer(account_id=record.id, rights=frozenset({right}), region="demo")


@pytest.fixture
def coach(session: Session) -> Iterator[Viewer]:
    coach = _account(session, "coach", Right.COACH)
    act_as(session, Actor(coach, NOW, Right.COACH))
    return coach


@pytest.fixture
def person(session: Session, coach: Viewer) -> CandidateRecord:
    values = {"first_name": "Sam", "rhythm": 2, "money": 1, "home_base": 1, "lift": 1}
    return create_candidate(session, coach, values, now=NOW)


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


def test_every_field_that_a_candidate_may_see_is_known_or_said_to_be_unknown(
    session: Session, own: Viewer
) -> None:
    found = own_file.known_fields(session, own, with_folded=True)
    inside = {"id", "version", "region", "created_at", "updated_at"}
    audit = {"benefit", "birth_year"}
    assert set(found) == (visible_fields(Kind.CANDIDATE, own.rights) - inside) | audit
    assert found["rhythm"].is_known
    assert not found["work_skills"].is_known
    assert not found["benefit"].is_known


def test_a_full_set_of_nothing_is_an_answer(session: Session, own: Viewer) -> None:
    found = own_file.known_fields(session, own)
    for name in ("sectors_never", "blocked", "licences", "credentials"):
        assert found[name].is_known, name
    assert not found["sectors"].is_known


def test_each_field_carries_its_entry_of_the_register(session: Session, own: Viewer) -> None:
    found = own_file.known_fields(session, own, with_folded=True)
    assert found["rhythm"].purpose is Purpose.GUIDANCE
    assert found["money"].purpose is Purpose.SUPPORT
    assert found["first_name"].purpose is Purpose.CONTACT
    assert all(found[load].data_class is DataClass.HEALTH for load in LOADS)


def test_money_and_home_are_left_out_while_the_fold_is_closed(
    session: Session, own: Viewer
) -> None:
    assert not {"money", "home_base"} & set(own_file.known_fields(session, own))
    assert {"money", "home_base"} <= set(own_file.known_fields(session, own, with_folded=True))


def test_the_log_says_who_wrote_an_answer_and_when(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    before = own_file.known_fields(session, own)["rhythm"].source
    assert before is not None
    assert before.right is Right.COACH
    act_as(session, Actor(own, NOW.replace(hour=12), Right.CANDIDATE))
    own_file.update_own_file(
        session,
        own,
        {"goal": "Buiten werken"},
        expected_version=person.version,
        now=NOW,
    )
    found = own_file.known_fields(session, own)
    assert found["goal"].source is not None
    assert found["goal"].source.right is Right.CANDIDATE
    assert found["goal"].source.at == NOW.replace(hour=12)
    assert found["rhythm"].source == before


def test_a_candidate_changes_own_fields_and_no_others(
    session: Session, own: Viewer, person: CandidateRecord
) -> None:
    changed = own_file.update_own_file(
        session,
        own,
        {"wants_start": "soon", "sectors": ("F42",), "first_name": "Samira"},
        expected_version=person.version,
        now=NOW,
    )
    assert changed.profile.wants_start == "soon"
    for name, value in (("rhythm", 4), ("money", 4), ("manual_only", True), ("region", "x")):
        with pytest.raises(Forbidden, match=name):
            own_file.update_own_file(
                session, own, {name: value}, expected_version=changed.version, now=NOW
            )


def test_a_change_on_an_older_version_is_refused(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    update_candidate(
        session, coach, person.id, {"rhythm": 3}, expected_version=person.version, now=NOW
    )
    with pytest.raises(Stale):
        own_file.update_own_file(
            session, own, {"goal": "Iets"}, expected_version=person.version, now=NOW
        )


def test_a_goal_goes_through_the_guard(
    session: Session, own: Viewer, person: CandidateRecord
) -> None:
    with pytest.raises(InvalidInput, match="goal") as refused:
        own_file.update_own_file(
            session, own, {"goal": "Bel 111222333"}, expected_version=person.version, now=NOW
        )
    assert "111222333" not in str(refused.value)


def test_nobody_but_a_candidate_has_an_own_file(session: Session, coach: Viewer) -> None:
    for read in (own_file.own_record, own_file.known_fields, own_file.own_assessments):
        with pytest.raises(Forbidden):
            read(session, coach)


def test_a_card_that_was_begun_is_read_without_what_is_folded(
    session: Session, own: Viewer, coach: Viewer, person: CandidateRecord
) -> None:
    save_draft(
        session,
        coach,
        card="support",
        answers={"money": "no_help", "guidance_need": "2_4", "obstacles": ["money"]},
        candidate_id=person.id,
        now=NOW,
    )
    closed = own_file.own_drafts(session, own)[0]
    assert dict(closed.answers) == {"guidance_need": "2_4"}
    opened = own_file.own_drafts(session, own, with_folded=True)[0]
    assert opened.answers["money"] == "no_help"


@pytest.mark.parametrize(
    ("raises", "gives", "folded"),
    [
        ((("money", 1),), frozenset(), True),
        ((("home_base", 1),), frozenset(), True),
        ((("money", 1), ("home_base", 1)), frozenset(), True),
        ((("rhythm", 1),), frozenset(), False),
        ((("home_base", 1), ("rhythm", 1)), frozenset(), False),
        ((("home_base", 1),), frozenset({"B"}), False),
        ((), frozenset(), False),
    ],
)
def test_only_what_is_there_for_money_or_home_alone_is_folded(
    raises: tuple[tuple[str, int], ...], gives: frozenset[str], folded: bool
) -> None:
    programme = Programme(reference="P", kind="other", raises=raises, gives=gives)
    assert is_folded_programme(programme) is folded


def test_a_step_beside_the_plan_is_folded() -> None:
    assert is_folded_step({"raises": {"money": 1}, "alongside": True})
    assert is_folded_step({"raises": {"home_base": 1}})
    assert not is_folded_step({"raises": {"rhythm": 1}})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_folded_is_said_in_every_language(language: str) -> None:
    assert len(folded_sentences(language)) > 10


# --- the copy -----------------------------------------------------------------------------------


def test_a_copy_is_plain_and_documents_itself(session: Session, own: Viewer) -> None:
    copy = own_copy.take_copy(session, own, now=NOW)
    assert json.loads(json.dumps(copy)) == copy
    assert copy["format"] == own_copy.FORMAT
    assert set(copy["about"]) == set(own_copy.ABOUT)
    assert all(part in copy for part in copy["about"])
    assert copy["made_at"] == NOW.isoformat()


def test_a_copy_holds_every_field_of_the_file_and_only_with_the_fold_money_and_home(
    session: Session, own: Viewer
) -> None:
    closed = own_copy.take_copy(session, own, now=NOW)
    opened = own_copy.take_copy(session, own, with_folded=True, now=NOW)
    assert set(opened["file"]) - set(closed["file"]) == {"money", "home_base"}
    assert opened["file"]["money"]["value"] == 1
    assert closed["file"]["lift"] == {
        "value": 1,
        "kept_for": "guidance",
        "retention": "case",
        "sensitivity": "gdpr9",
        "written_by": "coach",
        "written_at": closed["file"]["lift"]["written_at"],
    }


def test_every_column_of_a_candidate_is_in_the_copy_or_left_out_for_a_reason(
    session: Session, own: Viewer
) -> None:
    copy = own_copy.take_copy(session, own, with_folded=True, now=NOW)
    columns = {
        name
        for table in (Candidate, CandidateAudit)
        for column in table.__table__.columns
        for name in column.info.get("holds", (column.name,))
    }
    numbers_of_ours = {"id", "version", "region", "created_at", "updated_at"}
    a_member_of_staff = {"owner_account_id"}
    assert columns - set(copy["file"]) == numbers_of_ours | a_member_of_staff
