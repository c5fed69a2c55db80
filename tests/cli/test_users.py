"""Accounts on the command line: invitations, and four eyes where there is one admin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyotp
import pytest
from click.testing import Result
from sqlalchemy.orm import Session

from matcher.cli.database import opened_session
from matcher.cli.options import now
from matcher.domain.access import Viewer
from matcher.services.accounts import find_viewer, list_accounts
from matcher.services.mail_links import accept_invitation
from matcher.services.rights_changes import ask_change
from matcher.services.second_factor import begin_enrolment, confirm_enrolment, has_second_factor

Run = Callable[..., Result]


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://matcher.example.org/")
    return sqlite_url


@contextmanager
def accounts() -> Iterator[tuple[Session, dict[str, Any]]]:
    from matcher.cli.users import _operator

    with opened_session() as session:
        yield session, {each.name: each for each in list_accounts(session, _operator())}


def asked(wanted: dict[str, Any], about: str | None) -> int:
    """What the admin *ada* asks for; the number of the change."""
    with accounts() as (session, known):
        ada = find_viewer(session, known["ada"].id)
        assert isinstance(ada, Viewer)
        account_id = None if about is None else known[about].id
        return ask_change(session, ada, account_id, wanted, "Nieuwe taak", now=now()).id


def secret_in(result: Result) -> str:
    address, _, secret = result.stdout.strip().rpartition("/")
    assert address == "https://matcher.example.org/uitnodiging"
    assert secret not in result.stderr
    return secret


def test_an_invitation_is_printed_and_lets_the_owner_choose_a_password(run: Run, url: str) -> None:
    made = run(
        *("users", "add", "nieuw", "--right", "coach", "--region", "demo", "--invite"),
        *("--email", "nieuw@example.org"),
    )
    assert made.exit_code == 0, made.stderr
    assert "account nieuw added: coach" in made.stderr
    assert "it goes out by mail too" in made.stderr
    again = run("users", "invite", "Nieuw")
    for secret, works in ((secret_in(made), False), (secret_in(again), True)):
        with opened_session() as session:
            account_id = accept_invitation(session, secret, password="een lange zin", now=now())
        assert (account_id is not None) is works
    with accounts() as (_session, known):
        assert known["nieuw"].email == "nieuw@example.org"
        assert known["nieuw"].has_password


def test_the_operator_confirms_or_refuses_what_the_only_admin_asked(run: Run, url: str) -> None:
    run("users", "add", "ada", "--right", "admin", "--no-password")
    run("users", "add", "coach", "--right", "coach", "--region", "demo", "--no-password")
    number = asked({"rights": ["coach", "lead"]}, "coach")

    listed = run("users", "changes")
    assert listed.stdout == f"{number}\tcoach\trights: coach,lead\tada\tNieuwe taak\n"
    done = run("users", "confirm", str(number))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"change {number} of coach is carried out\n"
    assert run("users", "changes").stdout == ""
    with accounts() as (_session, known):
        assert known["coach"].rights == {"coach", "lead"}

    second = asked({"is_active": False}, "coach")
    assert run("users", "refuse", str(second)).stderr == f"change {second} of coach is refused\n"
    with accounts() as (_session, known):
        assert known["coach"].is_active
    for number in (second, 999):
        refused = run("users", "confirm", str(number))
        assert refused.exit_code == 2
        assert len(refused.stderr.splitlines()) == 1


def test_confirming_a_new_account_prints_its_invitation(run: Run, url: str) -> None:
    run("users", "add", "ada", "--right", "admin", "--no-password")
    wanted = {"name": "bea", "rights": ["admin"], "email": "bea@example.org"}
    done = run("users", "confirm", str(asked(wanted, None)))
    with opened_session() as session:
        secret = secret_in(done)
        assert accept_invitation(session, secret, password="een lange zin", now=now()) is not None


def test_a_lost_telephone_is_forgotten(run: Run, url: str) -> None:
    run("users", "add", "ada", "--right", "admin", "--no-password")
    with accounts() as (session, known):
        account_id = known["ada"].id
        app = pyotp.TOTP(begin_enrolment(session, account_id, now=now()).secret)
        assert confirm_enrolment(session, account_id, app.at(now()), now=now()) is not None
    done = run("users", "reset-second-factor", "ada")
    assert done.exit_code == 0
    with opened_session() as session:
        assert not has_second_factor(session, account_id)


@pytest.mark.parametrize(
    "arguments",
    [
        ("users", "add", "x", "--right", "candidate", "--region", "demo", "--no-password"),
        ("users", "add", "x", "--right", "admin", "--no-password", "--invite"),
        ("users", "add", "x", "--right", "admin", "--no-password", "--email", "geen adres"),
        ("users", "invite", "niemand"),
        ("users", "confirm", "nul"),
        ("users", "confirm", "0"),
        ("users", "refuse", "12"),
    ],
)
def test_bad_usage_ends_with_two_and_changes_nothing(
    run: Run, url: str, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr
    with accounts() as (_session, known):
        assert known == {}
