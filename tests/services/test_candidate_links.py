"""The link and the code of a candidate: both are needed, and guessing ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden, NotFound
from matcher.models import Account, BrowserSession, Message, SignInLink
from matcher.models.states import Channel
from matcher.repositories.scope import unscoped
from matcher.services.accounts import find_viewer, list_accounts, viewer_today
from matcher.services.candidates import create_candidate
from matcher.services.links import (
    GivenLink,
    candidate_link,
    fold_money,
    is_open,
    open_candidate_link,
    unlock_money,
)
from matcher.services.sessions import SessionTerms, begin_session, enter

DAY = timedelta(days=1)
TERMS = SessionTerms(timedelta(minutes=30), timedelta(minutes=10), timedelta(hours=10), True)


NewCandidate = Callable[..., int]


@pytest.fixture
def new_candidate(session: Session, coach: Viewer, now: datetime) -> NewCandidate:
    """Makes a candidate of the coach; its number."""

    def make(**values: object) -> int:
        record = create_candidate(session, coach, {"pc4": 3311, **values}, now=now)
        return record.id

    return make


def secret_of(given: GivenLink) -> str:
    path, _, secret = given.address_path.rpartition("/")
    assert path == "/open"
    return secret


def wrong(given: GivenLink) -> str:
    return f"{(int(given.code) + 1) % 10**6:06}"


def test_link_and_code_together_open_the_own_file_and_nothing_else(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    mine, _other = new_candidate(), new_candidate()
    given = candidate_link(session, coach, mine, now=now)

    account_id = open_candidate_link(session, secret_of(given), given.code, now=now)

    assert account_id is not None
    viewer = find_viewer(session, account_id)
    assert viewer is not None
    assert viewer.rights == {Right.CANDIDATE}
    assert viewer_today(session, viewer, now.date()).candidate_id == mine
    again = open_candidate_link(
        session, secret_of(given), f" {given.code[:3]} {given.code[3:]}", now=now + 13 * DAY
    )
    assert again == account_id


def test_the_code_is_six_digits_and_neither_it_nor_the_link_can_be_read_back(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    given = candidate_link(session, coach, new_candidate(), now=now)
    row = session.scalars(select(SignInLink)).one()

    assert len(given.code) == 6
    assert given.code.isdecimal()
    assert row.code_hash is not None
    assert row.code_hash.startswith("$argon2id$")
    kept = {str(getattr(row, column.name)) for column in SignInLink.__table__.columns}
    assert not kept & {given.code, secret_of(given), given.address_path}
    assert row.created_by == coach.account_id


def test_the_message_holds_the_link_and_not_the_code_and_names_nobody(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    mine = new_candidate(first_name="Sanne", contact_kind="mail", contact_value="s@example.org")
    given = candidate_link(session, coach, mine, now=now)

    message = session.scalars(unscoped(select(Message), Message)).one()

    assert message.template == "candidate_link"
    assert (message.channel, message.recipient) == (Channel.MAIL, "s@example.org")
    assert message.params == {"link": given.address_path, "until": "2027-03-15"}
    assert given.code not in str(message.params)


def test_five_wrong_codes_end_the_link_and_a_new_one_from_the_coach_works(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    mine = new_candidate()
    given = candidate_link(session, coach, mine, now=now)
    secret = secret_of(given)

    for _ in range(4):
        assert open_candidate_link(session, secret, wrong(given), now=now) is None
    assert is_open(session, secret, now=now)
    assert open_candidate_link(session, secret, wrong(given), now=now) is None

    assert not is_open(session, secret, now=now)
    assert open_candidate_link(session, secret, given.code, now=now) is None
    fresh = candidate_link(session, coach, mine, now=now)
    assert open_candidate_link(session, secret_of(fresh), fresh.code, now=now) is not None


def test_a_right_code_forgives_the_slips_before_it(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    given = candidate_link(session, coach, new_candidate(), now=now)
    for _ in range(3):
        for _ in range(4):
            open_candidate_link(session, secret_of(given), wrong(given), now=now)
        assert open_candidate_link(session, secret_of(given), given.code, now=now) is not None


@pytest.mark.parametrize(("days", "opens"), [(0, True), (13.9, True), (14, False), (400, False)])
def test_a_link_lasts_fourteen_days(
    session: Session,
    coach: Viewer,
    now: datetime,
    new_candidate: NewCandidate,
    days: float,
    opens: bool,
) -> None:
    given = candidate_link(session, coach, new_candidate(), now=now)
    at = now + days * DAY

    assert is_open(session, secret_of(given), now=at) is opens
    found = open_candidate_link(session, secret_of(given), given.code, now=at)
    assert (found is not None) is opens


def test_a_new_link_ends_the_one_before_and_its_sessions_and_keeps_the_account(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    mine = new_candidate()
    first = candidate_link(session, coach, mine, now=now)
    account_id = open_candidate_link(session, secret_of(first), first.code, now=now)
    assert account_id is not None
    cookie = begin_session(session, account_id, "link_and_code", now=now)

    second = candidate_link(session, coach, mine, now=now)

    assert open_candidate_link(session, secret_of(first), first.code, now=now) is None
    assert enter(session, cookie, terms=TERMS, now=now) is None
    assert open_candidate_link(session, secret_of(second), second.code, now=now) == account_id


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "../..", "€"])
def test_a_made_up_link_is_as_dead_as_an_old_one(
    session: Session, now: datetime, secret: str
) -> None:
    assert not is_open(session, secret, now=now)
    assert open_candidate_link(session, secret, "123456", now=now) is None


def test_only_who_coaches_the_candidate_gives_a_link(
    session: Session, coach: Viewer, stranger: Viewer, triager: Viewer, admin: Viewer,
    now: datetime, new_candidate: NewCandidate,
) -> None:  # fmt: skip
    mine = new_candidate()
    with pytest.raises(NotFound):
        candidate_link(session, stranger, mine, now=now)
    for viewer in (triager, admin):
        with pytest.raises(Forbidden):
            candidate_link(session, viewer, mine, now=now)
    assert session.scalars(select(SignInLink)).all() == []


def test_money_opens_for_ten_minutes_with_the_same_code_and_guessing_it_ends_the_link(
    session: Session, coach: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    given = candidate_link(session, coach, new_candidate(), now=now)
    account_id = open_candidate_link(session, secret_of(given), given.code, now=now)
    assert account_id is not None
    begin_session(session, account_id, "link_and_code", now=now)
    opened = session.scalars(select(BrowserSession)).one()

    assert unlock_money(session, opened.id, wrong(given), now) is None
    assert opened.money_open_until is None
    assert unlock_money(session, opened.id, given.code, now) == now + timedelta(minutes=10)
    assert opened.money_open_until == now + timedelta(minutes=10)
    fold_money(session, opened.id)
    assert opened.money_open_until is None

    for _ in range(5):
        unlock_money(session, opened.id, wrong(given), now)
    assert unlock_money(session, opened.id, given.code, now) is None
    assert not is_open(session, secret_of(given), now=now)


def test_candidates_do_not_stand_in_the_list_of_accounts(
    session: Session, coach: Viewer, admin: Viewer, now: datetime, new_candidate: NewCandidate
) -> None:
    candidate_link(session, coach, new_candidate(), now=now)

    assert {record.name for record in list_accounts(session, admin)} == {"coach", "admin"}
    assert len(session.scalars(select(Account)).all()) == 3
