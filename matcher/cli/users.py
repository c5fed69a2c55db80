"""users: accounts, made by whoever runs the server."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from matcher.cli.database import opened_session
from matcher.cli.options import now
from matcher.cli.output import tell

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from matcher.repositories.records import AccountRecord

RIGHTS = (
    "coach",
    "triager",
    "service_point",
    "lead",
    "contractor",
    "officer",
    "analyst",
    "candidate",
    "admin",
)


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
def add(
    name: str,
    rights: tuple[str, ...],
    region: str | None,
    organisation: str | None,
    language: str,
    password_stdin: bool,
    no_password: bool,
) -> None:
    """Add an account called NAME.

    The password is asked for, or read from standard input: on the command line others could read
    it.
    """
    from matcher.services.accounts import add_account

    if password_stdin and no_password:
        raise click.UsageError("choose --password-stdin or --no-password, not both")
    password = None if no_password else _password(password_stdin)
    with opened_session() as session:
        record = add_account(
            session,
            name=name,
            password=password,
            rights=rights,
            region=region,
            organisation=organisation,
            language=language,
            now=now(),
        )
    tell(f"account {record.name} added: {', '.join(sorted(record.rights))}")


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


def _set_active(name: str, is_active: bool) -> None:
    from matcher.services.accounts import set_active

    with opened_session() as session:
        account = _account(session, name)
        set_active(session, account.id, is_active, now=now())
    tell(f"account {account.name} is {'open' if is_active else 'closed'}")


def _accounts(session: Session) -> list[AccountRecord]:
    from matcher.domain.access import Right, Viewer
    from matcher.services.accounts import list_accounts

    return list_accounts(session, Viewer(account_id=None, rights=frozenset({Right.ADMIN})))


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
