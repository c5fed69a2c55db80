"""The second factor: a code works once, clocks may differ, a lost phone is not the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matcher.domain.access import Viewer
from matcher.domain.errors import Conflict, NotFound
from matcher.models import Account, RecoveryCode
from matcher.services.second_factor import (
    begin_enrolment,
    check_second_factor,
    confirm_enrolment,
    find_enrolment,
    has_second_factor,
    new_recovery_codes,
    recovery_codes_left,
    take_away,
)

HALF_MINUTE = timedelta(seconds=30)


def account_id_of(viewer: Viewer) -> int:
    assert viewer.account_id is not None
    return viewer.account_id


def enrolled(session: Session, viewer: Viewer, now: datetime) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """The app of an account with a confirmed second factor, and its recovery codes."""
    app = pyotp.TOTP(begin_enrolment(session, account_id_of(viewer), now=now).secret)
    codes = confirm_enrolment(session, account_id_of(viewer), app.at(now), now=now)
    assert codes is not None
    return app, codes


def test_a_secret_guards_nothing_until_a_code_shows_that_the_app_works(
    session: Session, coach: Viewer, now: datetime
) -> None:
    me = account_id_of(coach)
    enrolment = begin_enrolment(session, me, now=now)

    assert not has_second_factor(session, me)
    assert find_enrolment(session, me) == enrolment
    assert confirm_enrolment(session, me, "000000", now=now) is None
    app = pyotp.TOTP(enrolment.secret)
    assert not check_second_factor(session, me, app.at(now), now=now)

    assert confirm_enrolment(session, me, app.at(now), now=now) is not None

    assert has_second_factor(session, me)
    assert find_enrolment(session, me) is None
    with pytest.raises(Conflict):
        begin_enrolment(session, me, now=now)


def test_what_is_scanned_holds_the_secret_the_service_and_the_account(
    session: Session, coach: Viewer, now: datetime
) -> None:
    enrolment = begin_enrolment(session, account_id_of(coach), now=now)

    address = urlsplit(enrolment.uri)

    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/matcher:coach")
    assert parse_qs(address.query) == {"secret": [enrolment.secret], "issuer": ["matcher"]}
    assert len(enrolment.secret) == 32


@pytest.mark.parametrize(
    ("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(
    session: Session, coach: Viewer, now: datetime, steps: int, right: bool
) -> None:
    app, _codes = enrolled(session, coach, now)
    at = now + timedelta(hours=1)

    code = app.at(at + steps * HALF_MINUTE)

    assert check_second_factor(session, account_id_of(coach), code, now=at) is right


def test_a_code_works_once_and_none_from_before_it_works_after_it(
    session: Session, coach: Viewer, now: datetime
) -> None:
    me = account_id_of(coach)
    app, _codes = enrolled(session, coach, now)
    assert not check_second_factor(session, me, app.at(now), now=now), "used while setting it up"
    at = now + timedelta(hours=1)
    earlier, present = app.at(at - HALF_MINUTE), app.at(at)

    assert check_second_factor(session, me, f" {present[:3]} {present[3:]} ", now=at)

    for code in (present, earlier):
        assert not check_second_factor(session, me, code, now=at)
    later = at + 2 * HALF_MINUTE
    assert check_second_factor(session, me, app.at(later), now=later)


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "x" * 10_000])
def test_what_is_no_code_is_refused(
    session: Session, coach: Viewer, now: datetime, code: str
) -> None:
    enrolled(session, coach, now)
    assert not check_second_factor(session, account_id_of(coach), code, now=now)


def test_ten_recovery_codes_work_once_each_also_when_typed_carelessly(
    session: Session, coach: Viewer, colleague: Viewer, now: datetime
) -> None:
    me = account_id_of(coach)
    _app, codes = enrolled(session, coach, now)
    _other_app, other_codes = enrolled(session, colleague, now)

    assert len(set(codes)) == recovery_codes_left(session, me) == 10
    assert not check_second_factor(session, me, other_codes[0], now=now)
    assert check_second_factor(session, me, codes[0].lower().replace("-", " "), now=now)
    assert not check_second_factor(session, me, codes[0], now=now)
    assert recovery_codes_left(session, me) == 9

    fresh = new_recovery_codes(session, me, now=now)
    assert not check_second_factor(session, me, codes[1], now=now)
    assert check_second_factor(session, me, fresh[1], now=now)
    assert recovery_codes_left(session, account_id_of(colleague)) == 10


def test_neither_the_secret_nor_a_recovery_code_can_be_read_in_the_database(
    session: Session, coach: Viewer, now: datetime
) -> None:
    enrolment = begin_enrolment(session, account_id_of(coach), now=now)
    codes = confirm_enrolment(
        session, account_id_of(coach), pyotp.TOTP(enrolment.secret).at(now), now=now
    )
    assert codes is not None

    kept = str(session.execute(text("SELECT totp_secret FROM account")).all())
    hashes = [row.code_hash for row in session.scalars(select(RecoveryCode))]

    assert enrolment.secret not in kept
    assert not {code.replace("-", "") for code in codes} & set(hashes)
    assert all(len(each) == 64 for each in hashes)


def test_taking_it_away_takes_everything_of_it_away(
    session: Session, coach: Viewer, now: datetime
) -> None:
    me = account_id_of(coach)
    app, codes = enrolled(session, coach, now)
    later = now + timedelta(hours=1)

    take_away(session, me, now=later)

    assert not has_second_factor(session, me)
    for code in (app.at(later), codes[0]):
        assert not check_second_factor(session, me, code, now=later)
    row = session.get(Account, me)
    assert row is not None
    assert (row.totp_secret, row.totp_last_step) == (None, None)
    with pytest.raises(Conflict):
        new_recovery_codes(session, me, now=later)


def test_an_account_that_is_not_there_is_not_found(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        has_second_factor(session, 12345)
