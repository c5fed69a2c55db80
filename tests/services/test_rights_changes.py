"""Four eyes: until somebody else confirms, nothing about an account changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.models import Account, BrowserSession, Message, RightsChange
from matcher.models.states import ChangeState
from matcher.repositories.scope import unscoped
from matcher.services.accounts import find_viewer, get_account
from matcher.services.rights_changes import (
    ask_change,
    confirm_change,
    has_second_admin,
    invite_again,
    list_changes_of,
    list_open_changes,
    may_decide,
    refuse_change,
    withdraw_change,
)
from matcher.services.second_factor import begin_enrolment, confirm_enrolment, has_second_factor
from matcher.services.sessions import begin_session
from tests.services.conftest import account_of

WHY = "Begint maandag als teamleider"
OPERATOR = Viewer(account_id=None, rights=frozenset({Right.ADMIN}))


@pytest.fixture
def second(session: Session) -> Viewer:
    """Another admin."""
    return account_of(session, "second-admin", Right.ADMIN, region=None)


@pytest.fixture
def third(session: Session) -> Viewer:
    """One more admin."""
    return account_of(session, "third-admin", Right.ADMIN, region=None)


def number(viewer: Viewer) -> int:
    assert viewer.account_id is not None
    return viewer.account_id


def fields_of(session: Session, account_id: int) -> dict[str, Any]:
    row = session.get(Account, account_id)
    assert row is not None
    silent = {"updated_at", "version"}
    return {c.key: getattr(row, c.key) for c in Account.__table__.columns if c.key not in silent}


CHANGES: list[dict[str, Any]] = [
    {"rights": ["coach", "lead"]},
    {"region": "haaglanden"},
    {"is_active": False},
    {"email": "nieuw@example.org"},
    {"language": "nl"},
    {"rights": ["triager"], "region": "haaglanden", "email": "nieuw@example.org"},
]


@pytest.mark.parametrize("wanted", CHANGES, ids=lambda wanted: "-".join(wanted))
def test_nothing_changes_until_another_admin_confirms_and_then_all_of_it(
    session: Session,
    coach: Viewer,
    admin: Viewer,
    second: Viewer,
    now: datetime,
    wanted: dict[str, Any],
) -> None:
    before = fields_of(session, number(coach))

    asked = ask_change(session, admin, number(coach), wanted, WHY, now=now)
    assert fields_of(session, number(coach)) == before
    assert (asked.state, asked.why, asked.wanted) == (ChangeState.ASKED, WHY, wanted)

    done = confirm_change(session, second, asked.id, now=now)

    after = fields_of(session, number(coach))
    expected = {
        name: frozenset(value) if name == "rights" else value for name, value in wanted.items()
    }
    assert {name: after[name] for name in expected} == expected
    assert {k: v for k, v in after.items() if k not in wanted} == {
        k: v for k, v in before.items() if k not in wanted
    }
    assert done.change.decided_by_name == "second-admin"
    assert list_open_changes(session, admin) == []


def test_who_asked_and_whom_it_is_about_do_not_decide(
    session: Session, coach: Viewer, admin: Viewer, second: Viewer, third: Viewer, now: datetime
) -> None:
    about_coach = ask_change(session, admin, number(coach), {"rights": ["lead"]}, WHY, now=now)
    about_second = ask_change(session, admin, number(second), {"is_active": False}, WHY, now=now)

    for viewer, change in ((admin, about_coach), (admin, about_second), (second, about_second)):
        assert not may_decide(viewer, change)
        for decide in (confirm_change, refuse_change):
            with pytest.raises(Forbidden):
                decide(session, viewer, change.id, now=now)
    assert get_account(session, number(second)).is_active
    assert confirm_change(session, third, about_second.id, now=now).change.state == "confirmed"
    with pytest.raises(Forbidden):
        confirm_change(session, coach, about_coach.id, now=now)


def test_a_change_is_decided_once(
    session: Session, coach: Viewer, admin: Viewer, second: Viewer, now: datetime
) -> None:
    asked = ask_change(session, admin, number(coach), {"rights": ["lead"]}, WHY, now=now)
    assert refuse_change(session, second, asked.id, now=now).state is ChangeState.REFUSED
    for decide in (confirm_change, refuse_change):
        with pytest.raises(Conflict):
            decide(session, second, asked.id, now=now)
    with pytest.raises(Conflict):
        withdraw_change(session, admin, asked.id, now=now)
    assert get_account(session, number(coach)).rights == {Right.COACH}
    with pytest.raises(NotFound):
        confirm_change(session, second, 12345, now=now)


def test_only_who_asked_takes_it_back_and_then_another_can_be_asked_for(
    session: Session, coach: Viewer, admin: Viewer, second: Viewer, now: datetime
) -> None:
    asked = ask_change(session, admin, number(coach), {"rights": ["lead"]}, WHY, now=now)
    with pytest.raises(Conflict):
        ask_change(session, second, number(coach), {"rights": ["triager"]}, WHY, now=now)
    with pytest.raises(Forbidden):
        withdraw_change(session, second, asked.id, now=now)

    assert withdraw_change(session, admin, asked.id, now=now).state is ChangeState.WITHDRAWN
    again = ask_change(session, second, number(coach), {"rights": ["triager"]}, WHY, now=now)

    listed = [change.id for change in list_changes_of(session, admin, number(coach))]
    assert listed == [again.id, asked.id]


def test_new_rights_end_the_sessions_links_and_tell_the_owner_at_the_address_from_before(
    session: Session, coach: Viewer, admin: Viewer, second: Viewer, now: datetime
) -> None:
    row = session.get(Account, number(coach))
    assert row is not None
    row.email = "eigenaar@example.org"
    session.commit()
    begin_session(session, number(coach), "password", now=now)
    wanted = {"rights": ["lead"], "email": "dief@example.org"}

    asked = ask_change(session, admin, number(coach), wanted, WHY, now=now)
    confirm_change(session, second, asked.id, now=now)

    session.expire_all()
    assert session.scalars(select(BrowserSession)).one().ended_at == now
    (message,) = session.scalars(unscoped(select(Message), Message)).all()
    assert (message.template, message.recipient) == ("account_changed", "eigenaar@example.org")
    viewer = find_viewer(session, number(coach))
    assert viewer is not None
    assert viewer.rights == {Right.LEAD}


def test_a_lost_second_factor_is_taken_away_by_two(
    session: Session, coach: Viewer, admin: Viewer, second: Viewer, now: datetime
) -> None:
    import pyotp

    secret = begin_enrolment(session, number(coach), now=now).secret
    confirm_enrolment(session, number(coach), pyotp.TOTP(secret).at(now), now=now)

    asked = ask_change(session, admin, number(coach), {"reset_second_factor": True}, WHY, now=now)
    assert has_second_factor(session, number(coach))
    confirm_change(session, second, asked.id, now=now)

    assert not has_second_factor(session, number(coach))


NEW = {
    "name": "Nieuw@Example.org",
    "rights": ["coach"],
    "region": "demo",
    "email": "nieuw@example.org",
}


def test_a_new_account_is_made_on_confirmation_and_invited_by_mail(
    session: Session, admin: Viewer, second: Viewer, now: datetime
) -> None:
    asked = ask_change(session, admin, None, NEW, WHY, now=now)
    assert session.scalar(select(Account).where(Account.name == "nieuw@example.org")) is None

    done = confirm_change(session, second, asked.id, now=now)

    made = get_account(session, done.account_id)
    assert (made.name, made.rights, made.has_password) == (
        "nieuw@example.org",
        {Right.COACH},
        False,
    )
    assert done.invitation is not None
    assert done.invitation.is_mailed
    (message,) = session.scalars(unscoped(select(Message), Message)).all()
    assert message.template == "account_invitation"
    assert done.change.account_id == done.account_id
    again = invite_again(session, admin, done.account_id, now=now)
    assert again.address_path != done.invitation.address_path


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": None}, "email"),
        ({"email": "geen adres"}, "email"),
        ({"name": " "}, "name"),
        ({"rights": []}, "rights"),
        ({"rights": ["koning"]}, "rights"),
        ({"rights": ["admin", "coach"]}, "rights"),
        ({"rights": ["contractor", "coach"], "organisation": "X"}, "rights"),
        ({"rights": ["contractor"]}, "organisation"),
        ({"rights": ["candidate"]}, "rights"),
        ({"region": None}, "region"),
        ({"region": "atlantis"}, "region"),
        ({"language": "xx"}, "language"),
        ({"password_hash": "x"}, "password_hash"),
        ({"issuer": "https://evil.example.org", "subject": "1"}, "issuer"),
        ({"organisation_id": 1}, "organisation_id"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_asked_for(
    session: Session, admin: Viewer, now: datetime, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask_change(session, admin, None, {**NEW, **changed}, WHY, now=now)
    assert field in {problem.where for problem in refused.value.problems}
    assert session.scalars(select(RightsChange)).all() == []


@pytest.mark.parametrize("why", ["", "   ", "x" * 201])
def test_a_reason_is_needed(
    session: Session, coach: Viewer, admin: Viewer, now: datetime, why: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask_change(session, admin, number(coach), {"rights": ["lead"]}, why, now=now)
    assert [problem.where for problem in refused.value.problems] == ["why"]


def test_what_changes_nothing_or_renames_is_refused(
    session: Session, coach: Viewer, admin: Viewer, now: datetime
) -> None:
    for wanted in ({}, {"rights": ["coach"], "region": "demo"}, {"name": "ander"}):
        with pytest.raises(InvalidInput):
            ask_change(session, admin, number(coach), wanted, WHY, now=now)


def test_a_name_that_is_taken_is_refused(
    session: Session, admin: Viewer, coach: Viewer, now: datetime
) -> None:
    with pytest.raises(Conflict):
        ask_change(session, admin, None, {**NEW, "name": "COACH"}, WHY, now=now)


def test_the_last_admin_stays_one(
    session: Session, admin: Viewer, second: Viewer, now: datetime
) -> None:
    for wanted in ({"is_active": False}, {"rights": ["coach"], "region": "demo"}):
        asked = ask_change(session, admin, number(admin), wanted, WHY, now=now)
        row = session.get(Account, number(second))
        assert row is not None
        row.is_active = False
        session.commit()
        with pytest.raises(Conflict):
            confirm_change(session, OPERATOR, asked.id, now=now)
        row.is_active = True
        session.commit()
        withdraw_change(session, admin, asked.id, now=now)


def test_with_one_admin_only_the_operator_of_the_server_can_confirm(
    session: Session, coach: Viewer, admin: Viewer, now: datetime
) -> None:
    asked = ask_change(session, admin, number(coach), {"rights": ["lead"]}, WHY, now=now)
    assert not has_second_admin(session, asked)
    account_of(session, "closed-admin", Right.ADMIN, region=None)
    assert has_second_admin(session, asked)

    done = confirm_change(session, OPERATOR, asked.id, now=now)

    assert done.change.decided_by_name is None
    assert get_account(session, number(coach)).rights == {Right.LEAD}


def test_only_admins_ask_list_and_decide_and_accounts_of_candidates_are_not_theirs(
    session: Session, coach: Viewer, admin: Viewer, now: datetime
) -> None:
    candidate = account_of(session, "kandidaat-x", Right.CANDIDATE)
    with pytest.raises(NotFound):
        ask_change(session, admin, number(candidate), {"is_active": False}, WHY, now=now)
    with pytest.raises(NotFound):
        list_changes_of(session, admin, number(candidate))
    with pytest.raises(NotFound):
        invite_again(session, admin, number(candidate), now=now)
    with pytest.raises(Forbidden):
        ask_change(session, coach, number(coach), {"rights": ["lead"]}, WHY, now=now)
    with pytest.raises(Forbidden):
        list_open_changes(session, coach)
    with pytest.raises(Conflict):
        invite_again(session, admin, number(coach), now=now)


def test_a_contractor_moves_with_the_firm(
    session: Session, contractor: Viewer, admin: Viewer, second: Viewer, now: datetime
) -> None:
    wanted = {"organisation": "Straatwerk Zuid"}
    asked = ask_change(session, admin, number(contractor), wanted, WHY, now=now)
    confirm_change(session, second, asked.id, now=now)
    after = get_account(session, number(contractor))
    assert after.organisation_id not in (None, contractor.organisation_id)

    as_coach = {"rights": ["coach"], "organisation": None}
    asked = ask_change(session, admin, number(contractor), as_coach, WHY, now=now)
    confirm_change(session, second, asked.id, now=now)
    assert get_account(session, number(contractor)).organisation_id is None
