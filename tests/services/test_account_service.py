from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from matcher.models import Account, ApiToken
from matcher.services import passwords
from matcher.services.accounts import (
    add_account,
    create_token,
    find_viewer,
    find_viewer_by_token,
    get_account,
    has_password,
    list_accounts,
    list_tokens,
    revoke_token,
    set_active,
    set_password,
    sign_in,
)

PASSWORD = "correct horse battery"
DAY = timedelta(days=1)


def add(session: Session, now: datetime, **changes: object) -> int:
    values: dict[str, object] = {
        "name": "Coach@Example.org",
        "password": PASSWORD,
        "rights": ["coach", "triager"],
        "region": "demo",
        **changes,
    }
    return add_account(session, **values, now=now).id  # type: ignore[arg-type]  # by name


def test_an_account_signs_in_with_its_password_whatever_the_case_of_its_name(
    session: Session, now: datetime
) -> None:
    account_id = add(session, now, language="en")

    found = sign_in(session, " coach@example.ORG ", PASSWORD, now=now)

    assert found is not None
    assert found.id == account_id
    viewer = find_viewer(session, account_id)
    rights = frozenset({Right.COACH, Right.TRIAGER})
    assert viewer == Viewer(account_id, rights, "demo", None, "en")
    assert get_account(session, account_id).last_sign_in_at == now


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("coach@example.org", "wrong"),
        ("coach@example.org", ""),
        ("coach@example.org", PASSWORD + " "),
        ("coach@example.org", "x" * 100_000),
        ("nobody", PASSWORD),
        ("", ""),
    ],
)
def test_what_is_wrong_is_refused_without_a_word(
    session: Session, now: datetime, name: str, password: str
) -> None:
    add(session, now)

    assert sign_in(session, name, password, now=now) is None


def test_failed_attempts_are_shown_to_the_owner_and_lock_nobody_out(
    session: Session, now: datetime
) -> None:
    account_id = add(session, now)
    for minute in range(12):
        sign_in(session, "coach@example.org", "guess", now=now + timedelta(minutes=minute))

    found = sign_in(session, "coach@example.org", PASSWORD, now=now + DAY)

    assert found is not None
    assert (found.failed_sign_ins, found.last_failed_at) == (12, now + timedelta(minutes=11))
    assert get_account(session, account_id).failed_sign_ins == 0


def test_only_the_hash_of_a_password_is_kept(session: Session, now: datetime) -> None:
    account_id = add(session, now)
    row = session.get(Account, account_id)

    assert row is not None
    assert row.password_hash is not None
    assert row.password_hash.startswith("$argon2id$")
    assert PASSWORD not in row.password_hash
    assert PASSWORD not in repr(get_account(session, account_id))
    assert row.password_hash not in repr(get_account(session, account_id))


def test_the_hashes_of_the_product_are_of_the_low_memory_profile_of_rfc_9106(
    real_hasher: Callable[[], PasswordHasher],
) -> None:
    made = real_hasher().hash(PASSWORD)
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_of_weaker_settings_is_renewed_on_the_way_in(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = add(session, now)
    row = session.get(Account, account_id)
    assert row is not None
    before = row.password_hash
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: stronger)

    assert sign_in(session, "coach@example.org", PASSWORD, now=now) is not None

    assert row.password_hash != before
    assert sign_in(session, "coach@example.org", PASSWORD, now=now) is not None


def test_a_closed_account_is_out_at_once_with_its_sessions_and_tokens(
    session: Session, now: datetime
) -> None:
    account_id = add(session, now)
    _, secret = create_token(
        session, account_id, title="t", scopes=["coach"], lifetime=DAY, now=now
    )

    set_active(session, account_id, False, now=now)

    assert sign_in(session, "coach@example.org", PASSWORD, now=now) is None
    assert find_viewer(session, account_id) is None
    assert find_viewer_by_token(session, secret, now) is None
    set_active(session, account_id, True, now=now)
    assert find_viewer(session, account_id) is not None


def test_an_account_without_a_password_signs_nobody_in(session: Session, now: datetime) -> None:
    account_id = add(session, now, password=None)

    assert sign_in(session, "coach@example.org", "", now=now) is None
    assert not has_password(session, account_id, "")


