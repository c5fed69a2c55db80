"""users: accounts, made by whoever runs the server."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from matcher.cli.database import opened_session
from matcher.cli.options import now
from matcher.cli.output import tell
from matcher.config import config_class

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from matcher.domain.access import Viewer
    from matcher.repositories.records import AccountRecord

RIGHTS = (
    "coach",
    "triager",
    "service_point",
    "lead",
    "contractor",
    "officer",
    "analyst",
    "admin",
)
"""All but *candidate*: a candidate gets a link and a code from the coach."""


@click.group(
    epilog="\b\nExample:\n  matcher users add coach@example.org --right coach --region demo"
)
def users() -> None:
    """Accounts of people and machines."""


@users.command(
    epilog="\b\nExample:\n  matcher users add coach@example.org --right coach --right triager "
    "--region demo"
)
@click.argument("name")
@click.option(
    "--right",
    "rights",
    multiple=True,
    required=True,
    type=click.Choice(RIGHTS),
    help="What the account may be used for; can be given several times.",
)
@click.option("--region", metavar="SLUG", help="Its labour-market region; all but admin need one.")
@click.option("--organisation", metavar="NAME", help="Its firm; a contractor needs one.")
@click.option("--email", metavar="ADDRESS", help="Where links and notices go.")
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="nl",
    show_default=True,
    help="Language of its pages.",
)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from the first line of standard input instead of asking for it.",
)
@click.option("--no-password", is_flag=True, help="No sign-in; the account is for tokens only.")
@click.option(
    "--invite",
    "is_invited",
    is_flag=True,
    help="No password yet: print a link with which its owner chooses one, and mail it if possible.",
)
def add(
    name: str,
    rights: tuple[str, ...],
    region: str | None,
    organisation: str | None,
    email: str | None,
    language: str,
    password_stdin: bool,
    no_password: bool,
    is_invited: bool,
) -> None:
    """Add an account called NAME, at once: whoever runs the server needs nobody to confirm it.

    The password is asked for, or read from standard input: on the command line others could read
    it.
    """
    from matcher.services.accounts import add_account

    if password_stdin + no_password + is_invited > 1:
        raise click.UsageError("choose one of --password-stdin, --no-password and --invite")
    password = None if no_password or is_invited else _password(password_stdin)
    with opened_session() as session:
        record = add_account(
            session,
            name=name,
            password=password,
            rights=rights,
            region=region,
            organisation=organisation,
            email=email,
            language=language,
            now=now(),
        )
        tell(f"account {record.name} added: {', '.join(sorted(record.rights))}")
        if is_invited:
            _invite(session, record)


@users.command("list", epilog="\b\nExample:\n  matcher users list")
def list_users() -> None:
    """Every account with its rights and region, a line each."""
    with opened_session() as session:
        for record in _accounts(session):
            state = "" if record.is_active else "\tclosed"
            rights = ",".join(sorted(record.rights))
            click.echo(f"{record.name}\t{rights}\t{record.region or '-'}{state}")


@users.command(
    epilog="\b\nExample:\n  matcher users token koppeling --title 'client system' --right coach "
    "--days 90"
)
@click.argument("name")
@click.option("--title", required=True, help="What the token is for.")
@click.option(
    "--right",
    "rights",
    multiple=True,
    required=True,
    type=click.Choice(RIGHTS),
    help="What the token may be used for, within the rights of the account.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=90,
    show_default=True,
    help="How long it can be used.",
)
def token(name: str, title: str, rights: tuple[str, ...], days: int) -> None:
    """Make a bearer token for the account NAME; it is shown once, on standard output."""
    from matcher.services.accounts import create_token

    with opened_session() as session:
        account = _account(session, name)
        lifetime = timedelta(days=days)
        record, secret = create_token(
            session, account.id, title=title, scopes=rights, lifetime=lifetime, now=now()
        )
    click.echo(secret)
    tell(f"token {record.prefix} of {account.name}, until {record.expires_at.date()}")


@users.command(epilog="\b\nExample:\n  matcher users password coach@example.org")
@click.argument("name")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from the first line of standard input instead of asking for it.",
)
def password(name: str, password_stdin: bool) -> None:
    """Give the account NAME another password."""
    from matcher.services.accounts import set_password

    with opened_session() as session:
        account = _account(session, name)
        set_password(session, account.id, _password(password_stdin), now=now())
    tell(f"account {account.name} has another password")


@users.command(epilog="\b\nExample:\n  matcher users close coach@example.org")
@click.argument("name")
def close(name: str) -> None:
    """Close the account NAME; its sessions and tokens end at once."""
    _set_active(name, False)


@users.command(epilog="\b\nExample:\n  matcher users reopen coach@example.org")
@click.argument("name")
def reopen(name: str) -> None:
    """Open the account NAME again."""
    _set_active(name, True)


@users.command(epilog="\b\nExample:\n  matcher users invite coach@example.org")
@click.argument("name")
def invite(name: str) -> None:
    """Print a link with which the owner of NAME chooses a password; it works once, for a week."""
    with opened_session() as session:
        _invite(session, _account(session, name))


def _invite(session: Session, account: AccountRecord) -> None:
    from matcher.services.mail_links import invite

    given = invite(session, account.id, created_by=None, now=now())
    click.echo(f"{_public_url()}{given.address_path}")
    mailed = "; it goes out by mail too" if given.is_mailed else ""
    tell(f"invitation of {account.name}, until {given.expires_at.date()}{mailed}")


def _public_url() -> str:
    """Where this service is found, as the settings say."""
    return os.environ.get("MATCHER_PUBLIC_URL", config_class().PUBLIC_URL).rstrip("/")


@users.command(epilog="\b\nExample:\n  matcher users changes")
def changes() -> None:
    """What admins asked for and nobody confirmed yet, a line each: number, account, what, why."""
    from matcher.services.rights_changes import list_open_changes

    with opened_session() as session:
        for change in list_open_changes(session, _operator()):
            wanted = "; ".join(f"{name}: {_text(value)}" for name, value in change.wanted.items())
            asked_by = change.asked_by_name or "-"
            click.echo(f"{change.id}\t{change.account_name}\t{wanted}\t{asked_by}\t{change.why}")


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


@users.command(epilog="\b\nExample:\n  matcher users confirm 3")
@click.argument("number", type=click.IntRange(1))
def confirm(number: int) -> None:
    """Carry out the change NUMBER that an admin asked for.

    This is the second pair of eyes where there is one admin; `matcher users changes` lists them.
    """
    from matcher.services.rights_changes import confirm_change

    with opened_session() as session:
        done = confirm_change(session, _operator(), number, now=now())
        tell(f"change {number} of {done.change.account_name} is carried out")
        if done.invitation is not None:
            click.echo(f"{_public_url()}{done.invitation.address_path}")


@users.command(epilog="\b\nExample:\n  matcher users refuse 3")
@click.argument("number", type=click.IntRange(1))
def refuse(number: int) -> None:
    """Say no to the change NUMBER; everything stays as it is."""
    from matcher.services.rights_changes import refuse_change

    with opened_session() as session:
        change = refuse_change(session, _operator(), number, now=now())
    tell(f"change {number} of {change.account_name} is refused")


@users.command(
    "reset-second-factor", epilog="\b\nExample:\n  matcher users reset-second-factor ada"
)
@click.argument("name")
def reset_second_factor(name: str) -> None:
    """Take the second factor of NAME away: its telephone and recovery codes are lost."""
    from matcher.services.second_factor import take_away
    from matcher.services.sessions import end_all_sessions

    with opened_session() as session:
        account = _account(session, name)
        take_away(session, account.id, now=now())
        end_all_sessions(session, account.id, now=now())
    tell(f"account {account.name} sets up a second factor when it signs in")


def _operator() -> Viewer:
    """Whoever runs the server, at work on accounts."""
    from matcher.domain.access import Right, Viewer

    return Viewer(account_id=None, rights=frozenset({Right.ADMIN}))


def _set_active(name: str, is_active: bool) -> None:
    from matcher.services.accounts import set_active

    with opened_session() as session:
        account = _account(session, name)
        set_active(session, account.id, is_active, now=now())
    tell(f"account {account.name} is {'open' if is_active else 'closed'}")


def _accounts(session: Session) -> list[AccountRecord]:
    from matcher.services.accounts import list_accounts

    return list_accounts(session, _operator())


def _account(session: Session, name: str) -> AccountRecord:
    """The account called `name`; NotFound when there is none."""
    from matcher.domain.errors import NotFound

    for record in _accounts(session):
        if record.name == name.strip().casefold():
            return record
    raise NotFound("account")


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt(
        "Password (12 characters or more)", hide_input=True, confirmation_prompt=True, err=True
    )
    return password
