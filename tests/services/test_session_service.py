"""Browser sessions at this side: what the cookie carries is worth nothing once a session ended."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.models import Account, BrowserSession, database
from matcher.models.database import make_engine, session_factory
from matcher.models.states import SignInMethod
from matcher.services.accounts import set_active, set_password
from matcher.services.sessions import (
    SessionTerms,
    begin_session,
    end_all_sessions,
    end_session,
    enter,
    list_sessions,
)
from tests.services.conftest import account_of

MINUTE = timedelta(minutes=1)
TERMS = SessionTerms(
    idle=30 * MINUTE,
    idle_candidate=10 * MINUTE,
    absolute=timedelta(hours=10),
    second_factor_required=False,
)
STRICT = SessionTerms(30 * MINUTE, 10 * MINUTE, timedelta(hours=10), second_factor_required=True)


def of(session: Session, viewer: Viewer, now: datetime, method: str = "password") -> str:
    assert viewer.account_id is not None
    return begin_session(session, viewer.account_id, method, now=now)


def holds(session: Session, secret: str, at: datetime) -> bool:
    return enter(session, secret, terms=TERMS, now=at) is not None


def test_the_database_holds_a_hash_that_opens_nothing(
    session: Session, coach: Viewer, now: datetime
) -> None:
    secret = of(session, coach, now)

    row = session.scalars(select(BrowserSession)).one()

    assert row.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert len(secret) >= 43
    assert not holds(session, row.secret_hash, now)
    assert holds(session, secret, now)


@pytest.mark.parametrize(
    ("right", "alive", "dead"), [(Right.COACH, 29, 31), (Right.CANDIDATE, 9, 11)]
)
def test_a_session_ends_when_nothing_happens_and_stays_ended(
    session: Session, now: datetime, right: Right, alive: int, dead: int
) -> None:
    viewer = account_of(session, "somebody", right)
    secret = of(session, viewer, now)
    seen = now + alive * MINUTE

    assert holds(session, secret, seen)
    assert not holds(session, secret, seen + dead * MINUTE)


def test_a_session_in_use_ends_after_a_working_day(
    session: Session, coach: Viewer, now: datetime
) -> None:
    secret = of(session, coach, now)

    assert all(holds(session, secret, now + n * 20 * MINUTE) for n in range(31))
    assert not holds(session, secret, now + timedelta(hours=10, minutes=1))


def test_use_is_written_down_to_the_minute_so_that_most_requests_write_nothing(
    session: Session, coach: Viewer, now: datetime
) -> None:
    secret = of(session, coach, now)

    assert holds(session, secret, now + timedelta(minutes=3, seconds=59))

    session.expire_all()
    assert session.scalars(select(BrowserSession)).one().seen_at == now + 3 * MINUTE


def test_ending_one_leaves_the_others_and_ending_all_can_spare_this_one(
    session: Session, coach: Viewer, now: datetime
) -> None:
    assert coach.account_id is not None
    first, second, third = (of(session, coach, now) for _ in range(3))
    other = of(session, account_of(session, "another", Right.COACH), now)

    end_session(session, first, now=now)
    end_session(session, first, now=now + MINUTE)
    end_session(session, "never existed", now=now)
    assert [holds(session, s, now) for s in (first, second, third)] == [False, True, True]

    this = enter(session, second, terms=TERMS, now=now)
    assert this is not None
    end_all_sessions(session, coach.account_id, except_=this.session.id, now=now)
    assert [holds(session, s, now) for s in (second, third, other)] == [True, False, True]
    listed = list_sessions(session, coach.account_id, terms=TERMS, now=now)
    assert [each.id for each in listed] == [this.session.id]
    assert list_sessions(session, coach.account_id, terms=TERMS, now=now + 31 * MINUTE) == []


def test_a_new_password_or_closing_the_account_ends_every_copy_at_once(
    session: Session, coach: Viewer, now: datetime
) -> None:
    assert coach.account_id is not None
    here, elsewhere = of(session, coach, now), of(session, coach, now)
    this = enter(session, here, terms=TERMS, now=now)
    assert this is not None

    set_password(
        session, coach.account_id, "een nieuwe lange zin", keep_session=this.session.id, now=now
    )
    assert [holds(session, s, now) for s in (here, elsewhere)] == [True, False]

    set_active(session, coach.account_id, False, now=now)
    set_active(session, coach.account_id, True, now=now)
    assert not holds(session, here, now)


@pytest.mark.parametrize(
    ("right", "needed"),
    [
        (Right.COACH, True),
        (Right.TRIAGER, True),
        (Right.SERVICE_POINT, True),
        (Right.LEAD, True),
        (Right.OFFICER, True),
        (Right.ANALYST, True),
        (Right.ADMIN, True),
        (Right.CONTRACTOR, False),
        (Right.CANDIDATE, False),
    ],
)
def test_who_needs_a_second_factor_where_it_is_required(
    session: Session, now: datetime, right: Right, needed: bool
) -> None:
    viewer = account_of(session, "somebody", right)
    assert viewer.account_id is not None
    secret = of(session, viewer, now)
    shown = begin_session(session, viewer.account_id, "password", second_factor=True, now=now)

    for terms, found, wanted in (
        (STRICT, secret, needed),
        (STRICT, shown, False),
        (TERMS, secret, False),
    ):
        entered = enter(session, found, terms=terms, now=now)
        assert entered is not None
        assert entered.needs_second_factor is wanted


def test_who_set_one_up_by_choice_is_asked_for_it_everywhere(
    session: Session, contractor: Viewer, now: datetime
) -> None:
    row = session.get(Account, contractor.account_id)
    assert row is not None
    row.totp_confirmed_at = now
    session.commit()

    entered = enter(session, of(session, contractor, now, "mail_link"), terms=TERMS, now=now)

    assert entered is not None
    assert entered.needs_second_factor
    assert entered.session.method is SignInMethod.MAIL_LINK


def test_a_page_can_be_read_while_somebody_else_writes_for_long(
    sqlite_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 10)
    engine = make_engine(sqlite_url)
    with session_factory(engine)() as session, session_factory(engine)() as writer:
        viewer = account_of(session, "coach", Right.COACH)
        secret = of(session, viewer, now)
        writer.connection(execution_options={database.WRITES: True})

        entered = enter(session, secret, terms=TERMS, now=now + 2 * MINUTE)

        assert entered is not None
        assert entered.viewer == viewer
        writer.rollback()
        enter(session, secret, terms=TERMS, now=now + 3 * MINUTE)
        session.expire_all()
        assert session.scalars(select(BrowserSession)).one().seen_at == now + 3 * MINUTE
    engine.dispose()