def test_a_new_password_replaces_the_old(session: Session, now: datetime) -> None:
    account_id = add(session, now)
    set_password(session, account_id, "another long sentence", now=now)

    assert not has_password(session, account_id, PASSWORD)
    assert has_password(session, account_id, "another long sentence")
    with pytest.raises(InvalidInput):
        set_password(session, account_id, "short", now=now)
    with pytest.raises(NotFound):
        set_password(session, 999_999, PASSWORD, now=now)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": " "}, {"name"}),
        ({"name": "111222333"}, {"name"}),
        ({"password": "short"}, {"password"}),
        ({"password": "x" * 201}, {"password"}),
        ({"rights": []}, {"rights"}),
        ({"rights": ["king"]}, {"rights"}),
        ({"rights": ["admin", "coach"]}, {"rights"}),
        ({"rights": ["contractor"]}, {"organisation"}),
        ({"rights": ["contractor", "coach"], "organisation": "Firm"}, {"rights"}),
        ({"region": None}, {"region"}),
        ({"region": "atlantis"}, {"region"}),
        ({"language": "fr"}, {"language"}),
    ],
)
def test_an_account_that_could_not_work_is_refused(
    session: Session, now: datetime, changes: dict[str, object], where: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(session, now, **changes)

    assert {problem.where for problem in refused.value.problems} == where
    assert "111222333" not in str(refused.value)


def test_a_name_is_used_once(session: Session, now: datetime) -> None:
    add(session, now)

    with pytest.raises(Conflict):
        add(session, now, name="COACH@example.org")


def test_contractors_of_one_firm_share_its_organisation(session: Session, now: datetime) -> None:
    ids = [
        add(session, now, name=name, rights=["contractor"], organisation=" Firm ")
        for name in ("one", "two")
    ]

    organisations = {get_account(session, account_id).organisation_id for account_id in ids}
    assert len(organisations) == 1
    assert None not in organisations


def test_only_an_admin_lists_accounts(session: Session, coach: Viewer, admin: Viewer) -> None:
    assert [record.name for record in list_accounts(session, admin)] == ["admin", "coach"]
    with pytest.raises(Forbidden):
        list_accounts(session, coach)


def test_a_token_carries_its_scopes_as_far_as_the_account_holds_them(
    session: Session, now: datetime
) -> None:
    account_id = add(session, now)
    record, secret = create_token(
        session, account_id, title="import", scopes=["triager"], lifetime=DAY, now=now
    )

    viewer = find_viewer_by_token(session, secret, now)

    assert viewer == Viewer(account_id, frozenset({Right.TRIAGER}), "demo")
    row = session.get(Account, account_id)
    assert row is not None
    row.rights = frozenset({"coach"})
    session.commit()
    assert find_viewer_by_token(session, secret, now) is None
    assert secret not in repr(record)


def test_the_secret_of_a_token_is_kept_as_its_hash_only(session: Session, now: datetime) -> None:
    account_id = add(session, now)
    record, secret = create_token(
        session, account_id, title="import", scopes=["coach"], lifetime=DAY, now=now
    )

    row = session.scalars(select(ApiToken)).one()

    kept = [str(getattr(row, column.name)) for column in ApiToken.__table__.columns]
    assert secret not in kept
    assert len(row.secret_hash) == 64
    assert secret.split("_")[1] == record.prefix
    assert len(secret) > 50


@pytest.mark.parametrize(
    "change",
    [
        lambda secret: secret[:-1],
        lambda secret: secret + "x",
        lambda secret: secret.upper(),
        lambda secret: secret.replace("mtr_", "xxx_"),
        lambda secret: secret.rpartition("_")[0],
        lambda _: "",
        lambda _: "mtr__",
        lambda _: "é\x00",
    ],
)
def test_a_wrong_token_is_no_token(session: Session, now: datetime, change: object) -> None:
    account_id = add(session, now)
    _, secret = create_token(
        session, account_id, title="import", scopes=["coach"], lifetime=DAY, now=now
    )

    assert find_viewer_by_token(session, change(secret), now) is None  # type: ignore[operator]  # a lambda


def test_a_token_ends_on_time_or_when_it_is_revoked(session: Session, now: datetime) -> None:
    account_id = add(session, now)
    record, secret = create_token(
        session, account_id, title="import", scopes=["coach"], lifetime=DAY, now=now
    )

    assert find_viewer_by_token(session, secret, now + DAY - timedelta(seconds=1)) is not None
    assert find_viewer_by_token(session, secret, now + DAY) is None
    with pytest.raises(NotFound):
        revoke_token(session, account_id + 1, record.id, now=now)
    revoke_token(session, account_id, record.id, now=now)
    assert find_viewer_by_token(session, secret, now) is None
    assert [token.revoked_at for token in list_tokens(session, account_id)] == [now]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"scopes": ["admin"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"title": " "}, "title"),
        ({"lifetime": timedelta(0)}, "lifetime"),
        ({"lifetime": timedelta(days=367)}, "lifetime"),
    ],
)
def test_a_token_is_never_more_than_its_account_or_a_year(
    session: Session, now: datetime, changes: dict[str, object], where: str
) -> None:
    account_id = add(session, now)
    values: dict[str, object] = {"title": "t", "scopes": ["coach"], "lifetime": DAY, **changes}

    with pytest.raises(InvalidInput) as refused:
        create_token(session, account_id, **values, now=now)  # type: ignore[arg-type]  # by name

    assert [problem.where for problem in refused.value.problems] == [where]
