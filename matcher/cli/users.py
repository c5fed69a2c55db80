"""users: accounts, made by whoever runs the server."""

from __future__ import annotations

import sys

import click

from matcher.cli.database import opened_session
from matcher.cli.options import now
from matcher.cli.output import tell

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


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt(
        "Password (12 characters or more)", hide_input=True, confirmation_prompt=True, err=True
    )
    return password
